"""The market of one moment: scenario, mechanisms and expectations put together into the tables that kernels read."""

from collections.abc import Iterable
from functools import reduce
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.choice import utility
from sim.choice.choosing import Sheet
from sim.choice.referral import CHOOSE_ABOVE, Practice
from sim.choice.utility import Terms
from sim.mechanisms.base import Array, Onward, decided
from sim.money.paying import Tariff

if TYPE_CHECKING:
    from sim.county import County
    from sim.scenario.scenario import Scenario


DECIDED = (("eager", 0.0), ("receives", 1.0))
"""What facilities decide for themselves of sending down and taking in, and what those do that decide nothing."""


class Market:
    """What is offered, at which price and under which referral rules, from one policy date or month to the next."""

    sheet: Sheet
    tariff: Tariff
    practice: Practice
    able: NDArray[np.float32]

    _asked: tuple[object, ...] = ()

    def refresh(self, county: "County") -> None:
        """Ask every mechanism, and make anew what has changed."""
        place, plan = county.place, county.plan
        skill = reduce(lambda done, m: 1.0 - (1.0 - done) * (1.0 - m.skill(county)), county.mechanisms, np.zeros((1, 1, 1)))
        terms = combined_terms(county)
        self.practice = practice(county, [m.onward(county) for m in county.mechanisms], skill)
        if unchanged(self._asked, (plan, county.grade, skill, *terms)):
            self.relearn(county)
            return
        self._asked = (plan, county.grade, skill, *terms)
        self.able = utility.ability(place, skill)
        inside = county.offered[utility.STAY].T & place.facilities.in_county[:, None]
        self.able_inside = (self.able[utility.STAY, :-2] * inside).max(axis=0)
        self.tariff = utility.tariff(plan, place, county.grade, terms)
        self._leaves = utility.leaves(plan, place, self.able, self.tariff, terms)
        self._standing = utility.standing_pull(self._leaves, plan, place, county.offered)
        pull = np.empty_like(self._standing)
        self.sheet = utility.sheet(plan, place, self.able, self._leaves, pull, self.tariff, county.offered)
        self.relearn(county)

    def relearn(self, county: "County") -> None:
        """Take up what people now expect to wait."""
        utility.with_waits(self._standing, patience(county, county.plan), self.sheet.pull)


def patience(county: "County", plan: "Scenario") -> NDArray[np.float32]:
    """Turn what people expect to wait today into factors, under the tastes of a plan: see `utility.patience_at`."""
    sides: tuple[Any, ...] = (county.outpatients, county.inpatients)
    waits = tuple(side.expected + outside[side.layout.owner] for side, outside in zip(sides, county._waits_outside, strict=True))
    return utility.patience_at(waits, tuple(side.layout for side in sides), plan, county.place)


def unchanged(before: tuple[object, ...], now: tuple[object, ...]) -> bool:
    """Say whether the same was said before: the same plan, and arrays of the same numbers."""
    if len(before) != len(now) or before[0] is not now[0]:
        return False
    pairs = zip(_arrays(before[1:]), _arrays(now[1:]), strict=True)
    return all(np.array_equal(old, new) for old, new in pairs)


def _arrays(said: Iterable[object]) -> list[NDArray[Any]]:
    """Lay out what was said, pairs of arrays among it, as one list of arrays."""
    return [np.asarray(one) for part in said for one in (part if isinstance(part, tuple) else (part,))]


def combined_terms(county: "County") -> Terms:
    """Combine what the mechanisms say of prices and appeal, each moment by its law."""
    terms = utility.neutral(county.place)
    for mechanism in county.mechanisms:
        price, appeal, way, bill = mechanism.price(county), mechanism.appeal(county), mechanism.way(county), mechanism.bill(county)
        terms = Terms(
            (terms.fund_share[0] + price.fund_share[0], terms.fund_share[1] + price.fund_share[1]),
            (terms.deductible[0] * price.deductible[0], terms.deductible[1] * price.deductible[1]),
            (terms.waived[0] + price.waived[0], terms.waived[1] + price.waived[1]),
            (terms.appeal[0] + appeal[0], terms.appeal[1] + appeal[1]),
            terms.way + way,
            (terms.bill[0] * bill.visit, terms.bill[1] * bill.stay),
        )
    return terms


def highest(values: list[Array | float], start: Array) -> Array:
    """Take the highest of all answers, element by element."""
    return reduce(np.maximum, [np.broadcast_to(by_group(value), start.shape) for value in values], start)


def either(values: list[Array | float], start: Array) -> Array:
    """Combine shares of which each works on what the others left: 1 - prod(1 - x), element by element."""
    return reduce(lambda done, value: 1.0 - (1.0 - done) * (1.0 - by_group(value)), values, start)


def by_group(value: Array | float) -> Array:
    """Let what says nothing of condition groups hold for all of them: (n,) becomes (n, 1)."""
    array = np.asarray(value, float)
    return array[:, None] if array.ndim == 1 else array


def recovering(county: "County", skill: Array, least: float) -> Array:
    """Say whom each facility takes in to recover: (facilities, groups), 0 where it can look after fewer than `least` of such recoveries."""
    able = utility.ability(county.place, skill, lower=1)[utility.STAY, :-2]
    return (able >= least).astype(float)


def practice(county: "County", answers: list[Onward], skill: Array) -> Practice:
    """Combine the scenario's referral as practised with what the mechanisms say.

    skill : see `utility.ability`
    """
    house, usual = county.place.facilities, county.plan.referral
    groups = len(county.place.conditions.names)
    everywhere = np.zeros((len(house.names), groups))
    up = highest([a.up for a in answers], everywhere + usual.up_share) * (1.0 - either([a.hold for a in answers], everywhere))
    sought = highest([a.sought for a in answers], np.full((2, groups), usual.sought_share))
    eager, receives = (decided(county, name, usually) for name, usually in DECIDED)
    offer = highest([a.down_offer for a in answers], everywhere + np.where(house.county_hospital, usual.down_offer, 0.0)[:, None])
    lead = np.full((len(county.place.villages), len(county.place.conditions.names)), CHOOSE_ABOVE, np.int16)
    for answer in answers:
        if answer.lead is not None:
            lead = np.where(answer.lead >= 0, answer.lead, lead).astype(np.int16)
    return Practice(
        max([0.0, *(a.gatekeeping for a in answers)]),
        reduce(np.maximum, [np.broadcast_to(a.desk, len(lead)) for a in answers], np.zeros(len(lead))),
        up,
        either([a.eased for a in answers], sought),
        lead,
        np.where(lead >= 0, lead, -1).astype(np.int16),
        np.minimum(offer * (1.0 + eager[:, None]), 1.0),
        max([usual.down_accept, *(a.down_accept for a in answers)]),
        max([usual.completion, *(a.completion for a in answers)]),
        int(any(a.green for a in answers)),
        (any(a.contract_first for a in answers) & house.county_hospital).astype(np.uint8),
        receives[:, None] * recovering(county, skill, max([0.0, *(a.recovery_ability for a in answers)])),
        reduce(np.maximum, [np.broadcast_to(a.follow_up, 2) for a in answers], np.zeros(2)),
        house.tier,
        house.in_county.astype(np.uint8),
    )
