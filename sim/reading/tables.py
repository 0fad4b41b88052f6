"""Read any CSV table into checked rows: strict, every fault with its file, line and column.

What a table holds, its row's class says: a field is a column, one with a default may be left out, columns the class does not have are
refused unless it ignores them (`extra="ignore"`). Columns carry their unit in their name; cells are read by the types of this file.
"""

import csv
import io
import math
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, TypeVar

from pydantic import BeforeValidator, ValidationError

from sim.language.messages import Fault, UserError, nearest, refuse
from sim.reading.blocks import Part
from sim.reading.shapes import fields
from sim.reading.strict_yaml import LARGEST_TABLE, read_text
from sim.reading.translation import fault_of
from sim.reading.units import fault


class Row(Part):
    """A row of a table."""

    key: ClassVar[tuple[str, ...]] = ()
    """Columns that together are different in every row."""
    most: ClassVar[int] = 10_000
    """Rows the model can hold."""


AnyRow = TypeVar("AnyRow", bound=Row)


def cell_number(value: object) -> float:
    """Read the number of a cell."""
    try:
        size = float(str(value))
    except ValueError:
        size = math.nan
    if not math.isfinite(size) or not str(value).strip() == value:
        raise fault("table.not_a_number", value=value)
    return size


def cell_count(value: object) -> int:
    """Read the whole number of a cell, 0 or more."""
    size = cell_number(value)
    if size < 0 or size != int(size):
        raise fault("unit.not_a_count", value=value)
    return int(size)


def cell_truth(value: object) -> bool:
    """Read true or false."""
    if value not in ("true", "false"):
        raise fault("unit.not_true_or_false", value=value)
    return value == "true"


def cell_list(value: object) -> tuple[str, ...]:
    """Read words separated by semicolons."""
    return tuple(word.strip() for word in str(value).split(";") if word.strip())


Truth = Annotated[bool, BeforeValidator(cell_truth)]
Words = Annotated[tuple[str, ...], BeforeValidator(cell_list)]


def read_table(path: Path, model: type[AnyRow]) -> tuple[AnyRow, ...]:
    """Read a table, once for as long as its file stays the same.

    path    : a CSV file in UTF-8 whose first line names the columns, in any order
    model   : the rows' class
    raises  : UserError with every fault, each with file, line and column
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        changed = 0  # reading says what is wrong with it
    return _read_table(path, changed, model)  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _read_table(path: Path, _changed: int, model: type[Row]) -> tuple[Row, ...]:
    """Read a table whose rows are told apart by their key."""
    faults: list[Fault] = []
    rows: dict[tuple[Any, ...], Row] = {}
    for place, row in checked_rows(path, model, faults):
        key = tuple(getattr(row, name) for name in row.key)
        if key in rows:
            faults.append(Fault("table.twice", place, {"value": " ".join(map(str, key))}))
        rows[key] = row
        if len(rows) > model.most:
            raise refuse("table.too_many", path.name, most=model.most)
    if faults:
        raise UserError(faults)
    if not rows:
        raise refuse("table.no_rows", path.name)
    return tuple(rows.values())


def checked_rows(path: Path, model: type[AnyRow], faults: list[Fault]) -> Iterator[tuple[str, AnyRow]]:
    """Walk through the sound rows of a table, each with its file and line.

    faults  : takes what is wrong with the others
    raises  : UserError where the file cannot be read or its columns are not those of `model`
    """
    for place, cells in lines(path, model, faults):
        row = checked_row(place, cells, model, faults)
        if row is not None:
            yield place, row


def checked_row(place: str, cells: Mapping[str, str], model: type[AnyRow], faults: list[Fault]) -> AnyRow | None:
    """Read one row; what is wrong with it goes to `faults`, with `place` and the column."""
    try:
        return model.model_validate(cells)
    except ValidationError as error:
        faults.extend(_row_faults(place, error, model))
        return None


def lines(path: Path, model: type[Row], faults: list[Fault]) -> Iterator[tuple[str, dict[str, str]]]:
    """Walk through the lines of a table: file and line, and the cells by column; a line of another length is a fault."""
    written = csv.reader(io.StringIO(table_text(path), newline=""), strict=True)
    try:
        columns = [name.strip() for name in next(written, [])]
        _want_columns(f"{path.name}:1", columns, model)
        needed = max((columns.index(name) + 1 for name in _needed(model)), default=0)
        for cells in written:
            if not cells:
                continue
            place = f"{path.name}:{written.line_num}"
            if needed <= len(cells) <= len(columns):
                yield place, dict(zip(columns, cells, strict=False))
            else:
                faults.append(Fault("table.cells", place, {"value": len(cells), "wanted": len(columns)}))
    except csv.Error as error:
        raise refuse("table.broken", f"{path.name}:{written.line_num}", problem=error) from None


def table_text(path: Path) -> str:
    """Read the text of a table of sensible size; a file that is not there is met with the nearest name beside it."""
    try:
        return read_text(path, LARGEST_TABLE)
    except UserError as error:
        if error.faults[0].key != "file.none":
            raise
        beside = sorted(other.name for other in path.parent.glob("*"))
        raise refuse("file.missing", path.name, value=path.name, near=nearest(path.name, beside)) from None


def _needed(model: type[Row]) -> list[str]:
    """List the columns that may not be left out."""
    return [field.alias or name for name, field in model.model_fields.items() if field.is_required()]


def _want_columns(place: str, header: list[str], model: type[Row]) -> None:
    """Refuse a first line that lacks columns, names some twice, or has some that nobody knows where these are not ignored."""
    wanted, needed = list(fields(model)), _needed(model)
    missing = [name for name in needed if name not in header]
    twice = [name for name in dict.fromkeys(header) if header.count(name) > 1]
    if model.model_config.get("extra") == "ignore":
        seen = ", ".join(header) or "-"
        faults = [Fault("table.column_sought", place, {"value": name, "seen": seen, "near": nearest(name, header)}) for name in missing]
        twice = [name for name in twice if name in wanted]
    else:
        faults = [Fault("table.column_missing", place, {"value": name}) for name in missing]
        unknown = [name for name in header if name not in wanted]
        faults += [Fault("table.column_unknown", place, {"value": name, "near": nearest(name, wanted)}) for name in unknown]
    faults += [Fault("table.column_twice", place, {"value": name}) for name in twice]
    if faults:
        raise UserError(faults)


def _row_faults(place: str, error: ValidationError, model: type[Row]) -> Iterator[Fault]:
    """Translate what pydantic found in a row into faults."""
    for problem in error.errors(include_url=False):
        column = str(problem["loc"][0]) if problem["loc"] else ""
        yield fault_of(problem, f"{place}: {column}" if column else place)
