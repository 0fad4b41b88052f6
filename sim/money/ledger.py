"""Ledger: who paid whom, for what and in which month, in whole fen: bills, what the residents' fund receives and passes on, settlements.

Every payment has one payer and one payee, so what all parties received is what all parties paid.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.rounding import accrued
from sim.clock import Clock
from sim.money.paying import books
from sim.scenario.insurance import Financing
from sim.words import PAYERS, SETTINGS

FUND = "residents_fund"


class Payment(NamedTuple):
    """What one paid another in a month for one kind of thing, fen."""

    month: str
    kind: str
    payer: str
    payee: str
    fen: int


class Ledger:
    """All payments of a run.

    books     : what is paid for care in the measured days, or in the run-in as long as that lasts;  run_in : what was paid in it
    transfers : payments between institutions: (payer, payee, kind, month) -> fen
    """

    def __init__(self, clock: Clock, towns: int, facilities: Sequence[str]) -> None:
        """Open empty books for a number of towns and facilities by name."""
        self.clock, self.towns, self.facilities = clock, towns, facilities
        self.books = self.run_in = books(towns, len(facilities))
        self.transfers: dict[tuple[str, str, str, str], int] = {}
        self._months: dict[str, NDArray[np.int64]] = {}
        self._booked, self._financed = np.zeros_like(self.books.paid), 0

    def begin_measuring(self) -> None:
        """Put the books of the run-in away, and open new ones."""
        self.run_in, self.books = self.books, books(self.towns, len(self.facilities))

    def transfer(self, payer: str, payee: str, kind: str, fen: int) -> None:
        """Note a payment between institutions; nothing is noted for nothing."""
        if fen > 0:
            row = (payer, payee, kind, f"{self.clock.yesterday:%Y-%m}")
            self.transfers[row] = self.transfers.get(row, 0) + fen

    def finance(self, financing: Financing, heads: int) -> None:
        """Pay the residents' fund what it is financed with, and from it the premium of critical-illness insurance.

        For the days not yet paid for, by insured head and measured day; what people pay themselves (个人缴费) and what the government adds
        (财政补助) are two payments.
        heads : people in the residents' scheme
        """
        own = min(financing.individual, financing.per_head)
        first, self._financed = self._financed, max(self.clock.today, 0)
        for payer, payee, kind, per_head in (
            ("insured", FUND, "financing", own),
            ("government", FUND, "financing", financing.per_head - own),
            (FUND, "critical_illness", "premium", financing.critical_illness),
        ):
            self.transfer(payer, payee, kind, accrued(heads * round(per_head * 100), first, self._financed))

    def moved(self, kind: str, payer: str | None = None, payee: str | None = None) -> int:
        """Add up the transfers of a kind up to now, of one payer or payee where one is named: fen."""
        return sum(
            fen for (paying, paid, of, _), fen in self.transfers.items() if of == kind and payer in (None, paying) and payee in (None, paid)
        )

    def close_month(self) -> None:
        """Book what has been paid for care since the last time with yesterday's month."""
        if self.clock.today > 0:
            month, paid = f"{self.clock.yesterday:%Y-%m}", self.books.paid
            self._months[month] = self._months.get(month, 0) + (paid - self._booked)
            self._booked = paid.copy()

    @property
    def months(self) -> dict[str, NDArray[np.int64]]:
        """Give what was paid for care in each month up to now: 'YYYY-MM' -> (payers, settings, facilities) fen, in the order of time.

        They add up to the books of the measured days.
        """
        self.close_month()
        return self._months

    def payments(self) -> Iterator[Payment]:
        """List all payments of the measured days gone by: bills by month, payer, setting and facility; then transfers."""
        for month, paid in self.months.items():
            for p, s, f in np.argwhere(paid).tolist():
                yield paid_by(month, SETTINGS[s], PAYERS[p], self.facilities[f], int(paid[p, s, f]))
        for (payer, payee, kind, month), fen in self.transfers.items():
            yield paid_by(month, kind, payer, payee, fen)

    def balances(self) -> dict[str, tuple[int, int]]:
        """Say what each party received and what it paid in the measured days gone by: party -> fen in, fen out."""
        return summed(self.payments())

    def by_month(self) -> dict[str, dict[str, tuple[int, int]]]:
        """Say for each month what each party received and what it paid: month -> party -> fen in, fen out."""
        listed: dict[str, list[Payment]] = {}
        for payment in self.payments():
            listed.setdefault(payment.month, []).append(payment)
        return {month: summed(of) for month, of in sorted(listed.items())}


def paid_by(month: str, kind: str, payer: str, payee: str, fen: int) -> Payment:
    """Write down a payment; one of less than nothing is one the other way."""
    return Payment(month, kind, payee, payer, -fen) if fen < 0 else Payment(month, kind, payer, payee, fen)


def summed(listed: Iterable[Payment]) -> dict[str, tuple[int, int]]:
    """Add up payments: party -> fen in, fen out."""
    found: dict[str, tuple[int, int]] = {}
    for payment in listed:
        into, out = found.get(payment.payee, (0, 0))
        found[payment.payee] = into + payment.fen, out
        into, out = found.get(payment.payer, (0, 0))
        found[payment.payer] = into, out + payment.fen
    return found
