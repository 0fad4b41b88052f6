"""Notes: what is no fault of a scenario, and yet its author would want to be told before he reads a number."""

from collections.abc import Iterator

from sim.kinds import KINDS
from sim.language.messages import Fault
from sim.scenario.scenario import Scenario

ELSEWHERE = "elsewhere"


def notes(scenario: Scenario) -> Iterator[Fault]:
    """Tell of what is not fitted here, of facilities that are closed or that nobody lives beside, and of people without a place to go."""
    tables, file = scenario.tables, scenario.places.facilities.name
    if not scenario.fitted_here:
        yield Fault("note.not_fitted", scenario.name, {"count": scenario.fitted_elsewhere})
    if scenario.population.registered > scenario.population.residents and not any(
        KINDS[row.kind].offered == ELSEWHERE for row in tables.facilities
    ):
        values = {"value": scenario.population.registered - scenario.population.residents}
        yield Fault("note.nowhere_for_migrants", file, values)
    homes = {row.village for row in tables.villages if row.kind != ELSEWHERE and row.weight > 0}
    for row in tables.facilities:
        if not row.doctors and not row.beds:
            yield Fault("note.closed", f"{file}: {row.facility}", {})
        elif KINDS[row.kind].offered == "own village" and row.node not in homes:
            yield Fault("note.nobody_beside", f"{file}: {row.facility}", {"value": row.node})
    centres = {row.town for row in tables.facilities if KINDS[row.kind].offered == "own town" and row.doctors}
    for town in sorted({row.town for row in tables.towns if row.residents} - centres):
        yield Fault("note.no_centre", f"{scenario.population.towns.name}: {town}", {})
