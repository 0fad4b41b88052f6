"""`tiercare layout diff`: in what two layouts differ, in words and people."""

import argparse
import sys

from app import asking
from app.commands.command import Command
from app.commands.run import nothing_collected
from app.parser import Parser
from sim.language.messages import refuse, say

PROG = "tiercare layout diff"


def options(parser: Parser) -> None:
    """Add what `layout diff` takes."""
    parser.takes("files", "A.yaml B.yaml", say("cli.layout.two", parser.lang))
    parser.option("--scenario", "NAME", say("cli.layout.scenario", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Compare two layouts; returns 0."""
    if len(given.files) != 2:
        raise refuse("cli.layout.wants_two", PROG)
    with nothing_collected():
        from app.screen.layout_page import print_difference
        from experiments.layouts.difference import changes, scenario_with
        from results.store.plain import as_json
        from sim.scenario.layout import read_layout
    first, other = (read_layout(asking.place(word, "")) for word in given.files)
    scenario = scenario_with(first, other) if given.scenario is None else asking.scenario_called(given.scenario, ())
    found = changes(first, other, scenario)
    if given.json:
        rows = [{"town": one.key, "people": one.people, "before": one.before, "after": one.after} for one in found]
        sys.stdout.write(as_json({"layouts": [first.name, other.name], "towns": rows, "people": sum(one.people for one in found)}))
    else:
        print_difference(first.name, other.name, found, lang)
    return 0


COMMAND = Command("layout diff", "cli.layout.diff", "cli.layout.diff.examples", options, act)
