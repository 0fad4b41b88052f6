"""How long it takes to ask all residents where they are: to read the nodes, to choose those at some of them, to group by them."""

from collections.abc import Callable
from time import perf_counter

from sim.county import County
from sim.scenario.scenario import Scenario

EVERY = 10
"""One node in so many is chosen."""


def places(scenario: Scenario, scale: float, tries: int) -> dict[str, float]:
    """Ask a county before its first day; the best of several tries, seconds."""
    county = County(scenario, scale=scale)
    residents, some = county.residents, set(county.nodes[::EVERY])
    return {
        "place_read_seconds": best(lambda: residents.get("place"), tries),
        "place_chosen_seconds": best(lambda: residents.select(residents.isin("place", some)), tries),
        "place_grouped_seconds": best(lambda: residents.groupby("place"), tries),
    }


def best(question: Callable[[], object], tries: int) -> float:
    """Ask several times; returns the seconds of the quickest answer."""
    taken = []
    for _ in range(tries):
        began = perf_counter()
        question()
        taken.append(perf_counter() - began)
    return min(taken)
