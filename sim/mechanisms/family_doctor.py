"""Family-doctor contract (家庭医生签约): teams sign households, key groups first; members feel nearer to their own doctors."""

from typing import Annotated

import numpy as np
from pydantic import Field

from sim.clock import YEAR
from sim.institutions import signing
from sim.language.label import Label
from sim.mechanisms import base
from sim.mechanisms.base import World
from sim.reading.units import Count, Number, Share, Yuan
from sim.scenario.behaviour import Unit01, Utils
from sim.words import CONTRACTS, LIVES, OWN_TOWNSHIP, STAY, TIERS, VISIT

FREE = CONTRACTS.index("free")


class Rules(base.Rules):
    """How many sign, who signs first, and what a contract is worth."""

    fixed = ("coverage",)
    coverage: Annotated[Share, Label("coverage", "签约率")]
    """Share of the people living here who have a contract when the run begins, or when the rules come into force later (签约率).
    运行开始时（规则较晚生效的，为生效时）常住人口的签约率。"""
    paid_share: Annotated[Share, Label("share of paid contracts", "有偿签约占比")]
    """Share of households that take the paid package when they sign (有偿签约).
    签约家庭中选择有偿服务包的比例。"""
    package_fee: Annotated[Yuan, Label("fee of the paid package", "有偿签约服务费")]
    """Yuan a year that each person with the paid package pays when the household signs or renews (有偿签约服务费).
    选择有偿服务包者每人每年的签约服务费，签约或续签时缴纳（有偿签约服务费）。"""
    renewal: Annotated[Share, Label("renewal", "续签率")]
    """Share of contracts renewed when they end (续签率).
    到期续签率。"""
    key_groups_first: Annotated[bool, Label("key groups first", "重点人群优先")]
    """Households with most older people, small children, chronically ill and registered poor are asked before others (重点人群).
    重点人群（老人、儿童、慢病患者、建档立卡人员）多的家庭优先签约。"""
    panel: Annotated[Count, Field(ge=100), Label("people of a team", "每团队服务人数")]
    """Most people one team looks after.
    一个团队最多服务的人数。"""
    signings: Annotated[Number, Field(ge=0, le=100_000), Label("people signed by a team a month", "每团队每月新签约人数")]
    """People whom a team has time to sign in a month, renewals apart.
    一个团队每月可新签约的人数（不含续签）。"""
    acceptance: Annotated[Share, Label("share who say yes", "同意签约比例")]
    """Share of households that say yes when they are asked to sign; each answers once a year.
    受邀家庭同意签约的比例；每户每年答复一次。"""
    appeal: Annotated[Utils, Label("appeal of the own team", "签约团队吸引力")]
    """Utils that a contract adds to the own village clinic and township centre.
    签约使本村卫生室与本乡镇卫生院增加的效用。"""
    waived_fee: Annotated[Yuan, Label("fee waived", "减免诊查费")]
    """Yuan of a visit that a contracted patient does not pay at primary facilities (诊查费减免).
    签约患者在基层就诊减免的诊查费。"""
    signing_months: Annotated[Count, Field(ge=1, le=1_200), Label("months of a contract", "签约期（月）")]
    """Months a contract lasts; then it is renewed or lapses.
    签约期（月）；到期后续签或失效。"""
    long_prescriptions: Annotated[Share, Label("share with long prescriptions", "长处方比例")]
    """Share of contracted chronic patients who get prescriptions for longer (长处方).
    签约慢病患者中开具长处方的比例。"""
    long_prescription_factor: Annotated[Unit01, Field(ge=0.05), Label("visits with long prescriptions (times)", "长处方就诊次数比")]
    """Visits of those patients relative to before; each costs as much more, since the drugs are the same.
    开具长处方后的就诊次数与原来之比；药量不变，每次费用相应提高。"""
    managed_averts: Annotated[Share, Label("share of stays averted", "管理避免住院比例")]
    """Share of stays of contracted chronic patients, for the condition itself, that management averts.
    签约慢病患者因该病住院中，因健康管理而避免的比例。"""
    follow_up: Annotated[Share, Label("share followed up", "跟踪随访比例")]
    """Share of stays after which the team follows up a contracted patient (出院随访).
    签约患者出院后由团队随访的比例。"""


class FamilyDoctor(base.Mechanism[Rules]):
    """Draws contracted patients to their own clinic and township, and spares them visits and stays."""

    name, Rules = "family_doctor", Rules
    label = Label("family doctors", "家庭医生签约")

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
        option = county.place.option
        own = (np.arange(option.shape[1]) == OWN_TOWNSHIP) | (county.place.facilities.offered("own village")[option] & (option >= 0))
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
