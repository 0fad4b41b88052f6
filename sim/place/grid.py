"""The grid (网格): villages and facilities as nodes, roads as edges, and minutes as shortest paths between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim.language.messages import Fault, UserError, nearest
from sim.place.roads import read_roads
from sim.scenario.tables import Tables, Village

INSIDE_MINUTES = 5.0
"""Minutes to a facility at one's own node; no other node is nearer (assumed)."""

ELSEWHERE = "elsewhere"
"""The home, and the node, of those who live outside the county."""
NOWHERE = -1
"""The row of a place that does not exist."""


@dataclass(frozen=True)
class Grid:
    """A road network and the minutes on it."""

    graph: nx.Graph
    """Undirected; each edge carries `minutes`."""
    nodes: tuple[str, ...]
    """All nodes, sorted."""
    inside_minutes: float = INSIDE_MINUTES
    """Minutes to a facility at one's own node."""

    def minutes(self, origins: Sequence[str], destinations: Sequence[str]) -> NDArray[np.float32]:
        """Measure the quickest way from every origin to every destination.

        origins, destinations : names of nodes; a name may occur many times
        returns               : (origins, destinations) minutes, at least `inside_minutes`; inf where no road leads

        One search is run for each distinct node of the smaller side: 0.8 ms each for Lujiang, so 20 ms for all but the village clinics.
        """
        homes, home_rows = np.unique(np.asarray(origins, dtype=str), return_inverse=True)
        places, place_rows = np.unique(np.asarray(destinations, dtype=str), return_inverse=True)
        # roads go both ways, so the search may start from whichever side has fewer nodes
        turned = len(homes) < len(places)
        starts, ends = (homes, places) if turned else (places, homes)
        table = np.array([self._from(start, ends) for start in starts], np.float32).reshape(len(starts), len(ends))
        table = table if turned else table.T
        return np.maximum(table[np.ix_(home_rows, place_rows)], np.float32(self.inside_minutes))

    def _from(self, start: str, ends: NDArray[np.str_]) -> list[float]:
        """Measure the quickest ways from one node."""
        if start not in self.graph:
            return [np.inf] * len(ends)
        reached = nx.single_source_dijkstra_path_length(self.graph, str(start), weight="minutes")
        return [reached.get(str(end), np.inf) for end in ends]


def villages_of(tables: Tables) -> list[Village]:
    """List the villages of the county by name, those elsewhere left out."""
    return sorted((row for row in tables.villages if row.kind != ELSEWHERE), key=lambda row: row.village)


def grid_of(roads: Path, tables: Tables) -> Grid:
    """Put the villages and facilities of some tables on their roads; raises UserError as `read_grid` does."""
    homes = {name: name for name in (*(row.village for row in villages_of(tables)), ELSEWHERE)}
    return read_grid(roads, homes, {row.facility: row.node for row in tables.facilities})


def read_grid(path: Path, homes: Mapping[str, str], facilities: Mapping[str, str], inside_minutes: float = INSIDE_MINUTES) -> Grid:
    """Read the roads and demand that they join all villages and facilities.

    homes, facilities : name -> node
    raises            : UserError with one fault for each faulty road, or else for each village or facility that no road reaches
    """
    graph = read_roads(path)
    faults = unreached(graph, homes, facilities, path.name)
    if faults:
        raise UserError(faults)
    return Grid(graph, tuple(sorted(graph)), inside_minutes)


def unreached(graph: nx.Graph, homes: Mapping[str, str], facilities: Mapping[str, str], place: str) -> list[Fault]:
    """Name each village and facility that lies outside the part of the network where most villages lie.

    homes, facilities : name -> node
    place             : the file to name in the faults
    """
    parts = sorted((sorted(part) for part in nx.connected_components(graph)), key=lambda part: part[0])
    county = set(max(parts, key=lambda part: sum(node in part for node in homes.values()), default=[]))
    faults = []
    for key, named in (("grid.village_unreached", homes), ("grid.facility_unreached", facilities)):
        for name, node in named.items():
            if node not in county:
                faults.append(Fault(key, place, {"value": name, "node": node, "near": nearest(node, sorted(county))}))
    return faults
