"""Ledger: who paid whom, for what and in which month, in whole fen: bills, what the residents' fund receives and passes on, settlements.

Every payment has one payer and one payee, so what all parties received is what all parties paid.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from sim.arithmetic.rounding import accrued
from sim.words import PAYERS, SETTINGS

if TYPE_CHECKING:
    from sim.county import County

FUND = "residents_fund"


class Payment(NamedTuple):
    """What one paid another in a month for one kind of thing, fen."""

    month: str
    kind: str
    payer: str
    payee: str
    fen: int


def payments(county: "County") -> Iterator[Payment]:
    """List all payments of the measured days gone by: bills by month, payer, setting and facility; then transfers between institutions."""
    names = county.place.facilities.names
    for month, paid in county.history.months.items():
        for p, s, f in np.argwhere(paid).tolist():
            yield paid_by(month, SETTINGS[s], PAYERS[p], names[f], int(paid[p, s, f]))
    for (payer, payee, kind, month), fen in county.transfers.rows.items():
        yield paid_by(month, kind, payer, payee, fen)


def paid_by(month: str, kind: str, payer: str, payee: str, fen: int) -> Payment:
    """Write down a payment; one of less than nothing is one the other way."""
    return Payment(month, kind, payee, payer, -fen) if fen < 0 else Payment(month, kind, payer, payee, fen)


def balances(county: "County") -> dict[str, tuple[int, int]]:
    """Say what each party received and what it paid in the measured days gone by: party -> fen in, fen out."""
    return summed(payments(county))


def by_month(county: "County") -> dict[str, dict[str, tuple[int, int]]]:
    """Say for each month what each party received and what it paid: month -> party -> fen in, fen out."""
    listed: dict[str, list[Payment]] = {}
    for payment in payments(county):
        listed.setdefault(payment.month, []).append(payment)
    return {month: summed(of) for month, of in sorted(listed.items())}


def summed(listed: Iterable[Payment]) -> dict[str, tuple[int, int]]:
    """Add up payments: party -> fen in, fen out."""
    found: dict[str, tuple[int, int]] = {}
    for payment in listed:
        into, out = found.get(payment.payee, (0, 0))
        found[payment.payee] = into + payment.fen, out
        into, out = found.get(payment.payer, (0, 0))
        found[payment.payer] = into, out + payment.fen
    return found


def finance(county: "County") -> None:
    """Pay the residents' fund what it is financed with, and from it the premium of critical-illness insurance, for days not yet paid for.

    By insured head and measured day; what people pay themselves (个人缴费) and what the government adds (财政补助) are two payments.
    """
    financing, heads = county.plan.insurance.financing, int((county.people.insured_at == 0).sum())
    own = min(financing.individual, financing.per_head)
    first, last = county.financed, max(county.today, 0)
    for payer, payee, kind, per_head in (
        ("insured", FUND, "financing", own),
        ("government", FUND, "financing", financing.per_head - own),
        (FUND, "critical_illness", "premium", financing.critical_illness),
    ):
        county.transfer(payer, payee, kind, accrued(heads * round(per_head * 100), first, last))
    county.financed = last
