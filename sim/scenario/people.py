"""The blocks about people, illness, places and care."""

from typing import Annotated

from pydantic import Field

from sim.language.label import Label
from sim.reading.blocks import Block, ByInpatientTier, ByOutsideTier, ByTier, DataFile, FrozenMapping, Names, Part
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

    start: Annotated[Date, Label("first day", "开始日期")]
    """First measured day.
    统计期第一天。"""
    days: Annotated[Count, Field(ge=1, le=3_653), Label("days measured", "统计天数")]
    """Measured days, ten years at most.
    统计天数。"""
    run_in_days: Annotated[Count, Field(le=365), Label("days of run-in", "预热天数")]
    """Days simulated before the first measured day, to fill queues, wards and expectations; left out of every measure.
    统计期之前的预热天数，使候诊、病区与预期形成常态；不计入任何指标。"""


class Population(Block):
    """How many people there are, where they live, and in which schemes."""

    registered: Annotated[People, Label("registered", "户籍人口")]
    """People registered in the county (户籍人口), living there or not.
    户籍人口，包括外出人口。"""
    residents: Annotated[People, Label("living here", "常住人口")]
    """People living in the county (常住人口).
    常住人口。"""
    towns: Annotated[DataFile, Label("towns", "乡镇表")]
    """CSV of towns: registered, residents, place on the map.
    乡镇CSV：户籍人口、常住人口、位置。"""
    villages: Annotated[DataFile, Label("villages", "村（社区）表")]
    """CSV of villages and communities with their weight within the town.
    村（社区）CSV，及其在乡镇内的人口权重。"""
    ages: Annotated[DataFile, Label("ages", "年龄构成")]
    """CSV of age groups and their shares.
    年龄组CSV及其占比。"""
    female_share: Annotated[Share, Field(ge=0.01, le=0.99), Label("share of women", "女性占比")]
    """Share of women.
    女性占比。"""
    household_size: Annotated[Number, Field(ge=1, le=20), Label("people in a household", "户均人口")]
    """Mean number of people in a household.
    户均人口。"""
    poverty_share: Annotated[Share, Label("share registered as poor", "贫困人口占比")]
    """Share of households registered as poor (建档立卡).
    建档立卡户占比。"""
    employees_share: Annotated[Share, Label("share in the employees' scheme", "职工医保参保占比")]
    """Share of those living here who are in the employees' scheme (职工医保).
    常住人口中参加职工医保的占比。"""
    migrants_enrolled: Annotated[Share, Label("share of those living elsewhere who are enrolled here", "外出人口在本县参保比例")]
    """Share of registered people living elsewhere who are enrolled in the residents' scheme here (参保).
    外出户籍人口中在本县参加居民医保的占比。"""
    migrants_use: Annotated[Share, Label("use of care by those living elsewhere, beside residents", "外出人口就医量（相对常住）")]
    """Need for care of registered people living elsewhere, relative to those of the same age living here.
    外出人口的就医需求，相对于同龄常住人口。"""


class Illness(Block):
    """How often people fall ill and how that varies over the year."""

    case_mix: Annotated[DataFile, Label("case mix", "病种表")]
    """CSV of condition groups: level needed, episodes by age, visits, admissions, stays, bills.
    病种组CSV：所需诊疗层级、各年龄发病、诊疗、住院、住院日与费用。"""
    visits_scale: Annotated[Positive, Label("scale of visits", "门诊需要系数")]
    """Factor on the visits of every condition group.
    各病种组诊疗人次的系数。"""
    admissions_scale: Annotated[Positive, Label("scale of admissions", "住院需要系数")]
    """Factor on the admissions of every condition group.
    各病种组住院人次的系数。"""
    headroom: Annotated[Number, Field(ge=1, le=10), Label("headroom of the calendar", "患病预留余量")]
    """Candidates drawn relative to the base rate; policies may raise need up to this factor.
    候选需要相对于基准的倍数；政策最多可把需求提高到这一倍数。"""
    season: Annotated[Annotated[tuple[Positive, ...], Field(min_length=12, max_length=12)] | None, Label("season", "季节系数")] = None
    """Factor on new illness for each month, January first; left out: no seasons.
    各月新发病的系数，一月在先；不写则无季节变化。"""
    follow_up_days: Annotated[Days, Field(gt=0), Label("days between follow-ups", "复诊间隔")]
    """Mean gap between two visits of one episode.
    同一病程两次就诊的平均间隔。"""


class GradeChange(Block):
    """A facility that changes its grade."""

    facility: Annotated[Text, Label("facility", "机构")]
    """Key of the facility.
    机构的键。"""
    grade: Annotated[Grade, Label("new grade", "新等级")]
    """The grade it gets.
    变更后的等级。"""
    from_: Annotated[Date, Label("from", "起")] = Field(alias="from")
    """First day of the new grade.
    新等级的第一天。"""


class Added(Block):
    """What a facility has beyond its row in the table."""

    beds: Annotated[Count, Field(le=20_000), Label("beds added", "增设床位")] = 0
    """Beds added.
    增设的床位数。"""
    doctors: Annotated[Count, Field(le=20_000), Label("doctors added", "增配医师")] = 0
    """Doctors added.
    增配的医师数。"""


