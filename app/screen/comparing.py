"""Read what a command that compares runs was asked, and show how far the runs are."""

import argparse
from collections.abc import Callable
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from app import asking
from app.parser import part, whole
from results.measuring.definitions import with_unit
from sim.language.messages import say

if TYPE_CHECKING:
    from sim.scenario.scenario import Scenario

RUNS, MOST_RUNS = 4, 1_000
Result = TypeVar("Result")


class Asked(NamedTuple):
    """What the command line asks for."""

    settings: tuple[str, ...]
    seeds: tuple[int, ...]
    scale: float


def read(given: argparse.Namespace, scale: float) -> Asked:
    """Check what was given; raises UserError for a value that cannot be.

    scale : share of the households where none was asked for
    """
    runs = whole(given.runs, "--runs", 1, RUNS, MOST_RUNS)
    first = whole(given.seed, "--seed", 0, 1)
    asked = scale if given.scale is None else part(given.scale, "--scale")
    return Asked(asking.days_set(given.days), tuple(range(first, first + runs)), asked)


def scenario_called(name: str, asked: Asked) -> "Scenario":
    """Read the scenario; raises UserError where it has faults, or where next to nobody would be left."""
    scenario = asking.scenario_called(name, asked.settings)
    asking.enough(scenario, asked.scale)
    return scenario


def watched(scenario: "Scenario", told: str, runs: int, work: Callable[[Callable[[int], object]], Result], lang: str) -> Result:
    """Compile what is not compiled yet, say what is about to be done, do it, and show how far it is.

    told : what is about to be done;  work : does it, and calls what it is given with the number of runs done
    """
    from app.screen.progress import watcher
    from sim.warming import warm

    with watcher(lang, "cli.explain.runs_done") as shown:
        shown.phase(say("run.compiling", lang), 1)
        warm(scenario)
        shown.phase(told, 1)
        shown.phase(say("cli.explain.running", lang), runs)
        return work(shown.at)


def percent(share: float, lang: str) -> str:
    """Write a share of the households."""
    return with_unit(f"{share * 100:g}", "%", lang)
