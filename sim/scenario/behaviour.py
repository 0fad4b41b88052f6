"""The blocks about how people choose, what they learn, how they are referred, and which groups and goals there are."""

from typing import Annotated, Literal

from pydantic import Field

from sim.language.label import Label
from sim.reading.blocks import Block, DataFile, Table, Title
from sim.reading.units import Date, Number, Quantity, Share, Text, Yuan
from sim.scenario.people import NotNegative, Positive

Dissimilarity = Annotated[Number, Field(ge=0.05, le=1)]
Utils = Annotated[Number, Field(ge=-50, le=50)]
Unit01 = Annotated[Number, Field(ge=0, le=1)]
Segment = Literal["minor_visit", "serious_visit", "common_stay", "serious_stay"]
SEGMENTS: tuple[Segment, ...] = ("minor_visit", "serious_visit", "common_stay", "serious_stay")


class Nests(Block):
    """Dissimilarity of the options within each nest: 1 is the plain logit, near 0 they are one option under many names."""

    village: Annotated[Dissimilarity, Label("village clinics", "村卫生室")]
    """Village clinics.
    村卫生室。"""
    clinic: Annotated[Dissimilarity, Label("private clinics", "诊所")]
    """Private clinics.
    诊所。"""
    township: Annotated[Dissimilarity, Label("township centres", "乡镇卫生院")]
    """Township centres.
    乡镇卫生院。"""
    county: Annotated[Dissimilarity, Label("county hospitals", "县级医院")]
    """Hospitals in the county, private and rehabilitation among them.
    县内医院，含民营与康复医院。"""
    tertiary: Annotated[Dissimilarity, Label("tertiary hospitals", "三级医院")]
    """Tertiary hospitals outside the county.
    县外三级医院。"""


class Constants(Table[Utils]):
    """Utility of each kind of option when all else is equal, in utils; what is left out is 0."""

    village: Annotated[Utils, Label("village clinics", "村卫生室")] = 0.0
    """Village clinics.
    村卫生室。"""
    clinic: Annotated[Utils, Label("private clinics", "诊所")] = 0.0
    """Private clinics.
    诊所。"""
    township: Annotated[Utils, Label("township centres", "乡镇卫生院")] = 0.0
    """Township centres.
    乡镇卫生院。"""
    county: Annotated[Utils, Label("county hospitals", "县级医院")] = 0.0
    """Public hospitals of the county.
    县级公立医院。"""
    private: Annotated[Utils, Label("private hospitals", "民营医院")] = 0.0
    """Private hospitals.
    民营医院。"""
    rehabilitation: Annotated[Utils, Label("rehabilitation hospitals", "康复护理机构")] = 0.0
    """Rehabilitation and nursing hospitals.
    康复、护理医院。"""
    municipal: Annotated[Utils, Label("municipal tertiary hospitals", "市级三级医院")] = 0.0
    """Municipal tertiary hospitals.
    市级三级医院。"""
    provincial: Annotated[Utils, Label("provincial tertiary hospitals", "省级三级医院")] = 0.0
    """Provincial tertiary hospitals.
    省级三级医院。"""
    none: Annotated[Utils, Label("no formal care", "不就诊")] = 0.0
    """No formal care: self-treatment, the pharmacy, an admission put off.
    不就医：自我治疗、药店购药、推迟住院。"""


class Taste(Block):
    """How much patients of one segment care about each thing, in utils."""

    constants: Annotated[Constants, Label("standing preference", "固有偏好")]
    """Utility of each kind of option when all else is equal.
    其他条件相同时各类选项的效用。"""
    price: Annotated[NotNegative, Label("weight of the price", "自付费用权重")]
    """Utils lost for each unit of ln(out-of-pocket yuan + offset), before the quality gate.
    自付费用（元，加偏移量取对数）每单位减少的效用，乘质量门槛之前。"""
    price_offset: Annotated[Yuan, Field(ge=0.01), Label("price below which little matters", "自付费用基数")]
    """Yuan added to what the patient pays before the logarithm is taken.
    取对数之前加到自付费用上的金额。"""
    minute: Annotated[NotNegative, Label("weight of a minute's travel", "路程权重（每分钟）")]
    """Utils lost for each minute of travel.
    路程每分钟减少的效用。"""
    wait_hour: Annotated[NotNegative, Label("weight of an hour's wait", "候诊权重（每小时）")]
    """Utils lost for each hour of expected wait for a doctor.
    预期候诊每小时减少的效用。"""
    wait_day: Annotated[NotNegative, Label("weight of a day's wait", "等床权重（每天）")]
    """Utils lost for each day of expected wait for a bed.
    预期等床每天减少的效用。"""
    capability: Annotated[NotNegative, Label("weight of capability", "诊治能力权重")]
    """Utils lost where a facility can treat none of such cases; in proportion where it can treat some.
    机构完全不能诊治此类病例时减少的效用；能诊治一部分的按比例计。"""
    quality: Annotated[NotNegative, Label("weight of quality", "质量权重")]
    """Utils gained from perceived quality 0 to 1.
    感知质量由0到1增加的效用。"""
    size: Annotated[NotNegative, Label("weight of size", "规模权重")]
    """Factor on ln(doctors or beds) within a nest; 1 makes two halves of a hospital draw what the whole drew.
    ln（医师数或床位数）在选项组内的系数；为1时，一家医院拆成两半后合计吸引力不变。"""


