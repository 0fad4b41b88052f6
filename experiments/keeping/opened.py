"""Look into the folder of an experiment: its runs and kept tables as data frames, and questions to them in SQL (DuckDB)."""

import csv
import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.keeping.folder import CODEBOOK, DICTIONARY, MADE, RUNS
from sim.language.messages import nearest, refuse

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

FIRST, LAST = ("run", "scenario", "seed"), ("status", "error", "seconds", "made_by")
"""Columns that every table of runs has, before and after those of levers and measures."""


class Opened:
    """The folder of an experiment that was run.

    >>> kept = experiments.open("gaps-contracts-posting")
    >>> kept.runs().groupby("gap").in_county_admission_share_insured.mean()
    """

    def __init__(self, folder: Path) -> None:
        """Open a folder; raises UserError where its table of runs cannot be read."""
        self.folder = folder
        self.schema = self._schema(folder / RUNS)

    @property
    def origin(self) -> Mapping[str, Any]:
        """What the footer tells: experiment, scale, versions, fingerprint of the model."""
        found: dict[str, Any] = json.loads((self.schema.metadata or {}).get(MADE, b"{}"))
        return found

    @property
    def name(self) -> str:
        """The name of the experiment."""
        return str(self.origin.get("experiment", self.folder.name))

    @cached_property
    def dictionary(self) -> list[dict[str, str]]:
        """What the columns mean, a row a column."""
        return _rows_of(self.folder / DICTIONARY)

    @cached_property
    def codebook(self) -> list[dict[str, str]]:
        """What the words in coded columns of kept tables mean, a row a word."""
        return _rows_of(self.folder / CODEBOOK) if (self.folder / CODEBOOK).exists() else []

    @property
    def measures(self) -> tuple[str, ...]:
        """The measures there are, without what they are quotients of."""
        known = {row["column"] for row in self.dictionary if row["table"] == "runs"}
        return tuple(name for name in self.schema.names if name in known and name not in (*FIRST, *self.levers, *LAST) and "__" not in name)

    @property
    def levers(self) -> tuple[str, ...]:
        """The columns of levers and uncertainties."""
        names = self.schema.names
        first = next((at for at, name in enumerate(names) if at >= len(FIRST) and not self._is_lever(name)), len(names))
        return tuple(names[len(FIRST) : first])

    def _is_lever(self, name: str) -> bool:
        """Say whether a column is one of a lever: what no measure and no closing column is called."""
        from results.measuring.definitions import definitions

        return name not in LAST and name.split("__")[0] not in definitions()

    @property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes the experiment tells of."""
        return tuple(name for name in self.origin.get("outcomes", ()) if name in self.schema.names)

    @property
    def shown(self) -> tuple[str, ...]:
        """The columns worth a look: run, scenario, seed, levers, and the outcomes the experiment tells of."""
        return (*FIRST, *self.levers, *self.outcomes)

    def labels(self, lang: str) -> Mapping[str, str]:
        """Call the columns of the table of runs: column -> label."""
        return {row["column"]: row[f"label_{lang}"] for row in self.dictionary if row["table"] == "runs"}

    @property
    def tables(self) -> tuple[str, ...]:
        """The tables there are beside `runs`."""
        return tuple(sorted(path.stem for path in self.folder.glob("*.parquet") if path.name != RUNS))

    def runs(self, where: str | None = None) -> "pd.DataFrame":
        """Give the table of runs, or those for which a condition in SQL holds."""
        return self.arrow("runs", where).to_pandas()

    def table(self, name: str, where: str | None = None) -> "pd.DataFrame":
        """Give a kept table of all runs, or of those for which a condition on the table of runs holds."""
        return self.arrow(name, where).to_pandas()

    def arrow(self, name: str, where: str | None = None) -> pa.Table:
        """Give a table; raises UserError where there is none, or the condition is none."""
        if name != "runs" and name not in self.tables:
            known = ("runs", *self.tables)
            raise refuse("value.not_one_of", "--table", value=name, wanted=", ".join(known), near=nearest(name, known))
        if where is None:
            self._schema(self.folder / f"{name}.parquet")
            return pq.read_table(self.folder / f"{name}.parquet")
        chosen = "select * from runs" if name == "runs" else f'select t.* from "{name}" t semi join chosen using (run)'
        with_short = f"with chosen as (select * from (select *{self._short()} from runs) where {where}) "
        if name == "runs":
            chosen = f"select {', '.join(_quoted(column) for column in self.schema.names)} from chosen"
        return self.sql(with_short + chosen, where)

    def sql(self, question: str, told: str | None = None) -> pa.Table:
        """Ask in SQL: `runs` and every kept table can be named; raises UserError where DuckDB refuses the question.

        told : what to quote of it in a message; None: all
        """
        database, connection = self._database()
        try:
            return connection.sql(question).to_arrow_table()
        except database.Error as error:
            raise refuse("runs.no_sql", "--where", value=told or question, reason=str(error).splitlines()[0]) from None

    def _database(self) -> tuple[Any, "duckdb.DuckDBPyConnection"]:
        """Open a database in memory with a view a table."""
        try:
            import duckdb
        except ImportError:
            raise refuse("runs.no_duckdb", "") from None
        connection = duckdb.connect()
        for name in ("runs", *self.tables):
            file = str(self.folder / f"{name}.parquet").replace("'", "''")
            connection.execute(f"create view {_quoted(name)} as select * from read_parquet('{file}')")
        return duckdb, connection

    def _short(self) -> str:
        """Let dotted columns be called by their last word too, where that is no other's."""
        short = {name: name.rsplit(".", 1)[-1] for name in self.levers if "." in name}
        words = [*short.values(), *self.schema.names]
        return "".join(f", {_quoted(name)} as {_quoted(word)}" for name, word in short.items() if words.count(word) == 1)

    def _schema(self, path: Path) -> pa.Schema:
        """Read what columns a table has; raises UserError where it is cut off or no table."""
        try:
            return pq.read_schema(path)
        except (pa.ArrowInvalid, OSError) as error:
            raise refuse("store.broken_table", str(path), reason=str(error).splitlines()[0]) from None


def _quoted(name: str) -> str:
    """Write a name in SQL."""
    return '"' + name.replace('"', '""') + '"'


def _rows_of(file: Path) -> list[dict[str, str]]:
    """Read a table of words."""
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))
