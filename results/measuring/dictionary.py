"""The data dictionary (数据字典) of a run folder: what every column of its tables means, in which unit, and whom it counts."""

import csv
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import yaml

TABLE = Path(__file__).with_name("columns.yaml")
HEADER = ("table", "rows_en", "rows_zh", "column", "label_en", "label_zh", "unit", "counts_en", "counts_zh")


@cache
def tables() -> Mapping[str, Any]:
    """Read the declarations: table -> what its rows are, and its columns."""
    return _declared()["tables"]


@cache
def _declared() -> dict[str, Any]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    declared: dict[str, Any] = yaml.load(TABLE.read_text(encoding="utf-8"), loader)
    return declared


def dictionary() -> str:
    """Write the dictionary as CSV, a row a column; it begins with the mark by which spreadsheets know UTF-8."""
    text, people = io.StringIO(newline=""), _declared()["people"]
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(HEADER)
    for table, declared in tables().items():
        rows = declared["rows"]
        for name, one in declared["columns"].items():
            counted = people[one["people"]]
            writer.writerow([table, rows["en"], rows["zh"], name, one["en"], one["zh"], one["unit"], counted["en"], counted["zh"]])
    return "\ufeff" + text.getvalue()
