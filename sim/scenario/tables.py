"""Read the data tables of a scenario (CSV) into frozen rows: strict, each with source and confidence, every fault with its line."""

import csv
import io
import math
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import BeforeValidator, Field, ValidationError

from sim.kinds import KINDS
from sim.language.messages import Fault, UserError, nearest, refuse
from sim.reading.blocks import Part
from sim.reading.strict_yaml import LARGEST_TABLE, read_text
from sim.reading.translation import fault_of
from sim.reading.units import Text, fault
from sim.words import Grade, Place, Tier, Urgency


def _cell_number(value: object) -> float:
    """Read the number of a cell; columns carry their unit in their name."""
    try:
        size = float(str(value))
    except ValueError:
        size = math.nan
    if not math.isfinite(size) or not str(value).strip() == value:
        raise fault("table.not_a_number", value=value)
    return size


def _cell_count(value: object) -> int:
    """Read the whole number of a cell, 0 or more."""
    size = _cell_number(value)
    if size < 0 or size != int(size):
        raise fault("unit.not_a_count", value=value)
    return int(size)


def _cell_truth(value: object) -> bool:
    """Read true or false."""
    if value not in ("true", "false"):
        raise fault("unit.not_true_or_false", value=value)
    return value == "true"


def _cell_list(value: object) -> tuple[str, ...]:
    """Read words separated by semicolons."""
    return tuple(word.strip() for word in str(value).split(";") if word.strip())


def _cell_kind(value: object) -> str:
    """Read a kind of facility: one that has a row."""
    if value not in KINDS:
        raise fault("value.not_one_of", value=value, wanted=", ".join(KINDS), near=nearest(value, KINDS))
    return str(value)


Kind = Annotated[str, BeforeValidator(_cell_kind)]
Real = Annotated[float, BeforeValidator(_cell_number)]
Amount = Annotated[float, BeforeValidator(_cell_number), Field(ge=0, le=100_000)]
Times = Annotated[float, BeforeValidator(_cell_number), Field(ge=0, le=366)]
Nights = Annotated[float, BeforeValidator(_cell_number), Field(ge=0, le=3_650)]
Bill = Annotated[float, BeforeValidator(_cell_number), Field(ge=0, le=10_000_000)]
Fraction = Annotated[float, BeforeValidator(_cell_number), Field(ge=0, le=1)]
Latitude = Annotated[float, BeforeValidator(_cell_number), Field(ge=-90, le=90)]
Longitude = Annotated[float, BeforeValidator(_cell_number), Field(ge=-180, le=180)]
Whole = Annotated[int, BeforeValidator(_cell_count), Field(le=40_000_000)]
Staff = Annotated[int, BeforeValidator(_cell_count), Field(le=20_000)]
Age = Annotated[int, BeforeValidator(_cell_count), Field(le=119)]
Truth = Annotated[bool, BeforeValidator(_cell_truth)]
Words = Annotated[tuple[str, ...], BeforeValidator(_cell_list)]
Level = Annotated[int, BeforeValidator(_cell_count), Field(ge=1, le=5)]


class Row(Part):
    """A row of a data table."""

    key: ClassVar[tuple[str, ...]] = ()
    """Columns that together are different in every row."""
    most: ClassVar[int] = 10_000
    """Rows the model can hold."""

    source: Text
    """Where the row comes from."""
    confidence: Literal["high", "medium", "low"]
    """How far to trust it."""


class Town(Row):
    """A town (乡镇)."""

    key = ("town",)
    most = 250
    town: Text
    town_zh: Text
    group: str
    census_2000: Whole
    registered: Whole
    residents: Whole
    latitude: Latitude
    longitude: Longitude


class Village(Row):
    """A village or community, the home of people; `elsewhere` is where migrants live."""

    key = ("village",)
    village: Text
    village_zh: Text
    town: str
    kind: Literal["village", "community", "elsewhere"]
    weight: Amount
    latitude: Latitude
    longitude: Longitude


class AgeGroup(Row):
    """Ages from `age_from` to `age_to`, both included, and their share of the people living here and of those living elsewhere."""

    key = ("age_from",)
    most = 120
    age_from: Age
    age_to: Age
    share: Fraction
    migrant_share: Fraction


class Condition(Row):
    """A condition group of the case mix: episodes per 1,000 and year by age, and what an episode takes."""

    key = ("group",)
    most = 250
    group: Text
    outpatient_level: Level
    inpatient_level: Level
    urgency: Urgency
    per_1000_age_0_4: Amount
    per_1000_age_5_14: Amount
    per_1000_age_15_44: Amount
    per_1000_age_45_64: Amount
    per_1000_age_65_up: Amount
    visits_per_episode: Times
    admissions_per_episode: Times
    stay_days_township: Nights
    stay_days_county: Nights
    stay_days_tertiary: Nights
    cost_admission_township_yuan: Bill
    cost_admission_county_yuan: Bill
    cost_admission_tertiary_yuan: Bill
    rehab_probability: Fraction
    township_share: Fraction


