"""Money: every fen of a bill is paid once, nobody pays less than nothing, and a dearer bill never costs anybody less."""

from fractions import Fraction
from typing import Any, NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from experiments.running.one import lived
from sim import County, load
from sim.arithmetic.compiled import njit
from sim.money.paying import PATIENT, PAYERS, RESIDENTS_FUND, books, critical_illness, deductible_of, pay_stay, pay_visit
from sim.words import PAYERS as NAMES

Fen = int
MOST = 50_000_000
"""Half a million yuan."""
FOREVER = np.iinfo(np.int64).max // 4


class Stay(NamedTuple):
    """A bill of a stay, and the rules it falls under."""

    bill: Fen
    scope: float
    share: float
    deductible: Fen
    waived: Fen
    used: Fen
    ceiling: Fen
    own: Fen
    poor: int
    relief: float
    threshold: NDArray[np.int64]
    band_from: NDArray[np.int64]
    band_share: NDArray[np.float64]
    scheme: int = 0


amounts = st.integers(0, MOST)
percents = st.integers(0, 100).map(lambda n: n / 100)


@st.composite
def stays(draw: st.DrawFn) -> Stay:
    """Draw a stay; bands of critical illness pay more and more, as they do, and the last may be missing."""
    starts = sorted(draw(st.lists(st.integers(1, MOST), min_size=2, max_size=2, unique=True)))
    shares = sorted(draw(st.lists(percents, min_size=3, max_size=3)))
    last = draw(st.booleans())
    return Stay(
        draw(amounts), draw(percents), draw(percents), draw(amounts), draw(amounts), draw(amounts), draw(amounts), draw(amounts),
        draw(st.integers(0, 1)), draw(percents), np.array([draw(amounts)]),
        np.array([[0, starts[0], starts[1] if last else FOREVER]]), np.array([[*shares[:2], shares[2] if last else 0.0]]),
    )  # fmt: skip


def hundredths(share: float) -> Fraction:
    return Fraction(round(share * 100), 100)


def visit_by_hand(bill: Fen, scope: float, share: float, deductible: Fen, waived: Fen, used: Fen, limit: Fen) -> tuple[Fraction, ...]:
    """Split the bill of a visit in exact fractions: fund, waiver, patient."""
    waiver = Fraction(min(waived, bill))
    above = max((bill - waiver) * hundredths(scope) - deductible, Fraction(0))
    fund = max(min(above * hundredths(share), Fraction(limit - used)), Fraction(0))
    return fund, waiver, bill - waiver - fund


def stay_by_hand(stay: Stay) -> tuple[Fraction, ...]:
    """Split the bill of a stay in exact fractions: fund, critical illness, relief, waiver, patient, own in-scope payment."""
    fund, waiver, _ = visit_by_hand(stay.bill, stay.scope, stay.share, stay.deductible, stay.waived, stay.used, stay.ceiling)
    left = (stay.bill - waiver) * hundredths(stay.scope) - fund
    edges = [int(stay.threshold[0] + low) for low in stay.band_from[0]] + [FOREVER]
    critical = Fraction(0)
    for low, high, share in zip(edges, edges[1:], stay.band_share[0], strict=False):
        critical += max(min(stay.own + left, Fraction(high)) - max(stay.own, low), Fraction(0)) * hundredths(share)
    relief = (left - critical) * hundredths(stay.relief) * stay.poor
    return fund, critical, relief, waiver, stay.bill - waiver - fund - critical - relief, left


@given(amounts, amounts, percents, amounts, st.integers(0, 1_000_000))
@settings(deadline=None)
def test_a_deductible_lies_between_its_ends_and_rises_slower_than_the_bill(
    bill: Fen, fixed: Fen, share: float, most: Fen, more: Fen
) -> None:
    got, dearer = deductible_of(bill, fixed, share, most), deductible_of(bill + more, fixed, share, most)
    assert fixed <= got <= max(fixed, most)
    assert abs(got - max(fixed, min(bill * hundredths(share), most))) <= Fraction(1, 2)
    assert 0 <= dearer - got <= more + 1  # each is rounded once


