"""What a run folder holds: the scenario, measures, facts and tables of one run, each in its file, and the report made from them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from results.measuring.definitions import Value
from results.measuring.dictionary import dictionary
from results.store.folder import RunFolder
from results.tables import TABLES
from sim.scenario.scenario import Portable, Scenario

SCENARIO, MEASURES, FACTS, REPORT = "scenario.yaml", "measures.json", "run.json", "report.html"
DICTIONARY = "dictionary.csv"
"""What the columns of the tables mean."""
CHECKLIST = "stress_abs.md"
"""The STRESS-ABS checklist, filled in for the run."""


def table_file(name: str) -> str:
    """Name the file of a table."""
    return f"{name}.parquet"


TABLE_FILES: Mapping[str, str] = {table.__name__: table_file(table.__name__) for table in TABLES}
"""Table -> its file."""
FILES = (SCENARIO, MEASURES, FACTS, *TABLE_FILES.values(), DICTIONARY, REPORT, CHECKLIST)
"""All that a run leaves."""


@dataclass(frozen=True)
class Run:
    """One run that is done."""

    scenario: Scenario
    measures: Mapping[str, Value]
    facts: Mapping[str, Any]
    """What `run.json` holds: scenario as it was asked for, settings, seed, scale, versions, commit, hash of the inputs, time taken."""
    tables: Mapping[str, pa.Table]
    """Those of `TABLES` there are."""

    def write(self, folder: RunFolder, scenario: Portable | None = None) -> None:
        """Write all but the report and the checklist.

        scenario : as it was when the run began, its own tables among it; None: as it is now
        """
        kept = scenario or self.scenario.portable()
        folder.write_text(SCENARIO, kept.text)
        for name, content in kept.files.items():
            folder.write_bytes(name, content)
        folder.write_json(MEASURES, self.measures)
        folder.write_json(FACTS, self.facts)
        for name, table in self.tables.items():
            folder.write_table(table_file(name), table)
        folder.write_text(DICTIONARY, dictionary())


def read(folder: Path) -> Run:
    """Read a run back from its folder, so that its report can be made again; raises UserError where the scenario cannot be read."""
    from sim.loading import load  # whoever has a run at hand needs no mechanisms

    held = {name: folder / file for name, file in TABLE_FILES.items()}
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
