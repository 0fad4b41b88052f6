"""Load a scenario with the mechanisms this model knows."""

from collections.abc import Collection, Sequence
from pathlib import Path

from sim.scenario import scenario as scenarios  # before the mechanisms: pydantic reads docstrings fast while few modules are loaded

# isort: split
from sim.mechanisms import RULES


def load(scenario: str | Path, settings: Sequence[str] = (), measures: Collection[str] | None = None) -> scenarios.Scenario:
    """Read a scenario by name or path, with settings 'a.b.c=VALUE' laid over it; raises UserError with all faults."""
    return scenarios.read(scenario, settings, RULES, measures)
