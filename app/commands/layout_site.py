"""`tiercare layout site`: where more beds, doctors or posted experts would help, and where it stops."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import asking
from app.commands.batch import where, where_options
from app.commands.command import Command
from app.commands.compare import FAILED, Shown
from app.commands.layout_judge import MOST_RUNS, RUNS, RUNS_OF_A_PART, criterion
from app.commands.layout_propose import one_of, places
from app.commands.run import nothing_collected
from app.parser import Parser, only, part, seconds, whole
from sim.language.messages import refuse, say

if TYPE_CHECKING:
    from experiments.layouts.siting.site import Site, Sited

PROG = "tiercare layout site"
MOST, NUMBER, MOST_PLACES = 10_000, 5, 12
"""Units at most; places tried where no number is asked for, and at most."""
NOT_YET = "ambulances"
USUAL = {
    "beds": ("in_county_admission_share_insured", "0.2 pp"),
    "doctors": ("mean_wait_minutes", "0.1 min"),
    "experts": ("primary_visit_share_ex_village", "0.2 pp"),
}
"""What places are ranked by where nothing is asked for, and below which difference two are alike (assumed)."""


def options(parser: Parser) -> None:
    """Add what `layout site` takes."""
    lang = parser.lang
    parser.takes("scenario", "SCENARIO", say("cli.run.scenario", lang))
    parser.option("--what", "beds|doctors|experts", say("cli.layout.what", lang))
    parser.option("--amount", "N", say("cli.layout.amount", lang))
    parser.option("--number", "K", say("cli.layout.places", lang))
    parser.option("--by", "MEASURE", say("cli.layout.site_by", lang))
    parser.option("--margin", "M", say("cli.layout.site_margin", lang))
    parser.option("--runs", "N", say("cli.layout.runs", lang))
    parser.option("--scale", "F", say("cli.compare.scale", lang))
    where_options(parser)


def act(given: argparse.Namespace, lang: str) -> int:
    """Look for the place; returns 0, or 1 where runs have failed."""
    word = only(given.scenario, "SCENARIO", PROG)
    out = asking.place(given.out, "--out") if given.out is not None else None
    scale, limit = part(given.scale, "--scale"), seconds(given.timeout, "--timeout")
    runs = whole(given.runs, "--runs", 2, RUNS if scale == 1.0 else RUNS_OF_A_PART, MOST_RUNS)
    number = whole(given.number, "--number", 1, NUMBER, MOST_PLACES)
    with nothing_collected():
        scenario = asking.scenario_called(word, ())

        from experiments.keeping.folder import gather, writable
        from experiments.layouts.siting.needs import WHAT
        from experiments.layouts.siting.site import Site
    if given.what == NOT_YET:
        raise refuse("layout.site.no_ambulances", "--what")
    if given.what is None or given.amount is None:
        raise refuse("layout.site.wants", PROG)
    what, amount = one_of(given.what, "--what", WHAT, ""), whole(given.amount, "--amount", 1, 1, MOST)
    asking.enough(scenario, scale)
    if given.by is None:
        given.by, usual = USUAL[what]
        given.margin = given.margin or usual
    by, margin = criterion(given)
    folder, pool = places(scenario, out)
    folder = folder / f"site-{what}"
    writable(folder)
    writable(pool)
    with Shown(lang) as shown:
        site = Site(
            scenario, word, what, amount, scale, folder, pool,  # type: ignore[arg-type]
            lambda design: where(given, design, limit), limit, shown.told, shown.begins,
        )  # fmt: skip
        found = site.sited(site.candidates(number), runs, by, margin)
    gather(found.judged.replicated.batch, folder / "judged")
    tell(found, site, folder / "judged", given, lang)
    return FAILED if found.judged.replicated.tally.failed else 0


def tell(found: "Sited", site: "Site", folder: Path, given: argparse.Namespace, lang: str) -> None:
    """Write the report beside the runs, and print what was found."""
    from app.screen.site_page import print_sited
    from experiments.checklist.checklist import checklist
    from experiments.checklist.collected import of_comparison
    from experiments.keeping.folder import REPORT
    from experiments.reporting.site_page import page
    from results.store.plain import as_json
    from results.store.run import CHECKLIST

    (folder / REPORT).write_text(page(found, site, lang), encoding="utf-8", newline="\n")
    (folder / CHECKLIST).write_text(checklist(of_comparison(found.judged.replicated, None, False)), encoding="utf-8", newline="\n")
    if given.json:
        sys.stdout.write(as_json({**found.as_json(), "folder": str(folder)}))
    else:
        print_sited(found, site, lang)
        print(say("batch.folder", lang, folder=folder))


COMMAND = Command("layout site", "cli.layout.site", "cli.layout.site.examples", options, act)