@given(amounts, percents, percents, amounts, amounts, amounts, amounts)
@settings(deadline=None)
def test_every_fen_of_a_visit_is_paid_once_and_as_by_hand(
    bill: Fen, scope: float, share: float, deductible: Fen, waived: Fen, used: Fen, limit: Fen
) -> None:
    got = pay_visit(bill, scope, share, deductible, waived, used, limit)
    assert sum(got) == bill
    assert min(got) >= 0
    assert got[0] <= max(limit - used, 0)
    roundings = 2  # what is in scope, and the fund's part
    assert all(
        abs(g - w) <= roundings for g, w in zip(got, visit_by_hand(bill, scope, share, deductible, waived, used, limit), strict=True)
    )


@given(stays())
@settings(deadline=None)
def test_every_fen_of_a_stay_is_paid_once_and_as_by_hand(stay: Stay) -> None:
    got = pay_stay(*stay)
    fund, critical, relief, waiver, patient, _ = got
    assert fund + critical + relief + waiver + patient == stay.bill
    assert min(got) >= 0
    assert fund <= max(stay.ceiling - stay.used, 0)
    assert relief == 0 or stay.poor
    roundings = 2 + stay.band_from.shape[1] + 1  # as a visit, one a band, and relief
    assert all(abs(g - w) <= roundings for g, w in zip(got, stay_by_hand(stay), strict=True))


@given(stays(), st.integers(1, 1_000_000))
@settings(deadline=None)
def test_a_dearer_stay_never_costs_anybody_less(stay: Stay, more: Fen) -> None:
    """But relief, which critical-illness insurance may take over from, and which counts with it."""
    before, after = np.array(pay_stay(*stay)), np.array(pay_stay(*stay._replace(bill=stay.bill + more)))
    assert np.all(after[[0, 1, 3, 4, 5]] >= before[[0, 1, 3, 4, 5]])
    assert after[1] + after[2] >= before[1] + before[2]


@given(stays(), st.integers(0, 1_000_000))
@settings(deadline=None)
def test_a_higher_deductible_or_a_spent_ceiling_never_helps_the_patient(stay: Stay, more: Fen) -> None:
    patient = pay_stay(*stay)[4]
    roundings = stay.band_from.shape[1] + 1  # a fen moved from the fund may be rounded once more in each band, and in relief
    assert pay_stay(*stay._replace(deductible=stay.deductible + more))[4] >= patient - roundings
    assert pay_stay(*stay._replace(used=stay.used + more))[4] >= patient - roundings


@njit
def _critical(before: Fen, now: Fen, threshold: Any, band_from: Any, band_share: Any, scheme: int) -> Fen:
    return critical_illness(before, now, threshold, band_from, band_share, scheme)  # type: ignore[no-any-return]


@given(stays(), amounts, amounts)
@settings(deadline=None)
def test_critical_illness_pays_the_same_for_a_year_in_one_stay_or_in_two(stay: Stay, first: Fen, second: Fen) -> None:
    bands = stay.threshold, stay.band_from, stay.band_share, 0
    in_two = _critical(stay.own, first, *bands) + _critical(stay.own + first, second, *bands)
    assert abs(_critical(stay.own, first + second, *bands) - in_two) <= stay.band_from.shape[1]  # one rounding a band


def test_books_open_with_nothing_in_them() -> None:
    opened = books(3, 5)
    assert opened.paid.shape == (PAYERS, 2, 5)
    assert len(NAMES) == PAYERS
    assert all(not column.any() for column in opened)


@pytest.fixture(scope="module")
def county() -> County:
    return lived(load("lujiang-2020", ["period.days=20"]), scale=0.02)


def test_the_books_of_a_county_hold_nothing_negative_and_patients_pay_something(county: County) -> None:
    assert county.books.paid.min() >= 0
    assert county.books.paid[PATIENT].sum() > 0


def test_claims_are_what_the_residents_fund_paid(county: County) -> None:
    assert np.array_equal(county.books.claims.sum(axis=0), county.books.paid[RESIDENTS_FUND].sum(axis=0))


def test_no_more_is_in_scope_than_is_billed_and_the_fund_pays_only_that(county: County) -> None:
    in_scope, paid = county.books.scope, county.books.paid
    assert np.all(in_scope <= paid.sum(axis=0))
    assert np.all(paid[: RESIDENTS_FUND + 3].sum(axis=0) <= in_scope)
