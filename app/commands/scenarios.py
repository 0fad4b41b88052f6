"""`tiercare scenarios`: list the scenarios that come with the model."""

import argparse
import sys
from pathlib import Path
from typing import Any

from app.commands.command import Command
from app.parser import Parser
from sim.language.messages import UserError, say


def options(parser: Parser) -> None:
    """Take nothing beyond what every command takes."""


def act(given: argparse.Namespace, lang: str) -> int:
    """List name, title, people and goals; a scenario at fault is listed with its first fault."""
    listed = [describe(path, lang) for path in files()]
    if given.json:
        from results.store.plain import as_json

        sys.stdout.write(as_json({"scenarios": listed}))
    else:
        print_list(listed, lang)
    return 0


def files() -> list[Path]:
    """Find the scenario files: every YAML file of scenarios/ that is not the table of sources."""
    folder = Path(__file__).parents[2] / "scenarios"
    return sorted(path for path in folder.glob("*.yaml") if path.stem != "sources")


def describe(path: Path, lang: str) -> dict[str, Any]:
    """Say what one scenario is, as plain values."""
    from results.measuring.definitions import names
    from sim.loading import load

    try:
        scenario = load(path.stem, measures=names())
    except UserError as error:
        return {"name": path.stem, "fault": error.text(lang).splitlines()[0]}
    return {
        "name": scenario.name,
        "title": scenario.title.say(lang),
        "start": scenario.period.start.isoformat(),
        "days": scenario.period.days,
        "registered": scenario.population.registered,
        "residents": scenario.population.residents,
        "mechanisms": list(scenario.mechanisms),
        "goals": {name: target.goal for name, target in scenario.targets.items()},
    }


def print_list(listed: list[dict[str, Any]], lang: str) -> None:
    """Print each scenario as a short paragraph."""
    from app.screen.screen import console
    from results.measuring.definitions import definition, written

    page = console()
    for one in listed:
        page.print(one["name"], style="bold")
        if "fault" in one:
            page.print(f"  {one['fault']}", markup=False, soft_wrap=True)
            continue
        page.print(f"  {one['title']}")
        page.print("  " + say("scenarios.people", lang, registered=f"{one['registered']:,}", residents=f"{one['residents']:,}"))
        page.print("  " + say("scenarios.period", lang, start=one["start"], days=one["days"]))
        for name, goal in one["goals"].items():
            page.print("  " + say("scenarios.goal", lang, measure=definition(name).title[lang], goal=written(name, goal, lang)))


COMMAND = Command("scenarios", "cli.scenarios", "cli.scenarios.examples", options, act)
