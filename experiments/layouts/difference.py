"""In what two layouts differ: which towns belong to another lead, and how many people live there."""

from collections.abc import Mapping
from typing import NamedTuple

from experiments.layouts.ground import town_title
from sim.language.messages import refuse
from sim.loading import load
from sim.scenario.layout import Layout
from sim.scenario.merging import scenario_names
from sim.scenario.scenario import Scenario


class Change(NamedTuple):
    """A town that belongs to another lead."""

    key: str
    town: Mapping[str, str]
    """Language -> its name."""
    people: int
    """Who live there."""
    before: str | None
    """Its lead in the first layout; None: it is in no group."""
    after: str | None
    total: int
    """People in all towns."""


def changes(first: Layout, other: Layout, scenario: Scenario) -> list[Change]:
    """List the towns that belong to another lead; raises UserError for towns the scenario does not have."""
    one, two = ({town: group.lead for group in layout.groups.values() for town in group.towns} for layout in (first, other))
    rows = {row.town: row for row in scenario.tables.towns}
    unknown = sorted({*one, *two} - set(rows))
    if unknown:
        raise refuse("layout.other_towns", "tiercare layout diff", towns=", ".join(unknown), name=scenario.name)
    total = sum(row.residents for row in rows.values())
    return [
        Change(town, town_title(row), row.residents, one.get(town), two.get(town), total)
        for town, row in sorted(rows.items())
        if one.get(town) != two.get(town)
    ]


def scenario_with(*layouts: Layout) -> Scenario:
    """Find a scenario of the package that has all towns of some layouts; raises UserError where none has."""
    towns = {town for layout in layouts for group in layout.groups.values() for town in group.towns}
    for name in scenario_names():
        scenario = load(name)
        if towns <= {row.town for row in scenario.tables.towns}:
            return scenario
    raise refuse("layout.no_scenario", "tiercare layout diff", towns=", ".join(sorted(towns)))
