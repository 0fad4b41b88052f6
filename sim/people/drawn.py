"""Drawn before: the calendar of candidate illnesses is the same in all runs that differ in rules only; the last one drawn is kept."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.alike import alike
from sim.people.makeup import Makeup
from sim.people.need import Calendar, Illness, calendar
from sim.people.people import People

FEW = 200_000
"""People up to whom a run keeps things for the next: a whole county's calendar alone takes a hundred megabytes."""


class Drawing(NamedTuple):
    """What the calendar of a run is drawn from: the luck, the people, how they fall ill, and the days."""

    key: np.uint64
    makeup: Makeup
    scale: float
    illness: Illness
    start: int
    end: int


_last: list[tuple[Drawing, Calendar]] = []


def drawn(drawing: Drawing, people: People, sex: NDArray[np.uint8]) -> Calendar:
    """Draw the calendar of these people, or give the last one if it was drawn from the same; nobody changes it."""
    if _last and alike(_last[0][0], drawing):
        return _last[0][1]
    found = calendar(drawing.key, drawing.illness, people, sex, drawing.start, drawing.end)
    _last[:] = [(drawing, found)] if len(sex) <= FEW else []
    return found
