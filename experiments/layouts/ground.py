"""The ground a layout is drawn on: towns with their people, hospitals that may lead, minutes between them, who borders on whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from results.telling.names import called
from sim.kinds import KINDS
from sim.place.grid import Grid, grid_of, villages_of
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Town

Table = NDArray[np.float64]


@dataclass(frozen=True)
class Lead:
    """A hospital that may lead a group."""

    name: str
    node: str
    """Where it stands on the roads."""
    town: str | None
    """The town it stands in."""
    beds: float
    doctors: float


@dataclass(frozen=True)
class Ground:
    """Towns, leads and what lies between them; rows and columns are in the order of `towns` and `leads`."""

    towns: tuple[str, ...]
    people: Table
    """(towns) people who live there."""
    leads: tuple[Lead, ...]
    to_lead: Table
    """(towns, leads) mean minutes of a town's people to a lead; inf where no road leads."""
    between: Table
    """(towns, towns) mean minutes of a town's people to the centre of another."""
    borders: nx.Graph
    """Towns as nodes; an edge where two are neighbours, with `why`."""
    titles: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    """Town or lead -> language -> name."""
    ties: Table | None = None
    """(towns, leads) admissions of a town's people at a lead in the run that ties are taken from; None: not asked for."""

    @property
    def total(self) -> float:
        """People in all towns."""
        return float(self.people.sum())

    @cached_property
    def seats(self) -> tuple[int | None, ...]:
        """(leads) row of the town a lead stands in."""
        return tuple(self.towns.index(lead.town) if lead.town in self.towns else None for lead in self.leads)

    def tied(self, lead: int, among: Sequence[int]) -> bool:
        """Say whether another lead stands at the same place, so that minutes to it cannot tell the two apart."""
        return any(other != lead and self.leads[other].node == self.leads[lead].node for other in among)

    def called(self, name: str, lang: str) -> str:
        """Give the name of a town or lead as people say it."""
        return self.titles.get(name, {}).get(lang, name)


def ground_of(scenario: Scenario, borders: nx.Graph | None = None) -> Ground:
    """Survey the towns and leads of a scenario.

    borders : who borders on whom; None: read from the roads
    raises  : UserError where the tables have faults
    """
    tables = scenario.tables
    grid = grid_of(scenario.files["places.roads"], tables)
    villages = villages_of(tables)
    rows = sorted(tables.towns, key=lambda row: row.town)
    towns = tuple(row.town for row in rows)
    facilities = {row.facility: row for row in tables.facilities}
    may = sorted(row.facility for row in tables.facilities if KINDS[row.kind].may_lead and row.ownership == "public")
    may = sorted({*may, *(group.lead for group in scenario.groups.values())})
    leads = tuple(
        Lead(name, facilities[name].node, facilities[name].town or None, float(facilities[name].beds), float(facilities[name].doctors))
        for name in may
    )
    share = np.zeros((len(towns), len(villages)))
    for column, village in enumerate(villages):
        share[towns.index(village.town), column] = village.weight
    share /= np.maximum(share.sum(axis=1, keepdims=True), 1e-12)
    homes = [village.village for village in villages]
    centres = [_centre(town, scenario) for town in towns]
    titles = {row.town: town_title(row) for row in rows}
    titles |= {name: {"en": facilities[name].name_en, "zh": facilities[name].name_zh} for name in may}
    return Ground(
        towns,
        np.array([row.residents for row in rows], float),
        leads,
        share @ grid.minutes(homes, [lead.node for lead in leads]).astype(float),
        share @ grid.minutes(homes, centres).astype(float),
        by_road(scenario, grid) if borders is None else borders,
        titles,
    )


def town_title(row: Town) -> dict[str, str]:
    """Name a town: language -> name."""
    return {lang: called(row.town, {row.town: row.town_zh}, lang) for lang in ("en", "zh")}


def _centre(town: str, scenario: Scenario) -> str:
    """Find the node of a town's centre: where its township centre stands, else its largest village."""
    centres = sorted(row.node for row in scenario.tables.facilities if row.town == town and KINDS[row.kind].offered == "own town")
    villages = sorted((-row.weight, row.village) for row in villages_of(scenario.tables) if row.town == town)
    return centres[0] if centres else villages[0][1]


def by_road(scenario: Scenario, grid: Grid) -> nx.Graph:
    """Read from the roads who borders on whom.

    Two towns are neighbours where a road joins a village of one to a village of the other; a road between their centres counts only where
    no third centre lies between them, that is, nearer to both than they are to each other.
    """
    tables = scenario.tables
    towns = sorted(row.town for row in tables.towns)
    centre = {_centre(town, scenario): town for town in towns}
    town_of = {row.village: row.town for row in villages_of(tables)} | centre
    names = list(centre)
    minutes = dict(zip(names, grid.minutes(names, names).tolist(), strict=True))
    borders = nx.Graph()
    borders.add_nodes_from(towns)
    for one, other, minute in sorted(grid.graph.edges(data="minutes")):
        mine, theirs = town_of.get(one), town_of.get(other)
        if mine is None or theirs is None or mine == theirs:
            continue
        if one in centre and other in centre:
            nearer = (max(minutes[one][row], minutes[other][row]) for row, name in enumerate(names) if name not in (one, other))
            if min(nearer, default=np.inf) < minute:
                continue
        borders.add_edge(mine, theirs, why=f"{one} - {other}")
    return borders
