"""Drawn before: people and the calendar of their illnesses are the same in all runs that differ in rules only; the last are kept."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.alike import alike
from sim.people.makeup import Makeup, build
from sim.people.need import Calendar, Illness, calendar
from sim.people.people import People
from sim.people.residents import empty_columns

Columns = dict[str, NDArray[Any]]
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
_settled: list[tuple[tuple[np.uint64, Makeup, float], Columns]] = []


def settled(key: np.uint64, makeup: Makeup, scale: float) -> Columns:
    """Draw the people, or copy the last ones if they were drawn from the same; a run writes in what it is given.

    returns : the columns of the residents, in the order of villages
    """
    asked = key, makeup, scale
    if _settled and alike(_settled[0][0], asked):
        kept = _settled[0][1]
        columns = empty_columns(len(kept["person"]))
        for name, values in kept.items():
            columns[name][:] = values
        return columns
    columns = build(key, makeup, scale, empty_columns)
    few = len(columns["person"]) <= FEW
    _settled[:] = [(asked, {name: values.copy() for name, values in columns.items()})] if few else []
    return columns


def drawn(drawing: Drawing, people: People, sex: NDArray[np.uint8]) -> Calendar:
    """Draw the calendar of these people, or give the last one if it was drawn from the same; nobody changes it."""
    if _last and alike(_last[0][0], drawing):
        return _last[0][1]
    found = calendar(drawing.key, drawing.illness, people, sex, drawing.start, drawing.end)
    _last[:] = [(drawing, found)] if len(sex) <= FEW else []
    return found
