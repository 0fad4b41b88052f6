"""Referral: who must see his township first, whom a facility sends up with a record, and whom it keeps.

Each decision has a number of its own. `REFERRAL` luck: does gatekeeping bind him, how hard is his case, is he sent up, does he arrive at
once (visits) or accept to go down (stays). `DOOR` luck of stays: does the referral desk keep him, does he seek a record, is he offered to
go down. A case is within a facility's ability when its difficulty is below the facility's share of treatable cases, so a case too hard for
one facility is too hard for every weaker one.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.arithmetic.compiled import njit
from sim.arithmetic.luck import BLOCK, draw, unit, words
from sim.people.need import FIRST_TIME
from sim.words import OWN_TOWNSHIP

CHOOSE_ABOVE = -2
NOT_TODAY = -3
PRIMARY_TIERS = 3


class Practice(NamedTuple):
    """Referral as rules and mechanisms make it.

    gatekeeping : share of unreferred patients of a specialist, or of a hospital outside, who must see the group first
    strict      : (villages,) share of those who ask for a record for a stay outside whom the referral desk keeps if it can treat them
    up          : (facilities, groups) share of cases beyond its ability that a facility refers up with a record
    sought      : (2, groups) share of planned stays that come with a record, without and with a contract
    lead        : (villages, groups) where visits are sent up to, CHOOSE_ABOVE where the patient chooses
    desk        : (villages, groups) hospital that stays are sent up to, and whose desk decides on stays outside the county, -1 none
    seen        : (facilities + 2, groups) 1 where a facility has doctors for such visits
    down_offer  : (facilities, groups) share of stays that are offered to recover further down;  down_accept : share who accept
    completion  : share of those sent up from a visit who arrive on the same day; the others go home with their record
    green       : 1 where referred patients are served first
    contract_first : (facilities,) 1 where contracted patients come before ordinary ones
    receives    : (facilities, groups) share of those sent down whom a facility has room for and can look after
    follow_up   : (2,) share of stays after which the patient is followed up: recovered further down, contracted
    tier        : (facilities,);  in_county : (facilities,)
    """

    gatekeeping: float
    strict: NDArray[np.float64]
    up: NDArray[np.float64]
    sought: NDArray[np.float64]
    lead: NDArray[np.int16]
    desk: NDArray[np.int16]
    seen: NDArray[np.uint8]
    down_offer: NDArray[np.float64]
    down_accept: float
    completion: float
    green: int
    contract_first: NDArray[np.uint8]
    receives: NDArray[np.float64]
    follow_up: NDArray[np.float64]
    tier: NDArray[np.uint8]
    in_county: NDArray[np.uint8]


@njit
def seek_records(key, stays, first, people, practice, emergent):  # type: ignore[no-untyped-def]
    """Give a referral record to those planned stays that seek one beforehand; who has one from an earlier try keeps it."""
    resident, occasion, group, referred = stays.resident, stays.occasion, stays.group, stays.referred
    for i in range(first, stays.count[0]):
        r = resident[i]
        if emergent[group[i]] or people.lives[r] != 0 or referred[i]:
            continue
        _, d1, _, _ = words(key, luck.DOOR, people.person[r], occasion[i])
        referred[i] = unit(d1) < practice.sought[min(people.contract[r], 1), group[i]]


@njit
def route_visits(key, visits, first, last, people, sheet, practice):  # type: ignore[no-untyped-def]
    """Apply gatekeeping and referral up to chosen visits: fills `onward`.

    CHOOSE_ABOVE where the patient must still choose, NOT_TODAY where he goes home with his record and looks for somebody able tomorrow.
    Of a case beyond ability that is not referred, `onward` stays -1; the evening finds him unhelped.
    """
    resident, group, referred, facility = visits.resident, visits.group, visits.referred, visits.facility
    onward, hard, village, lives = visits.onward, visits.hard, people.village, people.lives
    able, option, emergent = sheet.able, sheet.option, sheet.emergent
    tier, up, lead, gatekeeping, completion = practice.tier, practice.up, practice.lead, practice.gatekeeping, practice.completion
    drawn = np.empty(4 * BLOCK, np.uint32)
    for i in range(first, last):
        k = (i - first) % BLOCK
        if k == 0:
            draw(key, luck.REFERRAL, visits.person, visits.occasion, i, min(BLOCK, last - i), drawn)
        onward[i], hard[i] = -1, -1.0
        f, r, g = facility[i], resident[i], group[i]
        if f < 0 or emergent[g]:
            continue
        v = village[r]
        c0, c2, c3 = drawn[k], drawn[2 * BLOCK + k], drawn[3 * BLOCK + k]
        township, hard[i] = option[v, OWN_TOWNSHIP], unit(drawn[BLOCK + k])
        has_one = lives[r] == 0 and practice.seen[township, g]  # there are towns without a centre, and centres without such doctors
        if tier[f] >= PRIMARY_TIERS:
            if has_one and unit(c0) < gatekeeping and not referred[i]:
                facility[i] = township
                if hard[i] >= able[0, township, g]:
                    onward[i] = f
            elif hard[i] >= able[0, f, g] and unit(c2) < up[f, g]:
                onward[i] = CHOOSE_ABOVE if unit(c3) < completion else NOT_TODAY
            continue
        if hard[i] >= able[0, f, g] and unit(c2) < up[f, g]:
            near = has_one and tier[f] < 2 and hard[i] < able[0, township, g]
            onward[i] = NOT_TODAY if unit(c3) >= completion else (township if near else lead[v, g])


@njit
def route_stays(key, stays, first, people, sheet, practice, kept):  # type: ignore[no-untyped-def]
    """Apply the referral desk and transfers up to chosen stays: may change `facility` and `referred`; `onward` says who wrote the record.

    kept : (stays,) filled: 1 where the facility is of the county and the case is beyond it, 2 where somebody was sent up with a record
    """
    resident, occasion, group, referred, facility = stays.resident, stays.occasion, stays.group, stays.referred, stays.facility
    able, emergent = sheet.able, sheet.emergent
    in_county, up, desk, strict = practice.in_county, practice.up, practice.desk, practice.strict
    for i in range(first, stays.count[0]):
        kept[i], stays.onward[i] = 0, -1
        f, r, g = facility[i], resident[i], group[i]
        if f < 0 or emergent[g]:
            continue
        v = people.village[r]
        d = desk[v, g]
        c0, _, c2, _ = words(key, luck.REFERRAL, people.person[r], occasion[i])
        _, c1, _, _ = words(key, luck.REFERRAL, people.person[r], occasion[i] & np.uint32(FIRST_TIME))  # as hard as when he came first
        if referred[i] and practice.tier[f] >= PRIMARY_TIERS and people.lives[r] == 0 and sheet.option[v, OWN_TOWNSHIP] < len(in_county):
            stays.onward[i] = sheet.option[v, OWN_TOWNSHIP]
        if not in_county[f]:
            if people.lives[r] == 0 and d >= 0 and (referred[i] or unit(c0) < practice.gatekeeping):
                d0, _, _, _ = words(key, luck.DOOR, people.person[r], occasion[i])
                if unit(c1) < able[1, d, g] and (unit(d0) < strict[v] or not referred[i]):
                    facility[i], stays.onward[i] = d, -1
                else:
                    referred[i], kept[i], stays.onward[i] = 1, 2, d
            continue
        if unit(c1) >= able[1, f, g]:
            if unit(c2) < up[f, g]:
                referred[i], kept[i], stays.onward[i] = 1, 2, f
                facility[i] = d if d >= 0 and unit(c1) < able[1, d, g] and d != f else CHOOSE_ABOVE
            else:
                kept[i] = 1
