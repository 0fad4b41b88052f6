"""Propose layouts: the present one, the best, those that give up some of it for something else, and others that truly differ."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from experiments.layouts.files import Named, group_called
from experiments.layouts.ground import Ground
from experiments.layouts.proposing.assignment import Assignment, Drawn
from experiments.layouts.proposing.clash import LOOSE, beforehand, clash_of, least_tolerance
from experiments.layouts.proposing.traits import Traits, traits
from experiments.layouts.proposing.wishes import OBJECTIVES, Wishes
from sim.language.messages import Fault, UserError, say
from sim.scenario.scenario import Scenario

PRESENT, BEST, FRONT, OTHER = "present", "best", "front", "other"
KINDS = (PRESENT, BEST, FRONT, OTHER)
DIFFERENT = 0.10
"""Share of the people who must belong elsewhere for a layout to count as another one (assumed)."""
LEVELS = 4
"""Points between the ends of a Pareto front."""


class Proposal(NamedTuple):
    """A layout worth judging."""

    name: str
    kind: str
    """present, best, front (some of the best given up for another objective) or other (truly different)."""
    assigned: tuple[int, ...]
    """(towns) row of the lead of each town; -1: of none."""
    traits: Traits
    objectives: Mapping[str, float]
    gap: float | None
    """How far it is above what no layout can be below: minutes as a share of that; people and ties, shares themselves, as a difference."""
    breaks: tuple[str, ...] = ()
    """Wishes it does not meet."""

    def members(self, ground: Ground) -> dict[str, list[str]]:
        """Lead -> its towns."""
        found: dict[str, list[str]] = {}
        for town, row in zip(ground.towns, self.assigned, strict=True):
            if row >= 0:
                found.setdefault(ground.leads[row].name, []).append(town)
        return found


def named(proposal: Proposal, ground: Ground, scenario: Scenario) -> Named:
    """Give a proposal a title and its groups the names they have in the scenario."""
    groups = {group_called(lead, scenario): (lead, towns) for lead, towns in proposal.members(ground).items()}
    key = {PRESENT: "layout.kind.present", BEST: "layout.kind.best", FRONT: "layout.kind.front", OTHER: "layout.kind.other"}[proposal.kind]
    number = proposal.name.partition("-")[2]
    return Named(proposal.name, {lang: say(key, lang, number=number).strip() for lang in ("en", "zh")}, groups)


def present_of(scenario: Scenario, ground: Ground) -> tuple[int, ...]:
    """Read the present layout: row of the lead of each town, -1 where it is in no group."""
    lead = {town: group.lead for group in scenario.groups.values() for town in group.towns}
    names = [one.name for one in ground.leads]
    return tuple(names.index(lead[town]) if town in lead else -1 for town in ground.towns)


def proposed(
    ground: Ground, wishes: Wishes, present: Sequence[int], number: int, told: Callable[[int], object] = lambda done: None
) -> list[Proposal]:
    """Propose layouts, the present one first.

    number : how many beside the present one, at most
    raises : UserError where the wishes cannot be met, saying which clash
    """
    faults = list(beforehand(ground, wishes))
    if faults:
        raise UserError(faults)
    best = Assignment(ground, wishes).solved()
    if best is None:
        raise UserError(unmet(ground, wishes))
    found = [_present(ground, wishes, tuple(present), best)]
    for kind, drawn in _candidates(ground, wishes, best, [one.assigned for one in found], number):
        many = sum(one.kind == kind for one in found) + 1
        name = kind if kind == BEST else f"{kind}-{many}"
        seen = traits(ground, drawn.assigned, wishes.balance)
        found.append(Proposal(name, kind, drawn.assigned, seen, drawn.objectives, gap(wishes, drawn, best)))
        told(len(found) - 1)
        if len(found) > number:
            break
    return found


def gap(wishes: Wishes, drawn: Drawn, best: Drawn) -> float:
    """Say how far a layout is above what none can be below: minutes as a share of that, shares as a difference."""
    above = max(drawn.cost - best.bound, 0.0)
    return above / best.bound if wishes.objective == "near" and best.bound > 0 else above


def _candidates(ground: Ground, wishes: Wishes, best: Drawn, before: Sequence[Sequence[int]], number: int) -> Iterator[tuple[str, Drawn]]:
    """Give layouts one after the other: the best, the front, then what truly differs from all of them."""
    yield BEST, best
    seen: list[Sequence[int]] = [*before, best.assigned]
    for drawn in front(ground, wishes, best):
        if len(seen) - len(before) > number // 2:
            break
        if all(apart(ground, drawn.assigned, other) >= DIFFERENT / 2 for other in seen):
            seen.append(drawn.assigned)
            yield FRONT, drawn
    while True:
        assignment = Assignment(ground, wishes)
        for other in seen:
            assignment.differs(other, DIFFERENT)
        drawn = assignment.solved()
        if drawn is None:
            return
        seen.append(drawn.assigned)
        yield OTHER, drawn


def front(ground: Ground, wishes: Wishes, best: Drawn) -> Iterator[Drawn]:
    """Give the Pareto front between the objective asked for and each of the others: the least of it at a level of the other."""
    for name in OBJECTIVES:
        if name == wishes.objective or (name == "mutual" and ground.ties is None):
            continue
        end = Assignment(ground, wishes._replace(objective=name)).solved()
        if end is None or end.objectives[name] > best.objectives[name] - 1e-6:
            continue
        for level in np.linspace(end.objectives[name], best.objectives[name], LEVELS, endpoint=False):
            assignment = Assignment(ground, wishes)
            assignment.at_most(name, float(level) + 1e-6)
            drawn = assignment.solved()
            if drawn is not None:
                yield drawn


def apart(ground: Ground, one: Sequence[int], other: Sequence[int]) -> float:
    """Say which share of the people belongs elsewhere in another layout."""
    return float(ground.people[np.asarray(one) != np.asarray(other)].sum() / max(ground.total, 1e-12))


def _present(ground: Ground, wishes: Wishes, assigned: tuple[int, ...], best: Drawn) -> Proposal:
    """Look at the layout there is as if it had been proposed."""
    seen = traits(ground, assigned, wishes.balance)
    chosen = {row for row in assigned if row >= 0}
    names = {ground.leads[row].name for row in chosen}
    drawn = None
    if chosen and -1 not in assigned:
        contiguous = "ignore" if wishes.contiguous == "ignore" else "prefer"
        loose = wishes._replace(leads=tuple(sorted(names)), groups=len(names), locks=(), tolerance=LOOSE, contiguous=contiguous)
        assignment = Assignment(ground, loose)
        assignment.hold(assigned)
        drawn = assignment.solved()
    broken = []
    if wishes.contiguous == "require" and not seen.contiguous:
        broken.append("contiguous")
    if wishes.balance != "none" and any(abs(ratio - 1.0) > wishes.tolerance + 1e-9 for ratio in seen.ratios.values()):
        broken.append("balance")
    if any(
        assigned[ground.towns.index(town)] < 0 or ground.leads[assigned[ground.towns.index(town)]].name != lead
        for town, lead in wishes.locks
    ):
        broken.append("lock")
    if len(chosen) != wishes.groups or not names <= set(wishes.leads):
        broken.append("groups")
    objectives = {} if drawn is None else drawn.objectives
    far = None if drawn is None or "groups" in broken else gap(wishes, drawn, best)  # with other leads there is nothing to hold it against
    return Proposal(PRESENT, PRESENT, assigned, seen, objectives, far, tuple(broken))


def unmet(ground: Ground, wishes: Wishes) -> list[Fault]:
    """Say which wishes clash, and about which towns, a fault a wish."""
    held = clash_of(ground, wishes)
    kinds = {wish.kind for wish in held}
    faults = [Fault("layout.wish.lock", "--lock", {"town": wish.lock[0], "lead": wish.lock[1]}) for wish in held if wish.lock is not None]
    if "contiguous" in kinds:
        faults.append(Fault("layout.wish.contiguous", "--contiguous", {}))
    if "balance" in kinds:
        values = {"tolerance": f"{wishes.tolerance * 100:g} %", "balance": wishes.balance}
        faults.append(Fault("layout.wish.balance", "--balance", values))
    if not faults:
        return [Fault("layout.no_layout", "tiercare layout propose", {"groups": wishes.groups})]
    faults.insert(0, Fault("layout.clash", "tiercare layout propose", {"count": len(faults)}))
    least = least_tolerance(ground, wishes) if "balance" in kinds else None
    if least is not None:
        row = int(np.argmax(ground.people))
        share = f"{ground.people[row] / ground.total * 100:.0f} %"
        faults.append(
            Fault("layout.tolerance", "--tolerance", {"least": f"{least * 100:.1f} %", "town": ground.towns[row], "share": share})
        )
    return faults
