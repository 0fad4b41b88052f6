"""Ranges beside numbers: read, kept through merging and writing, no part of what decides a result, and refused where they cannot be."""

from pathlib import Path

import jsonschema
import pytest
import yaml

from sim.language.messages import UserError
from sim.loading import RULES, load
from sim.reading.strict_yaml import Range
from sim.scenario.json_schema import json_schema
from sim.scenario.scenario import Scenario

BLOCK = """name: mine
extends: lujiang-2020
choice:
  source: assumed
  trust: {trust}
mechanisms:
  packaged_fund:
    package_share: {share}
"""
TRUST, SHARE = "{value: 0.6, range: {low: 0.2, high: 0.9, reason: nobody asked}}", "{value: 95 %, source: assumed}"


def mine(folder: Path, trust: str = TRUST, share: str = SHARE) -> Scenario:
    path = folder / "mine.yaml"
    path.write_text(BLOCK.format(trust=trust, share=share), encoding="utf-8")
    return load(path)


def told(scenario: Scenario, *path: str) -> Range | None:
    return scenario.tree.at(path).range


def test_a_number_keeps_its_range_and_the_source_of_its_block(tmp_path: Path) -> None:
    scenario = mine(tmp_path)
    found = told(scenario, "choice", "trust")
    assert found is not None
    assert (found.low.content, found.high.content, found.reason) == (0.2, 0.9, "nobody asked")
    assert scenario.tree.at(("choice", "trust")).source == "assumed"
    assert scenario.choice.trust == 0.6


def test_a_range_is_written_and_read_back_and_decides_nothing(tmp_path: Path) -> None:
    scenario = mine(tmp_path, share="{value: 95 %, source: assumed, range: {low: 90 %, high: 98 %}}")
    (tmp_path / "again.yaml").write_text(scenario.portable().text, encoding="utf-8")
    again = load(tmp_path / "again.yaml")
    for path in (("choice", "trust"), ("mechanisms", "packaged_fund", "package_share")):
        one, two = told(scenario, *path), told(again, *path)
        assert one is not None and two is not None
        assert [one.low.content, one.high.content, one.reason] == [two.low.content, two.high.content, two.reason]
    assert scenario.decisive() == again.decisive() == mine(tmp_path, trust="0.6").decisive()


@pytest.mark.parametrize(
    ("share", "said"),
    [
        ("{value: 95 %, source: assumed, range: {low: 98 %, high: 99 %}}", "the range 98 % to 99 % does not hold the number itself, 95 %"),
        ("{value: 95 %, source: assumed, range: {low: 98 %, high: 90 %}}", "low is below high"),
        ("{value: 95 %, source: assumed, range: {low: 95 %, high: 95 %}}", "low is below high"),
        ("{value: 95 %, source: assumed, range: {low: 50 %, high: 130 %}}", "package_share: range.high: '130 %' lies outside 0 % to 100 %"),
        ("{value: 95 %, source: assumed, range: {low: 50, high: 97 %}}", "package_share: range.low: 50 has no unit"),
        ("{value: 95 %, source: assumed, range: {low: 50 yuan, high: 97 %}}", "package_share: range.low: '50 yuan'"),
        ("{value: 95 %, source: assumed, range: {low: [1], high: 97 %}}", "range.low: '[...]' is no quantity"),
        ("{value: 95 %, source: assumed, range: {low: 50 %}}", "'high' is missing"),
        ("{value: 95 %, source: assumed, range: [50 %, 97 %]}", "'low' is missing"),
        ("{value: 95 %, source: assumed, range: {low: 50 %, high: 97 %, why: x}}", "range.why: there is nothing called 'why' here"),
        ("{value: 95 %, source: assumed, range: {low: 50 %, high: 97 %, reason: 3}}", "range.reason: '3' is no text"),
    ],
)
def test_a_range_that_cannot_be_is_refused_in_words(tmp_path: Path, share: str, said: str) -> None:
    with pytest.raises(UserError) as refused:
        mine(tmp_path, share=share)
    assert said in str(refused.value)
    assert len(refused.value.faults) <= 2


def test_only_a_number_has_a_range(tmp_path: Path) -> None:
    text = "name: mine\nextends: lujiang-2020\nmechanisms:\n  referral_rules:\n    green_channel: {green}\n"
    green = "{value: true, source: assumed, range: {low: 1, high: 2}}"
    (tmp_path / "mine.yaml").write_text(text.format(green=green), encoding="utf-8")
    with pytest.raises(UserError, match="only a number may have a range"):
        load(tmp_path / "mine.yaml")


def test_editors_know_ranges() -> None:
    schema = json_schema(RULES)
    fine = yaml.safe_load(BLOCK.format(trust=TRUST, share=SHARE))
    jsonschema.validate(fine, schema)
    for odd in ("{value: 0.6, range: {low: 0.2}}", "{value: 0.6}", "{value: 0.6, range: {low: a, high: 2}}"):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(yaml.safe_load(BLOCK.format(trust=odd, share=SHARE)), schema)
