"""Money: bills in integer fen, and who pays them: fund, critical-illness insurance, relief, waiver, and the patient, who pays the rest."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.arithmetic.compiled import inlined, njit
from sim.arithmetic.luck import lognormal, unit, words
from sim.people import equity

RESIDENTS_FUND, CRITICAL, RELIEF, WAIVER, PATIENT = 0, 3, 4, 5, 6
PAYERS = 7
REPEAT = 2
ORDINARY, CHRONIC, SPECIAL = 0, 1, 2
"""Purses, each with its limit of the year: ordinary and chronic visits have one of their own, special ones share that of stays."""


class Tariff(NamedTuple):
    """What care costs and what each kind of patient is promised, as the offer sheet shows it and the bill pays it.

    fund_share, deductible, waived : (kinds, facilities + 1) share of the in-scope bill above the deductible; yuan; yuan
    deductible_share : (kinds, facilities + 1) of a stay's bill, where this is more;  deductible_most : (schemes, facilities) its end, fen
    purse      : (schemes, groups) limit towards which visits count: 0 ordinary, 1 chronic, 2 special, which count with the stays
    scope      : (facilities,) share of the bill within the scope of the policy
    visit_bill : (long-term, contracted, referred, facilities) mean yuan;  stay_bill : (groups, referred, facilities) mean yuan
    visit_table : quantiles of single bills beside the mean;  stay_sd : of the logarithm of single bills
    outpatient_limit, chronic_limit, ceiling : (schemes,) fen a person and year
    threshold  : (schemes,) fen of own in-scope inpatient payments before critical-illness insurance pays
    band_from  : (schemes, bands) fen above the threshold;  band_share : (schemes, bands)
    relief     : share of the remaining in-scope inpatient payments that medical relief takes over for the registered poor
    """

    fund_share: NDArray[np.float32]
    deductible: NDArray[np.float32]
    deductible_share: NDArray[np.float32]
    deductible_most: NDArray[np.int64]
    waived: NDArray[np.float32]
    purse: NDArray[np.uint8]
    scope: NDArray[np.float64]
    visit_bill: NDArray[np.float64]
    stay_bill: NDArray[np.float64]
    visit_table: NDArray[np.float64]
    stay_sd: float
    outpatient_limit: NDArray[np.int64]
    chronic_limit: NDArray[np.int64]
    ceiling: NDArray[np.int64]
    threshold: NDArray[np.int64]
    band_from: NDArray[np.int64]
    band_share: NDArray[np.float64]
    relief: float


class Books(NamedTuple):
    """What has been paid, in fen.

    paid   : (payers, settings, facilities)
    scope  : (settings, facilities) in-scope part of all bills
    claims : (towns, facilities) residents'-scheme fund money spent on each town's people
    insured_bills : (1,) inpatient bills of people in the residents' scheme
    """

    paid: NDArray[np.int64]
    scope: NDArray[np.int64]
    claims: NDArray[np.int64]
    insured_bills: NDArray[np.int64]


def books(towns: int, facilities: int) -> Books:
    """Open empty books."""
    return Books(
        np.zeros((PAYERS, 2, facilities), np.int64),
        np.zeros((2, facilities), np.int64),
        np.zeros((towns, facilities), np.int64),
        np.zeros(1, np.int64),
    )


@inlined
def fen(yuan):  # type: ignore[no-untyped-def]
    """Round yuan to whole fen, half up."""
    return np.int64(yuan * 100.0 + 0.5)


@inlined
def part_of(fens, share):  # type: ignore[no-untyped-def]
    """Take a share of whole fen, rounded to whole fen, half up."""
    return np.int64(fens * share + 0.5)


@inlined
def critical_illness(before, now, threshold, band_from, band_share, scheme):  # type: ignore[no-untyped-def]
    """Say what critical-illness insurance pays (fen) when a year's own in-scope payments rise from `before` to `before + now`."""
    pays = np.int64(0)
    bands = band_from.shape[1]
    for b in range(bands):
        low = threshold[scheme] + band_from[scheme, b]
        high = threshold[scheme] + band_from[scheme, b + 1] if b + 1 < bands else np.int64(1) << np.int64(60)
        part = min(before + now, high) - max(before, low)
        if part > 0:
            pays += part_of(part, band_share[scheme, b])
    return pays


