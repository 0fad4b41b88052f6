"""Print layouts: what is proposed, beside the present one; how they stand once simulated; in what two differ."""

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.screen.compare_page import parts_table
from app.screen.comparing import percent
from app.screen.screen import console
from experiments.comparing.finding import gap_with_half
from experiments.reporting.layout_further import ranged
from experiments.reporting.layout_groups import with_half
from experiments.reporting.layout_page import certainty, finer
from results.measuring.definitions import ABSENT, definition
from sim.language.messages import say

if TYPE_CHECKING:
    from experiments.layouts.difference import Change
    from experiments.layouts.ground import Ground
    from experiments.layouts.judging.details import Details
    from experiments.layouts.judging.further import Further
    from experiments.layouts.judging.judge import Judged
    from experiments.layouts.judging.risk import Risk
    from experiments.layouts.judging.steady import Steady
    from experiments.layouts.proposing.propose import Proposal
    from experiments.layouts.proposing.wishes import Wishes
    from sim.scenario.scenario import Scenario


def print_proposals(
    found: "Sequence[Proposal]", ground: "Ground", scenario: "Scenario", wishes: "Wishes", folder: Path, lang: str, where: str = ""
) -> None:
    """Print what was proposed, a line a layout, and which towns each moves."""
    page = console()
    page.print(say("layout.heading", lang, title=scenario.title.say(lang), name=scenario.name), style="bold")
    page.print(say(f"layout.objective.{wishes.objective}", lang))
    page.print(_proposals(found, ground, lang))
    comma = say("compare.between_names", lang)
    for one in found:
        parts = list(_moves(found[0], one, ground, lang)) if one is not found[0] else []
        parts += [
            say(
                "layout.apart",
                lang,
                towns=comma.join(ground.called(town, lang) for piece in pieces for town in piece),
                lead=ground.called(lead, lang),
            )
            for lead, pieces in one.traits.apart.items()
            if pieces
        ]
        parts += (
            [say("layout.breaks", lang, wishes=comma.join(say(f"layout.broken.{word}", lang) for word in one.breaks))] if one.breaks else []
        )
        if parts:
            page.print(say("layout.line", lang, name=one.name, parts=say("compare.between", lang).join(parts)))
    tied = [row for row, lead in enumerate(ground.leads) if lead.name in wishes.leads]
    if any(ground.tied(row, tied) for row in tied):
        page.print(say("layout.tied", lang))
    page.print(say("layout.map_only", lang, tolerance=f"{wishes.tolerance * 100:g} %"))
    page.print(say("layout.judge_next", lang, name=scenario.name, where=where), soft_wrap=True)
    page.print(say("batch.folder", lang, folder=folder), soft_wrap=True)


def _proposals(found: "Sequence[Proposal]", ground: "Ground", lang: str) -> Table:
    """Lay out the traits of every layout."""
    leads = list(dict.fromkeys(lead for one in found for lead in one.traits.ratios))
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for key in ("layout.column.name", "layout.column.gap", "layout.column.minutes"):
        laid.add_column(say(key, lang), justify="left" if key.endswith("name") else "right")
    for lead in leads:
        laid.add_column(say("layout.column.carries", lang, lead=ground.called(lead, lang)), justify="right", overflow="fold")
    for key in ("layout.column.apart", "layout.column.ties", "layout.column.rather"):
        laid.add_column(say(key, lang), justify="right", overflow="fold")
    for one in found:
        ratios = ("-" if lead not in one.traits.ratios else f"{one.traits.ratios[lead]:.2f}" for lead in leads)
        ties = "-" if one.traits.ties is None else f"{one.traits.ties * 100:.1f} %"
        gap = "-" if one.gap is None else f"{one.gap * 100:.1f} %"
        apart = sum(len(pieces) for pieces in one.traits.apart.values())
        minutes = "-" if one.traits.minutes is None else f"{one.traits.minutes:.1f}"
        laid.add_row(one.name, gap, minutes, *ratios, str(apart), ties, str(len(one.traits.rather)))
    return laid


def _moves(first: "Proposal", one: "Proposal", ground: "Ground", lang: str) -> "Sequence[str]":
    """Say which towns go to which lead, beside the first layout."""
    moved: dict[int, list[str]] = {}
    for town, before, after in zip(ground.towns, first.assigned, one.assigned, strict=True):
        if before != after:
            moved.setdefault(after, []).append(ground.called(town, lang))
    comma = say("compare.between_names", lang)
    return [
        say("layout.moves", lang, towns=comma.join(towns), lead=ground.called(ground.leads[row].name, lang)) for row, towns in moved.items()
    ]


