"""Clinics: make the engine's rows of today's visits, and read in the evening what became of them."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.compiled import njit
from sim.elementary import from_table
from sim.lines import BLOCKED, DORMANT, LEFT, SERVED, SHUT, WAITING
from sim.luck import exponential, unit, words
from sim.money import fen

REFERRED, ONWARD, EMERGENCY, UNHELPED, SENDS_ON, BEYOND, DOWN = 1, 2, 4, 8, 16, 32, 64
URGENT_RANK, REFERRED_RANK, CONTRACT_RANK, ORDINARY_RANK, RANKS = 0, 1, 2, 3, 4
ONWARD_OCCASION = 1 << 30


class Tickets(NamedTuple):
    """Who stands behind each row of the engine.

    attempt : how often this need was tried before;  flags : bits (REFERRED, ONWARD, EMERGENCY, UNHELPED, SENDS_ON, BEYOND, DOWN)
    origin  : facility that sent him, -1 where he came by himself;  bill : fen, of a visit
    """

    resident: NDArray[np.int32]
    occasion: NDArray[np.uint32]
    group: NDArray[np.uint8]
    attempt: NDArray[np.uint8]
    kind: NDArray[np.int32]
    facility: NDArray[np.int16]
    flags: NDArray[np.uint8]
    origin: NDArray[np.int16]
    bill: NDArray[np.int32]


class Desk(NamedTuple):
    """What a visit takes at each facility.

    station   : (facilities, groups) station of the engine;  opens, closes : (facilities,) minute of the day
    service   : (facilities,) mean minutes;  service_table : quantiles beside the mean;  patience : mean minutes
    minutes   : (facilities, facilities) between facilities
    priority  : (facilities,) 1 where contracted patients come before ordinary ones
    """

    station: NDArray[np.int16]
    opens: NDArray[np.float64]
    closes: NDArray[np.float64]
    service: NDArray[np.float64]
    service_table: NDArray[np.float64]
    patience: float
    minutes: NDArray[np.float32]
    priority: NDArray[np.uint8]


def tickets(room: int) -> Tickets:
    """Make room for tickets."""
    return Tickets(
        np.zeros(room, np.int32), np.zeros(room, np.uint32), np.zeros(room, np.uint8), np.zeros(room, np.uint8),
        np.zeros(room, np.int32), np.zeros(room, np.int16), np.zeros(room, np.uint8), np.full(room, -1, np.int16),
        np.zeros(room, np.int32),
    )  # fmt: skip


@njit
def make_rows(key, midnight, visits, count, people, sheet, desk, tariff, green, rows, tickets):  # type: ignore[no-untyped-def]
    """Write a row and a ticket for each visit and each leg onward, after the `count` rows carried; returns how many rows there are now."""
    resident, occasion, group, facility, onward = visits.resident, visits.occasion, visits.group, visits.facility, visits.onward
    hard, visit_bill, bill_table = visits.hard, tariff.visit_bill, tariff.visit_table
    person, contract, emergent, able = people.person, people.contract, sheet.emergent, sheet.able
    station, rank, arrive, service, patience = rows.station, rows.rank, rows.arrive, rows.service, rows.patience
    then, travel, outcome = rows.then, rows.travel, rows.outcome
    n = count
    for i in range(visits.count[0]):
        f, r, g = facility[i], resident[i], group[i]
        if f < 0:
            continue
        legs = 2 if onward[i] >= 0 else 1
        for leg in range(legs):
            at = f if leg == 0 else onward[i]
            o = np.uint32(occasion[i]) if leg == 0 else np.uint32(occasion[i]) | np.uint32(ONWARD_OCCASION)
            c0, c1, c2, c3 = words(key, luck.VISIT, person[r], o)
            station[n] = desk.station[at, g]
            service[n] = desk.service[at] * from_table(desk.service_table, c1)
            patience[n], then[n], travel[n], outcome[n] = exponential(desk.patience, unit(c3)), -1, 0.0, WAITING
            flags = REFERRED if visits.referred[i] or leg == 1 else 0
            if leg == 1:
                rank[n], then[n - 1], travel[n], outcome[n] = REFERRED_RANK if green else ORDINARY_RANK, n, desk.minutes[f, at], DORMANT
                flags |= ONWARD
            elif emergent[g]:
                rank[n], arrive[n], patience[n] = URGENT_RANK, midnight + 1440.0 * unit(c0), np.inf
                flags |= EMERGENCY
            else:
                arrive[n] = midnight + desk.opens[at] + (desk.closes[at] - desk.opens[at]) * unit(c0) * math.sqrt(unit(c0))
                rank[n] = CONTRACT_RANK if desk.priority[at] and contract[r] > 0 else ORDINARY_RANK
                if flags & REFERRED and green:
                    rank[n] = REFERRED_RANK
            if leg + 1 < legs:
                flags |= SENDS_ON
            elif hard[i] >= able[0, at, g]:
                flags |= UNHELPED
            tickets.resident[n], tickets.occasion[n], tickets.group[n], tickets.attempt[n] = r, occasion[i], g, visits.attempt[i]
            tickets.kind[n], tickets.facility[n] = visits.kind[i] | (leg == 1), at
            tickets.bill[n] = fen(visit_bill[at] * from_table(bill_table, c2))
            tickets.flags[n], tickets.origin[n] = flags, f if leg == 1 else -1
            n += 1
    return n


class Clinics(NamedTuple):
    """What has been seen at clinics; counts of measured days, station counts of the present week.

    visits    : (lives x schemes, facilities, unreferred/referred);  wait : (facilities,) minutes waited, zeros included
    seen, waited : (stations,) of this week, for learning
    fate      : (6,) legs: served, blocked, left, shut; failed cases: again tomorrow, met elsewhere, forgone (see FATES)
    forgone   : (lives x schemes,) needs forgone after failed attempts
    up        : (facilities, facilities) referrals with a record, from and to
    flows     : (towns, facilities, groups) visits
    unhelped  : (facilities,)
    """

    visits: NDArray[np.int64]
    wait: NDArray[np.float64]
    seen: NDArray[np.int64]
    waited: NDArray[np.float64]
    fate: NDArray[np.int64]
    forgone: NDArray[np.int64]
    up: NDArray[np.int32]
    flows: NDArray[np.int32]
    unhelped: NDArray[np.int64]


FATES = ("served", "blocked", "left", "shut", "again", "elsewhere", "forgone")


def clinics(towns: int, facilities: int, stations: int, groups: int) -> Clinics:
    """Open empty counts."""
    return Clinics(
        np.zeros((6, facilities, 2), np.int64), np.zeros(facilities), np.zeros(stations, np.int64), np.zeros(stations),
        np.zeros(len(FATES), np.int64), np.zeros(6, np.int64), np.zeros((facilities, facilities), np.int32),
        np.zeros((towns, facilities, groups), np.int32), np.zeros(facilities, np.int64),
    )  # fmt: skip


class Habits(NamedTuple):
    """What people do after a visit that failed, and what they learn.

    again, elsewhere : shares who try again tomorrow, and of the rest who meet the need elsewhere;  attempts : in all
    gain, loss       : part of the way trust moves up or down after a visit to the own township
    """

    again: float
    elsewhere: float
    attempts: int
    gain: float
    loss: float


@njit
def read_rows(key, count, rows, tickets, done, people, sheet, habits, counted, counts, again, sent):  # type: ignore[no-untyped-def]
    """Read the outcomes of rows 0..count: count them, let people learn, and put down who tries again tomorrow.

    counted : 1 on measured days
    done    : (rows,) filled: 1 served today, 2 failed, 0 still waiting or on the way
    again   : cases that try the same tomorrow;  sent : those whom the facility could not help, who look for one that can
    """
    outcome, arrive, start, station = rows.outcome, rows.arrive, rows.start, rows.station
    person, village, town, lives, scheme = people.person, people.village, people.town, people.lives, people.insured_at
    usual, trust, option = people.usual, people.trust, sheet.option
    visits, wait, seen, waited, fate, forgone = counts.visits, counts.wait, counts.seen, counts.waited, counts.fate, counts.forgone
    for i in range(count):
        what = outcome[i]
        done[i] = 1 if what == SERVED else (2 if what == BLOCKED or what == LEFT or what == SHUT else 0)
        if done[i] == 0:
            continue
        r, f, flags = tickets.resident[i], tickets.facility[i], tickets.flags[i]
        who, own = lives[r] * 3 + scheme[r], f == option[village[r], 1] and lives[r] == 0
        fate[what - 1] += counted
        if what == SERVED:
            waiting = start[i] - arrive[i]
            seen[station[i]] += 1
            waited[station[i]] += waiting
            visits[who, f, flags & REFERRED] += counted
            wait[f] += waiting * counted
            counts.flows[town[r], f, tickets.group[i]] += counted
            if flags & ONWARD:
                counts.up[tickets.origin[i], f] += counted
            if flags & SENDS_ON == 0:
                usual[r] = f
                if own:
                    trust[r] += (
                        np.int8((100 - trust[r]) * habits.gain) if not flags & UNHELPED else -np.int8((100 + trust[r]) * habits.loss)
                    )
        elif own:
            trust[r] -= np.int8((100 + trust[r]) * habits.loss)
        failed = what != SERVED
        if not failed and (flags & UNHELPED == 0 or flags & SENDS_ON):
            continue
        counts.unhelped[f] += counted * (not failed)
        tried = tickets.attempt[i] + 1
        u0, u1, _, _ = words(key, luck.AGAIN, person[r], np.uint32(tickets.occasion[i]) ^ np.uint32(tried << 27))
        if tried < habits.attempts and unit(u0) < habits.again:
            to = again if failed and flags & ONWARD == 0 else sent
            n = to.count[0]
            to.resident[n], to.occasion[n], to.group[n], to.attempt[n] = r, tickets.occasion[i], tickets.group[i], tried
            to.avoid[n] = -1 if failed else f
            to.referred[n] = flags & REFERRED
            to.count[0] = n + 1
            fate[4] += counted
        elif failed and unit(u1) < habits.elsewhere:
            fate[5] += counted
        elif failed:
            fate[6] += counted
            forgone[who] += counted


@njit
def move_tickets(count, moved, tickets):  # type: ignore[no-untyped-def]
    """Move the tickets with their rows after `hours.carry`."""
    for i in range(count):
        j = moved[i]
        if j >= 0:
            tickets.resident[j], tickets.occasion[j], tickets.group[j] = tickets.resident[i], tickets.occasion[i], tickets.group[i]
            tickets.attempt[j], tickets.kind[j], tickets.facility[j] = tickets.attempt[i], tickets.kind[i], tickets.facility[i]
            tickets.flags[j], tickets.origin[j] = tickets.flags[i], tickets.origin[i]
            tickets.bill[j] = tickets.bill[i]


@njit
def join(to, cases):  # type: ignore[no-untyped-def]
    """Append cases, and empty where they came from; returns how many `to` held before."""
    before = to.count[0]
    for i in range(cases.count[0]):
        n = before + i
        to.resident[n], to.occasion[n], to.group[n], to.attempt[n] = cases.resident[i], cases.occasion[i], cases.group[i], cases.attempt[i]
        to.avoid[n], to.referred[n] = cases.avoid[i], cases.referred[i]
    to.count[0] = before + cases.count[0]
    cases.count[0] = 0
    return before


@njit
def still_choosing(cases, marked, avoid, open_cases, back):  # type: ignore[no-untyped-def]
    """Collect the cases marked CHOOSE_ABOVE, as referred cases that choose among those able; `back` tells where each came from."""
    n = 0
    for i in range(cases.count[0]):
        if marked[i] == -2:
            open_cases.resident[n], open_cases.occasion[n], open_cases.group[n] = cases.resident[i], cases.occasion[i], cases.group[i]
            open_cases.avoid[n], open_cases.referred[n] = avoid[i], 1
            back[n] = i
            n += 1
    open_cases.count[0] = n


@njit
def count_choices(cases, people, counted, needs, none):  # type: ignore[no-untyped-def]
    """Count by who: needs that come up for the first time, and those for whom no formal care was chosen."""
    for i in range(cases.count[0]):
        who = people.lives[cases.resident[i]] * 3 + people.insured_at[cases.resident[i]]
        needs[who] += counted * (cases.attempt[i] == 0)
        none[who] += counted * (cases.facility[i] == -1)


@njit
def take_back(cases, open_cases, back, onward):  # type: ignore[no-untyped-def]
    """Write the facilities chosen by `open_cases` back to where they came from: as the leg onward, or as the facility itself."""
    for i in range(open_cases.count[0]):
        if onward:
            cases.onward[back[i]] = open_cases.facility[i]
        else:
            cases.facility[back[i]] = open_cases.facility[i]


def learn(expected: NDArray[np.float64], seen: NDArray[np.int64], waited: NDArray[np.float64], memory: float) -> None:
    """Move expected waits towards what the past week has shown, and begin a new week.

    expected, seen, waited : (stations,) changed in place;  memory : weight of the old expectation
    """
    some = seen > 0
    expected[some] = memory * expected[some] + (1.0 - memory) * waited[some] / seen[some]
    seen[:], waited[:] = 0, 0.0
