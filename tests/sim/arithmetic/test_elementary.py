"""Elementary functions: as exact as they say, against numpy and the standard library, over all the range they are made for."""

from collections.abc import Callable
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.arithmetic import elementary
from sim.arithmetic.compiled import njit

N = 200_000
Reals = NDArray[Any]


@njit
def _log32(x: Reals, out: Reals) -> None:
    for i in range(len(x)):
        out[i] = elementary.log32(x[i])


@njit
def _exp32(x: Reals, out: Reals) -> None:
    for i in range(len(x)):
        out[i] = elementary.exp32(x[i])


@njit
def _log64(x: Reals, out: Reals) -> None:
    for i in range(len(x)):
        out[i] = elementary.log64(x[i])


@njit
def _exp64(x: Reals, out: Reals) -> None:
    for i in range(len(x)):
        out[i] = elementary.exp64(x[i])


@njit
def _normal_quantile(p: Reals, out: Reals) -> None:
    for i in range(len(p)):
        out[i] = elementary.normal_quantile(p[i])


def of(kernel: Callable[[Reals, Reals], None], x: Reals) -> Reals:
    """Let a kernel go through an array."""
    out = np.empty_like(x)
    kernel(x, out)
    return out


def far(got: Reals, wanted: Reals) -> float:
    """Say how far off the worst is, relative to what was wanted, or absolutely near zero."""
    return float(np.max(np.abs(got - wanted) / np.maximum(np.abs(wanted), 1.0)))


def positive(kind: type[np.floating[Any]], low: float, high: float) -> Reals:
    """Spread positive numbers evenly over their powers of ten, those next to 1 and to powers of two among them."""
    spread = 10.0 ** np.linspace(low, high, N)
    twos = 2.0 ** np.arange(np.ceil(low / np.log10(2)), np.floor(high / np.log10(2)))
    near = [1.0, np.nextafter(kind(1), kind(0)), np.nextafter(kind(1), kind(2)), 1.4142135, 1.4142136, 0.70710677, 0.70710678]
    return np.concatenate([spread, twos, near]).astype(kind)


@pytest.mark.parametrize(
    ("kernel", "kind", "low", "high", "bound"), [(_log32, np.float32, -37.0, 38.0, 4e-7), (_log64, np.float64, -300.0, 300.0, 1e-12)]
)
def test_the_logarithm_is_as_exact_as_it_says(kernel: Any, kind: Any, low: float, high: float, bound: float) -> None:
    x = positive(kind, low, high)
    assert far(of(kernel, x).astype(float), np.log(x.astype(float))) < bound


@pytest.mark.parametrize(
    ("kernel", "kind", "low", "high", "bound"),
    [
        (_exp32, np.float32, -87.0, 88.0, 4e-7),
        (_exp64, np.float64, -700.0, 700.0, 1e-11),
    ],
)
def test_the_exponential_is_as_exact_as_it_says(kernel: Any, kind: Any, low: float, high: float, bound: float) -> None:
    x = np.concatenate([np.linspace(low, high, N), np.linspace(-1.0, 1.0, N)]).astype(kind)
    exact = np.exp(x.astype(float))
    assert np.max(np.abs(of(kernel, x) / exact - 1.0)) < bound


@pytest.mark.parametrize(("kernel", "kind", "low", "high"), [(_exp32, np.float32, -87.0, 88.0), (_exp64, np.float64, -700.0, 700.0)])
def test_beyond_its_range_the_exponential_stays_at_the_end_of_it(kernel: Any, kind: Any, low: float, high: float) -> None:
    got = of(kernel, np.array([low - 1e3, low, high, high + 1e3], kind))
    assert got[0] == got[1] > 0.0
    assert np.isfinite(got[2])
    assert got[2] == got[3]


@pytest.mark.parametrize(("kernel", "kind"), [(_exp32, np.float32), (_exp64, np.float64)])
def test_the_exponential_never_falls_by_more_than_its_error(kernel: Any, kind: Any) -> None:
    steps = np.diff(of(kernel, np.linspace(-20.0, 20.0, N).astype(kind)))
    assert np.all(steps > 0.0)


def test_the_logarithm_of_one_is_nothing() -> None:
    assert of(_log32, np.ones(1, np.float32))[0] == 0.0
    assert of(_log64, np.ones(1))[0] == 0.0


def test_normal_quantiles_are_those_of_the_standard_library() -> None:
    tail = 10.0 ** np.linspace(-10.0, -1.7, 2_000)
    p = np.concatenate([np.linspace(0.001, 0.999, 4_001), tail, 1.0 - tail, [0.02425, 0.97575, 0.5]])
    exact = np.array([NormalDist().inv_cdf(x) for x in p])
    assert far(of(_normal_quantile, p), exact) < 1.2e-9 * 1.01


def test_normal_quantiles_of_every_draw_are_finite_and_mirror_each_other() -> None:
    ends = (np.array([0.0, 1.0, 2.0**31, 2.0**32 - 2.0, 2.0**32 - 1.0]) + 0.5) / 2.0**32
    got = of(_normal_quantile, ends)
    assert np.all(np.isfinite(got))
    assert np.allclose(got[:2], -got[:2:-1], rtol=1e-6)