class Segments(Table[Taste]):
    """Tastes by what care is for."""

    minor_visit: Annotated[Taste, Label("visits for minor illness", "轻症门诊")]
    """Visits for what a village or township can treat.
    村或乡镇能诊治的门诊。"""
    serious_visit: Annotated[Taste, Label("visits for serious illness", "重症门诊")]
    """Visits for what needs a hospital.
    需要医院的门诊。"""
    common_stay: Annotated[Taste, Label("common stays", "常见病住院")]
    """Stays for what a township can treat.
    乡镇能收治的住院。"""
    serious_stay: Annotated[Taste, Label("serious stays", "重症住院")]
    """Stays for what needs a hospital.
    需要医院的住院。"""


class QualityGate(Block):
    """Price matters when quality is close: the price term is multiplied by 1 / (1 + exp(-(Q - midpoint) / width)),
    Q how well the kind of facility that properly treats the case nearest to home meets what it wants, over the best hospital."""

    midpoint: Annotated[Utils, Label("midpoint", "中点")]
    """The ratio of qualities at which half of the price term counts.
    质量之比达到此值时，价格作用计入一半。"""
    width: Annotated[Positive, Label("width", "宽度")]
    """How gradually it opens.
    门槛打开的缓急。"""


class Quality(Table[Unit01]):
    """Quality as people perceive it before experience, 0 to 1."""

    village: Annotated[Unit01, Label("village clinics", "村卫生室")]
    """Village clinics.
    村卫生室。"""
    clinic: Annotated[Unit01, Label("private clinics", "诊所")]
    """Private clinics.
    诊所。"""
    township: Annotated[Unit01, Label("township centres", "乡镇卫生院")]
    """Township centres.
    乡镇卫生院。"""
    county: Annotated[Unit01, Label("county hospitals", "县级医院")]
    """Public hospitals of the county.
    县级公立医院。"""
    private: Annotated[Unit01, Label("private hospitals", "民营医院")]
    """Private hospitals.
    民营医院。"""
    rehabilitation: Annotated[Unit01, Label("rehabilitation hospitals", "康复护理机构")]
    """Rehabilitation and nursing hospitals.
    康复、护理医院。"""
    municipal: Annotated[Unit01, Label("municipal tertiary hospitals", "市级三级医院")]
    """Municipal tertiary hospitals.
    市级三级医院。"""
    provincial: Annotated[Unit01, Label("provincial tertiary hospitals", "省级三级医院")]
    """Provincial tertiary hospitals.
    省级三级医院。"""


class Choice(Block):
    """How people choose where to go, or not to go."""

    nests: Annotated[Nests, Label("likeness of options of one kind", "同类机构相近程度")]
    """How alike the options of a nest are.
    同组选项之间的相似程度。"""
    segments: Annotated[Segments, Label("segment", "人群")]
    """Tastes by what care is for.
    按就医目的区分的偏好。"""
    quality_gate: Annotated[QualityGate, Label("quality from which prices count", "价格起作用的质量门槛")]
    """When price matters.
    价格何时起作用。"""
    quality: Annotated[Quality, Label("perceived quality", "感知质量")]
    """Quality as perceived.
    居民感知的质量。"""
    quality_wanted: Annotated[
        tuple[Unit01, ...], Field(min_length=5, max_length=5), Label("quality wanted at level", "期望质量（按病情等级）")
    ]
    """Perceived quality that people want for a need of level 1 (village) to 5 (provincial); more than that adds nothing.
    需要1级（村）至5级（省级）诊疗时居民期望的感知质量；超出部分不再增加效用。"""
    loyalty: Annotated[Utils, Label("loyalty to the last facility", "对上次就诊机构的忠诚")]
    """Utils for the facility where the person was treated last.
    对上次就诊机构的效用。"""
    trust: Annotated[Utils, Label("trust in the own township", "对本乡镇卫生院的信任")]
    """Utils for each point of trust 0 to 1 in the primary facility beyond the neutral one half.
    对基层机构的信任（0至1）超出中性值0.5的部分，每1点的效用。"""
    elderly_minute: Annotated[NotNegative, Label("weight of travel for the elderly (times)", "老年人路程权重倍数")]
    """Factor on the disutility of travel for people of 65 and older.
    65岁及以上居民路程负效用的倍数。"""
    referred: Annotated[Utils, Label("weight of a referral", "转诊权重")]
    """Utils for hospitals of the county and above when the patient has a referral record.
    持转诊单的患者对县级及以上医院增加的效用。"""


