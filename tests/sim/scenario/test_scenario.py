"""A scenario is read whole, checked whole, and reads back as itself."""

import datetime
import pickle
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from sim.language.messages import UserError
from sim.loading import load
from sim.reading.provenance import COMMAND_LINE, NEED_NO_SOURCE
from sim.reading.strict_yaml import Value, parse
from sim.scenario.merging import DATA_FIELDS, scenario_names, shipped_tables
from sim.scenario.scenario import Scenario

HEAD = "name: mine\nextends: lujiang-2020\n"
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def in_an_empty_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def mine(text: str, *changes: str) -> Scenario:
    """Read a scenario that extends lujiang-2020."""
    Path("mine.yaml").write_text(HEAD + text, encoding="utf-8")
    return load("mine.yaml", changes)


def faults(text: str, *changes: str) -> list[str]:
    """Give the lines with which a scenario is refused."""
    with pytest.raises(UserError) as caught:
        mine(text, *changes)
    return caught.value.text().splitlines()


@pytest.mark.parametrize("name", scenario_names())
def test_every_scenario_of_the_package_is_sound_and_reads_back_as_itself(name: str) -> None:
    scenario = load(name)
    Path("again.yaml").write_text(scenario.resolved(), encoding="utf-8")
    again = load("again.yaml")
    assert again == scenario
    assert again.resolved() == scenario.resolved()
    assert again.source_keys == scenario.source_keys
    assert again.fingerprint() == scenario.fingerprint()


@pytest.mark.parametrize("name", scenario_names())
def test_every_number_rests_on_something(name: str) -> None:
    scenario = load(name)
    tree = parse(scenario.resolved(), name, None)
    bare = {
        ".".join(path)
        for path, leaf in tree.leaves()
        if isinstance(leaf.content, int | float)
        and not isinstance(leaf.content, bool)
        and path[0] not in NEED_NO_SOURCE
        and path[-1] != "value"
    }
    assert bare <= set(scenario.sources)
    assert scenario.sources["insurance.unreferred_cut"].assumption
    assert not scenario.sources["population.residents"].assumption


def test_the_two_lujiangs_have_the_same_days_and_run_in() -> None:
    before, after = load("lujiang-2018"), load("lujiang-2020")
    assert (before.period.days, before.period.run_in_days) == (after.period.days, after.period.run_in_days)
    assert not before.groups
    assert {len(group.towns) for group in after.groups.values()} == {10, 7}


def test_a_scenario_cannot_be_changed() -> None:
    scenario = load("lujiang-2020")
    with pytest.raises(ValidationError):
        scenario.name = "other"  # type: ignore[misc]
    with pytest.raises(TypeError):
        scenario.mechanisms["x"] = scenario.mechanisms["family_doctor"]  # type: ignore[index]
    with pytest.raises(AttributeError):
        scenario.groups.lead = "x"  # type: ignore[attr-defined]


def test_a_scenario_goes_to_other_processes_as_itself() -> None:
    scenario = mine("", "insurance.unreferred_cut=20 pp")
    again = pickle.loads(pickle.dumps(scenario))
    assert again == scenario
    assert again.fingerprint() == scenario.fingerprint()


def test_a_child_changes_what_it_says_and_inherits_the_rest() -> None:
    base, child = load("lujiang-2020"), mine("insurance: {source: assumed, unreferred_cut: 20 pp}\n")
    assert child.insurance.unreferred_cut == 0.20
    assert child.insurance.residents == base.insurance.residents
    assert child.fingerprint() != base.fingerprint()


def test_null_takes_out_what_was_inherited() -> None:
    scenario = mine("groups: null\nmechanisms: {packaged_fund: null}\n")
    assert not scenario.groups
    left = {name for name in load("lujiang-2020").mechanisms if name != "packaged_fund"}
    assert set(scenario.mechanisms) == left > {"family_doctor", "referral_rules"}


