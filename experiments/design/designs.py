"""Designs: where the points of levers and uncertainties lie, drawn from a fixed key, so that a file always gives the same points."""

from collections.abc import Iterator, Sequence
from itertools import product

import numpy as np
from numpy.typing import NDArray

from experiments.design.levers import Level, Listed, Span

LEVERS_KEY, UNCERTAINTIES_KEY = 1, 2
"""Keys of the luck with which points are laid out."""


def grid(levers: Sequence[Listed]) -> Iterator[tuple[Level, ...]]:
    """Give every combination of the levels, the last lever changing fastest; one point without levers."""
    return product(*(lever.levels for lever in levers))


def sampled(levers: Sequence[Listed | Span], places: NDArray[np.float64]) -> Iterator[tuple[Level, ...]]:
    """Give the levels at places between 0 and 1: (points, levers)."""
    return (tuple(lever.at(float(u)) for lever, u in zip(levers, row, strict=True)) for row in places)


def sobol(points: int, levers: int) -> NDArray[np.float64]:
    """Lay out points of a scrambled Sobol sequence (Sobol 1967, doi 10.1016/0041-5553(67)90144-9): (points, levers); twice as many begin
    with the same ones."""
    from scipy.stats import qmc  # half a second, which a grid need not wait for

    return np.asarray(qmc.Sobol(levers, rng=LEVERS_KEY).random(points))


def latin_hypercube(points: int, levers: int, key: int = LEVERS_KEY) -> NDArray[np.float64]:
    """Lay out points of a Latin hypercube (McKay 1979, doi 10.1080/00401706.1979.10489755): (points, levers)."""
    from scipy.stats import qmc

    return np.asarray(qmc.LatinHypercube(levers, rng=key).random(points))
