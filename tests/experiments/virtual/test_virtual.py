"""Virtual experiments: their signs, the limits in which the answer is known, and honest verdicts."""

import json
import math
from collections.abc import Callable

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.comparing.intervals import Estimate
from experiments.virtual import behaviour, offered, pilots, virtual
from results.store.plain import as_json
from sim import County, load
from sim.arithmetic import luck
from sim.choice import choosing
from sim.choice.utility import own_payment
from sim.mechanisms import hearing
from sim.reading.provenance import known_sources
from sim.words import STAY, VISIT

SCALE = 0.02
SEGMENTS = ("minor_visit", "serious_visit", "common_stay", "serious_stay")
Made = Callable[..., County]


@pytest.fixture(scope="module")
def county() -> County:
    return opened()


def opened(*settings: str) -> County:
    """Open a small county on its first day."""
    return County(load("lujiang-2020", ("period.run_in_days=0", "period.days=60", *settings)), seed=1, scale=SCALE)


def tastes(name: str, value: str) -> list[str]:
    return [f"choice.segments.{segment}.{name}={value}" for segment in SEGMENTS]


# the offer sheet, multiplied out


def test_the_race_over_the_shares_sends_each_where_he_goes(county: County) -> None:
    sheet, people = county.market.sheet, county.people
    for setting in (VISIT, STAY):
        asked = offered.needs(county, setting, 600)
        found, cases = offered.shares(asked, people, sheet), asked.cases
        keys = sheet.place_keys[people.village[cases.resident]].astype(np.uint64)
        won = np.array([first(county, asked, found, keys, i) for i in range(len(found))])
        choosing.choose(county.luck, setting, cases, 0, len(found), False, people, sheet)
        to = np.concatenate([sheet.option[people.village[cases.resident]], np.full((len(found), 1), -1)], axis=1)[np.arange(len(won)), won]
        chooses = ~offered.emergencies(asked, sheet)
        assert chooses.sum() > 300
        assert (to != cases.facility)[chooses].sum() <= 2  # ties of single precision


def first(county: County, asked: offered.Needs, shares: offered.Array, keys: NDArray[np.uint64], i: int) -> int:
    """Let the options of one case race."""
    won = np.zeros(1, np.int64)
    choosing.race(county.luck, luck.CHOICE, asked.cases.person[[i]], asked.cases.occasion[[i]], keys[i], shares[[i]], won)
    return int(won[0])


def test_a_sheet_made_anew_under_the_same_terms_is_the_same(county: County) -> None:
    again = offered.sheet_under(county, county.plan, county.market.tariff, hearing.terms(county.mechanisms, county))
    assert all(np.array_equal(one, other) for one, other in zip(again, county.market.sheet, strict=True))


def test_own_payments_grow_by_the_factor_and_nothing_else_does(county: County, monkeypatch: pytest.MonkeyPatch) -> None:
    used = []
    monkeypatch.setattr(offered, "sheet_under", lambda county, plan, tariff, terms: used.append(tariff))
    offered.dearer(county, 1.1)
    for before, after in zip(own_payment(county.market.tariff, county.place), own_payment(used[0], county.place), strict=True):
        np.testing.assert_allclose(after, 1.1 * before, rtol=1e-5)


def test_needs_are_of_people_living_here(county: County) -> None:
    asked = offered.needs(county, VISIT, 200)
    assert len(asked.weight) == 200
    assert not county.people.lives[asked.cases.resident].any()
    assert ((asked.weight > 0.0) & (asked.weight <= 1.0)).all()


# what is known of each experiment


@pytest.mark.parametrize("setting", [VISIT, STAY])
def test_fewer_seek_dearer_care_and_nobody_minds_where_price_counts_for_nothing(setting: int, county: County) -> None:
    assert -1.0 < behaviour.elasticity(county, setting) < 0.0
    assert behaviour.elasticity(opened(*tastes("price", "0")), setting) == 0.0


def test_a_minute_is_worth_nothing_to_those_who_do_not_mind_the_way(county: County) -> None:
    assert behaviour.minute_price(county) > 0.0
    assert behaviour.minute_price(opened("choice.segments.minor_visit.minute=0")) == 0.0
    twice = opened(f"choice.segments.minor_visit.price={2 * county.plan.choice.segments.minor_visit.price}")
    assert behaviour.minute_price(twice) < behaviour.minute_price(county)
    assert math.isnan(behaviour.minute_price(opened(*tastes("price", "0"))))


def test_the_span_is_the_logit_that_the_study_names() -> None:
    assert behaviour.raised(0.048, math.log(0.665 / 0.335) - math.log(0.048 / 0.952)) == pytest.approx(0.665, rel=1e-12)
    assert behaviour.raised(0.048, 0.0) == pytest.approx(0.048, rel=1e-12)


def test_the_span_is_the_tastes_added_up_and_nothing_without_them(county: County) -> None:
    nothing = [f"choice.segments.minor_visit.{name}=0" for name in ("price", "minute", "wait_hour", "capability", "quality")]
    assert behaviour.worst_to_best(opened(*nothing)) == 0.0
    only_minutes = behaviour.worst_to_best(opened(*(one for one in nothing if ".minute=" not in one)))
    assert 0.0 < only_minutes < behaviour.worst_to_best(county)
    assert behaviour.shift(county) > behaviour.START