def test_a_number_keeps_the_source_of_the_file_it_stands_in() -> None:
    scenario = mine(
        """
references: {yearbook: {title: {en: Yearbook, zh: 年鉴}, kind: statistics, status: L, where: page 3}}
insurance:
  source: yearbook
  unreferred_cut: 20 pp
  relief_share: {value: 60 %, source: fitted}
""",
        "population.migrants_enrolled=30 %",
    )
    assert scenario.source_keys["insurance.unreferred_cut"] == "yearbook"
    assert scenario.source_keys["insurance.relief_share"] == "fitted"
    assert scenario.source_keys["insurance.financing.per_head"] == "assumed"
    assert scenario.source_keys["population.migrants_enrolled"] == COMMAND_LINE
    assert scenario.sources["insurance.unreferred_cut"].where == "page 3"
    Path("again.yaml").write_text(scenario.resolved(), encoding="utf-8")
    assert load("again.yaml").source_keys == scenario.source_keys


def test_a_number_without_a_source_is_a_fault() -> None:
    assert faults("insurance:\n  unreferred_cut: 20 pp\nlearning: {source: asumed, trust_gain: 0.1}\n") == [
        "mine.yaml:4: insurance.unreferred_cut: 20 pp has no source; "
        "give its block a 'source:', a key of sources.yaml, 'assumed' or 'fitted'",
        "mine.yaml:5: learning.source: there is no source 'asumed'; your own can be described under 'references'; did you mean 'assumed'?",
    ]


def test_all_faults_are_told_at_once_with_line_path_value_and_nearest_word() -> None:
    text = """source: assumed
insurance: {residents: {inpatient: {grade_2: {in_county: {deductible: 400}}}}}
mechanisms:
  familydoctor: {coverage: 5 %}
  referral_rules: {priority: yes, catalog: 5}
population:
  residents: 010
choice: {loyalties: 1, nests: {village: 2}}
groups: [a]
illness: {season: [1, 2]}
places: {grades: [{facility: lujiang_people, grade: grade_3_municpal, from: 2020-10-10}]}
care: null
"""
    assert sorted(faults(text)) == sorted(
        [
            "mine.yaml:9: population.residents: 010 begins with a zero and could be read as octal; "
            "write 10, or '010' in quotes if it is a word",
            "mine.yaml:4: insurance.residents.inpatient.grade_2.in_county.deductible: 400 has no unit; "
            "write it as, for example, '400 yuan'",
            "mine.yaml:6: mechanisms.familydoctor: there is no mechanism 'familydoctor'; did you mean 'family_doctor'?",
            "mine.yaml:7: mechanisms.referral_rules.priority: 'yes' is neither true nor false",
            "mine.yaml:7: mechanisms.referral_rules.catalog: there is nothing called 'catalog' here; did you mean 'catalogue'?",
            "mine.yaml:10: choice.loyalties: there is nothing called 'loyalties' here; did you mean 'loyalty'?",
            "mine.yaml:10: choice.nests.village: 2 must be at most 1",
            "mine.yaml:11: groups: '[...]' stands where names with values are wanted",
            "mine.yaml:12: illness.season: has 2 entries; at least 12 are wanted",
            "mine.yaml:13: places.grades.0.grade: 'grade_3_municpal' is not one of none, grade_1, grade_2, "
            "grade_3_municipal, grade_3_provincial; "
            "did you mean 'grade_3_municipal'?",
            "mine.yaml:1: care: 'care' is missing",
        ]
    )


