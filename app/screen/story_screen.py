"""Print a resident's story: a heading for each day, the events under it, and what was offered as a small table."""

import re

from rich.cells import cell_len
from rich.console import Console
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from results.telling.story import Line
from sim.language.messages import say

PIECES = re.compile(r"[（“]*(?:[!-~−]+|.)[，。；：、）”%]* ?")
"""What is never broken: a run of Latin letters and figures, or one other character, with the marks around it."""
LEFT = 7
"""Columns that hold the time of day."""
MARKS = {
    "need": "bold", "forgone": "bold red", "gave_up_bed": "red", "left": "red", "shut": "red", "full": "red", "bill": "cyan",
    "learned": "dim", "admitted": "bold", "discharged": "bold",
}  # fmt: skip
"""How some kinds of events look."""


def print_lines(page: Console, lines: list[Line], lang: str) -> None:
    """Print the events day by day."""
    day = ""
    for line in lines:
        if line.date != day:
            day = line.date
            page.print(f"\n{line.day}", style="underline")
        page.print(_with_clock(line, page.width))
        if len(line.options) > 1:
            page.print(Padding(_options(line, lang), (0, 0, 0, LEFT + 2)))


def wrapped(text: str, width: int) -> str:
    """Break a sentence into lines: at blanks, or between Chinese characters, but never within a figure or before a closing mark."""
    lines, line = list[str](), ""
    for piece in PIECES.findall(text):
        if line and cell_len((line + piece).rstrip()) > width:
            lines.append(line.rstrip())
            line = ""
        line += piece if line else piece.lstrip()
    return "\n".join([*lines, line.rstrip()])


def _with_clock(line: Line, width: int) -> Table:
    """Set the time of day beside the sentence."""
    grid = Table.grid(padding=(0, 1))
    grid.add_column(width=LEFT)
    grid.add_column(overflow="fold")
    grid.add_row(Text(line.clock or "  ·", style="dim"), Text(wrapped(line.text, width - LEFT - 1), style=MARKS.get(line.kind, "")))
    return grid


def _options(line: Line, lang: str) -> Table:
    """Lay out what was offered, the one taken with an arrow."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="dim")
    table.add_column("")
    table.add_column(say("trace.offer.option", lang))
    for heading in (
        say("trace.offer.pays", lang),
        say("trace.offer.way", lang),
        say("trace.offer.wait", lang),
        say("trace.offer.share", lang),
    ):
        table.add_column(heading, justify="right")
    for place, option in enumerate(line.options):
        table.add_row("→" if place == line.taken else "", *option, style="" if place == line.taken else "dim")
    return table


def print_totals(page: Console, totals: list[tuple[str, str]], days: int, lang: str) -> None:
    """Print what the days came to."""
    heading = say("trace.sums", lang) if days == 365 else say("trace.sums_of_days", lang, days=days)
    page.print(f"\n{heading}", style="bold")
    table = Table.grid(padding=(0, 3))
    table.add_column()
    table.add_column(justify="right")
    for name, value in totals:
        table.add_row(name, value)
    page.print(table)
