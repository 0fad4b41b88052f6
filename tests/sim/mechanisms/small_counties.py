"""Small counties that have lived their days, with and without a mechanism."""

from collections.abc import Sequence
from pathlib import Path

from results.outcomes import measures
from results.table import Value
from sim import County, load
from sim.scenario import Scenario

SCALE, SEED = 0.02, 1
NEVER = "1999-12-31"
"""A day before every run: rules that end by then are as good as left out."""


def lived(scenario: str | Path | Scenario, settings: Sequence[str] = (), days: int = 30) -> County:
    """Let a small county live some days."""
    plan = scenario if isinstance(scenario, Scenario) else load(scenario, [f"period.days={days}", *settings])
    county = County(plan, seed=SEED, scale=SCALE)
    for _ in county.days():
        pass
    return county


def without(name: str) -> str:
    """Leave a mechanism out of a scenario that has it."""
    return f"mechanisms.{name}.until={NEVER}"


def shared(one: County, other: County, *but: str) -> tuple[dict[str, Value], dict[str, Value]]:
    """Give the measures both counties have, but those whose names begin with `but`."""
    first, second = measures(one), measures(other)
    names = [name for name in first if name in second and not name.startswith(but or ("-",))]
    return {name: first[name] for name in names}, {name: second[name] for name in names}
