"""`tiercare explain`: the day of a scenario in words, each mechanism's part in its outcome, and virtual experiments inside the model."""

import argparse
import sys
from typing import TYPE_CHECKING

from app.asking import scenario_called
from app.commands.command import Command
from app.parser import Parser, only
from sim.language.messages import refuse, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rich.console import Console
    from rich.table import Table

    from results.telling.day import Number, Policy, Told, Voice
    from sim.scenario.scenario import Scenario


COMPARED = ("runs", "scale", "days", "seed")
"""Options of whatever compares runs."""


def options(parser: Parser) -> None:
    """Add what `explain` takes."""
    lang = parser.lang
    parser.takes("scenario", "SCENARIO", say("cli.run.scenario", lang))
    parser.switch("--numbers", say("cli.explain.numbers", lang))
    parser.switch("--parts", say("cli.explain.parts", lang))
    parser.switch("--experiments", say("cli.explain.experiments", lang))
    parser.option("--runs", "N", say("cli.explain.runs", lang))
    parser.option("--scale", "F", say("cli.explain.scale", lang))
    parser.option("--days", "N", say("cli.run.days", lang))
    parser.option("--seed", "N", say("cli.explain.seed", lang))
    parser.option("--measures", "a,b", say("cli.explain.measures", lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Tell the day of one scenario, or compare runs of it."""
    name = only(given.scenario, "SCENARIO", "tiercare explain")
    agree(given)
    if given.parts:
        from app.screen.parts_page import show

        return show(name, given, lang)
    if given.experiments:
        from app.screen.virtual_page import show

        return show(name, given, lang)
    return tell(name, given, lang)


def agree(given: argparse.Namespace) -> None:
    """Refuse options that do not go together; raises UserError."""
    if given.parts + given.experiments + given.numbers > 1:
        raise refuse("cli.explain.one_of", "tiercare explain", known="--numbers, --parts, --experiments")
    alone = [option for option in COMPARED if getattr(given, option) is not None and not (given.parts or given.experiments)]
    if alone:
        raise refuse("cli.explain.goes_with", f"--{alone[0]}", known="--parts, --experiments")
    if given.measures is not None and not given.parts:
        raise refuse("cli.explain.goes_with", "--measures", known="--parts")


def tell(name: str, given: argparse.Namespace, lang: str) -> int:
    """Tell the day of one scenario."""
    from results.telling import day

    scenario = scenario_called(name, ())
    if given.json:
        from results.store.plain import as_json

        sys.stdout.write(as_json(day.as_plain(scenario, lang)))
    else:
        print_page(scenario, given.numbers, lang)
    return 0


def print_page(scenario: "Scenario", with_numbers: bool, lang: str) -> None:
    """Print the lines of the day under their parts, then the mechanisms with their numbers, then the dates."""
    from app.screen.screen import console
    from results.telling import day
    from sim.reading.provenance import STATUSES

    page, policies = console(), day.policies(scenario, lang)
    titles = {policy.name: both(policy.title, lang) for policy in policies}
    page.print(say("explain.heading", lang, title=scenario.title.say(lang), name=scenario.name), style="bold")
    statuses = (f"{status} {say(f'sources.status.{status}', lang)}" for status in STATUSES)
    page.print(say("explain.statuses", lang, statuses=" · ".join(statuses)), style="dim")
    part = ""
    for told in day.day(scenario, lang):
        if told.part != part:
            part = told.part
            page.print(f"\n{say(f'explain.part.{part}', lang)}".upper(), style="bold cyan")
        print_line(page, told, titles, told.numbers if with_numbers else (), lang)
    print_policies(page, policies, lang)
    changes = day.dates(scenario, lang)
    if changes:
        page.print(f"\n{say('explain.dates', lang)}".upper(), style="bold cyan")
        for date, what in changes:
            page.print(f"  {date}  {what}")


def both(title: "Mapping[str, str]", lang: str) -> str:
    """Name a mechanism in both languages, the reader's first."""
    first, second = (title["zh"], title["en"]) if lang == "zh" else (title["en"], title["zh"])
    return first if first == second else f"{first} · {second}"


def print_line(page: "Console", told: "Told", titles: "Mapping[str, str]", numbers: "Iterable[Number]", lang: str) -> None:
    """Print one line of the day: what the model does there, then what each mechanism says."""
    from rich.padding import Padding
    from rich.text import Text

    page.print(f"  {told.title}", style="bold")
    page.print(Padding(Text(told.baseline), (0, 0, 0, 4)))
    rows = list(numbers)
    if rows:
        page.print(Padding(numbers_table(rows, lang), (0, 0, 0, 4)))
    for voice in told.voices:
        dated = voice.begins is not None or voice.ends is not None
        words = {"name": titles[voice.mechanism], "moment": voice.at}
        said = say("explain.dated_voice", lang, dates=in_force(voice, lang), **words) if dated else say("explain.voice", lang, **words)
        page.print(Padding(Text(f"▸ {said}", style="green"), (0, 0, 0, 4)))
        page.print(Padding(Text(voice.says), (0, 0, 0, 6)))
        if voice.numbers:
            page.print(Padding(Text(" · ".join(map(short, voice.numbers)), style="dim"), (0, 0, 0, 6)))
    if not told.voices:
        page.print(Padding(Text(say("explain.silent", lang), style="dim"), (0, 0, 0, 4)))


def short(number: "Number") -> str:
    """Write a number in a few words: name, value, the letter of its status and the document it rests on."""
    return f"{number.called} {number.value} ({f'{number.status} {number.basis}'.strip()})"


def print_policies(page: "Console", policies: "Iterable[Policy]", lang: str) -> None:
    """Print every mechanism with its dates and numbers."""
    from rich.padding import Padding
    from rich.text import Text

    told = list(policies)
    page.print(f"\n{say('explain.mechanisms', lang)}".upper(), style="bold cyan")
    if not told:
        page.print(f"  {say('explain.none', lang)}")
    for policy in told:
        page.print(f"  {both(policy.title, lang)}  [{policy.name}]  {in_force(policy, lang)}", style="bold")
        page.print(Padding(Text(policy.does), (0, 0, 0, 4)))
        page.print(Padding(numbers_table(policy.numbers, lang), (0, 0, 0, 4)))


def in_force(policy: "Policy | Voice", lang: str) -> str:
    """Say from when until when a mechanism is in force."""
    words = [say("explain.from", lang, begins=policy.begins)] if policy.begins else []
    words += [say("explain.until", lang, ends=policy.ends)] if policy.ends else []
    return " ".join(words) or say("explain.throughout", lang)


def numbers_table(numbers: "Iterable[Number]", lang: str) -> "Table":
    """Lay out numbers: name, value, what it rests on, meaning."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for key in ("rule", "value", "basis", "meaning"):
        table.add_column(say(f"explain.column.{key}", lang), style="dim" if key == "basis" else None, overflow="fold")
    for number in numbers:
        statuses = " / ".join(say(f"sources.status.{status}", lang) for status in number.status.split(", "))
        meant = Text(number.label, style="bold").append(f"  {number.meaning}", style="not bold")
        rule = Text(number.called)
        if number.called != number.name:
            rule, meant = rule.append(f"\n{number.name}", style="dim"), Text(number.meaning)
        table.add_row(rule, Text(number.value), Text(f"{statuses} {number.basis}".strip()), meant)
    return table


COMMAND = Command("explain", "cli.explain", "cli.explain.examples", options, act)