class Places(Block):
    """Facilities, the roads between them, and the waits outside the county."""

    facilities: Annotated[DataFile, Label("facilities", "机构表")]
    """CSV of facilities: kind, tier, grade, place, doctors, beds, what they can treat.
    医疗机构CSV：类型、层级、等级、区域、医师、床位、可诊治病种。"""
    roads: Annotated[DataFile, Label("roads", "道路表")]
    """CSV (from, to, minutes) or GraphML of roads.
    道路：CSV（from, to, minutes）或GraphML。"""
    departments: Annotated[DataFile, Label("departments", "科室表")]
    """CSV of departments: which condition groups each serves, its share of doctors and beds.
    科室CSV：各科室服务的病种组及其医师、床位占比。"""
    added: Annotated[Names[Added], Label("capacity added", "增设能力")] = Field(default_factory=FrozenMapping)
    """Facility of the county -> beds and doctors it has beyond its row in the table; people and places stay the same ones.
    县域内机构 -> 在机构表之外增设的床位与医师；人口与地点不变。"""
    grades: Annotated[tuple[GradeChange, ...], Label("change of grade", "等级变动")] = ()
    """Facilities that change grade, and when.
    等级发生变化的机构及日期。"""
    outside_wait: Annotated[ByOutsideTier[Minutes], Label("wait for a doctor outside the county", "县外候诊时间")]
    """Mean wait for a doctor at hospitals outside the county, which serve millions of others.
    县外医院的平均候诊时间；这些医院还服务大量外地患者。"""
    outside_bed_wait: Annotated[ByOutsideTier[Days], Label("wait for a bed outside the county", "县外等床天数")]
    """Mean wait for a bed at hospitals outside the county.
    县外医院的平均等床时间。"""


class Opening(Block):
    """Opening hours of a day."""

    from_: Annotated[Clock, Label("from", "开门")] = Field(alias="from")
    """Doors open.
    开门时间。"""
    to: Annotated[Clock, Label("to", "关门")]
    """Doors close; who waits then is still seen.
    关门时间；届时已在候诊的患者仍予诊治。"""


class Care(Block):
    """How long care takes, how long people wait for it, and what they do when they do not get it."""

    service: Annotated[ByTier[Annotated[Minutes, Field(gt=0)]], Label("time with the doctor", "每次诊疗时间")]
    """Mean minutes of a doctor for a visit.
    每次诊疗占用医师的平均分钟数。"""
    clinic_share: Annotated[ByTier[Annotated[Share, Field(gt=0)]], Label("share of doctors in clinics", "出门诊医师比例")]
    """Share of the doctors who sit in a clinic room at any time while it is open; the others are in wards, on call or off.
    开诊时在门诊出诊的医师占比；其余在病房、值班或休息。"""
    service_cv2: Annotated[Spread, Label("spread of the time with the doctor", "诊疗时间离散程度")]
    """Squared coefficient of variation of the minutes of a visit.
    诊疗时间变异系数的平方。"""
    opening: Annotated[ByTier[Opening], Label("opening hours", "门诊时间")]
    """Opening hours of the outpatient departments.
    门诊开放时间。"""
    patience: Annotated[Minutes, Field(gt=0), Label("patience in the waiting room", "候诊耐心")]
    """Mean time people wait for a doctor before they leave.
    患者候诊的平均耐心，超过即离开。"""
    bed_patience: Annotated[Days, Field(gt=0), Label("patience for a bed", "等床耐心")]
    """Mean time people wait for a bed before they give up.
    患者等床的平均耐心，超过即放弃。"""
    stay_scale: Annotated[ByInpatientTier[Positive], Label("scale of stays", "住院天数系数")]
    """Factor on the mean stays of the case mix.
    病种组平均住院日的系数。"""
    recovery_day_cost: Annotated[Share, Label("cost of a day of recovery", "恢复期日均费用（相对）")]
    """Bill of a day of recovery relative to the mean day of the stay.
    恢复期一天的费用，相对于该次住院的日均费用。"""
    stay_cv2: Annotated[Spread, Label("spread of stays", "住院天数离散程度")]
    """Squared coefficient of variation of stays.
    住院日变异系数的平方。"""
    beyond_return: Annotated[Share, Label("share not cured who come back", "未治愈再住院比例")]
    """Share of patients admitted beyond the facility's ability who need another stay within a month.
    收治超出机构能力的患者中一个月内需再次住院的占比。"""
    follow_up_averts: Annotated[Share, Label("further stays averted by follow-up", "随访避免的再住院比例")]
    """Share of further stays within a month, planned ones apart, that follow-up after a stay averts (出院随访).
    出院随访避免的一个月内再住院占比（计划内的除外）。"""
    again_tomorrow: Annotated[Share, Label("share who try again tomorrow", "次日再来比例")]
    """Share who try again the next day after they left, found it full, or found it shut.
    中途离开、遇满员或关门后次日再来的占比。"""
    elsewhere_share: Annotated[Share, Label("share who try elsewhere", "改去他处比例")]
    """Of the rest, the share who meet the need elsewhere (pharmacy, another doctor); the others forgo it.
    其余患者中在别处（药店、其他医生）解决的占比；余下的放弃就医。"""
    attempts: Annotated[Count, Field(ge=1, le=15), Label("attempts", "尝试次数")]
    """Attempts of one visit in all.
    一次就诊总共尝试的次数。"""


class Shock(Block):
    """A time in which need for care is different, an epidemic say."""

    from_: Annotated[Date, Label("from", "起")] = Field(alias="from")
    """First day.
    第一天。"""
    until: Annotated[Date, Label("until", "止")]
    """First day on which it is over.
    结束后的第一天。"""
    need: Annotated[Positive, Label("need for care", "需要系数")]
    """Factor on care sought.
    就医需求的系数。"""
