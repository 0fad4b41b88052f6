"""A scenario that contradicts itself is refused, each contradiction at its place."""

from pathlib import Path

import pytest

from sim.language.messages import UserError
from sim.loading import load
from sim.scenario.merging import shipped_tables

HEAD = "name: mine\nextends: lujiang-2020\nsource: assumed\n"


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def keys(text: str, measures: tuple[str, ...] | None = None) -> list[tuple[str, str]]:
    """Give key and place of each fault."""
    Path("mine.yaml").write_text(HEAD + text, encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load("mine.yaml", (), measures)
    return [(fault.key, fault.place) for fault in caught.value.faults]


def changed(name: str, old: str, new: str) -> None:
    """Put a changed copy of a table of the package beside the scenario."""
    text = shipped_tables()[name].read_text(encoding="utf-8")
    assert old in text
    Path(name).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_empty_county_is_refused() -> None:
    assert keys("population: {residents: 0}\n") == [("check.empty_county", "mine.yaml:4: population.residents")]


def test_no_more_people_live_there_than_are_registered() -> None:
    assert keys("population: {residents: 1300000}\n") == [("check.more_residents", "mine.yaml:4: population.residents")]


def test_groups_name_towns_and_hospitals_that_exist_once_each() -> None:
    text = (
        "groups:\n  people: {lead: lujiang_peple, towns: [nihe, lucheng, nowhere]}\n  tcm: {lead: baihu_township, towns: [nihe, tangchi]}\n"
    )
    assert keys(text) == [
        ("check.no_lead", "mine.yaml:5: groups.people.lead"),
        ("check.no_town", "mine.yaml:5: groups.people.towns.2"),
        ("check.no_lead", "mine.yaml:6: groups.tcm.lead"),
        ("check.town_twice", "mine.yaml:6: groups.tcm.towns.0"),
    ]


def test_what_ends_begins_before() -> None:
    text = """mechanisms: {referral_rules: {from: 2020-03-01, until: 2020-03-01}}
shocks: [{from: 2020-03-01, until: 2020-02-01, need: 0.5}]
care: {opening: {county: {from: 17:30, to: 08:00}}}
"""
    assert keys(text) == [
        ("check.ends_first", "mine.yaml:4: mechanisms.referral_rules.until"),
        ("check.ends_first", "mine.yaml:5: shocks.0.until"),
        ("check.closed", "mine.yaml:6: care.opening.county.to"),
    ]


def test_the_schedule_has_a_cell_wherever_there_are_facilities() -> None:
    text = "insurance: {residents: {inpatient: {grade_2: {in_county: null}}, outpatient: {grade_3_municipal: {outside: null}}}}\n"
    assert [place.split(": ")[1] for _, place in keys(text)] == [
        "insurance.residents.outpatient.grade_3_municipal.outside",
        "insurance.residents.inpatient.grade_2.in_county",
    ]


def test_a_hospital_that_will_be_raised_needs_its_cell_too() -> None:
    text = "insurance: {elsewhere: {inpatient: {grade_3_municipal: {in_county: null}}}}\n"
    assert [key for key, _ in keys(text)] == ["check.no_cell"]


def test_the_bands_of_critical_illness_rise_and_the_last_is_open() -> None:
    bands = "insurance: {%s: {critical_illness: {bands: [%s]}}}\n"
    rising = bands % ("residents", "{up_to: 50 yuan, fund_share: 1 %}, {up_to: 40 yuan, fund_share: 2 %}, {fund_share: 3 %}")
    closed = bands % ("employees", "{up_to: 50 yuan, fund_share: 1 %}")
    assert [key for key, _ in keys(rising)] == ["check.bands_order"]
    assert [key for key, _ in keys(closed)] == ["check.bands_open"]


def test_visits_paid_like_stays_are_of_groups_of_the_case_mix() -> None:
    text = "insurance: {residents: {special_chronic: [cancer_new, cancer_old]}}\n"
    assert keys(text) == [("check.no_group", "mine.yaml:4: insurance.residents.special_chronic.1")]


def test_goals_name_measures_that_exist() -> None:
    text = "targets: {in_county_share: {goal: 90 %, tolerance: 1 pp, by: 2020-12-31}}\n"
    names = ("in_county_admission_share_insured", "primary_visit_share_ex_village")
    assert keys(text, names) == [("check.no_measure", "mine.yaml:4: targets.in_county_share")]


def test_the_ages_sum_to_one_without_gaps() -> None:
    changed("lujiang_ages.csv", "0,4,0.054", "0,3,0.154")
    assert keys("population: {ages: lujiang_ages.csv}\n") == [
        ("check.ages_sum", "lujiang_ages.csv"),
        ("check.ages_gap", "lujiang_ages.csv"),
    ]


def test_rows_stand_in_towns_that_exist() -> None:
    changed("lujiang_villages.csv", ",baihu,", ",baihoo,")
    assert keys("population: {villages: lujiang_villages.csv}\n") == [("check.no_town", "lujiang_villages.csv: baihu_01")]


def test_departments_serve_groups_of_the_case_mix_and_share_out_all_doctors() -> None:
    text = shipped_tables()["departments.csv"].read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if not line.startswith("rehabilitation")]
    Path("departments.csv").write_text("\n".join(rows).replace(",ami;", ",amy;", 1) + "\n", encoding="utf-8")
    found = keys("places: {departments: departments.csv}\n")
    assert ("check.no_group", "departments.csv: county_general cardiology") in found
    assert ("check.no_department", "departments.csv") in found


def test_the_catalogue_lists_every_group_once_and_no_other() -> None:
    changed("catalogue.csv", "hypertension;", "hypertention;urti;")
    assert keys("referral: {catalogue: catalogue.csv}\n") == [
        ("check.no_group", "catalogue.csv: cardiology"),
        ("check.listed_twice", "catalogue.csv: cardiology"),
    ]


def test_a_grade_is_given_to_a_facility_that_exists() -> None:
    text = "places: {grades: [{facility: lujiang_peple, grade: grade_2, from: 2020-10-10}]}\n"
    assert keys(text) == [("check.no_facility", "mine.yaml:4: places.grades.0.facility")]
