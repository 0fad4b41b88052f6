"""Sensitivity: Morris and Sobol find what a function hangs on, luck's share among it, and halving finds where a verdict turns."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from experiments.comparing import sensed as sensing
from experiments.comparing.emulator import fitted
from experiments.comparing.sensed import Doing, limits, sensed
from experiments.comparing.sensitivity import Asked, Input, inputs_of, morris, morris_points, share_of_luck, sobol, sobol_points
from experiments.design.assumed import Assumed
from experiments.design.levers import Span
from experiments.design.variants import design
from results.store.pool import Pool
from sim.language.messages import UserError
from sim.reading.strict_yaml import Value
from sim.reading.units import NUMBER
from tests.experiments.inline import inline

INPUTS = [Input(name, Span(name, 0.0, 1.0, NUMBER, Value(0.0, ""))) for name in ("a", "b", "c")]
WEIGHTS = np.array([3.0, 1.0, 0.0])


def linear(asked: list[Asked], luck: float = 0.0) -> Any:
    """Give 3a + b, and luck by seed."""
    lots = np.random.default_rng(9).normal(0, 1, 1000)
    return np.array([np.dot(WEIGHTS, one.places) + luck * lots[one.seed] for one in asked])


def test_a_trajectory_moves_one_input_at_a_time_under_one_seed() -> None:
    asked = morris_points(3, 5)
    assert len(asked) == 5 * 4
    for start in range(0, 20, 4):
        some = asked[start : start + 4]
        assert {one.seed for one in some} == {start // 4 + 1}
        moves = np.diff(np.array([one.places for one in some]), axis=0)
        assert (np.abs(moves) > 1e-9).sum(axis=1).tolist() == [1, 1, 1]
        assert sorted(np.argmax(np.abs(moves), axis=1)) == [0, 1, 2]
        assert all(-1e-12 <= place <= 1 + 1e-12 for one in some for place in one.places)


def test_morris_finds_the_weights_of_a_linear_function_whatever_the_luck_of_a_trajectory() -> None:
    asked = morris_points(3, 10)
    effects, share = morris(asked, linear(asked, luck=5.0), INPUTS, np.array([1.0, 2.0, 4.0]))
    assert [effects[name].mu_star for name in "abc"] == pytest.approx([3.0, 1.0, 0.0], abs=1e-9)
    assert [effects[name].sigma for name in "abc"] == pytest.approx([0.0, 0.0, 0.0], abs=1e-9)
    assert share is not None
    assert 0 < share <= 1
    assert share_of_luck(np.ones(3), np.ones(3)) is None


def test_sobol_gives_the_known_shares_and_those_of_luck() -> None:
    points, seeds = 1024, tuple(range(1, 400))
    asked = sobol_points(3, points, seeds)
    assert len(asked) == points * 6
    values = linear(asked, luck=1.0)
    effects, share, missed = sobol(asked, values, INPUTS, points)
    lots = np.random.default_rng(9).normal(0, 1, 1000)[1:400]
    parts = np.array([9 / 12, 1 / 12, 0.0, lots.var()])
    wanted = parts / parts.sum()
    assert missed is None
    assert [effects[name].first for name in "abc"] == pytest.approx(wanted[:3].tolist(), abs=0.06)
    assert [effects[name].total for name in "abc"] == pytest.approx(wanted[:3].tolist(), abs=0.06)
    assert share == pytest.approx(wanted[3], abs=0.06)


def test_a_few_runs_go_through_an_emulator_that_tells_its_error() -> None:
    asked = sobol_points(3, 32, (1, 2, 3, 4))
    effects, share, missed = sobol(asked, linear(asked), INPUTS, 32)
    assert missed is not None
    assert missed < 0.001
    assert [effects[name].first for name in "abc"] == pytest.approx([0.9, 0.1, 0.0], abs=0.02)
    assert share == pytest.approx(0.0, abs=1e-6)
    _, with_luck, unexplained = sobol(asked, linear(asked, luck=1.0), INPUTS, 32)
    assert unexplained is not None
    assert unexplained > 0.2
    assert with_luck is not None
    assert with_luck > 0.2


def test_what_never_varies_hangs_on_nothing() -> None:
    asked = sobol_points(3, 16, (1,))
    effects, share, _ = sobol(asked, np.ones(len(asked)), INPUTS, 16)
    assert (effects["a"].first, effects["a"].total, share) == (0.0, 0.0, 0.0)


def test_the_emulator_is_exact_for_a_quadratic() -> None:
    rng = np.random.default_rng(2)
    places = rng.random((60, 3))
    values = 1 + places[:, 0] * places[:, 1] - 2 * places[:, 2] ** 2
    emulator = fitted(places, values)
    assert emulator.unexplained < 1e-6
    assert emulator(places) == pytest.approx(values, abs=1e-3)


def test_a_verdict_turns_at_the_goal_and_where_its_tolerance_ends() -> None:
    assert limits("in_county_admission_share_insured", 0.9, 0.025) == pytest.approx((0.9, 0.875))
    assert limits("forgone_care_share", 0.1, 0.02) == pytest.approx((0.1, 0.12))


TEXT = """name: tiny
scenarios: [own.yaml]
scale: 0.2 %
seeds: 2
design: latin_hypercube
points: 8
levers:
  mechanisms.family_doctor.coverage: {low: 10 %, high: 90 %}
  mechanisms.packaged_fund.desk: {low: 0 %, high: 100 %}
