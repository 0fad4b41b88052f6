"""The blocks about prices and insurance: what care costs and who pays (报销政策)."""

from typing import Annotated

from pydantic import Field

from sim.language.label import Label
from sim.reading.blocks import Block, ByGrade, ByInpatientTier, ByTier, Table
from sim.reading.units import Points, Share, Text, Yuan
from sim.scenario.people import Positive, Spread

FactorFromOne = Annotated[Positive, Field(ge=1)]
Cut = Annotated[Points, Field(ge=0)]


class Prices(Block):
    """What visits and stays cost before reimbursement."""

    visit: Annotated[ByTier[Annotated[Yuan, Field(le=100_000)]], Label("bill of a visit", "次均门诊费用")]
    """Mean bill of a visit.
    次均门诊费用。"""
    visit_cv2: Annotated[Spread, Label("spread of bills of visits", "门诊费用离散程度")]
    """Squared coefficient of variation of the bill of a visit.
    门诊费用变异系数的平方。"""
    admission_scale: Annotated[ByInpatientTier[Positive], Label("scale of bills of admissions", "住院费用系数")]
    """Factor on the inpatient bills of the case mix.
    病种组住院费用的系数。"""
    admission_cv2: Annotated[Spread, Label("spread of bills of admissions", "住院费用离散程度")]
    """Squared coefficient of variation of inpatient bills.
    住院费用变异系数的平方。"""
    scope: Annotated[ByGrade[Share], Label("share of bills in scope", "政策范围内费用占比")]
    """Share of the bill within the scope of the policy (政策范围内).
    费用中属于政策范围内的占比。"""


class InpatientCell(Block):
    """What a scheme pays for a stay at facilities of one grade in one place."""

    deductible: Annotated[Yuan, Label("deductible", "起付线")]
    """Paid by the patient for each admission before the fund pays (起付线).
    起付线：每次住院基金支付之前由患者负担。"""
    fund_share: Annotated[Share, Label("fund's share", "报销比例")]
    """Share of the in-scope bill above the deductible that the fund pays (报销比例).
    报销比例：起付线以上政策范围内费用由基金支付的占比。"""
    deductible_share: Annotated[Share, Label("deductible as a share of the bill", "起付线占费用比例")] = 0.0
    """Share of the bill that is the deductible where this comes to more than the yuan above (按费用比例的起付线).
    起付线占费用的比例，高于上列金额时按比例计（按费用比例的起付线）。"""
    deductible_most: Annotated[Yuan, Label("most of such a deductible", "按比例起付线上限")] = 20_000_000.0
    """Most that a share of the bill makes the deductible.
    按费用比例计的起付线最高金额。"""
    floor: Annotated[Share, Label("least share of the fund", "保底报销比例")] = 0.0
    """Least share of the in-scope bill above the deductible that is left whatever is taken off the share; it raises none (保底).
    保底：无论扣减多少，起付线以上政策范围内费用由基金支付的最低占比；不提高原比例。"""


class OutpatientCell(Block):
    """What a scheme pays for a visit at facilities of one grade in one place."""

    fund_share: Annotated[Share, Label("fund's share", "报销比例")]
    """Share of the in-scope bill above the deductible that the fund pays.
    报销比例：起付线以上政策范围内费用由基金支付的占比。"""
    deductible: Annotated[Yuan, Label("deductible", "起付线")] = 0.0
    """Paid by the patient for each visit before the fund pays.
    每次门诊基金支付之前由患者负担的金额。"""


class InpatientPlaces(Table[InpatientCell | None]):
    """Stays at facilities of one grade, by where they are; what is left out is not covered."""

    in_county: Annotated[InpatientCell | None, Label("in the county", "县内")] = None
    """In the county (县域内).
    县域内。"""
    in_city: Annotated[InpatientCell | None, Label("in the city", "市内县外")] = None
    """In the county's city, outside the county (市域内县外).
    市域内县外。"""
    in_province: Annotated[InpatientCell | None, Label("in the province", "省内市外")] = None
    """In the province, outside the city (省内市外).
    省内市外。"""
    outside: Annotated[InpatientCell | None, Label("outside the province", "省外")] = None
    """Outside the province (省外).
    省外。"""


class OutpatientPlaces(Table[OutpatientCell | None]):
    """Visits to facilities of one grade, by where they are; what is left out is not covered."""

    in_county: Annotated[OutpatientCell | None, Label("in the county", "县内")] = None
    """In the county (县域内).
    县域内。"""
    in_city: Annotated[OutpatientCell | None, Label("in the city", "市内县外")] = None
    """In the county's city, outside the county (市域内县外).
    市域内县外。"""
    in_province: Annotated[OutpatientCell | None, Label("in the province", "省内市外")] = None
    """In the province, outside the city (省内市外).
    省内市外。"""
    outside: Annotated[OutpatientCell | None, Label("outside the province", "省外")] = None
    """Outside the province (省外).
    省外。"""


class CriticalBand(Block):
    """One band of critical-illness insurance."""

    up_to: Annotated[Yuan | None, Label("up to", "上限")] = None
    """Upper end of the band, yuan of the year's in-scope payments above the threshold; left out in the last band.
    本段上限，即全年政策范围内自付超过起付标准的金额；最后一段不写。"""
    fund_share: Annotated[Share, Label("fund's share", "报销比例")]
    """Share that is paid in this band.
    本段的支付比例。"""