def test_a_gap_moves_some_and_nobody_where_price_counts_for_nothing(county: County) -> None:
    assert 0.0 < behaviour.moved(county, county.plan) < 1.0
    free = opened(*tastes("price", "0"))
    assert behaviour.moved(free, free.plan) == pytest.approx(0.0, abs=1e-9)


def test_better_townships_open_the_gate(county: County) -> None:
    better = behaviour.as_good(county.plan)
    assert better.choice.quality.township == county.plan.choice.quality.county
    assert behaviour.open_gate(county, better) > behaviour.open_gate(county, county.plan)


def test_the_chance_of_another_winner_is_that_of_the_race() -> None:
    before, after = np.array([[0.5, 0.3, 0.2, 0.0]]), np.array([[0.3, 0.4, 0.1, 0.2]])
    many = 40_000
    keys = np.arange(11, 15, dtype=np.uint64) * np.uint64(2_654_435_761)
    who, occasion = np.arange(many, dtype=np.uint32), np.ones(many, np.uint32)
    first, second = np.zeros(many, np.int64), np.zeros(many, np.int64)
    choosing.race(luck.key(1), luck.CHOICE, who, occasion, keys, before, first)
    choosing.race(luck.key(1), luck.CHOICE, who, occasion, keys, after, second)
    chance = float(behaviour.changing(before, after)[0])
    assert (first != second).mean() == pytest.approx(chance, abs=4 * math.sqrt(chance * (1 - chance) / many))
    assert behaviour.changing(before, before)[0] == pytest.approx(0.0, abs=1e-12)


def test_who_is_tied_to_the_township_goes_to_hospital_less(county: County) -> None:
    assert 0.0 < behaviour.usual_provider(county) < 1.0
    loose = opened("choice.loyalty=0", *tastes("price", "0"), "mechanisms.family_doctor.appeal=0")
    assert behaviour.usual_provider(loose) == pytest.approx(1.0, rel=1e-6)


# pilots


def test_pilots_move_visits_to_primary_care() -> None:
    plans = pilots.versions("lujiang-2020", ("period.days=15", "period.run_in_days=7"))
    runs = [pilots.counted(plan, 1, SCALE) for pair in plans.values() for plan in pair]
    found = virtual.in_runs(runs)
    assert found["gatekeeping_primary"] > 0.0
    assert found["gatekeeping_hospital"] < 0.0
    assert found["contract_chronic"] > 0.0


def test_a_pilot_that_switches_nothing_on_moves_nothing() -> None:
    counts = {"primary": 10.0, "hospital": 5.0, "chronic_primary": 2.0, "chronic": 4.0}
    assert set(virtual.in_runs([counts] * 4).values()) == {0.0}
    assert math.isnan(pilots.change("primary", {"primary": 0.0}, counts))


def test_a_scenario_without_referral_rules_borrows_them() -> None:
    plans = pilots.versions("lujiang-2018", ())
    without, with_it = (plan.mechanisms["referral_rules"] for plan in plans["gatekeeping"])
    assert (without.gatekeeping_compliance, with_it.gatekeeping_compliance) == (0.0, 1.0)
    assert without.model_copy(update={"gatekeeping_compliance": 1.0}) == with_it
    assert "referral_rules" not in plans["contract"][0].mechanisms


# the whole


@pytest.fixture(scope="module")
def whole() -> virtual.Virtual:
    settings = ("period.days=6", "period.run_in_days=2")
    plans = pilots.versions("lujiang-2018", settings)
    return virtual.virtual(load("lujiang-2018", settings), plans, (1, 2), SCALE, 1, lambda done: None)


def test_every_experiment_of_the_table_is_done(whole: virtual.Virtual) -> None:
    assert list(whole.found) == list(virtual.studies())
    assert all(found.value.mean is not None and found.value.half is not None for found in whole.found.values())
    told = json.loads(as_json(whole.as_json()))
    assert set(told) == {"scenario", "days", "scale", "seeds", "experiments"}
    assert {"value", "low", "high", "reference", "sd", "source", "matched", "unit", "rests_on", "title"} == set(
        told["experiments"]["minute_price"]
    )


def test_every_reference_names_a_known_study() -> None:
    for study in virtual.studies().values():
        assert (study.reference is None) == (study.source is None)
        assert study.source is None or known_sources()[study.source].kind == "study"


@pytest.mark.parametrize(("value", "matched"), [(2.9, True), (4.9, True), (4.91, False), (0.89, False)])
def test_a_value_matches_within_two_standard_deviations(value: float, matched: bool) -> None:
    assert virtual.Found(virtual.studies()["minute_price"], Estimate(value)).matched is matched


def test_nothing_is_judged_that_was_not_measured_or_has_no_reference() -> None:
    assert virtual.Found(virtual.studies()["minute_price"], Estimate(None)).matched is None
    assert virtual.Found(virtual.studies()["gate"], Estimate(0.5)).matched is None
