"""A mechanism's part: with less without, under common luck, and what the parts leave stands under `together`."""

import json
import math
from pathlib import Path
from typing import Any, cast

import pytest

from experiments.comparing.parts import Parts, measures_called, parts, row, usual_measures, variants
from experiments.running.one import measured
from results.store.plain import as_json
from sim import County, load
from sim.language.messages import UserError
from sim.mechanisms import MECHANISMS, RULES
from sim.mechanisms._skeleton import HealthTalks
from sim.scenario.scenario import Scenario

SCALE, DAYS = 0.01, 12
WANTED = ("primary_visit_share_all", "visits", "contract_share", "in_county_admission_share_insured")


def scenario(*settings: str) -> Scenario:
    return load("lujiang-2020", (f"period.days={DAYS}", *settings))


def taken(plan: Scenario, seeds: tuple[int, ...] = (1, 2), workers: int = 1) -> Parts:
    return parts(plan, seeds, SCALE, WANTED, workers, lambda done: None)


@pytest.fixture(scope="module")
def usual() -> Parts:
    return taken(scenario())


def test_none_and_the_parts_and_together_make_all(usual: Parts) -> None:
    for name in ("primary_visit_share_all", "visits", "in_county_admission_share_insured"):
        found = usual.rows[name]
        added = [found.none.mean, *(part.mean for part in found.parts.values()), found.together.mean]
        assert math.fsum(size for size in added if size is not None) == pytest.approx(found.all.mean, rel=1e-13)
        assert any(part.mean for part in found.parts.values())


def test_a_part_is_that_mechanism_with_and_without_for_the_same_people(usual: Parts) -> None:
    plan, name = scenario(), "primary_visit_share_all"
    gains = []
    for seed in (1, 2):
        here, left_out = (measured(one, seed, SCALE, (name,))[name] for one in (plan, plan.without("referral_rules")))
        assert here is not None
        assert left_out is not None
        gains.append(here - left_out)
    assert usual.rows[name].parts["referral_rules"].mean == pytest.approx(sum(gains) / 2, rel=1e-12)


def test_what_only_a_mechanism_can_measure_has_no_part(usual: Parts) -> None:
    assert usual.rows["contract_share"].all.mean is not None
    assert usual.rows["contract_share"].parts["family_doctor"].mean is None
    assert usual.rows["contract_share"].none.mean is None


def test_a_mechanism_that_does_nothing_has_a_part_of_exactly_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(cast(dict[str, Any], MECHANISMS), "health_talks", HealthTalks)
    monkeypatch.setitem(cast(dict[str, Any], RULES), "health_talks", HealthTalks.Rules)
    file = tmp_path / "talks.yaml"
    talks = "{source: assumed, reach: 0 %}"
    file.write_text(f"name: talks\nextends: lujiang-2018\nmechanisms:\n  health_talks: {talks}\n", encoding="utf-8")
    found = taken(load(file, (f"period.days={DAYS}",)))
    for name in ("primary_visit_share_all", "visits", "in_county_admission_share_insured"):
        assert found.rows[name].parts["health_talks"] == (0.0, 0.0, 0.0)
        assert found.rows[name].all.half


def test_one_mechanism_alone_leaves_nothing_to_be_done_together() -> None:
    plan = scenario()
    found = taken(plan.without(*(name for name in plan.mechanisms if name != "referral_rules")))
    assert found.mechanisms == ("referral_rules",)
    assert found.rows["primary_visit_share_all"].together == (0.0, 0.0, 0.0)


@pytest.mark.slow
def test_two_processes_give_the_same_bytes_as_one(usual: Parts) -> None:
    assert as_json(taken(scenario(), workers=2).as_json()) == as_json(usual.as_json())


def test_the_answer_is_an_object_of_json(usual: Parts) -> None:
    told = json.loads(as_json(usual.as_json()))
    assert set(told) == {"scenario", "days", "scale", "seeds", "mechanisms", "measures"}
    assert told["mechanisms"] == list(scenario().mechanisms)
    assert set(told["measures"]["visits"]) == {"none", "parts", "together", "all"}
    assert set(told["measures"]["visits"]["parts"]["packaged_fund"]) == {"mean", "low", "high"}


def test_parts_that_overlap_are_told_together() -> None:
    runs = {(): 5.0, ("a",): 4.0, ("b",): 4.0, ("a", "b"): 1.0}
    found = row("x", ("a", "b"), [{left_out: {"x": size} for left_out, size in runs.items()}])
    assert (found.parts["a"].mean, found.parts["b"].mean, found.together.mean) == (1.0, 1.0, 2.0)


def test_a_scenario_without_a_mechanism_is_one_in_which_it_never_was() -> None:
    plan = scenario()
    less = plan.without("referral_rules")
    assert tuple(less.mechanisms) == tuple(name for name in plan.mechanisms if name != "referral_rules")
    assert less.fingerprint() != plan.fingerprint()
    assert not any(ground.path.startswith("mechanisms.referral_rules.") for ground in less.grounds)
    assert less.groups == plan.groups
    assert County(less, scale=SCALE).whole.mechanisms.keys() == less.mechanisms.keys()


def test_dated_changes_of_what_is_left_out_go_with_it(tmp_path: Path) -> None:
    file = tmp_path / "dated.yaml"
    file.write_text(
        "name: dated\nextends: lujiang-2020\nchanges:\n"
        "  - {from: 2020-01-05, set: {mechanisms.family_doctor.appeal: {value: 1, source: assumed}}}\n"
        "  - {from: 2020-01-06, set: {mechanisms.family_doctor.appeal: {value: 0, source: assumed},"
        " choice.loyalty: {value: 0.5, source: assumed}}}\n",
        encoding="utf-8",
    )
    plan = load(file, ("period.days=8",))
    less = plan.without("family_doctor")
    assert [len(change.numbers) for change in plan.changes] == [1, 2]
    assert [len(change.numbers) for change in less.changes] == [1]
    assert measured(less, 1, SCALE, ("visits",))["visits"]


def test_what_a_scenario_does_not_have_cannot_be_left_out() -> None:
    with pytest.raises(KeyError, match="no mechanism health_talks; there are family_doctor"):
        scenario().without("health_talks")


def test_every_variant_is_run_once() -> None:
    plan = scenario()
    assert list(variants(plan)) == [(), *((name,) for name in plan.mechanisms), tuple(plan.mechanisms)]
    assert list(variants(plan.without(*plan.mechanisms))) == [()]


def test_the_goals_come_first_among_the_measures_told() -> None:
    plan = scenario()
    assert usual_measures(plan)[: len(plan.targets)] == tuple(plan.targets)
    assert measures_called(usual_measures(plan)) == usual_measures(plan)


def test_a_measure_that_is_none_is_refused_with_the_nearest() -> None:
    with pytest.raises(UserError, match="did you mean 'visits'"):
        measures_called(["visit"])
