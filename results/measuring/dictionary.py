"""The data dictionary (数据字典) of a run folder: what every column of its tables means, in which unit, and whom it counts."""

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

TABLE = Path(__file__).with_name("columns.yaml")


class Row(NamedTuple):
    """One column of a table."""

    table: str
    rows_en: str
    rows_zh: str
    column: str
    label_en: str
    label_zh: str
    unit: str
    counts_en: str
    counts_zh: str
    good: str = "none"
    """The direction a planner hopes for: up, down or none."""


HEADER = Row._fields
"""The first line of a dictionary."""


@cache
def tables() -> Mapping[str, Any]:
    """Read the declarations: table -> what its rows are, and its columns."""
    return _declared()["tables"]


@cache
def _declared() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    declared: dict[str, Any] = yaml.load(TABLE.read_text(encoding="utf-8"), loader)
    return declared


def rows_of(names: Iterable[str]) -> Iterator[Row]:
    """Tell of every column of some tables."""
    people = _declared()["people"]
    for table in names:
        declared = tables()[table]
        for name, one in declared["columns"].items():
            counted = people[one["people"]]
            yield Row(
                table, declared["rows"]["en"], declared["rows"]["zh"], name, one["en"], one["zh"], one["unit"], counted["en"], counted["zh"]
            )


def as_csv(rows: Iterable[tuple[object, ...]], header: Sequence[str] = HEADER) -> str:
    """Write a dictionary as CSV, a row a column (or what the header says); it begins with the mark by which spreadsheets know UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return "\ufeff" + text.getvalue()


def in_run_folders() -> tuple[str, ...]:
    """Name the tables that every run folder holds."""
    return tuple(name for name, declared in tables().items() if not declared.get("on_request", False))


def dictionary() -> str:
    """Write the dictionary of a run folder."""
    return as_csv(rows_of(in_run_folders()))
