"""Packaged fund (医保基金打包): the fund is prepaid to each group by head; surplus is kept, overrun shared, so it pays to retain."""

import datetime
from typing import TYPE_CHECKING, Annotated

import numpy as np
from pydantic import Field

from sim.arithmetic.rounding import largest_remainder, part
from sim.institutions import settlement
from sim.institutions.settlement import TIERS_OF_A_GROUP
from sim.language.label import Label
from sim.mechanisms import base
from sim.mechanisms.base import World, decided
from sim.reading.blocks import TierSplit, Whole
from sim.reading.units import Number, Share
from sim.words import TIERS

if TYPE_CHECKING:
    from sim.institutions.groups import Group

TENTH = 0.1
INVESTED = 10.0
"""Yuan a resident for which `capability_gain` is said."""
COMMON = 2
"""Level of what a township centre is meant to treat (常见病多发病)."""


class Use(Whole):
    """What each tier does with its part of a surplus; together 100 %."""

    pay: Annotated[Share, Label("pay", "绩效工资")]
    """Pay of the staff by performance (绩效工资).
    职工绩效工资。"""
    ability: Annotated[Share, Label("capability", "能力建设")]
    """What township centres can treat: equipment, training (能力建设).
    乡镇卫生院能力建设：设备、培训。"""
    relief: Annotated[Share, Label("relief", "医疗救助")]
    """Medical relief of people in special need (特殊困难群体医疗救助).
    特殊困难群体医疗救助。"""


class Rules(base.Rules):
    """How the package is reckoned and settled, and how strongly it moves what members do."""

    package_share: Annotated[Share, Label("share packaged", "打包比例")]
    """Share of the budget that is prepaid to the groups.
    预算中预付给医疗集团的占比。"""
    risk_share_of_increment: Annotated[Share, Label("risk fund of the increment", "增量基金风险金比例")]
    """Share of the year's increase in financing that is kept back for risks (增量基金风险金).
    当年筹资增量中提取的增量基金风险金占比。"""
    volume_share: Annotated[Share, Label("share divided by services", "按服务数量预付比例")]
    """Share of all groups' budgets that is divided by the services members give instead of by head (按人口和服务数量预付).
    各集团预算总额中不按人头、而按成员单位服务量分配的占比（按人口和服务数量预付）。"""
    surplus_retained: Annotated[Share, Label("surplus kept", "结余留用比例")]
    """Share of a surplus that the group keeps (结余留用).
    结余中由集团留用的占比（结余留用）。"""
    overrun_shared: Annotated[Share, Label("overrun shared", "超支分担比例")]
    """Share of an overrun that the group bears (合理超支分担).
    超支中由集团分担的占比（合理超支分担）。"""
    split: Annotated[TierSplit, Label("split of the surplus", "结余分配")]
    """How a surplus is divided among the tiers.
    结余在各级之间的分配。"""
    appraised: Annotated[Share, Label("share by performance", "绩效考核占比")]
    """Share of that split that follows what each tier performed, relative to the other groups (绩效考核).
    该分配中按各级相对其他集团的绩效考核结果调整的占比。"""
    use: Annotated[Use, Label("use of the surplus", "结余用途")]
    """What each tier does with its part.
    各级所得结余的用途。"""
    capability_gain: Annotated[Share, Label("gain of capability", "能力建设成效")]
    """Share of the common cases that its township centres cannot treat and will, for each 10 yuan a resident put into capability.
    每位常住居民每投入10元能力建设，乡镇卫生院原不能诊治的常见病例中变为能诊治的占比。"""
    keep: Annotated[Share, Label("cases kept under strain", "基金吃紧时留治比例")]
    """At full alignment and with a deficit, the share of cases beyond its ability that a hospital of the county keeps.
    利益完全一致且有缺口时，县级医院把超出能力的病例留治的占比。"""
    desk: Annotated[Share, Label("kept by the referral desk", "转诊台留治比例")]
    """At full alignment, the share of those asking for a record for a stay outside whom the lead keeps if it can treat them.
    利益完全一致时，申请转往县外的住院患者中，牵头医院能治而留下的占比。"""
    send_down: Annotated[Share, Label("share sent down under strain", "基金吃紧时下转比例")]
    """At full alignment, the rise in the share of stays offered to recover further down.
    利益完全一致时，建议下转占比的提高幅度。"""
    thrift: Annotated[Share, Label("thrift", "控费比例")]
    """At full alignment and with a deficit, the share of a stay's bill that a hospital of the county saves (控费).
    利益完全一致且有缺口时，县级医院住院费用节约的占比（控费）。"""
    thrift_felt: Annotated[Number, Field(ge=0, le=50), Label("thrift felt", "控费感受")]
    """Utils for stays that a hospital loses for each tenth of the bill it saves.
    住院费用每节约一成，医院在住院选择中减少的效用。"""


