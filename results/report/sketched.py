"""Sketched (示意): which measures rest on tables whose rows are mostly guesses, so that nobody quotes them as surveyed."""

from results.measuring.definitions import Definition
from results.report.markup import both, tag, told
from results.store.run import Run
from results.telling.grounds import data_files

MAPPED = ("mean_travel_minutes", "within_15_minutes", "within_30_minutes", "within_60_minutes")
"""How the names of measures of the roads begin."""
MAPS = ("population.villages", "places.roads")
"""The tables these rest on."""


def mark(meant: Definition, run: Run) -> str:
    """Mark a measure that rests on a map of which most rows are of low confidence; '' for any other."""
    if not meant.name.startswith(MAPPED) or not _guessed(run):
        return ""
    return " " + tag("span", both(told("report.measures.sketched")), class_="status sketched")


def _guessed(run: Run) -> bool:
    """Say whether most rows of one of the maps are of low confidence."""
    return any(2 * file.confidence["low"] > file.rows for file in data_files(run.scenario) if file.path in MAPS)
