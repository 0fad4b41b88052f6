"""Maps for tests of layouts: towns at random places, bordering where their triangulation says so, with leads among them."""

import networkx as nx
import numpy as np
from scipy.spatial import Delaunay

from experiments.layouts.ground import Ground, Lead


def random_map(towns: int, leads: int, seed: int, one_place: bool = False) -> Ground:
    """Draw a map.

    one_place : all leads stand in the same town
    """
    rng = np.random.default_rng(seed)
    places = rng.random((towns, 2)) * 60
    names = tuple(f"t{row:03}" for row in range(towns))
    borders = nx.Graph()
    borders.add_nodes_from(names)
    for corners in Delaunay(places).simplices:
        borders.add_edges_from((names[corners[row]], names[corners[row - 1]]) for row in range(3))
    minutes = np.linalg.norm(places[:, None] - places[None], axis=2) * 1.35 + 5
    seats = [0] * leads if one_place else sorted(rng.choice(towns, leads, replace=False).tolist())
    hospitals = tuple(Lead(f"l{row}", names[seat], names[seat], float(rng.integers(400, 1200)), 100.0) for row, seat in enumerate(seats))
    people = rng.integers(10_000, 80_000, towns).astype(float)
    ties = rng.poisson(people[:, None] * 0.05 * rng.uniform(0.6, 1.4, (towns, leads))).astype(float)
    return Ground(names, people, hospitals, minutes[:, seats], minutes, borders, {}, ties)
