"""Public-health package (基本公共卫生服务经费打包): groups are paid for prevention by head, and spare people stays."""

from typing import Annotated

import numpy as np

from sim.arithmetic import rounding
from sim.language.label import Label
from sim.mechanisms import base
from sim.mechanisms.base import World
from sim.reading.blocks import TierSplit
from sim.reading.units import Share, Yuan
from sim.words import CONTRACTS, LIVES, SETTINGS, STAY

NO_GROUP = "no_group"
"""Who is paid for the people of towns that belong to no group: their own facilities, tier by tier."""


class Rules(base.Rules):
    """How much money there is, who gets it, and what it does for the chronically ill."""

    per_head: Annotated[Yuan, Label("per head", "人均筹资")]
    """Yuan a year for each person living here (人均补助标准).
    常住人口人均年经费补助标准。"""
    split: Annotated[TierSplit, Label("split of the surplus", "结余分配")]
    """How the money is divided among the tiers.
    经费在各级之间的分配。"""
    managed_share: Annotated[Share, Label("chronically ill looked after", "慢病健康管理率")]
    """Share of the chronically ill who are looked after for that sum (健康管理率): it goes with the sum; nobody with no money.
    该经费水平下纳入健康管理的慢病患者占比；没有经费则无人受益。经费标准改变时须一并改写。"""
    averts: Annotated[Share, Label("stays averted", "避免住院占比")]
    """At full alignment, the share of stays for their chronic illness that this spares those looked after (医防融合).
    利益完全一致时，健康管理使慢病患者少住院的占比（医防融合）。"""


class PublicHealthPackage(base.Mechanism[Rules]):
    """Pays groups for prevention by head, and spares the chronically ill some stays, as far as members act for the group."""

    name, Rules = "public_health_package", Rules
    label = Label("public-health package", "基本公共卫生经费打包")

    def begin(self, county: World) -> None:
        """Count whom each group is paid for, those living in its towns, and begin to pay with this day."""
        towns = np.bincount(county.people.town[county.people.lives == LIVES.index("here")], minlength=len(county.place.towns))
        self.heads = {group.name: int(towns[group.town_rows].sum()) for group in county.groups}
        self.heads[NO_GROUP] = int(towns.sum()) - sum(self.heads.values())
        self._paid = max(county.today, 0)

    def need(self, county: World) -> base.Array:
        """Spare people living here some stays for chronic illness: groups whose surplus it is do more of it (节约医保基金)."""
        conditions = county.place.conditions
        kept = np.ones((len(SETTINGS), len(LIVES), len(CONTRACTS), len(conditions.names)))
        kept[STAY, LIVES.index("here"), :, conditions.of_urgency("chronic")] -= self.averted(county)
        return kept

    def averted(self, county: World) -> float:
        """Say which share of the stays for chronic illness is averted: none without money, all that can be without groups to align."""
        if self.rules.per_head <= 0:
            return 0.0
        people = [max(group.residents, 1) for group in county.groups]
        alignment = float(np.average([group.alignment for group in county.groups], weights=people)) if people else 1.0
        return self.rules.averts * self.rules.managed_share * alignment

    def month(self, county: World, month: int) -> None:
        """Pay for the days of the month gone by."""
        self._pay(county)

    def settle(self, county: World) -> None:
        """Pay for the days not yet paid for."""
        self._pay(county)

    def _pay(self, county: World) -> None:
        """Pay what the measured days since the last payment are due, divided among the tiers in whole fen."""
        first, self._paid = self._paid, max(county.today, 0)
        split = self.rules.split
        for name, heads in self.heads.items():
            due = rounding.accrued(heads * round(self.rules.per_head * 100), first, self._paid)
            township, village = rounding.part(due, split.township), rounding.part(due, split.village)
            for tier, fen in (("county", due - township - village), ("township", township), ("village", village)):
                county.transfer("county_government", f"{name}.{tier}", "public_health", fen)
