"""Watch the rows of a network run and sum them up: waits, queues, how many are present, who is blocked or leaves.

Sums are kept for each station and class. A wait counts when it ends (in a service, or because patience is lost); blocked comers have none.
Queue, present and utilisation are averages over all time after the warm-up, the hours when a station is closed included.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from experiments.proof.networks import Span, spans
from experiments.proof.problems import Network
from sim.arithmetic.compiled import njit
from sim.care.engine.hours import BLOCKED, DAY, DORMANT, LEFT, SERVED, SHUT, WAITING, Rows

LEVELS = 4096
Reals = NDArray[np.float64]


class Sums(NamedTuple):
    """What has been seen after the warm-up (S stations, K classes; in `share` and `late` the row K stands for all classes together).

    ended   : (S, K, 6) by outcome, see `sim.care.engine.hours`
    waited, delayed : (S, K) minutes of waits that ended; how many of them were longer than nothing
    queue, busy : (S, K) minutes waited and served inside the window
    departed : (S, K) services that ended inside the window
    share   : (S, K + 1, LEVELS) minutes with 0, 1, 2 ... present; the last entry holds that many or more
    level   : (S, K + 1) present now
    since   : (S, K + 1) when that last changed
    closing : (S, K + 1, days) present at the closing of each day
    late    : (S, K + 1, days) minutes from closing to the last departure; who is in line at the end of the run is taken to go then
    """

    ended: NDArray[np.int64]
    waited: Reals
    delayed: NDArray[np.int64]
    queue: Reals
    busy: Reals
    departed: NDArray[np.int64]
    share: Reals
    level: NDArray[np.int64]
    since: Reals
    closing: Reals
    late: Reals


def _empty(stations: int, classes: int, days: int) -> Sums:
    """Make sums of nothing."""
    pair, both = (stations, classes), (stations, classes + 1)
    whole, real = np.int64, np.float64
    return Sums(
        *(np.zeros((*pair, 6), whole), np.zeros(pair), np.zeros(pair, whole), np.zeros(pair), np.zeros(pair), np.zeros(pair, whole)),
        *(np.zeros((*both, LEVELS), real), np.zeros(both, whole), np.zeros(both)),
        *(np.zeros((*both, days)), np.zeros((*both, days))),
    )


@njit
def _watch(
    rows: Rows, count: int, warm: float, end: float, until: float, closes: Reals, sums: Sums, times: Reals, what: NDArray[np.int64]
) -> tuple[int, float]:
    """Add the rows that are finished; at the end of the run (`until` is `end`) those in line as well.

    closes      : (S,) minute of the day; inf for a station that never closes
    times, what : filled with the changes of how many are present: when, and (station * classes + class) * 2, plus 1 for one more
    returns     : how many changes, and the earliest arrival among those still in line, whose changes are yet to come
    """
    station, rank, arrive, service, patience = rows.station, rows.rank, rows.arrive, rows.service, rows.patience
    start, outcome = rows.start, rows.outcome
    ended, waited, delayed, queue, busy, departed = sums.ended, sums.waited, sums.delayed, sums.queue, sums.busy, sums.departed
    closing, late, classes, days = sums.closing, sums.late, sums.waited.shape[1], sums.closing.shape[2]
    changes, safe, last = 0, until, until >= end
    for r in range(count):
        how, s, k, came = np.int64(outcome[r]), np.int64(station[r]), np.int64(rank[r]), arrive[r]
        if how == DORMANT or (how == WAITING and came >= until):
            continue
        if how == WAITING:
            safe = min(safe, came)
            if not last:
                continue
            how = np.int64(LEFT if came + patience[r] < end else WAITING)
            start[r] = came + patience[r]
        gone = start[r]
        if warm <= gone < end:
            ended[s, k, how] += 1
            if how in (SERVED, LEFT):
                waited[s, k] += gone - came
                delayed[s, k] += gone > came
        if how in (BLOCKED, SHUT):
            continue
        queue[s, k] += max(0.0, min(gone, end) - max(came, warm))
        if how == SERVED:
            busy[s, k] += max(0.0, min(gone + service[r], end) - max(gone, warm))
            gone += service[r]
            departed[s, k] += warm <= gone < end
        code = (s * classes + k) * 2
        times[changes], what[changes] = came, code + 1
        times[changes + 1], what[changes + 1] = gone, code
        changes += 2
        if closes[s] <= DAY:
            if how == WAITING:
                gone = min(gone, end)
            day = int(came / DAY)
            close = day * DAY + closes[s]
            while day < days and close <= gone:
                if came < close:
                    for row in (k, classes):
                        closing[s, row, day] += 1
                        late[s, row, day] = max(late[s, row, day], gone - close)
                day += 1
                close += DAY
    return changes, end if last else safe


@njit
def _count_present(
    times: Reals, what: NDArray[np.int64], order: NDArray[np.int64], until: float, warm: float, end: float, classes: int, sums: Sums
) -> int:
    """Follow how many are present through the changes before `until`, in order of time; returns how many changes were followed."""
    share, level, since = sums.share, sums.level, sums.since
    top = share.shape[2] - 1
    for i in range(len(order)):
        j = order[i]
        time = times[j]
        if time >= until:
            return i
        s, k = what[j] // 2 // classes, what[j] // 2 % classes
        step = 1 if what[j] % 2 == 1 else -1
        for row in (k, classes):
            share[s, row, min(level[s, row], top)] += max(0.0, min(time, end) - max(since[s, row], warm))
            level[s, row] += step
            since[s, row] = time
    return len(order)


def observe(network: Network, key: np.uint64) -> Sums:
    """Run a network once and sum up what happens after the warm-up."""
    warm, end, classes = network.warm_up * 60.0, network.hours * 60.0, len(network.classes)
    closes = np.array([station.closes if station.closing else np.inf for station in network.stations.values()])
    days = int(np.ceil(end / DAY)) if np.any(closes <= DAY) else 0
    sums = _empty(len(network.stations), classes, days)
    later = (np.zeros(0), np.zeros(0, np.int64))
    for span in spans(network, key):
        later = _follow(span, sums, closes, warm, end, later)
    np.add.at(sums.share, (*np.indices(sums.level.shape), np.minimum(sums.level, LEVELS - 1)), end - np.maximum(sums.since, warm))
    return sums


def _follow(
    span: Span, sums: Sums, closes: Reals, warm: float, end: float, later: tuple[Reals, NDArray[np.int64]]
) -> tuple[Reals, NDArray[np.int64]]:
    """Add one span; changes that cannot be ordered yet are handed to the next."""
    times, what = np.empty(2 * span.written), np.empty(2 * span.written, np.int64)
    changes, safe = _watch(span.rows, span.written, warm, end, span.until, closes, sums, times, what)
    times, what = np.append(later[0], times[:changes]), np.append(later[1], what[:changes])
    order = np.argsort(times)
    followed = _count_present(times, what, order, safe, warm, end, sums.waited.shape[1], sums)
    rest = order[followed:]
    return times[rest], what[rest]
