"""One run: a scenario becomes a county that has lived its days, its measures, or a run folder.

Equal scenario, seed and scale give equal measures and tables, to the last byte; whatever runs one goes through here.
"""

import gc
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Literal, NamedTuple

import pyarrow as pa

from results.measuring.definitions import Value
from results.months import MONTHLY, Months
from results.outcomes import measures
from results.sample import SAMPLED, SHARE
from results.store.folder import RunFolder, default_folders
from results.store.origin import Asked, facts, hash_of_inputs
from results.store.plain import plain_measures
from results.store.run import CHECKLIST, REPORT, Run
from results.tables import BY_VILLAGE, KEEPABLE, TABLES
from sim.county import County, Day
from sim.language.messages import Fault
from sim.record.claims import Claims, sampled
from sim.scenario.scenario import Scenario
from sim.warming import warm

Told = Callable[[Day], object]
"""Called with every day that is lived."""
FEWEST = 100
"""People a run needs; fewer are no county."""
LARGE = 200_000
"""People from which on a county is cleared away at once: its parts know each other, and Python would let several stand in memory."""
Stage = Literal["compiling", "building", "living", "writing"]


class Written(NamedTuple):
    """A run that is done, and where it lies."""

    folder: Path
    run: Run


class Observed(NamedTuple):
    """What was seen of a county before it went."""

    measures: dict[str, Value]
    tables: dict[str, pa.Table]


def quiet(_: object) -> None:
    """Tell nobody."""


def too_few(scenario: Scenario, scale: float, place: str) -> Fault | None:
    """Say that next to nobody is left at a scale; None where enough people are."""
    registered = scenario.population.registered
    if registered * scale >= FEWEST:
        return None
    left = f"{registered * scale:,.1f}"
    return Fault("experiment.too_few", place, {"scale": f"{scale:g}", "left": left, "registered": f"{registered:,}", "least": FEWEST})


def live(county: County, told: Told = quiet) -> County:
    """Let a county live all days that are left, the run-in first; returns it."""
    for day in county.days():
        told(day)
    return county


def lived(scenario: Scenario, seed: int = 1, scale: float = 1.0, told: Told = quiet) -> County:
    """Give the county that has lived all its days.

    scale : share of the households simulated, 0 < scale <= 1
    """
    return live(County(scenario, seed=seed, scale=scale), told)


def measured(scenario: Scenario, seed: int = 1, scale: float = 1.0, wanted: Iterable[str] | None = None) -> dict[str, Value]:
    """Run a scenario and take its measures by name, as plain numbers.

    wanted : some measures only, in this order; what the county has no mechanism for is None
    """
    found = observed(scenario, seed, scale).measures
    return dict(found) if wanted is None else {name: found.get(name) for name in wanted}


def observed(scenario: Scenario, seed: int = 1, scale: float = 1.0, tables: Iterable[str] = (), told: Told = quiet) -> Observed:
    """Run a scenario and take its measures by name, as plain numbers, and some of its tables.

    tables : names out of `KEEPABLE`, `BY_VILLAGE`, `MONTHLY` and `SAMPLED`
    """
    wanted, months = tuple(tables), Months()
    county = County(scenario, seed=seed, scale=scale, by_village=bool(BY_VILLAGE.keys() & wanted))
    claims = Claims(county, sampled(county, SHARE)) if SAMPLED.keys() & wanted else None
    if claims is not None:
        county.watch = claims
    monthly = bool(MONTHLY.keys() & wanted)
    for day in county.days():
        told(day)
        if monthly:
            months.look(county)
    makers = {**KEEPABLE, **BY_VILLAGE, **{name: partial(table, months) for name, table in MONTHLY.items()}}
    makers |= {name: partial(table, claims) for name, table in SAMPLED.items()}
    found = Observed(plain_measures(measures(county)), {name: makers[name](county) for name in wanted})
    people = len(county.people.person)
    del county
    if people >= LARGE:
        gc.collect()
    return found


def written(
    scenario: Scenario,
    seed: int = 1,
    scale: float = 1.0,
    folder: Path | None = None,
    report: str | None = None,
    told: Told = quiet,
    begins: Callable[[Stage], object] = quiet,
    asked: tuple[str, Sequence[str]] | None = None,
) -> Written:
    """Run a scenario and leave a run folder, whole or not at all.

    folder : where; None: a new one of `results/runs`
    report : the language in which the report begins; None: no report is made
    begins : called with each part of the work before it is done
    asked  : name or path and settings of which the scenario was loaded, told in `run.json`; None: its name
    raises : UserError where the folder cannot be had, before anything is run
    """
    name, settings = asked or (scenario.name, ())
    inputs = hash_of_inputs(scenario.fingerprint(), seed, scale)
    with RunFolder([folder] if folder else default_folders(scenario.name, seed, inputs)) as staged:
        kept = scenario.portable()
        begins("compiling")
        warm(scenario)
        began = perf_counter()
        begins("building")
        county = County(scenario, seed=seed, scale=scale)
        begins("living")
        live(county, told)
        seconds = round(perf_counter() - began, 3)
        begins("writing")
        found = plain_measures(measures(county))
        origin = facts(Asked(name, tuple(settings), seed, scale), inputs, seconds, found)
        run = Run(scenario, found, origin, {table.__name__: table(county) for table in TABLES})
        run.write(staged, kept)
        from experiments.checklist.checklist import checklist  # a weight to whoever only measures
        from experiments.checklist.facts import of_run

        staged.write_text(CHECKLIST, checklist(of_run(scenario, seed, scale)))
        if report is not None:
            from results.report.page import page  # what draws it is a weight to whoever only measures

            staged.write_text(REPORT, page(run, report))
        return Written(staged.finish(), run)
