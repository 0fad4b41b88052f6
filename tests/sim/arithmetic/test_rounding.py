"""Rounding: no person and no fen is lost or made where an amount, a span or a total is divided."""

from fractions import Fraction
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from sim.arithmetic.rounding import YEAR, accrued, largest_remainder, part


@given(st.lists(st.floats(0.0, 1e6), min_size=1, max_size=30).filter(lambda x: sum(x) > 1e-3), st.integers(0, 2_000_000))
def test_a_whole_number_is_split_exactly_and_fairly(weights: list[float], total: int) -> None:
    parts, exact = largest_remainder(np.array(weights), total), np.array(weights) / sum(weights) * total
    assert parts.sum() == total
    assert np.all(np.abs(parts - exact) < 1.0 + 1e-6)


def test_the_largest_remainders_get_what_is_left() -> None:
    assert largest_remainder(np.array([47.0, 16.0, 15.8, 12.0, 6.1, 3.1]), 10).tolist() == [5, 2, 1, 1, 1, 0]


@given(st.integers(0, 10**14), st.lists(st.integers(0, 400), min_size=2, max_size=8).map(sorted))
def test_parts_of_a_span_add_up_to_the_span(yearly: int, days: list[int]) -> None:
    parts = [accrued(yearly, first, last) for first, last in pairwise(days)]
    assert sum(parts) == accrued(yearly, days[0], days[-1])
    assert min(parts) >= 0
    assert accrued(yearly, 0, YEAR) == yearly


@given(st.integers(0, 10**14), st.integers(0, 10_000))
def test_a_share_of_an_amount_is_exact_and_rounded_down(amount: int, hundredths: int) -> None:
    exact = amount * Fraction(hundredths, 10_000)
    assert 0 <= exact - part(amount, hundredths / 10_000) < 1
