"""The ledger: after every day, in every scenario of the package, every fen that went out of one purse came into another."""

import datetime
from collections import Counter
from functools import cache
from pathlib import Path

import numpy as np
import pytest

import scenarios
from experiments.running.one import live
from results.outcomes import measures
from sim import County, load
from sim.arithmetic.rounding import accrued
from sim.care.engine.lines import SERVED
from sim.money import ledger
from sim.money.paying import CRITICAL, PATIENT, RESIDENTS_FUND, WAIVER
from sim.people import equity
from sim.record.watch import Watch
from sim.words import PAYERS, SETTINGS
from tests.sim.mechanisms.small_counties import without

NAMES = sorted(path.stem for path in Path(scenarios.__file__).parent.glob("*.yaml") if path.stem != "sources")
DAYS, RUN_IN = 35, 5
CHANGED = '[{from: "%s", set: {insurance.financing.per_head: 900 yuan}, source: assumed}]'


class Clerk(Watch):
    """Writes down the bills of visits as they lie on the desk, before anybody pays them: (month, facility) -> fen."""

    def __init__(self) -> None:
        self.written: Counter[tuple[str, int]] = Counter()

    def closed(self, county: County, seen: int, admitted: int) -> None:
        """Write down the bills of those who were seen today."""
        rows, tickets = county.outpatients.rows, county.outpatients.tickets
        if county.today >= 0:
            for row in np.flatnonzero(rows.outcome[:seen] == SERVED):
                self.written[f"{county.date:%Y-%m}", int(tickets.facility[row])] += int(tickets.bill[row])


def small(name: str, *settings: str, days: int = DAYS) -> County:
    """Make a county that has not lived a day."""
    return County(load(name, [f"period.days={days}", f"period.run_in_days={RUN_IN}", *settings]), seed=1, scale=0.01)


def every_bill_is_paid(county: County, clerk: Clerk) -> None:
    """Bills as they were written are what payers paid: visits by month and facility, stays in all; and the months are the books."""
    house, paid = county.place.facilities.names, county.books.paid
    assert sum(county.ledger.months.values()).tolist() == paid.tolist()  # type: ignore[union-attr]
    for month, of_month in county.ledger.months.items():
        written = [clerk.written[month, f] for f in range(len(house))]
        assert of_month[:, 0].sum(axis=0).tolist() == written
    for setting, side in enumerate((county.outpatients, county.inpatients)):
        counted = side.counts.equity.sum(axis=0)
        assert counted[equity.BILLS] == paid[:, setting].sum()
        assert counted[equity.PAID] == paid[PATIENT, setting].sum()
    assert county.books.insured_bills[0] <= paid[:, 1].sum()


def the_fund_pays_for_its_people(county: County) -> None:
    """What the fund paid is what it paid for the towns' people, each of them, and each group's."""
    books, people = county.books, county.people
    towns = books.claims.sum(axis=1)
    assert books.claims.sum(axis=0).tolist() == books.paid[RESIDENTS_FUND].sum(axis=0).tolist()
    assert np.bincount(people.town, people.claimed, len(towns)).astype(np.int64).tolist() == towns.tolist()
    for group in county.groups:
        assert group.spent == towns[group.town_rows].sum()


def every_fen_has_a_payer_and_a_payee(county: County) -> None:
    """Over all parties what came in is what went out, in each month and in all; a facility takes in its bills and nothing else."""
    months, whole = county.ledger.by_month(), county.ledger.balances()
    for parties in (*months.values(), whole):
        assert sum(came - went for came, went in parties.values()) == 0
        assert all(type(fen) is int and fen >= 0 for purse in parties.values() for fen in purse)
    for side in (0, 1):
        added = Counter[str]()
        for parties in months.values():
            added.update({party: purse[side] for party, purse in parties.items()})
        assert {party: purse[side] for party, purse in whole.items() if purse[side]} == dict(+added)
    passed_on = Counter[str]()
    for (payer, _, _, _), fen in county.ledger.transfers.items():
        passed_on[payer] += fen
    paid = county.books.paid
    for name, bills in zip(county.place.facilities.names, paid.sum(axis=(0, 1)).tolist(), strict=True):
        assert whole.get(name, (0, 0)) == (bills, passed_on[name])
    for payer in (PATIENT, WAIVER):
        assert whole.get(PAYERS[payer], (0, 0)) == (0, paid[payer].sum())
    assert all(type(fen) is int and fen > 0 for fen in county.ledger.transfers.values())


