"""`tiercare check`: read scenarios and tell every fault at once, each with file and line."""

import argparse
import sys

from app.commands.command import Command
from app.parser import Parser
from sim.language.messages import Fault, UserError, refuse, say


def options(parser: Parser) -> None:
    """Add what `check` takes."""
    parser.takes("files", "FILE...", say("cli.check.files", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Check each file; returns 0 where none has a fault, else 2 after telling them all."""
    if not given.files:
        raise refuse("cli.wants_some", "tiercare check", wanted="FILE", words="")
    faults = {file: faults_of(file) for file in given.files}
    if given.json:
        print_json(faults, lang)
    else:
        print_lines(faults, lang)
    return 2 if any(faults.values()) else 0


def faults_of(file: str) -> tuple[Fault, ...]:
    """Give every fault of one scenario."""
    from results.measuring.definitions import names
    from sim.loading import load
    from sim.place.grid import grid_of

    try:
        scenario = load(file, measures=names())
        grid_of(scenario.places.roads, scenario.tables)
    except UserError as error:
        return error.faults
    return ()


def print_json(faults: dict[str, tuple[Fault, ...]], lang: str) -> None:
    """Print one JSON object: the faults of all files."""
    from results.store.plain import as_json

    rows = [
        {"file": file, "place": fault.place, "key": fault.key, "message": fault.text(lang)}
        for file, found in faults.items()
        for fault in found
    ]
    sys.stdout.write(as_json({"faults": rows}))


def print_lines(faults: dict[str, tuple[Fault, ...]], lang: str) -> None:
    """Print a line for each fault on stderr, and one on stdout for each file without."""
    for file, found in faults.items():
        if not found:
            print(say("cli.check.none", lang, file=file))
        for fault in found:
            print(fault.text(lang), file=sys.stderr)


COMMAND = Command("check", "cli.check", "cli.check.examples", options, act)
