"""The STRESS-ABS checklist (Monks et al. 2019, doi 10.1080/17477778.2018.1442155), filled in from what was really run.

One template, `stress_abs.md` beside this file, makes the page in docs/ and the file in every folder; what depends on the study is a named
gap of it. No clock, host or path of a machine is told, so equal runs leave equal files.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from string import Template

from experiments.checklist.facts import Days, Facts, Layout
from experiments.checklist.lineage import own_tables
from experiments.checklist.tables import (
    assigned_table,
    cell,
    data_table,
    outcomes_table,
    scenarios_table,
    varied_table,
)
from results.measuring.definitions import FULL_YEAR
from results.store.fingerprint import fingerprint
from results.store.origin import versions
from results.telling.grounds import by_status
from sim.reading.provenance import COMMAND_LINE
from sim.scenario.scenario import Scenario

TEMPLATE = Path(__file__).with_name("stress_abs.md")
LINK = re.compile(r"\[([^\]]+)\]\([^)]+\)")
"""A link of the template to a page of docs/, which a folder of results does not have."""
DESIGNS = {
    "grid": "a full grid",
    "sobol": "a scrambled Sobol sequence",
    "latin_hypercube": "a Latin hypercube",
    "points": "points listed one by one",
}


def filled(gaps: Mapping[str, str]) -> str:
    """Fill the template, its links kept as they hold in docs/; raises KeyError quoting a gap nobody fills."""
    return Template(TEMPLATE.read_text(encoding="utf-8")).substitute(gaps)


def checklist(facts: Facts) -> str:
    """Fill the template in for a study; its links become plain words."""
    template = LINK.sub(r"\1", TEMPLATE.read_text(encoding="utf-8"))
    gaps = {**_head(facts), **_objectives(facts), **_logic(facts), **_data(facts), **_experimentation(facts), **_implementation(facts)}
    return Template(template).substitute(gaps)


def author(wanted: str) -> str:
    """Mark what only the author can say."""
    return f"[to be filled in by the author: {wanted}]"


def span_of_days(days: Iterable[int]) -> str:
    """Write lengths in days: '28 days', '28 or 60 days'; of many the shortest and the longest."""
    each = sorted(set(days))
    told = f"{each[0]} to {each[-1]}" if len(each) > 5 else " or ".join(map(str, each))
    return f"{told} day{'' if each == [1] else 's'}"


def run_in_words(days: Sequence[Days]) -> str:
    """Say how long the run-in is."""
    return span_of_days(one.run_in for one in days)


def length_words(days: Sequence[Days]) -> str:
    """Say how long runs are."""
    return f"{span_of_days(one.measured for one in days)} measured after a run-in of {run_in_words(days)}"


def seeds_words(seeds: Sequence[int]) -> str:
    """Write seeds: '1 to 20' where they follow on each other, else each."""
    if len(seeds) > 2 and list(seeds) == list(range(seeds[0], seeds[0] + len(seeds))):
        return f"{seeds[0]} to {seeds[-1]}"
    return ", ".join(map(str, seeds))


def _names(scenarios: Iterable[Scenario]) -> str:
    """List scenarios by name."""
    return ", ".join(f"`{one.name}`" for one in scenarios)


def _head(facts: Facts) -> dict[str, str]:
    """Write the title, and where pages that are named lie."""
    made = f"filled in from what `tiercare {facts.command}` ran as `{facts.name}`; it stands beside the results it tells of."
    pages = "Pages that are named (odd.md, decisions and others) lie in `docs/` of the source of the model, in the version under 6.1."
    left = f"What only the author can say is marked {author('...')}"
    return {"title": f": {' '.join((facts.title or facts.name).split())}", "filled": f"{made}\n{pages} {left}."}


def _objectives(facts: Facts) -> dict[str, str]:
    """Fill in section 1."""
    where = "`measures.json`" if facts.command == "run" else "`runs.parquet`, a row a run, with `dictionary.csv`"
    told = f"{len(facts.outcomes)} are told of, in the table under 4" if facts.outcomes else "No goal is named, and none is singled out"
    scenarios = "; ".join(f"`{one.name}`, {cell(one.title.say('en'))}" for one in facts.scenarios)
    return {
        "purpose": f". This study: {author('its question, and for whom it is asked')}",
        "outputs": f"All of them stand in {where}. {told}",
        "aims": f"(A) Scenarios: {scenarios}. (B) Design of experiments: {design_words(facts)}. (C) Optimisation: none",
        "aims_tables": varied_table(facts.layout),
    }


def design_words(facts: Facts) -> str:
    """Say how the runs are laid out."""
    seeds = f"seeds {seeds_words(facts.seeds)} ({len(facts.seeds)})"
    if facts.command == "run":
        return f"none; one run, seed {facts.seeds[0]}"
    layout = facts.layout
    if layout is None or not layout.varied:
        return f"none; {len(facts.scenarios)} scenarios as they are, {seeds} for each, {facts.runs} runs"
    counts = (
        f"{len(facts.scenarios)} scenarios x {layout.points} points x {layout.draws} draws x {len(facts.seeds)} seeds = {facts.runs} runs"
    )
    uncertain = "; uncertain numbers from a Latin hypercube of a fixed key, crossed with every point" if layout.draws > 1 else ""
    return f"{DESIGNS[layout.design]} of the levers{uncertain}; {counts}; {seeds} at every point. Levers and ranges: the table below"


def _logic(facts: Facts) -> dict[str, str]:
    """Fill in section 2."""
    first = f"`{facts.scenarios[0].name}`"
    base = f"the base of this study is {first}" if len(facts.scenarios) == 1 or facts.command == "compare" else "each scenario is a base"
    base += ", which the others are held against" if facts.command == "compare" else ""
    logic = "What each scenario differs in stands in the table below"
    logic += ", and what the experiment sets in the one after it" if facts.layout is not None and facts.layout.assigned else ""
    return {"base": base, "logic": f"{logic}.{_later(facts.layout)}", "logic_tables": scenarios_table(facts) + assigned_table(facts)}


def _later(layout: Layout | None) -> str:
    """Say which levers hold until a day only."""
    later = () if layout is None else layout.later
    return "".join(f" `{path}` holds until {date}, when `{scenario}` sets it again." for scenario, path, date in later)


def _data(facts: Facts) -> dict[str, str]:
    """Fill in section 3."""
    own = "; ".join(f"`{one.name}`: {', '.join(f'`{name}`' for name in own_tables(one))}" for one in facts.scenarios if own_tables(one))
    return {
        "sources": ". How many numbers rest on what: the table below",
        "preparation": f". Tables of the study's own: {own}; {author('how they were made')}" if own else "",
        "inputs": inputs_words(facts),
        "assumptions": f". {'; '.join(assumed_words(one) for one in facts.scenarios)}{_assumed_levers(facts.layout)}",
        "data_tables": data_table(facts),
    }


def inputs_words(facts: Facts) -> str:
    """Say where the input lies in the folder."""
    placed = [
        f"`{name}` comes with the model" if file is None else f"`{name}` stands in full in `{file}`, with unit and source of every number"
        for name, file in facts.files.items()
    ]
    levers = "" if facts.command == "run" else ". Levers, ranges and seeds: `experiment.yaml`"
    tables = "data tables of their own lie in `tables/` beside a scenario, all others come with the model (`scenarios/data/`)"
    return f"{'; '.join(placed)}; {tables}{levers}"


def assumed_words(scenario: Scenario) -> str:
    """Say how many numbers of a scenario are assumed, and whether what was fitted was fitted to it."""
    counts, keys = by_status(scenario.grounds), list(scenario.source_keys.values())
    by_hand = keys.count(COMMAND_LINE)
    told = f"`{scenario.name}`: {counts['A']} of {len(scenario.grounds)} numbers are assumed"
    told += f", {by_hand} of them set on the command line" if by_hand else ""
    if scenario.fitted_here:
        return f"{told}; {counts['F']} are fitted to the people and places it is about"
    return f"{told}; not fitted to this county (未按本县校准): {scenario.fitted_elsewhere} numbers were fitted to other people or places"


def _assumed_levers(layout: Layout | None) -> str:
    """Say how many of what was varied rest on nothing, and what makes other people or places of the scenarios."""
    if layout is None or not layout.varied:
        return ""
    assumed = sum(one.source == "assumed" for one in layout.varied)
    told = f". Of {len(layout.varied)} numbers or bundles under 1 the values of {assumed} are assumed"
    paths = ", ".join(f"`{path}`" for path in layout.elsewhere)
    return told + (
        f". Where {paths} is set, the people or places are others, and nothing is fitted to them (未按本县校准)" if paths else ""
    )


def _experimentation(facts: Facts) -> dict[str, str]:
    """Fill in section 4."""
    return {
        "run_in": run_in_words(facts.days),
        "length": length_words(facts.days),
        "estimation": f"{estimation_words(facts)}{_short(facts)} {facts.intervals} {failed_words(facts)}",
        "validation": f". {author('validation against data of the study, where there are any')}",
        "estimation_tables": outcomes_table(facts),
    }


def estimation_words(facts: Facts) -> str:
    """Say how often and on whom each scenario was run."""
    one = len(facts.seeds) == 1
    seeds = f"{len(facts.seeds)} run{'' if one else 's'} (seed{'' if one else 's'} {seeds_words(facts.seeds)})"
    each = {"run": seeds, "compare": f"{seeds} of each scenario"}.get(
        facts.command, f"{seeds} of each point, the same seeds at every point"
    )
    if facts.scale >= 1.0:
        return f"{each}. All households are simulated (scale 1)."
    part = f"Scale: {facts.scale * 100:.12g} % of the households, with as large a part of doctors and beds; no goal is judged there"
    return f"{each}. {part}. How each outcome holds was measured at 5 % of the people (scale.md): the table below."


def _short(facts: Facts) -> str:
    """Say that goals of a year are judged in runs of a year only, where some are shorter."""
    return f" No goal is judged in runs of less than {FULL_YEAR} days." if any(one.measured < FULL_YEAR for one in facts.days) else ""


def failed_words(facts: Facts) -> str:
    """Say how many runs failed."""
    many = sum(facts.failed.values())
    if not many:
        return "No run failed."
    where = ", ".join(f"{count} of `{name}`" for name, count in facts.failed.items())
    return f"{many} of {facts.runs} runs failed ({where}); why stands in the column `error` of `runs.parquet`."


def _implementation(facts: Facts) -> dict[str, str]:
    """Fill in sections 5 and 6."""
    used = versions()
    others = ", ".join(f"{name} {version}" for name, version in used.items() if version and name not in ("python", "tiercare"))
    took = f". {facts.runs} runs, {facts.seconds:,.1f} seconds of a core together" if facts.seconds is not None else ". One run"
    where = "`run.json`" if facts.command == "run" else "the column `seconds` of `runs.parquet`"
    model = f"Tiercare {used['tiercare'] or 'from a folder'}, fingerprint of the model `{fingerprint()}`"
    hashed = "a hash of all code, data that comes with it and versions that decide a result"
    return {
        "software": f"Python {used['python']}; {others}; Tiercare {used['tiercare'] or 'from a folder'}",
        "luck": f". Seeds: {seeds_words(facts.seeds)}",
        "execution": took,
        "system": f"What each run took: {where}. {author('processor and memory of the machine')}",
        "access": f"{model} ({hashed}). `{facts.again}` in this folder does the same again. {author('where this folder is shared')}",
    }
