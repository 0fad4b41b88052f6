"""The blocks about prices and insurance: what care costs and who pays (报销政策)."""

from typing import Annotated

from pydantic import Field

from sim.reading.blocks import Block, ByGrade, ByInpatientTier, ByTier, Table
from sim.reading.units import Points, Share, Text, Yuan
from sim.scenario.people import Positive, Spread

FactorFromOne = Annotated[Positive, Field(ge=1)]
Cut = Annotated[Points, Field(ge=0)]


class Prices(Block):
    """What visits and stays cost before reimbursement."""

    visit: ByTier[Annotated[Yuan, Field(le=100_000)]]
    """Mean bill of a visit."""
    visit_cv2: Spread
    """Squared coefficient of variation of the bill of a visit."""
    admission_scale: ByInpatientTier[Positive]
    """Factor on the inpatient bills of the case mix."""
    admission_cv2: Spread
    """Squared coefficient of variation of inpatient bills."""
    scope: ByGrade[Share]
    """Share of the bill within the scope of the policy (政策范围内)."""


class InpatientCell(Block):
    """What a scheme pays for a stay at facilities of one grade in one place."""

    deductible: Yuan
    """Paid by the patient for each admission before the fund pays (起付线)."""
    fund_share: Share
    """Share of the in-scope bill above the deductible that the fund pays (报销比例)."""
    deductible_share: Share = 0.0
    """Share of the bill that is the deductible where this comes to more than the yuan above (按费用比例的起付线)."""
    deductible_most: Yuan = 20_000_000.0
    """Most that a share of the bill makes the deductible."""
    floor: Share = 0.0
    """Least share of the in-scope bill above the deductible that is left whatever is taken off the share; it raises none (保底)."""


class OutpatientCell(Block):
    """What a scheme pays for a visit at facilities of one grade in one place."""

    fund_share: Share
    """Share of the in-scope bill above the deductible that the fund pays."""
    deductible: Yuan = 0.0
    """Paid by the patient for each visit before the fund pays."""


class InpatientPlaces(Table[InpatientCell | None]):
    """Stays at facilities of one grade, by where they are; what is left out is not covered."""

    in_county: InpatientCell | None = None
    """In the county (县域内)."""
    in_city: InpatientCell | None = None
    """In the county's city, outside the county (市域内县外)."""
    in_province: InpatientCell | None = None
    """In the province, outside the city (省内市外)."""
    outside: InpatientCell | None = None
    """Outside the province (省外)."""


class OutpatientPlaces(Table[OutpatientCell | None]):
    """Visits to facilities of one grade, by where they are; what is left out is not covered."""

    in_county: OutpatientCell | None = None
    """In the county (县域内)."""
    in_city: OutpatientCell | None = None
    """In the county's city, outside the county (市域内县外)."""
    in_province: OutpatientCell | None = None
    """In the province, outside the city (省内市外)."""
    outside: OutpatientCell | None = None
    """Outside the province (省外)."""


class CriticalBand(Block):
    """One band of critical-illness insurance."""

    up_to: Yuan | None = None
    """Upper end of the band, yuan of the year's in-scope payments above the threshold; left out in the last band."""
    fund_share: Share
    """Share that is paid in this band."""


class CriticalIllness(Block):
    """Critical-illness insurance (大病保险): pays part of what a year's in-scope inpatient payments exceed the threshold by."""

    threshold: Yuan
    """In-scope payments of a person in a year before it pays."""
    bands: Annotated[tuple[CriticalBand, ...], Field(min_length=1)]
    """Bands above the threshold, in rising order."""


class Scheme(Block):
    """One insurance scheme."""

    inpatient: ByGrade[InpatientPlaces]
    """Stays, by grade and place."""
    outpatient: ByGrade[OutpatientPlaces]
    """Visits, by grade and place."""
    outpatient_ceiling: Yuan
    """Most the fund pays for ordinary visits of a person in a year."""
    chronic_share: Share
    """Share of in-scope bills paid for visits of certified chronic patients."""
    chronic_ceiling: Yuan
    """Most the fund pays for chronic visits of a person in a year."""
    special_chronic: tuple[Text, ...] = ()
    """Condition groups whose visits are paid at the share of a stay there, under the ceiling of stays (特殊慢性病门诊按住院报销)."""
    ceiling: Yuan
    """Most the fund pays for stays of a person in a year (封顶线)."""
    repeat_deductible: Share
    """Deductible of the second and later stays of a year, relative to the first."""
    critical_illness: CriticalIllness
    """Critical-illness insurance."""


class Financing(Block):
    """What the fund of the residents' scheme receives."""

    per_head: Yuan
    """Financing per insured head and year (筹资)."""
    individual: Yuan
    """Of it, what each insured person pays (个人缴费), at most all; the government adds the rest (财政补助)."""
    previous: Yuan
    """The same in the year before; the increment is what the risk fund takes its share of."""
    critical_illness: Yuan
    """Premium per head handed on to critical-illness insurance."""


class Insurance(Block):
    """The schemes, the rules for going without referral, relief of the poor, and the fund."""

    residents: Scheme
    """Residents' scheme of the county (城乡居民医保)."""
    employees: Scheme
    """Employees' scheme (职工医保)."""
    elsewhere: Scheme
    """A typical scheme of another place, for registered people who are not enrolled here; `outside` is where they live."""
    unreferred_cut: Cut
    """Points taken off the fund share of a stay outside the county without referral (未转诊降低报销比例)."""
    unreferred_cut_outside: Cut = 0.0
    """Points taken off besides where that stay is outside the province (省外未转诊另行降低)."""
    unreferred_deductible: FactorFromOne
    """Factor on the deductible of a stay outside the county's city without referral."""
    relief_share: Share
    """Medical assistance to the registered poor: share of what would be left to them of in-scope inpatient bills (医疗救助)."""
    financing: Financing
    """What the fund receives."""
