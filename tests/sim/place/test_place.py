"""Place: tables whose order and names do not matter, departments that share out doctors and beds, and who is an option for whom."""

import csv
import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from results.outcomes import measures
from sim import County, load
from sim.place import place
from sim.place.place import MOST_KEPT, assemble
from sim.scenario.merging import shipped_tables
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
    other = assemble(scenario, scenario.tables)
    assert other.facilities.names == fresh.place.facilities.names
    assert np.array_equal(other.option, fresh.place.option)
    assert np.array_equal(other.minutes, fresh.place.minutes)


def test_a_process_keeps_the_places_used_last_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[str, place.Place] = {}
    monkeypatch.setattr(place, "_kept", kept)
    first = load("lujiang-2020")
    ours = assemble(first, first.tables)
    for number in range(MOST_KEPT):
        folder = tmp_path / str(number)
        folder.mkdir()
        other = load("lujiang-2020", [rewritten(folder, lambda rows, number=number: [{**rows[0], "doctors": str(number + 2)}, *rows[1:]])])
        assemble(other, other.tables)
        if number == 0:
            assert assemble(first, first.tables) is ours
    assert len(kept) == MOST_KEPT
    assert assemble(first, first.tables) is ours
