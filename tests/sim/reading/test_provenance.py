"""What numbers rest on: the words of a document stand in it, and a number has the status its source gives it."""

import re
from pathlib import Path

import pytest

from results.telling.grounds import CONFIDENCES
from sim.language.messages import UserError
from sim.loading import load
from sim.reading.provenance import STATUSES, document, holds, known_sources
from sim.scenario.merging import scenario_names
from sim.scenario.scenario import Scenario

MINE = """
name: mine
extends: lujiang-2020
references:
  yearbook: {{title: {{en: Yearbook, zh: 年鉴}}, kind: statistics, status: L, where: page 3}}
mechanisms:
  packaged_fund:
    package_share: {{value: 96 %, source: {source}}}
"""
WORDS = "phrase: 将不少于95%的部分作为医疗集团按人头总额预算基金"


@pytest.fixture(params=scenario_names())
def shipped(request: pytest.FixtureRequest) -> Scenario:
    """Read each scenario that comes with the package."""
    return load(request.param)


def mine(folder: Path, source: str) -> Scenario:
    """Read a scenario in which one number carries a source."""
    path = folder / "mine.yaml"
    path.write_text(MINE.format(source=source), encoding="utf-8")
    return load(path)


def share(scenario: Scenario) -> tuple[str, str, str | None, str | None]:
    """Say what that number rests on: status, confidence, words, how it follows."""
    (ground,) = [ground for ground in scenario.grounds if ground.path == "mechanisms.packaged_fund.package_share"]
    return ground.status, ground.confidence, ground.phrase, ground.how


def test_what_is_said_to_stand_in_a_document_stands_there_word_for_word(shipped: Scenario) -> None:
    stated = [ground for ground in shipped.grounds if ground.status == "S"]
    assert stated
    for ground in stated:
        text = document(ground.document)
        assert text is not None and ground.phrase is not None
        assert ground.phrase in text
        assert holds(ground.phrase, ground.value)


def test_what_is_derived_from_the_words_of_a_document_can_be_worked_out(shipped: Scenario) -> None:
    derived = [ground for ground in shipped.grounds if ground.status == "D" and ground.phrase is not None]
    assert derived
    for ground in derived:
        assert ground.phrase in str(document(ground.document))
        assert ground.how is not None and re.fullmatch(r"[\d.()/%* +-]+", ground.how)
        worked_out = float(eval(re.sub(r"([\d.]+) %", r"(\1 / 100)", ground.how)))
        written = re.match(r"[\d.]+", ground.value)
        assert written is not None
        last_digit = 10.0 ** -len(written[0].partition(".")[2])
        assert float(written[0]) == pytest.approx(worked_out * (100 if ground.unit == "%" else 1), abs=0.6 * last_digit)


def test_no_number_names_a_document_without_its_words(shipped: Scenario) -> None:
    known = known_sources()
    assert [g.path for g in shipped.grounds if known[g.document].kind == "document" and g.phrase is None] == []


def test_every_number_has_a_source_and_a_status(shipped: Scenario) -> None:
    assert len(shipped.grounds) == len(shipped.source_keys) > 300
    assert {ground.status for ground in shipped.grounds} == set(STATUSES)
    assert all(ground.document in known_sources() and ground.confidence in CONFIDENCES for ground in shipped.grounds)


def test_every_document_that_comes_with_the_scenarios_is_a_source_and_the_other_way_round() -> None:
    files = {path.stem for path in (Path(__file__).parents[3] / "scenarios" / "documents").glob("*.txt")}
    assert files == {key for key, source in known_sources().items() if source.kind == "document"}


@pytest.mark.parametrize(
    ("source", "status", "confidence"),
    [
        ("004_a8c9f69932ccd4d5", "L", "medium"),
        ("{document: 004_a8c9f69932ccd4d5}", "L", "medium"),
        (f"{{document: 004_a8c9f69932ccd4d5, {WORDS}}}", "D", "medium"),
        (f"{{document: 004_a8c9f69932ccd4d5, {WORDS}, confidence: low}}", "D", "low"),
        ("yearbook", "L", "medium"),
        ("{document: yearbook, phrase: 96 %}", "L", "medium"),
        ("lujiang_households", "D", "medium"),
        ("nhc_2019_bulletin", "A", "low"),
        ("assumed", "A", "low"),
        ("fitted", "F", "low"),
    ],
)
def test_a_number_has_the_status_its_source_gives_it(source: str, status: str, confidence: str, tmp_path: Path) -> None:
    assert share(mine(tmp_path, source))[:2] == (status, confidence)


