"""Need: who falls ill on which day, drawn for everyone before the year begins, and thinned on the day against the present rate.

The calendar counts days from the start of the period and never by date, so every scenario shows the same illnesses.
Acute episodes are drawn in blocks of 365 days, chronic care on a personal clock; candidates come at `headroom` times the base rate,
and the same keyed number decides on the day whether the present rate keeps them.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.compiled import njit
from sim.luck import exponential, mixed, poisson, unit, words

VISIT_NEED, STAY_NEED = 0, 1
BEFORE = 60
CLOCK_ORIGIN = -730.0
BLOCK = 365
AHEAD = 32


class Illness(NamedTuple):
    """How often people fall ill, candidates included (that is, headroom times the base rate).

    episodes      : (bands, sexes) acute episodes a year and person
    mix           : (bands, sexes, groups) cumulative share of the condition groups among them
    visits, stays : (groups,) mean visits and stays of an episode (a patient-year of the chronic)
    at_once       : (groups,) 1 where the stay begins on the first day
    chronic_group : (chronic,) condition group of each chronic bit
    band          : (120,) need band of each age
    gap           : mean days between visits of one episode
    """

    episodes: NDArray[np.float64]
    mix: NDArray[np.float64]
    visits: NDArray[np.float64]
    stays: NDArray[np.float64]
    at_once: NDArray[np.uint8]
    chronic_group: NDArray[np.int64]
    chronic_visits: NDArray[np.float64]
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

    attempt  : how often this need was tried before;  avoid : facility that failed him, or -1
    referred : 1 with a referral record;               kind  : row of the offer sheet
    facility : where he goes first, -1 no formal care; onward: where he is sent on the same day, or -1
    """

    count: NDArray[np.int64]
    resident: NDArray[np.int32]
    occasion: NDArray[np.uint32]
    group: NDArray[np.uint8]
    attempt: NDArray[np.uint8]
    avoid: NDArray[np.int16]
    referred: NDArray[np.uint8]
    kind: NDArray[np.int32]
    facility: NDArray[np.int16]
    onward: NDArray[np.int16]


def cases(room: int) -> Cases:
    """Make room for cases."""
    return Cases(
        np.zeros(1, np.int64), np.zeros(room, np.int32), np.zeros(room, np.uint32), np.zeros(room, np.uint8), np.zeros(room, np.uint8),
        np.full(room, -1, np.int16), np.zeros(room, np.uint8), np.zeros(room, np.int32), np.full(room, -1, np.int16), np.full(room, -1, np.int16),
    )  # fmt: skip


def calendar(key: np.uint64, illness: Illness, people: NamedTuple, sex: NDArray[np.uint8], start: int, end: int) -> Calendar:
    """Draw all candidate needs of the days `start` to `end` (exclusive)."""
    first = np.zeros(end - start + 1, np.int64)
    nothing32, nothing = np.zeros(0, np.int32), np.zeros(0, np.uint8)
    _draw(False, key, illness, people, sex, start, end, first, nothing32, nothing32.view(np.uint32), nothing, nothing)
    first = np.cumsum(first)
    total = int(first[-1])
    out = np.zeros(total, np.int32), np.zeros(total, np.uint32), np.zeros(total, np.uint8), np.zeros(total, np.uint8)
    _draw(True, key, illness, people, sex, start, end, first[:-1].copy(), *out)
    return Calendar(start, first, *out)


@njit
def _note(fill, day, person_row, occasion, group, setting, start, end, cursor, out_resident, out_occasion, out_group, out_setting):  # type: ignore[no-untyped-def]
    """Count a need on the first pass, write it down on the second."""
    if day < start or day >= end:
        return
    d = day - start
    if fill:
        at = cursor[d]
        out_resident[at], out_occasion[at], out_group[at], out_setting[at] = person_row, occasion, group, setting
        cursor[d] = at + 1
    else:
        cursor[d + 1] += 1


