"""Stations, the rows of those who come to them, and the lines in between: the arrays that `hours` works on."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.arithmetic.compiled import njit

CARRIED, CAME = 0, 1
"""Rows carried over the last midnight, and rows there are today: the places of a pair of counts."""
WAITING = PENDING = 0
SERVED = 1
BLOCKED = 2
LEFT = 3
SHUT = 4
DORMANT = 5

DAY = 1440.0
UNLIMITED = 2**31 - 1
DOOR = 1e-6

Reals = NDArray[np.float64]
Wholes = NDArray[np.int32]


class Stations(NamedTuple):
    """Where people are served.

    first  : (stations + 1,) the servers of s are `free_at[first[s]:first[s + 1]]`; none means that nobody ever waits
    opens  : (stations,) minute of the day
    closes : (stations,) minute of the day; opens 0 and closes 1440 or later is always open
    places : (stations,) waiting places, `UNLIMITED` where there is no limit
    """

    first: Wholes
    opens: Reals
    closes: Reals
    places: Wholes


class Rows(NamedTuple):
    """Legs of visits; the first seven and `outcome` are given, `start`, `outcome` and `behind` are filled in.

    station  : (rows,) where
    rank     : (rows,) class, 0 is called first
    arrive   : (rows,) absolute minute; of a leg reached through `then` it is filled in
    service  : (rows,) minutes
    patience : (rows,) minutes he is ready to wait
    then     : (rows,) row of the leg that follows, always a later row, or -1
    travel   : (rows,) minutes on the way to this leg
    start    : (rows,) absolute minute when service began, or when he left, was blocked or found it shut
    outcome  : (rows,) `WAITING` (or on his way), `SERVED`, `BLOCKED`, `LEFT`, `SHUT`; give `DORMANT` to a leg reached through `then`
    behind   : (rows,) who stands behind him in the line, or -1
    """

    station: NDArray[np.int16]
    rank: NDArray[np.int8]
    arrive: Reals
    service: Reals
    patience: Reals
    then: Wholes
    travel: Reals
    start: Reals
    outcome: NDArray[np.int8]
    behind: Wholes


class Lines(NamedTuple):
    """All that is carried over midnight, apart from the rows.

    free_at    : (servers,) when each comes free; for each station a binary heap, the earliest first
    head, tail : (stations, ranks) first and last row of each line, or -1
    waiting    : (stations,) how many stand in its lines; who has lost patience is among them until the day ends at the latest
    calling    : (stations,) 1 where the heap holds the time at which the next server comes free
    soon_time, soon_what : (stations + room,) the heap of what comes soon: a station s as s, a row r on its way as stations + r
    soon_count : (1,) entries in the heap
    """

    free_at: Reals
    head: Wholes
    tail: Wholes
    waiting: Wholes
    calling: NDArray[np.uint8]
    soon_time: Reals
    soon_what: Wholes
    soon_count: NDArray[np.int64]


def stations(servers: ArrayLike, opens: ArrayLike = 0.0, closes: ArrayLike = DAY, places: ArrayLike = UNLIMITED) -> Stations:
    """Lay out stations by their numbers of servers; hours and places may be one for all.

    Raises ValueError where a station closes before it opens, or for more stations than rows can name.
    """
    count = np.asarray(servers, np.int32)
    if len(count) > np.iinfo(np.int16).max:
        raise ValueError(f"{len(count)} stations are more than the {np.iinfo(np.int16).max} that rows can name")
    first = np.concatenate([[0], np.cumsum(count)]).astype(np.int32)
    from_, to = (np.broadcast_to(np.asarray(hour, np.float64), count.shape).copy() for hour in (opens, closes))
    if np.any(to <= from_) or np.any(from_ < 0.0):
        station = int(np.argmax((to <= from_) | (from_ < 0.0)))
        raise ValueError(f"station {station} opens at minute {from_[station]} and closes at {to[station]}: closing must come later")
    return Stations(first, from_, to, np.broadcast_to(np.asarray(places, np.int32), count.shape).copy())


def rows(capacity: int) -> Rows:
    """Make room for `capacity` legs, all of them neutral: no patience lost, nothing that follows."""
    return Rows(
        station=np.zeros(capacity, np.int16),
        rank=np.zeros(capacity, np.int8),
        arrive=np.zeros(capacity),
        service=np.zeros(capacity),
        patience=np.full(capacity, np.inf),
        then=np.full(capacity, -1, np.int32),
        travel=np.zeros(capacity),
        start=np.zeros(capacity),
        outcome=np.zeros(capacity, np.int8),
        behind=np.full(capacity, -1, np.int32),
    )


ROW = np.dtype(
    {
        "names": ["arrive", "service", "patience", "travel", "start", "then", "behind", "station", "rank", "outcome"],
        "formats": ["f8", "f8", "f8", "f8", "f8", "i4", "i4", "i2", "i1", "i1"],
        "itemsize": 64,
    }
)
"""A row as it lies in memory: one line of it, so that one look brings all."""


def lines(stations: Stations, ranks: int, room: int) -> Lines:
    """Make empty lines at idle stations; `room` is the capacity of the rows they will serve."""
    count = len(stations.opens)
    return Lines(
        free_at=np.zeros(int(stations.first[-1]) + 1),
        head=np.full((count, ranks), -1, np.int32),
        tail=np.full((count, ranks), -1, np.int32),
        waiting=np.zeros(count, np.int32),
        calling=np.zeros(count, np.uint8),
        soon_time=np.zeros(count + room),
        soon_what=np.zeros(count + room, np.int32),
        soon_count=np.zeros(1, np.int64),
    )


def room_for(rows: Rows, count: int, lines: Lines | None = None) -> None:
    """Raise OverflowError if `count` rows do not fit, or `lines` was made for fewer; call it before a kernel writes rows."""
    room = len(rows.arrive)
    if count > room:
        raise OverflowError(f"{count} rows do not fit into the {room} that were made; make them with a larger capacity")
    fits = room if lines is None else len(lines.soon_time) - len(lines.waiting)
    if fits < room:
        raise OverflowError(f"lines with room for {fits} rows cannot serve {room} rows; make them with room={room}")


def refit(lines: Lines, before: Stations, after: Stations, now: float, owner: NDArray[np.int64] | None = None) -> Lines:
    """Fit lines to stations with other numbers of servers; the stations themselves and their order stay.

    Nobody in service is sent away. Of the servers that go, the ones free first go. Those that come are free at once and call whoever waits,
    unless they come from another station of their owner, where somebody may still be in service: then they come when he is done.
    now     : absolute minute at which the change is made, the `until` of the hours before it
    owner   : (stations,) whose they are, stations of one owner in a row; None: each its own
    returns : the lines to go on with (all but `free_at` is shared with the old ones); raises ValueError if someone would wait for nobody
    """
    stranded = (np.diff(after.first) == 0) & (lines.waiting > 0)
    if stranded.any():
        s = int(np.argmax(stranded))
        raise ValueError(f"station {s} has {lines.waiting[s]} waiting and would have no server; leave it at least one")
    free_at = np.zeros(int(after.first[-1]) + 1)
    _seat(lines.free_at, before.first, after.first, np.arange(len(after.opens)) if owner is None else owner, now, free_at)
    size, stations_ = int(lines.soon_count[0]), len(after.opens)
    what, times = lines.soon_what[:size].copy(), lines.soon_time[:size].copy()
    called = what < stations_
    times[called] = np.maximum(free_at[after.first[what[called]]], now)
    order = np.lexsort((what, times))
    lines.soon_time[:size], lines.soon_what[:size] = times[order], what[order]
    return lines._replace(free_at=free_at)


@njit
def _seat(old, first, first_now, owner, now, free_at):  # type: ignore[no-untyped-def]
    """Say when the servers of every station come free, the earliest first: of those that go the ones free first."""
    leaving, gone = np.empty(len(old)), 0
    for s in range(len(first) - 1):
        if s == 0 or owner[s] != owner[s - 1]:
            gone = 0
            for other in range(s, len(first) - 1):
                if owner[other] != owner[s]:
                    break
                times = np.sort(old[first[other] : first[other + 1]])
                for i in range(len(times) - (first_now[other + 1] - first_now[other])):
                    leaving[gone] = times[i]
                    gone += 1
        times, to = np.sort(old[first[s] : first[s + 1]]), free_at[first_now[s] : first_now[s + 1]]
        fewer = max(len(times) - len(to), 0)
        more = len(to) - len(times) + fewer
        for i in range(more):
            gone -= 1
            to[i] = max(leaving[gone], now) if gone >= 0 else now
        gone = max(gone, 0)
        to[more:] = times[fewer:]
        to.sort()


def reseat(
    stations: Stations, lines: Lines, servers: NDArray[np.int64], now: float, owner: NDArray[np.int64] | None = None
) -> tuple[Stations, Lines]:
    """Give stations these numbers of servers from `now` on; nothing is done where nothing changes. See `refit`."""
    if np.array_equal(servers, np.diff(stations.first)):
        return stations, lines
    after = stations._replace(first=np.concatenate([[0], np.cumsum(servers)]).astype(np.int32))
    return after, refit(lines, stations, after, now, owner)


def grown(room: int, *records: Any) -> tuple[Any, ...]:
    """Give records of columns the room for `room` rows each; what they hold stays, the new rows hold what the last did, which nobody reads.

    records : named tuples of (rows,) arrays, or such arrays; columns of one entry are counts and stay
    """
    return tuple(_longer(record, room) if isinstance(record, np.ndarray) else _each(record, room) for record in records)


def _each(record: Any, room: int) -> Any:
    return type(record)(*(_longer(column, room) if len(column) > 1 else column for column in record))


def _longer(column: NDArray[Any], room: int) -> NDArray[Any]:
    return np.pad(column, (0, max(room - len(column), 0)), mode="edge")