class Learning(Block):
    """What experience changes."""

    wait_memory: Annotated[Share, Label("memory of waits", "等候经验的记忆")]
    """Weight of the old expectation of a wait when a week's waits are learned.
    每周更新预期等候时旧预期的权重。"""
    trust_start: Annotated[Unit01, Label("trust at the start", "初始信任")]
    """Trust in primary care at the start.
    起始时对基层的信任。"""
    trust_gain: Annotated[Unit01, Label("trust gained", "信任增加")]
    """Part of the way to full trust that one good visit moves.
    一次满意的就诊使信任向满值靠近的比例。"""
    trust_loss: Annotated[Unit01, Label("trust lost", "信任减少")]
    """Part of the way to no trust that one visit without success moves.
    一次未能解决问题的就诊使信任向零靠近的比例。"""


class Referral(Block):
    """Referral as practised where no rules speak."""

    up_share: Annotated[Share, Label("share referred up", "上转比例")]
    """Share of cases beyond a facility's ability that it sends up with a record (上转).
    超出机构能力的病例中，由其开具转诊单上转的占比。"""
    sought_share: Annotated[Share, Label("share who ask for a referral", "事先办理转诊比例")]
    """Share of planned stays of people living here for which a referral record is sought beforehand.
    常住人口的计划住院中，事先申请办理转诊的占比。"""
    down_offer: Annotated[Share, Label("share offered to go down", "提出下转比例")]
    """Share of stable patients in a hospital to whom going down is offered (下转).
    县级医院病情稳定的患者中，被建议下转的占比。"""
    down_accept: Annotated[Share, Label("share who accept", "接受下转比例")]
    """Share of those who accept.
    其中同意下转的占比。"""
    recovery_share: Annotated[Share, Label("share of a stay that is recovery", "恢复期占住院天数比例")]
    """Last part of a stay in which a patient is stable and may recover further down.
    一次住院的最后部分（恢复期），病情稳定，可到下级机构康复。"""
    completion: Annotated[Share, Label("share sent up who arrive", "上转到达率")] = 1.0
    """Share of patients sent up from a visit who arrive on the same day; the others go home with their record.
    门诊上转患者中当日到达接诊机构的占比；其余持转诊单回家。"""
    catalogue: Annotated[DataFile, Label("referral catalogue", "转诊病种目录表")]
    """CSV of the specialties a referral catalogue has: condition groups, and how many of its conditions each lists.
    转诊病种目录CSV：各专业所含病种组与病种数。"""


Governance = Literal["loose", "five_unchanged", "four_unchanged", "three_unchanged", "one_entity"]


class Alignment(Table[Unit01]):
    """How far members act for their group's balance rather than their own income, by how the group is governed: 0 not at all, 1 wholly."""

    loose: Annotated[Unit01, Label("loose alliance", "松散型医联体")]
    """A loose alliance of training and technical help (松散型医联体).
    松散型医联体：培训与技术协作。"""
    five_unchanged: Annotated[Unit01, Label("five things unchanged", "五个不变")]
    """Institutions, legal persons, duties, debts and daily management stay as they are (五个不变).
    五个不变：机构设置、法人资格、职能职责、债务债权、日常管理。"""
    four_unchanged: Annotated[Unit01, Label("four things unchanged", "四个不变")]
    """Legal persons, assets, public funding and social duties stay as they are (四个不变).
    四个不变：法人地位、固定资产隶属、政府投入、社会职责。"""
    three_unchanged: Annotated[Unit01, Label("three things unchanged", "三个不变")]
    """People, money and things are managed by the lead; funding channels, assets and staff status stay (三个不变).
    人财物由牵头单位统一管理；投入渠道、资产属性、职工身份三个不变。"""
    one_entity: Annotated[Unit01, Label("one legal entity", "一个法人")]
    """One legal entity (一个法人).
    一个法人。"""


class Group(Block):
    """A hospital group (医联体/医共体): a lead hospital and its towns."""

    title: Annotated[Title | None, Label("name", "名称")] = None
    """Its name.
    集团名称。"""
    lead: Annotated[Text, Label("lead hospital", "牵头医院")]
    """Key of the lead hospital.
    牵头医院的键。"""
    governance: Annotated[Governance, Label("governance", "治理方式")] = "loose"
    """How it is governed.
    集团的治理方式。"""
    towns: Annotated[tuple[Text, ...], Field(min_length=1), Label("towns", "成员乡镇")]
    """Towns whose township centre and village clinics are its members.
    成员乡镇：其卫生院与村卫生室属于集团。"""


class Target(Block):
    """A goal a policy has set."""

    goal: Annotated[Quantity, Label("value", "目标值")]
    """What is to be attained, in the measure's unit.
    目标值，单位同指标。"""
    tolerance: Annotated[Quantity, Label("tolerance", "允许误差")]
    """How near counts as attained ('左右').
    允许的偏差（“左右”）。"""
    by: Annotated[Date, Label("by when", "期限")]
    """By when.
    完成期限。"""
