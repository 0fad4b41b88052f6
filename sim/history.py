"""History: what is noted of each day and month for the tables of a run; aggregates only, never a row for each resident."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.words import TIERS

if TYPE_CHECKING:
    from sim.county import County

DAILY = (
    *(f"visits_{tier}" for tier in TIERS),
    *(f"admissions_{tier}" for tier in TIERS[2:]),
    "waiting_for_bed",
    "in_beds",
    "forgone_visits",
    "forgone_admissions",
    "referrals_up",
    "referrals_down",
    "fund_fen",
)


class History:
    """Daily totals, and what was paid and done in each month."""

    def __init__(self, county: "County") -> None:
        self.daily: list[NDArray[np.int64]] = []
        self.months: list[tuple[str, NDArray[np.int64]]] = []
        self._tier = county.place.facilities.tier
        self._last = np.zeros(len(DAILY), np.int64)
        self._paid = np.zeros_like(county.books.paid)
        self.conserved: list[str] = []

    def note(self, county: "County") -> None:
        """Note what a measured day added."""
        if not county.counted:
            return
        total = self._totals(county)
        day = total - self._last
        day[-6 - 1], day[-6] = total[-7], total[-6]
        self._last = total
        self.daily.append(day)

    def _totals(self, county: "County") -> NDArray[np.int64]:
        """Add up what has been counted since the first measured day; waiting and lying are of the moment."""
        out, inn = county.outpatients, county.inpatients
        visits = np.bincount(self._tier, out.counts.visits.sum(axis=(0, 2)), len(TIERS))
        stays = np.bincount(self._tier, inn.counts.admissions.sum(axis=(0, 2)), len(TIERS))[2:]
        now = (int(inn.lines.waiting.sum()), int(inn.in_beds.count[0]))
        forgone = (out.none.sum() + out.counts.forgone.sum(), inn.none.sum() + inn.counts.forgone.sum())
        sent = (out.counts.up.sum(), inn.counts.down.sum())
        return np.array([*visits, *stays, *now, *forgone, *sent, county.books.paid[:4].sum()], np.int64)

    def close_month(self, county: "County") -> None:
        """Put away what was paid since the last month was closed."""
        if county.today <= 0:
            return
        name = f"{county.yesterday:%Y-%m}"
        paid = county.books.paid - self._paid
        self._paid = county.books.paid.copy()
        self.months.append((name, paid))
