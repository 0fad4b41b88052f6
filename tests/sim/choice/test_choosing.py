"""Choice: shares of the nested logit, and a race that keeps to them and moves nobody without cause."""

import math
from typing import Any

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.arithmetic.luck import BLOCK, CHOICE, key, place_key
from sim.choice import choosing
from sim.choice.choosing import OWN_TOWNSHIP, logsum, race, shares
from sim.people.need import Cases, cases
from sim.words import STAY, VISIT
from tests.sim.county_worlds import lived

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


# the kernels that choose for a block of cases, side by side

multiply_out = numba.njit(error_model="numpy")(choosing._multiply_out.py_func)
VILLAGES, SLOTS, FACILITIES, KINDS, WAYS = 6, 9, 20, 30, 8


def row(i: int, block: Any) -> tuple[NDArray[np.float32], NDArray[np.uint32]]:
    """Multiply out the row of one case: the plain twin."""
    v, facility = block.home[i], block.option[block.home[i]]
    weight = block.pull[block.kind[i], facility] * block.near[block.way[i], v]
    weight = np.where(facility == block.usual[i], weight * block.loyal[facility], weight)
    weight[OWN_TOWNSHIP] *= block.trust[i]
    return np.append(weight, block.pull[block.kind[i], FACILITIES]), block.place_keys[v]


class Block:
    """Some cases, and what their rows are made of, all by chance; neighbours stand together, or nobody does."""

    def __init__(self, count: int, seed: int, by_village: bool) -> None:
        luck = np.random.default_rng(seed)
        self.option = luck.integers(0, FACILITIES + 2, (VILLAGES, SLOTS)).astype(np.int16)
        self.place_keys = luck.integers(0, 1 << 32, (VILLAGES, SLOTS + 1), np.uint32)
        self.pull = luck.random((KINDS, FACILITIES + 2), np.float32)
        self.near = luck.random((WAYS, VILLAGES, SLOTS), np.float32)
        self.loyal = luck.random(FACILITIES + 2, np.float32)
        self.kind, self.way = luck.integers(0, KINDS, count), luck.integers(0, WAYS, count)
        home = luck.integers(0, VILLAGES, count)
        self.home = np.sort(home) if by_village else home
        self.usual, self.trust = luck.integers(-1, FACILITIES, count).astype(np.int16), luck.random(count, np.float32)


@given(st.integers(1, BLOCK), st.integers(0, 1000), st.booleans())
@settings(max_examples=60, deadline=None)
def test_the_rows_of_a_block_are_those_multiplied_out_one_by_one(count: int, seed: int, by_village: bool) -> None:
    block = Block(count, seed, by_village)
    weight, keys = np.empty((SLOTS + 1, BLOCK), np.float32), np.empty((SLOTS + 1, BLOCK), np.uint32)
    offer, way = block.kind * (FACILITIES + 2), (block.way * VILLAGES + block.home) * SLOTS
    multiply_out(
        count, block.pull.ravel(), block.near.ravel(), block.option.ravel(), block.loyal, block.place_keys.ravel(), np.uint64(FACILITIES),
        block.home.astype(np.uint64), offer.astype(np.uint64), way.astype(np.uint64), block.usual, block.trust, weight, keys,
    )  # fmt: skip
    for i in range(count):
        wanted, wanted_keys = row(i, block)
        assert np.array_equal(weight[:, i], wanted)
        assert np.array_equal(keys[:, i], wanted_keys)


def asked(people: Any, groups: int, count: int, seed: int) -> Cases:
    """Make cases of people by chance, some of whom somebody has failed before."""
    luck, some = np.random.default_rng(seed), cases(count)
    some.count[0] = count
    some.resident[:] = luck.integers(0, len(people.person), count)
    some.person[:], some.occasion[:] = people.person[some.resident], np.arange(count)
    some.group[:], some.referred[:] = luck.integers(0, groups, count), luck.random(count) < 0.2
    some.avoid[:] = np.where(luck.random(count) < 0.3, np.maximum(people.usual[some.resident], -1), -1)
    return some


@pytest.mark.parametrize("setting", [VISIT, STAY])
@pytest.mark.parametrize("able_only", [False, True])
def test_everybody_chooses_in_a_block_as_he_does_alone(setting: int, able_only: bool) -> None:
    county = lived(days=3, scale=0.01)
    together, alone = (asked(county.people, len(county.place.conditions.names), 3 * BLOCK // 2, 5) for _ in range(2))
    many = int(together.count[0])
    choosing.choose(county.luck, setting, together, 0, many, able_only, county.people, county.market.sheet)
    for i in range(many):
        choosing.choose(county.luck, setting, alone, i, i + 1, able_only, county.people, county.market.sheet)
    assert np.array_equal(together.facility, alone.facility)
    assert np.array_equal(together.kind, alone.kind)
    assert len(np.unique(together.facility)) > 5
