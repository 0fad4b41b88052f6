"""A small run with every table pictures may be drawn from."""

from functools import cache
from typing import Any

import pyarrow as pa

from experiments.running.one import lived
from results.outcomes import TABLES, measures
from results.store.run import Run
from sim import load

DAYS = 100
"""Long enough to be told by months."""
TOWNS, AGES = ("baihu", "lucheng", "tangchi"), ("0-4", "5-14", "15-44", "45-64", "65+")


@cache
def small_run(days: int = DAYS, scenario: str = "lujiang-2020") -> Run:
    """Let a small county live some days, and keep what its run folder would hold."""
    county = lived(load(scenario, [f"period.days={days}"]), scale=0.02)
    tables = {table.__name__: table(county) for table in TABLES} | {"residents": residents()}
    return Run(county.whole, measures(county), {"scale": 0.02, "seed": 1}, tables)


def without(run: Run, *names: str) -> Run:
    """Give the run without some tables."""
    return Run(run.scenario, run.measures, run.facts, {name: table for name, table in run.tables.items() if name not in names})


def residents() -> pa.Table:
    """Make up people of three towns, so that each has another share of forgone care."""
    rows = []
    for i, town in enumerate(TOWNS):
        for j, age in enumerate(AGES):
            for poor in (False, True):
                needs = 100 + 10 * j
                made: dict[str, Any] = {
                    "town": town,
                    "age": age,
                    "poor": poor,
                    "people": 50,
                    "visit_needs": needs,
                    "visits_forgone": 5 + 5 * i + 3 * poor,
                }
                made |= {"stay_needs": 10, "stays_forgone": 2, "visits": needs, "admissions": 8, "visits_in_county": needs - 5}
                rows.append(made | {"minutes_waited": 2.0 * needs, "bills_yuan": 9000.0, "paid_by_patient_yuan": 4000.0 + 100 * j})
    return pa.Table.from_pylist(rows)
