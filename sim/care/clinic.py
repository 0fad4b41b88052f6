"""Clinics: make the engine's rows of today's visits, and read in the evening what became of them."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.arithmetic.compiled import fetch, inlined, njit
from sim.arithmetic.elementary import from_table
from sim.arithmetic.luck import BLOCK, draw, exponential, unit, words
from sim.care.engine.lines import BLOCKED, DORMANT, LEFT, SERVED, SHUT, WAITING
from sim.choice.referral import NOT_TODAY
from sim.money.paying import fen
from sim.people import equity
from sim.words import OWN_TOWNSHIP

REFERRED, ONWARD, EMERGENCY, UNHELPED, SENDS_ON, BEYOND, DOWN, RECORD = 1, 2, 4, 8, 16, 32, 64, 128
URGENT_RANK, REFERRED_RANK, CONTRACT_RANK, ORDINARY_RANK, RANKS = 0, 1, 2, 3, 4
ONWARD_OCCASION = 1 << 30


class Tickets(NamedTuple):
    """Who stands behind each row of the engine.

    attempt : how often this need was tried before;  flags : bits (REFERRED, ONWARD, EMERGENCY, UNHELPED, SENDS_ON, BEYOND, DOWN,
              RECORD: sent up and gone home with the record)
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
    service   : (stations,) mean minutes;  service_table : quantiles beside the mean;  patience : mean minutes
    minutes   : (facilities, facilities) between facilities
    priority  : (facilities,) 1 where contracted patients come before ordinary ones; examinations are part of the visit and come with it
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


@inlined
def rank_of(emergent, sent, green, contracted, first):  # type: ignore[no-untyped-def]
    """Say who is called before whom, with the doctor, for the examinations that are part of a visit, and for a bed: 0 is called first.

    sent  : with a referral record;  green : 1 where those come first;  first : 1 where contracted patients come before ordinary ones
    """
    if emergent:
        return URGENT_RANK
    if sent and green:
        return REFERRED_RANK
    return CONTRACT_RANK if contracted and first else ORDINARY_RANK


@njit
def make_rows(key, midnight, visits, first, last, count, people, sheet, desk, tariff, green, rows, tickets):  # type: ignore[no-untyped-def]
    """Write a row and a ticket for the visits first..last and each leg onward, from row `count` on; returns how many there are now."""
    resident, person, occasion, group, facility = visits.resident, visits.person, visits.occasion, visits.group, visits.facility
    onward, hard, kind, referred, attempt = visits.onward, visits.hard, visits.kind, visits.referred, visits.attempt
    contract, emergent, able, opens, closes, minutes = people.contract, sheet.emergent, sheet.able, desk.opens, desk.closes, desk.minutes
    is_chronic = sheet.is_chronic
    desk_station, priority, mean_service, service_table = desk.station, desk.priority, desk.service, desk.service_table
    visit_bill, visit_table, mean_patience = tariff.visit_bill, tariff.visit_table, desk.patience
    station, rank, arrive, service, patience = rows.station, rows.rank, rows.arrive, rows.service, rows.patience
    then, travel, outcome, flagged, origin = rows.then, rows.travel, rows.outcome, tickets.flags, tickets.origin
    who, when, what, tried, sort, where, bill = (
        tickets.resident, tickets.occasion, tickets.group, tickets.attempt, tickets.kind, tickets.facility, tickets.bill,
    )  # fmt: skip
    root, wait, drawn = np.empty(BLOCK), np.empty(BLOCK), np.empty(4 * BLOCK, np.uint32)
    n = count
    for i in range(first, last):
        k = (i - first) % BLOCK
        if k == 0:
            draw(key, luck.VISIT, person, occasion, i, min(BLOCK, last - i), drawn)
            _roots_and_patience(min(BLOCK, last - i), drawn, mean_patience, root, wait)
        f, g, r, at = facility[i], group[i], resident[i], onward[i]
        if f < 0:
            continue
        flags = (REFERRED if referred[i] else 0) | (SENDS_ON if at >= 0 else (UNHELPED if hard[i] >= able[0, f, g] else 0))
        flags |= RECORD if at == NOT_TODAY else 0
        patience[n], rank[n] = wait[k], rank_of(emergent[g], referred[i], green, contract[r] > 0, priority[f])
        if emergent[g]:
            arrive[n], patience[n] = midnight + 1440.0 * unit(drawn[k]), np.inf
            flags |= EMERGENCY
        else:
            arrive[n] = midnight + opens[f] + (closes[f] - opens[f]) * unit(drawn[k]) * root[k]  # early more than late
        station[n], then[n], travel[n], outcome[n] = desk_station[f, g], -1, 0.0, WAITING
        service[n] = mean_service[station[n]] * from_table(service_table, np.uint64(drawn[BLOCK + k]))
        member = np.int64(contract[r] > 0)
        mean = visit_bill[is_chronic[g], member, referred[i], f]
        bill[n] = fen(mean * from_table(visit_table, np.uint64(drawn[2 * BLOCK + k])))
        who[n], when[n], what[n], tried[n], sort[n], where[n], flagged[n], origin[n] = r, occasion[i], g, attempt[i], kind[i], f, flags, -1
        n += 1
        if at >= 0:
            _, c1, c2, c3 = words(key, luck.VISIT, person[i], np.uint32(occasion[i]) | np.uint32(ONWARD_OCCASION))
            rank[n] = rank_of(False, True, green, contract[r] > 0, priority[at])
            then[n - 1], patience[n] = n, exponential(mean_patience, unit(c3))
            station[n], then[n], travel[n], outcome[n] = desk_station[at, g], -1, minutes[f, at], DORMANT
            service[n] = mean_service[station[n]] * from_table(service_table, c1)
            bill[n] = fen(visit_bill[is_chronic[g], member, 1, at] * from_table(visit_table, c2))
            flags = REFERRED | ONWARD | (UNHELPED if hard[i] >= able[0, at, g] else 0)
            who[n], when[n], what[n], tried[n] = r, occasion[i], g, attempt[i]
            sort[n], where[n], flagged[n], origin[n] = kind[i] | 1, at, flags, f
            n += 1
    return n


