"""Small random worlds for the engine's tests, and the two ways of running them: in one piece, and day by day."""

from typing import NamedTuple

import numpy as np
from hypothesis import strategies as st

from sim.care.engine import hours as engine
from sim.care.engine.hours import DAY, DORMANT, UNLIMITED, Rows, Stations

RANKS = 2
FOREVER = 1e9


class World(NamedTuple):
    """Stations and the rows that come to them within some days."""

    stations: Stations
    rows: Rows
    days: int


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw a world: few servers, some places, hours and classes, visits of one to three legs; times on a coarse grid, so that many tie."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    count, days = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    opens = rng.choice([0.0, 480.0], count)
    closes = np.where(rng.random(count) < 0.5, DAY, rng.choice([720.0, 1020.0], count))
    places = rng.choice([0, 1, 3, UNLIMITED], count)
    stations = engine.stations(rng.integers(0, 4, count), opens, closes, places)
    legs = rng.integers(1, 4, draw(st.integers(0, 60)))
    return World(stations, drawn_rows(rng, legs, count, days, draw(st.sampled_from([30.0, 0.01]))), days)


def drawn_rows(rng: np.random.Generator, legs: np.ndarray, stations: int, days: int, grid: float) -> Rows:
    """Draw visits of so many legs; their first legs in the order of the days, the order in which a county would write them."""
    total = int(legs.sum())
    rows = engine.rows(total)
    first = np.cumsum(legs) - legs
    rows.station[:] = rng.integers(0, stations, total)
    rows.rank[:] = rng.integers(0, RANKS, total)
    rows.service[:] = np.round(rng.exponential(120.0, total) / grid) * grid
    rows.patience[:] = np.where(rng.random(total) < 0.5, np.inf, np.round(rng.exponential(200.0, total) / grid) * grid)
    rows.travel[:] = rng.choice([0.0, 30.0, 600.0], total)
    rows.outcome[:] = DORMANT
    rows.outcome[first] = engine.WAITING
    rows.travel[first] = 0.0
    rows.then[:] = np.arange(1, total + 1)
    rows.then[first + legs - 1] = -1
    day = np.sort(rng.integers(0, days, len(legs)))
    rows.arrive[first] = day * DAY + np.floor(rng.random(len(legs)) * DAY / grid) * grid
    return rows


def copied(rows: Rows) -> Rows:
    """Copy rows."""
    return Rows(*(column.copy() for column in rows))


def whole(world: World, until: float = FOREVER) -> Rows:
    """Run a world in one piece; returns the rows as the engine left them."""
    rows, lines = copied(world.rows), engine.lines(world.stations, RANKS, len(world.rows.arrive))
    engine.hours(in_order(rows, 0, len(rows.arrive), 0.0, world.days * DAY), world.stations, rows, lines, 0.0, until)
    return rows


def in_order(rows: Rows, since: int, count: int, midnight: float, until: float) -> np.ndarray:
    """Order rows by time of arrival."""
    order = np.empty(max(count - since, 1), np.int32)
    return order[: engine.by_time(rows, since, count, midnight, until, order, np.zeros(count - since + 2, np.int32))]


def by_day(world: World) -> Rows:
    """Run a world day by day, carrying what is under way; a column beside the rows keeps track of which row is which."""
    total = len(world.rows.arrive)
    result, today = copied(world.rows), engine.rows(total)
    lines = engine.lines(world.stations, RANKS, total)
    identity = np.empty(total, np.int64)
    start = np.flatnonzero(world.rows.outcome != DORMANT)
    day_of = np.repeat(world.rows.arrive[start] // DAY, np.diff(np.append(start, total)))
    kept, moved = 0, np.empty(total + 1, np.int32)
    for day in range(world.days + 1):
        new = np.flatnonzero(day_of == day)
        count = kept + len(new)
        engine.room_for(today, count, lines)
        for ours, theirs in zip(today, world.rows, strict=True):
            ours[kept:count] = theirs[new]
        identity[kept:count] = new
        today.then[kept:count] = np.where(today.then[kept:count] >= 0, today.then[kept:count] - (new[0] if len(new) else 0) + kept, -1)
        midnight = day * DAY
        until = midnight + DAY if day < world.days else FOREVER
        order = in_order(today, kept, count, midnight, midnight + DAY)
        engine.hours(order, world.stations, today, lines, midnight, until)
        engine.leave(today, lines, until)
        for name in ("arrive", "start", "outcome"):
            getattr(result, name)[identity[:count]] = getattr(today, name)[:count]
        kept = engine.carry(count, world.stations, today, lines, moved)
        stays = moved[:count] >= 0
        identity[moved[:count][stays]] = identity[:count][stays]
    return result
