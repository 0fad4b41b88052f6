"""What a layout is on the map, before anybody is simulated: people, beds, minutes, balance, pieces that lie apart, ties kept and lost."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import networkx as nx
import numpy as np

from experiments.layouts.ground import Ground, Table
from experiments.layouts.proposing.wishes import Balance

LUCK = 2.0
"""Standard errors by which a town's admissions at a lead must differ from the county's usual share before they count as a tie."""


class Traits(NamedTuple):
    """A layout on the map."""

    minutes: float | None
    """Mean minutes of all people to the centre of their group: its lead, or, where several leads stand at one place, the member town that
    all its people reach soonest; None without groups."""
    beyond: float
    """Share of the people beyond what the leads can carry."""
    ratios: Mapping[str, float]
    """Lead -> its people's share of all people beside its share of what all leads can carry; 1: just as much."""
    apart: Mapping[str, Sequence[Sequence[str]]]
    """Lead -> pieces of its group that hang together with neither the rest nor the town the lead stands in."""
    ties: float | None
    """Share of the admissions at leads that went to the town's own; None: ties are not known."""
    rather: Sequence[tuple[str, str]]
    """(town, lead) that would both rather be together than as they are."""

    @property
    def contiguous(self) -> bool:
        """Say whether every group hangs together."""
        return not any(self.apart.values())


def capacity(ground: Ground, chosen: Sequence[int], balance: Balance) -> Table:
    """Say what share of the people each lead can carry: by beds, by doctors, or the same for all."""
    size = {"beds": lambda lead: lead.beds, "doctors": lambda lead: lead.doctors}.get(balance, lambda lead: 1.0)
    sizes = np.array([size(ground.leads[row]) for row in chosen], float)
    return sizes / max(sizes.sum(), 1e-12)


def liking(ground: Ground, chosen: Sequence[int]) -> tuple[Table, Table]:
    """Say how much towns like leads and leads like towns, from past admissions; differences that luck could make are none.

    returns : (towns, chosen) a town's share of admissions at a lead beside that of all towns; admissions a head there beside those of all
    """
    if ground.ties is None:
        flat = np.ones((len(ground.towns), len(chosen)))
        return flat, flat
    found = ground.ties[:, list(chosen)]
    expected = found.sum(axis=1, keepdims=True) * found.sum(axis=0) / max(found.sum(), 1.0)
    usual = ground.people[:, None] * found.sum(axis=0) / ground.total
    town = np.where(np.abs(found - expected) > LUCK * np.sqrt(expected), found / np.maximum(expected, 1e-9), 1.0)
    lead = np.where(np.abs(found - usual) > LUCK * np.sqrt(usual), found / np.maximum(usual, 1e-9), 1.0)
    return town, lead


def traits(ground: Ground, assigned: Sequence[int], balance: Balance = "beds") -> Traits:
    """Look at a layout.

    assigned : (towns) row of the lead of each town; -1: of none
    """
    own = np.asarray(assigned)
    chosen = sorted({int(row) for row in own if row >= 0})
    members = {row: np.flatnonzero(own == row) for row in chosen}
    share = np.array([ground.people[members[row]].sum() for row in chosen]) / max(ground.total, 1e-12)
    carried = capacity(ground, chosen, balance)
    whole = share.sum()
    ties = None
    if ground.ties is not None and chosen:
        known = ground.ties[:, chosen].sum()
        ties = float(sum(ground.ties[members[row], row].sum() for row in chosen) / max(known, 1e-9))
    return Traits(
        sum(minutes_of(ground, row, members[row], chosen) for row in chosen) / float(ground.people[own >= 0].sum()) if chosen else None,
        float(np.abs(share - carried * whole).sum() / 2),
        {ground.leads[row].name: float(one / max(fair * whole, 1e-12)) for row, one, fair in zip(chosen, share, carried, strict=True)},
        {ground.leads[row].name: pieces(ground, row, members[row]) for row in chosen},
        ties,
        rather(ground, own, chosen),
    )


def minutes_of(ground: Ground, lead: int, members: Table, chosen: Sequence[int]) -> float:
    """Add up the minutes of a group's people to its centre."""
    people = ground.people[members]
    if not ground.tied(lead, chosen):
        return float(people @ ground.to_lead[members, lead])
    return float(min(people @ ground.between[members, centre] for centre in members))


def pieces(ground: Ground, lead: int, members: Table) -> list[list[str]]:
    """Find the pieces of a group that lie apart; the town its lead stands in joins what borders on it, whosever it is."""
    towns = {ground.towns[row] for row in members}
    seat = ground.leads[lead].town
    joined = ground.borders.subgraph(towns | ({seat} if seat is not None else set()))
    parts = sorted((sorted(part & towns) for part in nx.connected_components(joined)), key=lambda part: (-len(part), part))
    parts = [part for part in parts if part]
    home = next(
        (part for part in parts if seat is not None and any(_joins(ground, town, seat) for town in part)), parts[0] if parts else []
    )
    return [part for part in parts if part is not home]


def _joins(ground: Ground, town: str, seat: str) -> bool:
    """Say whether a town is the seat or borders on it."""
    return town == seat or ground.borders.has_edge(town, seat)


def rather(ground: Ground, own: Sequence[int], chosen: Sequence[int]) -> list[tuple[str, str]]:
    """Find towns and leads that would both rather: the town likes it better than its own, it likes the town better than one it has."""
    town, lead = liking(ground, chosen)
    found = []
    for row, name in enumerate(ground.towns):
        mine = chosen.index(own[row]) if own[row] in chosen else None
        for column, other in enumerate(chosen):
            theirs = [lead[member, column] for member in range(len(ground.towns)) if own[member] == other]
            if mine is None or column == mine or town[row, column] <= town[row, mine]:
                continue
            if theirs and lead[row, column] > min(theirs):
                found.append((name, ground.leads[other].name))
    return found