outcomes: [contract_share]
"""
OWN = """name: own
title: {en: Own, zh: 自己的}
extends: lujiang-2020
period: {days: 20, run_in_days: 5}
"""


@pytest.mark.parametrize("method", ["morris", "sobol"])
def test_runs_tell_what_the_model_hangs_on(tmp_path: Path, method: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sensing, "LUCK", 4)
    monkeypatch.setattr(sensing, "UNDER", 1)
    (tmp_path / "own.yaml").write_text(OWN, encoding="utf-8")
    (tmp_path / "tiny.yaml").write_text(TEXT, encoding="utf-8")
    planned = design(tmp_path / "tiny.yaml")
    assert [one.name.split(".")[-1] for one in inputs_of(planned)] == ["coverage", "desk"]
    with inline() as executor:
        doing = Doing(Pool(tmp_path / "pool"), executor, 1, None, lambda progress: None, lambda batch: None)
        found = sensed(planned, method, doing)
    told = found.sensitivity.as_json()
    assert told["method"] == method
    inputs = told["outcomes"]["contract_share"]["inputs"]
    key = "mu_star" if method == "morris" else "total"
    assert inputs["mechanisms.family_doctor.coverage"][key] > 3 * inputs["mechanisms.packaged_fund.desk"][key]
    first = found.rests_on["contract_share"][0]
    assert first.path == "mechanisms.family_doctor.coverage"
    assert first.effect > 0.2
    assert (first.low, first.high) == (0.1, 0.9)
    assert first.flips_at is None  # no goal says how much is wanted
    assert first.office == "County health commission"


def test_a_verdict_that_turns_is_found_by_halving(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    goal = "targets: {contract_share: {goal: 50 %, tolerance: 1 pp, by: 2020-12-31, source: assumed}}\n"
    (tmp_path / "own.yaml").write_text(OWN + goal, encoding="utf-8")
    (tmp_path / "tiny.yaml").write_text(TEXT, encoding="utf-8")
    monkeypatch.setattr(sensing, "LUCK", 2)
    monkeypatch.setattr(sensing, "UNDER", 1)
    monkeypatch.setattr(sensing, "SMALLEST", 2)
    monkeypatch.setattr(
        sensing, "_done", lambda planned, plan, doing: [_like(variant) for variant in plan.variants for _ in _of(plan, variant)]
    )
    doing = Doing(Pool(tmp_path / "pool"), inline(), 1, None, lambda progress: None, lambda batch: None)
    found = sensed(design(tmp_path / "tiny.yaml"), "morris", doing)
    (first, *_) = found.rests_on["contract_share"]
    assert first.flips_at == pytest.approx(0.49, abs=0.01)


def _of(plan: Any, variant: Any) -> list[int]:
    """List the runs of a variant."""
    row = list(plan.variants).index(variant)
    return [seed for at, seed in plan.pairs if at == row]


def _like(variant: Any) -> dict[str, float]:
    """Let the share with a contract be what the coverage says."""
    said = {setting.path: str(setting.value.content) for setting in variant.settings}
    coverage = float(said.get("mechanisms.family_doctor.coverage", "38.34 %").split()[0]) / 100
    return {"contract_share": coverage, "fund_spent_per_head": 700.0}


def test_an_experiment_that_varies_nothing_asks_for_every_assumed_number_of_its_scenario(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal = "targets: {contract_share: {goal: 50 %, tolerance: 1 pp, by: 2020-12-31, source: assumed}}\n"
    (tmp_path / "own.yaml").write_text(OWN + goal, encoding="utf-8")
    (tmp_path / "none.yaml").write_text("name: none\nscenarios: [own.yaml]\nscale: 0.2 %\noutcomes: [contract_share]\n", encoding="utf-8")
    monkeypatch.setattr(sensing, "LUCK", 2)
    monkeypatch.setattr(sensing, "UNDER", 1)
    monkeypatch.setattr(sensing, "_done", lambda planned, plan, doing: [_by_trust(plan.variants[row]) for row, _ in plan.pairs])
    doing = Doing(Pool(tmp_path / "pool"), inline(), 1, None, lambda progress: None, lambda batch: None)
    found = sensed(design(tmp_path / "none.yaml"), "morris", doing)
    assert len(found.inputs) > 250
    assert found.sensitivity.runs == 4 * (len(found.inputs) + 1)
    (first, *others) = found.rests_on["contract_share"]
    assert (first.path, first.low, first.high, first.said) == ("choice.trust", pytest.approx(0.3), pytest.approx(0.9), False)
    assert first.flips_at == pytest.approx(0.5, abs=0.01)
    assert first.office == "Survey of patients (health commission)"
    assert len(others) == 11
    assert all(one.flips_at is None and one.effect == 0 for one in others)


def _by_trust(variant: Any) -> dict[str, float]:
    """Let the share with a contract be what people's trust is said to weigh."""
    said = {setting.path: setting.value.content for setting in variant.settings}
    return {"contract_share": float(said.get("choice.trust", 0.6)), "fund_spent_per_head": 700.0}


def test_where_nothing_can_be_moved_it_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "none.yaml").write_text("name: none\nscenarios: [lujiang-2020]\n", encoding="utf-8")
    monkeypatch.setattr(sensing, "assumed_numbers", lambda base: Assumed([], []))
    doing = Doing(Pool(tmp_path / "pool"), inline(), 1, None, lambda progress: None, lambda batch: None)
    with pytest.raises(UserError, match="varies nothing"):
        sensed(design(tmp_path / "none.yaml"), "morris", doing)