def test_a_fault_of_a_parent_stands_in_the_parent() -> None:
    Path("parent.yaml").write_text("name: parent\nextends: lujiang-2018\nperiod: {days: 0}\n", encoding="utf-8")
    Path("child.yaml").write_text("name: child\nextends: parent.yaml\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load("child.yaml")
    assert caught.value.text() == "parent.yaml:3: period.days: 0 must be at least 1"


def test_settings_are_read_as_strictly_and_name_their_path() -> None:
    assert faults(
        "",
        "insurance.unreferred_cut=5",
        "population.migrants_enroled=5 %",
        "mechanisms.referral_rules.gatekeeping=5 %",
        "period.days=010",
        "nonsense",
    ) == [
        "--set population.migrants_enroled: there is nothing called 'population.migrants_enroled' to set; "
        "did you mean 'population.migrants_enrolled'?",
        "--set mechanisms.referral_rules.gatekeeping: there is nothing called 'mechanisms.referral_rules.gatekeeping' to set; "
        "did you mean 'mechanisms.referral_rules.gatekeeping_compliance'?",
        "--set period.days: 010 begins with a zero and could be read as octal; write 10, or '010' in quotes if it is a word",
        "--set: 'nonsense' is no setting; write it as a.b.c=VALUE",
        "--set insurance.unreferred_cut: 5 has no unit; write it as, for example, '5 pp'",
    ]


def test_every_path_of_the_contract_can_be_set() -> None:
    scenario = mine(
        "",
        "insurance.residents.inpatient.grade_2.in_county.deductible=450 yuan",
        "insurance.residents.inpatient.grade_2.in_county.fund_share=81 %",
        "insurance.unreferred_cut=15 pp",
        "mechanisms.referral_rules.gatekeeping_compliance=50 %",
        "mechanisms.referral_rules.catalogue_compliance=70 %",
        "mechanisms.family_doctor.coverage=60 %",
        "mechanisms.packaged_fund.package_share=90 %",
        "mechanisms.packaged_fund.until=2020-06-01",
        "population.migrants_enrolled=40 %",
        "period.start=2019-01-01",
        "period.days=30",
        "period.run_in_days=7",
    )
    cell = scenario.insurance.residents.inpatient.grade_2.in_county
    assert cell is not None
    assert (cell.deductible, cell.fund_share) == (450.0, 0.81)
    assert scenario.period.start == datetime.date(2019, 1, 1)
    assert scenario.mechanisms["packaged_fund"].until == datetime.date(2020, 6, 1)


def test_a_circle_of_scenarios_is_told_as_one() -> None:
    Path("a.yaml").write_text("name: a\nextends: b\n", encoding="utf-8")
    Path("b.yaml").write_text("name: b\nextends: a.yaml\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load("a.yaml")
    assert caught.value.text() == "b.yaml:2: extends: 'a.yaml' leads back to this file: a.yaml -> b.yaml -> a.yaml"


@pytest.mark.parametrize("word", ["lujiang-2019", "nope/mine.yaml", ".", "", "a" * 5000, "a\0b"])
def test_a_scenario_that_does_not_exist_is_one_clear_sentence(word: str) -> None:
    with pytest.raises(UserError) as caught:
        load(word)
    assert len(caught.value.faults) == 1
    assert caught.value.text("zh")


def test_a_missing_scenario_is_met_with_the_nearest_name() -> None:
    with pytest.raises(UserError, match="did you mean 'lujiang-2020'"):
        load("lujiang2020")


def test_a_file_beside_the_child_comes_before_the_package_and_a_name_never_means_itself() -> None:
    Path("lujiang-2020.yaml").write_text("name: own\nextends: lujiang-2020\nperiod: {days: 9}\n", encoding="utf-8")
    assert load("./lujiang-2020.yaml").period.days == 9
    assert mine("").period.days == 9
    assert load("lujiang-2020").period.days == 365


def test_changes_hold_from_their_day() -> None:
    scenario = mine(
        """
changes:
  - {from: 2020-09-01, source: assumed, set: {insurance.unreferred_cut: 30 pp}}
  - from: 2020-07-01
    source: assumed
    set: {insurance.unreferred_cut: 20 pp, mechanisms.family_doctor.renewal: 60 %}
shocks: [{from: 2020-02-01, until: 2020-04-01, need: 0.7, source: assumed}]
mechanisms: {referral_rules: {from: 2020-03-01, until: 2020-11-01}}
"""
    )
    days = [(1, 1), (2, 1), (3, 1), (4, 1), (7, 1), (9, 1), (10, 10), (11, 1)]
    assert scenario.dates() == tuple(datetime.date(2020, month, day) for month, day in days)
    july = datetime.date(2020, 7, 1)
    assert scenario.on(july - DAY).insurance.unreferred_cut == 0.10
    assert scenario.on(july).insurance.unreferred_cut == 0.20
    assert scenario.on(datetime.date(2020, 9, 1)).insurance.unreferred_cut == 0.30
    assert scenario.on(datetime.date(2020, 9, 1)).on(july).insurance.unreferred_cut == 0.20
    assert scenario.on(july).source_keys["insurance.unreferred_cut"] == "assumed"
    assert "referral_rules" not in scenario.on(datetime.date(2020, 2, 29)).mechanisms
    assert "referral_rules" in scenario.on(datetime.date(2020, 3, 1)).mechanisms
    assert "referral_rules" not in scenario.on(datetime.date(2020, 11, 1)).mechanisms
    assert [len(scenario.on(datetime.date(2020, month, 1)).shocks) for month in (1, 2, 4)] == [0, 1, 0]
    assert not scenario.on(datetime.date(2020, 10, 9)).places.grades
    assert scenario.on(datetime.date(2020, 10, 10)).places.grades


def test_the_days_of_change_lie_inside_the_run() -> None:
    text = "period: {start: 2020-01-29, days: 10, run_in_days: 28}\nmechanisms: {referral_rules: {from: 'DAY'}}\n"
    inside = {day: mine(text.replace("DAY", day)).dates() for day in ("2020-01-01", "2020-01-02", "2020-02-07", "2020-02-08")}
    assert [len(dates) for dates in inside.values()] == [0, 1, 1, 0]


def test_a_change_of_what_does_not_exist_or_cannot_change_is_a_fault() -> None:
    text = """
changes:
  - {from: 2020-07-01, source: assumed, set: {insurance.unrefered_cut: 20 pp, period.days: 5}}
"""
    (unknown, fixed) = faults(text)
    assert unknown.startswith("mine.yaml:5: changes.0.set.insurance.unrefered_cut: ")
    assert "did you mean 'insurance.unreferred_cut'" in unknown
    assert fixed == "mine.yaml:5: changes.0.set.period.days: 'period.days' cannot change while a scenario runs"


def test_a_change_to_a_bad_value_is_found_at_once_and_not_on_its_day() -> None:
    text = "changes:\n  - {from: 2020-07-01, source: assumed, set: {prices.visit.village: 30}}\n"
    assert faults(text) == ["mine.yaml:4: prices.visit.village: 30 has no unit; write it as, for example, '30 yuan'"]


def test_own_data_lies_beside_the_file_and_survives_resolving(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    towns = shipped_tables()["lujiang_towns.csv"].read_text(encoding="utf-8")
    (folder / "towns.csv").write_text(towns, encoding="utf-8")
    scenario = mine("population: {towns: data/towns.csv}\n")
    assert scenario.population.towns.resolve() == (folder / "towns.csv").resolve()
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "again.yaml").write_text(scenario.resolved(), encoding="utf-8")
    again = load(elsewhere / "again.yaml")
    assert again.tables == scenario.tables
    (folder / "towns.csv").write_text(towns.replace("low", "high"), encoding="utf-8")
    assert load("mine.yaml").fingerprint() != scenario.fingerprint()


def test_a_missing_table_is_met_with_the_nearest_name() -> None:
    (fault,) = faults("places: {facilities: lujiang_facilites.csv}\n")
    assert fault == ("mine.yaml:3: places.facilities: there is no file 'lujiang_facilites.csv'; did you mean 'lujiang_facilities.csv'?")


@cache
def leaves(name: str) -> list[tuple[str, Value]]:
    """List all values of a scenario that stand in no list."""
    found = parse(load(name).resolved(), name, None).leaves()
    return [(".".join(path), leaf) for path, leaf in found if not any(step.isdigit() for step in path)]


NASTY = [
    "-1",
    "0",
    "",
    "[]",
    "{}",
    "abc",
    "1e400",
    ".nan",
    "5 parsecs",
    "-5 %",
    "true",
    "null",
    "'",
    "[",
    "2020-01-01",
    "1e-300",
    "@",
    "{a: b}",
    "0x1F",
    "99999999999999999999",
]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_no_value_anywhere_makes_the_reader_fall_over(data: st.DataObject) -> None:
    path, _ = data.draw(st.sampled_from(leaves("lujiang-2020")), label="path")
    value = data.draw(st.sampled_from(NASTY), label="value")
    try:
        load("lujiang-2020", [f"{path}={value}"])
    except UserError as error:
        assert all(fault.place and fault.text("zh") for fault in error.faults)


def test_the_data_fields_are_fields() -> None:
    scenario = load("lujiang-2018")
    for block, name in DATA_FIELDS:
        assert getattr(getattr(scenario, block), name).is_file()


@pytest.mark.parametrize("dotted", ["care.attempts", "learning.trust_gain", "referral.recovery_share", "illness.visits_scale"])
def test_what_a_run_takes_up_once_cannot_change_on_a_date(tmp_path: Path, dotted: str) -> None:
    file = tmp_path / "late.yaml"
    file.write_text(
        "name: late\nextends: lujiang-2020\nchanges:\n  - from: 2020-03-01\n    source: assumed\n    set: {" + dotted + ": 0.5}\n", "utf-8"
    )
    with pytest.raises(UserError, match=dotted):
        load(file)
