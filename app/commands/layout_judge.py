"""`tiercare layout judge`: simulate layouts with the same people and luck, and rank them."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import asking
from app.commands.batch import where, where_options
from app.commands.command import Command
from app.commands.compare import FAILED, KEPT, Shown
from app.commands.layout_propose import places
from app.commands.run import nothing_collected
from app.parser import Parser, part, seconds, whole
from sim.language.messages import nearest, refuse, say

if TYPE_CHECKING:
    from experiments.comparing.origins import Origin
    from experiments.layouts.judging.details import Details
    from experiments.layouts.judging.further import Further
    from experiments.layouts.judging.judge import Judged
    from experiments.layouts.judging.risk import Risk
    from experiments.layouts.judging.steady import Steady
    from sim.scenario.scenario import Scenario

PROG = "tiercare layout judge"
RUNS, RUNS_OF_A_PART, MOST_RUNS = 20, 200, 10_000
"""Runs of each layout at most where none are asked for: of all people, of a part of them."""
DRAWS, MOST_DRAWS = 20, 1_000
"""Draws of a posterior where no number is asked for, and at most."""


def options(parser: Parser) -> None:
    """Add what `layout judge` takes."""
    lang = parser.lang
    parser.takes("words", "SCENARIO [LAYOUT ...]", say("cli.layout.judged", lang))
    parser.option("--by", "MEASURE", say("cli.layout.by", lang))
    parser.option("--margin", "M", say("cli.layout.margin", lang))
    parser.option("--runs", "N", say("cli.layout.runs", lang))
    parser.option("--scale", "F", say("cli.compare.scale", lang))
    parser.option("--posterior", "NAME", say("cli.layout.posterior", lang))
    parser.option("--draws", "N", say("cli.layout.draws", lang))
    parser.switch("--risk", say("cli.layout.risk", lang))
    parser.switch("--parts", say("cli.layout.parts", lang))
    where_options(parser)


def act(given: argparse.Namespace, lang: str) -> int:
    """Simulate and rank; returns 0, or 1 where runs have failed."""
    if not given.words:
        raise refuse("cli.wants_some", PROG, wanted="SCENARIO", words="")
    word, *files = given.words
    out = asking.place(given.out, "--out") if given.out is not None else None
    scale, limit = part(given.scale, "--scale"), seconds(given.timeout, "--timeout")
    runs = whole(given.runs, "--runs", 2, RUNS if scale == 1.0 else RUNS_OF_A_PART, MOST_RUNS)
    draws = whole(given.draws, "--draws", 2, 0 if given.posterior is None else DRAWS, MOST_DRAWS)
    with nothing_collected():
        scenario = asking.scenario_called(word, ())

        from experiments.design.posterior import draws_of
        from experiments.keeping.folder import gather, writable
        from experiments.layouts.judging.details import KEPT as WANTED
        from experiments.layouts.judging.details import VILLAGES, details_of
        from experiments.layouts.judging.further import Further
        from experiments.layouts.judging.judge import judged
    asking.enough(scenario, scale)
    by, margin = criterion(given)
    folder, pool = places(scenario, out)
    writable(folder)
    writable(pool)
    if given.posterior is not None:
        draws_of(given.posterior, draws, scenario, "--posterior")  # refused before anything is run
    words = candidates(files, scenario, word, folder)
    kept = tuple(dict.fromkeys((*KEPT, *WANTED, *((VILLAGES,) if scale == 1.0 else ()))))
    shown = Shown(lang)
    with shown:
        found = judged(
            f"layouts-{scenario.name}", words, runs, scale, pool, lambda design: where(given, design, limit), by, margin, limit,
            shown.told, shown.begins, kept,
        )  # fmt: skip
        details = details_of(found)
        further = Further(
            channels_of(found, given, limit, shown) if given.parts else {},
            steadiness_of(found, word, folder, draws, given, limit, shown) if draws else {},
            risk_of(found, details, given, limit, shown) if given.risk else None,
        )
    gather(found.replicated.batch, folder / "judged")
    tell(found, details, further, folder / "judged", given, lang)
    return FAILED if found.replicated.tally.failed else 0


def criterion(given: argparse.Namespace) -> tuple[str, float]:
    """Read what layouts are ranked by, and below which difference two are alike; raises UserError."""
    from experiments.comparing.replicated import size_of, unit_of
    from experiments.layouts.judging.judge import BY, MARGIN
    from results.measuring.definitions import definitions

    by = given.by or BY
    if by not in definitions():
        raise refuse("experiment.no_measure", "--by", value=by, near=nearest(by, definitions()))
    if definitions()[by].good == "none":
        raise refuse("layout.no_direction", "--by", value=by)
    if given.margin is None:
        if definitions()[by].unit != "share":
            raise refuse("layout.wants_margin", "--margin", value=by)
        return by, MARGIN
    margin = size_of(by, given.margin.strip())
    if margin is None:
        raise refuse("layout.no_margin", "--margin", value=given.margin, unit=unit_of(by).word or "5")
    return by, margin


def candidates(files: list[str], scenario: "Scenario", word: str, folder: Path) -> list[str]:
    """Write a scenario for each layout; returns their names or paths, the present one first. Raises UserError.

    files : layouts; none: all that was proposed for the scenario, in the folder
    """
    from experiments.layouts.files import LAYOUTS, of_file, put
    from experiments.layouts.proposing.propose import PRESENT
    from experiments.layouts.proposing.ties import WITHOUT
    from sim.scenario.layout import read_layout

    left_out = (f"{PRESENT}.yaml", f"{scenario.name}-{WITHOUT}.yaml")
    found = [asking.place(file, "") for file in files] or sorted(
        file for file in (folder / LAYOUTS).glob("*.yaml") if file.name not in left_out
    )
    if not found:
        raise refuse("layout.none_to_judge", PROG, name=scenario.name)
    layouts = [of_file(read_layout(file)) for file in found]
    names = [scenario.name, *(layout.name for layout in layouts)]
    twice = next((name for row, name in enumerate(names) if name in names[:row]), None)
    if twice is not None:
        raise refuse("experiment.twice", PROG, value=twice)
    return [word, *(str(put(folder, layout, scenario, word)) for layout in layouts)]


def channels_of(found: "Judged", given: argparse.Namespace, limit: float | None, shown: Shown) -> "dict[str, Origin]":
    """Take what the first layout does beside the present one apart by mechanism; nothing where the present one is first."""
    from experiments.comparing.replicated import headlines
    from experiments.layouts.judging.channels import channels

    done = found.replicated
    first = next(iter(found.ranking.standings))
    if first == done.comparison.scenarios[0]:
        return {}
    design = done.batch.design
    names = dict.fromkeys([found.by, *headlines(list(design.bases.values()))])
    return channels(
        design,
        first,
        done.comparison.seeds,
        list(names),
        done.batch.pool,
        lambda one: where(given, one, limit),
        limit,
        shown.told,
        shown.begins,
    )


def steadiness_of(
    found: "Judged", word: str, folder: Path, draws: int, given: argparse.Namespace, limit: float | None, shown: Shown
) -> "dict[str, Steady]":
    """Stand the layouts under other numbers and under other maps."""
    from experiments.layouts.judging.steady import Steadiness

    steady = Steadiness(found, word, folder, lambda one: where(given, one, limit), limit, shown.told, shown.begins)
    kinds = {"assumed" if given.posterior is None else "posterior": steady.of_numbers(given.posterior, draws), "map": steady.of_maps(draws)}
    return {kind: one for kind, one in kinds.items() if one is not None}


def risk_of(found: "Judged", details: "Details", given: argparse.Namespace, limit: float | None, shown: Shown) -> "Risk | None":
    """Look into the packages of those that are left."""
    from experiments.layouts.judging.risk import Risks

    where_to = lambda one: where(given, one, limit)  # noqa: E731
    return Risks(found, details.accounts, given.posterior, where_to, limit, shown.told, shown.begins).looked_into()


def tell(found: "Judged", details: "Details", further: "Further", folder: Path, given: argparse.Namespace, lang: str) -> None:
    """Write the report beside the runs, and print the ranking."""
    from app.screen.layout_page import print_judged
    from experiments.checklist.checklist import checklist
    from experiments.checklist.collected import of_comparison
    from experiments.keeping.folder import REPORT
    from experiments.layouts.ground import ground_of
    from experiments.reporting.layout_page import page
    from results.store.plain import as_json
    from results.store.run import CHECKLIST

    replicated = found.replicated
    report = page(found, ground_of(next(iter(replicated.batch.design.bases.values()))), details, further, lang)
    (folder / REPORT).write_text(report, encoding="utf-8", newline="\n")
    (folder / CHECKLIST).write_text(checklist(of_comparison(replicated, None, bool(further.parts))), encoding="utf-8", newline="\n")
    if given.json:
        sys.stdout.write(as_json({**found.as_json(), **details.as_json(), **further.as_json(), "folder": str(folder)}))
    else:
        print_judged(found, details, further, lang)
        print(say("batch.folder", lang, folder=folder))


COMMAND = Command("layout judge", "cli.layout.judge", "cli.layout.judge.examples", options, act)
