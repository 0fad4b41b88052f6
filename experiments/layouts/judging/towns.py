"""What simulated runs of the present layout say of its towns: who lives there, and where they were admitted; and what it costs to change.

None of it is observed: the destinations are the model's, and are called so.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np

from experiments.comparing.kept import tables_of
from experiments.layouts.files import Named
from experiments.running.batch import Batch
from sim.words import NEED_AGES

KEPT = ("residents", "insured", "flows")
OLD = f"{NEED_AGES[-1][0]}+"
"""The oldest age group of the table of residents: 65 and older."""


class Seen(NamedTuple):
    """One town in the runs of the present layout, all its people."""

    old: float
    """Share of those living there who are 65 or older."""
    insured: float
    """People enrolled in the residents' scheme."""
    admitted: Mapping[str, float]
    """Facility -> admissions of its people a year."""

    def share(self, facility: str) -> float:
        """Say which share of its people's admissions went to a facility."""
        return self.admitted.get(facility, 0.0) / max(sum(self.admitted.values()), 1e-12)


def seen_of(batch: Batch, seeds: Sequence[int], layout: str) -> dict[str, Seen]:
    """Read what was seen of each town, means over the seeds; nothing where runs kept no tables."""
    scenario, scale = batch.design.bases[layout], batch.design.said.scale
    tables = {name: tables_of(batch, seeds, layout, name) for name in KEPT}
    if not all(tables.values()):
        return {}
    runs = len(tables["flows"])
    year = 365 / scenario.period.days / scale / runs
    people, old, insured = ({row.town: 0.0 for row in scenario.tables.towns} for _ in range(3))
    for table in tables["residents"]:
        for row in table.select(["town", "age", "people"]).to_pylist():
            people[row["town"]] += row["people"]
            old[row["town"]] += row["people"] * (row["age"] == OLD)
    for table in tables["insured"]:
        for row in table.to_pylist():
            insured[row["town"]] += row["people"] / scale / runs
    admitted: dict[str, dict[str, float]] = {town: {} for town in people}
    for table in tables["flows"]:
        for row in table.select(["town", "facility", "kind", "count"]).to_pylist():
            if row["kind"] == "admission":
                some = admitted[row["town"]]
                some[row["facility"]] = some.get(row["facility"], 0.0) + row["count"] * year
    return {town: Seen(old[town] / max(people[town], 1.0), insured[town], admitted[town]) for town in people}


class Moving(NamedTuple):
    """What a change from the present layout to another touches. What it costs to make these work anew is not simulated."""

    towns: tuple[str, ...]
    """Those that get another lead, or one at all, or none."""
    people: int
    """Who live there."""
    insured: float
    """People whose group answers for them no more."""
    contracts: float | None
    """About as many of them have a contract with a family doctor whose group changes; None without such contracts."""
    doctors: int
    beds: int
    """Of the township centres that change their group."""
    ties: float
    """Admissions of their people a year at the lead they leave."""
    met: float
    """At the lead they come to."""

    def as_json(self) -> dict[str, object]:
        """Give it for a JSON object."""
        return {**self._asdict(), "towns": list(self.towns)}


def moving(batch: Batch, present: Named, other: Named, seen: Mapping[str, Seen], signed: float | None) -> Moving:
    """Say what a change of layout touches.

    signed : share of those living in the county who have a contract with a family doctor
    """
    scenario = next(iter(batch.design.bases.values()))
    one, two = ({town: lead for lead, towns in layout.groups.values() for town in towns} for layout in (present, other))
    rows = {row.town: row for row in scenario.tables.towns}
    towns = tuple(town for town in sorted(rows) if one.get(town) != two.get(town))
    centres = [row for row in scenario.tables.facilities if row.town in towns and row.tier == "township" and row.ownership == "public"]
    people = int(np.sum([rows[town].residents for town in towns]))
    admitted = [(seen[town].admitted, one.get(town, ""), two.get(town, "")) for town in towns if town in seen]
    return Moving(
        towns,
        people,
        sum(seen[town].insured for town in towns if town in seen),
        None if signed is None else people * signed,
        sum(row.doctors for row in centres),
        sum(row.beds for row in centres),
        sum(some.get(before, 0.0) for some, before, _ in admitted),
        sum(some.get(after, 0.0) for some, _, after in admitted),
    )
