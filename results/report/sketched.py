"""Sketched (示意): which measures rest on tables whose rows are mostly guesses, so that nobody quotes them as surveyed."""

from results.measuring.definitions import names
from results.report.markup import both, tag, told
from results.store.run import Run
from results.telling.grounds import data_files

MAPPED = ("mean_travel_minutes", "within_15_minutes", "within_30_minutes", "within_60_minutes")
"""How the names of measures of the roads begin."""
MAPS = ("population.villages", "places.roads")
"""The tables these rest on."""


def sketched(run: Run) -> frozenset[str]:
    """Name the measures that rest on a map of which most rows are of low confidence."""
    guessed = any(2 * file.confidence["low"] > file.rows for file in data_files(run.scenario) if file.path in MAPS)
    return frozenset(name for name in names() if guessed and name.startswith(MAPPED))


def mark() -> str:
    """Write the mark that such a measure carries."""
    return " " + tag("span", both(told("report.measures.sketched")), class_="status sketched")
