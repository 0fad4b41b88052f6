"""A quadratic emulator: what an outcome would be between the points that were run, and how much of it that does not explain."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
FOLDS = 10


class Emulator(NamedTuple):
    """A second-order polynomial of the inputs."""

    weights: Array
    unexplained: float
    """Share of the variance of runs left out of the fit that it does not explain, by ten folds."""

    def __call__(self, places: Array) -> Array:
        """Give the outcome: (points, inputs) -> (points,)."""
        return np.asarray(terms(places) @ self.weights)


def terms(places: Array) -> Array:
    """Give the terms of the polynomial: 1, each input, each square, each product of two: (points, terms)."""
    inputs = places.shape[1]
    centred = 2.0 * places - 1.0
    one, two = np.triu_indices(inputs)
    return np.hstack([np.ones((len(places), 1)), centred, centred[:, one] * centred[:, two]])


def fitted(places: Array, values: Array) -> Emulator:
    """Fit by least squares, a little towards nothing so that few runs are no trouble.

    places : (runs, inputs) between 0 and 1;  values : (runs,)
    """
    columns = terms(places)
    folds = np.arange(len(values)) % FOLDS
    predicted = np.empty(len(values))
    for fold in range(FOLDS):
        inside = folds != fold
        predicted[~inside] = columns[~inside] @ _solved(columns[inside], values[inside])
    spread = float(np.sum((values - values.mean()) ** 2))
    missed = float(np.sum((values - predicted) ** 2))
    return Emulator(_solved(columns, values), min(missed / spread, 1.0) if spread else 0.0)


def _solved(columns: Array, values: Array) -> Array:
    """Solve the least squares with a small ridge; the constant is free."""
    ridge = np.eye(columns.shape[1]) * 1e-6 * len(values)
    ridge[0, 0] = 0.0
    return np.asarray(np.linalg.solve(columns.T @ columns + ridge, columns.T @ values))
