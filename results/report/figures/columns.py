"""Read the tables of a run as rows and sums, without pandas."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

Row = Mapping[str, Any]


def rows(table: pa.Table) -> list[dict[str, Any]]:
    """Give a table as rows."""
    return table.to_pylist()  # type: ignore[no-any-return]


def summed(table: pa.Table, by: Sequence[str], what: str) -> dict[tuple[Any, ...], Any]:
    """Add up a column by the words of others: (word, ...) -> sum."""
    found = table.group_by(list(by)).aggregate([(what, "sum")])
    keys = zip(*(found[name].to_pylist() for name in by), strict=True)
    return dict(zip(keys, found[f"{what}_sum"].to_pylist(), strict=True))


def total(several: Iterable[Row], what: str) -> Any:
    """Add up one column of some rows; nothing counts as 0."""
    return sum(row[what] or 0 for row in several)


def grouped(several: Iterable[Row], by: str) -> dict[Any, list[Row]]:
    """Sort rows into groups by one column."""
    found: dict[Any, list[Row]] = defaultdict(list)
    for row in several:
        found[row[by]].append(row)
    return dict(found)


class Mean(NamedTuple):
    """A quotient that keeps its parts."""

    over: float
    under: float

    @property
    def value(self) -> float | None:
        """Divide; None where there is nothing to divide by."""
        return self.over / self.under if self.under else None
