"""`tiercare bench`: measure the model beside SimPy and beside plain Mesa objects, in the same process."""

import argparse
import sys
from collections.abc import Mapping
from importlib.util import find_spec
from typing import TYPE_CHECKING

from app.commands.command import Command
from app.parser import Parser
from sim.language.messages import refuse, say

if TYPE_CHECKING:
    from rich.table import Table


def options(parser: Parser) -> None:
    """Add what `bench` takes."""
    parser.switch("--full", say("cli.bench.full", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Measure and print the figures; returns 0; raises UserError where SimPy is not installed."""
    if find_spec("simpy") is None:
        raise refuse("bench.no_simpy", "tiercare bench")
    print(say("bench.started", lang), file=sys.stderr, flush=True)
    from experiments.bench.bench import THOROUGH, USUAL, bench
    from results.store.plain import as_json

    figures = bench(THOROUGH if given.full else USUAL)
    if given.json:
        sys.stdout.write(as_json(figures))
    else:
        print_page(figures, lang)
    return 0


def print_page(figures: Mapping[str, float], lang: str) -> None:
    """Print the figures as a table, and how they were measured."""
    from app.screen.screen import console

    page = console()
    page.print(table(figures, lang))
    page.print(say("bench.note", lang, tries=figures["tries"], years=figures["years"]))


def table(figures: Mapping[str, float], lang: str) -> "Table":
    """Lay out what was measured, each figure with what it means."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    laid = Table(box=SIMPLE_HEAD, pad_edge=False)
    laid.add_column(say("bench.column.what", lang))
    laid.add_column(say("bench.column.figure", lang), justify="right", no_wrap=True)
    for name, figure in figures.items():
        if name not in ("tries", "years"):
            laid.add_row(say(f"bench.figure.{name}", lang), written(figure))
    return laid


def written(figure: float) -> str:
    """Write a figure with three digits, or in whole numbers where it is large."""
    return f"{figure:,.0f}" if figure >= 1000 else f"{figure:.3g}"


COMMAND = Command("bench", "cli.bench", "cli.bench.examples", options, act)
