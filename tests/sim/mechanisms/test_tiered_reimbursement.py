"""Tiered reimbursement: neutral at zero, opens month by month, and a wider gap keeps stays in the county and costs nobody at the base."""

from pathlib import Path

import numpy as np
import pytest

from sim import County, load
from sim.money.paying import RESIDENTS_FUND
from sim.words import STAY
from tests.sim.mechanisms.small_counties import SCALE, SEED, lived, shared

SET = "mechanisms.tiered_reimbursement."
RULES = """
name: tiered
title: {en: Tiered, zh: 拉开差距}
extends: lujiang-2018
mechanisms:
  tiered_reimbursement: {source: assumed, primary_more: 0 pp, tertiary_less: 0 pp, over_months: 4}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The county before the reform, with a gap that is not widened."""
    path = tmp_path / "tiered.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


def outside(county: County) -> float:
    """Share of the admissions of the residents' scheme that leave the county."""
    admitted = county.inpatients.counts.admissions[[0, 3]].sum(axis=(0, 2))
    return float(admitted[~county.place.facilities.in_county].sum() / admitted.sum())


def test_a_gap_that_is_not_widened_changes_nothing(rules: Path) -> None:
    idle, usual = shared(lived(rules), lived("lujiang-2018"))
    assert len(idle) > 50
    assert idle == usual


def test_a_wider_gap_lowers_the_tertiary_share(rules: Path) -> None:
    at_once = [f"{SET}over_months=1", f"{SET}tertiary_less=50 pp"]
    assert outside(lived(rules, at_once, days=90)) < outside(lived(rules, days=90))


def test_more_at_the_base_brings_more_of_the_funds_money_there(rules: Path) -> None:
    usual, more = lived(rules), lived(rules, [f"{SET}over_months=1", f"{SET}primary_more=10 pp"])
    primary = usual.place.facilities.in_county & (usual.place.facilities.tier < 3)
    paid = [county.books.paid[RESIDENTS_FUND][:, primary].sum() for county in (usual, more)]
    assert paid[1] > paid[0]


def test_the_gap_opens_in_equal_steps_month_by_month_from_its_first_day(rules: Path) -> None:
    settings = [f"{SET}from=2018-02-01", f"{SET}tertiary_less=20 pp", "period.days=180", "period.run_in_days=0"]
    county = County(load(rules, settings), seed=SEED, scale=SCALE)
    row = county.place.facilities.row("hefei_provincial")
    kind, shares = len(county.market.tariff.fund_share) // 2 * STAY + 1, {}
    for _ in county.days():
        shares[county.clock.yesterday.isoformat()] = float(county.market.tariff.fund_share[kind, row])
    steps = {"2018-01-31": 0.0, "2018-02-01": 0.05, "2018-02-28": 0.05, "2018-03-01": 0.10, "2018-04-01": 0.15, "2018-05-01": 0.20}
    steps["2018-06-01"] = 0.20
    before = shares["2018-01-01"]
    assert {day: shares[day] for day in steps} == pytest.approx({day: before - step for day, step in steps.items()}, abs=1e-6)
    assert len(set(np.round(list(shares.values()), 6))) == 5
