"""Drawn before: the calendar of candidate illnesses is the same in all runs that differ in rules only; the last one drawn is kept."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.people.makeup import Makeup
from sim.people.need import Calendar, Illness, calendar
from sim.people.people import People

MOST_KEPT = 200_000
"""People above whom nothing is kept between runs: a whole county's calendar takes a hundred megabytes."""


class Drawing(NamedTuple):
    """What the calendar of a run is drawn from: the luck, the people, how they fall ill, and the days."""

    key: np.uint64
    makeup: Makeup
    scale: float
    illness: Illness
    start: int
    end: int

    def same(self, other: "Drawing") -> bool:
        """Say whether the same would be drawn."""
        return all(np.array_equal(one, another) for one, another in zip(_flat(self), _flat(other), strict=True))


_last: list[tuple[Drawing, Calendar]] = []


def drawn(drawing: Drawing, people: People, sex: NDArray[np.uint8]) -> Calendar:
    """Draw the calendar of these people, or give the last one if it was drawn from the same; nobody changes it."""
    if _last and _last[0][0].same(drawing):
        return _last[0][1]
    found = calendar(drawing.key, drawing.illness, people, sex, drawing.start, drawing.end)
    _last[:] = [(drawing, found)] if len(sex) <= MOST_KEPT else []
    return found


def _flat(part: Any) -> list[Any]:
    """Lay out a tuple of tuples as one list."""
    return [one for inner in part for one in _flat(inner)] if isinstance(part, tuple) else [part]