@inlined
def _roots_and_patience(count, drawn, patience, root, wait):  # type: ignore[no-untyped-def]
    """Take for a block the roots of the uniforms of arrival, and draw the minutes people wait at most."""
    for i in range(count):
        root[i] = math.sqrt(unit(drawn[i]))
        wait[i] = exponential(patience, unit(drawn[3 * BLOCK + i]))


class Clinics(NamedTuple):
    """What has been seen at clinics; counts of measured days, station counts of the present week.

    visits    : (lives x schemes, facilities, unreferred/referred);  wait : (facilities,) minutes waited, zeros included
    seen, waited : (stations,) of this week, for learning
    fate      : (6,) legs: served, blocked, left, shut; failed cases: again tomorrow, met elsewhere, forgone (see FATES)
    forgone   : (lives x schemes,) needs forgone after failed attempts
    up        : (facilities, facilities) referrals with a record, from and to
    touching  : (1,) of these referrals, those in which a facility of the county takes part
    flows     : (towns, facilities, groups) visits
    unhelped  : (facilities,)
    equity    : (rows, COUNTED) by who people are;  area : (villages + 1,) (see `sim.people.equity`)
    """

    visits: NDArray[np.int64]
    wait: NDArray[np.float64]
    seen: NDArray[np.int64]
    waited: NDArray[np.float64]
    fate: NDArray[np.int64]
    forgone: NDArray[np.int64]
    up: NDArray[np.int32]
    touching: NDArray[np.int64]
    flows: NDArray[np.int32]
    unhelped: NDArray[np.int64]
    equity: NDArray[np.int64]
    area: NDArray[np.int64]


FATES = ("served", "blocked", "left", "shut", "again", "elsewhere", "forgone")


