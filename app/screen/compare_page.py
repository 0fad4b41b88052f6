"""Print a comparison: what was found in a sentence, then measure by measure with intervals and the chance of being better."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table
from rich.text import Text

from app.screen.comparing import percent
from app.screen.screen import console
from experiments.comparing.finding import MARKS, certainty, gap_with_half, sentences
from experiments.comparing.groups import GROUPS, by_group
from experiments.comparing.replicated import headlines
from experiments.reporting.names import group_names
from results.measuring.definitions import ABSENT, definition, definitions, groups, signed, written
from results.telling.day import title
from sim.language.messages import say
from sim.mechanisms import MECHANISMS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from experiments.comparing.compare import Comparison, Difference
    from experiments.comparing.groups import Group
    from experiments.comparing.origins import Origin
    from experiments.comparing.replicated import Replicated
    from sim.scenario.scenario import Scenario


def print_page(found: "Replicated", scenarios: "Sequence[Scenario]", parts: "Mapping[str, Mapping[str, Origin]]", lang: str) -> None:
    """Print the comparison, and where differences come from as far as that was asked for."""
    page, compared = console(), found.comparison
    words = {"runs": len(compared.seeds), "scale": percent(compared.scale, lang)}
    page.print(say("compare.heading", lang, names=say("compare.versus", lang).join(compared.scenarios), **words), style="bold")
    for sentence in sentences(compared, headlines(scenarios), lang):
        page.print(sentence)
    for other in compared.scenarios[1:]:
        page.print(table(compared, other, lang))
    for name in headlines(scenarios):
        best = compared.measures[name].best if name in compared.measures else {}
        if best:
            told = say("compare.between_names", lang).join(f"{scenario} {100 * chance:.0f} %" for scenario, chance in best.items())
            page.print(say("compare.best", lang, title=definition(name).title[lang], chances=told))
    for note in notes(found, lang):
        page.print(note)
    for other, origins in parts.items():
        page.print(say("compare.parts", lang, first=compared.scenarios[0], other=other), style="bold")
        page.print(parts_table(origins, lang))
        page.print(say("compare.parts.note", lang))
    for other in compared.scenarios[1:]:
        print_groups(found, other, {by: group_names(scenarios[0], by, lang) for by in GROUPS}, lang)


def parts_table(origins: "Mapping[str, Origin]", lang: str) -> Table:
    """Lay out where differences come from, a column a measure."""
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    laid.add_column("", overflow="fold")
    for measure in origins:
        laid.add_column(definition(measure).title[lang], justify="right", overflow="fold")
    names = next(iter(origins.values())).parts if origins else {}
    rows = {say("compare.parts.elsewhere", lang): [one.elsewhere for one in origins.values()]}
    rows |= {title(MECHANISMS[name])[lang]: [one.parts[name] for one in origins.values()] for name in names}
    rows |= {say("parts.together", lang): [one.together for one in origins.values()]}
    rows |= {say("compare.parts.whole", lang): [one.whole for one in origins.values()]}
    for name, cells in rows.items():
        told = [gap_with_half(measure, cell.mean, cell.half, lang) for measure, cell in zip(origins, cells, strict=True)]
        laid.add_row(name, *map(Text, told))
    return laid


def print_groups(found: "Replicated", other: str, names: "Mapping[str, Mapping[str, str]]", lang: str) -> None:
    """Print who gains and who loses under another scenario than the first."""
    compared, page = found.comparison, console()
    first = compared.scenarios[0]
    rows = by_group(found.batch, compared.seeds, first, other, compared.paired[other])
    if not rows:
        return
    page.print(say("compare.who", lang, first=first, other=other), style="bold")
    looked_at = list(dict.fromkeys(row.matter for row in rows))
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    laid.add_column(say("compare.column.group", lang), overflow="fold")
    for matter in looked_at:
        laid.add_column(say(f"compare.matter.{matter}", lang), justify="right")
    for by in GROUPS:
        laid.add_row(Text(say(f"compare.by.{by}", lang), style="bold cyan"))
        for group in dict.fromkeys(row.group for row in rows if row.by == by):
            cells = (next(row for row in rows if (row.by, row.group, row.matter) == (by, group, matter)) for matter in looked_at)
            laid.add_row(f"  {names[by].get(group, group)}", *(group_cell(cell) for cell in cells))
    page.print(laid)
    page.print(say("compare.who.note", lang))


def group_cell(row: "Group") -> Text:
    """Write how much more or less of a matter a group has: green where it gains beyond luck, red where it loses."""
    gap, share = row.difference, row.matter.endswith("forgone")
    if gap.mean is None or gap.half is None:
        return Text(ABSENT)
    factor, decimals = (100.0, 2) if share else (1.0, 1)
    style = "green" if (gap.high or 0) < 0 else "red" if (gap.low or 0) > 0 else "dim"
    mark = f" {MARKS['clear']}" if gap.clear else ""
    return Text(f"{signed(gap.mean * factor, decimals)} ±{gap.half * factor:,.{decimals}f}{mark}", style=style)


def table(compared: "Comparison", other: str, lang: str) -> Table:
    """Lay out the differences of one scenario from the first."""
    first = compared.scenarios[0]
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    laid.add_column(say("run.column.measure", lang), overflow="fold", min_width=30)
    for column in (first, other, say("compare.column.difference", lang), say("compare.column.better", lang), ""):
        laid.add_column(column, justify="right")
    for group, heading in groups(lang).items():
        shown = [name for name, meant in definitions().items() if meant.group == group and meant.shown and name in compared.measures]
        if shown:
            laid.add_row(Text(heading, style="bold cyan"))
        for name in shown:
            laid.add_row(*row(compared, name, first, other, lang))
    return laid


def row(compared: "Comparison", name: str, first: str, other: str, lang: str) -> Iterator[Text]:
    """Write one line of the table."""
    found, gap = compared.measures[name], compared.measures[name].differences[other]
    yield Text(f"  {definition(name).title[lang]}{mark_of_scale(name, compared.scale)}")
    for scenario in (first, other):
        yield Text(written(name, found.estimates[scenario].mean, lang))
    yield Text(change(name, gap))
    yield Text(ABSENT if gap.better is None else f"{100 * gap.better:.0f} %")
    yield Text(MARKS[certainty(gap)] if gap.mean is not None else "")


def mark_of_scale(name: str, scale: float) -> str:
    """Mark measures whose level, or whose difference too, is shifted in a run on a part of the people."""
    return "" if scale >= 1 else {"level": "", "difference": "*", "full_only": "†"}[definition(name).holds]


def change(name: str, gap: "Difference") -> str:
    """Write a difference with half its interval: shares in points."""
    if gap.mean is None:
        return ABSENT
    meant = definition(name)
    factor, decimals = (100, meant.decimals + 1) if meant.in_percent else (1, meant.decimals)
    told = signed(gap.mean * factor, decimals)
    return told if gap.half is None else f"{told} ±{gap.half * factor:,.{decimals}f}"


def notes(found: "Replicated", lang: str) -> Iterator[str]:
    """Say what to bear in mind."""
    compared = found.comparison
    family = sum(gap.chance is not None for row in compared.measures.values() for gap in row.differences.values())
    yield say("compare.marks", lang, family=family)
    yield say("compare.luck", lang)
    if compared.scale < 1:
        yield say("compare.scaled", lang, scale=percent(compared.scale, lang))
    strangers = [name for name, shared in compared.paired.items() if not shared]
    if strangers:
        yield say("compare.unpaired", lang, names=say("compare.between_names", lang).join(strangers), first=compared.scenarios[0])
    failed = len(found.batch.design.said.seeds) - len(compared.seeds)
    if failed:
        yield say("compare.left_out", lang, failed=failed)
    if found.reached is not None:
        yield say("compare.reached" if found.reached else "compare.not_reached", lang, runs=len(compared.seeds))
