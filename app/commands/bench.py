"""`tiercare bench`: measure the model beside SimPy and beside plain Mesa objects, in the same process."""

import argparse
import sys

from app.commands.command import Command
from app.parser import Parser
from sim.messages import say


def options(parser: Parser) -> None:
    """Take nothing beyond what every command takes."""


def act(given: argparse.Namespace, lang: str) -> int:
    """Measure, print and record the figures; returns 0."""
    print(say("bench.started", lang), file=sys.stderr, flush=True)
    from experiments.bench import bench
    from results.store import as_json

    figures = bench()
    if given.json:
        sys.stdout.write(as_json(figures))
        return 0
    width = max(map(len, figures), default=0)
    for name, figure in figures.items():
        print(f"{name:<{width}}  {f'{figure:,.4g}' if isinstance(figure, float) else figure}")
    return 0


COMMAND = Command("bench", "cli.bench", "cli.bench.examples", options, act)
