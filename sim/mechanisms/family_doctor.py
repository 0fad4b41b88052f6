"""Family-doctor contract (家庭医生签约): teams sign households, key groups first; members feel nearer to their own doctors."""

from typing import Annotated

import numpy as np
from pydantic import Field

from sim.choice.choosing import OWN_CLINIC, OWN_TOWNSHIP
from sim.choice.utility import STAY, VISIT
from sim.clock import YEAR
from sim.institutions import signing
from sim.mechanisms import base
from sim.reading.units import Count, Number, Share, Yuan
from sim.scenario.behaviour import Unit01, Utils
from sim.words import CONTRACTS, LIVES, TIERS
from sim.world import World

FREE = CONTRACTS.index("free")


class Rules(base.Rules):
    """How many sign, who signs first, and what a contract is worth."""

    fixed = ("coverage",)
    coverage: Share
    """Share of the people living here who have a contract when the run begins, or when the rules come into force later (签约率)."""
    paid_share: Share
    """Share of households that take the paid package when they sign (有偿签约)."""
    package_fee: Yuan
    """Yuan a year that each person with the paid package pays when the household signs or renews (有偿签约服务费)."""
    renewal: Share
    """Share of contracts renewed when they end (续签率)."""
    key_groups_first: bool
    """Households with most older people, small children, chronically ill and registered poor are asked before others (重点人群)."""
    panel: Annotated[Count, Field(ge=1)]
    """Most people one team looks after."""
    signings: Annotated[Number, Field(ge=0, le=100_000)]
    """People whom a team has time to sign in a month, renewals apart."""
    acceptance: Share
    """Share of households that say yes when they are asked to sign; each answers once a year."""
    appeal: Utils
    """Utils that a contract adds to the own village clinic and township centre."""
    waived_fee: Yuan
    """Yuan of a visit that a contracted patient does not pay at primary facilities (诊查费减免)."""
    signing_months: Annotated[Count, Field(ge=1, le=1_200)]
    """Months a contract lasts; then it is renewed or lapses."""
    long_prescriptions: Share
    """Share of contracted chronic patients who get prescriptions for longer (长处方)."""
    long_prescription_factor: Annotated[Unit01, Field(ge=0.05)]
    """Visits of those patients relative to before; each costs as much more, since the drugs are the same."""
    managed_averts: Share
    """Share of stays of contracted chronic patients, for the condition itself, that management averts."""
    follow_up: Share
    """Share of stays after which the team follows up a contracted patient (出院随访)."""


class FamilyDoctor(base.Mechanism[Rules]):
    """Draws contracted patients to their own clinic and township, and spares them visits and stays."""

    name, Rules = "family_doctor", Rules

    def begin(self, county: World) -> None:
        """Sign households up to the coverage, key groups first; teams that sign already go on under the new numbers."""
        self._owed = np.zeros(len(county.place.towns), np.int64)
        if county.contracts.signs:
            county.contracts.heed(self.rules)
        else:
            self._sign_up(county)

    def end(self, county: World) -> None:
        """End all contracts."""
        county.contracts.retire()

    def month(self, county: World, month: int) -> None:
        """Collect the fees for the paid packages of last month, and note those of this one."""
        self._collect(county)
        town = [team.town for team in county.teams]
        np.add.at(self._owed, town, county.counted * county.contracts.packages)

    def settle(self, county: World) -> None:
        """Collect the fees for the paid packages of this month, before it is over."""
        self._collect(county)

    def _collect(self, county: World) -> None:
        """Let those who took the paid package pay the teams of their town, for all months of their contract at once."""
        yearly = round(self.rules.package_fee * 100)
        for town, people in zip(county.place.towns, self._owed.tolist(), strict=True):
            county.transfer("members", f"{town}.team", "contract_fee", people * yearly * self.rules.signing_months // YEAR)
        self._owed[:] = 0

    def _sign_up(self, county: World) -> None:
        """Sign households up to the coverage, by key groups, then by each household's own luck, while panels last."""
        contracts = county.contracts
        contracts.take_up(self.rules)
        size, order = contracts.homes.size, signing.asking_order(contracts.before_others, contracts.luck[:, 0])
        most = round(self.rules.coverage * size.sum())
        contracts.set_out(self.rules, signing.fill(size, order, contracts.zone, self.rules.panel * county.scale, most))

    def need(self, county: World) -> base.Array:
        """Spare contracted chronic patients the visits that a longer prescription makes needless, and the stays that management averts."""
        place, factor = county.place, np.ones((2, 1, len(CONTRACTS), len(county.place.conditions.names)))
        chronic = place.conditions.of_urgency("chronic")
        factor[VISIT][:, FREE:, chronic] = self.fewer_visits
        factor[STAY][:, FREE:, chronic] = 1.0 - self.rules.managed_averts
        return factor

    def bill(self, county: World) -> base.Bill:
        """Bill the visits with longer prescriptions for the drugs of those spared."""
        visit = np.ones((2, 2, 1, 1))
        visit[1, 1] = 1.0 / self.fewer_visits
        return base.Bill(visit=visit)

    @property
    def fewer_visits(self) -> float:
        """Say how many visits contracted chronic patients make, relative to before."""
        return 1.0 - self.rules.long_prescriptions * (1.0 - self.rules.long_prescription_factor)

    def onward(self, county: World) -> base.Onward:
        """Follow up contracted patients after a stay."""
        return base.Onward(follow_up=np.array([0.0, self.rules.follow_up]))

    def way(self, county: World) -> base.Array:
        """A contract makes the own clinic and township centre nearer."""
        slots = np.arange(county.place.option.shape[1])
        own = np.isin(slots, (OWN_CLINIC, OWN_TOWNSHIP)).astype(float)
        home = np.arange(len(county.place.villages)) < len(county.place.villages) - 1
        signed = np.array([0.0, 1.0])[None, None, :, None, None]
        return np.asarray(self.rules.appeal * signed * (home[:, None] * own)[None, None, None])

    def price(self, county: World) -> base.Price:
        """Waive the consultation fee of members at primary facilities."""
        primary = county.place.facilities.tier < TIERS.index("county")
        signed = np.array([0.0, 1.0])[None, None, :, None, None, None]
        return base.Price(waived=(self.rules.waived_fee * signed * primary, base.NOTHING))

    def measures(self, county: World) -> dict[str, tuple[int, int]]:
        """Tell who is signed at the end, and how many of the contracts that ended were renewed."""
        here = np.flatnonzero(county.people.lives == LIVES.index("here"))
        contract, key = county.people.contract[here], signing.key_group(county.people, here)
        signed, paid = contract > CONTRACTS.index("none"), contract == CONTRACTS.index("paid")
        return {
            "contract_share": (int(signed.sum()), len(here)),
            "contract_key_group_share": (int((signed & key).sum()), int(key.sum())),
            "contract_paid_share": (int(paid.sum()), int(signed.sum())),
            "contract_renewal_share": (county.contracts.renewed, county.contracts.ended),
        }


def zone(rules: base.Rules | None) -> float:
    """Say how many people a team's zone has at full scale: as its panel asks for; all of the township where no contracts are signed."""
    return signing.zone_people(rules.panel, rules.coverage) if isinstance(rules, Rules) else signing.zone_people(np.inf, 0.0)
