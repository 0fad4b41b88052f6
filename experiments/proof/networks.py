"""Run a network of stations through the model's own engine, `sim/care/engine/hours.py`.

Everybody's whole path is drawn when he comes (keyed luck: the customer is the resident, his visits are the occasions) and written as legs
that follow one another; the engine fills in the rest. A long run is cut into spans of as many rows as fit into fast memory; what is under
way at the end of a span is carried, as the county carries its day over midnight.
"""

import math
from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.proof.problems import Network
from sim.arithmetic.compiled import njit
from sim.arithmetic.luck import EPISODE, VISIT, spread, unit, words
from sim.care.engine import hours as engine
from sim.care.engine.hours import DAY, DORMANT, WAITING, Lines, Rows, Stations

CAPACITY = 1 << 15
Reals = NDArray[np.float64]


class Tables(NamedTuple):
    """A network as arrays (S stations, K classes, N streams of arrivals).

    mean, cv2, patience : (S, K) minutes, squared coefficient of variation, mean minutes (inf: waits for ever)
    onward       : (S, K, S) share of those served at the first who go on to the last or to one before it in the list
    station, rank : (N,) where a stream comes to, and its class
    gap          : (N,) mean minutes between arrivals while open
    opens, open_ : (N,) minute of the day when the stream begins, and how many minutes a day it lasts
    """

    mean: Reals
    cv2: Reals
    patience: Reals
    onward: Reals
    station: NDArray[np.int64]
    rank: NDArray[np.int64]
    gap: Reals
    opens: Reals
    open_: Reals


class Span(NamedTuple):
    """What the engine left of one span: the first `written` rows, from `since` to `until`."""

    rows: Rows
    written: int
    since: float
    until: float


def tables(network: Network) -> Tables:
    """Lay a network out as arrays."""
    names, classes = list(network.stations), list(network.classes)
    mean, cv2, patience = np.zeros((3, len(names), len(classes)))
    patience[:] = np.inf
    onward = np.zeros((len(names), len(classes), len(names)))
    for s, station in enumerate(network.stations.values()):
        for k, name in enumerate(classes):
            if name in station.service:
                mean[s, k], cv2[s, k] = station.service[name].mean, station.service[name].cv2
            patience[s, k] = station.patience.get(name, np.inf)
            onward[s, k] = np.cumsum([network.onward.get((names[s], name), {}).get(to, 0.0) for to in names])
    streams = [(names.index(s), classes.index(k), rate) for (s, k), rate in network.arrivals.items() if rate > 0.0]
    where = [network.stations[names[s]] for s, _, _ in streams]
    return Tables(
        *(mean, cv2, patience, onward),
        station=np.array([s for s, _, _ in streams], np.int64),
        rank=np.array([k for _, k, _ in streams], np.int64),
        gap=np.array([1.0 / rate for _, _, rate in streams]),
        opens=np.array([station.opens for station in where]),
        open_=np.array([min(station.closes, DAY) - station.opens for station in where]),
    )


def laid_out(network: Network) -> Stations:
    """Lay out the stations of a network for the engine."""
    each = list(network.stations.values())
    return engine.stations([s.servers for s in each], [s.opens for s in each], [s.closes for s in each], [s.places for s in each])


@njit
def _draw(
    key: np.uint64, tables: Tables, clock: Reals, number: NDArray[np.int64], rows: Rows, since: int, horizon: float
) -> tuple[int, float]:
    """Write the paths of those who come next into the rows from `since` on, until the rows are full or the horizon is reached.

    clock   : (streams,) minutes of open time at which the next of each stream comes; below 0 where none has been drawn yet
    number  : (streams,) how many have come
    returns : how many rows are written, and the time before which nobody is missing
    """
    mean, cv2, patience_, onward, where, class_ = tables.mean, tables.cv2, tables.patience, tables.onward, tables.station, tables.rank
    gap, opens, open_ = tables.gap, tables.opens, tables.open_
    station, rank, arrive, service, patience = rows.station, rows.rank, rows.arrive, rows.service, rows.patience
    then, travel, outcome, streams, capacity = rows.then, rows.travel, rows.outcome, len(gap), len(rows.arrive)
    due = np.empty(streams)
    count = since
    for j in range(streams):
        if clock[j] < 0.0:
            w, _, _, _ = words(key, EPISODE, j, 0)
            clock[j] = -gap[j] * math.log(unit(w))
        due[j] = math.floor(clock[j] / open_[j]) * DAY + opens[j] + clock[j] % open_[j]
    while True:
        j = 0
        for other in range(1, streams):
            if due[other] < due[j]:
                j = other
        if streams == 0 or due[j] >= horizon:
            return count, horizon
        customer, s, k, visit, begun = number[j] * streams + j, where[j], class_[j], 0, count
        while s >= 0:
            if count == capacity:
                return begun, due[j]
            w, v, _, z = words(key, VISIT, customer, visit)
            station[count], rank[count], travel[count], then[count] = s, k, 0.0, -1
            service[count] = spread(mean[s, k], cv2[s, k], unit(v))
            patience[count] = -patience_[s, k] * math.log(unit(z)) if patience_[s, k] < np.inf else np.inf
            arrive[count], outcome[count] = due[j], WAITING
            if visit > 0:
                then[count - 1], outcome[count] = count, DORMANT
            come, s_next = unit(w), -1
            if come < onward[s, k, -1]:
                s_next = 0
                while come >= onward[s, k, s_next]:
                    s_next += 1
            s = s_next
            visit += 1
            count += 1
        number[j] += 1
        w, _, _, _ = words(key, EPISODE, number[j] * streams + j, 0)
        clock[j] -= gap[j] * math.log(unit(w))
        due[j] = math.floor(clock[j] / open_[j]) * DAY + opens[j] + clock[j] % open_[j]


def _larger(rows: Rows, lines: Lines) -> tuple[Rows, Lines]:
    """Double the room for rows, keeping what is there."""
    capacity = len(rows.arrive)
    wide = engine.rows(2 * capacity)
    for name in Rows._fields:
        getattr(wide, name)[:capacity] = getattr(rows, name)
    soon_time, soon_what = np.append(lines.soon_time, np.zeros(capacity)), np.append(lines.soon_what, np.zeros(capacity, np.int32))
    return wide, lines._replace(soon_time=soon_time, soon_what=soon_what)


def spans(network: Network, key: np.uint64, capacity: int = CAPACITY) -> Iterator[Span]:
    """Run a network span by span; the rows of a span are overwritten by the next."""
    layout, drawn = laid_out(network), tables(network)
    rows = engine.rows(capacity)
    lines = engine.lines(layout, len(network.classes), capacity)
    clock, number = np.full(len(drawn.gap), -1.0), np.zeros(len(drawn.gap), np.int64)
    horizon, since, kept = network.hours * 60.0, 0.0, 0
    while since < horizon:
        count, until = _draw(key, drawn, clock, number, rows, kept, horizon)
        if until <= since or (until < horizon and kept > len(rows.arrive) // 2):
            rows, lines = _larger(rows, lines)
            count, until = _draw(key, drawn, clock, number, rows, count, horizon)
        order, tally = np.empty(count - kept + 1, np.int32), np.zeros(count - kept + 2, np.int32)
        found = engine.by_time(rows, kept, count, since, until, order, tally)
        engine.hours(order[:found], layout, rows, lines, DAY * (since // DAY), until)
        yield Span(rows, count, since, until)
        kept = engine.carry(count, layout, rows, lines, np.empty(count + 1, np.int32))
        since = until
