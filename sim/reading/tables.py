"""Read any CSV table into checked rows: strict, every fault with its file, line and column.

What a table holds, its row's class says: a field is a column, one with a default may be left out, columns the class does not have are
refused unless it ignores them (`extra="ignore"`). Columns carry their unit in their name; cells are read by the types of `cells.py`. What
spreadsheets leave behind (empty columns and lines at the end, a mark before the first letter, the encoding of a Chinese Excel) is no fault.
"""

import csv
import io
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from pydantic import ValidationError

from sim.language.messages import Fault, UserError, nearest, refuse
from sim.reading.blocks import Part
from sim.reading.cells import ERRORS
from sim.reading.shapes import fields
from sim.reading.strict_yaml import LARGEST_TABLE, read_text
from sim.reading.translation import fault_of


class Row(Part):
    """A row of a table."""

    key: ClassVar[tuple[str, ...]] = ()
    """Columns that together are different in every row."""
    most: ClassVar[int] = 10_000
    """Rows the model can hold."""


OTHER_MARKS = (";", "\t", "，", "|")
"""What stands between cells where a comma is wanted."""
AnyRow = TypeVar("AnyRow", bound=Row)


def read_table(path: Path, model: type[AnyRow]) -> tuple[AnyRow, ...]:
    """Read a table, once for as long as its file stays the same.

    path    : a CSV file in UTF-8 or GB18030 whose first line names the columns, in any order
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
    """Walk through the lines of a table: file and line, and the cells by column; a line of another length is a fault.

    Lines without a word are passed over, and so are empty cells beyond the last column.
    """
    written = csv.reader(io.StringIO(table_text(path), newline=""), strict=True)
    try:
        columns = _filled([name.strip() for name in next(written, [])])
        _want_columns(f"{path.name}:1", columns, model)
        needed = max((columns.index(name) + 1 for name in _needed(model)), default=0)
        for row in written:
            cells = [cell.strip() for cell in row]
            given = _filled(cells)
            place = f"{path.name}:{written.line_num}"
            if given and needed <= len(cells) and len(given) <= len(columns):
                yield from _sound(place, dict(zip(columns, cells, strict=False)), faults)
            elif given:
                faults.append(Fault("table.cells", place, {"value": len(cells), "wanted": len(columns)}))
    except csv.Error as error:
        raise refuse("table.broken", f"{path.name}:{written.line_num}", problem=error) from None


def _filled(cells: list[str]) -> list[str]:
    """Leave out the empty cells at the end of a line."""
    return cells[: max((number for number, cell in enumerate(cells, 1) if cell), default=0)]


def _sound(place: str, cells: dict[str, str], faults: list[Fault]) -> Iterator[tuple[str, dict[str, str]]]:
    """Give a line, unless a formula failed in one of its cells."""
    failed = [Fault("table.formula", f"{place}: {column}", {"value": cell}) for column, cell in cells.items() if cell in ERRORS]
    faults.extend(failed)
    if not failed:
        yield place, cells


def table_text(path: Path) -> str:
    """Read the text of a table of sensible size; a file that is not there is met with the nearest name beside it."""
    try:
        text = read_text(path, LARGEST_TABLE)
    except UserError as error:
        if error.faults[0].key != "file.none":
            raise
        beside = sorted(other.name for other in path.parent.glob("*"))
        raise refuse("file.missing", path.name, value=path.name, near=nearest(path.name, beside)) from None
    if "\0" in text:
        raise refuse("file.not_text", path.name, value="0x0")
    return text


def _needed(model: type[Row]) -> list[str]:
    """List the columns that may not be left out."""
    return [field.alias or name for name, field in model.model_fields.items() if field.is_required()]


def _want_columns(place: str, header: list[str], model: type[Row]) -> None:
    """Refuse a first line that lacks columns, names some twice, or has some that nobody knows where these are not ignored."""
    wanted, needed = list(fields(model)), _needed(model)
    other = next((mark for mark in OTHER_MARKS if len(header) == 1 and set(header[0].split(mark)) >= set(needed)), None)
    if other is not None and len(needed) > 1:
        raise refuse("table.other_mark", place, value=other)
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