class Facility(Row):
    """A facility: what it is, where it stands, what it has and what it can treat."""

    key = ("facility",)
    most = 5_000
    facility: Text
    name_en: Text
    name_zh: Text
    kind: Kind
    tier: Tier
    grade: Grade
    place: Place
    ownership: Literal["public", "private"]
    town: str
    node: Text
    doctors: Staff
    beds: Staff
    treatable: Whole
    level: Level
    latitude: Latitude
    longitude: Longitude


class Department(Row):
    """A department of the facilities of a kind: its share of doctors and beds, and the condition groups it serves."""

    key = ("kind", "department")
    kind: Kind
    department: Text
    ward: Truth
    doctor_share: Fraction
    bed_share: Fraction
    groups: Words


class Specialty(Row):
    """A specialty of the referral catalogue (转诊病种目录): its condition groups, and how many conditions of the guide are listed in it."""

    key = ("specialty",)
    most = 250
    specialty: Text
    specialty_zh: Text
    groups: Words
    conditions: Annotated[Whole, Field(ge=1)]


class Tables(NamedTuple):
    """The data tables of a scenario, in the order of their files."""

    towns: tuple[Town, ...]
    villages: tuple[Village, ...]
    ages: tuple[AgeGroup, ...]
    case_mix: tuple[Condition, ...]
    facilities: tuple[Facility, ...]
    departments: tuple[Department, ...]
    catalogue: tuple[Specialty, ...]


AnyRow = TypeVar("AnyRow", bound=Row)


def read_table(path: Path, model: type[AnyRow]) -> tuple[AnyRow, ...]:
    """Read a data table.

    path    : a CSV file in UTF-8 whose first line names the columns, exactly those of `model` (in any order)
    model   : the rows' class
    raises  : UserError with every fault, each with file and line
    """
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise refuse("file.unreadable", str(path), value=error.strerror) from None
    return _read_table(path, changed, model)  # type: ignore[return-value]


@lru_cache(maxsize=64)
def _read_table(path: Path, _changed: int, model: type[Row]) -> tuple[Row, ...]:
    """Read a table once for as long as the file stays the same."""
    lines = csv.reader(io.StringIO(read_text(path, LARGEST_TABLE)), strict=True)
    faults: list[Fault] = []
    rows: dict[tuple[Any, ...], Row] = {}
    try:
        columns = _columns(path, next(lines, []), model)
        for cells in lines:
            if len(rows) > model.most:
                raise refuse("table.too_many", path.name, most=model.most)
            if cells:
                _read_row(f"{path.name}:{lines.line_num}", columns, cells, model, rows, faults)
    except csv.Error as error:
        raise refuse("table.broken", f"{path.name}:{lines.line_num}", problem=error) from None
    if faults:
        raise UserError(faults)
    if not rows:
        raise refuse("table.no_rows", path.name)
    return tuple(rows.values())


def _columns(path: Path, header: list[str], model: type[Row]) -> list[str]:
    """Check the first line of a table."""
    wanted = list(model.model_fields)
    place = f"{path.name}:1"
    faults = [Fault("table.column_missing", place, {"value": name}) for name in wanted if name not in header]
    faults += [
        Fault("table.column_unknown", place, {"value": name, "near": nearest(name, wanted)}) for name in header if name not in wanted
    ]
    faults += [Fault("table.column_twice", place, {"value": name}) for name in set(header) if header.count(name) > 1]
    if faults:
        raise UserError(faults)
    return header


def _read_row(
    place: str, columns: list[str], cells: list[str], model: type[Row], rows: dict[tuple[Any, ...], Row], faults: list[Fault]
) -> None:
    """Read one line into `rows`, or say what is wrong with it in `faults`."""
    if len(cells) != len(columns):
        faults.append(Fault("table.cells", place, {"value": len(cells), "wanted": len(columns)}))
        return
    content = dict(zip(columns, cells, strict=True))
    try:
        row = model.model_validate(content)
    except ValidationError as error:
        faults.extend(_row_faults(place, error, model))
        return
    key = _key(row)
    if key in rows:
        faults.append(Fault("table.twice", place, {"value": " ".join(map(str, key))}))
    rows[key] = row


def _key(row: Row) -> tuple[Any, ...]:
    """Give what tells a row from the others."""
    return tuple(getattr(row, name) for name in row.key)


def _row_faults(place: str, error: ValidationError, model: type[Row]) -> Iterator[Fault]:
    """Translate what pydantic found into faults."""
    for problem in error.errors(include_url=False):
        column = str(problem["loc"][0]) if problem["loc"] else ""
        yield fault_of(problem, f"{place}: {column}", tuple(model.model_fields))
