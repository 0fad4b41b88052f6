"""Hearing: ask all policies at a moment, and make one answer of theirs by the law of the moment."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from sim.answers import ADDED, MOMENTS, Array, Bill, Heard, Law, Price, Terms, laws
from sim.mechanisms.base import Mechanism
from sim.world import World

Policies = Sequence[Mechanism[Any]]


def hear(policies: Policies, county: World) -> Heard:
    """Ask what changes in the offers: prices, bills, appeal, the way, what can be treated, and who is referred where."""
    return Heard(
        terms(policies, county), one(policies, county, "skill", np.zeros((1, 1, 1))), [policy.onward(county) for policy in policies]
    )


def one(policies: Policies, county: World, moment: str, start: Any) -> Any:
    """Make one answer of all to a moment; `start` holds where nobody speaks."""
    law = MOMENTS[moment].law
    assert law is not None, moment
    return law.of(asked(policies, county, moment), start)


def asked(policies: Policies, county: World, moment: str) -> list[Any]:
    """Ask every policy at a moment, and give the answers as they are."""
    return [getattr(policy, moment)(county) for policy in policies]


def terms(policies: Policies, county: World) -> Terms:
    """Combine what the policies say of prices, bills, appeal and the way."""
    start = Terms()
    prices, bills, appeals = (asked(policies, county, moment) for moment in ("price", "bill", "appeal"))
    changed = {name: pair(law, [getattr(price, name) for price in prices], getattr(start, name)) for name, law in laws(Price).items()}
    billed = (law.of([getattr(bill, name) for bill in bills], one) for (name, law), one in zip(laws(Bill).items(), start.bill, strict=True))
    return start._replace(
        **changed,
        appeal=pair(ADDED, appeals, start.appeal),
        way=one(policies, county, "way", start.way),
        bill=tuple(billed),
        minutes=one(policies, county, "minutes", start.minutes),
    )


def pair(law: Law, answers: Sequence[tuple[Array, Array]], start: tuple[Array, Array]) -> tuple[Array, Array]:
    """Make one of answers that say something of visits and something of stays."""
    return law.of([answer[0] for answer in answers], start[0]), law.of([answer[1] for answer in answers], start[1])


def rooms(policies: Policies, county: World) -> Array:
    """Say how many doctors the policies add at each facility: (facilities,)."""
    return np.asarray(one(policies, county, "room", np.zeros(len(county.facilities))))
