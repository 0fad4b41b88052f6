"""The tables of Lujiang agree with what is published, with each other, and with the script that made part of them."""

import csv
import math
import shutil
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from scenarios.making import make_villages
from sim.loading import load
from sim.place.grid import Grid, read_grid
from sim.place.place import assemble
from sim.scenario.merging import shipped_tables

KEYS = {
    "lujiang_towns": ("town",),
    "lujiang_villages": ("village",),
    "lujiang_ages": ("age_from",),
    "lujiang_facilities": ("facility",),
    "lujiang_roads": ("from", "to"),
    "departments": ("kind", "department"),
    "catalogue": ("specialty",),
    "case_mix": ("group",),
}
MINUTES = {
    "baihu": (37, 86),
    "baishan": (50, 66),
    "fanshan": (53, 108),
    "guohe": (52, 68),
    "jinniu": (37, 74),
    "ketan": (28, 94),
    "leqiao": (40, 103),
    "longqiao": (46, 102),
    "lucheng": (5, 87),
    "luohe": (60, 115),
    "nihe": (35, 102),
    "shengqiao": (57, 71),
    "shitou": (30, 74),
    "tangchi": (42, 87),
    "tongda": (53, 61),
    "wanshan": (24, 83),
    "yefushan": (22, 83),
}
"""Minutes from each town to the county seat (straight line x 1.35 at 40 km/h and 5 minutes) and to the tertiary hospitals of Hefei
(straight line x 1.25 at 70 km/h and 15 minutes), both estimated."""
TCM_TOWNS = {"tangchi", "jinniu", "shengqiao", "baishan", "yefushan", "wanshan", "guohe"}
WITHOUT_BEDS = {"village_clinic", "private_clinic", "elsewhere_clinic"}


def table(name: str) -> list[dict[str, str]]:
    with shipped_tables()[f"{name}.csv"].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def total(name: str, column: str, **only: str) -> float:
    return math.fsum(float(row[column]) for row in table(name) if all(row[key] == word for key, word in only.items()))


@pytest.fixture(scope="module")
def grid() -> Grid:
    homes = {row["village"]: row["village"] for row in table("lujiang_villages")}
    facilities = {row["facility"]: row["node"] for row in table("lujiang_facilities")}
    return read_grid(shipped_tables()["lujiang_roads.csv"], homes, facilities)


@pytest.mark.parametrize("name", KEYS)
def test_every_row_names_its_source_and_how_sure_it_is(name: str) -> None:
    assert all(row["source"].strip() and row["confidence"] in {"high", "medium", "low"} for row in table(name))


@pytest.mark.parametrize("name", KEYS)
def test_no_key_occurs_twice(name: str) -> None:
    keys = [tuple(row[key] for key in KEYS[name]) for row in table(name)]
    assert len(keys) == len(set(keys)) > 0


@pytest.mark.parametrize("name", ["lujiang_towns", "lujiang_villages", "lujiang_facilities", "lujiang_roads", "departments"])
def test_rows_are_sorted_with_the_homes_elsewhere_last(name: str) -> None:
    keys = [(row.get("kind") == "elsewhere", *(row[key] for key in KEYS[name])) for row in table(name)]
    assert keys == sorted(keys)


def test_towns_add_up_to_the_county_within_a_thousandth() -> None:
    assert total("lujiang_towns", "residents") == pytest.approx(888_238, rel=1e-3)
    assert total("lujiang_towns", "registered") == pytest.approx(1_200_305, rel=1e-3)


def test_the_two_groups_have_ten_and_seven_towns() -> None:
    groups = {row["town"]: row["group"] for row in table("lujiang_towns")}
    assert {town for town, group in groups.items() if group == "tcm"} == TCM_TOWNS
    assert Counter(groups.values()) == {"people": 10, "tcm": 7}


def test_age_shares_cover_every_age_once_and_sum_to_one() -> None:
    rows = table("lujiang_ages")
    assert math.fsum(float(row["share"]) for row in rows) == pytest.approx(1, abs=1e-9)
    assert [int(row["age_from"]) for row in rows[1:]] == [int(row["age_to"]) + 1 for row in rows[:-1]]


def test_there_are_180_villages_and_50_communities_and_149_of_them_in_the_people_s_group() -> None:
    villages = table("lujiang_villages")
    assert Counter(row["kind"] for row in villages) == {"village": 180, "community": 50, "elsewhere": 1}
    groups = {row["town"]: row["group"] for row in table("lujiang_towns")}
    assert sum(groups.get(row["town"]) == "people" for row in villages) == 149


def test_no_village_lies_nearer_to_another_town_than_to_its_own() -> None:
    towns = table("lujiang_towns")
    for row in table("lujiang_villages"):
        if row["town"]:
            assert min(towns, key=lambda town, row=row: make_villages.kilometres(row, town))["town"] == row["town"], row["village"]


def test_every_town_has_villages_whose_weights_are_positive() -> None:
    villages = table("lujiang_villages")
    assert {row["town"] for row in villages} - {""} == {row["town"] for row in table("lujiang_towns")}
    assert all(float(row["weight"]) > 0 for row in villages)


def test_roads_reproduce_the_minutes_of_every_town_within_a_fifth(grid: Grid) -> None:
    published = np.array(list(MINUTES.values()))
    assert np.abs(grid.minutes(list(MINUTES), ["lucheng", "hefei"]) / published - 1).max() <= 0.2


def test_migrants_are_about_five_hours_away(grid: Grid) -> None:
    assert grid.minutes(["elsewhere"], ["lucheng", "hefei"]).min() >= 300


