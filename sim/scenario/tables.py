"""Read the data tables of a scenario (CSV) into frozen rows: strict, each with source and confidence, every fault with its line."""

import csv
import io
import math
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, NamedTuple, TypeVar

from pydantic import BeforeValidator, Field, ValidationError

from sim.language.label import Label
from sim.language.messages import Fault, UserError, nearest, refuse
from sim.reading.blocks import Grade, Part, Place, Tier
from sim.reading.strict_yaml import LARGEST_TABLE, read_text
from sim.reading.translation import fault_of
from sim.reading.units import Text, fault

Kind = Literal[
    "village_clinic",
    "private_clinic",
    "township",
    "county_general",
    "county_tcm",
    "maternal_child",
    "private_hospital",
    "rehabilitation",
    "municipal_hospital",
    "provincial_hospital",
    "elsewhere_clinic",
    "elsewhere_hospital",
]


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

    source: Annotated[Text, Label("source", "出处")]
    """Where the row comes from."""
    confidence: Annotated[Literal["high", "medium", "low"], Label("confidence", "可信程度")]
    """How far to trust it."""


class Town(Row):
    """A town (乡镇)."""

    key = ("town",)
    most = 250
    town: Annotated[Text, Label("town", "乡镇")]
    town_zh: Annotated[Text, Label("its Chinese name", "中文名")]
    group: Annotated[str, Label("hospital group", "所属集团")]
    census_2000: Annotated[Whole, Label("people in the census of 2000", "2000年普查人口", "people")]
    registered: Annotated[Whole, Label("registered", "户籍人口", "people")]
    residents: Annotated[Whole, Label("living here", "常住人口", "people")]
    latitude: Annotated[Latitude, Label("latitude", "纬度", "degrees")]
    longitude: Annotated[Longitude, Label("longitude", "经度", "degrees")]


class Village(Row):
    """A village or community, the home of people; `elsewhere` is where migrants live."""

    key = ("village",)
    village: Annotated[Text, Label("village or community", "村（社区）")]
    village_zh: Annotated[Text, Label("its Chinese name", "中文名")]
    town: Annotated[str, Label("town", "乡镇")]
    kind: Annotated[Literal["village", "community", "elsewhere"], Label("kind", "类型")]
    weight: Annotated[Amount, Label("weight of its people within the town", "人口权重", "relative")]
    latitude: Annotated[Latitude, Label("latitude", "纬度", "degrees")]
    longitude: Annotated[Longitude, Label("longitude", "经度", "degrees")]


class AgeGroup(Row):
    """Ages from `age_from` to `age_to`, both included, and their share of the people living here and of those living elsewhere."""

    key = ("age_from",)
    most = 120
    age_from: Annotated[Age, Label("first age", "起始年龄", "years")]
    age_to: Annotated[Age, Label("last age", "终止年龄", "years")]
    share: Annotated[Fraction, Label("share of those living here", "常住人口占比", "0..1")]
    migrant_share: Annotated[Fraction, Label("share of those living elsewhere", "外出人口占比", "0..1")]


