"""Illness: which share of the candidates the rates of a day keep."""

import numpy as np
import pytest

from sim import County
from sim.language.messages import UserError
from sim.people.illness import need_bands, present_rate
from sim.words import NEED_AGES
from tests.sim.county_worlds import county


@pytest.fixture(scope="module")
def fresh() -> County:
    return county(days=1)


def test_migrants_keep_the_share_of_candidates_that_they_use_here(fresh: County) -> None:
    rate = fresh.rate
    assert rate[0, 1] / rate[0, 0] == pytest.approx(fresh.plan.population.migrants_use)
    assert rate[0, 0] == pytest.approx(1 / fresh.plan.illness.headroom)


def test_need_beyond_the_headroom_is_refused(fresh: County, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fresh.mechanisms[0], "need", lambda county: 1.2)
    with pytest.raises(UserError, match=r"illness\.headroom: 1\.1 .* 1\.2 times"):
        fresh._refresh()


def test_rates_beyond_the_headroom_are_refused_whoever_asks(fresh: County) -> None:
    kept = present_rate(fresh.plan, fresh.place, [fresh.plan.illness.headroom], 1)
    assert kept[:, 0].max() <= 1.0
    with pytest.raises(UserError, match=r"illness\.headroom"):
        present_rate(fresh.plan, fresh.place, [0.9, 1.1 * fresh.plan.illness.headroom / 0.9], 1)


def test_every_age_stands_in_the_band_that_holds_it() -> None:
    bands = need_bands()
    assert len(bands) == 120
    assert all(np.all(bands[low : high + 1] == band) for band, (low, high) in enumerate(NEED_AGES))