def test_every_village_has_a_clinic_a_township_of_its_own_and_two_more_within_an_hour_and_a_half() -> None:
    scenario = load("lujiang-2020")
    place = assemble(scenario, scenario.tables)
    township, _, other, clinic = place.option[:-1, :4].T
    assert np.array_equal(np.sort(clinic), np.flatnonzero(place.facilities.of_kind("village_clinic")))
    rows = np.arange(len(place.villages) - 1)
    assert place.minutes[rows, township].max() < 45
    assert place.minutes[rows, other].max() < 90


def test_facilities_stand_at_known_nodes_in_known_towns(grid: Grid) -> None:
    towns = {row["town"] for row in table("lujiang_towns")}
    for row in table("lujiang_facilities"):
        assert row["node"] in grid.nodes
        assert (row["town"] in towns) == (row["place"] == "in_county"), row["facility"]


def test_doctors_and_beds_agree_with_what_is_known_of_the_county() -> None:
    assert total("lujiang_facilities", "doctors", kind="village_clinic") == 500
    assert total("lujiang_facilities", "beds", kind="township") == 1100
    assert total("lujiang_facilities", "doctors", kind="township") == pytest.approx(17 * 22, rel=0.02)
    other = total("lujiang_facilities", "beds", kind="private_hospital") + total("lujiang_facilities", "beds", kind="maternal_child")
    assert other == 600
    physicians = total("lujiang_facilities", "doctors", tier="county") + total("lujiang_facilities", "doctors", kind="township")
    assert physicians == pytest.approx(1400, rel=0.15)


def test_every_village_clinic_has_one_to_three_doctors_and_every_township_treats_fifty_diseases() -> None:
    facilities = table("lujiang_facilities")
    assert {row["doctors"] for row in facilities if row["kind"] == "village_clinic"} <= {"1", "2", "3"}
    assert all(50 <= int(row["treatable"]) <= 100 for row in facilities if row["kind"] == "township")


def test_beds_stand_only_where_departments_have_wards() -> None:
    wards = {row["kind"]: row["ward"] for row in table("departments")}
    assert all((int(row["beds"]) > 0) == (wards[row["kind"]] == "true") for row in table("lujiang_facilities"))


@pytest.mark.parametrize("kind", sorted({row["kind"] for row in table("lujiang_facilities")}))
def test_every_condition_group_has_one_department(kind: str) -> None:
    served = [group for row in table("departments") if row["kind"] == kind for group in row["groups"].split(";")]
    assert sorted(served) == sorted(row["group"] for row in table("case_mix"))


@pytest.mark.parametrize("kind", sorted({row["kind"] for row in table("departments")}))
def test_department_shares_sum_to_one_and_wards_have_beds(kind: str) -> None:
    rows = [row for row in table("departments") if row["kind"] == kind]
    assert math.fsum(float(row["doctor_share"]) for row in rows) == pytest.approx(1, abs=1e-9)
    assert math.fsum(float(row["bed_share"]) for row in rows) == pytest.approx(float(kind not in WITHOUT_BEDS), abs=1e-9)
    assert all((float(row["bed_share"]) > 0) == (row["ward"] == "true") for row in rows)


def expected_visits(levels: dict[str, float]) -> dict[str, float]:
    """Visits a head of each condition group, by the share of each level of need that comes to a tier of facility."""
    bands = ["0_4", "5_14", "15_44", "45_64", "65_up"]
    ages = [float(row["share"]) for row in table("lujiang_ages")]
    return {
        row["group"]: levels[row["outpatient_level"]]
        * float(row["visits_per_episode"])
        * sum(age * float(row[f"per_1000_age_{band}"]) / 1000 for age, band in zip(ages, bands, strict=True))
        for row in table("case_mix")
    }


@pytest.mark.parametrize(
    ("kind", "levels"),
    [
        ("county_general", {"1": 0.1, "2": 0.3, "3": 0.8, "4": 0.5, "5": 0.4}),
        ("county_tcm", {"1": 0.1, "2": 0.3, "3": 0.8, "4": 0.5, "5": 0.4}),
        ("private_hospital", {"1": 0.1, "2": 0.3, "3": 0.8, "4": 0.5, "5": 0.4}),
        ("township", {"1": 0.3, "2": 0.45, "3": 0.15, "4": 0.1, "5": 0.1}),
    ],
)
def test_no_department_has_twice_the_visits_a_doctor_of_the_whole(kind: str, levels: dict[str, float]) -> None:
    visits = expected_visits(levels)
    for row in table("departments"):
        if row["kind"] == kind:
            share = sum(visits[group] for group in row["groups"].split(";")) / sum(visits.values())
            assert share / float(row["doctor_share"]) < 2.0, row["department"]


def test_the_case_mix_gives_the_published_visits_and_admissions_a_head() -> None:
    everybody = dict.fromkeys("12345", 1.0)
    stays = {row["group"]: float(row["admissions_per_episode"]) / float(row["visits_per_episode"]) for row in table("case_mix")}
    visits = expected_visits(everybody)
    assert len(visits) == 32
    assert sum(visits.values()) == pytest.approx(5.17, rel=0.01)
    assert sum(visits[group] * stays[group] for group in visits) == pytest.approx(0.147, rel=0.01)


def test_the_script_makes_the_same_tables_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["lujiang_towns.csv", "lujiang_villages.csv", "lujiang_facilities.csv", "lujiang_roads.csv"]
    for name in names:
        shutil.copy(shipped_tables()[name], tmp_path / name)
    monkeypatch.setattr(make_villages, "FOLDER", tmp_path)
    make_villages.main()
    for name in names:
        assert (tmp_path / name).read_bytes() == shipped_tables()[name].read_bytes(), name
