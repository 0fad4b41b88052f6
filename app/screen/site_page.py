"""Print where more would help: the places most in need, what more does at each, and where it stops."""

from typing import TYPE_CHECKING

from rich.box import SIMPLE_HEAD
from rich.table import Table

from app.screen.screen import console
from experiments.reporting.site_page import SHORT, heading, place_cells, ranked, step_cells, told_of_end
from sim.language.messages import say

if TYPE_CHECKING:
    from experiments.layouts.siting.site import Site, Sited


def print_sited(found: "Sited", site: "Site", lang: str) -> None:
    """Print the candidates in the order of the ranking, the steps at the best of them, and where they stop."""
    page, compared = console(), found.judged.replicated.comparison
    page.print(heading(found, lang), style="bold")
    page.print(_candidates(found, site, lang))
    page.print(say(SHORT[found.what], lang))
    if found.best is not None:
        page.print(say("layout.site.steps", lang, place=site.called(found.candidates[found.best].name, lang)), style="bold")
        page.print(_steps(found, lang))
    page.print(told_of_end(found, lang))
    page.print(say("layout.luck_only", lang))
    if compared.scale < 1:
        page.print(say("experiment.page.scaled", lang, scale=f"{compared.scale * 100:g}"))


def _candidates(found: "Sited", site: "Site", lang: str) -> Table:
    """Lay out what more does at each place."""
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for key in ("place", "short", "gain", "each", "best", "word"):
        laid.add_column(say(f"layout.site.column.{key}", lang), justify="left" if key in ("place", "word") else "right", overflow="fold")
    for name in ranked(found):
        laid.add_row(site.called(found.candidates[name].name, lang), *place_cells(found, name, lang))
    return laid


def _steps(found: "Sited", lang: str) -> Table:
    """Lay out what each step from one amount to the next does."""
    laid = Table(box=SIMPLE_HEAD, show_edge=False, padding=(0, 1, 0, 0))
    for key in ("amount", "step", "each", "verdict"):
        laid.add_column(say(f"layout.site.column.{key}", lang), justify="left" if key == "verdict" else "right")
    for step in found.steps:
        laid.add_row(*step_cells(found, step, lang))
    return laid
