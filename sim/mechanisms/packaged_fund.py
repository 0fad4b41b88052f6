"""Packaged fund (医保基金打包): the fund is prepaid to each group by head; surplus is kept, overrun shared, so it pays to retain."""

from typing import TYPE_CHECKING

import numpy as np

from sim.mechanisms import base
from sim.schema.parts import Block
from sim.units import Share

if TYPE_CHECKING:
    from sim.county import County


class Split(Block):
    """How a surplus is divided among the tiers of a group."""

    county: Share
    """Lead and other hospitals of the county."""
    township: Share
    """Township centres."""
    village: Share
    """Village clinics."""


class Rules(base.Rules):
    """How the package is reckoned, and how strongly it moves what members do."""

    package_share: Share
    """Share of the budget that is prepaid to the groups."""
    risk_share_of_increment: Share
    """Share of the year's increase in financing that is kept back for risks (增量基金风险金)."""
    surplus_retained: Share
    """Share of a surplus that the group keeps (结余留用)."""
    overrun_shared: Share
    """Share of an overrun that the group bears (合理超支分担)."""
    split: Split
    """How a surplus is divided among the tiers."""
    keep: Share
    """At full alignment and with a deficit, the share of cases beyond its ability that a hospital of the county keeps."""
    send_down: Share
    """At full alignment, the rise in the share of stays offered to recover further down."""


class PackagedFund(base.Mechanism[Rules]):
    """Makes groups retain patients, send them down to recover, and feel each other's bills."""

    name, Rules = "packaged_fund", Rules

    def begin(self, county: "County") -> None:
        """Give every group its budget: financing less risk money and critical-illness premium, times the share, by insured head."""
        financing = county.plan.insurance.financing
        risk = self.rules.risk_share_of_increment * max(financing.per_head - financing.previous, 0.0)
        per_head = self.rules.package_share * (financing.per_head - risk - financing.critical_illness)
        year = county.plan.period.days / 365.0
        for group in county.groups:
            group.package_per_head = per_head
            group.budget = round(per_head * 100 * year) * group.insured_heads

    def onward(self, county: "County") -> base.Onward:
        """Keep what can be kept, and send down to recover, as each group's balance and governance tell its hospitals."""
        house = county.place.facilities
        hold, down = np.zeros(len(house.names)), np.zeros(len(house.names))
        hospital = house.county_hospital
        for group in county.groups:
            mine = hospital & group.members
            hold[mine] = self.rules.keep * group.alignment * group.strain
            down[mine] = self.rules.send_down * group.alignment + county.plan.referral.down_offer
        return base.Onward(hold=hold, down_offer=down, desk=max([0.0, *(group.alignment for group in county.groups)]))

    def settle(self, county: "County") -> None:
        """Settle each group's account: the surplus it keeps is paid out by tier, of an overrun it bears its share."""
        for group in county.groups:
            balance = group.budget - group.spent
            if balance < 0:
                county.transfer(f"{group.name}.county", "residents_fund", "overrun", part(-balance, self.rules.overrun_shared))
                continue
            kept = part(balance, self.rules.surplus_retained)
            township, village = part(kept, self.rules.split.township), part(kept, self.rules.split.village)
            for tier, amount in (("township", township), ("village", village), ("county", kept - township - village)):
                county.transfer("residents_fund", f"{group.name}.{tier}", "surplus", amount)


def part(amount: int, share: float) -> int:
    """Take a share, counted to a hundredth of a percent, of an amount in fen, down to whole fen: no fen is lost to binary fractions."""
    return amount * round(share * 10_000) // 10_000