def print_judged(found: "Judged", details: "Details", further: "Further", lang: str) -> None:
    """Print the ranking, and what each layout does beside the first of the list, the present one."""
    page, ranking, compared = console(), found.ranking, found.replicated.comparison
    meant = definition(found.by)
    words = {"measure": meant.title[lang], "runs": len(compared.seeds), "scale": percent(compared.scale, lang)}
    page.print(say("layout.judged", lang, layouts=len(ranking.standings), **words), style="bold")
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for key in ("layout.column.name", "layout.column.mean", "layout.column.behind", "layout.column.best", "layout.column.word"):
        laid.add_column(say(key, lang), justify="left" if key.endswith(("name", "word")) else "right")
    for name, one in ranking.standings.items():
        behind = "" if one.verdict == "first" else gap_with_half(found.by, one.behind, (one.high - one.low) / 2, lang)
        laid.add_row(name, finer(found.by, one.mean, lang), behind, f"{one.best * 100:.0f} %", certainty(one)[lang])
    page.print(laid)
    alike = [next(iter(ranking.standings)), *ranking.alike]
    margin = gap_with_half(found.by, ranking.margin, None, lang).lstrip("+")
    if len(alike) > 1:
        page.print(say("layout.look_alikes", lang, names=say("compare.between_names", lang).join(alike), margin=margin))
    page.print(say("layout.settled" if ranking.settled else "layout.not_settled", lang, looks=ranking.looks))
    page.print(say("layout.luck_only", lang))
    if any(details.accounts.values()):
        page.print(say("layout.account.caption", lang), style="bold")
        page.print(_accounts(details, lang))
        page.print(say("layout.account.note", lang))
    for name, one in details.moving.items():
        words = {"towns": len(one.towns), "people": f"{one.people:,}", "insured": f"{one.insured:,.0f}", "ties": f"{one.ties:,.0f}"}
        page.print(say("layout.moving.line", lang, name=name, **words))
    _print_further(further, found.by, lang)
    if further.parts:
        first = next(iter(ranking.standings))
        page.print(say("compare.parts", lang, first=compared.scenarios[0], other=first), style="bold")
        page.print(parts_table(further.parts, lang))
        page.print(say("layout.parts_note", lang))


def _print_further(further: "Further", by: str, lang: str) -> None:
    """Print how steady the ranking is, and what may happen to the packages, as far as that was asked for."""
    page = console()
    for kind, one in further.steady.items():
        page.print(say("layout.steady.caption", lang, draws=one.draws), style="bold")
        page.print(_steady(kind, one, lang))
        page.print(say(f"layout.steady.note.{kind}", lang))
        page.print(ranged(one, by)[lang])
    if further.risk is not None:
        words = {"spread": f"{further.risk.spread:,.0f}", "reach": f"{further.risk.reach:,.0f}"}
        if not further.risk.cells:
            page.print(say("layout.risk.drowned", lang, **words))
            return
        page.print(say("layout.risk.caption", lang), style="bold")
        page.print(_risk(further.risk, lang))
        page.print(say("layout.risk.note", lang, **words))


def _steady(kind: str, found: "Steady", lang: str) -> Table:
    """Lay out how often each layout comes first."""
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    laid.add_column(say("layout.column.name", lang))
    for what in ("best", "close"):
        laid.add_column(say(f"layout.steady.{what}.{kind}", lang), justify="right", overflow="fold")
    for layout, share in found.best.items():
        laid.add_row(layout, f"{share * 100:.0f} %", f"{found.close[layout] * 100:.0f} %")
    return laid


def _risk(found: "Risk", lang: str) -> Table:
    """Lay out the chance and depth of an overrun."""
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for key in ("layout", "group", "package", "shared", "chance", "depth", "borne"):
        laid.add_column(say(f"layout.risk.{key}", lang), justify="left" if key in ("layout", "group") else "right", overflow="fold")
    for one in found.cells:
        shares = (f"{share * 100:g} %" for share in (one.package, one.shared))
        laid.add_row(one.layout, one.group, *shares, f"{one.chance * 100:.0f} %", f"{one.depth:,.1f}", f"{one.borne:,.1f}")
    return laid


def _accounts(details: "Details", lang: str) -> Table:
    """Lay out the groups' accounts."""
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for key in ("layout", "group", "heads", "budget", "balance", "own", "other_group", "outside"):
        laid.add_column(say(f"layout.account.{key}", lang), justify="left" if key in ("layout", "group") else "right", overflow="fold")
    for name, some in details.accounts.items():
        for one in some:
            places = (one.admitted[place].mean for place in ("own", "other_group", "outside"))
            shares = (ABSENT if share is None else f"{share * 100:.1f} %" for share in places)
            budget = ABSENT if one.budget.mean is None else f"{one.budget.mean:,.0f}"
            laid.add_row(name, one.group, f"{one.heads:,.0f}", budget, with_half(one.balance), *shares)
    return laid


def print_difference(first: str, other: str, found: "Sequence[Change]", lang: str) -> None:
    """Print in what two layouts differ, a line a town."""
    page = console()
    page.print(say("layout.difference", lang, first=first, other=other), style="bold")
    if not found:
        page.print(say("layout.same", lang))
        return
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for key in ("layout.column.town", "layout.column.people", "layout.column.before", "layout.column.after"):
        laid.add_column(say(key, lang), justify="right" if key.endswith("people") else "left")
    for one in found:
        laid.add_row(one.town.get(lang, ""), f"{one.people:,}", one.before or "-", one.after or "-")
    page.print(laid)
    people = sum(one.people for one in found)
    page.print(say("layout.moved", lang, towns=len(found), people=f"{people:,}", share=f"{100 * people / max(found[0].total, 1):.1f} %"))
