"""`tiercare runs`: list the runs of an experiment, and write them or a kept table for other tools."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import asking
from app.commands.command import Command
from app.parser import Parser, only
from sim.language.messages import say

if TYPE_CHECKING:
    import pandas as pd
    import pyarrow as pa

    from experiments.keeping.opened import Opened

SHOWN = 20
"""Rows printed."""
OUTCOMES = 4
"""Outcomes printed beside each run; more would leave none of them room."""


def options(parser: Parser) -> None:
    """Add what `runs` takes."""
    parser.takes("folder", "FOLDER", say("cli.runs.folder", parser.lang))
    parser.option("--table", "NAME", say("cli.runs.table", parser.lang))
    parser.option("--where", "SQL", say("cli.runs.where", parser.lang))
    parser.option("--csv", "FILE", say("cli.runs.csv", parser.lang))
    parser.option("--dta", "FILE", say("cli.runs.dta", parser.lang))
    parser.option("--ema", "FILE", say("cli.runs.ema", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """List or write the runs; returns 0."""
    word = only(given.folder, "FOLDER", "tiercare runs")
    from experiments.keeping.found import folder_called
    from experiments.keeping.opened import Opened

    kept = Opened(folder_called(word))
    name = given.table or "runs"
    table = kept.arrow(name, given.where)
    files = exported(kept, name, table, given, lang)
    if given.json:
        print_json(kept, table, files)
    elif files:
        for file in files:
            print(say("runs.wrote", lang, file=file))
    else:
        print_page(kept, name, table, lang)
    return 0


def exported(kept: "Opened", name: str, table: "pa.Table", given: argparse.Namespace, lang: str) -> list[Path]:
    """Write what was asked for; returns the files."""
    from experiments.keeping import export

    files: list[Path] = []
    if given.csv is not None:
        files += export.to_csv(kept, name, table, asking.place(given.csv, "--csv"))
    if given.dta is not None:
        files += export.to_stata(kept, name, table, asking.place(given.dta, "--dta"), lang)
    if given.ema is not None:
        files += export.to_ema(kept, kept.runs(given.where), asking.place(given.ema, "--ema"))
    return files


def print_json(kept: "Opened", table: "pa.Table", files: list[Path]) -> None:
    """Print all rows as one JSON object."""
    from results.store.plain import as_json

    rows = [{name: value if value == value else None for name, value in row.items()} for row in table.to_pylist()]
    told = {"experiment": kept.name, "folder": str(kept.folder), "files": list(map(str, files))}
    sys.stdout.write(as_json({**told, "rows": [{name: plain(value) for name, value in row.items()} for row in rows]}))


def plain(value: object) -> object:
    """Write a date as text; anything else stays."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def print_page(kept: "Opened", name: str, table: "pa.Table", lang: str) -> None:
    """Print how many runs there are, by which version, and the first rows."""
    from app.screen.screen import console

    page, frame = console(), kept.runs()
    counts = {"runs": len(frame), "done": int((frame.status == "done").sum()), "failed": int((frame.status == "failed").sum())}
    page.print(say("runs.heading", lang, name=kept.name, **counts), style="bold")
    for made_by, count in frame.made_by.value_counts().items():
        page.print(say("runs.made_by", lang, made_by=made_by, count=count), style="dim")
    old = int((frame.made_by != this_version()).sum())
    if old:
        page.print(say("runs.old", lang, count=old))
    page.print(laid_out(kept, name, table.slice(0, SHOWN).to_pandas(), lang))
    if name == "runs" and len(kept.outcomes) > OUTCOMES:
        page.print(say("runs.columns", lang, count=len(kept.outcomes) - OUTCOMES), style="dim")
    if table.num_rows > SHOWN:
        page.print(say("runs.more", lang, count=table.num_rows - SHOWN))


def this_version() -> str:
    """Name this version of the model as rows do."""
    from results.store.pool import made_by

    return made_by()


def laid_out(kept: "Opened", name: str, frame: "pd.DataFrame", lang: str) -> object:
    """Lay out rows: of the runs the levers and the outcomes asked for, of a kept table all columns that fit."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from experiments.keeping.opened import FIRST

    columns = [*FIRST, *kept.levers, *kept.outcomes[:OUTCOMES], "status"] if name == "runs" else list(frame.columns)[:8]
    table = Table(box=SIMPLE_HEAD, show_edge=False)
    for column in columns:
        table.add_column(title(kept, column, lang), justify="left" if frame[column].dtype == object else "right", overflow="fold")
    for row in frame.to_dict("records"):
        table.add_row(*(Text(cell(column, row[column], lang)) for column in columns))
    return table


def title(kept: "Opened", column: str, lang: str) -> str:
    """Say what stands above a column."""
    from results.measuring.definitions import definitions

    if column in definitions():
        return definitions()[column].title[lang]
    if column in ("run", "scenario", "seed", "status"):
        return say(f"runs.column.{column}", lang)
    return kept.labels(lang).get(column, column).rsplit("·", 1)[-1] if lang == "zh" else column.rsplit(".", 1)[-1]


def cell(column: str, value: object, lang: str) -> str:
    """Write one cell."""
    from results.measuring.definitions import ABSENT, definitions, written

    if value is None or value != value:
        return ABSENT
    if column == "run":
        return str(value)[:8]
    if column in definitions() and isinstance(value, int | float):
        return written(column, value, lang)
    return f"{value:g}" if isinstance(value, float) else str(value)


COMMAND = Command("runs", "cli.runs", "cli.runs.examples", options, act)
