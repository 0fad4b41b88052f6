"""Who gains and who loses: what differs between two scenarios for people by town, way, age, illness and income, with intervals."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from experiments.comparing.compare import Difference, difference, standing_out
from experiments.comparing.kept import tables_of
from experiments.running.batch import Batch
from sim.people.equity import WAYS

TABLE = "residents"
"""The table in which people are counted by group."""
GROUPS = ("town", "minutes_to_county_hospital", "age", "long_term_ill", "poor")
"""Columns of the table by which people are told apart."""


class Matter(NamedTuple):
    """What is looked at: a quotient of two columns of the table."""

    key: str
    over: str
    under: str
    factor: float
    """1 for a share; of amounts the number by which a sum over the run becomes one of a year."""
    good: str


class Group(NamedTuple):
    """What differs for one group of people in one matter."""

    by: str
    group: str
    people: int
    matter: str
    one: float | None
    two: float | None
    """Mean over the seeds in the first scenario, and in the other."""
    difference: Difference


def matters(days: int) -> tuple[Matter, ...]:
    """List what is looked at in a run of so many days."""
    return (
        Matter("visits_forgone", "visits_forgone", "visit_needs", 1.0, "down"),
        Matter("stays_forgone", "stays_forgone", "stay_needs", 1.0, "down"),
        Matter("wait", "minutes_waited", "visits_in_county", 1.0, "down"),
        Matter("paid", "paid_by_patient_yuan", "people", 365.0 / days, "down"),
    )


def by_group(
    batch: Batch, seeds: Sequence[int], first: str, other: str, paired: bool, table: str = TABLE, groups: Sequence[str] = GROUPS
) -> list[Group]:
    """Compare group by group what people of two scenarios forwent, waited and paid; what stands out of luck is marked, allowance made for
    all groups and matters together.

    paired : whether both share their luck
    table  : in which people are counted
    groups : columns of it by which they are told apart
    """
    tables = {name: tables_of(batch, seeds, name, table) for name in (first, other)}
    if not all(tables.values()):
        return []
    days = batch.design.bases[first].period.days
    rows = [row for by in groups for row in _by(by, tables[first], tables[other], matters(days), paired)]
    clear = standing_out({row: one.difference.chance for row, one in enumerate(rows)})
    return [one._replace(difference=one.difference._replace(clear=row in clear)) for row, one in enumerate(rows)]


def _by(by: str, first: list[pa.Table], other: list[pa.Table], looked_at: Sequence[Matter], paired: bool) -> Iterator[Group]:
    """Compare the groups of one kind."""
    one, two = ([_sums(table, by, looked_at) for table in some] for some in (first, other))
    for name in sorted(one[0], key=WAYS.index) if by == "minutes_to_county_hospital" else one[0]:
        if not all(name in sums for sums in (*one, *two)):
            continue
        people = int(np.mean([sums[name]["people"] for sums in one]))
        for matter in looked_at:
            values = [[_quotient(sums[name], matter) for sums in some] for some in (one, two)]
            known = all(value is not None for some in values for value in some)
            means = [float(np.mean([value or 0.0 for value in some])) if known else None for some in values]
            yield Group(by, name, people, matter.key, means[0], means[1], difference(values[0], values[1], matter.good, paired))


def _sums(table: pa.Table, by: str, looked_at: Sequence[Matter]) -> Mapping[str, Mapping[str, float]]:
    """Add up the columns that matter, group by group."""
    columns = sorted({column for matter in looked_at for column in (matter.over, matter.under)} | {"people"})
    keyed = table.set_column(table.column_names.index(by), by, pc.cast(table.column(by), pa.string()))
    found = keyed.group_by(by, use_threads=False).aggregate([(column, "sum") for column in columns]).to_pylist()
    return {row[by]: {column: float(row[f"{column}_sum"]) for column in columns} for row in found}


def _quotient(sums: Mapping[str, float], matter: Matter) -> float | None:
    """Give what matters of a group; nothing where there is nothing to divide by."""
    return sums[matter.over] * matter.factor / sums[matter.under] if sums[matter.under] else None