class CriticalIllness(Block):
    """Critical-illness insurance (大病保险): pays part of what a year's in-scope inpatient payments exceed the threshold by."""

    threshold: Annotated[Yuan, Label("threshold", "起付线")]
    """In-scope payments of a person in a year before it pays.
    大病保险起付标准：个人全年政策范围内自付。"""
    bands: Annotated[tuple[CriticalBand, ...], Field(min_length=1), Label("band", "分段")]
    """Bands above the threshold, in rising order.
    起付标准以上的各段，由低到高。"""


class Scheme(Block):
    """One insurance scheme."""

    inpatient: Annotated[ByGrade[InpatientPlaces], Label("inpatients", "住院")]
    """Stays, by grade and place.
    住院报销，按机构等级与区域。"""
    outpatient: Annotated[ByGrade[OutpatientPlaces], Label("outpatients", "门诊")]
    """Visits, by grade and place.
    门诊报销，按机构等级与区域。"""
    outpatient_ceiling: Annotated[Yuan, Label("yearly ceiling for outpatients", "门诊年度封顶线")]
    """Most the fund pays for ordinary visits of a person in a year.
    普通门诊年度封顶。"""
    chronic_share: Annotated[Share, Label("fund's share for chronic illness", "慢性病门诊报销比例")]
    """Share of in-scope bills paid for visits of certified chronic patients.
    门诊慢特病政策范围内费用的报销比例。"""
    chronic_ceiling: Annotated[Yuan, Label("yearly ceiling for chronic illness", "慢性病门诊年度封顶线")]
    """Most the fund pays for chronic visits of a person in a year.
    门诊慢特病年度封顶。"""
    special_chronic: Annotated[tuple[Text, ...], Label("conditions paid like stays", "特殊慢性病病种")] = ()
    """Condition groups whose visits are paid at the share of a stay there, under the ceiling of stays (特殊慢性病门诊按住院报销).
    特殊慢性病病种组：门诊按就诊机构住院比例报销，计入住院封顶线。"""
    ceiling: Annotated[Yuan, Label("yearly ceiling for inpatients", "住院年度封顶线")]
    """Most the fund pays for stays of a person in a year (封顶线).
    住院年度封顶线。"""
    repeat_deductible: Annotated[Share, Label("deductible of a repeated stay", "再次住院起付线（相对首次）")]
    """Deductible of the second and later stays of a year, relative to the first.
    年内第二次及以后住院的起付线，相对于第一次。"""
    critical_illness: Annotated[CriticalIllness, Label("critical-illness insurance", "大病保险")]
    """Critical-illness insurance.
    大病保险。"""


class Financing(Block):
    """What the fund of the residents' scheme receives."""

    per_head: Annotated[Yuan, Label("per head", "人均筹资")]
    """Financing per insured head and year (筹资).
    人均年筹资。"""
    individual: Annotated[Yuan, Label("paid by the insured person", "个人缴费")]
    """Of it, what each insured person pays (个人缴费), at most all; the government adds the rest (财政补助).
    其中个人缴费，不超过人均筹资；其余为财政补助。"""
    previous: Annotated[Yuan, Label("per head in the year before", "上年人均筹资")]
    """The same in the year before; the increment is what the risk fund takes its share of.
    上一年的人均筹资；增量是提取风险金的基数。"""
    critical_illness: Annotated[Yuan, Label("critical-illness premium", "大病保险保费")]
    """Premium per head handed on to critical-illness insurance.
    人均划转大病保险的保费。"""


class Insurance(Block):
    """The schemes, the rules for going without referral, relief of the poor, and the fund."""

    residents: Annotated[Scheme, Label("residents' scheme", "城乡居民医保")]
    """Residents' scheme of the county (城乡居民医保).
    本县城乡居民医保。"""
    employees: Annotated[Scheme, Label("employees' scheme", "职工医保")]
    """Employees' scheme (职工医保).
    职工医保。"""
    elsewhere: Annotated[Scheme, Label("schemes of other places", "异地参保")]
    """A typical scheme of another place, for registered people who are not enrolled here; `outside` is where they live.
    外地的典型医保，适用于未在本县参保的户籍人口；其 outside 一格是他们的居住地。"""
    unreferred_cut: Annotated[Cut, Label("cut without a referral", "未经转诊降低报销比例")]
    """Points taken off the fund share of a stay outside the county without referral (未转诊降低报销比例).
    未经转诊到县外住院，报销比例降低的百分点。"""
    unreferred_cut_outside: Annotated[Cut, Label("further cut outside the province", "省外未转诊另行降低")] = 0.0
    """Points taken off besides where that stay is outside the province (省外未转诊另行降低).
    未经转诊到省外住院，报销比例另行降低的百分点。"""
    unreferred_deductible: Annotated[FactorFromOne, Label("deductible without a referral (times)", "未经转诊起付线倍数")]
    """Factor on the deductible of a stay outside the county's city without referral.
    未经转诊到市外住院，起付线的倍数。"""
    relief_share: Annotated[Share, Label("share paid by medical relief", "医疗救助比例")]
    """Medical assistance to the registered poor: share of what would be left to them of in-scope inpatient bills (医疗救助).
    医疗救助：建档立卡人员政策范围内住院自付费用的救助比例。"""
    financing: Annotated[Financing, Label("financing", "筹资")]
    """What the fund receives.
    居民医保基金的筹资。"""
