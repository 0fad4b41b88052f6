"""The day in words is derived from declarations: a new mechanism shows up by itself, and says only what it overrides."""

import json
from pathlib import Path

import pytest

from results.telling import day
from sim.county import County
from sim.loading import load
from sim.mechanisms import MECHANISMS, RULES, base
from sim.mechanisms._skeleton import HealthTalks
from sim.reading.units import Share, Yuan
from sim.scenario.scenario import Scenario, read

SCENARIO = """
name: mine
extends: lujiang-2018
mechanisms:
  {name}:
    source: {{document: 004_a8c9f69932ccd4d5, phrase: 基层医疗卫生机构就诊率提高到45%左右}}
    from: 2018-03-01
    until: 2018-09-01
    reach: 45 %
"""


class Rules(base.Rules):
    """What the throw-away does."""

    reach: Share
    """Share of people it reaches."""
    fee: Yuan = 0.0
    """What it costs."""


class ThrowAway(base.Mechanism[Rules]):
    """Throws away what it gets."""

    name, Rules = "throw_away", Rules

    def room(self, county: County) -> base.Array | float:
        """Send a doctor away."""
        return -self._away()

    def _away(self) -> float:
        return self.rules.reach


def with_mechanism(kind: type[base.Mechanism], folder: Path, monkeypatch: pytest.MonkeyPatch) -> Scenario:
    """Read a scenario that names a mechanism listed for the length of a test."""
    monkeypatch.setitem(MECHANISMS, kind.name, kind)  # type: ignore[arg-type]
    monkeypatch.setitem(RULES, kind.name, kind.Rules)  # type: ignore[arg-type]
    path = folder / "mine.yaml"
    path.write_text(SCENARIO.format(name=kind.name), encoding="utf-8")
    return read(path, (), RULES)


def voices(scenario: Scenario, mechanism: str, lang: str = "en") -> dict[str, list[day.Voice]]:
    """List what a mechanism says, by line of the day."""
    told = {told.line: [voice for voice in told.voices if voice.mechanism == mechanism] for told in day.day(scenario, lang)}
    return {line: said for line, said in told.items() if said}


def test_every_moment_stands_in_one_line_of_the_day() -> None:
    assert sorted(moment for line in day.DAY for moment in line.moments) == sorted(day.moments())


def test_a_moment_no_line_names_has_a_line_of_its_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(day, "SPEAKS", (*base.SPEAKS, "evening"))
    assert day.lines()[-1].moments == ("evening",)


def test_a_new_mechanism_shows_up_where_it_speaks_with_the_numbers_it_reads_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = with_mechanism(ThrowAway, tmp_path, monkeypatch)
    ((line, (voice,)),) = voices(scenario, "throw_away").items()
    assert (line, voice.moment, voice.says) == ("clinic", "room", "Send a doctor away.")
    assert (voice.begins, voice.ends) == ("2018-03-01", "2018-09-01")
    assert voice.numbers == (
        day.Number("reach", "45 %", "S", "004_a8c9f69932ccd4d5", "reach", "Share of people it reaches.", "reach", "004_a8c9f69932ccd4d5"),
    )
    dates = [what for what in day.dates(scenario, "en") if "throw_away" in what[1]]
    assert [date for date, _ in dates] == ["2018-03-01", "2018-09-01"]


def test_the_skeleton_speaks_at_every_line_that_has_a_moment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scenario = with_mechanism(HealthTalks, tmp_path, monkeypatch)
    assert set(voices(scenario, "health_talks")) == {line.name for line in day.DAY if line.moments}
    (policy,) = [policy for policy in day.policies(scenario, "zh") if policy.name == "health_talks"]
    assert policy.title == {"en": "Health talks", "zh": "健康讲座"}


def test_a_mechanism_says_in_chinese_what_the_table_holds_and_else_the_english() -> None:
    ((voice,),) = [said for line, said in voices(load("lujiang-2020"), "packaged_fund", "zh").items() if line == "money"]
    assert voice.says == "清算各集团账户：留用的结余按级分配并使用，超支按比例分担。"
    meanings = {number.name: number.meaning for number in voice.numbers}
    assert set(meanings) >= {"surplus_retained", "split.county"}
    assert meanings["surplus_retained"] == "结余中由集团留用的占比（结余留用）。"


def test_without_mechanisms_the_model_itself_still_has_its_day(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text("name: bare\nextends: lujiang-2018\nmechanisms: {family_doctor: null}\n", encoding="utf-8")
    told = day.day(load(path), "en")
    assert [line.line for line in told] == [line.name for line in day.DAY]
    assert all(line.baseline and not line.voices for line in told)
    assert day.policies(load(path), "en") == ()


def test_the_numbers_of_the_baseline_carry_value_source_and_meaning() -> None:
    told = {line.line: {number.name: number for number in line.numbers} for line in day.day(load("lujiang-2020"), "en")}
    learned = told["learning"]["learning.wait_memory"]
    assert (learned.value, learned.status) == ("70 %", "A")
    assert "Weight of the old expectation" in learned.meaning
    schedule = told["offers"]["insurance.residents.inpatient.grade_2"]
    assert schedule.value.startswith("in_county deductible 500 yuan, fund_share 80 %, floor 45 % · in_city ")
    assert told["clinic"]["care.service"].value.startswith("village 8 min · clinic 8 min")


def test_every_line_that_names_numbers_finds_them() -> None:
    scenario = load("lujiang-2020")
    wanted = [path for line in day.DAY for path in line.baseline]
    assert [path for path in wanted if not day.main_numbers(scenario, [path], "en")] == []


def test_the_day_can_be_written_as_json() -> None:
    plain = json.loads(json.dumps(day.as_plain(load("lujiang-2020"), "zh"), ensure_ascii=False))
    assert [one["name"] for one in plain["mechanisms"]] == list(load("lujiang-2020").mechanisms)
    assert {"date": "2019-08-01", "what": "医保基金打包生效"} in plain["dates"]
