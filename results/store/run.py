"""What a report is made from: the scenario, the measures, the facts and the tables of one run, as they stand in its folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from results.measuring.definitions import Value
from results.tables import TABLES
from sim.scenario.scenario import Scenario

SCENARIO, MEASURES, FACTS, REPORT = "scenario.yaml", "measures.json", "run.json", "report.html"


@dataclass(frozen=True)
class Run:
    """One run that is done."""

    scenario: Scenario
    measures: Mapping[str, Value]
    facts: Mapping[str, Any]
    """What `run.json` holds: scenario as it was asked for, settings, seed, scale, versions, commit, hash of the inputs, time taken."""
    tables: Mapping[str, pa.Table]
    """Those of `TABLES` there are."""


def read(folder: Path) -> Run:
    """Read a run back from its folder, so that its report can be made again; raises UserError where the scenario cannot be read."""
    from sim.loading import load  # whoever has a run at hand needs no mechanisms

    held = {table.__name__: folder / f"{table.__name__}.parquet" for table in TABLES}
    return Run(
        load(folder / SCENARIO),
        _json(folder / MEASURES),
        _json(folder / FACTS),
        {name: pq.read_table(path) for name, path in held.items() if path.exists()},
    )


def _json(path: Path) -> dict[str, Any]:
    """Read one file of JSON."""
    content: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return content
