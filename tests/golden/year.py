"""The golden year: one small full year of Lujiang, kept as numbers, so that nobody moves a result without seeing it."""

import json
import platform
from pathlib import Path
from typing import Any

from experiments.running.one import measured
from results.store.origin import versions
from results.store.plain import as_json
from sim import load

SCENARIO, SEED, SCALE = "lujiang-2020", 1, 0.05
FILE = Path(__file__).with_name(f"{SCENARIO}.json")


def live() -> dict[str, Any]:
    """Live the year; returns what the golden file holds."""
    found = {name: value for name, value in measured(load(SCENARIO), SEED, SCALE).items() if "__" not in name}
    return {"scenario": SCENARIO, "seed": SEED, "scale": SCALE, "made_with": made_with(), "measures": found}


def made_with() -> dict[str, str | None]:
    """Name what the last bits of a result may depend on: the processor, and Python and the packages that compute."""
    return {"machine": platform.machine(), **{name: version for name, version in versions().items() if name != "tiercare"}}


def kept() -> dict[str, Any]:
    """Read the golden file; empty before it is first written."""
    return dict(json.loads(FILE.read_text(encoding="utf-8"))) if FILE.exists() else {"measures": {}}


def keep(year: dict[str, Any]) -> None:
    """Write the golden file."""
    FILE.write_text(as_json(year), encoding="utf-8")
