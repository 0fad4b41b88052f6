"""Print the measures of a run beside its goals, as a table on stdout."""

import sys
from collections.abc import Mapping
from typing import NamedTuple

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from results.measuring.definitions import Definition, Value, definitions, groups, standing, written, written_gap
from sim.language.messages import say

WIDTH = 110
"""Columns of a page when stdout is no terminal."""
MARKS = {
    "reached": ("✓", "green"),
    "near": ("≈", "yellow"),
    "missed": ("✗", "red"),
    "short": ("·", "dim"),
    "trial": ("·", "dim"),
    "unmeasured": ("–", "dim"),
}


class Goal(NamedTuple):
    """What a measure is wished to be, in its own unit."""

    goal: float
    tolerance: float


def console() -> Console:
    """Give the page to print on: the terminal's width, or a fixed one in files and pipes."""
    return Page(file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH, highlight=False, soft_wrap=False, markup=False, emoji=False)


class Page(Console):
    """A page on which everything is printed as it is: what users name things is no markup."""

    def on_broken_pipe(self) -> None:
        """Leave it to the front door that whoever read the page has gone."""
        raise BrokenPipeError


def measures_table(measures: Mapping[str, Value], goals: Mapping[str, Goal], days: int, lang: str, scale: float = 1.0) -> Table:
    """Lay out the measures that are printed after every run, and all that have a goal, under their headings.

    measures : name -> value, shares 0..1
    goals    : name -> goal; no verdict is given when fewer than 365 days were measured, or not all people were simulated
    """
    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    table.add_column(say("run.column.measure", lang))
    for heading in (say("run.column.value", lang), say("run.column.goal", lang), say("run.column.gap", lang)):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column(say("run.column.verdict", lang), no_wrap=True)
    for group, heading in groups(lang).items():
        rows = [meant for name, meant in definitions().items() if meant.group == group and _printed(meant, measures.get(name), goals)]
        if rows:
            table.add_row(Text(heading, style="bold"))
        for meant in rows:
            table.add_row(*_row(meant, measures.get(meant.name), goals.get(meant.name), days, lang, scale))
        if rows:
            table.add_section()
    return table


def _printed(meant: Definition, value: Value, goals: Mapping[str, Goal]) -> bool:
    """Say whether a measure is printed: always with a goal, else where it is of the short list and there is something to measure."""
    return meant.name in goals or (meant.shown and value is not None)


def _row(meant: Definition, value: Value, goal: Goal | None, days: int, lang: str, scale: float) -> tuple[str | Text, ...]:
    """Write one measure: name, value, goal, gap, verdict."""
    title, figure = f"  {meant.title[lang]}", written(meant.name, value, lang)
    if goal is None:
        return title, figure, "", "", Text(say(f"scale.{meant.holds}", lang), style="dim") if scale < 1 and meant.holds != "level" else ""
    stands = standing(meant.name, value, goal.goal, goal.tolerance, days, scale)
    mark, style = MARKS[stands.word]
    verdict = Text(f"{mark} {_verdicts(lang)[stands.word]}", style=style)
    return title, figure, written(meant.name, goal.goal, lang), written_gap(meant.name, stands.gap, lang), verdict


def _verdicts(lang: str) -> dict[str, str]:
    """Say each verdict in words, so that none rests on colour alone."""
    return {
        "reached": say("verdict.reached", lang),
        "near": say("verdict.near", lang),
        "missed": say("verdict.missed", lang),
        "short": say("verdict.short", lang),
        "trial": say("verdict.trial", lang),
        "unmeasured": say("verdict.unmeasured", lang),
    }
