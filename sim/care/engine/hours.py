"""Hours: the one engine, which runs patients through the servers of stations: doctors of a clinic, beds of a ward.

It holds no luck and no rules. Every leg of a visit is a row (station, class, arrival, service, patience, the leg that follows, the way
there), drawn before; the engine fills in when it began and how it ended. Times are absolute minutes in float64, so a year cut into days
gives the same bits as a year in one piece.

Order of events: a server found free makes no event. A small binary heap holds one entry for each station where somebody waits (the time its
next server comes free) and one for each leg on its way. Lines are linked lists through the rows: nothing is sized by station and nothing
can overflow. First come, first served by class; a service is never interrupted. Who has lost patience is dropped when called, when the
places look full, or when the day ends. Who comes before opening stands at the door and enters in the order they came; his wait counts
from the opening. Who comes after closing finds the station shut, unless he was sent on from elsewhere (travel > 0): he comes back when
it next opens.
"""

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.compiled import fetch, njit
from sim.care.engine.heap import drop, occupy, push
from sim.care.engine.lines import (
    BLOCKED,
    DAY,
    DOOR,
    DORMANT,
    LEFT,
    PENDING,
    SERVED,
    SHUT,
    UNLIMITED,
    WAITING,
    Lines,
    Reals,
    Rows,
    Stations,
    Wholes,
    lines,
    refit,
    reseat,
    room_for,
    rows,
    stations,
)

__all__ = [
    "BLOCKED",
    "DAY",
    "DORMANT",
    "LEFT",
    "PENDING",
    "SERVED",
    "SHUT",
    "UNLIMITED",
    "WAITING",
    "Lines",
    "Rows",
    "Stations",
    "by_time",
    "carry",
    "hours",
    "leave",
    "lines",
    "refit",
    "reseat",
    "room_for",
    "rows",
    "stations",
]


@njit
def _purge(
    s: int,
    time: float,
    arrive: Reals,
    patience: Reals,
    start: Reals,
    outcome: NDArray[np.int8],
    behind: Wholes,
    head: Wholes,
    tail: Wholes,
    waiting: Wholes,
) -> None:
    """Drop those of station s who have lost patience before `time`."""
    for k in range(head.shape[1]):
        before, r = -1, head[s, k]
        while r >= 0:
            after = behind[r]
            if arrive[r] + patience[r] < time:
                outcome[r] = LEFT
                start[r] = arrive[r] + patience[r]
                waiting[s] -= 1
                if before < 0:
                    head[s, k] = after
                else:
                    behind[before] = after
                if after < 0:
                    tail[s, k] = before
            else:
                before = r
            r = after


@njit
def hours(order: Wholes, stations: Stations, rows: Rows, lines: Lines, midnight: float, until: float) -> int:
    """Run all that happens before `until`, and leave the rest in `lines`.

    order    : rows that come by themselves, by time of arrival (see `by_time`); not those reached through `then`, nor those carried
    midnight : absolute minute at which the day began, a multiple of 1440; the span may be longer than a day
    returns  : how many of `order` have come. `lines` must have room for all rows (see `room_for`)
    """
    first, opens, closes, places = stations.first, stations.opens, stations.closes, stations.places
    station, rank, arrive, service, patience = rows.station, rows.rank, rows.arrive, rows.service, rows.patience
    then, travel, start, outcome, behind = rows.then, rows.travel, rows.start, rows.outcome, rows.behind
    free_at, head, tail, waiting, calling = lines.free_at, lines.head, lines.tail, lines.waiting, lines.calling
    times, what, size = lines.soon_time, lines.soon_what, lines.soon_count[0]
    count_of_stations, ranks, comers = len(opens), head.shape[1], len(order)
    i = 0
    while True:
        next_comer = arrive[order[i]] if i < comers else np.inf
        next_soon = times[0] if size > 0 else np.inf
        if next_comer < next_soon:
            if next_comer >= until:
                break
            fetch(arrive, order[min(i + 8, comers - 1)])
            r, time, called = order[i], next_comer, False
            s = station[r]
            i += 1
        else:
            if next_soon >= until:
                break
            code, time = what[0], next_soon
            size -= 1
            drop(times, what, size)
            called = code < count_of_stations
            r = -1 if called else code - count_of_stations
            s = code if called else station[r]
        a, b = first[s], first[s + 1]
        if called:  # a server is free: the first of the best class who is still there
            calling[s] = 0
            for k in range(ranks):
                while r < 0 and head[s, k] >= 0:
                    x = head[s, k]
                    head[s, k] = behind[x]
                    if behind[x] < 0:
                        tail[s, k] = -1
                    waiting[s] -= 1
                    if arrive[x] + patience[x] < time:
                        outcome[x], start[x] = LEFT, arrive[x] + patience[x]
                    else:
                        r = x
                if r >= 0:
                    break
            if r < 0:
                continue
        else:  # somebody comes
            if opens[s] > 0.0 or closes[s] < DAY:
                today = midnight if time < midnight + DAY else midnight + DAY * int((time - midnight) / DAY)
                late = time >= today + closes[s]
                if late and travel[r] <= 0.0:
                    outcome[r], start[r] = SHUT, time
                    continue
                if late or time < today + opens[s]:
                    opening = today + opens[s] + (DAY if late else 0.0)
                    arrive[r] = opening + (time - opening + DAY) * DOOR
                    push(times, what, size, arrive[r], count_of_stations + r)
                    size += 1
                    continue
            if a < b and (waiting[s] > 0 or free_at[a] > time):
                if waiting[s] >= places[s]:
                    _purge(s, time, arrive, patience, start, outcome, behind, head, tail, waiting)
                if waiting[s] >= places[s]:
                    outcome[r], start[r] = BLOCKED, time
                    continue
                k = rank[r]
                behind[r] = -1
                if tail[s, k] < 0:
                    head[s, k] = r
                else:
                    behind[tail[s, k]] = r
                tail[s, k] = r
                waiting[s] += 1
                if calling[s] == 0:
                    push(times, what, size, free_at[a], s)
                    calling[s] = 1
                    size += 1
                continue
        end = time + service[r]
        start[r], outcome[r] = time, SERVED
        if a < b:
            occupy(free_at, a, b, end)
        x = then[r]
        if x >= 0:
            arrive[x], outcome[x] = end + travel[x], WAITING
            push(times, what, size, arrive[x], count_of_stations + x)
            size += 1
        if called and waiting[s] > 0:
            push(times, what, size, free_at[a], s)
            calling[s] = 1
            size += 1
    lines.soon_count[0] = size
    return i


