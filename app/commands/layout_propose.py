"""`tiercare layout propose`: layouts worth judging, the present one first."""

import argparse
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import asking
from app.commands.batch import where, where_options
from app.commands.command import Command
from app.commands.compare import Shown
from app.commands.run import nothing_collected
from app.parser import Parser, only, part, seconds, whole
from sim.language.messages import Fault, UserError, nearest, refuse, say

if TYPE_CHECKING:
    from experiments.layouts.ground import Ground
    from experiments.layouts.proposing.wishes import Wishes
    from sim.scenario.scenario import Scenario

PROPOSED = re.compile(r"[a-z]+(-\d+)?")
"""Names that proposals are given; layouts of other names are somebody's own."""
PROG, NUMBER, MOST = "tiercare layout propose", 8, 40


def options(parser: Parser) -> None:
    """Add what `layout propose` takes."""
    lang = parser.lang
    parser.takes("scenario", "SCENARIO", say("cli.run.scenario", lang))
    parser.option("--leads", "A,B", say("cli.layout.leads", lang))
    parser.option("--groups", "N", say("cli.layout.groups", lang))
    parser.repeated("--lock", "TOWN=LEAD", say("cli.layout.lock", lang))
    parser.option("--contiguous", "require|prefer|ignore", say("cli.layout.contiguous", lang))
    parser.option("--balance", "beds|doctors|people|none", say("cli.layout.balance", lang))
    parser.option("--tolerance", "P", say("cli.layout.tolerance", lang))
    parser.option("--objective", "near|useful|mutual", say("cli.layout.objective", lang))
    parser.option("--number", "K", say("cli.layout.number", lang))
    parser.option("--neighbours", "FILE", say("cli.layout.neighbours", lang))
    parser.option("--scale", "F", say("cli.layout.ties_scale", lang))
    where_options(parser)


def act(given: argparse.Namespace, lang: str) -> int:
    """Propose layouts and write them; returns 0."""
    word = only(given.scenario, "SCENARIO", PROG)
    out = asking.place(given.out, "--out") if given.out is not None else None
    number, scale = whole(given.number, "--number", 1, NUMBER, MOST), part(given.scale, "--scale")
    limit = seconds(given.timeout, "--timeout")
    with nothing_collected():
        scenario = asking.scenario_called(word, ())

        from app.screen.layout_page import print_proposals
        from experiments.keeping.folder import writable
        from experiments.layouts.files import NEIGHBOURS, neighbours_csv, neighbours_of
        from experiments.layouts.ground import ground_of
        from experiments.layouts.proposing.propose import present_of, proposed
        from experiments.layouts.proposing.ties import with_ties
        from results.store.plain import as_json
    asking.enough(scenario, scale)
    towns = [row.town for row in scenario.tables.towns]
    file = None if given.neighbours is None else asking.place(given.neighbours, "--neighbours")
    ground = ground_of(scenario, None if file is None else neighbours_of(file, sorted(towns)))
    wishes = wishes_of(given, scenario, ground)
    folder, pool = places(scenario, out)
    writable(folder)
    with Shown(lang, "layout.ties_started") as shown:
        ground = with_ties(
            ground, scenario, word, scale, folder, pool, lambda design: where(given, design, limit), limit, shown.told, shown.begins
        )
    from app.screen.progress import watcher

    with watcher(lang, "layout.rate") as searching:
        searching.phase(say("layout.searching", lang), number)
        found = proposed(ground, wishes, present_of(scenario, ground), number, searching.at)
    files = written(found, ground, scenario, word, folder)
    (folder / NEIGHBOURS).write_text(neighbours_csv(ground.borders), encoding="utf-8", newline="\n")
    if given.json:
        sys.stdout.write(as_json(json_of(found, ground, scenario, wishes, files)))
    else:
        print_proposals(found, ground, scenario, wishes, folder, lang, "" if out is None else f" --out {folder}")
    return 0


def places(scenario: "Scenario", out: Path | None) -> tuple[Path, Path]:
    """Say where layouts of a scenario are written, and where the pool of their runs is."""
    from experiments.keeping.folder import POOL
    from results.store.folder import beside_runs

    return (out, out / POOL) if out is not None else (beside_runs("layouts") / scenario.name, beside_runs("experiments") / POOL)


def one_of(text: str | None, option: str, known: tuple[str, ...], otherwise: str) -> str:
    """Read one of a few words; raises UserError."""
    if text is not None and text not in known:
        raise refuse("value.not_one_of", option, value=text, wanted=", ".join(known), near=nearest(text, known))
    return otherwise if text is None else text


