"""`tiercare trace`: follow one resident through a year, and tell it as a story with every bill."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from app import asking
from app.asking import Asked, scenario_called
from app.commands.command import Command
from app.parser import Parser
from sim.language.messages import refuse, say

if TYPE_CHECKING:
    from sim.county import County
    from sim.record import Follower
    from sim.scenario.scenario import Scenario

EXAMPLE = 5254


class Followed(NamedTuple):
    """A year lived, and the row of the resident who was followed through it."""

    county: "County"
    follower: "Follower"
    row: int


def options(parser: Parser) -> None:
    """Add what `trace` takes."""
    parser.takes("scenario", "SCENARIO", say("cli.run.scenario", parser.lang))
    parser.option("--resident", "N", say("cli.trace.resident", parser.lang))
    asking.options(parser)
    parser.option("--html", "FILE", say("cli.trace.html", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Follow the resident; returns 0."""
    asked = asking.read(given, "tiercare trace")
    if given.resident is None:
        raise refuse("trace.no_resident", "tiercare trace", example=EXAMPLE)
    html = free_file(asking.place(given.html, "--html")) if given.html is not None else None
    scenario = scenario_called(asked.scenario, asked.settings)
    number = resident(given.resident, scenario.population.registered)
    followed = follow(scenario, asked, number, lang)
    if html is not None:
        write_page(followed, html, lang)
    if given.json:
        print_json(followed, asked, lang)
    else:
        print_story(followed, html, lang)
    return 0


def free_file(file: Path) -> Path:
    """Take a file that can be written and holds nothing yet; raises UserError for another, before the work is done."""
    try:
        with file.open("x", encoding="utf-8"):
            pass
        file.unlink()
    except FileExistsError:
        raise refuse("trace.file_taken", "--html", file=str(file)) from None
    except OSError as error:
        raise refuse("trace.file_not_writable", "--html", file=str(file), reason=error.strerror or str(error)) from None
    return file


def resident(text: str, registered: int) -> int:
    """Read the number of a resident; raises UserError for one that nobody has."""
    if not (text.isascii() and text.isdigit() and len(text) <= 18 and int(text) < registered):
        raise refuse("trace.not_a_resident", "--resident", value=text, most=registered - 1)
    return int(text)


def follow(scenario: "Scenario", asked: Asked, number: int, lang: str) -> Followed:
    """Build the people, and live every day with an eye on one of them."""
    import numpy as np

    from app.screen.progress import Lived, watcher
    from experiments.running.one import live
    from sim.county import County
    from sim.record import Follower
    from sim.warming import warm

    with Lived(watcher(lang), scenario.period, lang) as shown:
        shown.begins("compiling")
        warm(scenario)
        shown.begins("building")
        county = County(scenario, seed=asked.seed, scale=asked.scale)
        row = row_of(county, number, asked.scale)
        follower = Follower(county, np.array([row]))
        county.watch = follower
        shown.begins("living")
        live(county, shown.day)
    return Followed(county, follower, row)


def row_of(county: "County", number: int, scale: float) -> int:
    """Find the row of a resident; raises UserError where he is not among the people kept at this scale."""
    import numpy as np

    person = np.asarray(county.people.person)
    row = min(int(np.searchsorted(person, number)), len(person) - 1)
    if person[row] != number:
        nearest = min((int(person[max(row - 1, 0)]), int(person[row])), key=lambda other: abs(other - number))
        raise refuse("trace.not_sampled", "--resident", value=number, people=len(person), scale=scale, near_number=nearest)
    return row


def next_busy(followed: Followed) -> int | None:
    """Name the next resident after this one who looked for care, the first again after the last; None where nobody did."""
    import numpy as np

    busy = np.flatnonzero(followed.follower.busy)
    if not len(busy):
        return None
    after = busy[busy > followed.row]
    return int(followed.county.people.person[after[0] if len(after) else busy[0]])


def print_json(followed: Followed, asked: Asked, lang: str) -> None:
    """Print the story as one JSON object."""
    from results.store.plain import as_json
    from results.telling.story import as_data

    data = as_data(followed.county, followed.follower, followed.row, lang)
    quiet = not followed.follower.busy[followed.row]
    run = {**asked._asdict(), "settings": list(asked.settings)}
    sys.stdout.write(as_json({**data, "next_resident_with_events": next_busy(followed) if quiet else None, "run": run}))


def print_story(followed: Followed, html: Path | None, lang: str) -> None:
    """Print the story, day by day, and what it came to."""
    from app.screen.screen import console
    from app.screen.story_screen import print_lines, print_totals, wrapped
    from results.telling.story import tell

    scenario, seed = followed.county.whole, followed.county.seed_number
    story, days = tell(followed.county, followed.follower, followed.row, lang), scenario.period.days
    page, when = console(), {"days": days, "start": scenario.period.start}
    page.print(say("trace.heading", lang, title=scenario.title.say(lang), name=scenario.name, seed=seed, **when), style="bold")
    page.print(f"\n{story.title}", style="bold")
    page.print(wrapped(story.who, page.width), highlight=False)
    print_lines(page, story.lines, lang)
    if not followed.follower.busy[followed.row]:
        page.print(f"\n{quiet_year(followed, bool(story.lines), days, lang)}")
    print_totals(page, story.totals, days, lang)
    if html is not None:
        page.print(say("trace.page", lang, file=html), soft_wrap=True)


def quiet_year(followed: Followed, something: bool, days: int, lang: str) -> str:
    """Say that nothing happened, or nothing but contracts, and whom to look at instead."""
    number = next_busy(followed)
    if number is None:
        return say("trace.nothing", lang, days=days)
    return say("trace.no_visits_but" if something else "trace.nothing_but", lang, days=days, number=number)


def write_page(followed: Followed, html: Path, lang: str) -> None:
    """Write the story as a page with a map."""
    from results.telling.story_page import page

    county = followed.county
    text = page(county, followed.follower, followed.row, county.whole, county.seed_number, lang)
    with free_file(html).open("x", encoding="utf-8", newline="\n") as file:
        file.write(text)


COMMAND = Command("trace", "cli.trace", "cli.trace.examples", options, act)
