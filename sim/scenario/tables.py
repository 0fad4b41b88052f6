"""The rows of a scenario's data tables, each with source and confidence; `sim.reading.tables` reads them."""

from typing import Annotated, Literal, NamedTuple

from pydantic import BeforeValidator, Field

from sim.kinds import KINDS
from sim.language.messages import nearest
from sim.reading import tables
from sim.reading.tables import Truth, Words, cell_count, cell_number
from sim.reading.units import Text, fault
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
