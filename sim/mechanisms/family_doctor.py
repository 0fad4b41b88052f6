"""Family-doctor contract (家庭医生签约): teams sign households, key groups first; members feel nearer to their own doctors."""

import datetime
from typing import TYPE_CHECKING, Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim import luck
from sim.choice import OWN_CLINIC, OWN_TOWNSHIP
from sim.mechanisms import base
from sim.schema.behaviour import Utils
from sim.units import Count, Share, Yuan
from sim.words import KEY_AGES, TIERS

if TYPE_CHECKING:
    from sim.county import County
    from sim.population import People


class Rules(base.Rules):
    """How many sign, who signs first, and what a contract is worth."""

    coverage: Share
    """Share of the people living here who have a contract when the measured days begin (签约率)."""
    paid_share: Share
    """Share of contracts with a paid package (有偿签约)."""
    renewal: Share
    """Share of contracts renewed when they end (续签率)."""
    key_groups_first: bool
    """Older people, small children, the chronically ill and the registered poor sign before others (重点人群)."""
    panel: Annotated[Count, Field(ge=1)]
    """Most people one team looks after."""
    appeal: Utils
    """Utils that a contract adds to the own village clinic and township centre."""
    waived_fee: Yuan
    """Yuan of a visit that a contracted patient does not pay at primary facilities (诊查费减免)."""
    signing_months: Annotated[Count, Field(ge=1, le=1_200)]
    """Months a contract lasts; each month one part of this comes up for renewal."""


class FamilyDoctor(base.Mechanism[Rules]):
    """Draws contracted patients to their own clinic and township."""

    name, Rules = "family_doctor", Rules

    def begin(self, county: "County") -> None:
        """Sign people up to the coverage: key groups, then others, in the order of each person's own luck."""
        people = county.people
        self._here = np.flatnonzero(people.lives == 0)
        drawn = luck.uniforms(county.luck, luck.CONTRACT, people.person[self._here])
        people.contract[:] = 0
        self._sign(county, self._here, drawn, round(self.rules.coverage * len(self._here)))

    def way(self, county: "County") -> base.Array:
        """A contract makes the own clinic and township centre nearer."""
        slots = np.arange(county.place.option.shape[1])
        own = np.isin(slots, (OWN_CLINIC, OWN_TOWNSHIP)).astype(float)
        home = np.arange(len(county.place.villages)) < len(county.place.villages) - 1
        signed = np.array([0.0, 1.0])[None, None, :, None, None]
        return np.asarray(self.rules.appeal * signed * (home[:, None] * own)[None, None, None])

    def price(self, county: "County") -> base.Price:
        """Waive the consultation fee of members at primary facilities."""
        primary = county.place.facilities.tier < TIERS.index("county")
        signed = np.array([0.0, 1.0])[None, None, :, None, None, None]
        return base.Price(waived=(self.rules.waived_fee * signed * primary, base.NOTHING))

    def month(self, county: "County", month: int) -> None:
        """Let the contracts that end this month be renewed or lapse, and sign others in their place."""
        people, turn = county.people, self.turn(county)
        drawn = luck.uniforms(county.luck, luck.CONTRACT, people.person[turn], months_gone(county) + 1)
        signed = people.contract[turn] > 0
        lapsed = signed & (drawn[:, 2] >= self.rules.renewal)
        county.signing.ended += int(signed.sum())
        county.signing.renewed += int(signed.sum() - lapsed.sum())
        people.contract[turn[lapsed]] = 0
        self._sign(county, turn[~signed], drawn[~signed], int(lapsed.sum()))

    def turn(self, county: "County") -> NDArray[np.int64]:
        """Name those whose contracts end this month, and who are asked if they have none: rows of the residents."""
        return self._here[months_gone(county) % self.rules.signing_months :: self.rules.signing_months]

    def _sign(self, county: "County", asked: NDArray[np.int64], drawn: base.Array, places: int) -> None:
        """Give free places to some of those asked, key groups first where the rule says so, then by each person's own luck."""
        people = county.people
        order = drawn[:, 0] - (2.0 * key_group(people, asked) if self.rules.key_groups_first else 0.0)
        first = np.argpartition(order, min(places, len(order) - 1))[:places] if len(order) else np.zeros(0, np.int64)
        people.contract[asked[first]] = np.where(drawn[first, 1] < self.rules.paid_share, 2, 1)


def months_gone(county: "County") -> int:
    """Count the months begun since the run-in began, so that no two months of a long run share their luck or their turn.

    Counted from the start of the run and never by date, so that scenarios that begin in different years draw alike.
    """
    first = county.whole.period.start - datetime.timedelta(days=county.whole.period.run_in_days)
    return (county.date.year - first.year) * 12 + county.date.month - first.month


def key_group(people: "People", rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say who belongs to the key groups (重点人群): children under 7, 65 and older, the chronically ill, the registered poor."""
    young, old = KEY_AGES
    age = people.age[rows]
    return np.asarray((age < young) | (age >= old) | (people.chronic[rows] > 0) | (people.poor[rows] > 0))
