"""`tiercare verify`: prove the model's own kernels against exact results on the user's machine."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.commands.command import Command
from app.parser import Parser, whole
from sim.language.messages import say, table_of

if TYPE_CHECKING:
    from rich.table import Table

    from experiments.proof.checks import Line, Report

RUNS = 10
"""Runs to average over where the user names no number."""


MOST_RUNS = 1_000


def options(parser: Parser) -> None:
    """Add what `verify` takes."""
    parser.takes("files", "[FILE...]", say("cli.verify.files", parser.lang))
    parser.option("--runs", "N", say("cli.verify.runs", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Run the problems; returns 0 where every figure agrees, 1 where one does not."""
    runs = whole(given.runs, "--runs", 1, RUNS, MOST_RUNS)
    report = measured([Path(file) for file in given.files], runs, lang)
    if given.json:
        from results.store.plain import as_json

        sys.stdout.write(as_json(report.as_json()))
    else:
        print_report(report, lang)
    return 0 if report.passed else 1


def measured(files: list[Path], runs: int, lang: str) -> "Report":
    """Run the problems one by one and show how far it is."""
    from app.screen.progress import watcher
    from experiments.proof.checks import Report
    from experiments.proof.verify import checks

    done = []
    with watcher(lang) as shown:
        shown.phase(say("cli.verify.started", lang), 1)
        for checked in checks(files, runs):
            done.append(checked)
            shown.phase(say("cli.verify.done", lang, title=checked.titles.get(lang, checked.name)), 1)
    return Report(tuple(done), runs, bool(files))


def print_report(report: "Report", lang: str) -> None:
    """Print every figure beside its exact value, and the verdict on all."""
    from app.screen.screen import console

    page = console()
    page.print(table(report, lang))
    judged = [line for _, line in report.rows(lang) if line.exact is not None]
    off = sum(not line.passed for line in judged)
    if judged:
        page.print(say("cli.verify.some_off" if off else "cli.verify.all_agree", lang, figures=len(judged), off=off, runs=report.runs))


def table(report: "Report", lang: str) -> "Table":
    """Lay out title, figure, exact value, measured value, standard error, tolerance, verdict."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    laid = Table(box=SIMPLE_HEAD, pad_edge=False)
    laid.add_column(say("cli.verify.figure", lang))
    for key in ("cli.verify.exact", "cli.verify.measured", "cli.verify.error", "cli.verify.tolerance"):
        laid.add_column(say(key, lang), justify="right", no_wrap=True)
    laid.add_column(say("run.column.verdict", lang), no_wrap=True)
    last = None
    for title, line in report.rows(lang):
        if title != last:
            laid.add_section()
            laid.add_row(Text(title, style="bold"))
        last = title
        laid.add_row(
            Text(f"  {called(line.what, report.own_files, lang)}"),
            *(_figure(size) for size in (line.exact, line.measured, line.standard_error, line.tolerance)),
            _verdict(line, lang),
        )
    return laid


def called(what: str, own: bool, lang: str) -> str:
    """Call a figure in a language: in English by its keys, in Chinese in words, save for what the user's own file named.

    own : whether the problem is the user's, whose words stay as they are
    """
    kinds = ("figure",) if own else ("figure", "name")
    return what if lang == "en" else " ".join(_said(word, kinds, lang) for word in what.split(" "))


def _said(word: str, kinds: tuple[str, ...], lang: str) -> str:
    """Say one word of a figure's name; one that no table has stays as it is."""
    keys = (f"verify.{kind}.{word}" for kind in kinds)
    return next((say(key, lang) for key in keys if key in table_of(key)), word)


def _figure(size: float | None) -> str:
    """Write a figure with six digits; nothing where there is none."""
    return "" if size is None else f"{size:.6g}"


def _verdict(line: "Line", lang: str) -> str:
    """Say whether a figure agrees, in a mark and a word; nothing where no exact value is known."""
    if line.exact is None:
        return ""
    return f"✓ {say('cli.verify.agrees', lang)}" if line.passed else f"✗ {say('cli.verify.is_off', lang)}"


COMMAND = Command("verify", "cli.verify", "cli.verify.examples", options, act)
