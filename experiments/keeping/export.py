"""Hand tables on: CSV with its dictionary beside it, Stata, and the archive that EMA Workbench loads."""

import io
import json
import re
import tarfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow as pa

from experiments.keeping.opened import Opened
from results.measuring.codes import Code
from results.measuring.dictionary import Row, as_csv
from sim.language.messages import refuse

if TYPE_CHECKING:
    import pandas as pd

LONGEST = 32
"""Letters of a name in Stata."""
LONGEST_LABEL = 80
EMA_VERSION = 0.1


def to_csv(kept: Opened, name: str, table: pa.Table, file: Path) -> list[Path]:
    """Write a table as CSV that spreadsheets read as UTF-8, beside it its dictionary and, where it has coded words, its codebook; returns
    the files. Raises UserError."""
    beside = file.with_name(f"{file.stem}.dictionary.csv")
    rows = [Row(**row) for row in kept.dictionary if row["table"] == name and row["column"] in table.column_names]
    if name != "runs":
        run = next(Row(**row) for row in kept.dictionary if row["table"] == "runs" and row["column"] == "run")
        rows.insert(0, run._replace(table=name))
    _write(file, "\ufeff" + table.to_pandas().to_csv(index=False, lineterminator="\n"))
    _write(beside, as_csv(rows))
    codes = [Code(**row) for row in kept.codebook if row["table"] == name and row["column"] in table.column_names]
    if not codes:
        return [file, beside]
    book = file.with_name(f"{file.stem}.codebook.csv")
    _write(book, as_csv(codes, Code._fields))
    return [file, beside, book]


def to_stata(kept: Opened, name: str, table: pa.Table, file: Path, lang: str) -> list[Path]:
    """Write a table for Stata 14 and later, names cut to 32 letters and labels beside them; raises UserError."""
    frame = table.to_pandas()
    short = stata_names(list(frame.columns))
    labels = {row["column"]: row[f"label_{lang}"][:LONGEST_LABEL] for row in kept.dictionary if row["table"] in (name, "runs")}
    for column in frame.columns:
        if frame[column].dtype == object:
            frame[column] = frame[column].map(lambda value: "" if value is None else str(value))
    told = {short[column]: labels.get(column, column)[:LONGEST_LABEL] for column in frame.columns}
    long = [short[column] for column in frame.columns if frame[column].dtype == object and frame[column].str.len().max() > 200]
    try:
        frame.rename(columns=short).to_stata(file, write_index=False, version=118, variable_labels=told, convert_strl=long)
    except OSError as error:
        raise _not_writable(file, error) from None
    return [file]


def stata_names(columns: Sequence[str]) -> Mapping[str, str]:
    """Shorten names for Stata: letters, digits and _, at most 32, none twice; of a dotted path the last words."""
    found: dict[str, str] = {}
    for column in columns:
        word = re.sub(r"\W", "_", column.replace("__numerator", "_n").replace("__denominator", "_d"))
        while len(word) > LONGEST and "_" in word[1:]:
            word = word.split("_", 1)[1]
        word = f"_{word}" if word[:1].isdigit() else word
        base, again = word[:LONGEST], 1
        while word[:LONGEST] in found.values():
            again += 1
            word = f"{base[: LONGEST - 3]}_{again}"
        found[column] = word[:LONGEST]
    return found


def to_ema(kept: Opened, frame: "pd.DataFrame", file: Path) -> list[Path]:
    """Write the archive that `ema_workbench.load_results` reads: experiments with their levers, a scalar outcome a measure.

    What EMA calls a model is a scenario here, its policy a point of the levers, its scenario a seed. Only runs that are done, and measures
    that all of them have, are in it; raises UserError where none are.
    """
    done = frame[frame.status == "done"].reset_index(drop=True)
    outcomes = [name for name in kept.measures if not done[name].isna().any()]
    if done.empty or not outcomes:
        raise refuse("runs.nothing", str(file))
    levers = list(kept.levers)
    told = done[levers].copy()
    told["scenario"], told["model"] = done["seed"], done["scenario"]
    told["policy"] = done.groupby(levers, dropna=False, sort=False).ngroup() if levers else 0
    files = {f"{name}.cls": done[name].to_csv(header=False, index=False).encode() for name in outcomes}
    about = {
        "version": EMA_VERSION,
        "outcomes": [("ScalarOutcome", name, f"{name}.cls") for name in outcomes],
        "experiments": {name: str(kind) for name, kind in told.dtypes.items()},
    }
    files = {"experiments.csv": told.to_csv(index=False).encode(), **files, "metadata.json": json.dumps(about).encode()}
    try:
        with tarfile.open(file, "w:gz") as archive:
            for name, content in files.items():
                inside = tarfile.TarInfo(name)
                inside.size = len(content)
                archive.addfile(inside, io.BytesIO(content))
    except OSError as error:
        raise _not_writable(file, error) from None
    return [file]


def _write(file: Path, text: str) -> None:
    """Write a file of text; raises UserError."""
    try:
        file.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise _not_writable(file, error) from None


def _not_writable(file: Path, error: OSError) -> Exception:
    """Say that a file cannot be written."""
    return refuse("runs.not_writable", str(file), reason=error.strerror or str(error))
