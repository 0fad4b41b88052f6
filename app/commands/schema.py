"""`tiercare schema`: the JSON Schema by which editors complete and check scenarios."""

import argparse
import sys
from pathlib import Path

from app.commands.command import Command
from app.parser import Parser
from sim.language.messages import refuse, say


def options(parser: Parser) -> None:
    """Add what `schema` takes."""
    parser.switch("--experiment", say("cli.schema.experiment", parser.lang))
    parser.option("--out", "FILE", say("cli.schema.out", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Print the schema, or write it to a file and say how an editor finds it."""
    text = written(given.experiment)
    if given.out is None:
        sys.stdout.write(text)
        return 0
    try:
        Path(given.out).write_text(text, encoding="utf-8")
    except (OSError, ValueError) as error:
        raise refuse("cli.schema.not_writable", f"--out {given.out}", reason=getattr(error, "strerror", None) or error) from None
    if given.json:
        from results.store.plain import as_json

        sys.stdout.write(as_json({"file": given.out}))
    else:
        print(say("cli.schema.written", lang, file=given.out))
    return 0


def written(experiment: bool = False) -> str:
    """Write the schema with every mechanism and measure there is; or that of experiment files."""
    if experiment:
        from experiments.design.json_schema import experiment_schema
        from results.store.plain import as_json

        return as_json(experiment_schema())
    from results.measuring.definitions import definitions
    from results.store.plain import as_json
    from sim.mechanisms import RULES
    from sim.reading.blocks import Title
    from sim.scenario.json_schema import json_schema

    titles = {name: Title(en=meant.title["en"], zh=meant.title["zh"]) for name, meant in definitions().items()}
    return as_json(json_schema(RULES, titles))


COMMAND = Command("schema", "cli.schema", "cli.schema.examples", options, act)
