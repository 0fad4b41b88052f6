"""`tiercare check`: read scenarios and tell every fault at once, each with file and line."""

import argparse
import sys
from collections.abc import Sequence
from typing import NamedTuple

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
    found = {file: looked_at(file) for file in given.files}
    if given.json:
        print_json(found, lang)
    else:
        print_lines(found, lang)
    return 2 if any(one.faults for one in found.values()) else 0


class Looked(NamedTuple):
    """What there is to say of a scenario: its faults, or else what its author would want to be told."""

    faults: Sequence[Fault]
    notes: Sequence[Fault]


def looked_at(file: str) -> Looked:
    """Look a scenario over."""
    from results.measuring.definitions import names
    from sim.loading import load
    from sim.place.grid import grid_of
    from sim.scenario.notes import notes

    try:
        scenario = load(file, measures=names())
        grid_of(scenario.places.roads, scenario.tables)
    except UserError as error:
        return Looked(error.faults, ())
    return Looked((), tuple(notes(scenario)))


def print_json(found: dict[str, Looked], lang: str) -> None:
    """Print one JSON object: the faults and the notes of all files."""
    from results.store.plain import as_json

    def rows(kind: str) -> list[dict[str, str]]:
        return [
            {"file": file, "place": one.place, "key": one.key, "message": one.text(lang)}
            for file, looked in found.items()
            for one in getattr(looked, kind)
        ]

    sys.stdout.write(as_json({kind: rows(kind) for kind in Looked._fields}))


def print_lines(found: dict[str, Looked], lang: str) -> None:
    """Print a line for each fault on stderr; on stdout one for each file without, and its notes."""
    for file, looked in found.items():
        if not looked.faults:
            print(say("cli.check.none", lang, file=file))
        for note in looked.notes:
            print(say("cli.check.note", lang, note=note.text(lang)))
        for fault in looked.faults:
            print(fault.text(lang), file=sys.stderr)


COMMAND = Command("check", "cli.check", "cli.check.examples", options, act)
