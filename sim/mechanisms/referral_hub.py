"""Referral hub (转诊接续中心): remote consultations at townships, records without a second way, beds at linked hospitals outside."""

from typing import Annotated

import numpy as np

from sim.language.label import Label
from sim.mechanisms import base
from sim.mechanisms.base import World
from sim.reading.units import Days, Share
from sim.words import SEGMENTS, STAY, TIERS

WITHIN_REACH = 3
"""Highest level of need that a remote consultation brings within reach of a township centre: the county's (assumed)."""


class Rules(base.Rules):
    """What the hub and its remote consulting rooms take on."""

    remote_share: Annotated[Share, Label("share treated by remote consultation", "远程会诊处理比例")]
    """Share of visits beyond a township centre's ability that a remote consultation lets it treat on the spot (远程会诊、数字化云诊室).
    超出乡镇卫生院能力的就诊中，经远程会诊、数字化云诊室可就地处理的占比。"""
    friction: Annotated[Share, Label("share helped to a record", "接续办理比例")]
    """Share of planned stays without a record whose patient now asks the hub for one (转诊接续中心).
    没有转诊单的计划住院患者中，改向转诊接续中心办理转诊的占比。"""
    outside_days: Annotated[Days, Label("days of waiting spared outside", "县外缩短等床天数")]
    """Days of waiting for a bed that linked hospitals outside the county spare a patient with a record (纵向联合、横向辐射).
    协作的县外医院为转诊患者缩短的等床天数（纵向联合、横向辐射）。"""


class ReferralHub(base.Mechanism[Rules]):
    """Lets townships treat more, brings records to those who would go without, and shortens the way up for the referred."""

    name, Rules = "referral_hub", Rules
    label = Label("referral hub", "转诊接续中心")

    def skill(self, county: World) -> base.Array | float:
        """Let townships treat some visits that a hospital of the county could."""
        township = county.place.facilities.tier == TIERS.index("township")
        level = county.place.conditions.level <= WITHIN_REACH
        visits = np.array([1.0, 0.0])[:, None, None]
        return np.asarray(self.rules.remote_share * visits * township[None, :, None] * level[:, None, :])

    def onward(self, county: World) -> base.Onward:
        """Give records to some who would go without."""
        return base.Onward(eased=np.full(2, self.rules.friction))

    def appeal(self, county: World) -> tuple[base.Array, base.Array]:
        """Spare the referred some days of the wait for a bed outside the county, at most all of them."""
        house = county.place.facilities
        _, days = county.waits_outside
        spared = np.minimum(self.rules.outside_days, days) * ~house.of_kind("elsewhere_hospital")
        tastes = np.array([county.plan.choice.segments[name].wait_day for name in SEGMENTS])
        dislike = tastes[county.place.conditions.segments[STAY]][:, None, None, None, None, None]
        referred = np.array([0.0, 1.0])[None, None, None, None, :, None]
        return base.NOTHING, dislike * referred * spared
