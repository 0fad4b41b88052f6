"""Wards: make the engine's rows of stays, whose servers are beds; follow patients from the request to the discharge."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.arithmetic.compiled import inlined, njit
from sim.arithmetic.luck import exponential, lognormal, unit, words
from sim.care.clinic import BEYOND, DOWN, EMERGENCY, REFERRED, REFERRED_RANK, SENDS_ON, rank_of
from sim.care.engine.lines import DORMANT, SERVED, WAITING
from sim.money.paying import REPEAT, Leaving, settle_stays
from sim.people import equity
from sim.people.need import COME_BACK
from sim.words import OWN_TOWNSHIP

IN_WARD, WAITING_FOR_BED = 1, 2
DAY = 1440.0
MONTH = 30
"""Days in which a readmission counts as one, and follow-up after a stay goes on."""


class Beds(NamedTuple):
    """What a stay takes at each facility.

    ward       : (facilities, groups) station of the engine, -1 where the facility has no beds
    stay       : (groups, facilities) mean days;  stay_sd of its logarithm;  patience : mean days people wait for a bed
    returns    : share of patients treated beyond a facility's ability who come back within a month
    averts     : (groups,) share of further stays that follow-up averts
    recovery   : share of the stay in which a patient is stable;  recovery_cost : cost of such a day relative to the stay's mean
    county     : (facilities,) 1 for hospitals of the county, which send down
    node       : (facilities,) node of the grid;  home_node : (villages,)
    minutes    : (facilities, facilities);  inside : (facilities,) whether in the county
    """

    ward: NDArray[np.int16]
    stay: NDArray[np.float64]
    stay_sd: float
    patience: float
    returns: float
    averts: NDArray[np.float64]
    recovery: float
    recovery_cost: float
    county: NDArray[np.uint8]
    node: NDArray[np.int16]
    home_node: NDArray[np.int16]
    minutes: NDArray[np.float32]
    inside: NDArray[np.bool_]


class Returns(NamedTuple):
    """Stays to come of patients whom a facility could not cure; `count[0]` rows in use. `avoid` is that facility."""

    count: NDArray[np.int64]
    day: NDArray[np.int32]
    resident: NDArray[np.int32]
    occasion: NDArray[np.uint32]
    group: NDArray[np.uint8]
    avoid: NDArray[np.int16]


class Stays(NamedTuple):
    """Patients in beds; `count[0]` rows in use."""

    count: NDArray[np.int64]
    resident: NDArray[np.int32]
    occasion: NDArray[np.uint32]
    group: NDArray[np.uint8]
    facility: NDArray[np.int16]
    kind: NDArray[np.int32]
    flags: NDArray[np.uint8]
    start: NDArray[np.float64]
    end: NDArray[np.float64]


class Wards(NamedTuple):
    """What has been seen in wards; counts of measured days, station counts of the present week.

    admissions : (lives x schemes, facilities, 3) unreferred, referred, emergency
    beyond     : (facilities,) admissions beyond the facility's ability
    wait, bed_days, discharges : (facilities,)
    seen, waited : (stations,) of this week, days
    fate       : (4,) who gave up waiting: tried elsewhere, forgone; did not get a bed further down; had got a bed otherwise
    forgone    : (lives x schemes,)
    up, down   : (facilities, facilities) referred up with a record, sent down: from and to
    touching   : (2,) of these, those in which a facility of the county takes part, up and down
    flows      : (2, towns, facilities, groups) admissions; sent down
    again      : (3,) discharges, admissions within 30 days of one, of these because the facility had not been able to treat the case
    insured_people : (1,) insured people admitted at least once
    equity     : (rows, COUNTED) by who people are;  area : (villages + 1,) (see `sim.people.equity`)
    """

    admissions: NDArray[np.int64]
    beyond: NDArray[np.int64]
    wait: NDArray[np.float64]
    bed_days: NDArray[np.float64]
    discharges: NDArray[np.int64]
    seen: NDArray[np.int64]
    waited: NDArray[np.float64]
    fate: NDArray[np.int64]
    forgone: NDArray[np.int64]
    up: NDArray[np.int32]
    down: NDArray[np.int32]
    touching: NDArray[np.int64]
    flows: NDArray[np.int32]
    again: NDArray[np.int64]
    insured_people: NDArray[np.int64]
    equity: NDArray[np.int64]
    area: NDArray[np.int64]


def stays(room: int) -> Stays:
    """Make room for patients in beds."""
    return Stays(
        np.zeros(1, np.int64), np.zeros(room, np.int32), np.zeros(room, np.uint32), np.zeros(room, np.uint8), np.zeros(room, np.int16),
        np.zeros(room, np.int32), np.zeros(room, np.uint8), np.zeros(room), np.zeros(room),
    )  # fmt: skip


def returns(room: int) -> Returns:
    """Make room for those who come back."""
    return Returns(
        np.zeros(1, np.int64), np.zeros(room, np.int32), np.zeros(room, np.int32), np.zeros(room, np.uint32), np.zeros(room, np.uint8),
        np.zeros(room, np.int16),
    )  # fmt: skip


def wards(areas: equity.Areas, towns: int, facilities: int, stations: int, groups: int) -> Wards:
    """Open empty counts."""
    return Wards(
        np.zeros((6, facilities, 3), np.int64), np.zeros(facilities, np.int64), np.zeros(facilities), np.zeros(facilities),
        np.zeros(facilities, np.int64), np.zeros(stations, np.int64), np.zeros(stations), np.zeros(4, np.int64), np.zeros(6, np.int64),
        np.zeros((facilities, facilities), np.int32), np.zeros((facilities, facilities), np.int32), np.zeros(2, np.int64),
        np.zeros((2, towns, facilities, groups), np.int32), np.zeros(3, np.int64), np.zeros(1, np.int64),
        equity.tally(areas), areas.area,
    )  # fmt: skip


@njit
def make_rows(key, midnight, cases, kept, count, people, sheet, practice, beds, rows, tickets, counted, fate):  # type: ignore[no-untyped-def]
    """Write a row for each stay requested today, and one for recovery further down; returns how many rows there are now."""
    station, rank, arrive, service, patience = rows.station, rows.rank, rows.arrive, rows.service, rows.patience
    then, travel, outcome = rows.then, rows.travel, rows.outcome
    person, village, emergent = people.person, people.village, sheet.emergent
    n = count
    for i in range(cases.count[0]):
        f, r, g = cases.facility[i], cases.resident[i], cases.group[i]
        if f < 0:
            continue
        if people.state[r] != 0:
            fate[3] += counted
            continue
        c0, c1, _, c3 = words(key, luck.STAY, person[r], cases.occasion[i])
        _, _, _, q3 = words(key, luck.REFERRAL, person[r], cases.occasion[i])
        _, _, d2, _ = words(key, luck.DOOR, person[r], cases.occasion[i])
        length = DAY * lognormal(beds.stay[g, f], beds.stay_sd, unit(c1))
        flags = REFERRED if cases.referred[i] else 0
        station[n], then[n], travel[n], outcome[n] = beds.ward[f, g], -1, 0.0, WAITING
        rank[n] = rank_of(emergent[g], cases.referred[i], practice.green, people.contract[r] > 0, practice.contract_first[f])
        if emergent[g]:
            arrive[n], patience[n] = midnight + DAY * unit(c0), np.inf
            flags |= EMERGENCY
        else:
            arrive[n] = midnight + DAY * (0.33 + 0.5 * unit(c0))
            patience[n] = exponential(DAY * beds.patience, unit(c3))
        if kept[i] == 1:
            flags |= BEYOND
        lower = sheet.option[village[r], OWN_TOWNSHIP]
        goes_down = beds.county[f] and people.lives[r] == 0 and lower < len(beds.node) and beds.ward[lower, g] >= 0
        if goes_down and unit(d2) < practice.down_offer[f, g] and unit(q3) < practice.down_accept * practice.receives[lower, g]:
            flags |= SENDS_ON
        service[n] = length * (1.0 - beds.recovery) if flags & SENDS_ON else length
        tickets.resident[n], tickets.occasion[n], tickets.group[n], tickets.attempt[n] = r, cases.occasion[i], g, cases.attempt[i]
        tickets.kind[n], tickets.facility[n], tickets.flags[n], tickets.origin[n] = cases.kind[i], f, flags, cases.onward[i]
        people.state[r] = WAITING_FOR_BED
        n += 1
        if flags & SENDS_ON:
            then[n - 1] = n
            station[n], rank[n], service[n], patience[n] = beds.ward[lower, g], REFERRED_RANK, length * beds.recovery, DAY * beds.patience
            then[n], travel[n], outcome[n] = -1, beds.minutes[f, lower], DORMANT
            tickets.resident[n], tickets.occasion[n], tickets.group[n], tickets.attempt[n] = r, cases.occasion[i], g, 0
            tickets.kind[n], tickets.facility[n], tickets.flags[n], tickets.origin[n] = (
                cases.kind[i] | 1,
                lower,
                DOWN | REFERRED | (flags & BEYOND),
                f,
            )
            n += 1
    return n


@njit
def read_rows(key, today, first_minute, last_minute, count, rows, tickets, people, beds, again_share, counted, counts, open_stays, again):  # type: ignore[no-untyped-def]
    """Read who got a bed and who gave up waiting; puts patients into beds and those who try elsewhere into `again`.

    first_minute, last_minute : span of the measured days, to which bed days are cut
    """
    village, age, poor, ill, equal, area = people.village, people.age, people.poor, people.chronic, counts.equity, counts.area
    n = open_stays.count[0]
    for i in range(count):
        what = rows.outcome[i]
        if what == WAITING or what == DORMANT:
            continue
        r, f, g, flags = tickets.resident[i], tickets.facility[i], tickets.group[i], tickets.flags[i]
        who = people.lives[r] * 3 + people.insured_at[r]
        if what != SERVED:
            people.state[r] = 0
            if flags & DOWN:
                counts.fate[2] += counted
                continue
            tried = tickets.attempt[i] + 1
            u0, _, _, _ = words(key, luck.AGAIN, people.person[r], np.uint32(tickets.occasion[i]) ^ np.uint32(tried << 27))
            if unit(u0) < again_share and tried < 4:
                m = again.count[0]
                again.resident[m], again.person[m], again.occasion[m], again.group[m] = r, people.person[r], tickets.occasion[i], g
                again.attempt[m], again.avoid[m], again.referred[m] = tried, f, flags & REFERRED
                again.count[0] = m + 1
                counts.fate[0] += counted
            else:
                counts.fate[1] += counted
                counts.forgone[who] += counted
                equal[equity.row_of(people.lives[r], village[r], age[r], poor[r], ill[r], area), equity.FORGONE[1]] += counted
            continue
        start = rows.start[i]
        end = start + rows.service[i]
        counts.bed_days[f] += max(min(end, last_minute) - max(start, first_minute), 0.0) / DAY
        people.state[r], people.place_node[r] = IN_WARD, beds.node[f]
        open_stays.resident[n], open_stays.occasion[n], open_stays.group[n] = r, tickets.occasion[i], g
        open_stays.facility[n], open_stays.kind[n], open_stays.flags[n] = f, tickets.kind[i], flags
        open_stays.start[n], open_stays.end[n] = start, end
        n += 1
        if flags & DOWN:
            counts.down[tickets.origin[i], f] += counted
            counts.touching[1] += counted * (beds.inside[tickets.origin[i]] or beds.inside[f])
            counts.flows[1, people.town[r], f, g] += counted
            continue
        if flags & REFERRED and tickets.origin[i] >= 0:
            counts.up[tickets.origin[i], f] += counted
            counts.touching[0] += counted * (beds.inside[tickets.origin[i]] or beds.inside[f])
        waited = (start - rows.arrive[i]) / DAY
        counts.seen[rows.station[i]] += 1
        counts.waited[rows.station[i]] += waited
        counts.wait[f] += waited * counted
        counts.admissions[who, f, 2 if flags & EMERGENCY else flags & REFERRED] += counted
        counts.flows[0, people.town[r], f, g] += counted
        equal[equity.row_of(people.lives[r], village[r], age[r], poor[r], ill[r], area), equity.ADMITTED] += counted
        counts.beyond[f] += counted * ((flags & BEYOND) != 0)
        counts.again[1] += counted * (today - people.discharged[r] <= MONTH)
        counts.again[2] += counted * (tickets.occasion[i] & np.uint32(COME_BACK) != 0)
        counts.insured_people[0] += counted * (people.admitted[r] == 0 and people.insured_at[r] == 0)
        people.admitted[r] |= counted
        people.stays[r] += people.stays[r] < 250
    open_stays.count[0] = n


@inlined
def aftercare(key, person, occasion, beyond, share, averts, chance):  # type: ignore[no-untyped-def]
    """Settle at a discharge whether the patient is followed up, and after how many days he comes back, 0 for not at all.

    beyond : not 0 where the facility could not cure him;  share : of such patients who are followed up
    averts : share of further stays that this averts;      chance : that somebody not cured comes back
    It takes single values: handing a kernel's tuples of columns from function to function counts references each time.
    """
    c0, c1, c2, c3 = words(key, luck.RETURN, person, occasion)
    looked_after = unit(c2) < share
    back = beyond != 0 and unit(c0) < chance and occasion & np.uint32(COME_BACK) == 0 and not (looked_after and unit(c3) < averts)
    return looked_after, 2 + np.int64(unit(c1) * (MONTH - 2)) if back else np.int64(0)


@njit
def discharge(key, today, until, people, beds, follow_up, tariff, books, counted, counts, stays, returns):  # type: ignore[no-untyped-def]
    """Send home those whose stay ends before `until`, and settle their bills; the last in the list takes the free row.

    follow_up : (2,) see `referral.Practice`;  returns : filled with those who will come back
    """
    held = stays.count[0]
    resident, occasion, group, facility, kind = stays.resident, stays.occasion, stays.group, stays.facility, stays.kind
    flagged, start, end = stays.flags, stays.start, stays.end
    state, place_node, village, discharged, usual = people.state, people.place_node, people.village, people.discharged, people.usual
    stayed, node, home_node, discharges, again = people.stays, beds.node, beds.home_node, counts.discharges, counts.again
    person, contract, followed, averts = people.person, people.contract, people.followed, beds.averts
    coming, back_on, back_who, back_as, back_with, back_not_to = returns
    leaving = Leaving(
        np.empty(held, np.int32), np.empty(held, np.uint32), np.empty(held, np.uint8), np.empty(held, np.int32), np.empty(held, np.int16),
        np.empty(held), np.empty(held, np.uint8),
    )  # fmt: skip
    i, n = 0, 0
    while i < held:
        if end[i] >= until:
            i += 1
            continue
        r, f, g, flags = resident[i], facility[i], group[i], flagged[i]
        share = 1.0
        if flags & DOWN:
            share = (end[i] - start[i]) / (DAY * beds.stay[g, f])
        elif flags & SENDS_ON:
            share = 1.0 - beds.recovery * beds.recovery_cost
        leaving.resident[n], leaving.occasion[n], leaving.group[n], leaving.facility[n] = r, occasion[i], g, f
        leaving.kind[n], leaving.share[n], leaving.due[n] = kind[i] | REPEAT if stayed[r] > 1 else kind[i], share, flags & DOWN == 0
        n += 1
        gone_on = False
        if flags & SENDS_ON and start[i] > until - 2.0 * DAY:  # so short a stay that the one further down may have begun already
            for j in range(held):
                gone_on |= j != i and resident[j] == r
        if place_node[r] == node[f] and not gone_on:
            state[r] = WAITING_FOR_BED if flags & SENDS_ON and state[r] != 0 else 0
            place_node[r] = home_node[village[r]]
        if flags & SENDS_ON == 0:  # what becomes of who goes on is settled further down
            wanted = follow_up[0] if flags & DOWN else (follow_up[1] if contract[r] > 0 else 0.0)
            looked_after, days = aftercare(key, person[r], occasion[i], flags & BEYOND, wanted, averts[g], beds.returns)
            if looked_after:
                followed[r] = today + MONTH
            if days > 0:
                m = coming[0]
                back_on[m], back_who[m], back_as[m], back_with[m] = today + days, r, occasion[i], g
                back_not_to[m] = usual[r] if flags & DOWN else f
                coming[0] = m + 1
        discharged[r] = today
        discharges[f] += counted
        again[0] += counted * ((flags & DOWN) == 0)
        usual[r] = f
        held -= 1
        resident[i], occasion[i], group[i], facility[i] = resident[held], occasion[held], group[held], facility[held]
        kind[i], flagged[i], start[i], end[i] = kind[held], flagged[held], start[held], end[held]
    stays.count[0] = held
    settle_stays(key, n, leaving, people, tariff, books, counted, counts.equity, counts.area)


@njit
def come_back(today, people, returns, cases):  # type: ignore[no-untyped-def]
    """Put down as cases of today those who come back today; who lies in a ward again needs nothing more."""
    i = 0
    while i < returns.count[0]:
        if returns.day[i] > today:
            i += 1
            continue
        r, n = returns.resident[i], cases.count[0]
        if people.state[r] == 0:
            cases.resident[n], cases.person[n], cases.group[n], cases.avoid[n] = r, people.person[r], returns.group[i], returns.avoid[i]
            cases.occasion[n], cases.attempt[n], cases.referred[n] = returns.occasion[i] | np.uint32(COME_BACK), 0, 0
            cases.count[0] = n + 1
        last = returns.count[0] - 1
        returns.day[i], returns.resident[i], returns.occasion[i] = returns.day[last], returns.resident[last], returns.occasion[last]
        returns.group[i], returns.avoid[i] = returns.group[last], returns.avoid[last]
        returns.count[0] = last
