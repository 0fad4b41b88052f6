"""Layouts are ranked with the errors promised: the better one is found, alike ones are called alike."""

import numpy as np
import pytest

from experiments.layouts.judging.ranking import looks_up_to, ranked, word_for

LUCK, OWN = 0.01, 0.0015
"""Spread of what all layouts share under one seed, and of what each has alone."""


def drawn(rng: np.random.Generator, seeds: int, better: float = 0.0, many: int = 10) -> np.ndarray:
    values = 0.86 + rng.normal(0, LUCK, (seeds, 1)) + rng.normal(0, OWN, (seeds, many))
    values[:, 3] += better
    return values


def named(values: np.ndarray) -> dict[str, list[float]]:
    return {str(row): values[:, row].tolist() for row in range(values.shape[1])}


def test_one_of_ten_that_is_better_by_half_a_point_is_found_in_fifty_runs() -> None:
    rng = np.random.default_rng(1)
    assert sum(next(iter(ranked(named(drawn(rng, 5, 0.005)), "up", 0.002).standings)) == "3" for _ in range(100)) >= 95


def test_ten_that_differ_by_luck_only_are_called_alike_and_hardly_ever_worse() -> None:
    rng = np.random.default_rng(2)
    looks = looks_up_to(80, 10, 2.0)
    called = wrong = 0
    for _ in range(200):
        values = drawn(rng, 80)
        seen = [ranked(named(values[:seeds]), "up", 0.002, looks) for seeds in (10, 20, 40, 80)]
        first = next((one for one in seen if one.settled), seen[-1])
        called += len(first.alike) == 9
        wrong += any(standing.verdict == "worse" for one in seen for standing in one.standings.values())
    assert called >= 190
    assert wrong <= 10


def test_down_is_good_where_less_is_better_and_equal_ones_are_alike() -> None:
    same = {"a": [1.0, 2.0, 3.0], "b": [1.0, 2.0, 3.0], "c": [0.5, 1.5, 2.5]}
    found = ranked(same, "down", 0.1)
    assert list(found.standings) == ["c", "a", "b"]
    assert [one.verdict for one in found.standings.values()] == ["first", "worse", "worse"]
    assert found.standings["a"].best == found.standings["b"].best == 0.0
    found = ranked({name: same[name] for name in "ab"}, "up", 0.1)
    assert [one.verdict for one in found.standings.values()] == ["first", "alike"]
    assert [one.best for one in found.standings.values()] == [0.5, 0.5]
    assert found.settled


def test_what_scale_adds_widens_the_bounds() -> None:
    values = {"a": [0.90, 0.91, 0.92], "b": [0.8999, 0.9099, 0.9199]}
    assert ranked(values, "up", 0.002).standings["b"].verdict == "alike"
    assert ranked(values, "up", 0.002, off={"b": 0.01}).standings["b"].verdict == "open"


def test_words_and_looks() -> None:
    assert [word_for(chance) for chance in (0.99, 0.85, 0.7, 0.5)] == ["sure", "likely", "rather", "none"]
    assert [looks_up_to(most, 10, 2.0) for most in (5, 10, 11, 20, 200)] == [1, 1, 2, 2, 6]
    with pytest.raises(ValueError, match="two or more"):
        ranked({"a": [1.0], "b": [2.0]}, "up", 0.1)
