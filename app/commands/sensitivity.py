"""`tiercare sensitivity`: what the outcomes of an experiment hang on, and which numbers turn their verdicts."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import asking
from app.commands.batch import where, where_options
from app.commands.command import Command
from app.commands.compare import Shown
from app.commands.run import nothing_collected
from app.parser import Parser, only, seconds
from sim.language.messages import nearest, refuse, say

if TYPE_CHECKING:
    from experiments.comparing.sensed import Sensed
    from experiments.design.variants import Design

METHODS = ("morris", "sobol")
SHOWN = 12
"""Inputs printed for each outcome."""
SCALE, SEEDS = 0.05, 20
"""Share of the households and seeds where a scenario is asked about instead of an experiment."""


def options(parser: Parser) -> None:
    """Add what `sensitivity` takes."""
    parser.takes("experiment", "EXPERIMENT.yaml", say("cli.sensitivity.experiment", parser.lang))
    parser.option("--method", "morris|sobol", say("cli.sensitivity.method", parser.lang))
    where_options(parser)


def act(given: argparse.Namespace, lang: str) -> int:
    """Do the runs and tell what the outcomes hang on; returns 0."""
    word = only(given.experiment, "EXPERIMENT.yaml", "tiercare sensitivity")
    out = asking.place(given.out, "--out") if given.out is not None else None
    limit = seconds(given.timeout, "--timeout")
    method = given.method or METHODS[0]
    if method not in METHODS:
        values = {"value": method, "wanted": ", ".join(METHODS), "near": nearest(method, METHODS)}
        raise refuse("value.not_one_of", "--method", **values)
    with nothing_collected():
        from sim.loading import load  # noqa: F401  (first: pydantic reads docstrings fast while few modules are loaded)

        # isort: split
        from experiments.comparing.sensed import Doing, sensed
        from experiments.keeping.folder import places, writable
        from results.store.plain import as_json
        from results.store.pool import Pool
    planned = asked_about(word)
    folder, kept = places(planned.said.name, out)
    writable(kept)
    writable(folder)
    place = where(given, planned, limit)
    with Shown(lang, "sensitivity.started") as shown, place.executor as executor:
        found = sensed(planned, method, Doing(Pool(kept), executor, place.workers, limit, shown.told, shown.begins))
    told = leave(planned, found, folder, lang)
    if given.json:
        sys.stdout.write(as_json(told))
    else:
        print_page(planned, found, lang)
        print(say("batch.folder", lang, folder=folder))
    return 0


def asked_about(word: str) -> "Design":
    """Read the experiment, or make one that asks for all assumed numbers of a scenario; raises UserError."""
    from experiments.comparing.replicated import experiment_of
    from experiments.design.experiment import read_text
    from experiments.design.variants import Design, design
    from experiments.keeping.found import experiment_called, is_scenario

    if not is_scenario(word):
        return design(experiment_called(word))
    scenario = asking.scenario_called(word, ())
    asking.enough(scenario, SCALE)
    name = f"assumed-{scenario.name}"
    return Design(read_text(experiment_of(name, [word], range(1, SEEDS + 1), SCALE), Path(name)))


def leave(planned: "Design", found: "Sensed", folder: Path, lang: str) -> dict[str, object]:
    """Write what was found and its report into the folder of the experiment; returns what was found."""
    from experiments.keeping.folder import REPORT
    from experiments.reporting.sensitivity_page import page
    from results.report.resting import FOUND, resting_key
    from results.store.plain import as_json

    told = {**found.sensitivity.as_json(), "rests_on": {name: [one.as_json() for one in some] for name, some in found.rests_on.items()}}
    facts = {"experiment": planned.said.name, "scenario": found.scenario, "scale": planned.said.scale, "inputs": len(found.inputs)}
    kept = {**told, **facts, "key": resting_key(planned.bases[found.scenario])}
    (folder / FOUND).write_text(as_json(kept), encoding="utf-8", newline="\n")
    (folder / f"sensitivity-{REPORT}").write_text(page(planned, found, lang), encoding="utf-8", newline="\n")
    return told


def print_page(planned: "Design", found: "Sensed", lang: str) -> None:
    """Print, outcome by outcome, what it hangs on, and what turns its verdict."""
    from app.screen.screen import console
    from app.screen.sensitivity_page import effects_table, rests_table
    from results.measuring.definitions import definition

    page, sensitivity = console(), found.sensitivity
    page.print(say("sensitivity.heading", lang, name=planned.said.name, method=sensitivity.method, runs=sensitivity.runs), style="bold")
    for outcome in sensitivity.effects:
        luck = sensitivity.seed[outcome]
        page.print(f"\n{definition(outcome).title[lang]}", style="bold cyan")
        page.print(say("sensitivity.luck", lang, share="–" if luck is None else f"{100 * luck:.1f}"))
        if outcome in sensitivity.error:
            page.print(say("sensitivity.emulated", lang, missed=f"{100 * sensitivity.error[outcome]:.1f}"))
        page.print(effects_table(planned, sensitivity, outcome, SHOWN, lang))
        if found.rests_on.get(outcome):
            rests = found.rests_on[outcome]
            page.print(say("sensitivity.rests", lang, moved=len(rests), turning=sum(one.flips_at is not None for one in rests)))
            page.print(rests_table(planned, outcome, rests, lang))
    if found.left_out:
        page.print(say("sensitivity.left_out", lang, count=len(found.left_out)), style="dim")
    page.print(say("sensitivity.note", lang))


COMMAND = Command("sensitivity", "cli.sensitivity", "cli.sensitivity.examples", options, act)
