"""Departments share out doctors and beds: everybody one, and nobody made or lost."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import County
from sim.place.departments import share_out
from tests.sim.county_worlds import county


@pytest.fixture(scope="module")
def fresh() -> County:
    return county(days=1)


@pytest.mark.parametrize(
    ("total", "pools", "parts"),
    [
        (10, [0, 1, 2], [4, 3, 3]),
        (4, [0, 1, 2], [2, 1, 1]),
        (3, [0, 1, 2], [1, 1, 1]),
        (2, [0, 1, 1], [1, 1]),
        (1, [0, 0, 0], [1]),
        (0.3, [0, 0, 0], [1]),
    ],
)
def test_departments_too_small_for_one_of_their_own_share_one(total: float, pools: list[int], parts: list[int]) -> None:
    pool, servers = share_out(total, np.array([0.4, 0.3, 0.3]))
    assert (pool.tolist(), servers.tolist()) == (pools, parts)


@given(st.integers(1, 300), st.lists(st.floats(0.0, 1.0), min_size=1, max_size=12).filter(lambda shares: sum(shares) > 0.1))
def test_as_many_are_shared_out_as_there_are(total: int, shares: list[float]) -> None:
    pool, servers = share_out(total, np.array(shares))
    assert servers.sum() == total
    assert np.all(servers >= 1)
    assert set(pool.tolist()) == set(range(len(servers)))


def test_departments_of_a_facility_divide_its_doctors_and_beds(fresh: County) -> None:
    facilities, full = fresh.place.facilities, county(days=1, scale=1.0)
    for part, amount in ((full.outpatients, None), (full.inpatients, facilities.beds)):
        stations = part.departments
        inside = facilities.in_county[stations.owner]
        assert np.all(stations.servers[inside] >= 1)
        assert np.all(stations.servers[~inside] == 0)
        if amount is not None:
            held = np.bincount(stations.owner, stations.servers, len(facilities.names))
            assert np.array_equal(held[facilities.in_county], facilities.beds[facilities.in_county])


def test_each_condition_has_one_department_at_every_facility_that_serves_it(fresh: County) -> None:
    for departments in (fresh.outpatients.departments, fresh.inpatients.departments):
        facility, _ = np.nonzero(departments.station >= 0)
        assert np.array_equal(departments.owner[departments.station[departments.station >= 0]], facility)
        assert set(departments.station[departments.station >= 0].tolist()) == set(range(len(departments.servers)))
        assert len(set(departments.names)) == len(departments.names) == len(departments.servers)
    assert np.all(fresh.inpatients.departments.station[fresh.place.facilities.beds == 0] == -1)
