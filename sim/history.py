"""History: what is noted of each measured day and month for the tables of a run; totals only, never a row for each resident."""

import datetime
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim import luck
from sim.clinic import DOWN, EMERGENCY
from sim.lines import DAY, WAITING
from sim.money import PATIENT, RESIDENTS_FUND
from sim.need import FIRST_TIME
from sim.offers import STAY
from sim.words import INSURED, LIVES, SCHEMES, TIERS

if TYPE_CHECKING:
    from sim.county import County

Counts = NDArray[np.int64]

WITH_BEDS = TIERS[2:]
"""Tiers that admit."""
FLOWS = (
    *(f"visits_{tier}" for tier in TIERS),
    *(f"admissions_{tier}" for tier in WITH_BEDS),
    "admissions_insured",
    "admissions_insured_in_county",
    "discharges",
    "minutes_waited",
    "forgone_visits",
    "forgone_admissions",
    "referrals_up",
    "referrals_down",
    "bills_fen",
    "residents_fund_fen",
    "patients_fen",
)
"""What a day adds."""
STOCKS = ("waiting_for_bed", "in_beds")
"""What there is at the end of a day: people in line for a bed of the county, and people in one."""


class History:
    """What each measured day added and left, what was paid in each month, and where emergencies were taken.

    flows       : a (FLOWS,) array for each day;  stocks : a (STOCKS,) array for each day
    months      : 'YYYY-MM' -> (payers, settings, facilities) fen paid, in the order of time; they add up to the county's books
    emergencies : (villages, facilities) emergency admissions, by home; the last village is elsewhere
    within      : (lives x schemes,) admissions that could have been inside the county, see `note_within`
    """

    def __init__(self, county: "County") -> None:
        self.flows: list[Counts] = []
        self.stocks: list[Counts] = []
        self.months: dict[str, Counts] = {}
        self.emergencies = np.zeros(county.place.minutes.shape, np.int64)
        self.within = np.zeros(len(LIVES) * len(SCHEMES), np.int64)
        self._total = np.zeros(len(FLOWS), np.int64)
        self._paid = np.zeros_like(county.books.paid)

    def note(self, county: "County") -> None:
        """Note a day in its evening, if it is a measured one."""
        if not county.counted:
            return
        total = totals(county)
        self.flows.append(total - self._total)
        self._total = total
        tomorrow = county.measured_minutes[0] + (county.today + 1) * DAY
        self.stocks.append(stocks(county, tomorrow))
        new = admitted_since(county, tomorrow - DAY)
        note_emergencies(county, new, self.emergencies)
        note_within(county, new, self.within)
        self._book(county, county.date)

    def close_month(self, county: "County") -> None:
        """Book with yesterday what mechanisms have changed in the books since its evening."""
        if county.today > 0:
            self._book(county, county.yesterday)

    def _book(self, county: "County", date: datetime.date) -> None:
        """Add what has been paid since the last time to the month of a date."""
        month, paid = f"{date:%Y-%m}", county.books.paid
        self.months[month] = self.months.get(month, 0) + (paid - self._paid)
        self._paid = paid.copy()


def totals(county: "County") -> Counts:
    """Add up what has been counted since the first measured day: (FLOWS,)."""
    out, inn, house, paid = county.outpatients, county.inpatients, county.place.facilities, county.books.paid
    visits, admissions = out.counts.visits.sum(axis=(0, 2)), inn.counts.admissions.sum(axis=2)
    of_insured = admissions[INSURED].sum(axis=0)
    return np.array(
        [
            *_by_tier(house.tier, visits),
            *_by_tier(house.tier, admissions.sum(axis=0))[-len(WITH_BEDS) :],
            of_insured.sum(),
            of_insured[house.in_county].sum(),
            inn.counts.discharges.sum(),
            out.counts.wait[house.in_county].sum(),
            out.none.sum() + out.counts.forgone.sum(),
            inn.none.sum() + inn.counts.forgone.sum(),
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
    outside = np.flatnonzero(~inside)
    return int(
        moves.sum(dtype=np.int32) - moves[np.ix_(outside, outside)].sum()
    )  # as they are: widening 90,000 numbers takes six times as long


def _by_tier(tier: NDArray[np.uint8], counts: Counts) -> Counts:
    return np.bincount(tier, counts, len(TIERS)).astype(np.int64)


def stocks(county: "County", now: float) -> Counts:
    """Count who waits for a bed of the county and has not lost patience, and who lies in one: (STOCKS,)."""
    inn, inside = county.inpatients, county.place.facilities.in_county
    rows, carried = inn.rows, inn.carried
    in_line = (rows.outcome[:carried] == WAITING) & (rows.arrive[:carried] + rows.patience[:carried] >= now)
    held = int(inn.in_beds.count[0])
    lying = (inn.in_beds.end[:held] >= now) & inside[inn.in_beds.facility[:held]]
    return np.array([in_line.sum(), lying.sum()], np.int64)


def admitted_since(county: "County", midnight: float) -> NDArray[np.intp]:
    """Find the rows of those admitted since midnight, who did not come down to recover; nobody who came today has yet been sent home."""
    stays, held = county.inpatients.in_beds, int(county.inpatients.in_beds.count[0])
    return np.flatnonzero((stays.start[:held] >= midnight) & (stays.flags[:held] & DOWN == 0))


def note_emergencies(county: "County", new: NDArray[np.intp], emergencies: Counts) -> None:
    """Add to (villages, facilities) counts the emergencies among the new patients in beds."""
    stays = county.inpatients.in_beds
    urgent = new[stays.flags[new] & EMERGENCY > 0]
    np.add.at(emergencies, (county.people.village[stays.resident[urgent]], stays.facility[urgent]), 1)


def note_within(county: "County", new: NDArray[np.intp], within: Counts) -> None:
    """Add to the counts by who those new patients who could be treated inside the county.

    Of people living here, those whose case is within the ability of some facility of the county; of others, those who came to one.
    """
    stays, people = county.inpatients.in_beds, county.people
    who, group = stays.resident[new], stays.group[new]
    inside = county.place.facilities.in_county
    best = (county.market.sheet.able[STAY, : len(inside)] * (county.offered[STAY].T & inside[:, None])).max(axis=0)
    hard = luck.uniforms(county.luck, luck.REFERRAL, people.person[who], stays.occasion[new] & np.uint32(FIRST_TIME))[:, 1]
    could = np.where(people.lives[who] == LIVES.index("here"), hard < best[group], inside[stays.facility[new]])
    row = people.lives[who].astype(np.int64) * len(SCHEMES) + people.insured_at[who]
    within += np.bincount(row[could], minlength=len(within))
