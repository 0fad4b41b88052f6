"""`tiercare run`: simulate one scenario, print its measures beside its goals, and write the run folder."""

import argparse
import gc
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from app import asking
from app.asking import enough, scenario_called
from app.commands.command import Command
from app.parser import Parser
from sim.language.messages import say

if TYPE_CHECKING:
    from experiments.running.one import Written
    from sim.scenario.scenario import Scenario


def options(parser: Parser) -> None:
    """Add what `run` takes."""
    parser.takes("scenario", "SCENARIO", say("cli.run.scenario", parser.lang))
    asking.options(parser)
    parser.option("--out", "DIR", say("cli.run.out", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Run the scenario; returns 0."""
    asked = asking.read(given, "tiercare run")
    out = asking.place(given.out, "--out") if given.out is not None else None
    with nothing_collected():
        scenario = scenario_called(asked.scenario, asked.settings)  # before the world is loaded: a faulty one is told sooner

        from app.screen.progress import Lived, watcher
        from experiments.running.one import written
    enough(scenario, asked.scale)
    tell_beforehand(asked, scenario, lang)
    shown = Lived(watcher(lang), scenario.period, lang)
    with shown:
        words = (asked.scenario, asked.settings)
        done = written(scenario, asked.seed, asked.scale, out, lang, shown.day, shown.begins, words)
    if given.json:
        print_json(done)
    else:
        print_page(done, lang)
    return 0


def tell_beforehand(asked: asking.Asked, scenario: "Scenario", lang: str) -> None:
    """Say on stderr what the user would want to know before the run: compiled code that is not kept, a run folder that was changed."""
    from sim.arithmetic.compiled import lasts

    if not lasts():
        print(say("run.not_kept", lang), file=sys.stderr)
    if asked.settings == () and changed_since(Path(asked.scenario), scenario):
        print(say("store.changed", lang), file=sys.stderr)


def changed_since(file: Path, scenario: "Scenario") -> bool:
    """Say whether a scenario of a run folder, or a table of it, is another than when that run was made."""
    from results.store.origin import hash_of_inputs
    from results.store.run import FACTS, SCENARIO

    try:
        facts = json.loads((file.parent / FACTS).read_text(encoding="utf-8")) if file.name == SCENARIO else {}
        return bool(facts) and hash_of_inputs(scenario.fingerprint(), facts["seed"], facts["scale"]) != facts["inputs"]
    except (OSError, ValueError, KeyError, TypeError):
        return False


@contextmanager
def nothing_collected() -> Iterator[None]:
    """Put garbage collection off while modules load: that makes many objects and no garbage, and saves a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def print_json(done: "Written") -> None:
    """Print the measures flat and what the run took, as one JSON object."""
    from results.store.plain import as_json
    from results.store.run import REPORT

    run = {name: done.run.facts[name] for name in ("wall_seconds", "peak_memory_mb", "seed", "versions")}
    told = {**run, "folder": str(done.folder), "report": str(done.folder / REPORT)}
    sys.stdout.write(as_json({**done.run.measures, "run": told}))


def print_page(done: "Written", lang: str) -> None:
    """Print the measures beside the goals, what to bear in mind, and where the run folder is."""
    from app.screen.screen import Goal, console, measures_table
    from results.measuring.definitions import FULL_YEAR, holding
    from results.store.run import REPORT

    scenario, facts = done.run.scenario, done.run.facts
    goals = {name: Goal(target.goal, target.tolerance) for name, target in scenario.targets.items()}
    days = scenario.period.days
    page = console()
    page.print(say("run.heading", lang, title=scenario.title.say(lang), name=scenario.name, days=days, seed=facts["seed"]), style="bold")
    page.print(measures_table(done.run.measures, goals, days, lang, facts["scale"]))
    if days < FULL_YEAR:
        page.print(say("report.not_a_year", lang, days=days))
    if not scenario.fitted_here:
        page.print(say("report.not_fitted", lang, count=scenario.fitted_elsewhere))
    if facts["scale"] < 1:
        page.print(say("report.scaled", lang, scale=facts["scale"], **holding()))
    page.print(say("run.took", lang, seconds=f"{facts['wall_seconds']:.1f}"))
    page.print(say("run.folder", lang, folder=done.folder), soft_wrap=True)
    page.print(say("run.report", lang, file=done.folder / REPORT), soft_wrap=True)


COMMAND = Command("run", "cli.run", "cli.run.examples", options, act)
