"""`tiercare explain SCENARIO --experiments`: virtual experiments inside the model beside what studies found, as a table."""

import argparse
import sys
from typing import TYPE_CHECKING, Literal

from app.screen.comparing import Asked, percent, read, scenario_called, watched
from sim.language.messages import say

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from experiments.virtual.virtual import Found, Study, Virtual
    from sim.scenario.scenario import Scenario

SCALE = 0.05
"""Share of the households where none is asked for."""
HUNDREDFOLD = ("share", "points", "change")
"""Units written in percent."""


def show(name: str, given: argparse.Namespace, lang: str) -> int:
    """Do the experiments, and print them."""
    asked = read(given, SCALE)
    scenario = scenario_called(name, asked)
    found = done(name, scenario, asked, lang)
    if given.json:
        from results.store.plain import as_json

        sys.stdout.write(as_json(found.as_json()))
    else:
        print_page(scenario, found, lang)
    return 0


def done(name: str, scenario: "Scenario", asked: Asked, lang: str) -> "Virtual":
    """Say what is about to be run, and run it."""
    from experiments.running import processes
    from experiments.virtual.pilots import versions
    from experiments.virtual.virtual import runs_needed, virtual

    plans, workers, runs = versions(name, asked.settings), processes.processes(), runs_needed(len(asked.seeds))
    told = say("virtual.started", lang, runs=runs, scale=percent(asked.scale, lang), seeds=len(asked.seeds), processes=workers)
    return watched(scenario, told, runs, lambda at: virtual(scenario, plans, asked.seeds, asked.scale, workers, at), lang)


def print_page(scenario: "Scenario", found: "Virtual", lang: str) -> None:
    """Print the table, which parameters it rests on, and what to bear in mind."""
    from app.screen.screen import console

    page = console()
    words = {"title": scenario.title.say(lang), "name": found.scenario, "seeds": len(found.seeds)}
    page.print(say("virtual.heading", lang, scale=percent(found.scale, lang), **words), style="bold")
    page.print(table(scenario, found, lang))
    print_notes(page, scenario, found, lang)


def print_notes(page: "Console", scenario: "Scenario", found: "Virtual", lang: str) -> None:
    """Print what the values rest on, what a verdict means, how far luck reaches, and which rules were borrowed."""
    from experiments.virtual.pilots import DONOR, SWITCHES, concerned
    from results.telling.meaning import called_below, label
    from sim.mechanisms import RULES

    paths = dict.fromkeys(path for one in found.found.values() for path in one.study.rests_on)
    told = say("explain.comma", lang).join(called_below(path, RULES, lang) for path in paths)
    page.print(say("virtual.rests_on", lang, paths=told))
    page.print(say("virtual.two_sd", lang))
    page.print(say("parts.intervals" if len(found.seeds) > 1 else "parts.one_seed", lang))
    for mechanism in map(concerned, SWITCHES.values()):
        if mechanism not in scenario.mechanisms:
            words = {"mechanism": label(f"mechanisms.{mechanism}", RULES, lang), "donor": DONOR}
            page.print(say("virtual.borrowed", lang, **words))


def table(scenario: "Scenario", found: "Virtual", lang: str) -> "Table":
    """Lay out experiment, model, study, source, verdict."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table
    from rich.text import Text

    laid = Table(box=SIMPLE_HEAD, pad_edge=False)
    for key in ("experiment", "model", "reference", "source", "verdict"):
        justify: Literal["left", "right"] = "right" if key in ("model", "reference") else "left"
        laid.add_column(say(f"virtual.column.{key}", lang), justify=justify, no_wrap=key not in ("experiment", "source"), overflow="fold")
    for one in found.found.values():
        study = one.study
        cells = (study.title[lang], model(one, lang), reference(study), source(scenario, study, lang), verdict(one, lang))
        laid.add_row(*(Text(cell) for cell in cells))
    return laid


def source(scenario: "Scenario", study: "Study", lang: str) -> str:
    """Name the study: by its key in English, which `sources` explains, by its title in Chinese."""
    if study.source is None or lang == "en":
        return study.source or ""
    return scenario.source_called(study.source).title.say(lang)


def size(value: float, unit: str) -> str:
    """Write a number of some unit, without the unit; changes with their sign."""
    number = value * 100 if unit in HUNDREDFOLD else value
    decimals = 1 if unit in HUNDREDFOLD else 3 if unit == "number" else 2
    return f"{number:+.{decimals}f}" if unit in ("points", "change") else f"{number:.{decimals}f}"


def model(one: "Found", lang: str) -> str:
    """Write what the model says, and how far luck reaches."""
    value, unit = one.value, one.study.unit
    if value.mean is None:
        return say("virtual.nothing", lang)
    spread = "" if value.half is None else f" ±{size(value.half, unit).lstrip('+')}"
    return say(f"virtual.unit.{unit}", lang, size=f"{size(value.mean, unit)}{spread}")


def reference(study: "Study") -> str:
    """Write what the study found in the unit of the model's value, and how sure it is."""
    if study.reference is None:
        return ""
    sure = "" if study.sd is None else f" ({size(study.sd, study.unit).lstrip('+')})"
    return f"{size(study.reference, study.unit)}{sure}"


def verdict(one: "Found", lang: str) -> str:
    """Say in a mark and words whether model and study agree."""
    if one.study.reference is None:
        return ""
    if one.matched is None:
        return f"· {say('virtual.unjudged', lang)}"
    return f"✓ {say('virtual.matched', lang)}" if one.matched else f"✗ {say('virtual.not_matched', lang)}"
