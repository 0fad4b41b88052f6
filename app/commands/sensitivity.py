"""`tiercare sensitivity`: what the outcomes of an experiment hang on, and which numbers turn their verdicts."""

import argparse
import sys
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


def options(parser: Parser) -> None:
    """Add what `sensitivity` takes."""
    parser.takes("experiment", "EXPERIMENT.yaml", say("cli.batch.experiment", parser.lang))
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
        from experiments.design.variants import design
        from experiments.keeping.folder import places, writable
        from experiments.keeping.found import experiment_called
        from results.store.plain import as_json
        from results.store.pool import Pool
    planned = design(experiment_called(word))
    folder, kept = places(planned.said.name, out)
    writable(kept)
    writable(folder)
    place = where(given, planned, limit)
    with Shown(lang, "sensitivity.started") as shown, place.executor as executor:
        found = sensed(planned, method, Doing(Pool(kept), executor, place.workers, limit, shown.told, shown.begins))
    rests = {name: [one.as_json() for one in some] for name, some in found.rests_on.items()}
    told = {**found.sensitivity.as_json(), "rests_on": rests}
    (folder / "sensitivity.json").write_text(as_json(told), encoding="utf-8", newline="\n")
    if given.json:
        sys.stdout.write(as_json(told))
    else:
        print_page(planned, found, lang)
        print(say("batch.folder", lang, folder=folder))
    return 0


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
            page.print(say("sensitivity.rests", lang))
            page.print(rests_table(planned, outcome, found.rests_on[outcome], lang))
    page.print(say("sensitivity.note", lang))


COMMAND = Command("sensitivity", "cli.sensitivity", "cli.sensitivity.examples", options, act)
