"""The rows of a scenario's data tables, each with source and confidence; `sim.reading.tables` reads them."""

from collections.abc import Mapping
from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from sim.kinds import KINDS
from sim.language.label import Label
from sim.language.messages import nearest
from sim.reading import tables
from sim.reading.cells import Truth, Words, cell_count, cell_number
from sim.reading.units import Text, fault
from sim.scenario.people import Added
from sim.words import Grade, Place, Tier, Urgency


def _cell_kind(value: object) -> str:
    """Read a kind of facility: one that has a row."""
    if value not in KINDS:
        raise fault("value.not_one_of", value=value, wanted=", ".join(KINDS), near=nearest(value, KINDS))
    return str(value)


Kind = Annotated[str, BeforeValidator(_cell_kind)]

Amount = Annotated[float, BeforeValidator(cell_number), Field(ge=0, le=100_000)]
Times = Annotated[float, BeforeValidator(cell_number), Field(ge=0, le=366)]
Nights = Annotated[float, BeforeValidator(cell_number), Field(ge=0, le=3_650)]
Bill = Annotated[float, BeforeValidator(cell_number), Field(ge=0, le=10_000_000)]
Fraction = Annotated[float, BeforeValidator(cell_number), Field(ge=0, le=1)]
Latitude = Annotated[float, BeforeValidator(cell_number), Field(ge=-90, le=90)]
Longitude = Annotated[float, BeforeValidator(cell_number), Field(ge=-180, le=180)]
Whole = Annotated[int, BeforeValidator(cell_count), Field(le=40_000_000)]
Staff = Annotated[int, BeforeValidator(cell_count), Field(le=20_000)]
Age = Annotated[int, BeforeValidator(cell_count), Field(le=119)]
Level = Annotated[int, BeforeValidator(cell_count), Field(ge=1, le=5)]


class Row(tables.Row):
    """A row of a data table."""

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
    urgency: Annotated[Urgency, Label("urgency", "缓急")]
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


def with_added(facilities: tuple[Facility, ...], added: Mapping[str, Added]) -> tuple[Facility, ...]:
    """Give facilities the beds and doctors a scenario adds to their rows."""
    if not added:
        return facilities
    more = {row.facility: added[row.facility] for row in facilities if row.facility in added}
    grown = {name: {"beds": one.beds, "doctors": one.doctors} for name, one in more.items()}
    return tuple(
        row.model_copy(update={name: getattr(row, name) + count for name, count in grown.get(row.facility, {}).items()})
        for row in facilities
    )
