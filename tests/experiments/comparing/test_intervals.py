"""Means over runs carry the interval of Student's t."""

import pytest
from scipy import stats

from experiments.comparing.intervals import Estimate, estimate


def test_the_interval_is_that_of_students_t() -> None:
    values = [0.2, 0.5, 0.1, 0.4]
    low, high = stats.t.interval(0.95, 3, loc=0.3, scale=stats.sem(values))
    found = estimate(values)
    assert (found.mean, found.low, found.high) == pytest.approx((0.3, low, high), rel=1e-12)
    assert found.half == pytest.approx((high - low) / 2)


def test_runs_that_agree_leave_an_interval_of_nothing() -> None:
    assert estimate([0.1, 0.1, 0.1]) == Estimate(0.1, 0.1, 0.1)


def test_one_run_has_no_interval_and_a_missing_one_leaves_nothing() -> None:
    assert estimate([2.0]) == Estimate(2.0)
    assert estimate([2.0, None]) == Estimate(None)
    assert estimate([]) == Estimate(None)
