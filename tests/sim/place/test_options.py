"""Options: who is considered by whom, in its nest and once."""

import numpy as np
import pytest

from sim import County
from sim.words import NESTS, OWN_TOWNSHIP, PLACES
from tests.sim.county_worlds import county


@pytest.fixture(scope="module")
def fresh() -> County:
    return county(days=1)


def test_a_village_clinic_is_an_option_for_its_own_village_only(fresh: County) -> None:
    where = fresh.place
    clinics = np.flatnonzero(where.facilities.of_kind("village_clinic"))
    homes, slots = np.nonzero(np.isin(where.option, clinics))
    assert set(slots.tolist()) == {where.nest_first[NESTS.index("village")]}
    assert np.array_equal(where.facilities.node[where.option[homes, slots]], where.village_node[homes])
    assert np.all(np.isfinite(where.minutes[:, clinics]).sum(axis=0) == 1)


def test_options_lie_in_their_nests_and_stand_once(fresh: County) -> None:
    where = fresh.place
    for nest in range(len(NESTS)):
        inside = where.option[:, where.nest_first[nest] : where.nest_first[nest + 1]]
        assert np.all(where.facilities.nest[inside[inside >= 0]] == nest)
    for row in where.option:
        offered = row[row >= 0]
        assert len(set(offered.tolist())) == len(offered) > 0


def test_the_own_township_is_that_of_the_town(fresh: County) -> None:
    where = fresh.place
    assert np.array_equal(where.facilities.town[where.option[:-1, OWN_TOWNSHIP]], where.village_town[:-1])
    assert where.option[-1, 0] == where.option[-1, where.nest_first[NESTS.index("village")]] == -1
    assert PLACES[where.facilities.place[where.option[-1, -1]]] == "outside"
