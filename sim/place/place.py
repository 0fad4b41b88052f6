"""Place (区域): villages, facilities and conditions as arrays, where everything stands on the grid, and who considers going where."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.place.conditions import Conditions, conditions_of
from sim.place.facilities import Facilities, facilities_of
from sim.place.grid import ELSEWHERE, NOWHERE, Grid, grid_of, villages_of
from sim.place.options import Homes, options
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Tables
from sim.words import TIERS

T = TypeVar("T")
MOST_LAID_OUT = 32
"""Results kept at a place."""
MOST_KEPT = 8
"""Places kept in a process, the last used."""


@dataclass(frozen=True)
class Place:
    """Everything that stands still: villages, facilities, ways, and which options each village has."""

    towns: tuple[str, ...]
    villages: tuple[str, ...]
    village_town: NDArray[np.int64]
    village_node: NDArray[np.int16]
    facilities: Facilities
    conditions: Conditions
    grid: Grid
    option: NDArray[np.int16]
    """(villages, slots) facility, -1 none; the first the own township centre, see `sim.place.options`."""
    nest_first: NDArray[np.int64]
    """(nests + 1,) where the slots of each nest begin."""
    stands_for: NDArray[np.float64]
    """(facilities,) how many like itself a facility stands for in the eyes of those who consider it."""
    minutes: NDArray[np.float32]
    """(villages, facilities)."""
    between: NDArray[np.float32]
    """(facilities, facilities) minutes."""
    laid_out: dict[tuple[object, ...], Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out here before from the same numbers, see `once`."""

    @cached_property
    def to_county_hospital(self) -> NDArray[np.float64]:
        """Minutes from each village to the nearest public county hospital: (villages,), NaN where there is none."""
        house = self.facilities
        goal = house.in_county & house.public & (house.tier == TIERS.index("county"))
        if not goal.any():
            return np.full(len(self.villages), np.nan)
        return np.asarray(self.minutes[:, goal].min(axis=1), float)

    def once(self, key: tuple[object, ...], work_out: Callable[[], T]) -> T:
        """Give what was worked out before under a key, or work it out: runs of the same rules here share it, and nobody changes it.

        key : all that decides the result beside this place
        """
        if key not in self.laid_out:
            if len(self.laid_out) >= MOST_LAID_OUT:
                self.laid_out.clear()
            self.laid_out[key] = work_out()
        found: T = self.laid_out[key]
        return found


_kept: dict[tuple[object, ...], Place] = {}
"""Places put together in this process, by what they came from, the last used last: runs one after another share them."""


def assemble(scenario: Scenario, tables: Tables) -> Place:
    """Put the tables of a scenario on the grid, or give what was put together before from the same data; nobody changes it."""
    came_from = (scenario.data, scenario.places.added)
    place = _kept.pop(came_from, None) or _put_together(scenario, tables)
    _kept[came_from] = place
    for old in list(_kept)[:-MOST_KEPT]:
        _kept.pop(old, None)
    return place


def _put_together(scenario: Scenario, tables: Tables) -> Place:
    """Put the tables of a scenario on the grid, and say which options each village has."""
    towns = tuple(sorted(row.town for row in tables.towns))
    villages, grid = villages_of(tables), grid_of(scenario.places.roads, tables)
    names = (*(row.village for row in villages), ELSEWHERE)
    facilities = facilities_of(tables.facilities, towns, grid.nodes)
    homes = Homes(
        np.array([grid.nodes.index(name) for name in names], np.int16), np.array([*(towns.index(row.town) for row in villages), NOWHERE])
    )
    ways = _ways(grid, facilities)
    minutes = ways[homes.node]
    return Place(
        towns,
        names,
        homes.town,
        homes.node,
        facilities,
        conditions_of(sorted(tables.case_mix, key=lambda row: row.group), tables.catalogue),
        grid,
        *options(facilities, homes, minutes),
        minutes,
        ways[facilities.node],
    )


def _ways(grid: Grid, facilities: Facilities) -> NDArray[np.float32]:
    """Measure the minutes from every node to every facility; one offered to its own village alone counts for that village only.

    returns : (nodes, facilities)
    """
    local = facilities.offered("own village")
    far = np.flatnonzero(~local)
    ways = np.full((len(grid.nodes), len(facilities.names)), np.inf, np.float32)
    ways[:, far] = grid.minutes(grid.nodes, [grid.nodes[n] for n in facilities.node[far]])
    ways[facilities.node[local], np.flatnonzero(local)] = grid.inside_minutes
    return ways
