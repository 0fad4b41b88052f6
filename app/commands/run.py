"""`tiercare run`: simulate one scenario, print its measures beside its goals, and write the run folder."""

import argparse
import gc
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, NamedTuple

from app.commands.command import Command
from app.parser import Parser, only, part, whole
from sim.language.messages import refuse, say

if TYPE_CHECKING:
    import pyarrow as pa

    from app.screen.progress import Watcher
    from results.store.folder import RunFolder
    from sim.county import County
    from sim.scenario.scenario import Scenario


FEWEST = 100
"""People a run needs; fewer are no county."""


class Asked(NamedTuple):
    """What the command line asks for."""

    scenario: str
    settings: tuple[str, ...]
    seed: int
    scale: float
    out: Path | None


class Finished(NamedTuple):
    """A run that is done: its world, how long it took (people, run-in, measured days) and its measures."""

    county: "County"
    wall_seconds: float
    measures: dict[str, Any]


def options(parser: Parser) -> None:
    """Add what `run` takes."""
    parser.takes("scenario", "SCENARIO", say("cli.run.scenario", parser.lang))
    parser.option("--days", "N", say("cli.run.days", parser.lang))
    parser.option("--seed", "N", say("cli.run.seed", parser.lang))
    parser.option("--scale", "F", say("cli.run.scale", parser.lang))
    parser.repeated("--set", "a.b.c=VALUE", say("cli.run.set", parser.lang))
    parser.option("--out", "DIR", say("cli.run.out", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Run the scenario; returns 0."""
    asked = read(given)
    with nothing_collected():
        from app.screen.progress import watcher
        from results.measuring.definitions import names
        from results.store.folder import RunFolder, default_folders
        from results.store.origin import hash_of_inputs
        from sim.loading import load

        scenario = load(asked.scenario, asked.settings, names())
    enough(scenario.population.registered, asked.scale)
    inputs = hash_of_inputs(scenario.fingerprint(), asked.seed, asked.scale)
    places = [asked.out] if asked.out else default_folders(scenario.name, asked.seed, inputs)
    with RunFolder(places) as folder:
        with watcher(lang) as shown:
            finished = simulate(scenario, asked, shown, lang)
            facts = origin(finished, asked, inputs)
            write(folder, scenario, finished, facts, lang)
        place = folder.finish()
    if given.json:
        print_json(finished.measures, facts, place)
    else:
        print_page(scenario, finished, asked, place, lang)
    return 0


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Put garbage collection off while modules and kernels load: that makes many objects and no garbage, and saves a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def read(given: argparse.Namespace) -> Asked:
    """Check what was given; raises UserError for a value that cannot be."""
    name = only(given.scenario, "SCENARIO", "tiercare run")
    settings = tuple(given.set)
    if given.days is not None:
        settings += (f"period.days={whole(given.days, '--days', 1, 365)}",)
    out = Path(given.out).expanduser() if given.out is not None else None
    return Asked(name, settings, whole(given.seed, "--seed", 0, 1), part(given.scale, "--scale"), out)


def enough(registered: int, scale: float) -> None:
    """Refuse a scale at which next to nobody is left; raises UserError."""
    if registered * scale < FEWEST:
        values = {"scale": f"{scale:g}", "left": f"{registered * scale:,.1f}", "registered": f"{registered:,}", "least": FEWEST}
        raise refuse("run.too_few", "--scale", **values)


def simulate(scenario: "Scenario", asked: Asked, shown: "Watcher", lang: str) -> Finished:
    """Build the people, go through every day, and take the measures."""
    with nothing_collected():
        from results.outcomes import measures
        from results.store.folder import plain_measures
        from sim.county import County
        from sim.warming import warm

        shown.phase(say("run.compiling", lang), 1)
        warm(scenario)
    shown.phase(say("run.building", lang), 1)
    began = perf_counter()
    county = County(scenario, seed=asked.seed, scale=asked.scale)
    go_through(county, scenario.period.run_in_days, scenario.period.days, shown, lang)
    wall_seconds = perf_counter() - began
    shown.phase(say("run.writing", lang), 1)
    return Finished(county, round(wall_seconds, 3), plain_measures(measures(county)))


def go_through(county: "County", run_in: int, days: int, shown: "Watcher", lang: str) -> None:
    """Live every day and say how far it is; days of the run-in carry negative numbers."""
    measured = False
    shown.phase(say("run.run_in", lang), max(run_in, 1))
    for day in county.days():
        if day.number >= 0 and not measured:
            measured = True
            shown.phase(say("run.year", lang), days)
        shown.at(day.number + 1 if measured else day.number + run_in + 1)


def origin(finished: Finished, asked: Asked, inputs: str) -> dict[str, Any]:
    """Collect what `run.json` tells of a run."""
    from results.store.origin import commit, peak_memory_mb, versions

    counts = {name: finished.measures.get(name) for name in ("residents", "visits", "admissions")}
    return {
        "scenario": asked.scenario,
        "settings": list(asked.settings),
        "seed": asked.seed,
        "scale": asked.scale,
        "versions": versions(),
        "commit": commit(),
        "inputs": inputs,
        "wall_seconds": finished.wall_seconds,
        "peak_memory_mb": peak_memory_mb(),
        **counts,
    }


def write(folder: "RunFolder", scenario: "Scenario", finished: Finished, facts: Mapping[str, Any], lang: str) -> None:
    """Write the files of the run folder: what happened, and the report made from it."""
    from results.report.page import page
    from results.store.run import FACTS, MEASURES, REPORT, SCENARIO, Run

    made = tables(finished.county)
    folder.write_text(SCENARIO, scenario.resolved())
    folder.write_json(MEASURES, finished.measures)
    folder.write_json(FACTS, facts)
    for name, table in made.items():
        folder.write_table(f"{name}.parquet", table)
    folder.write_text(REPORT, page(Run(scenario, finished.measures, facts, made), lang))


def tables(county: "County") -> dict[str, "pa.Table"]:
    """Make the tables of a run: name -> table."""
    from results.outcomes import TABLES

    return {table.__name__: table(county) for table in TABLES}


def print_json(measures: Mapping[str, Any], facts: Mapping[str, Any], place: Path) -> None:
    """Print the measures flat and what the run took, as one JSON object."""
    from results.store.folder import as_json
    from results.store.run import REPORT

    run = {name: facts[name] for name in ("wall_seconds", "peak_memory_mb", "seed", "versions")}
    sys.stdout.write(as_json({**measures, "run": {**run, "folder": str(place), "report": str(place / REPORT)}}))


def print_page(scenario: "Scenario", finished: Finished, asked: Asked, place: Path, lang: str) -> None:
    """Print the measures beside the goals, what to bear in mind, and where the run folder is."""
    from app.screen.screen import Goal, console, measures_table
    from results.measuring.definitions import FULL_YEAR
    from results.store.run import REPORT

    goals = {name: Goal(target.goal, target.tolerance) for name, target in scenario.targets.items()}
    days = scenario.period.days
    page = console()
    page.print(say("run.heading", lang, title=scenario.title.say(lang), name=scenario.name, days=days, seed=asked.seed), style="bold")
    page.print(measures_table(finished.measures, goals, days, lang))
    if days < FULL_YEAR:
        page.print(say("report.not_a_year", lang, days=days))
    if asked.scale < 1:
        page.print(say("report.scaled", lang, scale=asked.scale))
    seconds, visits = finished.wall_seconds, finished.measures.get("visits") or 0
    page.print(say("run.took", lang, seconds=f"{seconds:.1f}", rate=f"{visits / max(seconds, 1e-9) / 1e6:.2f}"))
    page.print(say("run.folder", lang, folder=place), soft_wrap=True)
    page.print(say("run.report", lang, file=place / REPORT), soft_wrap=True)


COMMAND = Command("run", "cli.run", "cli.run.examples", options, act)
