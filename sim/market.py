"""The market of one moment: scenario, policies and expectations put together into the tables that kernels read."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.answers import Array, Heard, Onward, Terms, laws
from sim.arithmetic.alike import alike
from sim.choice import utility
from sim.choice.choosing import Sheet
from sim.choice.referral import CHOOSE_ABOVE, Practice
from sim.money.paying import Tariff
from sim.place.departments import Departments
from sim.place.place import Place
from sim.scenario.plan import PricedBlocks
from sim.scenario.scenario import Scenario
from sim.words import STAY, VISIT

LAWS = laws(Onward)


class Decided(NamedTuple):
    """What facilities decide for themselves, for the time until the next month: (facilities,) each."""

    eager: Array
    """Share by which a facility raises what it offers to send down."""
    receives: Array
    """Share of those sent down whom it has room for."""


class Asked(NamedTuple):
    """What the tables of offers and prices are made from, and nothing else."""

    place: Place
    offered: utility.Offered
    blocks: PricedBlocks
    grade: NDArray[np.uint8]
    skill: Array
    terms: Terms

    def same(self, other: "Asked") -> bool:
        """Say whether the same would be made."""
        mine, yours = (self.offered, *self[3:]), (other.offered, *other[3:])
        return self.place is other.place and self.blocks == other.blocks and alike(mine, yours)


class Made(NamedTuple):
    """The tables of offers and prices, waits left out; nobody changes them."""

    able: NDArray[np.float32]
    able_inside: NDArray[np.float32]
    tariff: Tariff
    standing: NDArray[np.float32]
    sheet: Sheet


_made: list[tuple[Asked, Made]] = []
"""What was made last in this process, the last used first."""


def made(asked: Asked, most: int) -> Made:
    """Make the tables of what can be treated where, of prices and of what each offer is worth, or give what was made from the same.

    most : tables kept for those who ask for the same later
    """
    found = next((kept for kept in _made if kept[0].same(asked)), None) or (asked, _make(asked))
    _made[:] = [found, *(kept for kept in _made if kept is not found)][:most]
    return found[1]


def _make(asked: Asked) -> Made:
    place, offered, blocks, grade, skill, terms = asked
    able = utility.ability(place, skill)
    for setting, serves in enumerate(offered):
        able[setting, :-2] *= serves.T  # who has no doctors or no beds for them treats none
    inside = place.facilities.in_county[:, None]
    tariff = utility.tariff(blocks, place, grade, terms)
    leaves = utility.leaves(blocks, place, able, tariff, terms, offered)
    standing = utility.standing_pull(leaves, blocks, place, offered)
    sheet = utility.sheet(blocks, place, able, leaves, standing, tariff, offered)
    return Made(able, (able[STAY, :-2] * inside).max(axis=0), tariff, standing, sheet)


class Market:
    """What is offered, at which price and under which referral rules, from one policy date or month to the next."""

    sheet: Sheet
    """Of this county: expected waits are multiplied into its `pull`."""
    tariff: Tariff
    practice: Practice
    able: NDArray[np.float32]
    able_inside: NDArray[np.float32]
    """(groups,) share of the cases of stays that some facility of the county can treat."""

    def __init__(self, place: Place, departments: tuple[Departments, Departments], most_kept: int = 1) -> None:
        """Open at a place, with the stations of visits and of stays.

        most_kept : tables of offers kept in the process, some 8 MB each, for whoever asks for the same
        """
        self.place, self.departments, self.most_kept = place, departments, most_kept
        self.offered = (departments[0].station.T >= 0, departments[1].station.T >= 0)
        """Whether a facility serves a group at all: (groups, facilities) for visits and for stays."""
        self._pull = np.zeros((0, 0), np.float32)

    def refresh(self, plan: Scenario, grade: NDArray[np.uint8], heard: Heard, decided: Decided, waits: tuple[Array, Array]) -> None:
        """Take up what the scenario, the policies and the facilities now say.

        waits : (stations,) minutes for a doctor, days for a bed
        """
        self.plan = plan
        self.practice = practice(plan, self.place, heard, decided, self.offered)
        blocks = PricedBlocks(plan.prices, plan.insurance, plan.choice)
        asked = Asked(self.place, self.offered, blocks, grade, heard.skill, heard.terms)
        self.able, self.able_inside, self.tariff, self._standing, sheet = made(asked, self.most_kept)
        if self._pull.shape != self._standing.shape:
            self._pull = np.empty_like(self._standing)
        self.sheet = sheet._replace(pull=self._pull)
        self.relearn(waits)

    def relearn(self, waits: tuple[Array, Array]) -> None:
        """Take up what people now expect to wait: (stations,) minutes for a doctor, days for a bed."""
        factor = utility.patience_at(waits, self.departments, self.plan, self.place)
        utility.with_waits(self._standing, factor, self._pull)


def said(answers: Sequence[Onward], name: str, start: Array | float) -> Any:
    """Make one of what all policies say of one part of referral, by its law.

    start   : what holds where nobody speaks
    returns : of the shape of `start`; what says nothing of condition groups holds for all of them
    """
    shape = np.shape(start)
    values = (np.asarray(getattr(answer, name)) for answer in answers)
    wide = [np.broadcast_to(value[:, None] if value.ndim == 1 and len(shape) == 2 else value, shape) for value in values]
    return LAWS[name].of(wide, start)


def recovering(place: Place, skill: Array, least: float) -> Array:
    """Say whom each facility takes in to recover: (facilities, groups), 0 where it can look after fewer than `least` of such recoveries."""
    able = utility.ability(place, skill, lower=1)[STAY, :-2]
    return (able >= least).astype(float)


def serving(lead: NDArray[np.integer[Any]], offered: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Say where there is a lead that serves the group: (villages, groups).

    lead : (villages, groups) facility, below 0 none;  offered : (groups, facilities)
    """
    return (lead >= 0) & offered[np.arange(len(offered)), np.maximum(lead, 0)]


