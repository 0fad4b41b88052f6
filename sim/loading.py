"""Load a scenario with the mechanisms this model knows."""

from collections.abc import Collection, Sequence
from pathlib import Path

from sim.mechanisms import RULES
from sim.scenario import Scenario, read


def load(scenario: str | Path, settings: Sequence[str] = (), measures: Collection[str] | None = None) -> Scenario:
    """Read a scenario by name or path, with settings 'a.b.c=VALUE' laid over it; raises UserError with all faults."""
    return read(scenario, settings, RULES, measures)
