"""Who goes elsewhere: what changes between two scenarios in the flows from towns to places of care, with how far luck reaches."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pyarrow as pa

from experiments.comparing.compare import Difference, difference
from experiments.comparing.kept import tables_of
from experiments.running.batch import Batch
from sim.kinds import KINDS
from sim.scenario.scenario import Scenario

TABLE = "flows"
FLOWS = ("admission", "visit")
ELSEWHERE = "elsewhere"
"""Whatever treats those who live elsewhere, where they live."""


class Change(NamedTuple):
    """What changes on the way from one town to one kind of place."""

    town: str
    to: str
    """A tier, or ELSEWHERE."""
    difference: Difference
    """People a year, all of them."""


def changes(batch: Batch, seeds: Sequence[int], first: str, other: str, paired: bool) -> Mapping[str, list[Change]]:
    """Compare where people of each town go, for each kind of flow; empty where a run kept no flows, or the places differ."""
    one, two = (batch.design.bases[name] for name in (first, other))
    tables = {name: tables_of(batch, seeds, name, TABLE) for name in (first, other)}
    if not all(tables.values()) or {row.town for row in one.tables.towns} != {row.town for row in two.tables.towns}:
        return {}
    found: dict[str, list[Change]] = {}
    for kind in FLOWS:
        counted = [[_counted(table, kind, base, batch.design.said.scale) for table in tables[base.name]] for base in (one, two)]
        keys = dict.fromkeys(key for some in counted for each in some for key in each)
        found[kind] = [
            Change(town, to, difference(*([each.get((town, to), 0.0) for each in some] for some in counted), paired=paired))
            for town, to in keys
        ]
    return found


def _counted(table: pa.Table, kind: str, base: Scenario, scale: float) -> dict[tuple[str, str], float]:
    """Count who went where in one run, as people of the whole county in a year: (town, to) -> how many."""
    tier = {row.facility: ELSEWHERE if KINDS[row.kind].offered == ELSEWHERE else row.tier for row in base.tables.facilities}
    year = 365 / base.period.days / scale
    found: dict[tuple[str, str], float] = {}
    columns = (table.column(name).to_pylist() for name in ("town", "facility", "kind", "count"))
    for town, facility, flow, count in zip(*columns, strict=True):
        if flow == kind:
            key = (town, tier[facility])
            found[key] = found.get(key, 0.0) + count * year
    return found
