"""Options (选项): which facilities the people of each village consider, nest by nest, as the row of each kind of facility says.

Nobody is left out for want of room: a village has as many slots as it needs. Only of clinics offered to those nearest, of which several
stand at one node, does each village see as few as let every one of them be seen by some village.
"""

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.rounding import largest_remainder
from sim.kinds import KINDS, Offered, kinds_offered
from sim.place.facilities import Facilities
from sim.place.grid import NOWHERE
from sim.words import NESTS, Nest

NEIGHBOURS = 2
"""Nodes of other towns with a centre that people consider besides the centres of their own town."""


class Homes(NamedTuple):
    """Where people live: (villages,) arrays, the last home that of those who live elsewhere."""

    node: NDArray[np.int16]
    """Node of the grid."""
    town: NDArray[np.int64]
    """Town, NOWHERE elsewhere."""


class Options(NamedTuple):
    """What the people of each village consider."""

    option: NDArray[np.int16]
    """(villages, slots) facility or NOWHERE, nest by nest; the first is the own township centre."""
    nest_first: NDArray[np.int64]
    """(nests + 1,) where the slots of each nest begin."""
    stands_for: NDArray[np.float64]
    """(facilities,) how many like itself a facility stands for in the eyes of those who consider it, itself among them."""


def options(facilities: Facilities, homes: Homes, minutes: NDArray[np.float32]) -> Options:
    """List for each village the facilities its people consider.

    minutes : (villages, facilities) travel
    """
    stands_for = np.ones(len(facilities.names))
    nests = [_padded(_of_nest(nest, facilities, homes, minutes, stands_for)) for nest in NESTS]
    first = np.cumsum([0, *(slots.shape[1] for slots in nests)])
    return Options(np.concatenate(nests, axis=1).astype(np.int16), first, stands_for)


def _padded(lists: list[list[int]]) -> NDArray[np.int64]:
    """Write lists as a table, NOWHERE where a village has fewer; one slot at least."""
    wide = max(1, *(len(one) for one in lists))
    return np.array([one + [NOWHERE] * (wide - len(one)) for one in lists], np.int64)


def _of_nest(
    nest: Nest, facilities: Facilities, homes: Homes, minutes: NDArray[np.float32], stands_for: NDArray[np.float64]
) -> list[list[int]]:
    """List for each village what it considers in a nest, way by way of being offered; fills `stands_for`."""
    of = {way: facilities.in_nest(nest) & facilities.offered(way) for way in ("own village", "own town", "everybody", "elsewhere")}
    everybody, away = np.flatnonzero(of["everybody"]).tolist(), np.flatnonzero(of["elsewhere"]).tolist()
    lists: list[list[int]] = [[] for _ in homes.node]
    for v, (node, town) in enumerate(zip(homes.node[:-1], homes.town[:-1], strict=True)):
        lists[v] += np.flatnonzero(of["own village"] & (facilities.node == node)).tolist()
        if _has_kind(nest, "own town"):
            lists[v] += _of_town_and_neighbours(of["own town"], facilities, int(town), minutes[v])
    if _has_kind(nest, "own town"):
        lists[-1].append(NOWHERE)
    for kind in kinds_offered("nearest"):
        if KINDS[kind].nest == nest:
            for v, row in _nearest(facilities.of_kind(kind) & (facilities.doctors > 0), facilities, minutes[:-1], stands_for):
                lists[v].append(row)
    return [one + everybody for one in lists[:-1]] + [lists[-1] + everybody + away]


def _has_kind(nest: Nest, offered: Offered) -> bool:
    """Say whether any kind of a nest is offered so."""
    return any(kind.nest == nest and kind.offered == offered for kind in KINDS.values())


def _by_distance(among: NDArray[np.bool_], minutes: NDArray[np.float32]) -> list[int]:
    """List facilities within reach of a village, the nearest first, equals by row."""
    rows = np.flatnonzero(among & np.isfinite(minutes))
    return list(rows[np.argsort(minutes[rows], kind="stable")].tolist())


def _of_town_and_neighbours(centres: NDArray[np.bool_], facilities: Facilities, town: int, minutes: NDArray[np.float32]) -> list[int]:
    """List the centres of the own town, the nearest first, NOWHERE without one; then those at the nearest nodes besides."""
    own = _by_distance(centres & (facilities.town == town), minutes)
    others = _by_distance(centres & facilities.is_open & (facilities.town != town), minutes)
    nodes = list(dict.fromkeys(facilities.node[others].tolist()))[:NEIGHBOURS]
    return (own or [NOWHERE]) + [row for row in others if facilities.node[row] in nodes]


def _nearest(
    among: NDArray[np.bool_], facilities: Facilities, minutes: NDArray[np.float32], stands_for: NDArray[np.float64]
) -> Iterator[tuple[int, int]]:
    """Give (village, facility) for the facilities of the nearest node; villages that share a node's facilities take turns.

    Each sees as few as let all be seen, those with more doctors by more villages; what it sees stands for all at the node.
    """
    villages_of: dict[int, list[int]] = defaultdict(list)
    for v, row in enumerate(minutes):
        nearest = _by_distance(among, row)[:1]
        if nearest:
            villages_of[int(facilities.node[nearest[0]])].append(v)
    for node, villages in villages_of.items():
        rows = np.flatnonzero(among & (facilities.node == node))
        each = -(-len(rows) // len(villages))
        turns = len(villages) * each
        doctors = facilities.doctors[rows].astype(float)
        shown = np.resize(np.repeat(rows, np.minimum(1 + largest_remainder(doctors, turns - len(rows)), len(villages))), turns)
        stands_for[rows] = doctors.sum() / (each * doctors)
        for i, v in enumerate(villages):
            yield from ((v, int(row)) for row in dict.fromkeys(shown[i :: len(villages)].tolist()))
