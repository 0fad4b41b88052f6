"""Checks: what a scenario says against itself and its tables, as a whole: sums, names that must exist, cells that will be needed.

Whatever passes them runs. `people`, `facilities` and `rules` hold the checks of one thing each; all faults are found at once.
"""

from collections.abc import Collection, Iterator

from sim.language.messages import Fault
from sim.reading.strict_yaml import Value
from sim.scenario.checks import facilities, people, rules
from sim.scenario.plan import Plan
from sim.scenario.tables import Tables


def faults(scenario: Plan, tables: Tables, tree: Value, measures: Collection[str] | None) -> Iterator[Fault]:
    """Find everything that is wrong with a scenario whose shape is right.

    tree     : the merged scenario, for the places of the faults
    measures : the measures goals may name; None: any
    """
    yield from people.faults(scenario, tables, tree)
    yield from rules.faults(scenario, tables, tree)
    yield from facilities.faults(scenario, tables, tree)
    if measures is not None:
        yield from rules.goals(scenario, measures, tree)