@pytest.mark.parametrize("name", NAMES)
def test_the_books_close_after_every_day(name: str) -> None:
    county, clerk = small(name), Clerk()
    county.watch = clerk
    for day in range(DAYS):
        county.step()
        assert county.today == day + 1
        every_bill_is_paid(county, clerk)
        the_fund_pays_for_its_people(county)
        every_fen_has_a_payer_and_a_payee(county)
    assert len(county.ledger.months) == 2
    assert sum(clerk.written.values()) > 0


@cache
def financed(*settings: str, days: int = DAYS) -> County:
    """Let the county of 2020 live, for everyone who asks."""
    return live(small("lujiang-2020", *settings, days=days))


def of_kind(county: County, kind: str) -> dict[tuple[str, str], int]:
    """Add up the transfers of a kind by payer and month."""
    found: Counter[tuple[str, str]] = Counter()
    for (payer, _, what, month), fen in county.ledger.transfers.items():
        if what == kind:
            found[payer, month] += fen
    return dict(found)


def test_the_fund_is_financed_by_head_and_day_of_the_measured_days() -> None:
    county = financed()
    heads = int((county.people.insured_at == 0).sum())
    own, added, premium = (heads * yuan * 100 for yuan in (250, 520, 60))
    january, all_days = 31, DAYS
    for kind, payer, yearly in (("financing", "insured", own), ("financing", "government", added), ("premium", "residents_fund", premium)):
        paid = {month: fen for (who, month), fen in of_kind(county, kind).items() if who == payer}
        whole = yearly * all_days // 365
        assert paid == {"2020-01": yearly * january // 365, "2020-02": whole - yearly * january // 365}


def test_nothing_is_financed_before_the_month_is_over() -> None:
    county = small("lujiang-2020")
    for day in range(DAYS):
        county.step()
        assert ("2020-01" in {row[3] for row in county.ledger.transfers if row[2] == "financing"}) == (day >= 31)


def test_a_dated_change_of_financing_counts_from_its_day() -> None:
    """Nine hundred yuan a head instead of 770 from 11 January: ten days at one rate, 25 at the other."""
    county = financed(f"changes={CHANGED % '2020-01-11'}")
    heads = int((county.people.insured_at == 0).sum())
    paid = sum(fen for (payer, _), fen in of_kind(county, "financing").items() if payer == "government")
    old, new = heads * 520_00, heads * 650_00
    wanted = accrued(old, 0, 10) + accrued(new, 10, 31) + accrued(new, 31, DAYS)
    assert paid == wanted > accrued(old, 0, DAYS)


def test_without_a_package_the_fund_keeps_what_the_measure_says() -> None:
    """Balance per head and year = financing less premium less what was spent."""
    county = financed(*without("packaged_fund"))
    came, went = county.ledger.balances()["residents_fund"]
    heads = int((county.people.insured_at == 0).sum())
    told = measures(county)["fund_balance_per_head"]
    assert (came - went) / 100 / heads * 365 / DAYS == pytest.approx(told, abs=3 * 365 / DAYS / 100 / heads + 1e-9)


def test_critical_illness_takes_in_its_premium_and_pays_out_its_part() -> None:
    county = financed()
    premium = sum(of_kind(county, "premium").values())
    assert county.ledger.balances()["critical_illness"] == (premium, county.books.paid[CRITICAL].sum())


def test_a_refund_is_a_payment_the_other_way() -> None:
    assert ledger.paid_by("2020-01", "visit", "patient", "clinic", -250) == ("2020-01", "visit", "clinic", "patient", 250)
    assert ledger.summed([ledger.paid_by("2020-01", "visit", "patient", "clinic", -250)]) == {"patient": (250, 0), "clinic": (0, 250)}


def test_months_of_the_ledger_are_months_of_the_calendar() -> None:
    first = datetime.date(2020, 1, 1)
    lived_months = {f"{first + datetime.timedelta(days=day):%Y-%m}" for day in range(DAYS)}
    assert set(financed().ledger.by_month()) == lived_months
    assert {payment.kind for payment in financed().ledger.payments()} >= {*SETTINGS, "financing", "premium"}
