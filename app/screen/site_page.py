"""Print where more would help: the places most in need, what more does at each, and where it stops."""

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.screen.comparing import percent
from app.screen.screen import console
from experiments.comparing.finding import gap_with_half
from experiments.layouts.ranking import word_for
from results.measuring.definitions import ABSENT, definition, with_unit
from results.measuring.definitions import words as table_words
from sim.language.messages import say

if TYPE_CHECKING:
    from experiments.layouts.site import Site, Sited, Step


def print_sited(found: "Sited", site: "Site", lang: str) -> None:
    """Print the candidates in the order of the ranking, the steps at the best of them, and where they stop."""
    page, compared = console(), found.judged.replicated.comparison
    words = {"measure": definition(found.judged.by).title[lang], "runs": len(compared.seeds), "scale": percent(compared.scale, lang)}
    page.print(say("layout.site.heading", lang, amount=found.amount, what=say(f"layout.site.{found.what}", lang), **words), style="bold")
    page.print(_candidates(found, site, lang))
    page.print(say(f"layout.site.short.{found.what}", lang))
    if found.best is None:
        page.print(say("layout.site.nowhere", lang))
    else:
        place = site.called(found.candidates[found.best].name, lang)
        page.print(say("layout.site.steps", lang, place=place), style="bold")
        page.print(_steps(found, lang))
        page.print(told_of_end(found, lang))
    page.print(say("layout.luck_only", lang))
    if compared.scale < 1:
        page.print(say("experiment.page.scaled", lang, scale=f"{compared.scale * 100:g}"))


def told_of_end(found: "Sited", lang: str) -> str:
    """Say where more stops to help at the best place."""
    margin = gap_with_half(found.judged.by, found.judged.ranking.margin, None, lang).lstrip("+")
    words = {"amount": found.amount, "what": say(f"layout.site.{found.what}", lang), "margin": margin}
    if found.stops is not None:
        return say("layout.site.stops" if found.stops else "layout.site.none", lang, stop=found.stops, **words)
    last = found.steps[-1]
    return say("layout.site.goes_on" if last.verdict == "gains" else "layout.site.open", lang, stop=last.amount, what=words["what"])


def _candidates(found: "Sited", site: "Site", lang: str) -> Table:
    """Lay out what more does at each place."""
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for key in ("place", "short", "gain", "each", "best", "word"):
        laid.add_column(say(f"layout.site.column.{key}", lang), justify="left" if key in ("place", "word") else "right", overflow="fold")
    for name in (name for name in found.judged.ranking.standings if name in found.candidates):
        one, gap = found.candidates[name], found.gain(name)
        short = f"{sum(need.short for need in one.needs):,.0f}"
        chance = f"{found.judged.ranking.standings[name].best * 100:.0f} %"
        gain = gap_with_half(found.judged.by, gap.mean, gap.half, lang)
        each = ABSENT if gap.mean is None else finest(found.judged.by, gap.mean / found.amount, lang)
        word = say(f"layout.site.word.{word_for(gap.better or 0.0)}", lang)
        laid.add_row(site.called(one.name, lang), short, gain, each, chance, word)
    return laid


def _steps(found: "Sited", lang: str) -> Table:
    """Lay out what each step from one amount to the next does."""
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for key in ("amount", "step", "each", "verdict"):
        laid.add_column(say(f"layout.site.column.{key}", lang), justify="left" if key == "verdict" else "right")
    for one in found.steps:
        signed = 1.0 if definition(found.judged.by).good == "up" else -1.0
        gain = gap_with_half(found.judged.by, signed * (one.gain.mean or 0.0), one.gain.half, lang)
        each = finest(found.judged.by, signed * one.each, lang)
        laid.add_row(f"{one.before:,} → {one.amount:,}", gain, each, verdict(one, lang))
    return laid


def verdict(step: "Step", lang: str) -> str:
    """Say in words what a step does."""
    return say({"gains": "layout.site.step.gains", "stops": "layout.site.step.stops", "open": "layout.site.step.open"}[step.verdict], lang)


def finest(name: str, value: float, lang: str) -> str:
    """Write a small difference with three figures: shares in points."""
    meant = definition(name)
    unit = table_words("units", "points" if meant.in_percent else meant.unit, lang)
    return with_unit(f"{value * (100 if meant.in_percent else 1):+.3g}", unit, lang)
