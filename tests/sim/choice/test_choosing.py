"""Choice: shares of the nested logit, and a race that keeps to them and moves nobody without cause."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.arithmetic.luck import CHOICE, key, place_key
from sim.choice.choosing import logsum, race, shares

Reals = NDArray[np.float64]
N = 100_000
NAMES = ("village", "township", "county", "tcm", "hefei")
NEST = np.array([0, 0, 1, 1, 2])


def one_by_one(utility: Reals, nest: NDArray[np.int64], dissimilarity: Reals) -> Reals:
    """Write the nested logit as in a textbook: the share of the nest, times the share within it."""
    value = [dissimilarity[m] * math.log(sum(math.exp(utility[j] / dissimilarity[m]) for j in np.flatnonzero(nest == m))) for m in nest]
    inclusive = {int(m): math.exp(v) for m, v in zip(nest, value, strict=True)}
    within = [
        math.exp(utility[j] / dissimilarity[m]) / sum(math.exp(utility[i] / dissimilarity[m]) for i in np.flatnonzero(nest == m))
        for j, m in enumerate(nest)
    ]
    return np.array([inclusive[int(m)] / sum(inclusive.values()) * w for m, w in zip(nest, within, strict=True)])


def taken_by(weights: Reals, people: int = N, seed: int = 1, names: tuple[str, ...] = NAMES) -> NDArray[np.int64]:
    """Let people race for options with the same weights."""
    taken = np.empty(people, np.int64)
    keys = np.array([place_key(name) for name in names], np.uint64)
    race(key(seed), CHOICE, np.arange(people), np.zeros(people, np.int64), keys, np.atleast_2d(weights), taken)
    return taken


utilities = st.lists(st.floats(-6, 6), min_size=5, max_size=5)
dissimilarities = st.lists(st.floats(0.1, 1.0), min_size=3, max_size=3)


@given(utilities, dissimilarities)
@settings(deadline=None)
def test_nested_shares_are_those_of_the_textbook(utility: list[float], dissimilarity: list[float]) -> None:
    values, spread = np.array(utility), np.array(dissimilarity)
    assert shares(values, NEST, spread) == pytest.approx(one_by_one(values, NEST, spread), rel=1e-9, abs=1e-15)


@given(utilities, dissimilarities)
@settings(deadline=None)
def test_the_slope_of_the_logsum_is_the_share(utility: list[float], dissimilarity: list[float]) -> None:
    values, spread, step = np.array(utility), np.array(dissimilarity), 1e-5
    for j in range(5):
        up, down = values.copy(), values.copy()
        up[j] += step
        down[j] -= step
        slope = (logsum(up, NEST, spread) - logsum(down, NEST, spread)) / (2 * step)
        assert float(slope) == pytest.approx(float(shares(values, NEST, spread)[j]), abs=1e-5)


@given(utilities, dissimilarities, st.floats(-2000, 2000))
@settings(deadline=None)
def test_only_differences_of_utility_count_however_large(utility: list[float], dissimilarity: list[float], lift: float) -> None:
    values, spread = np.array(utility), np.array(dissimilarity)
    assert shares(values + lift, NEST, spread) == pytest.approx(shares(values, NEST, spread), rel=1e-6, abs=1e-12)
    assert float(logsum(values + lift, NEST, spread)) == pytest.approx(float(logsum(values, NEST, spread)) + lift, abs=1e-6)


def test_what_is_not_offered_has_no_share() -> None:
    got = shares(np.array([[0.0, -np.inf, -np.inf, -np.inf, 1.0]]), NEST, np.array([0.5, 0.5, 1.0]))
    assert got[0, 1:4].tolist() == [0.0, 0.0, 0.0]
    assert got[0, 4] / got[0, 0] == pytest.approx(math.e)


def test_the_race_keeps_to_the_shares() -> None:
    weights = np.array([0.4, 0.3, 0.2, 0.09, 0.01])
    counts = np.bincount(taken_by(weights * 7.0), minlength=5) / N
    assert np.all(np.abs(counts - weights) < 5 * np.sqrt(weights * (1 - weights) / N))


def test_each_person_may_have_weights_of_his_own() -> None:
    weights = np.zeros((N, 5))
    weights[np.arange(N), np.arange(N) % 4] = 0.3
    assert np.array_equal(taken_by(weights), np.arange(N) % 4)
    assert np.all(taken_by(np.zeros((10, 5)), 10) == -1)


def test_a_subsidy_moves_people_only_to_the_place_it_is_paid_at() -> None:
    utility = np.array([0.2, 0.6, 1.0, 0.1, 0.5])
    cheaper = utility + np.array([0.0, 0.4, 0.0, 0.0, 0.0])
    before, after = (taken_by(shares(u, np.zeros(5, np.int64), np.ones(1))) for u in (utility, cheaper))
    moved = before != after
    assert moved.sum() > N / 50
    assert np.all(after[moved] == 1)


def test_reordering_the_options_changes_nobodys_choice() -> None:
    weights, order = np.array([0.4, 0.3, 0.2, 0.09, 0.01]), np.array([3, 0, 4, 2, 1])
    renamed = taken_by(weights[order], names=tuple(NAMES[j] for j in order))
    assert np.array_equal(order[renamed], taken_by(weights))


def test_a_wider_gap_in_price_lowers_the_dear_share() -> None:
    tertiary = [shares(np.array([0.0, 0.6, 1.2 - 0.01 * price]), np.zeros(3, np.int64), np.ones(1))[2] for price in range(0, 400, 20)]
    assert np.all(np.diff(tertiary) < 0)
