"""Wishes that cannot be met: which of them clash, and which towns they are about."""

from collections.abc import Iterator
from typing import NamedTuple

import networkx as nx

from experiments.layouts.ground import Ground
from experiments.layouts.proposing.assignment import FAR, Assignment
from experiments.layouts.proposing.wishes import Wishes
from sim.language.messages import Fault

LOOSE = 1e3
"""A tolerance that forbids nothing."""
STEPS = 7
"""Halvings in search of the least tolerance that can be met."""


class Wish(NamedTuple):
    """One wish that can be given up."""

    kind: str
    """contiguous, balance or lock."""
    lock: tuple[str, str] | None = None


def beforehand(ground: Ground, wishes: Wishes, place: str = "tiercare layout propose") -> Iterator[Fault]:
    """Find wishes that no layout can meet, each by itself."""
    rows = [row for row, lead in enumerate(ground.leads) if lead.name in wishes.leads]
    far = [town for town, minutes in zip(ground.towns, ground.to_lead[:, rows], strict=True) if not (minutes < FAR).any()]
    if far:
        yield Fault("layout.unreached", place, {"towns": ", ".join(far)})
    if wishes.groups > min(len(rows), len(ground.towns)):
        yield Fault("layout.few_leads", place, {"groups": wishes.groups, "leads": len(rows), "towns": len(ground.towns)})
    if wishes.contiguous == "require":
        seats = {ground.leads[row].town for row in rows}
        parts = [sorted(part) for part in nx.connected_components(ground.borders)]
        cut = [", ".join(part) for part in parts if not seats & set(part)] if None not in seats else []
        for towns in cut:
            yield Fault("layout.cut_off", place, {"towns": towns})


def clash_of(ground: Ground, wishes: Wishes) -> list[Wish]:
    """Find a set of wishes that cannot be met together, none of which can be left out of it."""
    held = [Wish("lock", lock) for lock in wishes.locks]
    held += [Wish("balance")] if wishes.balance != "none" else []
    held += [Wish("contiguous")] if wishes.contiguous == "require" else []
    for wish in list(held):
        others = [one for one in held if one != wish]
        if not feasible(ground, only(wishes, others)):
            held = others
    return held


def only(wishes: Wishes, held: list[Wish]) -> Wishes:
    """Keep some of the wishes."""
    kinds = {wish.kind for wish in held}
    return wishes._replace(
        locks=tuple(wish.lock for wish in held if wish.lock is not None),
        tolerance=wishes.tolerance if "balance" in kinds else LOOSE,
        contiguous="ignore" if wishes.contiguous == "require" and "contiguous" not in kinds else wishes.contiguous,
    )


def feasible(ground: Ground, wishes: Wishes) -> bool:
    """Say whether there is a layout that meets wishes."""
    assignment = Assignment(ground, wishes)
    assignment.programme.cost.clear()
    return assignment.programme.solved().is_feasible


def least_tolerance(ground: Ground, wishes: Wishes) -> float | None:
    """Find from which tolerance on there is a layout, to half a point or so; None where there is none at all."""
    low, high = wishes.tolerance, 1.0
    if not feasible(ground, wishes._replace(tolerance=high)):
        return None
    for _ in range(STEPS):
        middle = (low + high) / 2
        low, high = (low, middle) if feasible(ground, wishes._replace(tolerance=middle)) else (middle, high)
    return high
