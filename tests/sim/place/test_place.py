"""Place: tables whose order and names do not matter, departments that share out doctors and beds, and who is an option for whom."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from results.outcomes import measures
from sim import County, load
from sim.language.messages import UserError
from sim.place import place
from sim.scenario.merging import shipped_tables
from sim.words import NESTS, PLACES
from tests.sim.county_worlds import county, lived

NAMED = ("lujiang_people", "lujiang_tcm")
"""Facilities that the scenario speaks of by name."""
Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def fresh() -> County:
    return county(days=1)


def rewritten(folder: Path, change: Callable[[Rows], Rows]) -> str:
    """Write the facilities anew after a change; returns the setting that puts them in the place of ours."""
    with shipped_tables()["lujiang_facilities.csv"].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = folder / "facilities.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))
    return f"places.facilities={path}"


def renamed(rows: Rows) -> Rows:
    """Give every facility another name, which also puts them in another order."""
    return [row if row["facility"] in NAMED else {**row, "facility": f"f_{row['facility'][::-1]}"} for row in rows]


def test_the_order_of_the_facilities_changes_no_byte(tmp_path: Path) -> None:
    turned = lived([rewritten(tmp_path, lambda rows: rows[::-1])], days=20)
    assert json.dumps(measures(turned)) == json.dumps(measures(lived(days=20)))


def test_the_names_of_the_facilities_change_nothing_beyond_luck(tmp_path: Path) -> None:
    """Names key the luck of choice alone: shares differ by no more than those of two independent samples, within five spreads."""
    ours, theirs = measures(lived(days=20)), measures(lived([rewritten(tmp_path, renamed)], days=20))
    assert ours["mean_travel_minutes"] == theirs["mean_travel_minutes"]
    assert ours["visits"] != theirs["visits"]
    for name in (
        "primary_visit_share_all",
        "primary_visit_share_ex_village",
        "in_county_visit_share",
        "in_county_admission_share_registered",
    ):
        share, count = float(ours[name] or 0), float(ours[f"{name}__denominator"] or 0)
        assert abs(share - float(theirs[name] or 0)) < 5 * np.sqrt(2 * share * (1 - share) / count), name


def test_places_read_in_any_order_are_the_same_place(tmp_path: Path, fresh: County) -> None:
    scenario = load("lujiang-2020", [rewritten(tmp_path, lambda rows: rows[::-1])])
    other = place.assemble(scenario, scenario.tables)
    assert other.facilities.names == fresh.place.facilities.names
    assert np.array_equal(other.option, fresh.place.option)
    assert np.array_equal(other.minutes, fresh.place.minutes)


@pytest.mark.parametrize(("total", "parts"), [(10, [4, 3, 3]), (3, [1, 1, 1]), (1, [1, 1, 1]), (0, [1, 1, 1]), (4, [2, 1, 1])])
def test_every_department_has_one_and_the_rest_are_shared_out(total: int, parts: list[int]) -> None:
    assert place.share_out(total, np.array([0.4, 0.3, 0.3])).tolist() == parts


def test_departments_of_a_facility_divide_its_doctors_and_beds(fresh: County) -> None:
    house, full = fresh.place.facilities, county(days=1, scale=1.0)
    for part, amount in ((full.outpatients, None), (full.inpatients, house.beds)):
        layout = part.layout
        inside = house.in_county[layout.owner]
        assert np.all(layout.servers[inside] >= 1)
        assert np.all(layout.servers[~inside] == 0)
        if amount is not None:
            held = np.bincount(layout.owner, layout.servers, len(house.names))
            departments = np.bincount(layout.owner, minlength=len(house.names))
            assert np.array_equal(held[house.in_county], np.maximum(house.beds, departments)[house.in_county])


def test_each_condition_has_one_department_at_every_facility_that_serves_it(fresh: County) -> None:
    for layout in (fresh.outpatients.layout, fresh.inpatients.layout):
        facility, _ = np.nonzero(layout.station >= 0)
        assert np.array_equal(layout.owner[layout.station[layout.station >= 0]], facility)
        assert set(layout.station[layout.station >= 0].tolist()) == set(range(len(layout.servers)))
        assert len(set(layout.names)) == len(layout.names) == len(layout.servers)
    assert np.all(fresh.inpatients.layout.station[fresh.place.facilities.beds == 0] == -1)


def test_a_village_clinic_is_an_option_for_its_own_village_only(fresh: County) -> None:
    where = fresh.place
    clinics = np.flatnonzero(where.facilities.of_kind("village_clinic"))
    homes, slots = np.nonzero(np.isin(where.option, clinics))
    assert set(slots.tolist()) == {0}
    assert np.array_equal(where.facilities.node[where.option[homes, 0]], where.village_node[homes])
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
    assert np.array_equal(where.facilities.town[where.option[:-1, 1]], where.village_town[:-1])
    assert where.option[-1, 0] == where.option[-1, 1] == -1
    assert PLACES[where.facilities.place[where.option[-1, -1]]] == "outside"


def test_people_come_out_exactly_as_the_tables_say(fresh: County) -> None:
    makeup = place.makeup(fresh.plan, fresh.tables, fresh.place)
    assert makeup.heads.sum() == fresh.plan.population.registered
    assert makeup.heads[:-1].sum() == fresh.plan.population.residents
    assert makeup.migrant_heads.sum() == makeup.heads[-1]


def test_migrants_keep_the_share_of_candidates_that_they_use_here(fresh: County) -> None:
    rate = place.present_rate(fresh)
    assert rate[0, 1] / rate[0, 0] == pytest.approx(fresh.plan.population.migrants_use)
    assert rate[0, 0] == pytest.approx(1 / fresh.plan.illness.headroom)


def test_need_beyond_the_headroom_is_refused(fresh: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh.mechanisms[0], "need", lambda county: 1.2)
    with pytest.raises(UserError, match=r"illness\.headroom: 1\.1 .* 1\.2 times"):
        place.present_rate(fresh)
