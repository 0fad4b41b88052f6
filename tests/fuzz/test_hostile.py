"""No input whatever gives a traceback, hangs, or is called a fault of ours."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.scenario.merging import shipped_tables
from tests.fuzz.cases import Case, case
from tests.fuzz.trial import try_

FEW, MANY = 120, 1_500


def troubles(first: int, count: int, *, runs: int) -> list[str]:
    """Try cases, real runs only where `runs` says so; returns those that failed."""
    tried = [each for each in map(case, range(first, first + count)) if runs or each.kind != "running"]
    return [f"seed {outcome.seed}: {outcome.trouble}\n{outcome.err}" for outcome in map(try_, tried) if outcome.trouble]


def test_a_sample_of_hostile_cases_is_answered_with_a_clear_refusal_or_done() -> None:
    assert troubles(5_000_000, FEW, runs=0) == []


@pytest.mark.slow
def test_very_many_hostile_cases_are_answered_with_a_clear_refusal_or_done() -> None:
    assert troubles(6_000_000, MANY, runs=1) == []


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", errors="replace")))
def test_any_bytes_as_a_scenario_are_refused(content: bytes) -> None:
    outcome = try_(Case(0, "bytes", ("check", "self.yaml"), {"self.yaml": content}))
    assert (outcome.code, outcome.trouble) == (2, "")


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(st.characters(codec=None), max_size=12), max_size=5))
def test_any_words_after_a_command_are_refused_or_answered(words: list[str]) -> None:
    assert try_(Case(0, "words", ("scenarios", *words))).trouble == ""


@pytest.mark.parametrize("words", [("check", "pipe"), ("verify", "pipe"), ("verify", "/dev/zero"), ("check", "a\0b"), ("verify", "a\0b")])
def test_what_is_no_plain_file_is_refused_at_once(words: tuple[str, ...]) -> None:
    outcome = try_(Case(0, "pipe", words, {}, ("pipe",)))
    assert (outcome.code, outcome.trouble) == (2, "")


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("population: {source: assumed, registered: 1000000000}", "1000000000 must be at most 40,000,000"),
        ("population: {source: assumed, female_share: 0.5 %}", "0.5 % must be at least 1 %"),
        ("period: {start: 9999-12-31}", "'9999-12-31' lies outside the years 1950 to 2150"),
        ("illness: {source: assumed, visits_scale: 900}", "at most 200 can be drawn"),
        ("care: {source: assumed, patience: 1e300 min}", "lies outside 0 min to 525,600 min"),
        ("insurance: {source: assumed, residents: {ceiling: 1e12 yuan}}", "lies outside 0 yuan to 20,000,000 yuan"),
        ("changes: [{source: assumed, from: 2020-02-01, set: {mechanisms.packaged_fund: 40}}]", "'40' stands where names with values"),
        ("changes: [{source: assumed, from: 2020-02-01, set: {groups.people.lead: nobody}}]", "cannot change while a scenario runs"),
        ("places: {source: assumed, roads: bomb.graphml}", "<!DOCTYPE> or <!ENTITY>"),
        ("places: {source: assumed, facilities: beds.csv}", "beds: 1000000000 must be at most 20000"),
        ('name: "\\e[31mred"', "\\x1b[31mred"),
        (f"{'x' * 500}: 1", "has 500 characters; names have at most 200"),
    ],
)
def test_what_no_county_can_hold_is_refused_with_what_was_wanted(block: str, said: str) -> None:
    head = "title: {en: a, zh: b}\nextends: lujiang-2020\n" + ("" if block.startswith("name") else "name: mine\n")
    beds = shipped_tables()["lujiang_facilities.csv"].read_text(encoding="utf-8").replace(",2,0,", ",2,1000000000,", 1)
    bomb = '<!DOCTYPE g [<!ENTITY a "ha">]><graphml/>'
    files = {"f.yaml": f"{head}{block}\n".encode(), "beds.csv": beds.encode(), "bomb.graphml": bomb.encode()}
    outcome = try_(Case(0, "limit", ("check", "f.yaml"), files))
    assert (outcome.code, outcome.trouble) == (2, "")
    assert said in outcome.err


def test_next_to_nobody_is_no_county_to_run() -> None:
    outcome = try_(Case(0, "few", ("run", "lujiang-2020", "--scale", "1e-9", "--out", "out")))
    assert outcome.code == 2
    assert "at least 100 are wanted" in outcome.err
