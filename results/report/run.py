"""Know a run by what its folder holds: the report is made from this and nothing else, so it can be made again from any folder."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from sim.loading import load
from sim.scenario import Scenario


@dataclass(frozen=True)
class Run:
    """What one run was and found."""

    scenario: Scenario
    measures: Mapping[str, float | int | None]
    """The content of measures.json."""
    facts: Mapping[str, Any]
    """The content of run.json."""
    tables: Mapping[str, pa.Table]
    """By name: daily, facilities, flows, books, referrals, residents."""


def read(folder: Path) -> Run:
    """Read a run folder."""
    content = {name: json.loads((folder / f"{name}.json").read_text(encoding="utf-8")) for name in ("measures", "run")}
    tables = {path.stem: pq.read_table(path) for path in sorted(folder.glob("*.parquet"))}
    return Run(load(str(folder / "scenario.yaml")), content["measures"], content["run"], tables)