@njit
def _draw(fill, key, illness, people, sex, start, end, cursor, out_resident, out_occasion, out_group, out_setting):  # type: ignore[no-untyped-def]
    """Walk through everybody's illnesses; the same walk counts and fills."""
    person, age, chronic = people.person, people.age, people.chronic
    episodes, mix, visits, stays, at_once = illness.episodes, illness.mix, illness.visits, illness.stays, illness.at_once
    band_of, gap = illness.band, illness.gap
    first_block, last_block = (start + BLOCK * 4) // BLOCK - 4, (end - 1 + BLOCK * 4) // BLOCK - 4
    for r in range(len(person)):
        p, band, s = person[r], band_of[age[r]], sex[r]
        for block in range(first_block, last_block + 1):
            e0, _, _, _ = words(key, luck.EPISODES, p, block + 8)
            for e in range(min(poisson(episodes[band, s], unit(e0)), 63)):
                occasion = ((block + 8) << 12) | (e << 6)
                c0, c1, c2, c3 = words(key, luck.EPISODE, p, occasion)
                day = block * BLOCK + int(unit(c0) * BLOCK)
                if day >= end or day < start - BLOCK:
                    continue
                u, g = unit(c1), 0
                while u > mix[band, s, g]:
                    g += 1
                bits = (c2 << np.uint64(32)) | c3
                when = float(day)
                for j in range(min(1 + poisson(visits[g] - 1.0, unit(c2)), 58)):
                    if j > 0:
                        when += exponential(gap, mixed(bits, np.uint64(j) * np.uint64(0x9E3779B97F4A7C15)))
                    _note(fill, int(when), r, occasion | j, g, VISIT_NEED, start, end, cursor, out_resident, out_occasion, out_group, out_setting)
                whole = int(stays[g])
                for j in range(min(whole + (unit(c3) < stays[g] - whole), 5)):
                    later = 0 if at_once[g] else int(4.0 * mixed(bits, np.uint64(0xD1B54A32D192ED03))) + 25 * j
                    _note(
                        fill, day + later, r, occasion | (59 + j), g, STAY_NEED, start, end, cursor, out_resident, out_occasion, out_group, out_setting
                    )
        if chronic[r]:
            for c in range(len(illness.chronic_group)):
                if chronic[r] & (1 << c):
                    _clock(fill, key, illness, p, r, c, start, end, cursor, out_resident, out_occasion, out_group, out_setting)


@njit
def _clock(fill, key, illness, p, r, c, start, end, cursor, out_resident, out_occasion, out_group, out_setting):  # type: ignore[no-untyped-def]
    """Put down the follow-ups and the complications of one chronic condition."""
    c0, c1, c2, _ = words(key, luck.EPISODES, p, 64 + c)
    bits = (c0 << np.uint64(32)) | c1
    group, every = illness.chronic_group[c], 365.0 / illness.chronic_visits[c]
    k = int((start - CLOCK_ORIGIN) / every) - 1
    while CLOCK_ORIGIN + k * every < end:
        jitter = 0.5 * mixed(bits, np.uint64(k) * np.uint64(0x9E3779B97F4A7C15))
        day = int(np.floor(CLOCK_ORIGIN + (k + unit(c2) + jitter) * every))
        occasion = (1 << 18) | (c << 13) | k
        _note(fill, day, r, occasion, group, VISIT_NEED, start, end, cursor, out_resident, out_occasion, out_group, out_setting)
        k += 1
    first_block, last_block = (start + BLOCK * 4) // BLOCK - 4, (end - 1 + BLOCK * 4) // BLOCK - 4
    for block in range(first_block, last_block + 1):
        s0, s1, s2, s3 = words(key, luck.EPISODES, p, 128 + (c << 5) + block + 8)
        days = (s1, s2, s3)
        for i in range(min(poisson(illness.chronic_stays[c], unit(s0)), 3)):
            occasion = (1 << 17) | ((block + 8) << 8) | (c << 4) | i
            day = block * BLOCK + int(unit(days[i]) * BLOCK)
            _note(fill, day, r, occasion, group, STAY_NEED, start, end, cursor, out_resident, out_occasion, out_group, out_setting)


@njit
def today(key, first, last, calendar, people, rate, visits, stays, tally):  # type: ignore[no-untyped-def]
    """Keep the candidates of rows first..last that the present rate keeps; who lies in a ward needs nothing more.

    rate  : (lives, contracted, groups) share of candidates kept
    tally : (settings, 3) adds: needs, absorbed in a ward, thinned out
    """
    resident, occasion, group, setting = calendar.resident, calendar.occasion, calendar.group, calendar.setting
    person, lives, contract, state = people.person, people.lives, people.contract, people.state
    touched = np.uint32(0)
    for i in range(first, last):
        if (i - first) % AHEAD == 0:  # look at the next people all at once, or each would be waited for alone
            for j in range(i, min(i + AHEAD, last)):
                touched |= person[resident[j]]
        r, o, g, s = resident[i], occasion[i], group[i], setting[i]
        episode = o if o >= np.uint32(1 << 17) else o >> np.uint32(6)
        t0, _, _, _ = words(key, luck.THIN, person[r], episode)
        if unit(t0) >= rate[lives[r], min(contract[r], 1), g]:
            tally[s, 2] += 1
            continue
        if state[r] != 0:
            tally[s, 1] += 1
            continue
        tally[s, 0] += 1
        to = stays if s == STAY_NEED else visits
        n = to.count[0]
        to.resident[n], to.occasion[n], to.group[n] = r, o, g
        to.attempt[n], to.avoid[n], to.referred[n] = 0, -1, 0
        to.count[0] = n + 1
    return touched
