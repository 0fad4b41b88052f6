"""Read what every command that runs one county is asked: scenario, days, settings, seed, scale."""

import argparse
import json
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app.parser import Parser, only, part, whole
from sim.language.messages import UserError, refuse, say

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario


class Asked(NamedTuple):
    """One run, as the command line asks for it."""

    scenario: str
    settings: tuple[str, ...]
    seed: int
    scale: float


def options(parser: Parser) -> None:
    """Add the options of one run."""
    parser.option("--days", "N", say("cli.run.days", parser.lang))
    parser.option("--seed", "N", say("cli.run.seed", parser.lang))
    parser.option("--scale", "F", say("cli.run.scale", parser.lang))
    parser.option("--layout", "FILE", say("cli.run.layout", parser.lang))
    parser.repeated("--set", "a.b.c=VALUE", say("cli.run.set", parser.lang))


def read(given: argparse.Namespace, prog: str) -> Asked:
    """Check what was given; raises UserError for a value that cannot be."""
    name, settings = only(given.scenario, "SCENARIO", prog), (*layout_set(given.layout), *given.set, *days_set(given.days))
    return Asked(name, settings, whole(given.seed, "--seed", 0, 1), part(given.scale, "--scale"))


def layout_set(file: str | None) -> tuple[str, ...]:
    """Write the layout asked for as a setting; none where none was asked for."""
    return () if file is None else (f"layout={json.dumps(file, ensure_ascii=False)}",)


def days_set(days: str | None) -> tuple[str, ...]:
    """Write the number of days asked for as a setting; none where none was asked for; raises UserError for another than a year has."""
    return () if days is None else (f"period.days={whole(days, '--days', 1, 365)}",)


def scenario_called(name: str, settings: tuple[str, ...]) -> "Scenario":
    """Load a scenario whose goals are to be measured; raises UserError with all its faults."""
    from results.measuring.definitions import names
    from sim.loading import load

    return load(name, settings, names())


def place(text: str, option: str) -> Path:
    """Read where something is to be written; raises UserError for a home that does not exist."""
    try:
        return Path(text).expanduser()
    except RuntimeError:
        raise refuse("store.no_home", option, folder=text) from None


def enough(scenario: "Scenario", scale: float) -> None:
    """Refuse a scale at which next to nobody is left; raises UserError."""
    from experiments.running.one import too_few

    fault = too_few(scenario, scale, "--scale")
    if fault is not None:
        raise UserError([fault])
