"""History: what is noted of each measured day and month for the tables of a run; totals only, never a row for each resident."""

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.arithmetic.compiled import njit
from sim.arithmetic.luck import unit, words
from sim.care.clinic import DOWN, EMERGENCY
from sim.care.engine.lines import DAY, WAITING
from sim.clock import Clock
from sim.money.paying import PATIENT, RESIDENTS_FUND
from sim.people.need import FIRST_TIME
from sim.words import LIVES, SCHEMES, TIERS

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
    """What each measured day added and left, and where emergencies were taken.

    added, left : (measured days, FLOWS), (measured days, STOCKS); nothing yet of days to come
    emergencies : (villages, facilities) emergency admissions, by home; the last village is elsewhere
    within      : (lives x schemes,) admissions that could have been inside the county, see `look`
    """

    def __init__(self, clock: Clock, villages: int, facilities: int) -> None:
        """Open empty notes for the measured days of a clock."""
        self._clock = clock
        self.added = np.zeros((self._clock.days, len(FLOWS)), np.int64)
        self.left = np.zeros((self._clock.days, len(STOCKS)), np.int64)
        self.emergencies = np.zeros((villages, facilities), np.int64)
        self.within = np.zeros(len(LIVES) * len(SCHEMES), np.int64)
        self.total = np.zeros(len(FLOWS), np.int64)

    @property
    def flows(self) -> Counts:
        """What each measured day gone by added: (days, FLOWS)."""
        return self.added[: max(self._clock.today, 0)]

    @property
    def stocks(self) -> Counts:
        """What there was at the end of each measured day gone by: (days, STOCKS)."""
        return self.left[: max(self._clock.today, 0)]


(ADMISSIONS, OF_INSURED, OF_INSURED_INSIDE, DISCHARGES, MINUTES, FORGONE_VISITS, FORGONE_ADMISSIONS, UP, DOWN_, BILLS, FUND, PATIENTS) = (
    FLOWS.index(name)
    for name in (
        f"admissions_{WITH_BEDS[0]}", "admissions_insured", "admissions_insured_in_county", "discharges", "minutes_waited",
        "forgone_visits", "forgone_admissions", "referrals_up", "referrals_down", "bills_fen", "residents_fund_fen", "patients_fen",
    )
)  # fmt: skip
HERE = len(SCHEMES)
"""Rows of the counts by who before this one are of people living here."""
LOWEST = TIERS.index(WITH_BEDS[0])


@njit
def add_up(tier, inside, clinics, wards, no_visit, no_stay, paid, before, added):  # type: ignore[no-untyped-def]
    """Add up what has been counted since the first measured day, and what of it is new.

    before : (FLOWS,) totals of the evening before, brought up to now;  added : (FLOWS,) filled: what the day added
    """
    total, minutes = np.zeros(len(before), np.int64), 0.0
    visits, admissions = clinics.visits, wards.admissions
    for f in range(len(tier)):
        minutes += clinics.wait[f] if inside[f] else 0.0
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
    for who in range(HERE):
        total[FORGONE_VISITS] += no_visit[who] + clinics.forgone[who]
        total[FORGONE_ADMISSIONS] += no_stay[who] + wards.forgone[who]
    added[:] = total - before
    before[:] = total


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
