"""The tables of the checklist: scenarios, what was varied, what levers set, what numbers rest on, how outcomes hold."""

from collections.abc import Iterator, Sequence

from experiments.checklist.facts import Facts, Layout
from experiments.checklist.lineage import beside_elder, differing, lineage
from results.measuring.definitions import ABSENT, Definition, definition, words, written, written_gap
from results.telling.grounds import CONFIDENCES, borrowed, by_status, data_files
from sim.reading.provenance import STATUSES
from sim.scenario.scenario import Scenario

MOST_ROWS = 60
"""Rows of a table; where there are more, the file that has them all is named."""
RESTS = {"S": "stand in a document", "D": "derived from one", "L": "read in a source", "A": "assumed", "F": "fitted"}
"""Status of a number -> heading of its column."""
HOLDS = {
    "level": "`level`: holds by itself",
    "difference": "`difference`: its level is shifted, differences between runs at one scale are not",
    "full_only": "`full_only`: to be read at full scale only",
}


def cell(words: object) -> str:
    """Write words so that they stay in one cell of a table."""
    return " ".join(str(words).split()).replace("|", "\\|")


def table(title: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> str:
    """Write a table with its title above it."""
    lines = [f"| {' | '.join(map(cell, row))} |" for row in (head, *rows)]
    return "\n".join(["", f"**{title}**", "", lines[0], f"|{'---|' * len(head)}", *lines[1:], ""])


def scenarios_table(facts: Facts) -> str:
    """Say what each scenario extends, in what it differs, and which mechanisms are in it."""
    head = ("scenario", "title", "stands beside", "differs in (there -> here)", "mechanisms")
    return table("Scenarios", head, [_scenario(one) for one in facts.scenarios])


def _scenario(scenario: Scenario) -> list[str]:
    """Write one scenario."""
    stands, elder = lineage(scenario), None
    differs, beside = stands.differs, f"`{stands.nearest}`, the nearest of those that come with the model"
    if not differs:
        elder, differs = stands.elder, beside_elder(stands.nearest)
        beside = f"comes with the model, extends {'nothing' if elder is None else f'`{elder}`'}"
    elif stands.elder is not None:
        beside += f" (it extends `{stands.elder}`)"
    mechanisms = ", ".join(f"`{name}`" for name in scenario.mechanisms) or ABSENT
    return [f"`{scenario.name}`", scenario.title.say("en"), beside, differing(differs) if differs else ABSENT, mechanisms]


def varied_table(layout: Layout | None) -> str:
    """Say what was varied, over which values, and what those rest on."""
    if layout is None or not layout.varied:
        return ""
    rows = [(f"`{one.name}`", one.label, one.kind, one.values, one.source) for one in layout.varied]
    return table("What was varied", ("name", "what it is", "kind", "values", "source"), rows)


def assigned_table(facts: Facts) -> str:
    """Say what each level of each lever, and each uncertain number, sets in each scenario."""
    if facts.layout is None or not facts.layout.assigned:
        return ""
    rows = facts.layout.assigned
    head = ("name", "level", "path", "value", *(f"in `{one.name}`" for one in facts.scenarios))
    told = [(f"`{one.lever}`", one.level, f"`{one.path}`" if one.path else ABSENT, one.value, *one.here) for one in rows[:MOST_ROWS]]
    more = f"\n{len(rows) - MOST_ROWS} more stand in `experiment.yaml`.\n" if len(rows) > MOST_ROWS else ""
    return table("What the experiment sets", head, told) + more


def data_table(facts: Facts) -> str:
    """Count what the numbers of each scenario rest on, and how far the rows of its data tables are to be trusted."""
    trust = [f"rows of data tables, {level} confidence" for level in CONFIDENCES]
    head = ("scenario", "numbers", *RESTS.values(), "of the first two about other places", *trust)
    return table("What the numbers rest on", head, [list(_rests(one)) for one in facts.scenarios])


def _rests(scenario: Scenario) -> Iterator[object]:
    """Count for one scenario."""
    counts, files = by_status(scenario.grounds), data_files(scenario)
    yield from (f"`{scenario.name}`", len(scenario.grounds), *(counts[status] for status in STATUSES), borrowed(scenario))
    yield from (f"{sum(file.confidence[level] for file in files):,}" for level in CONFIDENCES)


def outcomes_table(facts: Facts) -> str:
    """Say which outcomes are told of, beside which goals, and how each holds at the scale of the runs."""
    if not facts.outcomes:
        return ""
    head = ("outcome", "what it is", "unit", "goals", f"at {facts.scale * 100:g} % of the households")
    return table("Outcomes", head, [_outcome(facts, definition(name)) for name in facts.outcomes])


def _outcome(facts: Facts, meant: Definition) -> list[str]:
    """Write one outcome."""
    goals = [(one.name, one.targets[meant.name].goal) for one in facts.scenarios if meant.name in one.targets]
    told = "; ".join(f"{written(meant.name, goal)} (`{name}`)" for name, goal in goals) or ABSENT
    return [f"`{meant.name}`", meant.title["en"], words("units", meant.unit, "en"), told, holds_at(meant, facts.scale)]


def holds_at(meant: Definition, scale: float) -> str:
    """Say how a measure holds in runs at a scale, as measured at 5 % of the people."""
    if scale >= 1.0:
        return "all people: nothing is shifted"
    shift = "" if meant.shift is None or meant.holds == "level" else f"; level shifted by {written_gap(meant.name, meant.shift)} at 5 %"
    off = "" if meant.off_part is None else f"; differences off by about {100 * meant.off_part:.1f} % of them at 5 %"
    return f"{HOLDS[meant.holds]}{shift}{off}"
