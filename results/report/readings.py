"""Readings (解读): what a goal may mean where its document leaves that open, each with its verdict, side by side."""

from collections.abc import Iterator, Mapping

from results.measuring.definitions import definition, standing
from results.report.amounts import amount, in_words
from results.report.markup import Words, both, table, tag, told
from results.store.run import Run
from sim.scenario.behaviour import Target

READINGS: Mapping[str, tuple[str, ...]] = {
    "in_county_admission_share_insured": (
        "in_county_admission_share_insured",
        "in_county_admission_share_insured_present",
        "in_county_admission_share_resident",
        "in_county_admission_share_registered",
        "in_county_visit_share",
    ),
    "primary_visit_share_ex_village": ("primary_visit_share_ex_village", "primary_visit_share_all", "primary_visit_share_by_resident"),
}
"""Measure of a goal -> all measures that may be meant by the words of the document, the one taken here first."""


def readings(run: Run) -> str:
    """Lay the readings of every goal that has several beside each other."""
    rows = [row for name, target in run.scenario.targets.items() if name in READINGS for row in _rows(name, target, run)]
    if not rows:
        return ""
    head = [told(f"report.readings.{key}") for key in ("measure", "value", "goal", "verdict")]
    title = told("report.readings.title")
    return tag("h3", both(title)) + tag("p", both(told("report.readings.note")), class_="note") + table(title, head, rows, figures=(1, 2))


def _rows(goal: str, target: Target, run: Run) -> Iterator[tuple[str, str, str, str]]:
    """Write a row a reading of a goal."""
    for name in READINGS[goal]:
        value = run.measures.get(name)
        stands = standing(name, value, target.goal, target.tolerance, run.scenario.period.days, run.facts["scale"])
        yield both(_title(name, goal)), amount(name, value), both(in_words(name, target.goal)), both(told(f"verdict.{stands.word}"))


def _title(name: str, goal: str) -> Words:
    """Name a reading; the one this report takes says so."""
    title = definition(name).title
    return told("report.readings.taken", title=title) if name == goal else dict(title)