def clinics(areas: equity.Areas, towns: int, facilities: int, stations: int, groups: int) -> Clinics:
    """Open empty counts."""
    return Clinics(
        np.zeros((6, facilities, 2), np.int64), np.zeros(facilities), np.zeros(stations, np.int64), np.zeros(stations),
        np.zeros(len(FATES), np.int64), np.zeros(6, np.int64), np.zeros((facilities, facilities), np.int32),
        np.zeros(1, np.int64), np.zeros((towns, facilities, groups), np.int32), np.zeros(facilities, np.int64), equity.tally(areas),
        areas.area,
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
def read_rows(first, last, rows, tickets, done, people, sheet, habits, inside, counted, counts):  # type: ignore[no-untyped-def]
    """Read the outcomes of rows first..last: count them, and let people learn.

    inside  : (facilities,) in the county;  counted : 1 on measured days
    done    : (rows,) filled: 1 served today, 2 failed, 0 still waiting or on the way
    """
    outcome, arrive, start, station, resident = rows.outcome, rows.arrive, rows.start, rows.station, tickets.resident
    group, facility, flagged, origin = tickets.group, tickets.facility, tickets.flags, tickets.origin
    village, town, lives, scheme, age, poor = people.village, people.town, people.lives, people.insured_at, people.age, people.poor
    usual, trust, option, equal, ill, area = people.usual, people.trust, sheet.option, counts.equity, people.chronic, counts.area
    visits, wait, seen, waited, fate = counts.visits, counts.wait, counts.seen, counts.waited, counts.fate
    flows, up, touching, gain, loss = counts.flows, counts.up, counts.touching, habits.gain, habits.loss
    for i in range(first, last):
        fetch(village, resident[min(i + 24, last - 1)])
        what = outcome[i]
        done[i] = 1 if what == SERVED else (2 if what == BLOCKED or what == LEFT or what == SHUT else 0)
        if done[i] == 0:
            continue
        r, f, flags = resident[i], facility[i], flagged[i]
        own = f == option[village[r], OWN_TOWNSHIP] and lives[r] == 0
        fate[what - 1] += counted
        if what == SERVED:
            waiting = start[i] - arrive[i]
            seen[station[i]] += 1
            waited[station[i]] += waiting
            visits[lives[r] * 3 + scheme[r], f, flags & REFERRED] += counted
            wait[f] += waiting * counted
            flows[town[r], f, group[i]] += counted
            e = equity.row_of(lives[r], village[r], age[r], poor[r], ill[r], area)
            equal[e, equity.SEEN] += counted
            equal[e, equity.SEEN_HERE] += counted * inside[f]
            equal[e, equity.WAITED] += counted * inside[f] * np.int64(60.0 * waiting + 0.5)
            if flags & ONWARD:
                up[origin[i], f] += counted
                touching[0] += counted * (inside[origin[i]] or inside[f])
            if flags & SENDS_ON == 0:
                usual[r] = f
                if own:
                    trust[r] += np.int8((100 - trust[r]) * gain) if not flags & UNHELPED else -np.int8((100 + trust[r]) * loss)
        elif own:
            trust[r] -= np.int8((100 + trust[r]) * loss)


@njit
def look_again(key, first, last, tickets, done, people, habits, counted, counts, again, sent):  # type: ignore[no-untyped-def]
    """Ask those of the rows first..last whom nobody saw, or whom the facility could not help: try again, meet the need elsewhere, forgo it.

    again : cases that try the same tomorrow;  sent : those whom the facility could not help, who look for one that can
    """
    resident, person, occasion, attempt = tickets.resident, people.person, tickets.occasion, tickets.attempt
    flagged, group, facility, unhelped, fate = tickets.flags, tickets.group, tickets.facility, counts.unhelped, counts.fate
    for i in range(first, last):
        failed, flags = done[i] == 2, flagged[i]
        if not failed and (done[i] == 0 or flags & UNHELPED == 0 or flags & SENDS_ON):
            continue
        r, f, tried = resident[i], facility[i], attempt[i] + 1
        unhelped[f] += counted * (not failed)
        u0, u1, _, _ = words(key, luck.AGAIN, person[r], np.uint32(occasion[i]) ^ np.uint32(tried << 27))
        if tried < habits.attempts and unit(u0) < habits.again:
            to = again if failed and flags & ONWARD == 0 else sent
            n = to.count[0]
            to.resident[n], to.person[n], to.occasion[n], to.group[n], to.attempt[n] = r, person[r], occasion[i], group[i], tried
            to.avoid[n] = -1 if failed else f
            to.referred[n] = 1 if flags & (REFERRED | RECORD) else 0
            to.count[0] = n + 1
            fate[4] += counted
        elif failed and unit(u1) < habits.elsewhere:
            fate[5] += counted
        elif failed:
            fate[6] += counted
            counts.forgone[people.lives[r] * 3 + people.insured_at[r]] += counted
            area = counts.area
            e = equity.row_of(people.lives[r], people.village[r], people.age[r], people.poor[r], people.chronic[r], area)
            counts.equity[e, equity.FORGONE[0]] += counted


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
        to.resident[n], to.person[n], to.occasion[n], to.group[n] = cases.resident[i], cases.person[i], cases.occasion[i], cases.group[i]
        to.attempt[n], to.avoid[n], to.referred[n] = cases.attempt[i], cases.avoid[i], cases.referred[i]
    to.count[0] = before + cases.count[0]
    cases.count[0] = 0
    return before


@njit
def still_choosing(cases, first, last, marked, avoid, open_cases, back):  # type: ignore[no-untyped-def]
    """Collect those of first..last marked CHOOSE_ABOVE, as referred cases that choose among the able; `back` tells where each came from."""
    n = 0
    for i in range(first, last):
        if marked[i] == -2:
            open_cases.resident[n], open_cases.person[n], open_cases.occasion[n] = cases.resident[i], cases.person[i], cases.occasion[i]
            open_cases.group[n], open_cases.avoid[n], open_cases.referred[n] = cases.group[i], avoid[i], 1
            back[n] = i
            n += 1
    open_cases.count[0] = n


@njit
def count_choices(setting, cases, first, last, people, counted, needs, none, equal, area):  # type: ignore[no-untyped-def]
    """Count by who: needs that come up for the first time, and those for whom no formal care was chosen.

    equal : (rows, COUNTED) the same by who people are;  area : (villages + 1,) (see `sim.people.equity`)
    """
    resident, attempt, facility, lives, insured_at = cases.resident, cases.attempt, cases.facility, people.lives, people.insured_at
    village, age, poor, ill = people.village, people.age, people.poor, people.chronic
    for i in range(first, last):
        r = resident[i]
        who, e = lives[r] * 3 + insured_at[r], equity.row_of(lives[r], village[r], age[r], poor[r], ill[r], area)
        new, nowhere = counted * (attempt[i] == 0), counted * (facility[i] == -1)
        needs[who] += new
        none[who] += nowhere
        equal[e, equity.NEEDS[setting]] += new
        equal[e, equity.FORGONE[setting]] += nowhere


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