def test_a_number_of_the_words_it_inherits_stands_in_the_document() -> None:
    scenario = load("lujiang-2020")
    assert share(scenario)[:2] == ("S", "high")
    assert share(load("lujiang-2020", ["mechanisms.packaged_fund.package_share=94 %"]))[0] == "A"


def test_words_and_how_come_back_from_the_resolved_scenario(tmp_path: Path) -> None:
    source = f'{{document: 004_a8c9f69932ccd4d5, {WORDS}, how: "95 % + 1 %", confidence: low}}'
    scenario = mine(tmp_path, source)
    (tmp_path / "again.yaml").write_text(scenario.resolved(), encoding="utf-8")
    again = load(tmp_path / "again.yaml")
    assert again.grounds == scenario.grounds
    assert share(again) == ("D", "low", WORDS.removeprefix("phrase: "), "95 % + 1 %")


@pytest.mark.parametrize(
    ("source", "said"),
    [
        (
            "{document: 004_a8c9f69932ccd4d5, phrase: 将不少于96%的部分作为医疗集团按人头总额预算基金}",
            "mine.yaml:8: mechanisms.packaged_fund.package_share: the document 004_a8c9f69932ccd4d5 does not say "
            "'将不少于96%的部分作为医疗集团按人头总额预算基金'; quote it word for word; "
            "did you mean '将不少于95%的部分作为医疗集团按人头总额预算基金'?",
        ),
        (
            "{document: 004_a8c9f69932ccd4d5, phrse: 结余留用}",
            "mine.yaml:8: source.phrse: there is nothing called 'phrse' here; did you mean 'phrase'?",
        ),
        ("{phrase: 结余留用}", "mine.yaml:8: source: 'document' is missing"),
        ("{document: 004_a8c9f69932ccd4d5, phrase: 95}", "mine.yaml:8: source.phrase: '95' is no text; put words in quotes"),
        (
            "{document: 004_a8c9f69932ccd4d5, confidence: hihg}",
            "mine.yaml:8: source.confidence: 'hihg' is not one of high, medium, low; did you mean 'high'?",
        ),
        (
            "{document: 004_a8c9f69932ccd4d6, phrase: 结余留用}",
            "mine.yaml:8: mechanisms.packaged_fund.package_share: there is no source '004_a8c9f69932ccd4d6'; "
            "your own can be described under 'references'; did you mean '004_a8c9f69932ccd4d5'?",
        ),
    ],
)
def test_a_source_that_is_wrong_is_told_with_its_place(source: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(UserError) as refused:
        mine(tmp_path, source)
    assert refused.value.text().removeprefix(f"{tmp_path}/") == said


def test_a_phrase_that_a_block_gives_to_all_its_numbers_is_refused_once(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    words = "name: mine\nextends: lujiang-2020\nreferral:\n  source: {document: 004_a8c9f69932ccd4d5, phrase: 大家好}\n  up_share: 1 %\n"
    path.write_text(f"{words}  down_offer: 2 %\n", encoding="utf-8")
    with pytest.raises(UserError) as refused:
        load(path)
    assert len(refused.value.faults) == 1


@pytest.mark.parametrize(
    ("phrase", "number", "held"),
    [
        ("签约率达 38.34%", "38.34 %", True),
        ("签约率达 38.34%", "8.34 %", False),
        ("签约率达 38.34%", "38 %", False),
        ("1,200,305 registered", 1200305, True),
        ("业务增量部分的3%-5%", "5 %", True),
        ("结余留用", "100 %", False),
        ("畅通双向转诊绿色通道", True, True),
    ],
)
def test_a_phrase_holds_a_number_or_not(phrase: str, number: object, held: bool) -> None:
    assert holds(phrase, number) is held
