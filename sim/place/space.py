"""Space: Mesa's network over the grid, on which agents stand."""

import inspect
from random import Random

from mesa.discrete_space import Network
from networkx import Graph


def network_space(graph: Graph, chance: Random) -> Network:
    """Make the space on which agents stand, without positions.

    Mesa 3.5 would lay the network out by springs, which draws from numpy's global generator; earlier versions know no layout.
    """
    knows_layout = "layout" in inspect.signature(Network.__init__).parameters
    return Network(graph, random=chance, **({"layout": None} if knows_layout else {}))
