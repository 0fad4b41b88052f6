"""Residents as agents: everybody's home and place are nodes of the grid, told for one or for all, in a ward or not."""

import numpy as np
import pytest

from sim import County, Resident, load
from sim.care.wards import IN_WARD

DAYS = 4
SCALE = 0.02


@pytest.fixture(scope="module")
def county() -> County:
    return County(load("lujiang-2020", [f"period.days={DAYS}", "period.run_in_days=10"]), seed=4, scale=SCALE)


def test_who_is_in_a_ward_is_at_the_hospitals_node_after_every_step_and_all_others_at_home(county: County) -> None:
    residents, node_of = county.agents_by_type[Resident], county.place.facilities.node
    for _ in range(DAYS):
        county.step()
        beds, places, homes = county.inpatients.in_beds, residents.get("place"), residents.get("home")
        lying, facility = (getattr(beds, name)[: beds.count[0]] for name in ("resident", "facility"))
        nodes: dict[int, set[str]] = {}
        for resident, hospital in zip(lying.tolist(), facility.tolist(), strict=True):
            nodes.setdefault(resident, set()).add(county.nodes[node_of[hospital]])
        in_ward = np.flatnonzero(county.people.state == IN_WARD)
        assert len(in_ward) > 20 and set(in_ward.tolist()) == set(nodes)
        assert all(places[resident] in at for resident, at in nodes.items())
        elsewhere = np.setdiff1d(np.arange(len(residents)), in_ward)
        assert np.array_equal(places[elsewhere], homes[elsewhere])
        assert (places[in_ward] != homes[in_ward]).any()


def test_the_arrays_hold_nodes_of_the_graph_as_views_tell_them(county: County) -> None:
    residents = county.agents_by_type[Resident]
    places, homes = residents.get("place"), residents.get("home")
    assert places.shape == homes.shape == (len(residents),)
    assert set(places) | set(homes) <= set(county.grid)
    for row in (0, len(residents) - 1, *np.flatnonzero(county.people.state == IN_WARD)[:5].tolist()):
        assert (residents[row].place, residents[row].home) == (places[row], homes[row])


def test_residents_are_chosen_and_grouped_by_nodes(county: County) -> None:
    residents = county.agents_by_type[Resident]
    hospitals = {county.nodes[node] for node in county.place.facilities.node[county.place.facilities.of_kind("county_general")]}
    homes, places = residents.get("home"), residents.get("place")
    there = residents.select(residents.isin("place", hospitals))
    assert len(there) > 0 and there.rows.tolist() == [row for row, place in enumerate(places) if place in hospitals]
    counted = residents.groupby("home").count()
    assert counted == {home: int((homes == home).sum()) for home in set(homes)}
    assert sum(counted.values()) == len(residents)
