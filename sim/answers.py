"""Answers: what policies may say at each moment of the county, and the law by which the answers of several become one.

No law heeds the order of policies, and one that says nothing changes nothing. Axes are those of the offer sheet (sim/choice/utility.py).
"""

from collections.abc import Callable, Sequence
from functools import cache, reduce
from typing import Annotated, Any, NamedTuple, get_type_hints

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
NOTHING: Array = np.zeros((1,) * 6)
ONE: Array = np.ones((1,) * 6)


class Law(NamedTuple):
    """How answers become one: what it is called in docs, and what makes one of two."""

    name: str
    both: Callable[[Any, Any], Any]

    def of(self, answers: Sequence[Any], start: Any) -> Any:
        """Make one of all answers, beginning with what holds where nobody speaks."""
        return reduce(self.both, answers, start)


def _one_or_other(route: NDArray[np.int16], more: NDArray[np.int16]) -> NDArray[np.int16]:
    """Take the route that is said; where two are, the one to the facility further down the list."""
    return np.where(more >= 0, np.maximum(route, more), route).astype(np.int16)


ADDED = Law("add", lambda sum_, more: sum_ + more)
MULTIPLIED = Law("multiply", lambda product, more: product * more)
LEFT_OVER = Law("1 - prod(1 - x)", lambda done, more: 1.0 - (1.0 - done) * (1.0 - more))
"""Each works on what the others left."""
HIGHEST = Law("the highest", np.maximum)
ANY = Law("if any says so", lambda one, other: bool(one or other))
ROUTE = Law("the route that is said", _one_or_other)


class Price(NamedTuple):
    """Changes of prices for visits and for stays, each broadcasting to its leaf of the offer sheet."""

    fund_share: Annotated[tuple[Array, Array], ADDED] = (NOTHING, NOTHING)
    """Added to the share the fund pays; clipped to 0..1 once, at the end."""
    deductible: Annotated[tuple[Array, Array], MULTIPLIED] = (ONE, ONE)
    """Factors on the deductible."""
    waived: Annotated[tuple[Array, Array], ADDED] = (NOTHING, NOTHING)
    """Yuan waived."""


class Bill(NamedTuple):
    """Factors on mean bills."""

    visit: Annotated[Array, MULTIPLIED] = np.ones((1,) * 4)
    """Over (long-term condition, contracted, referred, facilities)."""
    stay: Annotated[Array, MULTIPLIED] = np.ones((1,) * 3)
    """Over (condition groups, referred, facilities)."""


class Onward(NamedTuple):
    """Changes of referral; what is left at its default changes nothing."""

    gatekeeping: Annotated[float, HIGHEST] = 0.0
    """Share of unreferred patients of a specialist, or of a hospital outside, who must see the group first."""
    up: Annotated[Array | float, HIGHEST] = 0.0
    """(facilities,) or (facilities, groups) share of cases beyond its ability that a facility sends up with a record."""
    hold: Annotated[Array | float, LEFT_OVER] = 0.0
    """(facilities,) or (facilities, groups) share of those cases it keeps although beyond it."""
    sought: Annotated[Array | float, HIGHEST] = 0.0
    """(2,) or (2, groups) share of planned stays that come with a record, without and with a contract."""
    eased: Annotated[Array | float, LEFT_OVER] = 0.0
    """(2,) or (2, groups) share of planned stays without a record that get one all the same."""
    completion: Annotated[float, HIGHEST] = 0.0
    """Share of patients sent up from a visit who arrive on the same day."""
    lead: Annotated[NDArray[np.int16] | None, ROUTE] = None
    """(villages, groups) where primary facilities send cases; -1 or less where the policy says nothing."""
    down_offer: Annotated[Array | float, HIGHEST] = 0.0
    """(facilities,) or (facilities, groups) share of stays offered to recover further down."""
    down_accept: Annotated[float, HIGHEST] = 0.0
    """Share who accept."""
    recovery_ability: Annotated[float, HIGHEST] = 0.0
    """Least share of such recoveries that a facility must be able to look after to take patients in."""
    desk: Annotated[Array | float, HIGHEST] = 0.0
    """(villages,) share of those who ask for a record for a stay outside whom the lead keeps if it can treat them."""
    green: Annotated[bool, ANY] = False
    """Referred patients are served first."""
    contract_first: Annotated[bool, ANY] = False
    """Contracted patients come before ordinary ones at hospitals of the county, with the doctor and for a bed."""
    follow_up: Annotated[Array | float, HIGHEST] = 0.0
    """(2,) share of stays after which the patient is followed up: recovered further down, contracted."""


@cache
def laws(answer: type[tuple[Any, ...]]) -> dict[str, Law]:
    """Say by which law each part of an answer adds up: name -> law."""
    return {name: hint.__metadata__[0] for name, hint in get_type_hints(answer, include_extras=True).items()}


class Moment(NamedTuple):
    """A moment at which a policy may speak: what its answer is, what says nothing, and how answers add up."""

    axes: str
    """Of the answer; of an answer in parts, its class tells."""
    neutral: Any
    law: Law | None
    """None for an answer in parts, each of which has its own."""
    asked: str = "each month and policy date"


MOMENTS = {
    "need": Moment("settings, lives, contracts, groups", 1.0, MULTIPLIED),
    "price": Moment("", Price(), None),
    "bill": Moment("", Bill(), None),
    "appeal": Moment("the leaves of visits and of stays", (NOTHING, NOTHING), ADDED),
    "way": Moment("segments, old, contracted, villages, slots", 0.0, ADDED),
    "minutes": Moment("old, contracted, villages, slots", 0.0, ADDED),
    "room": Moment("facilities", 0.0, ADDED, "each month"),
    "skill": Moment("settings, facilities, groups", 0.0, LEFT_OVER),
    "onward": Moment("", Onward(), None),
}


class Terms(NamedTuple):
    """What all policies together change in the offers: additions start at 0, factors at 1."""

    fund_share: tuple[Array, Array] = (NOTHING, NOTHING)
    """For visits and stays, added; clipped to 0..1 once, at the end."""
    deductible: tuple[Array, Array] = (ONE, ONE)
    """Factors."""
    waived: tuple[Array, Array] = (NOTHING, NOTHING)
    """Yuan, added."""
    appeal: tuple[Array, Array] = (NOTHING, NOTHING)
    """Utils, added."""
    way: Array = np.zeros((1,) * 5)
    """Utils, added: over segment, old, contracted, village, slot."""
    bill: tuple[Array, Array] = (np.ones((1,) * 4), np.ones((1,) * 3))
    """Factors on mean bills: over (long-term, contracted, referred, facilities) and (groups, referred, facilities)."""
    minutes: Array = np.zeros((1,) * 4)
    """Minutes of the way, added: over old, contracted, village, slot; no way gets shorter than nothing."""


class Heard(NamedTuple):
    """What all policies said when they were asked."""

    terms: Terms
    skill: Array
    """Share of the cases it could not treat that a facility now can: broadcasts to (settings, facilities, groups)."""
    onward: Sequence[Onward]
    """One answer a policy; what holds where nobody speaks stands in the scenario."""