def wishes_of(given: argparse.Namespace, scenario: "Scenario", ground: "Ground") -> "Wishes":
    """Read what is wished; raises UserError with all faults."""
    from experiments.layouts.proposing.wishes import BALANCES, CONTIGUOUS, MOST_GROUPS, OBJECTIVES, TOLERANCE, Wishes
    from sim.reading.units import SHARE, quantity

    known = [lead.name for lead in ground.leads]
    present = sorted({group.lead for group in scenario.groups.values()})
    chosen = tuple(sorted({word.strip() for word in given.leads.split(",")})) if given.leads is not None else ()
    faults = [Fault("check.no_lead", "--leads", {"value": word, "near": nearest(word, known)}) for word in chosen if word not in known]
    leads = chosen or (tuple(present) if present and given.groups is None else tuple(known))
    groups = whole(given.groups, "--groups", 1, min(len(leads), MOST_GROUPS), MOST_GROUPS)
    locks: dict[str, str] = {}
    for text in given.lock:
        faults += locked(text, ground, scenario, leads, locks)
    try:
        tolerance = TOLERANCE if given.tolerance is None else quantity(SHARE, given.tolerance)
    except (ValueError, TypeError):
        tolerance = -1.0
    if not 0 <= tolerance <= 1:
        faults.append(Fault("layout.no_tolerance", "--tolerance", {"value": given.tolerance}))
    if faults:
        raise UserError(faults)
    return Wishes(
        leads, groups, tuple(sorted(locks.items())),
        one_of(given.contiguous, "--contiguous", CONTIGUOUS, "prefer"),  # type: ignore[arg-type]
        one_of(given.balance, "--balance", BALANCES, "beds"),  # type: ignore[arg-type]
        tolerance,
        one_of(given.objective, "--objective", OBJECTIVES, "near"),  # type: ignore[arg-type]
    )  # fmt: skip


def locked(text: str, ground: "Ground", scenario: "Scenario", leads: tuple[str, ...], locks: dict[str, str]) -> list[Fault]:
    """Read one lock TOWN=LEAD (or the group the lead has now) into the others; returns its faults."""
    town, equals, word = (piece.strip() for piece in text.partition("="))
    lead = scenario.groups[word].lead if word in scenario.groups else word
    if not equals or not town or not word:
        return [Fault("layout.no_lock", "--lock", {"value": text})]
    if town not in ground.towns:
        return [Fault("check.no_town", "--lock", {"value": town, "near": nearest(town, ground.towns)})]
    if lead not in leads:
        return [Fault("check.no_lead", "--lock", {"value": word, "near": nearest(word, leads)})]
    if locks.setdefault(town, lead) != lead:
        return [Fault("layout.locked_twice", "--lock", {"town": town, "lead": lead, "first": locks[town]})]
    return []


def written(found: list, ground: "Ground", scenario: "Scenario", word: str, folder: Path) -> dict[str, str]:
    """Write every layout, in place of what was proposed before; returns its name -> the YAML file."""
    from experiments.layouts.files import LAYOUTS, put
    from experiments.layouts.proposing.propose import KINDS, named

    for kind in KINDS:
        for file in (*folder.glob(f"{kind}*.yaml"), *(folder / LAYOUTS).glob(f"{kind}*.*")):
            if PROPOSED.fullmatch(file.stem):
                file.unlink()
    for one in found:
        put(folder, named(one, ground, scenario), scenario, word)
    return {one.name: str(folder / LAYOUTS / f"{one.name}.yaml") for one in found}


def json_of(found: list, ground: "Ground", scenario: "Scenario", wishes: "Wishes", files: dict[str, str]) -> dict[str, object]:
    """Give the proposals as one JSON object."""
    from experiments.layouts.files import group_called

    beds = {lead.name: lead.beds for lead in ground.leads}
    people = dict(zip(ground.towns, ground.people, strict=True))
    rows = []
    for one in found:
        groups = {
            group_called(lead, scenario): {"lead": lead, "towns": towns, "people": sum(people[town] for town in towns), "beds": beds[lead]}
            for lead, towns in one.members(ground).items()
        }
        told = {"travel_minutes": one.traits.minutes, "balance": one.traits.ratios, "contiguous": one.traits.contiguous, "gap": one.gap}
        more = {
            "kind": one.kind,
            "ties_kept": one.traits.ties,
            "rather": [list(pair) for pair in one.traits.rather],
            "breaks": list(one.breaks),
        }
        rows.append({"name": one.name, "groups": groups, **told, **more, "file": files[one.name]})
    return {"scenario": scenario.name, "wishes": wishes._asdict(), "layouts": rows}


COMMAND = Command("layout propose", "cli.layout.propose", "cli.layout.propose.examples", options, act)
