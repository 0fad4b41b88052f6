"""The blocks about how people choose, what they learn, how they are referred, and which groups and goals there are."""

from typing import Annotated, Literal

from pydantic import Field

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

    village: Dissimilarity
    """Village clinics."""
    clinic: Dissimilarity
    """Private clinics."""
    township: Dissimilarity
    """Township centres."""
    county: Dissimilarity
    """Hospitals in the county, private and rehabilitation among them."""
    tertiary: Dissimilarity
    """Tertiary hospitals outside the county."""


class Constants(Table[Utils]):
    """Utility of each kind of option when all else is equal, in utils; what is left out is 0."""

    village: Utils = 0.0
    """Village clinics."""
    clinic: Utils = 0.0
    """Private clinics."""
    township: Utils = 0.0
    """Township centres."""
    county: Utils = 0.0
    """Public hospitals of the county."""
    private: Utils = 0.0
    """Private hospitals."""
    rehabilitation: Utils = 0.0
    """Rehabilitation and nursing hospitals."""
    municipal: Utils = 0.0
    """Municipal tertiary hospitals."""
    provincial: Utils = 0.0
    """Provincial tertiary hospitals."""
    none: Utils = 0.0
    """No formal care: self-treatment, the pharmacy, an admission put off."""


class Taste(Block):
    """How much patients of one segment care about each thing, in utils."""

    constants: Constants
    """Utility of each kind of option when all else is equal."""
    price: NotNegative
    """Utils lost for each unit of ln(out-of-pocket yuan + offset), before the quality gate."""
    price_offset: Annotated[Yuan, Field(ge=0.01)]
    """Yuan added to what the patient pays before the logarithm is taken."""
    minute: NotNegative
    """Utils lost for each minute of travel."""
    wait_hour: NotNegative
    """Utils lost for each hour of expected wait for a doctor."""
    wait_day: NotNegative
    """Utils lost for each day of expected wait for a bed."""
    capability: NotNegative
    """Utils lost where a facility can treat none of such cases; in proportion where it can treat some."""
    quality: NotNegative
    """Utils gained from perceived quality 0 to 1."""
    size: NotNegative
    """Factor on ln(doctors or beds) within a nest; 1 makes two halves of a hospital draw what the whole drew."""


class Segments(Table[Taste]):
    """Tastes by what care is for."""

    minor_visit: Taste
    """Visits for what a village or township can treat."""
    serious_visit: Taste
    """Visits for what needs a hospital."""
    common_stay: Taste
    """Stays for what a township can treat."""
    serious_stay: Taste
    """Stays for what needs a hospital."""


class QualityGate(Block):
    """Price matters when quality is close: the price term is multiplied by 1 / (1 + exp(-(Q - midpoint) / width)),
    Q how well the kind of facility that properly treats the case nearest to home meets what it wants, over the best hospital."""

    midpoint: Utils
    """The ratio of qualities at which half of the price term counts."""
    width: Positive
    """How gradually it opens."""


class Quality(Table[Unit01]):
    """Quality as people perceive it before experience, 0 to 1."""

    village: Unit01
    """Village clinics."""
    clinic: Unit01
    """Private clinics."""
    township: Unit01
    """Township centres."""
    county: Unit01
    """Public hospitals of the county."""
    private: Unit01
    """Private hospitals."""
    rehabilitation: Unit01
    """Rehabilitation and nursing hospitals."""
    municipal: Unit01
    """Municipal tertiary hospitals."""
    provincial: Unit01
    """Provincial tertiary hospitals."""


class Choice(Block):
    """How people choose where to go, or not to go."""

    nests: Nests
    """How alike the options of a nest are."""
    segments: Segments
    """Tastes by what care is for."""
    quality_gate: QualityGate
    """When price matters."""
    quality: Quality
    """Quality as perceived."""
    quality_wanted: Annotated[tuple[Unit01, ...], Field(min_length=5, max_length=5)]
    """Perceived quality that people want for a need of level 1 (village) to 5 (provincial); more than that adds nothing."""
    loyalty: Utils
    """Utils for the facility where the person was treated last."""
    trust: Utils
    """Utils for each point of trust 0 to 1 in the primary facility beyond the neutral one half."""
    elderly_minute: NotNegative
    """Factor on the disutility of travel for people of 65 and older."""
    referred: Utils
    """Utils for hospitals of the county and above when the patient has a referral record."""


class Learning(Block):
    """What experience changes."""

    wait_memory: Share
    """Weight of the old expectation of a wait when a week's waits are learned."""
    trust_start: Unit01
    """Trust in primary care at the start."""
    trust_gain: Unit01
    """Part of the way to full trust that one good visit moves."""
    trust_loss: Unit01
    """Part of the way to no trust that one visit without success moves."""


class Referral(Block):
    """Referral as practised where no rules speak."""

    up_share: Share
    """Share of cases beyond a facility's ability that it sends up with a record (上转)."""
    sought_share: Share
    """Share of planned stays of people living here for which a referral record is sought beforehand."""
    down_offer: Share
    """Share of stable patients in a hospital to whom going down is offered (下转)."""
    down_accept: Share
    """Share of those who accept."""
    recovery_share: Share
    """Last part of a stay in which a patient is stable and may recover further down."""
    completion: Share = 1.0
    """Share of patients sent up from a visit who arrive on the same day; the others go home with their record."""
    catalogue: DataFile
    """CSV of the specialties a referral catalogue has: condition groups, and how many of its conditions each lists."""


Governance = Literal["loose", "five_unchanged", "four_unchanged", "three_unchanged", "one_entity"]


class Alignment(Table[Unit01]):
    """How far members act for their group's balance rather than their own income, by how the group is governed: 0 not at all, 1 wholly."""

    loose: Unit01
    """A loose alliance of training and technical help (松散型医联体)."""
    five_unchanged: Unit01
    """Institutions, legal persons, duties, debts and daily management stay as they are (五个不变)."""
    four_unchanged: Unit01
    """Legal persons, assets, public funding and social duties stay as they are (四个不变)."""
    three_unchanged: Unit01
    """People, money and things are managed by the lead; funding channels, assets and staff status stay (三个不变)."""
    one_entity: Unit01
    """One legal entity (一个法人)."""


class Group(Block):
    """A hospital group (医联体/医共体): a lead hospital and its towns."""

    title: Title | None = None
    """Its name."""
    lead: Text
    """Key of the lead hospital."""
    governance: Governance = "loose"
    """How it is governed."""
    towns: Annotated[tuple[Text, ...], Field(min_length=1)]
    """Towns whose township centre and village clinics are its members."""


class Target(Block):
    """A goal a policy has set."""

    goal: Quantity
    """What is to be attained, in the measure's unit."""
    tolerance: Quantity
    """How near counts as attained ('左右')."""
    by: Date
    """By when."""
