"""A county of no people that stands in for the model, so that the front door can be tested without a simulation."""

import datetime
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple

import pyarrow as pa

from results.tables import TABLES
from sim.language.messages import refuse

MEASURES = {"in_county_admission_share_insured": 0.884, "visits": 5_000_000, "residents": 888_238, "mean_bed_wait_days": None}
PAUSE = 0.0
"""Seconds a day takes."""


class Day(NamedTuple):
    """One day: negative in the run-in."""

    number: int
    count: int


class County:
    """Passes the days and does nothing."""

    def __init__(self, scenario: Any, seed: int = 1, scale: float = 1.0) -> None:
        self.scenario = scenario

    def warm(self) -> None:
        """Compile nothing."""

    def days(self) -> Iterator[Day]:
        """Pass the run-in and the measured days."""
        period = self.scenario.period
        for number in range(-period.run_in_days, period.days):
            time.sleep(PAUSE)
            yield Day(number, period.run_in_days + period.days)


def load(scenario: str, settings: Sequence[str] = (), measures: Sequence[str] = ()) -> Any:
    """Make a scenario that knows its days and one goal; a name that begins with `bad` has two faults."""
    if scenario.startswith("bad"):
        raise refuse("cli.unwanted", f"{scenario}:3: here", word="teapot")
    days = int(next((text.split("=")[1] for text in settings if text.startswith("period.days=")), 365))
    return SimpleNamespace(
        name=scenario,
        title=SimpleNamespace(say=lambda lang: {"en": "A county", "zh": "某县"}[lang]),
        period=SimpleNamespace(start=datetime.date(2020, 1, 1), days=days, run_in_days=4),
        population=SimpleNamespace(registered=1_200_305, residents=888_238),
        mechanisms={},
        fitted_here=True,
        places=SimpleNamespace(roads=None),
        tables=None,
        targets={"in_county_admission_share_insured": SimpleNamespace(goal=0.9, tolerance=0.025)},
        fingerprint=lambda: "0123456789abcdef",
        resolved=lambda: f"name: {scenario}\n",
        portable=lambda: SimpleNamespace(text=f"name: {scenario}\n", files={}),
    )


def table_of(name: str) -> Callable[[County], pa.Table]:
    """Make the function that makes a table of one row."""

    def table(county: County) -> pa.Table:
        return pa.table({"day": [1]})

    table.__name__ = name
    return table


ONE_RUN: dict[str, Any] = {
    "County": County,
    "warm": lambda scenario: None,
    "measures": lambda county: dict(MEASURES),
    "TABLES": tuple(table_of(table.__name__) for table in TABLES),
}
"""What a run is made of."""


def modules() -> dict[str, ModuleType]:
    """Make the modules that stand in for the model."""
    made = {
        name: ModuleType(name)
        for name in (
            "sim.loading",
            "sim.county",
            "sim.place.grid",
            "sim.scenario.notes",
            "sim.warming",
            "results.outcomes",
            "results.report.page",
            "experiments.checklist.checklist",
        )
    }
    made["sim.loading"].load = load  # type: ignore[attr-defined]
    made["sim.place.grid"].grid_of = lambda roads, tables: None  # type: ignore[attr-defined]
    made["sim.scenario.notes"].notes = lambda scenario: ()  # type: ignore[attr-defined]
    made["sim.county"].County, made["sim.county"].Day = County, Day  # type: ignore[attr-defined]
    made["sim.warming"].warm = ONE_RUN["warm"]  # type: ignore[attr-defined]
    made["results.outcomes"].TABLES, made["results.outcomes"].measures = ONE_RUN["TABLES"], ONE_RUN["measures"]  # type: ignore[attr-defined]
    made["results.report.page"].page = lambda run, lang: f"<html lang={lang}>"  # type: ignore[attr-defined]
    made["experiments.checklist.checklist"].checklist = lambda facts: f"# {facts.title}\n"  # type: ignore[attr-defined]
    return made


def main(pause: float, words: list[str]) -> int:
    """Run one command line of `tiercare` on the stand-in, in a process of its own."""
    from app.cli import main as tiercare

    globals()["PAUSE"] = pause
    sys.modules.update(modules())
    return tiercare(words)


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