def practice(plan: Scenario, place: Place, heard: Heard, decided: Decided, offered: utility.Offered) -> Practice:
    """Combine the scenario's referral as practised with what the policies say and the facilities decide.

    offered : (groups, facilities) for visits and stays; nobody is sent where he is not served at all
    """
    answers, usual, house, groups = heard.onward, plan.referral, place.facilities, len(place.conditions.names)
    everywhere, villages = np.zeros((len(house.names), groups)), len(place.villages)
    lead = LAWS["lead"].of(
        [answer.lead for answer in answers if answer.lead is not None], np.full((villages, groups), CHOOSE_ABOVE, np.int16)
    )
    seen, taken = (serving(lead, serves) for serves in offered)
    up = said(answers, "up", everywhere + usual.up_share) * (1.0 - said(answers, "hold", everywhere))
    sought = said(answers, "sought", np.full((2, groups), usual.sought_share))
    offer = said(answers, "down_offer", everywhere + np.where(house.county_hospital, usual.down_offer, 0.0)[:, None])
    least = float(said(answers, "recovery_ability", 0.0))
    return Practice(
        gatekeeping=float(said(answers, "gatekeeping", 0.0)),
        strict=said(answers, "desk", np.zeros(villages)),
        up=up,
        sought=said(answers, "eased", sought),
        lead=np.where(seen, lead, CHOOSE_ABOVE).astype(np.int16),
        desk=np.where(taken, lead, -1).astype(np.int16),
        seen=np.concatenate([offered[VISIT].T, np.zeros((2, groups), bool)]).astype(np.uint8),
        down_offer=np.minimum(offer * (1.0 + decided.eager[:, None]), 1.0),
        down_accept=float(said(answers, "down_accept", usual.down_accept)),
        completion=float(said(answers, "completion", usual.completion)),
        green=int(said(answers, "green", False)),
        contract_first=(said(answers, "contract_first", False) & house.county_hospital).astype(np.uint8),
        receives=decided.receives[:, None] * recovering(place, heard.skill, least),
        follow_up=said(answers, "follow_up", np.zeros(2)),
        tier=house.tier,
        in_county=house.in_county.astype(np.uint8),
    )
