"""History: what is noted of each measured day and month for the tables of a run; totals only, never a row for each resident."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.arithmetic.compiled import njit
from sim.arithmetic.luck import unit, words
from sim.care.clinic import DOWN, EMERGENCY
from sim.care.engine.lines import DAY, WAITING
from sim.money.paying import PATIENT, RESIDENTS_FUND
from sim.people.need import FIRST_TIME
from sim.words import LIVES, SCHEMES, TIERS

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
        self._county = county
        self.flows: list[Counts] = []
        self.stocks: list[Counts] = []
        self._months: dict[str, Counts] = {}
        self.emergencies = np.zeros(county.place.minutes.shape, np.int64)
        self.within = np.zeros(len(LIVES) * len(SCHEMES), np.int64)
        self._total = np.zeros(len(FLOWS), np.int64)
        self._paid = np.zeros_like(county.books.paid)

    def note(self, county: "County") -> None:
        """Note a day in its evening, if it is a measured one."""
        if not county.counted:
            return
        out, inn, house, books = county.outpatients, county.inpatients, county.place.facilities, county.books
        total = np.zeros(len(FLOWS), np.int64)
        minutes = out.counts.wait[house.in_county].cumsum()[-1]  # one after the other, as the kernel of many days adds
        add_up(house.tier, house.in_county, out.counts, inn.counts, out.none, inn.none, minutes, books.paid, total)
        self.flows.append(total - self._total)
        self._total = total
        tomorrow, able = county.measured_minutes[0] + (county.today + 1) * DAY, county.market.able_inside
        left = np.zeros(len(STOCKS), np.int64)
        look(
            county.luck,
            tomorrow,
            inn.rows,
            inn.carried,
            inn.in_beds,
            county.people,
            house.in_county,
            able,
            left,
            self.emergencies,
            self.within,
        )
        self.stocks.append(left)

    @property
    def months(self) -> dict[str, Counts]:
        """Give what was paid in each month, booked up to now."""
        self.close_month(self._county)
        return self._months

    def close_month(self, county: "County") -> None:
        """Book what has been paid since the last time with yesterday's month."""
        if county.today > 0:
            month, paid = f"{county.yesterday:%Y-%m}", county.books.paid
            self._months[month] = self._months.get(month, 0) + (paid - self._paid)
            self._paid = paid.copy()


(ADMISSIONS, OF_INSURED, OF_INSURED_INSIDE, DISCHARGES, MINUTES, FORGONE_VISITS, FORGONE_ADMISSIONS, UP, DOWN_, BILLS, FUND, PATIENTS) = (
    FLOWS.index(name)
    for name in (
        f"admissions_{WITH_BEDS[0]}", "admissions_insured", "admissions_insured_in_county", "discharges", "minutes_waited",
        "forgone_visits", "forgone_admissions", "referrals_up", "referrals_down", "bills_fen", "residents_fund_fen", "patients_fen",
    )
)  # fmt: skip
LOWEST = TIERS.index(WITH_BEDS[0])


@njit
def add_up(tier, inside, clinics, wards, no_visit, no_stay, minutes, paid, total):  # type: ignore[no-untyped-def]
    """Add up what has been counted since the first measured day: fills `total` (FLOWS,)."""
    visits, admissions = clinics.visits, wards.admissions
    for f in range(len(tier)):
        for who in range(len(visits)):
            admitted = admissions[who, f, 0] + admissions[who, f, 1] + admissions[who, f, 2]
            total[tier[f]] += visits[who, f, 0] + visits[who, f, 1]
            if tier[f] >= LOWEST:
                total[ADMISSIONS + tier[f] - LOWEST] += admitted
            if who % len(SCHEMES) == 0:
                total[OF_INSURED] += admitted
                total[OF_INSURED_INSIDE] += admitted * inside[f]
        for payer in range(len(paid)):
            fen = paid[payer, 0, f] + paid[payer, 1, f]
            total[BILLS] += fen
            total[FUND] += fen * (payer == RESIDENTS_FUND)
            total[PATIENTS] += fen * (payer == PATIENT)
    total[DISCHARGES], total[MINUTES] = wards.discharges.sum(), np.int64(minutes)
    total[UP], total[DOWN_] = clinics.touching[0] + wards.touching[0], wards.touching[1]
    total[FORGONE_VISITS], total[FORGONE_ADMISSIONS] = no_visit.sum() + clinics.forgone.sum(), no_stay.sum() + wards.forgone.sum()


@njit
def look(key, now, rows, carried, stays, people, inside, able_inside, left, emergencies, within):  # type: ignore[no-untyped-def]
    """Look around in the evening: who waits for a bed of the county and has not lost patience, who lies in one, who came today.

    able_inside : (groups,) share of cases within the ability of some facility of the county
    left        : (STOCKS,) filled;  emergencies, within : see `History`, added to

    Of people living here, those count as `within` whose case some facility of the county could treat; of others, those who came to one.
    Nobody who came today has yet been sent home.
    """
    outcome, arrive, patience = rows.outcome, rows.arrive, rows.patience
    resident, occasion, group, facility, flags = stays.resident, stays.occasion, stays.group, stays.facility, stays.flags
    for i in range(carried):
        left[0] += outcome[i] == WAITING and arrive[i] + patience[i] >= now
    for i in range(stays.count[0]):
        f, r = facility[i], resident[i]
        left[1] += inside[f] and stays.end[i] >= now
        if stays.start[i] < now - DAY or flags[i] & DOWN:
            continue
        emergencies[people.village[r], f] += flags[i] & EMERGENCY > 0
        hard = unit(words(key, luck.REFERRAL, people.person[r], occasion[i] & np.uint32(FIRST_TIME))[1])
        within[people.lives[r] * len(SCHEMES) + people.insured_at[r]] += hard < able_inside[group[i]] if people.lives[r] == 0 else inside[f]
