"""The plain twin of the kernels of `sim/record/history.py`: the same counts by whole arrays, one sentence after the other."""

import numpy as np
from numpy.typing import NDArray

from sim import County
from sim.arithmetic import luck
from sim.care.clinic import DOWN, EMERGENCY
from sim.care.engine.lines import WAITING
from sim.money.paying import PATIENT, RESIDENTS_FUND
from sim.people.need import FIRST_TIME
from sim.record.history import WITH_BEDS, Counts
from sim.words import INSURED, LIVES, SCHEMES, STAY, TIERS


def totals(county: County) -> Counts:
    """Add up what has been counted since the first measured day: (FLOWS,)."""
    out, inn, house, paid = county.outpatients, county.inpatients, county.place.facilities, county.books.paid
    visits, admissions = out.counts.visits.sum(axis=(0, 2)), inn.counts.admissions.sum(axis=2)
    of_insured = admissions[INSURED].sum(axis=0)
    return np.array(
        [
            *by_tier(house.tier, visits),
            *by_tier(house.tier, admissions.sum(axis=0))[-len(WITH_BEDS) :],
            of_insured.sum(),
            of_insured[house.in_county].sum(),
            inn.counts.discharges.sum(),
            out.counts.wait[house.in_county].cumsum()[-1],  # one after the other, as a kernel adds
            out.none[:3].sum() + out.counts.forgone[:3].sum(),
            inn.none[:3].sum() + inn.counts.forgone[:3].sum(),
            touching(out.counts.up, house.in_county) + touching(inn.counts.up, house.in_county),
            touching(inn.counts.down, house.in_county),
            paid.sum(),
            paid[RESIDENTS_FUND].sum(),
            paid[PATIENT].sum(),
        ],
        np.int64,
    )


def touching(moves: NDArray[np.int32], inside: NDArray[np.bool_]) -> int:
    """Count the (facilities, facilities) referrals in which a facility of the county takes part."""
    return int(moves[inside[:, None] | inside].sum())


def by_tier(tier: NDArray[np.uint8], counts: Counts) -> Counts:
    """Add up counts of facilities by their tier."""
    return np.bincount(tier, counts, len(TIERS)).astype(np.int64)


def stocks(county: County, now: float) -> Counts:
    """Count who waits for a bed of the county and has not lost patience, and who lies in one: (STOCKS,)."""
    inn, inside = county.inpatients, county.place.facilities.in_county
    rows, carried = inn.rows, inn.carried
    in_line = (rows.outcome[:carried] == WAITING) & (rows.arrive[:carried] + rows.patience[:carried] >= now)
    held = int(inn.in_beds.count[0])
    lying = (inn.in_beds.end[:held] >= now) & inside[inn.in_beds.facility[:held]]
    return np.array([in_line.sum(), lying.sum()], np.int64)


def admitted_since(county: County, midnight: float) -> NDArray[np.intp]:
    """Find the rows of those admitted since midnight, who did not come down to recover; nobody who came today has yet been sent home."""
    stays, held = county.inpatients.in_beds, int(county.inpatients.in_beds.count[0])
    return np.flatnonzero((stays.start[:held] >= midnight) & (stays.flags[:held] & DOWN == 0))


def emergencies(county: County, new: NDArray[np.intp]) -> Counts:
    """Count the emergencies among the new patients in beds: (villages, facilities)."""
    stays, found = county.inpatients.in_beds, np.zeros_like(county.history.emergencies)
    urgent = new[stays.flags[new] & EMERGENCY > 0]
    np.add.at(found, (county.people.village[stays.resident[urgent]], stays.facility[urgent]), 1)
    return found


def within(county: County, new: NDArray[np.intp]) -> Counts:
    """Count by who those new patients who could be treated inside the county: (lives x schemes,).

    Of people living here, those whose case is within the ability of some facility of the county; of others, those who came to one.
    """
    stays, people = county.inpatients.in_beds, county.people
    who, group = stays.resident[new], stays.group[new]
    inside = county.place.facilities.in_county
    best = (county.market.sheet.able[STAY, : len(inside)] * (county.offered[STAY].T & inside[:, None])).max(axis=0)
    hard = luck.uniforms(county.luck, luck.REFERRAL, people.person[who], stays.occasion[new] & np.uint32(FIRST_TIME))[:, 1]
    could = np.where(people.lives[who] == LIVES.index("here"), hard < best[group], inside[stays.facility[new]])
    row = people.lives[who].astype(np.int64) * len(SCHEMES) + people.insured_at[who]
    return np.bincount(row[could], minlength=len(county.history.within))
