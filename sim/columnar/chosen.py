"""Chosen rows: which rows of a population a set holds, and in which order."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from sim.columnar.columns import Array

Rows = NDArray[np.int64]


class Chosen:
    """Distinct rows of a population in an order; never changed, so that sets may share it.

    people : rows of the population
    rows   : (agents,) row numbers; None for all, of which no list is kept
    """

    def __init__(self, people: int, rows: Rows | None = None) -> None:
        self._all = range(people)
        self._some = rows

    def __len__(self) -> int:
        return len(self.numbers)

    def __contains__(self, row: int) -> bool:
        if self._some is None:
            return row in self._all
        place = int(np.searchsorted(self._sorted, row))
        return place < len(self) and bool(self._sorted[place] == row)

    @property
    def numbers(self) -> range | Rows:
        """Give the row numbers without listing those of everybody."""
        return self._all if self._some is None else self._some

    @property
    def rows(self) -> Rows:
        """List the row numbers, (agents,)."""
        return np.arange(len(self._all)) if self._some is None else self._some

    @property
    def index(self) -> slice | Rows:
        """Give what takes the agents out of a column."""
        return slice(None) if self._some is None else self._some

    def of(self, column: Array) -> Array:
        """Take the agents' values out of a column: (agents,), of everybody the live column itself."""
        return column[self.index]

    def at(self, places: Rows) -> Rows:
        """Give the rows at some places of the set."""
        return places if self._some is None else self._some[places]

    @cached_property
    def _sorted(self) -> Rows:
        return np.sort(self.rows)
