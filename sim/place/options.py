"""Options (选项): which facilities the people of each village consider, nest by nest, as the row of each kind of facility says."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.kinds import KINDS, Offered, kinds_offered
from sim.place.facilities import Facilities
from sim.place.grid import NOWHERE, nearest_others, own_facility
from sim.words import NESTS, Nest

MOST_CENTRAL = 12
"""Facilities offered to everybody that are considered at all, those nearest to most villages first; people hear of no others.

A race of options has room for `sim.choice.choosing.MOST_OPTIONS` slots in all.
"""


class Homes(NamedTuple):
    """Where people live: (villages,) arrays, the last home that of those who live elsewhere."""

    node: NDArray[np.int16]
    """Node of the grid."""
    town: NDArray[np.int64]
    """Town, NOWHERE elsewhere."""


def options(facilities: Facilities, homes: Homes, minutes: NDArray[np.float32]) -> tuple[NDArray[np.int16], NDArray[np.int64]]:
    """List for each village the facilities its people consider, nest by nest.

    minutes : (villages, facilities) travel
    returns : (villages, slots) facility or NOWHERE, and (nests + 1,) where the slots of each nest begin
    """
    central = _central(facilities, minutes)
    nests = [np.concatenate(_of_nest(nest, facilities, homes, minutes, central), axis=1) for nest in NESTS]
    return np.concatenate(nests, axis=1).astype(np.int16), np.cumsum([0, *(slots.shape[1] for slots in nests)])


def _of_nest(
    nest: Nest, facilities: Facilities, homes: Homes, minutes: NDArray[np.float32], central: NDArray[np.bool_]
) -> list[NDArray[np.int64]]:
    """List the slots of a nest, (villages, some) each, way by way of being offered; those who live elsewhere have a slot of the nearest."""
    slots = [np.full((len(minutes), 0), NOWHERE)]
    inside = facilities.in_nest(nest)
    if _has_kind(nest, "own village"):
        slots.append(own_facility(homes.node, facilities.node, inside & facilities.offered("own village"))[:, None])
        slots[-1][-1] = NOWHERE
    if _has_kind(nest, "own town"):
        slots.append(_own_and_neighbours(homes, facilities, minutes, inside & facilities.offered("own town")))
    if _has_kind(nest, "everybody"):
        slots.append(np.tile(np.flatnonzero(inside & central), (len(minutes), 1)))
    if _has_kind(nest, "nearest") or _has_kind(nest, "elsewhere"):
        slots.append(_nearest(nest, facilities, minutes))
        slots[-1][-1, 0] = next(iter(np.flatnonzero(inside & facilities.offered("elsewhere"))), NOWHERE)
    return slots


def _has_kind(nest: Nest, offered: Offered) -> bool:
    """Say whether any kind of a nest is offered so."""
    return any(kind.nest == nest and kind.offered == offered for kind in KINDS.values())


def _own_and_neighbours(
    homes: Homes, facilities: Facilities, minutes: NDArray[np.float32], of_kind: NDArray[np.bool_]
) -> NDArray[np.int64]:
    """Find the facility of the own town, and the two nearest besides: (villages, 3); none for those who live elsewhere."""
    own = own_facility(homes.town, facilities.town, of_kind)
    found = np.column_stack([own, nearest_others(minutes, of_kind, own)])
    found[-1] = NOWHERE
    return found


def _nearest(nest: Nest, facilities: Facilities, minutes: NDArray[np.float32]) -> NDArray[np.int64]:
    """Find the nearest of each kind offered so, one slot at least: (villages, slots); none for those who live elsewhere."""
    kinds = [name for name in kinds_offered("nearest") if KINDS[name].nest == nest]
    found = np.full((len(minutes), max(len(kinds), 1)), NOWHERE)
    for slot, kind in enumerate(kinds):
        found[:-1, slot] = nearest_others(minutes[:-1], facilities.of_kind(kind), found[:-1, slot], 1)[:, 0]
    return found


def _central(facilities: Facilities, minutes: NDArray[np.float32]) -> NDArray[np.bool_]:
    """Say which of the facilities offered to everybody people hear of: the MOST_CENTRAL that are nearest to the villages in the median."""
    found = np.flatnonzero(facilities.offered("everybody"))
    found = found[np.argsort(np.median(minutes[:-1, found], axis=0), kind="stable")][:MOST_CENTRAL]
    return np.isin(np.arange(len(facilities.names)), found)
