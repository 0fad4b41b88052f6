"""Assumed numbers are moved through the range a scenario says, else half of it either way, as far as it allows; nothing else is."""

from pathlib import Path

import pytest

from experiments.design.assumed import Assumed, assumed_numbers
from sim import load
from sim.scenario.scenario import Scenario
from sim.scenario.varying import value_at, varied

OWN = """name: own
title: {en: Own, zh: 自己的}
extends: lujiang-2020
choice:
  trust: {value: 0.6, source: assumed, range: {low: 0.2, high: 0.9, reason: nobody asked}}
illness:
  visits_scale: {value: 1.17, source: fitted, range: {low: 1.1, high: 1.3}}
"""


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    path: Path = tmp_path_factory.mktemp("own") / "own.yaml"
    path.write_text(OWN, encoding="utf-8")
    return load(path)


@pytest.fixture(scope="module")
def found(own: Scenario) -> Assumed:
    return assumed_numbers(own)


def test_a_range_beside_a_number_is_the_way_it_is_moved_whatever_the_number_rests_on(found: Assumed) -> None:
    spans = {span.name: span for span in found.spans}
    assert (spans["choice.trust"].low, spans["choice.trust"].high, spans["choice.trust"].said) == (0.2, 0.9, True)
    assert (spans["illness.visits_scale"].low, spans["illness.visits_scale"].high) == (1.1, 1.3)
    assert "illness.admissions_scale" not in spans  # fitted, and nobody says how far it may be off


def test_any_other_is_moved_by_half_of_it_within_what_is_allowed(found: Assumed, own: Scenario) -> None:
    spans = {span.name: span for span in found.spans}
    minute = spans["choice.segments.common_stay.minute"]
    assert (minute.low, minute.high, minute.said) == pytest.approx((0.006, 0.018, False))
    desk = spans["mechanisms.packaged_fund.desk"]
    assert (desk.low, desk.high) == (0.5, 1.0)
    quality = spans["choice.quality.county"]
    assert own.choice.quality.county < quality.high < 1.5 * own.choice.quality.county  # a tertiary hospital is better
    assert spans["mechanisms.expert_posting.posts"].low == 8


def test_both_ends_are_scenarios_that_run(found: Assumed, own: Scenario) -> None:
    for span in found.spans[::15]:
        for place in (0.0, 1.0):
            level = span.at(place)
            assert value_at(varied(own, level.settings), span.name) == pytest.approx((span.low, span.high)[int(place)])


def test_every_assumed_number_is_moved_or_named_as_left_out_and_goals_are_neither(found: Assumed, own: Scenario) -> None:
    told = {span.name for span in found.spans} | set(found.left_out)
    assumed = {ground.path for ground in own.grounds if ground.status == "A"}
    assert told - assumed == {"illness.visits_scale"}
    assert assumed - told == {path for path in assumed if path.startswith("targets.")}
    assert "mechanisms.family_doctor.follow_up" in found.left_out  # half of nothing is nothing
    assert not {span.name for span in found.spans} & set(found.left_out)