class PackagedFund(base.Mechanism[Rules]):
    """Makes groups retain patients, send them down to recover, save on stays, and feel each other's bills."""

    name, Rules = "packaged_fund", Rules
    label = Label("packaged fund", "医保基金打包")

    def begin(self, county: World) -> None:
        """Give every group its budget: financing less risk money and critical-illness premium, times the share, by insured head."""
        self._open(county)

    def end(self, county: World) -> None:
        """Prepay nothing any more."""
        for group in county.groups:
            group.prepaid = False

    def month(self, county: World, month: int) -> None:
        """Open new accounts when a year is over, and reckon anew what services given so far move from group to group."""
        if county.today >= self._period.stop:
            self._open(county)
        self._grant(county, self._period)

    def onward(self, county: World) -> base.Onward:
        """Keep what can be kept, and send down to recover, as each group's balance and governance tell its hospitals."""
        releases = decided(county.facilities, "releases")
        down = np.where(releases > 0, self.rules.send_down * releases + county.plan.referral.down_offer, 0.0)
        desk = np.zeros(len(county.place.villages))
        for group in county.groups:
            desk[np.isin(county.place.village_town, group.town_rows)] = self.rules.desk * group.alignment
        return base.Onward(hold=self.rules.keep * decided(county.facilities, "retains"), down_offer=down, desk=desk)

    def bill(self, county: World) -> base.Bill:
        """Save on stays in the groups' hospitals, as balance and governance tell them."""
        return base.Bill(stay=(1.0 - self.rules.thrift * decided(county.facilities, "saves"))[None, None, :])

    def appeal(self, county: World) -> tuple[base.Array, base.Array]:
        """Let patients feel what is saved on them."""
        saved = self.rules.thrift * decided(county.facilities, "saves")
        return base.NOTHING, -(self.rules.thrift_felt / TENTH * saved)[None, None, None, None, None, :]

    def skill(self, county: World) -> base.Array | float:
        """Let township centres treat more of the common cases, for what has been put into it, while the rules are in force."""
        house, gained = county.place.facilities, np.zeros(len(county.facilities))
        for group in county.groups:
            yuan = group.invested / 100.0 / max(group.residents, 1)
            gained[group.members & (house.tier == TIERS.index("township"))] = 1.0 - (1.0 - self.rules.capability_gain) ** (yuan / INVESTED)
        return gained[None, :, None] * (county.place.conditions.level == COMMON)[:, None, :]

    def settle(self, county: World) -> None:
        """Settle each group's account: the surplus it keeps is paid out by tier and used, of an overrun it bears its share."""
        self._grant(county, range(self._period.start, county.today))
        house = county.place.facilities
        scores = settlement.performance(settlement.work(county).since(self._before), county.groups, house.tier, house.in_county)
        split = np.array([getattr(self.rules.split, tier) for tier in TIERS_OF_A_GROUP])
        for group, score in zip(county.groups, scores, strict=True):
            balance = group.settle_account()
            county.transfer(f"{group.name}.county", "residents_fund", "overrun", part(max(-balance, 0), self.rules.overrun_shared))
            kept = part(max(balance, 0), self.rules.surplus_retained)
            parts = largest_remainder(settlement.shares(split, score, self.rules.appraised), kept)
            for tier, fen in zip(TIERS_OF_A_GROUP, parts, strict=True):
                county.transfer("residents_fund", f"{group.name}.{tier}", "surplus", int(fen))
                self._use(county, group, f"{group.name}.{tier}", int(fen))

    def _open(self, county: World) -> None:
        """Open accounts until the year, the rules or the run ends, what comes first."""
        start = county.whole.period.start
        first = max(county.today, 0)
        year = (start + datetime.timedelta(days=first)).year
        ends = [day for day in (datetime.date(year + 1, 1, 1), self.rules.until) if day is not None]
        self._period = range(first, max(first, min(county.plan.period.days, *((day - start).days for day in ends))))
        self._before = settlement.work(county)
        financing = county.plan.insurance.financing
        risk = self.rules.risk_share_of_increment * max(financing.per_head - financing.previous, 0.0)
        for group in county.groups:
            group.package_per_head = self.rules.package_share * (financing.per_head - risk - financing.critical_illness)
            group.open_account(self._period)
            group.prepaid = True
        self._grant(county, self._period)

    def _grant(self, county: World, period: range) -> None:
        """Reckon the budgets of a period: by head for the days, and a share of all by services given since it began."""
        inside = county.place.facilities.in_county
        done = settlement.work(county).since(self._before)
        heads = [round(group.package_per_head * 100 * (len(period) / 365.0)) * group.insured_heads for group in county.groups]
        worth = np.array([settlement.services(done, group, inside) for group in county.groups])
        for group, fen in zip(county.groups, settlement.by_volume(np.array(heads, np.int64), worth, self.rules.volume_share), strict=True):
            group.budget = int(fen)

    def _use(self, county: World, group: "Group", payer: str, fen: int) -> None:
        """Spend what a tier was given: on its staff, on capability, on relief."""
        use = self.rules.use
        pay, capability, relief = (int(one) for one in largest_remainder(np.array([use.pay, use.ability, use.relief]), fen))
        county.transfer(payer, f"{payer}.staff", "pay", pay)
        county.transfer(payer, f"{group.name}.capability", "capability", capability)
        county.transfer(payer, "medical_relief", "relief", relief)
        group.invested += capability