class Condition(Row):
    """A condition group of the case mix: episodes per 1,000 and year by age, and what an episode takes."""

    key = ("group",)
    most = 250
    group: Annotated[Text, Label("condition group", "病种组")]
    outpatient_level: Annotated[Level, Label("level a visit needs", "门诊所需级别", "1..5")]
    inpatient_level: Annotated[Level, Label("level a stay needs", "住院所需级别", "1..5")]
    urgency: Annotated[Literal["routine", "urgent", "emergent", "elective", "chronic"], Label("urgency", "缓急")]
    per_1000_age_0_4: Annotated[Amount, Label("episodes at ages 0 to 4", "0—4岁每千人年发病（慢性病为患病）", "per 1,000 a year")]
    per_1000_age_5_14: Annotated[Amount, Label("episodes at ages 5 to 14", "5—14岁每千人年发病", "per 1,000 a year")]
    per_1000_age_15_44: Annotated[Amount, Label("episodes at ages 15 to 44", "15—44岁每千人年发病", "per 1,000 a year")]
    per_1000_age_45_64: Annotated[Amount, Label("episodes at ages 45 to 64", "45—64岁每千人年发病", "per 1,000 a year")]
    per_1000_age_65_up: Annotated[Amount, Label("episodes at 65 and older", "65岁及以上每千人年发病", "per 1,000 a year")]
    visits_per_episode: Annotated[Times, Label("visits of an episode", "每病程门诊次数", "visits")]
    admissions_per_episode: Annotated[Times, Label("admissions of an episode", "每病程住院次数", "admissions")]
    stay_days_township: Annotated[Nights, Label("stay in a township centre", "卫生院平均住院日", "d")]
    stay_days_county: Annotated[Nights, Label("stay in a county hospital", "县级医院平均住院日", "d")]
    stay_days_tertiary: Annotated[Nights, Label("stay in a tertiary hospital", "三级医院平均住院日", "d")]
    cost_admission_township_yuan: Annotated[Bill, Label("bill of a stay in a township centre", "卫生院次均住院费用", "yuan")]
    cost_admission_county_yuan: Annotated[Bill, Label("bill of a stay in a county hospital", "县级医院次均住院费用", "yuan")]
    cost_admission_tertiary_yuan: Annotated[Bill, Label("bill of a stay in a tertiary hospital", "三级医院次均住院费用", "yuan")]
    rehab_probability: Annotated[Fraction, Label("chance to need rehabilitation", "需康复概率", "0..1")]
    township_share: Annotated[Fraction, Label("share township centres can do", "卫生院可开展份额", "0..1")]


class Facility(Row):
    """A facility: what it is, where it stands, what it has and what it can treat."""

    key = ("facility",)
    most = 5_000
    facility: Annotated[Text, Label("facility", "机构")]
    name_en: Annotated[Text, Label("its English name", "英文名")]
    name_zh: Annotated[Text, Label("its Chinese name", "中文名")]
    kind: Annotated[Kind, Label("kind", "类型")]
    tier: Annotated[Tier, Label("tier", "层级")]
    grade: Annotated[Grade, Label("grade", "等级")]
    place: Annotated[Place, Label("place", "区域")]
    ownership: Annotated[Literal["public", "private"], Label("ownership", "所有制")]
    town: Annotated[str, Label("town", "乡镇")]
    node: Annotated[Text, Label("point of the road network", "路网节点")]
    doctors: Annotated[Staff, Label("doctors", "医师数", "count")]
    beds: Annotated[Staff, Label("beds", "床位数", "count")]
    treatable: Annotated[Whole, Label("conditions it can treat", "可治病种数", "conditions")]
    level: Annotated[Level, Label("highest level it can treat", "可治最高级别", "1..5")]
    latitude: Annotated[Latitude, Label("latitude", "纬度", "degrees")]
    longitude: Annotated[Longitude, Label("longitude", "经度", "degrees")]


class Department(Row):
    """A department of the facilities of a kind: its share of doctors and beds, and the condition groups it serves."""

    key = ("kind", "department")
    kind: Annotated[Kind, Label("kind", "类型")]
    department: Annotated[Text, Label("department", "科室")]
    ward: Annotated[Truth, Label("whether it has beds", "是否设病区")]
    doctor_share: Annotated[Fraction, Label("share of the doctors", "医师占比", "0..1")]
    bed_share: Annotated[Fraction, Label("share of the beds", "床位占比", "0..1")]
    groups: Annotated[Words, Label("condition groups served", "收治病种组")]


class Specialty(Row):
    """A specialty of the referral catalogue (转诊病种目录): its condition groups, and how many conditions of the guide are listed in it."""

    key = ("specialty",)
    most = 250
    specialty: Annotated[Text, Label("specialty", "专业")]
    specialty_zh: Annotated[Text, Label("its Chinese name", "中文名")]
    groups: Annotated[Words, Label("condition groups", "病种组")]
    conditions: Annotated[Whole, Field(ge=1), Label("conditions listed in it", "病种数", "conditions")]


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
