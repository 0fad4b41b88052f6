"""A mixed-integer programme, written down a block of variables and a few rows at a time, and solved by HiGHS (`scipy.optimize.milp`)."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import csr_array

Term = tuple[float, int]
"""A coefficient and the variable it stands before."""
SECONDS = 120.0
"""How long one programme may take."""
TOLERANCE, LARGE_TOLERANCE = 1e-6, 1e-3
"""Relative gap at which an optimum counts as proven, and that of a large programme: the last thousandth can take as long as all before."""
LARGE = 400
"""Whole variables from which on a programme is large."""


class Solved(NamedTuple):
    """What came of a programme."""

    values: NDArray[np.float64] | None
    """Values of the variables; None where nothing satisfies all rows."""
    cost: float
    bound: float
    """No solution costs less."""

    @property
    def is_feasible(self) -> bool:
        """Say whether there is a solution."""
        return self.values is not None


class Programme:
    """Variables, rows, and what they cost."""

    def __init__(self) -> None:
        self._low: list[float] = []
        self._high: list[float] = []
        self._whole: list[int] = []
        self._rows: list[tuple[list[Term], float, float]] = []
        self.cost: dict[int, float] = {}

    def block(self, *shape: int, low: float = 0.0, high: float = 1.0, whole: bool = False) -> NDArray[np.int64]:
        """Add variables; returns their numbers in this shape."""
        first, many = len(self._low), int(np.prod(shape))
        self._low += [low] * many
        self._high += [high] * many
        self._whole += [int(whole)] * many
        return np.arange(first, first + many).reshape(shape)

    def row(self, terms: Iterable[Term], low: float = -np.inf, high: float = np.inf) -> None:
        """Want a sum to lie between two ends."""
        self._rows.append((list(terms), low, high))

    def fix(self, variable: int, value: float) -> None:
        """Let a variable be a number."""
        self._low[variable] = self._high[variable] = value

    def add_cost(self, terms: Iterable[Term]) -> None:
        """Let variables cost something more."""
        for size, variable in terms:
            self.cost[int(variable)] = self.cost.get(int(variable), 0.0) + size

    def solved(self) -> Solved:
        """Find the cheapest values.

        raises : RuntimeError where the solver found nothing in the time it has
        """
        many = len(self._low)
        cost = np.zeros(many)
        cost[list(self.cost)] = list(self.cost.values())
        data = [(size, number, int(variable)) for number, (terms, _, _) in enumerate(self._rows) for size, variable in terms]
        sizes, rows, columns = (np.array(part) for part in zip(*data, strict=True))
        matrix = csr_array((sizes.astype(float), (rows, columns)), shape=(len(self._rows), many))
        limits = LinearConstraint(matrix, [row[1] for row in self._rows], [row[2] for row in self._rows])
        with _hushed():
            found = milp(
                cost, integrality=self._whole, bounds=Bounds(self._low, self._high), constraints=limits,
                options={"time_limit": SECONDS, "mip_rel_gap": LARGE_TOLERANCE if sum(self._whole) >= LARGE else TOLERANCE},
            )  # fmt: skip
        if found.status == 2:
            return Solved(None, np.inf, np.inf)
        if found.x is None:
            raise RuntimeError(f"no layout was found within {SECONDS:g} s ({found.message})")
        return Solved(found.x, float(found.fun), float(found.mip_dual_bound))


@contextmanager
def _hushed() -> Iterator[None]:
    """Keep the solver's own words, which it writes past Python, off standard output: a page or a JSON object is printed there."""
    sys.stdout.flush()
    kept, nowhere = os.dup(1), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    try:
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(nowhere)
