"""`tiercare compare`: the same people under each scenario, and what differs."""

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import asking
from app.commands.batch import where, where_options
from app.commands.command import Command
from app.commands.run import nothing_collected
from app.parser import Parser, part, seconds, whole
from sim.language.messages import refuse, say

if TYPE_CHECKING:
    from experiments.comparing.origins import Origin
    from experiments.comparing.replicated import Precision, Replicated
    from experiments.running.batch import Batch, Progress
    from sim.scenario.scenario import Scenario

RUNS, RUNS_OF_A_PART, MOST_RUNS, MOST_WITH_PRECISION = 6, 20, 10_000, 200
"""Runs of each scenario where none are asked for: of all people (six tell as much as a hundred of a twentieth), of a part of them."""
KEPT = ("residents", "daily", "flows", "monthly_facilities")
"""Tables kept of every run, from which the page is drawn."""
FAILED = 1


def options(parser: Parser) -> None:
    """Add what `compare` takes."""
    lang = parser.lang
    parser.takes("scenarios", "A B ...", say("cli.compare.scenarios", lang))
    parser.option("--runs", "N", say("cli.compare.runs", lang))
    parser.option("--scale", "F", say("cli.compare.scale", lang))
    parser.option("--precision", "MEASURE=HALF", say("cli.compare.precision", lang))
    parser.switch("--parts", say("cli.compare.parts", lang))
    where_options(parser)


def act(given: argparse.Namespace, lang: str) -> int:
    """Run the scenarios and compare them; returns 0, or 1 where runs have failed."""
    if len(given.scenarios) < 2:
        raise refuse("cli.compare.two", "tiercare compare")
    out = asking.place(given.out, "--out") if given.out is not None else None
    scale = part(given.scale, "--scale")
    usual = MOST_WITH_PRECISION if given.precision is not None else RUNS if scale == 1.0 else RUNS_OF_A_PART
    runs = whole(given.runs, "--runs", 2, usual, MOST_RUNS)
    limit = seconds(given.timeout, "--timeout")
    with nothing_collected():
        scenarios = [asking.scenario_called(word, ()) for word in given.scenarios]

        from experiments.comparing.replicated import precision_of, replicated
        from experiments.keeping.folder import gather, places, writable
    for scenario in scenarios:
        asking.enough(scenario, scale)
    different(scenarios)
    precision = None if given.precision is None else precision_of(given.precision)
    folder, pool = places(name_of(scenarios), out)
    writable(pool)
    shown = Shown(lang)
    with shown:
        found = replicated(
            name_of(scenarios), given.scenarios, runs, scale, pool, lambda design: where(given, design, limit), precision, limit,
            shown.told, shown.begins, KEPT,
        )  # fmt: skip
        parts = origins_of(found, scenarios, given, limit, shown) if given.parts else {}
    gather(found.batch, folder)
    tell(found, scenarios, parts, precision, folder, given, lang)
    return FAILED if found.tally.failed else 0


def tell(
    found: "Replicated",
    scenarios: "list[Scenario]",
    parts: "dict[str, dict[str, Origin]]",
    precision: "Precision | None",
    folder: Path,
    given: argparse.Namespace,
    lang: str,
) -> None:
    """Write report and checklist beside the runs, and print what was found."""
    from app.screen.compare_page import print_page
    from experiments.checklist.checklist import checklist
    from experiments.checklist.collected import of_comparison
    from experiments.keeping.folder import REPORT
    from experiments.reporting.compare_page import page
    from results.store.plain import as_json
    from results.store.run import CHECKLIST

    (folder / REPORT).write_text(page(found, scenarios, lang, parts), encoding="utf-8", newline="\n")
    (folder / CHECKLIST).write_text(checklist(of_comparison(found, precision, bool(parts))), encoding="utf-8", newline="\n")
    if given.json:
        told = {other: {name: one.as_json() for name, one in some.items()} for other, some in parts.items()}
        sys.stdout.write(as_json({**found.comparison.as_json(), "folder": str(folder), **({"parts": told} if given.parts else {})}))
    else:
        print_page(found, scenarios, parts, lang)
        print(say("batch.folder", lang, folder=folder))


def origins_of(
    found: "Replicated", scenarios: "list[Scenario]", given: argparse.Namespace, limit: float | None, shown: "Shown"
) -> "dict[str, dict[str, Origin]]":
    """Take the differences of every other scenario apart by mechanism."""
    from experiments.comparing.origins import origins
    from experiments.comparing.replicated import headlines

    design, batch = found.batch.design, found.batch
    names, seeds = headlines(scenarios), found.comparison.seeds
    others = found.comparison.scenarios[1:]
    return {
        other: origins(design, other, seeds, names, batch.pool, lambda one: where(given, one, limit), limit, shown.told, shown.begins)
        for other in others
    }


def different(scenarios: "list[Scenario]") -> None:
    """Refuse two scenarios of one name; raises UserError."""
    names = [scenario.name for scenario in scenarios]
    twice = next((name for row, name in enumerate(names) if name in names[:row]), None)
    if twice is not None:
        raise refuse("experiment.twice", "tiercare compare", value=twice)


def name_of(scenarios: "list[Scenario]") -> str:
    """Name the experiment that a comparison is."""
    joined = "-".join(scenario.name for scenario in scenarios)
    return f"compare-{re.sub(r'[^A-Za-z0-9_-]+', '-', joined)}"[:80]


class Shown:
    """Shows how far the runs are, round by round; entered while it is shown."""

    def __init__(self, lang: str, started: str = "compare.started") -> None:
        """started : the message that says what begins"""
        from app.screen.progress import watcher

        self._watcher, self._lang, self._started = watcher(lang, "cli.explain.runs_done"), lang, started
        self._is_ready = False

    def __enter__(self) -> "Shown":
        self._watcher.__enter__()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self._watcher.__exit__(None, None, None)
        if kind is KeyboardInterrupt:
            raise KeyboardInterrupt(say("compare.stopped", self._lang)) from None

    def begins(self, batch: "Batch") -> None:
        """Begin a round of runs."""
        from sim.warming import ready

        if not batch.new:
            return
        if not self._is_ready:
            self._watcher.phase(say("run.compiling", self._lang), 1)
            ready(next(iter(batch.design.bases.values())))
            self._is_ready = True
        seeds = len({planned.seed for planned in batch.rows()})
        told = say(self._started, self._lang, scenarios=len(batch.variants), seeds=seeds, new=len(batch.new))
        self._watcher.phase(told, len(batch.new))

    def told(self, progress: "Progress") -> None:
        """Say how far the round is."""
        self._watcher.at(progress.done + progress.failed)


COMMAND = Command("compare", "cli.compare", "cli.compare.examples", options, act)