@njit
def deductible_of(bill, fixed, share, most):  # type: ignore[no-untyped-def]
    """Say what a patient pays of a stay before the fund does (fen): the fixed sum, or a share of the bill up to `most` if that is more."""
    return max(fixed, min(part_of(bill, share), most))


@njit
def pay_visit(bill, scope, share, deductible, waived, used, limit):  # type: ignore[no-untyped-def]
    """Split the bill of a visit (all in fen but `scope` and `share`): returns fund, waiver, patient.

    used, limit : what the fund has paid for the person this year, and the most it pays
    """
    waiver = min(waived, bill)
    in_scope = part_of(bill - waiver, scope)
    fund = part_of(max(in_scope - deductible, np.int64(0)), share)
    fund = max(min(fund, limit - used), np.int64(0))
    return fund, waiver, bill - waiver - fund


@njit
def pay_stay(bill, scope, share, deductible, waived, used, ceiling, own, poor, relief, threshold, band_from, band_share, scheme):  # type: ignore[no-untyped-def]
    """Split the bill of a stay (fen): returns fund, critical-illness insurance, relief, waiver, patient, and own in-scope payment.

    used, ceiling : fund money of the person this year, and the most;  own : own in-scope payments this year before this stay
    """
    waiver = min(waived, bill)
    in_scope = part_of(bill - waiver, scope)
    fund = part_of(max(in_scope - deductible, np.int64(0)), share)
    fund = max(min(fund, ceiling - used), np.int64(0))
    left = in_scope - fund
    critical = critical_illness(own, left, threshold, band_from, band_share, scheme)
    relieved = part_of(left - critical, relief) if poor else np.int64(0)
    return fund, critical, relieved, waiver, bill - waiver - fund - critical - relieved, left


@njit
def settle_visits(first, last, done, tickets, people, tariff, books, counted, equal, area):  # type: ignore[no-untyped-def]
    """Split the bills of those of the rows first..last that were served today (`done` 1), and write the books.

    equal : (rows, COUNTED) by who people are, area : (villages + 1,) (see `sim.people.equity`);  counted : 1 on measured days
    """
    resident, group, kind, facility, bills = tickets.resident, tickets.group, tickets.kind, tickets.facility, tickets.bill
    scheme_of, town, lives, age, poor = people.insured_at, people.town, people.lives, people.age, people.poor
    village, ill = people.village, people.chronic
    outpatient_fund, chronic_fund, inpatient_fund = people.outpatient_fund, people.chronic_fund, people.inpatient_fund
    claimed = people.claimed
    fund_share, deductible, waived, scope = tariff.fund_share, tariff.deductible, tariff.waived, tariff.scope
    purse, ordinary, chronic, ceiling = tariff.purse, tariff.outpatient_limit, tariff.chronic_limit, tariff.ceiling
    paid, in_scope, claims = books.paid, books.scope, books.claims
    for i in range(first, last):
        if done[i] != 1:
            continue
        r, f, k, scheme = resident[i], facility[i], kind[i], scheme_of[resident[i]]
        bill = np.int64(bills[i])
        p = purse[scheme, group[i]]
        if p == ORDINARY:
            used, limit = np.int64(outpatient_fund[r]), ordinary[scheme]
        elif p == CHRONIC:
            used, limit = np.int64(chronic_fund[r]), chronic[scheme]
        else:
            used, limit = np.int64(inpatient_fund[r]), ceiling[scheme]
        fund, waiver, patient = pay_visit(bill, scope[f], fund_share[k, f], fen(deductible[k, f]), fen(waived[k, f]), used, limit)
        if p == ORDINARY:
            outpatient_fund[r] += fund
        elif p == CHRONIC:
            chronic_fund[r] += fund
        else:
            inpatient_fund[r] += fund
        paid[scheme, 0, f] += fund
        paid[WAIVER, 0, f] += waiver
        paid[PATIENT, 0, f] += patient
        in_scope[0, f] += part_of(bill - waiver, scope[f])
        if scheme == RESIDENTS_FUND:
            claims[town[r], f] += fund
            claimed[r] += counted * fund
        e = equity.row_of(lives[r], village[r], age[r], poor[r], ill[r], area)
        equal[e, equity.BILLS] += counted * bill
        equal[e, equity.PAID] += counted * patient


