"""What was studied, as the checklist tells of it: which scenarios, what was varied, how often it was run and what came to an end."""

from collections.abc import Mapping
from typing import NamedTuple

from results.store.run import SCENARIO
from sim.scenario.scenario import Scenario


class Days(NamedTuple):
    """How long a run is."""

    run_in: int
    measured: int


class Varied(NamedTuple):
    """A number, or several under one name, that was varied."""

    name: str
    label: str
    """What it is called."""
    kind: str
    """lever, uncertainty or posterior; set, where a lever has one value."""
    values: str
    """Its levels, or its range, as the experiment writes them."""
    source: str
    """Key of what they rest on."""


class Assigned(NamedTuple):
    """What one level of a lever, or an uncertain number, sets."""

    lever: str
    """Its name."""
    level: str
    path: str
    value: str
    """As the experiment writes it."""
    here: tuple[str, ...]
    """In each scenario: what stands there, and what it becomes."""


class Layout(NamedTuple):
    """How an experiment is laid out."""

    design: str
    """grid, sobol, latin_hypercube or points."""
    points: int
    draws: int
    varied: tuple[Varied, ...]
    assigned: tuple[Assigned, ...]
    later: tuple[tuple[str, str, str], ...] = ()
    """Scenario, path and date, where a scenario sets a lever's number again."""
    elsewhere: tuple[str, ...] = ()
    """Paths that are set and make other people or places of it."""


class Facts(NamedTuple):
    """All the checklist tells of a study."""

    command: str
    """run, batch or compare."""
    again: str
    """The command that does the same runs again, in the folder."""
    name: str
    title: str
    scenarios: tuple[Scenario, ...]
    files: Mapping[str, str | None]
    """Scenario -> its file in the folder; None: it comes with the model."""
    days: tuple[Days, ...]
    """Every length of run there is."""
    seeds: tuple[int, ...]
    scale: float
    outcomes: tuple[str, ...]
    """Measures that are told of."""
    intervals: str
    """How intervals are made."""
    runs: int
    failed: Mapping[str, int]
    """Scenario -> runs that failed, where any did."""
    seconds: float | None = None
    """What the runs took of a core; None where another file of the folder tells it."""
    layout: Layout | None = None


SINGLE = "A single run has no interval."


def of_run(scenario: Scenario, seed: int, scale: float) -> Facts:
    """Tell of one run."""
    return Facts(
        "run",
        f"tiercare run {SCENARIO} --seed {seed} --scale {scale:.12g}",
        scenario.name,
        scenario.title.say("en"),
        (scenario,),
        {scenario.name: SCENARIO},
        (Days(scenario.period.run_in_days, scenario.period.days),),
        (seed,),
        scale,
        tuple(scenario.targets),
        SINGLE,
        1,
        {},
    )