@njit
def by_time(rows: Rows, since: int, count: int, midnight: float, until: float, order: Wholes, tally: Wholes) -> int:
    """Order the rows since..count-1 that come by themselves (all but `DORMANT` ones) by time of arrival, equals by row.

    order   : (at least count - since,) filled
    tally   : (cells + 1,) scratch: rows are first dealt into cells of midnight..until, then sorted by insertion
    returns : how many there are; use `order[:that]`
    """
    arrive, outcome, when = rows.arrive, rows.outcome, np.empty(count - since)
    cells = len(tally) - 1
    width = cells / (until - midnight)
    tally[:] = 0
    for r in range(since, count):
        if outcome[r] != DORMANT:
            tally[min(max(int((arrive[r] - midnight) * width), 0), cells - 1) + 1] += 1
    for cell in range(cells):
        tally[cell + 1] += tally[cell]
    found = tally[cells]
    for r in range(since, count):
        if outcome[r] != DORMANT:
            cell = min(max(int((arrive[r] - midnight) * width), 0), cells - 1)
            order[tally[cell]], when[tally[cell]] = r, arrive[r]
            tally[cell] += 1
    for i in range(1, found):
        r, time, j = order[i], when[i], i - 1
        while j >= 0 and when[j] > time:
            order[j + 1], when[j + 1] = order[j], when[j]
            j -= 1
        order[j + 1], when[j + 1] = r, time
    return found


@njit
def carry(count: int, stations: Stations, rows: Rows, lines: Lines, moved: Wholes) -> int:
    """Keep of the first `count` rows those still waiting or on their way, with the legs that follow them; move them to the front, in order.

    moved   : (at least count,) filled with the new row of each old one, or -1, so that columns kept beside the rows can be moved too:
              `column[moved[old]] = column[old]` in ascending order
    returns : how many rows are kept; new ones are written from there on
    """
    station, rank, arrive, service, patience = rows.station, rows.rank, rows.arrive, rows.service, rows.patience
    then, travel, start, outcome, behind = rows.then, rows.travel, rows.start, rows.outcome, rows.behind
    head, tail, what, size, stations_ = lines.head, lines.tail, lines.soon_what, lines.soon_count[0], len(stations.opens)
    moved[:count] = -1
    for s in range(stations_):
        for k in range(head.shape[1]):
            r = head[s, k]
            while r >= 0:
                moved[r] = 0
                r = behind[r]
    for i in range(size):
        if what[i] >= stations_:
            moved[what[i] - stations_] = 0
    kept = 0
    for r in range(count):
        if moved[r] == 0:
            if then[r] >= 0:
                moved[then[r]] = 0
            moved[r] = kept
            kept += 1
    for r in range(count):
        j = moved[r]
        if j >= 0:
            station[j], rank[j], arrive[j], service[j], patience[j] = station[r], rank[r], arrive[r], service[r], patience[r]
            travel[j], start[j], outcome[j] = travel[r], start[r], outcome[r]
            then[j] = moved[then[r]] if then[r] >= 0 else -1
            behind[j] = moved[behind[r]] if behind[r] >= 0 else -1
    for s in range(stations_):
        for k in range(head.shape[1]):
            if head[s, k] >= 0:
                head[s, k], tail[s, k] = moved[head[s, k]], moved[tail[s, k]]
    for i in range(size):
        if what[i] >= stations_:
            what[i] = stations_ + moved[what[i] - stations_]
    return kept


@njit
def day(since: int, count: int, stations: Stations, rows: Rows, lines: Lines, midnight: float, order: Wholes, tally: Wholes) -> None:
    """Run a day: the rows since..count-1 come in the order of time, and meet those whom the lines hold; who has lost patience leaves."""
    came = by_time(rows, since, count, midnight, midnight + DAY, order, tally)
    hours(order[:came], stations, rows, lines, midnight, midnight + DAY)
    leave(rows, lines, midnight + DAY)


@njit
def leave(rows: Rows, lines: Lines, until: float) -> None:
    """Let all leave the lines who have lost patience before `until`."""
    for s in range(len(lines.waiting)):
        if lines.waiting[s] > 0:
            _purge(
                s, until, rows.arrive, rows.patience, rows.start, rows.outcome, rows.behind, lines.head, lines.tail, lines.waiting,
            )  # fmt: skip
