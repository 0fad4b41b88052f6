"""Facilities: what follows from their kinds and tiers."""

import numpy as np
import pytest

from sim import County
from sim.kinds import KINDS
from sim.words import APPEALS, NESTS, TIERS
from tests.sim.county_worlds import county


@pytest.fixture(scope="module")
def fresh() -> County:
    return county(days=1)


def test_every_facility_is_what_its_kind_says(fresh: County) -> None:
    facilities = fresh.place.facilities
    for row, kind in enumerate(KINDS[name] for name in facilities.kind):
        said = TIERS[facilities.tier[row]], APPEALS[facilities.appeal[row]], NESTS[facilities.nest[row]]
        assert said == (kind.tier, kind.option, kind.nest)


def test_a_facility_is_either_primary_or_a_hospital(fresh: County) -> None:
    facilities = fresh.place.facilities
    assert np.all(facilities.is_primary != facilities.is_hospital)
    assert np.all(facilities.is_primary[facilities.is_township])
    assert np.all(facilities.is_hospital[facilities.county_hospital])
    assert np.array_equal(facilities.county_hospital, facilities.in_county & facilities.is_hospital)
    assert {TIERS[tier] for tier in facilities.tier[facilities.is_primary]} == {"village", "clinic", "township"}


def test_the_highest_tiers_come_first_and_names_in_order_within(fresh: County) -> None:
    facilities = fresh.place.facilities
    order = [(-int(tier), name) for tier, name in zip(facilities.tier, facilities.names, strict=True)]
    assert order == sorted(order)
