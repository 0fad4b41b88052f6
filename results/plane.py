"""The plane on which a county is drawn: where its towns, villages and facilities lie, kilometres east and south of a middle."""

import math
from collections.abc import Iterator
from typing import NamedTuple, Protocol

from sim.scenario.tables import Tables, Town, Village

Point = tuple[float, float]
"""Kilometres east and south of the middle."""
KILOMETRES = 111.2
"""In a degree of latitude."""


class Located(Protocol):
    """Whatever has a place on the globe, in degrees."""

    @property
    def latitude(self) -> float: ...

    @property
    def longitude(self) -> float: ...


class Plane(NamedTuple):
    """The plane around a middle, in degrees; good to a part in a thousand over a county."""

    latitude: float
    longitude: float

    def at(self, one: Located) -> Point:
        """Put a place on the plane."""
        east = (one.longitude - self.longitude) * KILOMETRES * math.cos(math.radians(self.latitude))
        return east, (self.latitude - one.latitude) * KILOMETRES


def inside(tables: Tables) -> Iterator[Town | Village]:
    """Go through the towns and their villages; where migrants live is none of them."""
    yield from tables.towns
    towns = {town.town for town in tables.towns}
    yield from (village for village in tables.villages if village.town in towns)


def spots(tables: Tables, plane: Plane) -> dict[str, Point]:
    """Say where the towns and their villages lie, by the names they have on the roads."""
    return {one.town if isinstance(one, Town) else one.village: plane.at(one) for one in inside(tables)}
