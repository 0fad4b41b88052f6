"""Need: who falls ill on which day, drawn for everyone before the year begins, and thinned on the day against the present rate.

The calendar counts days from the start of the period and never by date, so every scenario shows the same illnesses.
Acute episodes are drawn in blocks of 365 days, chronic care on a personal clock; candidates come at `headroom` times the base rate,
and the same keyed number decides on the day whether the present rate keeps them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.arithmetic.compiled import fetch, inlined, njit
from sim.arithmetic.luck import exponential, mixed, poisson, poisson_from, unit, words

VISIT_NEED, STAY_NEED = 0, 1
BEFORE = 60
CLOCK_ORIGIN = -730.0
BLOCK = 365
CYCLE = 25
COME_BACK = 1 << 19
"""Bit of the occasion of a stay to which a patient comes back; nobody comes back to that once more."""
FIRST_TIME = 0xFFFFFFFF ^ COME_BACK
"""Mask that gives the occasion of the stay he comes back from."""
AHEAD = 24
"""Needs by which memory is asked ahead for the person: about as many looks as it answers at a time."""
GOLDEN = np.uint64(0x9E3779B97F4A7C15)


class Illness(NamedTuple):
    """How often people fall ill, candidates included (that is, headroom times the base rate).

    episodes, none : (bands, sexes) acute episodes a year and person; probability that there is none
    mix            : (bands, sexes, groups) cumulative share of the condition groups among them
    guide          : (bands, sexes, 256) the first group that the k-th part of 0..1 can mean
    visits         : (groups, 2) mean visits of an episode beyond the first, probability that there are none
    stays          : (groups,) mean stays of an episode;  at_once : (groups,) 1 where the stay begins on the first day
    chronic_group  : (chronic,) condition group of each chronic bit
    every, chronic_stays : (chronic,) days between visits; stays a year
    band           : (120,) need band of each age
    gap            : mean days between visits of one episode
    """

    episodes: NDArray[np.float64]
    none: NDArray[np.float64]
    mix: NDArray[np.float64]
    guide: NDArray[np.uint8]
    visits: NDArray[np.float64]
    stays: NDArray[np.float64]
    at_once: NDArray[np.uint8]
    chronic_group: NDArray[np.int64]
    every: NDArray[np.float64]
    chronic_stays: NDArray[np.float64]
    band: NDArray[np.int64]
    gap: float


class Calendar(NamedTuple):
    """Every candidate need, by day.

    first    : (days + 1,) needs of day d are rows first[d]:first[d+1], d counted from `start`
    resident : (needs,) row of the resident;  occasion : (needs,) unique in the person's run
    group    : (needs,) condition group;      setting  : (needs,) visit or stay
    """

    start: int
    first: NDArray[np.int64]
    resident: NDArray[np.int32]
    occasion: NDArray[np.uint32]
    group: NDArray[np.uint8]
    setting: NDArray[np.uint8]


class Cases(NamedTuple):
    """People who look for care today, and what became of it; one row each, `count[0]` rows in use.

    person   : number of the resident that keys his luck
    attempt  : how often this need was tried before;  avoid : facility that failed him, or -1
    referred : 1 with a referral record;               kind  : row of the offer sheet
    facility : where he goes first, -1 no formal care; onward: where he is sent on the same day, or -1
    hard     : how hard the case is, 0..1: too hard for a facility able to treat a smaller share of such cases; -1 in emergencies
    """

    count: NDArray[np.int64]
    resident: NDArray[np.int32]
    person: NDArray[np.uint32]
    occasion: NDArray[np.uint32]
    group: NDArray[np.uint8]
    attempt: NDArray[np.uint8]
    avoid: NDArray[np.int16]
    referred: NDArray[np.uint8]
    kind: NDArray[np.int32]
    facility: NDArray[np.int16]
    onward: NDArray[np.int16]
    hard: NDArray[np.float32]


def cases(room: int) -> Cases:
    """Make room for cases."""
    return Cases(
        np.zeros(1, np.int64), np.zeros(room, np.int32), np.zeros(room, np.uint32), np.zeros(room, np.uint32), np.zeros(room, np.uint8),
        np.zeros(room, np.uint8), np.full(room, -1, np.int16), np.zeros(room, np.uint8), np.zeros(room, np.int32),
        np.full(room, -1, np.int16), np.full(room, -1, np.int16), np.zeros(room, np.float32),
    )  # fmt: skip


def calendar(key: np.uint64, illness: Illness, people: NamedTuple, sex: NDArray[np.uint8], start: int, end: int) -> Calendar:
    """Draw all candidate needs of the days `start` to `end` (exclusive), each into the room of its day, and push the days together."""
    held, room = np.zeros(end - start, np.int64), len(sex) // 50 + 500
    while True:
        found = np.empty(len(held) * room, NEED)
        _draw(key, illness, people, sex, start, end, room, Found(*(found[name] for name in Found._fields)), held)
        if held.max() <= room:
            break
        room, held[:] = int(held.max()), 0
    first = np.concatenate([[0], np.cumsum(held)])
    words_of = found.view(np.int32).reshape(len(held), room, -1)
    together = words_of.reshape(len(found), -1)
    for day in range(1, len(held)):
        together[first[day] : first[day + 1]] = words_of[day, : held[day]]
    del words_of, together
    found.resize(first[-1], refcheck=False)
    return Calendar(start, first, *(found[name] for name in Found._fields))


NEED = np.dtype([("resident", np.int32), ("occasion", np.uint32), ("group", np.uint8), ("setting", np.uint8)], align=True)
"""One need as it lies in memory, so that it costs one look wherever it is put down."""


class Found(NamedTuple):
    """Needs found, in the room of their days; see `Calendar`."""

    resident: NDArray[np.int32]
    occasion: NDArray[np.uint32]
    group: NDArray[np.uint8]
    setting: NDArray[np.uint8]


@njit
def _draw(key, illness, people, sex, start, end, room, found, held):  # type: ignore[no-untyped-def]
    """Walk through everybody's illnesses, and put each need down on its day, people in order.

    room  : of a day; what does not fit is only counted
    found : (days * room,) filled;  held : (days,) adds how many needs each day has
    """
    person, age, chronic = people.person, people.age, people.chronic
    none_yet, mix, guide, visits, stays = illness.none, illness.mix, illness.guide, illness.visits, illness.stays
    episodes, at_once, band_of, gap = illness.episodes, illness.at_once, illness.band, illness.gap
    chronic_group, every, chronic_stays = illness.chronic_group, illness.every, illness.chronic_stays
    resident, occasion, group, setting = found.resident, found.occasion, found.group, found.setting
    first_block, last_block, days = (start + BLOCK * 4) // BLOCK - 4, (end - 1 + BLOCK * 4) // BLOCK - 4, end - start
    for r in range(len(person)):
        p, band, s = person[r], band_of[age[r]], sex[r]
        for block in range(first_block, last_block + 1):
            e0, _, _, _ = words(key, luck.EPISODES, p, block + 8)
            for e in range(min(poisson_from(none_yet[band, s], episodes[band, s], unit(e0)), 63)):
                episode = ((block + 8) << 12) | (e << 6)
                c0, c1, c2, c3 = words(key, luck.EPISODE, p, episode)
                day = block * BLOCK + int(unit(c0) * BLOCK) - start
                if day < 0 or day >= days:
                    continue
                u, g = unit(c1), guide[band, s, c1 >> np.uint64(24)]
                while u > mix[band, s, g]:
                    g += 1
                bits, when = (c2 << np.uint64(32)) | c3, float(day)
                for j in range(min(1 + poisson_from(visits[g, 1], visits[g, 0], unit(c2)), 58)):
                    if j > 0:
                        when += exponential(gap, mixed(bits, np.uint64(j) * GOLDEN))
                    at = _place(int(when), days, room, held)
                    if at >= 0:
                        resident[at], occasion[at], group[at], setting[at] = r, episode | j, g, VISIT_NEED
                whole = int(stays[g])
                for j in range(min(whole + (unit(c3) < stays[g] - whole), 5)):
                    at = _place(day + (0 if at_once[g] else int(4.0 * mixed(bits, GOLDEN)) + CYCLE * j), days, room, held)
                    if at >= 0:
                        resident[at], occasion[at], group[at], setting[at] = r, episode | (59 + j), g, STAY_NEED
        c, left = 0, chronic[r]
        while left:
            if left & 1:
                c0, c1, c2, _ = words(key, luck.EPISODES, p, 64 + c)
                bits, g, k = (c0 << np.uint64(32)) | c1, chronic_group[c], int((start - CLOCK_ORIGIN) / every[c]) - 1
                while CLOCK_ORIGIN + k * every[c] < end:
                    jitter = 0.5 * mixed(bits, np.uint64(k) * GOLDEN)
                    at = _place(int(np.floor(CLOCK_ORIGIN + (k + unit(c2) + jitter) * every[c])) - start, days, room, held)
                    if at >= 0:
                        resident[at], occasion[at], group[at], setting[at] = r, (1 << 18) | (c << 13) | k, g, VISIT_NEED
                    k += 1
                for block in range(first_block, last_block + 1):
                    s0, s1, s2, s3 = words(key, luck.EPISODES, p, 128 + (c << 5) + block + 8)
                    for i in range(min(poisson(chronic_stays[c], unit(s0)), 15)):
                        u = mixed((s1 << np.uint64(32)) | s2, np.uint64(i) * GOLDEN)
                        if i < 3:
                            u = unit(s1 if i == 0 else (s2 if i == 1 else s3))
                        day = block * BLOCK + int(u * BLOCK) - start
                        at = _place(day, days, room, held)
                        if at >= 0:
                            resident[at], occasion[at], group[at], setting[at] = (
                                r,
                                (1 << 17) | ((block + 8) << 8) | (c << 4) | i,
                                g,
                                STAY_NEED,
                            )
            left >>= 1
            c += 1


@inlined
def _place(day, days, room, held):  # type: ignore[no-untyped-def]
    """Find the next place in the room of a day; -1 where it is full, and outside the days."""
    if day < 0 or day >= days:
        return -1
    k = held[day]
    held[day] = k + 1
    return day * room + k if k < room else -1


@njit
def today(key, day, first, last, calendar, people, rate, averts, visits, stays, tally):  # type: ignore[no-untyped-def]
    """Keep the candidates of rows first..last that the present rate keeps; who lies in a ward needs nothing more.

    rate   : (settings, lives, contracts, groups) share of candidates kept
    averts : (groups,) share of stays that never come up while a patient is followed up after his last one
    tally  : (settings, 3) adds: needs, absorbed in a ward, thinned out
    """
    resident, occasion, group, setting = calendar.resident, calendar.occasion, calendar.group, calendar.setting
    person, lives, contract, state, followed = people.person, people.lives, people.contract, people.state, people.followed
    who, episode, kept, drawn = (
        np.empty(luck.BLOCK, np.uint32),
        np.empty(luck.BLOCK, np.uint32),
        np.empty(luck.BLOCK),
        np.empty(4 * luck.BLOCK, np.uint32),
    )
    before, before_stays = visits.count[0], stays.count[0]
    for start in range(first, last, luck.BLOCK):
        count = min(luck.BLOCK, last - start)
        for i in range(count):
            fetch(person, resident[min(start + i + AHEAD, last - 1)])
            r, o = resident[start + i], occasion[start + i]
            who[i], kept[i] = person[r], rate[setting[start + i], lives[r], contract[r], group[start + i]]
            episode[i] = o if o >= np.uint32(1 << 17) else o >> np.uint32(6)
        luck.draw(key, luck.THIN, who, episode, 0, count, drawn)
        for i in range(count):
            r, s = resident[start + i], setting[start + i]
            if unit(drawn[i]) >= kept[i] or (
                s == STAY_NEED and day <= followed[r] and unit(drawn[luck.BLOCK + i]) < averts[group[start + i]]
            ):
                tally[s, 2] += 1
            elif state[r] != 0:
                tally[s, 1] += 1
            elif s == STAY_NEED:
                _take(stays, r, who[i], occasion[start + i], group[start + i])
            else:
                _take(visits, r, who[i], occasion[start + i], group[start + i])
    tally[VISIT_NEED, 0] += visits.count[0] - before
    tally[STAY_NEED, 0] += stays.count[0] - before_stays


@inlined
def _take(to, resident, person, occasion, group):  # type: ignore[no-untyped-def]
    """Put down a need that comes up for the first time."""
    n = to.count[0]
    to.resident[n], to.person[n], to.occasion[n], to.group[n] = resident, person, occasion, group
    to.attempt[n], to.avoid[n], to.referred[n] = 0, -1, 0
    to.count[0] = n + 1
