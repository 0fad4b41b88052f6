"""Beds and doctors a scenario adds: they stand beside the table's, in every place that is put together, and move nobody."""

from pathlib import Path

import numpy as np
import pytest

from experiments.comparing.compare import share_luck
from experiments.running.one import observed
from sim.loading import load
from sim.place.place import assemble
from sim.scenario.scenario import Scenario

BASE = "lujiang-2020"
SET = "places.added={lujiang_people: {beds: 130, doctors: 7}, nihe_township: {beds: 5}}"


def placed(scenario: Scenario, facility: str) -> tuple[int, int]:
    house = assemble(scenario, scenario.tables).facilities
    return int(house.beds[house.row(facility)]), int(house.doctors[house.row(facility)])


def test_what_is_added_stands_in_the_tables_and_in_the_place_though_another_was_put_together_before() -> None:
    before, more = load(BASE), load(BASE, (SET,))
    beds, doctors = placed(before, "lujiang_people")
    assert placed(more, "lujiang_people") == (beds + 130, doctors + 7)
    assert placed(before, "lujiang_people") == (beds, doctors)
    assert sum(row.beds for row in more.tables.facilities) == sum(row.beds for row in before.tables.facilities) + 135


def test_people_keep_their_luck_and_what_was_fitted_stays_fitted_here() -> None:
    before, more = load(BASE), load(BASE, (SET,))
    assert share_luck(before, more)
    assert more.fitted_elsewhere == before.fitted_elsewhere
    assert more.decisive() != before.decisive()
    assert not share_luck(before, load(BASE, ("places.outside_bed_wait.municipal=9 d",)))


def test_adding_nothing_is_the_scenario_as_it_is() -> None:
    none = load(BASE, ("places.added={lujiang_people: {beds: 0}}",))
    one, two = (assemble(scenario, scenario.tables) for scenario in (load(BASE), none))
    assert np.array_equal(one.facilities.beds, two.facilities.beds)
    assert np.array_equal(one.facilities.doctors, two.facilities.doctors)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("lujiang_peple: {beds: 10}", "did you mean 'lujiang_people'"),
        ("hefei_provincial: {beds: 10}", "outside the county"),
        ("lujiang_people: {beds: -1}", "beds"),
        ("lujiang_people: {rooms: 1}", "rooms"),
        ("nihe_01_clinic: {beds: 4}", "no department of theirs has a ward"),
    ],
)
def test_what_cannot_be_added_is_refused_in_words(said: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(Exception, match=told):
        load(BASE, (f"places.added={{{said}}}",))


def test_no_dated_change_can_add() -> None:
    with pytest.raises(Exception, match=r"places\.added"):
        load(BASE, ('changes=[{from: "2020-06-01", set: {places.added: {lujiang_people: {beds: 10}}}}]',))


def test_beds_added_where_people_wait_shorten_the_wait_and_draw_more_of_them() -> None:
    short = ("period.days=60", "period.run_in_days=28")
    more = (*short, "places.added={lujiang_people: {beds: 1300}}")
    seen = (observed(load(BASE, said), 1, 0.05, ("facilities",)).tables["facilities"].to_pylist() for said in (short, more))
    one, two = (next(row for row in rows if row["facility"] == "lujiang_people") for rows in seen)
    assert two["beds"] == pytest.approx(2 * one["beds"], rel=0.05)
    assert two["mean_bed_wait_days"] < one["mean_bed_wait_days"]
    assert two["bed_occupancy"] < one["bed_occupancy"]
    assert two["admissions"] > one["admissions"]
