"""The plane of a county: true distances, and nobody on it who lives elsewhere."""

import math
from typing import NamedTuple

import pytest

from results.plane import Plane, inside, spots
from sim import load


class Spot(NamedTuple):
    """A place on the globe."""

    latitude: float
    longitude: float


def test_north_is_up_and_a_degree_is_a_hundred_and_eleven_kilometres() -> None:
    east, south = Plane(31.0, 117.0).at(Spot(32.0, 117.0))
    assert (east, south) == pytest.approx((0.0, -111.2))
    assert Plane(31.0, 117.0).at(Spot(31.0, 118.0))[0] == pytest.approx(111.2 * math.cos(math.radians(31)))


def test_towns_and_villages_of_the_county_lie_on_it_and_where_migrants_live_does_not() -> None:
    tables = load("lujiang-2018").tables
    found = spots(tables, Plane(31.3, 117.3))
    assert len(found) == len(list(inside(tables))) == len(tables.towns) + len(tables.villages) - 1
    assert "elsewhere" not in found
    assert max(math.hypot(*spot) for spot in found.values()) < 60.0