class Leaving(NamedTuple):
    """Stays that end today, to be billed: (stays,) arrays.

    share : part of a whole stay's bill this facility earns (less than 1 where the patient recovered further down)
    due   : 0 where a stay goes on in another facility, which takes no second deductible
    """

    resident: NDArray[np.int32]
    occasion: NDArray[np.uint32]
    group: NDArray[np.uint8]
    kind: NDArray[np.int32]
    facility: NDArray[np.int16]
    share: NDArray[np.float64]
    due: NDArray[np.uint8]


@njit
def settle_stays(key, count, leaving, people, tariff, books, counted, equal, area):  # type: ignore[no-untyped-def]
    """Bill the first `count` stays that end today, and write the books; `counted`, `equal`, `area` as for visits."""
    person, scheme_of, town, lives, age, poor = people.person, people.insured_at, people.town, people.lives, people.age, people.poor
    village, ill = people.village, people.chronic
    fund_so_far, own_so_far, claimed = people.inpatient_fund, people.own_scope, people.claimed
    fund_share, deductible, waived, scope, stay_bill = tariff.fund_share, tariff.deductible, tariff.waived, tariff.scope, tariff.stay_bill
    deductible_share, deductible_most = tariff.deductible_share, tariff.deductible_most
    ceiling, threshold, band_from, band_share = tariff.ceiling, tariff.threshold, tariff.band_from, tariff.band_share
    paid, in_scope, claims, insured_bills = books.paid, books.scope, books.claims, books.insured_bills
    for i in range(count):
        r, g, k, f = leaving.resident[i], leaving.group[i], leaving.kind[i], leaving.facility[i]
        scheme = scheme_of[r]
        c0, _, _, _ = words(key, luck.BILL, person[r], np.uint32(leaving.occasion[i]) | np.uint32(1 << 31))
        bill = fen(lognormal(stay_bill[g, k & 1, f], tariff.stay_sd, unit(c0)) * leaving.share[i])
        waive = min(fen(waived[k, f]), bill)
        own_first = deductible_of(bill - waive, fen(deductible[k, f]), deductible_share[k, f], deductible_most[scheme, f])
        fund, critical, relief, waiver, patient, left = pay_stay(
            bill, scope[f], fund_share[k, f], own_first * leaving.due[i], waive, np.int64(fund_so_far[r]),
            ceiling[scheme], np.int64(own_so_far[r]), poor[r], tariff.relief, threshold, band_from, band_share, scheme,
        )  # fmt: skip
        fund_so_far[r] += fund
        own_so_far[r] = min(np.int64(own_so_far[r]) + left, np.int64(2_000_000_000))
        paid[scheme, 1, f] += fund
        paid[CRITICAL, 1, f] += critical
        paid[RELIEF, 1, f] += relief
        paid[WAIVER, 1, f] += waiver
        paid[PATIENT, 1, f] += patient
        in_scope[1, f] += part_of(bill - waiver, scope[f])
        if scheme == RESIDENTS_FUND:
            claims[town[r], f] += fund
            claimed[r] += counted * fund
            insured_bills[0] += bill
        e = equity.row_of(lives[r], village[r], age[r], poor[r], ill[r], area)
        equal[e, equity.BILLS] += counted * bill
        equal[e, equity.PAID] += counted * patient
