"""`tiercare sources`: what every number of a scenario rests on."""

import argparse
import sys
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from app.asking import scenario_called
from app.commands.command import Command
from app.parser import Parser, only
from sim.language.messages import say

if TYPE_CHECKING:
    from rich.table import Table

    from results.telling.grounds import DataFile
    from sim.reading.provenance import Ground
    from sim.scenario.scenario import Scenario

OF_OURS = ("A", "F")
"""Statuses of numbers that are no evidence."""


def options(parser: Parser) -> None:
    """Add what `sources` takes."""
    parser.takes("scenario", "SCENARIO", say("cli.run.scenario", parser.lang))
    parser.switch("--all", say("cli.sources.all", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Tell what one scenario rests on."""
    name = only(given.scenario, "SCENARIO", "tiercare sources")
    from results.telling import grounds

    scenario = scenario_called(name, ())
    if given.json:
        from results.store.plain import as_json

        sys.stdout.write(as_json(grounds.as_plain(scenario, lang)))
    else:
        print_page(scenario, given.all, lang)
    return 0


def print_page(scenario: "Scenario", every: bool, lang: str) -> None:
    """Print the counts, the numbers that rest on evidence (or all), and the data tables."""
    from app.screen.screen import console
    from results.telling.grounds import by_part, by_status, data_files

    page, told = console(), scenario.grounds
    heading = say("sources.heading", lang, title=scenario.title.say(lang), name=scenario.name, count=len(told))
    page.print(heading, style="bold")
    page.print(status_table(by_status(told), lang))
    page.print(part_table(by_part(told), lang))
    page.print(say("sources.whole" if every else "sources.evidence", lang), style="bold")
    page.print(number_table([ground for ground in told if every or ground.status not in OF_OURS], scenario, lang))
    if not every:
        page.print(say("sources.more", lang), style="dim")
    page.print(f"\n{say('sources.tables', lang)}", style="bold")
    page.print(file_table(data_files(scenario), lang))
    page.print(say("sources.rows", lang), style="dim")


def blank(*columns: tuple[str, str]) -> "Table":
    """Begin a table with columns of a heading and a side, left or right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for heading, side in columns:
        table.add_column(heading, justify="right" if side == "right" else "left", overflow="fold", no_wrap=side == "right")
    return table


def status_table(counts: Mapping[str, int], lang: str) -> "Table":
    """Lay out how many numbers there are of each status."""
    whole = max(sum(counts.values()), 1)
    headings = [say(f"sources.column.{key}", lang) for key in ("status", "number", "share")]
    table = blank((headings[0], "left"), (headings[1], "right"), (headings[2], "right"))
    for status, count in counts.items():
        table.add_row(f"{status}  {say(f'sources.status.{status}', lang)}", f"{count:,}", f"{100 * count / whole:.0f} %")
    return table


def part_table(parts: Mapping[str, Mapping[str, int]], lang: str) -> "Table":
    """Lay out the parts of the scenario with their counts by status."""
    from rich.text import Text

    from results.telling.meaning import called_below
    from sim.mechanisms import RULES

    statuses = list(next(iter(parts.values()), {}))
    table = blank((say("sources.column.part", lang), "left"), *((status, "right") for status in statuses))
    for part, counts in parts.items():
        called = called_below(part, RULES, lang)
        name = Text(called) if called == part else Text(called).append(f"  {part}", style="dim")
        table.add_row(name, *(str(count or "·") for count in counts.values()))
    return table


def number_table(grounds: Iterable["Ground"], scenario: "Scenario", lang: str) -> "Table":
    """Lay out numbers one by one: path and value, status, source with the words it is cited for, confidence."""
    from rich.text import Text

    from results.telling.grounds import source_title
    from results.telling.meaning import label
    from sim.mechanisms import RULES
    from sim.reading.units import written_in

    keys = ("number", "status", "source", "confidence")
    table = blank(*((say(f"sources.column.{key}", lang), "left") for key in keys))
    for ground in grounds:
        words = [f"“{ground.phrase}”"] if ground.phrase else []
        value = written_in(ground.value, lang)
        words += [f"{ground.how} = {value}"] if ground.how else []
        source = Text("\n").join([Text(source_title(scenario, ground.document, lang), style="dim"), *map(Text, words)])
        number = Text(f"{ground.path}\n", style="dim").append(value, style="bold not dim")
        number.append(f"  {label(ground.path, RULES, lang)}", style="not dim")
        table.add_row(number, ground.status, source, say(f"sources.{ground.confidence}", lang))
    return table


def file_table(files: Iterable["DataFile"], lang: str) -> "Table":
    """Lay out the data tables with their rows by confidence, and what most rows rest on."""
    from rich.text import Text

    from results.telling.meaning import label
    from sim.mechanisms import RULES

    words = ("high", "medium", "low")
    headings = [(say("sources.column.file", lang), "left"), (say("sources.column.rows", lang), "right")]
    headings += [(say(f"sources.{word}", lang), "right") for word in words]
    table = blank(*headings, (say("sources.column.source", lang), "left"))
    for file in files:
        counts = (str(file.confidence.get(word, 0) or "·") for word in words)
        first = [f"{count} × {source}" for source, count in list(file.sources.items())[:3]]
        rest = [f"+ {len(file.sources) - 3}"] if len(file.sources) > 3 else []
        name = Text(label(file.path, RULES, lang)).append(f"\n{file.file}", style="dim")
        table.add_row(name, f"{file.rows:,}", *counts, Text("\n".join([*first, *rest]), style="dim"))
    return table


COMMAND = Command("sources", "cli.sources", "cli.sources.examples", options, act)
