"""What a run rests on: how many numbers come from where, and the list to verify (待核实清单) by the office that holds the truth."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from results.report.markup import LANGUAGES, Words, both, code, folded, joined, section, table, tag, told
from results.store.run import Run
from results.telling.grounds import CONFIDENCES, borrowed, by_status, data_files
from results.telling.meaning import called
from sim.mechanisms import RULES
from sim.reading.provenance import Ground, Source
from sim.reading.units import unit_in

OFFICES = Path(__file__).with_name("offices.yaml")
FITTED, RECALLED = "fitted", "M"
NO_EVIDENCE = ("A", "F")
"""Statuses of numbers that are to be verified: assumed or recalled, and fitted."""
FEW = 9
"""So many numbers under a goal are shown unfolded."""


class Number(NamedTuple):
    """One number of the scenario that is to be verified."""

    path: str
    value: str
    status: str
    """assumed, fitted, setting, recalled."""
    confidence: str
    """high, medium or low."""
    block: str
    """The entry of offices.yaml it belongs to."""


class Together(NamedTuple):
    """Numbers that are shown together."""

    title: Words
    on_goals: bool
    """Whether a goal of the run rests on them."""
    numbers: list[Number]


@cache
def read_yaml(path: Path) -> Mapping[str, Any]:
    """Read one of the tables beside this file."""
    content: Mapping[str, Any] = yaml.load(path.read_text(encoding="utf-8"), yaml.CSafeLoader)
    return content


def status_of(ground: Ground, source: Source) -> str:
    """Say why a number is to be verified."""
    if source.assumption:
        return source.kind
    return "recalled" if source.status == RECALLED else "fitted" if ground.status == "F" else "assumed"


def block_of(path: str) -> str:
    """Find the entry a number belongs to: the longest start of its path; '' where there is none."""
    return max((start for start in read_yaml(OFFICES)["blocks"] if path.startswith(start)), key=len, default="")


def to_verify(run: Run) -> list[Number]:
    """List the numbers to verify, in the order of the scenario."""
    scenario = run.scenario
    grounds = (ground for ground in scenario.grounds if ground.status in NO_EVIDENCE)
    return [Number(ground.path, ground.value, status_of(ground, scenario.source_called(ground.document)), ground.confidence,
                   block_of(ground.path)) for ground in grounds]  # fmt: skip


def term(path: str) -> Words:
    """Call a number by what the steps of its path are called, the part of the scenario it stands in left out."""
    said = called(path, RULES)
    return joined(said[1:] or said, "report.between_terms")


def quantity(written: str) -> Words:
    """Say a quantity as it was written in the scenario, with its unit in every language."""
    size, _, unit = written.partition(" ")
    return {lang: f"{size} {unit_in(unit, lang)}".strip() for lang in LANGUAGES}


def assumptions_section(run: Run, resting: str = "") -> str:
    """Write how many numbers rest on what, then the list to verify, those under the goals first.

    resting : HTML that tells which of them turn a verdict; empty where nobody has looked
    """
    numbers = to_verify(run)
    lead = tag("p", both(told("report.assumptions.lead")), class_="lead")
    under, others = ([block for block in _blocks(numbers, run) if block.on_goals is side] for side in (True, False))
    unfold = tag("button", both(told("report.unfold")), type="button", class_="unfold", data_unfold="assumptions")
    parts = "".join(_part(key, blocks) for key, blocks in (("under_goals", under), ("others", others)) if blocks)
    prices = tag("p", both(told("report.assumptions.experiments", scenario=run.scenario.name)), class_="note")
    return section("assumptions", told("report.assumptions.title"), lead + prices + counts(run) + resting + unfold + parts + _tables(run))


def _part(key: str, blocks: Iterable[Together]) -> str:
    """Write the blocks under one heading."""
    return tag("h3", both(told(f"report.assumptions.{key}"))) + "".join(_block(block) for block in blocks)


def counts(run: Run) -> str:
    """Count the numbers of the scenario by what they rest on."""
    grounds = run.scenario.grounds
    found = {status: count for status, count in by_status(grounds).items() if count}
    parts = [told(f"report.rests.{status}", count=count) for status, count in found.items()]
    words = told("report.assumptions.counts", total=len(grounds), parts=joined(parts, "report.between_items"))
    stripe = "".join(_stripe(f"status-{status}", count, len(grounds)) for status, count in found.items())
    recalled = sum(number.status == "recalled" for number in to_verify(run))
    note = tag("p", both(told("report.assumptions.recalled", count=recalled)), class_="note") if recalled else ""
    if elsewhere := borrowed(run.scenario):
        note = tag("p", both(told("report.rests.borrowed", count=elsewhere)), class_="note") + note
    said = tag("p", both(words), class_="counts", data_total=str(len(grounds)))
    return said + tag("div", stripe, class_="stripe", aria_hidden="true") + note


def _stripe(kind: str, count: int, total: int) -> str:
    """Draw the share of one kind as a piece of a stripe."""
    return tag("span", "", class_=kind, style=f"flex-grow:{count / total:.4f}")


def _blocks(numbers: Sequence[Number], run: Run) -> list[Together]:
    """Put the numbers together whose blocks go by one title and lie, or do not lie, under a goal of the run."""
    found: dict[tuple[str, bool], Together] = {}
    for number in numbers:
        row = block_row(number.block)
        bears = tuple(row.get("goals", ()))
        on_goals = any(name.startswith(bears) for name in run.scenario.targets) if bears else False
        found.setdefault((row["title"]["en"], on_goals), Together(row["title"], on_goals, [])).numbers.append(number)
    return list(found.values())


def block_row(block: str) -> Mapping[str, Any]:
    """Give the entry of a block; what offices.yaml does not know goes by its own name and to nobody."""
    unknown = {"office": "model", "title": dict.fromkeys(LANGUAGES, block or "–")}
    return dict(read_yaml(OFFICES)["blocks"].get(block, unknown))


def office_of(path: str, status: str = "A") -> Words:
    """Name the office that holds the true figure of a number."""
    return office_called(status, block_of(path))


def office_called(status: str, block: str) -> Words:
    """Name the office that holds the numbers of a block; of what was fitted, that there is none."""
    offices: Mapping[str, Words] = read_yaml(OFFICES)["offices"]
    return offices["fit" if status == FITTED else block_row(block)["office"]]


def _block(block: Together) -> str:
    """Write the numbers of one block, folded where they are many or lie under no goal."""
    rows = []
    for number in block.numbers:
        office = office_called(number.status, number.block)
        name = both(term(number.path)) + code(number.path)
        rows.append(
            (
                name,
                tag("span", both(quantity(number.value)), data_path=number.path),
                both(_status(number)),
                both(office),
            )
        )
    head = [told(f"report.assumptions.{column}") for column in ("number", "value", "status", "office")]
    tally = Counter(number.status for number in block.numbers)
    parts = joined([told(f"report.tally.{status}", count=count) for status, count in tally.items()], "report.between_items")
    summary = told("report.assumptions.block", title=block.title, parts=parts)
    opened = "" if block.on_goals and len(block.numbers) <= FEW else None
    return folded(summary, table(block.title, head, rows, kind="numbers", figures=(1,)), opened)


def _status(number: Number) -> Words:
    """Say why a number is to be verified, and how far to trust it."""
    return told("report.assumptions.trust", status=told(f"report.status.{number.status}"), level=told(f"sources.{number.confidence}"))


def _tables(run: Run) -> str:
    """Say how far the data tables can be trusted: rows by confidence, and who holds the true ones."""
    known, rows = read_yaml(OFFICES), []
    for file in data_files(run.scenario):
        name = file.path.split(".")[-1]
        entry = known["tables"].get(name, {"office": "model", "title": dict.fromkeys(LANGUAGES, name)})
        counted = (both(f"{file.confidence[level]:,}") for level in CONFIDENCES)
        rows.append((both(entry["title"]), both(f"{file.rows:,}"), *counted, both(known["offices"][entry["office"]])))
    levels = [told("report.tables.confidence", level=told(f"sources.{level}")) for level in CONFIDENCES]
    head = [told("report.tables.table"), told("report.tables.rows"), *levels, told("report.assumptions.office")]
    title, lead = told("report.tables.title"), tag("p", both(told("report.tables.lead")), class_="note")
    return tag("h3", both(title)) + lead + table(title, head, rows, figures=(1, 2, 3, 4))
