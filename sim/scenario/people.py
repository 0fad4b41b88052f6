"""The blocks about people, illness, places and care."""

from typing import Annotated

from pydantic import Field

from sim.reading.blocks import Block, ByInpatientTier, ByOutsideTier, ByTier, DataFile, Part
from sim.reading.units import Clock, Count, Date, Days, Minutes, Number, Share, Text
from sim.words import Grade

Positive = Annotated[Number, Field(ge=0.001, le=1_000)]
NotNegative = Annotated[Number, Field(ge=0, le=1_000)]
Spread = Annotated[Number, Field(ge=0, le=100)]
"""A squared coefficient of variation."""
People = Annotated[Count, Field(le=40_000_000)]
"""Heads; the largest city has 32 million."""


class Period(Part):
    """When the run begins, how long it is, and how long the model warms up before."""

    start: Date
    """First measured day."""
    days: Annotated[Count, Field(ge=1, le=3_653)]
    """Measured days, ten years at most."""
    run_in_days: Annotated[Count, Field(le=365)]
    """Days simulated before the first measured day, to fill queues, wards and expectations; left out of every measure."""


class Population(Block):
    """How many people there are, where they live, and in which schemes."""

    registered: People
    """People registered in the county (户籍人口), living there or not."""
    residents: People
    """People living in the county (常住人口)."""
    towns: DataFile
    """CSV of towns: registered, residents, place on the map."""
    villages: DataFile
    """CSV of villages and communities with their weight within the town."""
    ages: DataFile
    """CSV of age groups and their shares."""
    female_share: Annotated[Share, Field(ge=0.01, le=0.99)]
    """Share of women."""
    household_size: Annotated[Number, Field(ge=1, le=20)]
    """Mean number of people in a household."""
    poverty_share: Share
    """Share of households registered as poor (建档立卡)."""
    employees_share: Share
    """Share of those living here who are in the employees' scheme (职工医保)."""
    migrants_enrolled: Share
    """Share of registered people living elsewhere who are enrolled in the residents' scheme here (参保)."""
    migrants_use: Share
    """Need for care of registered people living elsewhere, relative to those of the same age living here."""


class Illness(Block):
    """How often people fall ill and how that varies over the year and the week."""

    case_mix: DataFile
    """CSV of condition groups: level needed, episodes by age, visits, admissions, stays, bills."""
    visits_scale: Positive
    """Factor on the visits of every condition group."""
    admissions_scale: Positive
    """Factor on the admissions of every condition group."""
    headroom: Annotated[Number, Field(ge=1, le=10)]
    """Candidates drawn relative to the base rate; policies may raise need up to this factor."""
    season: Annotated[tuple[Positive, ...], Field(min_length=12, max_length=12)] | None = None
    """Factor on new illness for each month, January first; left out: no seasons."""
    follow_up_days: Annotated[Days, Field(gt=0)]
    """Mean gap between two visits of one episode."""


class GradeChange(Block):
    """A facility that changes its grade."""

    facility: Text
    """Key of the facility."""
    grade: Grade
    """The grade it gets."""
    from_: Date = Field(alias="from")
    """First day of the new grade."""


class Places(Block):
    """Facilities, the roads between them, and the waits outside the county."""

    facilities: DataFile
    """CSV of facilities: kind, tier, grade, place, doctors, beds, what they can treat."""
    roads: DataFile
    """CSV (from, to, minutes) or GraphML of roads."""
    departments: DataFile
    """CSV of departments: which condition groups each serves, its share of doctors and beds."""
    grades: tuple[GradeChange, ...] = ()
    """Facilities that change grade, and when."""
    outside_wait: ByOutsideTier[Minutes]
    """Mean wait for a doctor at hospitals outside the county, which serve millions of others."""
    outside_bed_wait: ByOutsideTier[Days]
    """Mean wait for a bed at hospitals outside the county."""


class Opening(Block):
    """Opening hours of a day."""

    from_: Clock = Field(alias="from")
    """Doors open."""
    to: Clock
    """Doors close; who waits then is still seen."""


class Care(Block):
    """How long care takes, how long people wait for it, and what they do when they do not get it."""

    service: ByTier[Annotated[Minutes, Field(gt=0)]]
    """Mean minutes of a doctor for a visit."""
    clinic_share: ByTier[Annotated[Share, Field(gt=0)]]
    """Share of the doctors who sit in a clinic room at any time while it is open; the others are in wards, on call or off."""
    service_cv2: Spread
    """Squared coefficient of variation of the minutes of a visit."""
    opening: ByTier[Opening]
    """Opening hours of the outpatient departments."""
    patience: Annotated[Minutes, Field(gt=0)]
    """Mean time people wait for a doctor before they leave."""
    bed_patience: Annotated[Days, Field(gt=0)]
    """Mean time people wait for a bed before they give up."""
    stay_scale: ByInpatientTier[Positive]
    """Factor on the mean stays of the case mix."""
    recovery_day_cost: Share
    """Bill of a day of recovery relative to the mean day of the stay."""
    stay_cv2: Spread
    """Squared coefficient of variation of stays."""
    beyond_return: Share
    """Share of patients admitted beyond the facility's ability who need another stay within a month."""
    follow_up_averts: Share
    """Share of further stays within a month, planned ones apart, that follow-up after a stay averts (出院随访)."""
    again_tomorrow: Share
    """Share who try again the next day after they left, found it full, or found it shut."""
    elsewhere_share: Share
    """Of the rest, the share who meet the need elsewhere (pharmacy, another doctor); the others forgo it."""
    attempts: Annotated[Count, Field(ge=1, le=15)]
    """Attempts of one visit in all."""


class Shock(Block):
    """A time in which need for care is different, an epidemic say."""

    from_: Date = Field(alias="from")
    """First day."""
    until: Date
    """First day on which it is over."""
    need: Positive
    """Factor on care sought."""
