"""A report tells which numbers turn its verdicts where an analysis of the same scenario by the same model lies there, and only there."""

import json
from pathlib import Path

import pytest

from results.report import resting
from results.report.assumptions import assumptions_section
from results.report.resting import found_for, resting_key, resting_part, resting_table
from sim.loading import load
from sim.scenario.scenario import Scenario
from tests.results.report.small_runs import small_run

DESK, OUTCOME = "mechanisms.packaged_fund.desk", "in_county_admission_share_insured"
ROWS = [
    {"path": DESK, "value": 1.0, "low": 0.5, "high": 1.0, "said": False, "flips_at": 0.743, "effect": 0.0312, "effect_yuan": -12.3},
    {"path": "choice.trust", "value": 0.6, "low": 0.2, "high": 0.9, "said": True, "flips_at": None, "effect": 0.001, "effect_yuan": None},
]


def kept(folder: Path, scenario: Scenario, key: str | None = None, inputs: int = 300, name: str = "assumed-x") -> None:
    told = {"key": key or resting_key(scenario), "experiment": name, "inputs": inputs, "scale": 0.05, "rests_on": {OUTCOME: ROWS}}
    (folder / name).mkdir(parents=True)
    (folder / name / "sensitivity.json").write_text(json.dumps(told), encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(resting, "beside_runs", lambda kind: tmp_path / kind)
    return tmp_path / "experiments"


def test_what_fits_is_told_with_range_flip_effect_and_office(folder: Path) -> None:
    run = small_run()
    kept(folder, run.scenario)
    text = assumptions_section(run, resting_part(run))
    for words in ("50 % to 100 % (half either way)", "74.3 %", "+3.12 pp", "-12.3", "assumed-x", "County healthcare security bureau"):
        assert words in text, words
    assert "50%至100%（上下各半）" in text
    assert "of 2 numbers moved alone, 1 turn the verdict" in text


@pytest.mark.parametrize("key", ["of another model", ""])
def test_what_does_not_fit_is_not_told(folder: Path, key: str) -> None:
    run = small_run()
    if key:
        kept(folder, run.scenario, key)
    assert "Numbers that would turn a verdict" not in resting_part(run)


def test_what_cannot_be_read_is_passed_over_and_the_widest_is_taken(folder: Path) -> None:
    scenario = load("lujiang-2020")
    (folder / "broken").mkdir(parents=True)
    (folder / "broken" / "sensitivity.json").write_text('{"key": ', encoding="utf-8")
    kept(folder, scenario, inputs=3, name="few")
    kept(folder, scenario, inputs=300, name="many")
    assert found_for(scenario)["experiment"] == "many"  # type: ignore[index]


def test_the_key_is_of_all_that_decides_and_of_nothing_else() -> None:
    assert resting_key(load("lujiang-2020")) == resting_key(load("lujiang-2020", ["title.en=Other"]))
    assert resting_key(load("lujiang-2020")) != resting_key(load("lujiang-2020", ["choice.trust=0.5"]))


def test_a_report_shows_the_weightiest_and_counts_the_others() -> None:
    rows = [{**ROWS[0], "effect": 0.001 * at} for at in range(1, 12)]
    text = resting_table(load("lujiang-2020"), OUTCOME, rows, 1.0, 8)
    assert "3 more that move it less" in text
    assert text.count("<tr>") == 1 + 8
    assert text.index("+1.10 pp") < text.index("+0.40 pp")
    assert "+0.30 pp" not in text


def test_where_nothing_turns_it_says_so() -> None:
    text = resting_table(load("lujiang-2020"), OUTCOME, ROWS[1:], 1.0)
    assert "none of 1 numbers moved alone turns the verdict" in text
    assert "<table" not in text
