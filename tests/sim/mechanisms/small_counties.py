"""Small counties that have lived their days, with and without a mechanism."""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from experiments.comparing.intervals import estimate
from experiments.running import one
from results.measuring.definitions import Value
from results.outcomes import measures
from sim import County, load
from sim.scenario.scenario import Scenario

SCALE, SEED = 0.02, 1
LONG_AGO = "1999-01-01", "1999-12-31"
"""Rules that were in force only then are as good as left out."""


class Difference(NamedTuple):
    """A mean difference between two counties and its 95 % interval."""

    mean: float
    low: float
    high: float


def lived(scenario: str | Path | Scenario, settings: Sequence[str] = (), days: int = 30) -> County:
    """Let a small county live some days."""
    plan = scenario if isinstance(scenario, Scenario) else load(scenario, [f"period.days={days}", *settings])
    return one.lived(plan, SEED, SCALE)


def without(name: str) -> tuple[str, str]:
    """Leave a mechanism out of a scenario that has it, by two settings."""
    first, last = LONG_AGO
    return f"mechanisms.{name}.from={first}", f"mechanisms.{name}.until={last}"


def shared(one: County, other: County, *but: str) -> tuple[dict[str, Value], dict[str, Value]]:
    """Give the measures both counties have, but those whose names begin with `but`."""
    first, second = measures(one), measures(other)
    names = [name for name in first if name in second and not name.startswith(but or ("-",))]
    return {name: first[name] for name in names}, {name: second[name] for name in names}


def paired(measure: str, scenario: str | Path, settings: Sequence[str], days: int = 30, seeds: Sequence[int] = (1, 2, 3, 4)) -> Difference:
    """Say by how much settings move a measure, everyone with the same luck: the mean of the differences and its 95 % interval.

    Common luck cancels most of the chance between two counties, so a few seeds show what an unpaired test would miss.
    """
    usual, other = (load(scenario, [f"period.days={days}", *more]) for more in ((), settings))
    pairs = [tuple(one.measured(plan, seed, SCALE, [measure])[measure] for plan in (usual, other)) for seed in seeds]
    found = estimate([after - before for before, after in pairs if before is not None and after is not None])
    assert found.mean is not None and found.low is not None and found.high is not None, f"{measure} is not measured"
    return Difference(found.mean, found.low, found.high)
