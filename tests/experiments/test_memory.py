"""Runs one after another do not stand in memory together."""

import gc

import pytest

from experiments.running import one
from sim import County, load


def test_a_large_county_is_cleared_away_when_it_is_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(one, "LARGE", 0)
    plan = load("lujiang-2018", ["period.days=2", "period.run_in_days=0"])
    one.measured(plan, seed=1, scale=0.005)
    gc.collect()
    before = sum(isinstance(thing, County) for thing in gc.get_objects())
    gc.disable()
    try:
        one.measured(plan, seed=1, scale=0.005)
        after = sum(isinstance(thing, County) for thing in gc.get_objects())
    finally:
        gc.enable()
    assert after <= before
