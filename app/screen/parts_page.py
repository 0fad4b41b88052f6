"""`tiercare explain SCENARIO --parts`: each mechanism's part in the outcome, as a table."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.screen.comparing import Asked, percent, read, scenario_called, watched
from sim.language.messages import say

if TYPE_CHECKING:
    from rich.table import Table

    from experiments.comparing.intervals import Estimate
    from experiments.comparing.parts import Parts, Row
    from sim.scenario.scenario import Scenario

SCALE = 0.1
"""Share of the households where none is asked for: a year takes about a second."""
TITLE, GAP = 30, 2
"""Columns of a line that the name of a measure takes, and the room between columns."""


def show(name: str, given: argparse.Namespace, lang: str) -> int:
    """Run what is to be compared, and print it."""
    asked = read(given, SCALE)
    from experiments.comparing.parts import measures_called, usual_measures

    wanted = measures_called(given.measures.split(",")) if given.measures is not None else ()
    scenario = scenario_called(name, asked)
    found = compared(scenario, asked, wanted or usual_measures(scenario), lang)
    if given.json:
        from results.store.plain import as_json

        sys.stdout.write(as_json(found.as_json()))
    else:
        print_page(scenario, found, lang)
    return 0


def compared(scenario: "Scenario", asked: Asked, wanted: Sequence[str], lang: str) -> "Parts":
    """Say what is about to be run, and run it."""
    from experiments.comparing.parts import parts, variants
    from experiments.running import processes

    runs, workers = len(asked.seeds) * len(variants(scenario)), processes.processes()
    counts = {"runs": runs, "mechanisms": len(scenario.mechanisms), "seeds": len(asked.seeds), "processes": workers}
    told = say("parts.started", lang, scale=percent(asked.scale, lang), days=scenario.period.days, **counts)
    return watched(scenario, told, runs, lambda done: parts(scenario, asked.seeds, asked.scale, wanted, workers, done), lang)


def print_page(scenario: "Scenario", found: "Parts", lang: str) -> None:
    """Print the table, in as many pieces as the page needs, and what to bear in mind."""
    from app.screen.screen import console

    page = console()
    words = {"title": scenario.title.say(lang), "name": found.scenario, "seeds": len(found.seeds), "days": found.days}
    page.print(say("parts.heading", lang, scale=percent(found.scale, lang), **words), style="bold")
    widths = {column: width(found, column, lang) for column in ("none", *found.mechanisms, "together", "all")}
    for columns in pieces(widths, page.width - TITLE - GAP):
        page.print(table(found, {column: widths[column] for column in columns}, lang))
    notes = ("need_not_sum", "points", "intervals" if len(found.seeds) > 1 else "one_seed", "groups_stay")
    for note in notes if found.mechanisms else ("no_mechanisms",):
        page.print(say(f"parts.{note}", lang))


def width(found: "Parts", column: str, lang: str) -> int:
    """Say how many columns of a line the figures of a column take, and the longest word above them."""
    from rich.cells import cell_len

    words = heading(column, lang).split()
    return max(map(cell_len, (*words, *(cell(measure, row, column, lang) for measure, row in found.rows.items()))))


def pieces(widths: Mapping[str, int], room: int) -> list[list[str]]:
    """Cut the columns into pieces that each fit into the room of a line."""
    cut: list[list[str]] = [[]]
    for column in widths:
        if cut[-1] and sum(widths[one] + GAP for one in (*cut[-1], column)) > room:
            cut.append([])
        cut[-1].append(column)
    return cut


def table(found: "Parts", columns: Mapping[str, int], lang: str) -> "Table":
    """Lay out some of the columns, each with its width: for each measure a row."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    from results.measuring.definitions import definition

    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, GAP - 1, 0, 0))
    laid.add_column(say("run.column.measure", lang), width=TITLE, overflow="fold")
    for column, wide in columns.items():
        laid.add_column(heading(column, lang), justify="right", width=wide, overflow="fold")
    for measure, row in found.rows.items():
        laid.add_row(definition(measure).title[lang], *(Text(cell(measure, row, column, lang), no_wrap=True) for column in columns))
    return laid


def heading(column: str, lang: str) -> str:
    """Name a column: a mechanism by the first line of its file."""
    if column in ("none", "together", "all"):
        return say(f"parts.{column}", lang)
    from results.telling.day import title
    from sim.mechanisms import MECHANISMS

    return title(MECHANISMS[column])[lang]


def cell(measure: str, row: "Row", column: str, lang: str) -> str:
    """Write one figure: an outcome with its unit, a part with its sign and how far luck reaches."""
    from results.measuring.definitions import written

    if column in ("none", "all"):
        return written(measure, (row.none if column == "none" else row.all).mean, lang)
    return change(measure, row.together if column == "together" else row.parts[column])


def change(measure: str, part: "Estimate") -> str:
    """Write a part, with the decimals of its measure and one more; shares in points."""
    from results.measuring.definitions import ABSENT, definition

    if part.mean is None:
        return ABSENT
    meant = definition(measure)
    factor, decimals = (100, meant.decimals + 1) if meant.in_percent else (1, meant.decimals)
    size = part.mean * factor
    signed = f"{size if round(size, decimals) else 0.0:+,.{decimals}f}"
    return signed if part.half is None else f"{signed} ±{part.half * factor:,.{decimals}f}"
