"""Referral rules (双向转诊): a catalogue, first contact at the base, a green channel up, recovery further down."""

from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.language.label import Label
from sim.mechanisms import base
from sim.mechanisms.base import World
from sim.place.conditions import Conditions, cases_covered
from sim.reading.units import Count, Share, Yuan


class Rules(base.Rules):
    """What must be referred, how far the rules are kept, and what a referral is worth."""

    gatekeeping_compliance: Annotated[Share, Label("compliance with gatekeeping", "基层首诊遵从率")]
    """Share of patients who go to a hospital of their own accord and are sent to their township centre first (基层首诊).
    自行前往医院的患者中，被要求先到乡镇卫生院首诊的占比（基层首诊）。"""
    catalogue_compliance: Annotated[Share, Label("compliance with the catalogue", "病种目录遵从率")]
    """Share of cases beyond a facility's ability that it sends up with a record, as the catalogue demands (转诊病种目录).
    超出本机构能力的病例中，按转诊病种目录开具转诊单上转的占比。"""
    catalogue: Annotated[Count, Field(ge=0), Label("conditions in the catalogue", "转诊目录病种数")]
    """Conditions in the catalogue, divided among specialties as the scenario's table of it says.
    目录病种数，按情景中目录表分配到各专业。"""
    completion: Annotated[Share, Label("share sent up who arrive", "上转到达率")] = 0.0
    """Share of patients sent up from a visit who arrive on the same day, somebody seeing them through (专人跟踪负责).
    门诊上转患者中当日到达的占比，有专人跟踪负责。"""
    green_channel: Annotated[bool, Label("green channel", "绿色通道")]
    """A referred patient is met, examined and admitted first (绿色通道).
    绿色通道：转诊患者优先接诊、检查、住院。"""
    waived_fee: Annotated[Yuan, Label("fee waived", "减免诊查费")]
    """Yuan of the receiving hospital's bill that a referred patient does not pay (免诊查费).
    转诊患者在接诊医院减免的费用（免诊查费）。"""
    priority: Annotated[bool, Label("priority of the contracted", "签约优先")]
    """Contracted patients come before ordinary ones at hospitals of the county: doctor, examinations, bed (优先接诊).
    签约患者在县级医院优先于普通患者：优先接诊、检查、住院。"""
    down_offer: Annotated[Share, Label("share offered to go down", "提出下转比例")]
    """Share of stays in a hospital of the county in whose recovery going down is offered (下转); more with rehabilitation.
    县级医院恢复期住院患者中被建议下转的占比；需康复者更高。"""
    down_accept: Annotated[Share, Label("share who accept", "接受下转比例")]
    """Share of patients who accept.
    患者同意下转的占比。"""
    recovery_ability: Annotated[Share, Label("ability needed for recovery", "接收康复所需能力")] = 0.0
    """Least share of such recoveries a township centre must be able to look after to take patients in (镇级接得住).
    乡镇卫生院至少能照护此类恢复期病例的这一占比才接收下转患者（镇级接得住）。"""
    follow_up: Annotated[Share, Label("share followed up", "跟踪随访比例")] = 0.0
    """Share of patients sent down whom the hospital follows up for a month (下转跟踪指导).
    下转患者中由医院跟踪指导一个月的占比。"""


class ReferralRules(base.Mechanism[Rules]):
    """Sends cases to the group's lead with a record, and brings them back to recover."""

    name, Rules = "referral_rules", Rules
    label = Label("referral rules", "双向转诊")

    def onward(self, county: World) -> base.Onward:
        """Route cases to the own group's lead hospital, as far as the rules are kept."""
        house, conditions = county.place.facilities, county.place.conditions
        kept = self.rules.catalogue_compliance * listed_cases(conditions, self.rules.catalogue)
        offered = np.minimum(self.rules.down_offer * (1.0 + conditions.rehabilitation), 1.0)
        return base.Onward(
            gatekeeping=self.rules.gatekeeping_compliance,
            up=kept * house.in_county[:, None],
            sought=np.stack([kept, kept]),
            completion=self.rules.completion,
            lead=lead_of_villages(county),
            down_offer=offered * house.county_hospital[:, None],
            down_accept=self.rules.down_accept,
            recovery_ability=self.rules.recovery_ability,
            follow_up=np.array([self.rules.follow_up, 0.0]),
            green=self.rules.green_channel,
            contract_first=self.rules.priority,
        )

    def price(self, county: World) -> base.Price:
        """Waive the fee of the receiving hospital of the county for referred patients."""
        house = county.place.facilities
        receives = house.county_hospital
        referred = np.array([0.0, 1.0])[None, None, None, None, :, None]
        waived = self.rules.waived_fee * referred * receives
        return base.Price(waived=(waived, waived))


def listed_cases(conditions: Conditions, length: int) -> NDArray[np.float64]:
    """Say which share of each group's cases a catalogue lists that has so many conditions in all: (groups,).

    Of a specialty with a longer part of the list more is covered, the commonest first: 1 - exp(-length x relative part / 90).
    """
    return cases_covered(length * conditions.listed)


def lead_of_villages(county: World) -> NDArray[np.int16]:
    """Find the lead hospital of each village's group, for the conditions it serves: (villages, groups), -1 where there is none."""
    lead = np.full((len(county.place.villages), len(county.place.conditions.names)), -1, np.int16)
    for group in county.groups:
        serves = county.offered[0][:, group.lead_row] > 0
        members = np.isin(county.place.village_town, group.town_rows)
        lead[np.ix_(members, serves)] = group.lead_row
    return lead
