"""Keyed luck: the published generator, uniforms that fill (0, 1), and draws that belong to a person and to nothing else."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.arithmetic.compiled import njit

N = 200_000
LOW = (1 << 32) - 1


@njit
def raw(key, purpose, resident, occasion):  # type: ignore[no-untyped-def]
    """Draw the words of one occasion."""
    return luck.words(key, purpose, resident, occasion)


@njit
def spread_of(mean, cv2, u, out):  # type: ignore[no-untyped-def]
    """Draw many positive quantities."""
    for i in range(len(out)):
        out[i] = luck.spread(mean, cv2, u[i])


@njit
def counts_of(mean, u, out):  # type: ignore[no-untyped-def]
    """Draw many counts."""
    for i in range(len(out)):
        out[i] = luck.poisson(mean, u[i])


def twin(key: int, purpose: int, resident: NDArray[Any], occasion: NDArray[Any]) -> NDArray[np.float64]:
    """Write Philox4x32-10 in numpy: a round multiplies two words, and mixes the high halves into the other two."""
    c = [
        resident.astype(np.uint64) & LOW,
        occasion.astype(np.uint64) & LOW,
        np.full(len(resident), purpose, np.uint64),
        np.zeros(len(resident), np.uint64),
    ]
    a, b = key & LOW, key >> 32
    for _ in range(10):
        p, q = np.uint64(0xD2511F53) * c[0], np.uint64(0xCD9E8D57) * c[2]
        c = [(q >> np.uint64(32)) ^ c[1] ^ np.uint64(a), q & np.uint64(LOW), (p >> np.uint64(32)) ^ c[3] ^ np.uint64(b), p & np.uint64(LOW)]
        a, b = (a + 0x9E3779B9) & LOW, (b + 0xBB67AE85) & LOW
    return (np.column_stack(c).astype(np.float64) + 0.5) / 2.0**32


def test_zero_key_and_counter_give_the_published_words() -> None:
    assert [hex(word) for word in raw(np.uint64(0), 0, 0, 0)] == ["0x6627e8d5", "0xe169c58d", "0xbc57ac4c", "0x9b00dbd8"]


@given(st.integers(0, 2**64 - 1), st.integers(1, 40), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
@settings(max_examples=60, deadline=None)
def test_kernel_and_numpy_agree_bit_for_bit(key: int, purpose: int, resident: int, occasion: int) -> None:
    people = (np.arange(3) + resident) % 2**32
    ours = luck.uniforms(np.uint64(key), purpose, people, occasion)
    assert np.array_equal(ours, twin(key, purpose, people, np.full(3, occasion)))


def test_uniforms_fill_the_open_interval_evenly() -> None:
    draws = luck.uniforms(luck.key(1), luck.VISIT, np.arange(N))
    assert draws.min() > 0.0
    assert draws.max() < 1.0
    for word in draws.T:
        cells = np.bincount((word * 100).astype(int), minlength=100)
        chi2 = float(((cells - N / 100) ** 2).sum() / (N / 100))
        assert abs(chi2 - 99) < 5 * math.sqrt(2 * 99)
    assert np.abs(np.corrcoef(draws.T) - np.eye(4)).max() < 5 / math.sqrt(N)


def test_a_python_seed_gives_uniforms_on_both_sides_of_a_half() -> None:
    draws = luck.uniforms(luck.key(2**63 + 11), luck.EPISODE, [0, 1, 2, 3, 4, 5, 6, 7], 5)
    assert (draws > 0.5).any()
    assert (draws < 0.5).any()


@pytest.mark.parametrize("change", ["seed", "purpose", "resident", "occasion"])
def test_every_part_of_the_key_changes_the_draw(change: str) -> None:
    where = {"seed": 1, "purpose": luck.VISIT, "resident": 0, "occasion": 0}
    other = where | {change: where[change] + 1}
    one, two = (
        luck.uniforms(luck.key(w["seed"]), w["purpose"], np.arange(N) + w["resident"] * N, w["occasion"])[:, 0] for w in (where, other)
    )
    assert (one != two).mean() > 1 - 1e-4
    assert abs(np.corrcoef(one, two)[0, 1]) < 5 / math.sqrt(N)


def test_a_draw_does_not_depend_on_who_else_draws() -> None:
    people = np.array([7, 3, 900_000])
    alone = luck.uniforms(luck.key(3), luck.STAY, people, 2)
    among_all = luck.uniforms(luck.key(3), luck.STAY, np.arange(1_000_000), 2)
    assert np.array_equal(alone, among_all[people])


def test_each_purpose_has_a_number_of_its_own_and_says_what_it_is_for() -> None:
    names = [name for name, value in vars(luck).items() if name.isupper() and isinstance(value, int) and name != "BLOCK"]
    assert sorted(luck.PURPOSES) == sorted(getattr(luck, name) for name in names)
    assert len(luck.PURPOSES) == len(names)
    assert all(luck.PURPOSES.values())


@pytest.mark.parametrize("cv2", [0.0, 0.5, 1.0, 2.25])
def test_spread_keeps_mean_and_variation(cv2: float) -> None:
    draws = luck.uniforms(luck.key(4), luck.VISIT, np.arange(N))
    out = np.empty(N)
    spread_of(12.0, cv2, draws[:, 1], out)
    assert out.min() > 0.0
    assert abs(out.mean() - 12.0) <= 5 * 12.0 * math.sqrt(cv2 / N)
    assert out.var() / 144.0 == pytest.approx(cv2, rel=0.06, abs=1e-12)


def test_counts_have_mean_and_variance_of_poisson() -> None:
    out = np.empty(N)
    counts_of(6.2, luck.uniforms(luck.key(5), luck.EPISODES, np.arange(N))[:, 0], out)
    assert abs(out.mean() - 6.2) < 5 * math.sqrt(6.2 / N)
    assert out.var() == pytest.approx(6.2, rel=5 * math.sqrt(2 / N) + 0.01)


def test_places_are_keyed_by_name_and_not_by_their_order() -> None:
    keys = [luck.place_key(name) for name in ("lujiang_people", "lujiang_tcm", "hefei", "合肥")]
    assert len(set(keys)) == 4
    assert keys[0] == luck.place_key("lujiang_people")


@pytest.mark.parametrize("count", [1, 7, 8, luck.BLOCK])
def test_words_drawn_side_by_side_are_those_drawn_alone(count: int) -> None:
    person, occasion = np.arange(500, dtype=np.uint32) * np.uint32(7919), np.arange(500, dtype=np.uint32) ^ np.uint32(0xFFFF0000)
    drawn = np.zeros(4 * luck.BLOCK, np.uint32)
    luck.draw(luck.key(3), luck.CHOICE, person, occasion, 100, count, drawn)
    alone = luck.uniforms(luck.key(3), luck.CHOICE, person[100 : 100 + count], occasion[100 : 100 + count])
    side_by_side = (drawn.reshape(4, luck.BLOCK)[:, :count].T + 0.5) / 2.0**32
    assert np.array_equal(side_by_side, alone)
