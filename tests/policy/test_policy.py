"""The cases of tests/policy, each paid by the model's own tariff, bills and settlement."""

from dataclasses import replace
from functools import cache
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim import County, load
from sim.answers import Terms
from sim.choice.utility import tariff
from sim.clock import Clock
from sim.institutions.groups import Group
from sim.mechanisms import MECHANISMS, hearing
from sim.mechanisms.packaged_fund import PackagedFund
from sim.money.ledger import Ledger
from sim.money.paying import RESIDENTS_FUND, Tariff, deductible_of, pay_stay, pay_visit
from sim.place.place import Place, assemble
from sim.words import PLACES, SCHEMES, TIERS
from tests.policy.cases import Account, Bill, BillCase, Done, FundCase, Paid, Settled, bill_cases, fund_cases

BILLS = bill_cases("visits.yaml", "stays.yaml", "schedule.yaml", "recognition.yaml", "widening.yaml", "critical_illness.yaml")
ACCOUNTS = fund_cases("fund.yaml")


def fen(yuan: float) -> int:
    return round(yuan * 100)


@cache
def place_of(scenario: str, settings: tuple[str, ...]) -> Place:
    plan = load(scenario, settings)
    return assemble(plan, plan.tables)


@cache
def prices(scenario: str, settings: tuple[str, ...], policies: tuple[str, ...], day: Any, moved: Any) -> tuple[Place, Tariff, Terms]:
    """Put the rules of a day together as the market does, without the people, one facility moved elsewhere where that is wanted."""
    whole, place = load(scenario, settings), place_of(scenario, ())
    if moved is not None:
        where = place.facilities.place.copy()
        where[place.facilities.row(moved[0])] = PLACES.index(moved[1])
        place = replace(place, facilities=replace(place.facilities, place=where))
    date = day or whole.period.start
    plan = whole.on(date)
    rules = [MECHANISMS[name](said) for name, said in plan.mechanisms.items() if name in (policies or plan.mechanisms)]
    undecided = [SimpleNamespace()] * len(place.facilities.names)
    county: Any = SimpleNamespace(place=place, plan=plan, whole=whole, date=date, mechanisms=rules, groups=[], facilities=undecided)
    terms = hearing.terms(rules, county)
    return place, tariff(plan, place, County._grades(county), terms), terms


def billed(given: Bill, terms: Terms, place: Place) -> int:
    """Leave off a bill what mechanisms leave off mean bills: fen."""
    referred, f = int(given.referred), place.facilities.row(given.at)
    groups, many = len(place.conditions.names), len(place.facilities.names)
    group = place.conditions.names.index(given.condition)
    chronic = int(place.conditions.of_urgency("chronic")[group])
    visit, stay = np.broadcast_to(terms.bill[0], (2, 2, 2, many)), np.broadcast_to(terms.bill[1], (groups, 2, many))
    factor = visit[chronic, int(given.contracted), referred, f] if given.care == "visit" else stay[group, referred, f]
    return fen(given.bill * float(factor))


def kind_of(given: Bill, place: Place, spent: bool) -> int:
    """Find the row of the tariff: setting, condition group, scheme, contracted and spent or poor and repeat, referred."""
    shape = (2, len(place.conditions.names), len(SCHEMES), 2, 2, 2)
    setting, more = (0, (given.contracted, spent)) if given.care == "visit" else (1, (given.poor, given.repeat))
    group, scheme = place.conditions.names.index(given.condition), SCHEMES.index(given.scheme)
    return int(np.ravel_multi_index((setting, group, scheme, *map(int, more), int(given.referred)), shape))


def paid(given: Bill) -> Paid:
    """Let the model pay the bill."""
    moved = (given.at, given.place) if given.place else None
    place, table, terms = prices(given.scenario, given.settings, given.policies, given.day, moved)
    bill = billed(given, terms, place)
    saved = fen(given.bill) - bill
    f, scheme = place.facilities.row(given.at), SCHEMES.index(given.scheme)
    purse = table.purse[scheme, place.conditions.names.index(given.condition)]
    visits_limit = int((table.outpatient_limit, table.chronic_limit, table.ceiling)[purse][scheme])
    limit = visits_limit if given.care == "visit" else int(table.ceiling[scheme])
    k = kind_of(given, place, fen(given.fund_used) >= visits_limit)
    waived = min(fen(table.waived[k, f]), bill)
    of_bill = table.deductible_share[k, f], table.deductible_most[scheme, f]
    due = (
        bill,
        table.scope[f],
        table.fund_share[k, f],
        deductible_of(bill - waived, fen(table.deductible[k, f]), *of_bill),
        waived,
        fen(given.fund_used),
        limit,
    )
    if given.care == "visit":
        fund, waiver, patient = pay_visit(*due)
        return Paid.model_construct(fund=fund, critical=0, relief=0, waiver=waiver, saved=saved, patient=patient)
    parts = pay_stay(*due, fen(given.own_before), int(given.poor), table.relief, table.threshold, table.band_from, table.band_share, scheme)
    return Paid.model_construct(**dict(zip(("fund", "critical", "relief", "waiver", "patient"), parts, strict=False)), saved=saved)


@pytest.mark.parametrize("case", BILLS)
def test_a_bill_is_paid_by_whom_the_policy_says(case: BillCase) -> None:
    assert paid(case.given).model_dump() == {payer: fen(yuan) for payer, yuan in case.expect.model_dump().items()}


@pytest.mark.parametrize("case", BILLS, ids=lambda case: case.name)
def test_a_case_is_paid_in_full(case: BillCase) -> None:
    assert sum(fen(yuan) for yuan in case.expect.model_dump().values()) == fen(case.given.bill)


@cache
def empty_county() -> County:
    """Build a county of few people to whom nothing has happened."""
    return County(load("lujiang-2020"), scale=0.001)


def county_of(given: Account) -> County:
    """Give an empty county the rules and the insured of a case, on the day on which its package begins."""
    county, plan = empty_county(), load("lujiang-2020", (*given.settings, f"period.days={given.days}"))
    county.whole = county.plan = plan
    county.clock = Clock(plan.period.start, plan.period.days, plan.period.run_in_days)
    county.ledger = Ledger(county.clock, len(county.place.towns), county.place.facilities.names)
    for counts in (*county.books, county.outpatients.counts.visits, *county.inpatients.counts):
        counts[:] = 0
    begins = plan.mechanisms["packaged_fund"].from_ or plan.period.start
    county.clock.today = max((begins - plan.period.start).days, 0)
    county.groups[0].insured_heads, county.groups[1].insured_heads = given.insured_heads, given.others_heads
    return county


def do(county: County, group: Group, did: Done) -> None:
    """Note what the members of a group did, and where its people were admitted."""
    house, visits, wards = county.place.facilities, county.outpatients.counts.visits, county.inpatients.counts
    for tier, count in (("village", did.village_visits), ("township", did.township_visits), ("county", did.hospital_visits)):
        visits[0, np.flatnonzero(group.members & (house.tier == TIERS.index(tier)))[0], 0] += count
    for row, count in ((group.lead_row, did.stays), (int(np.flatnonzero(~house.in_county)[0]), did.left)):
        wards.admissions[0, row, 0] += count
        wards.flows[0, group.town_rows[0], row, 0] += count


def settled(given: Account) -> dict[str, int]:
    """Let the model reckon the package of one group and settle it, and say what was given and paid, fen."""
    county = county_of(given)
    mine, others = county.groups
    claims, paid = county.books.claims, county.books.paid[RESIDENTS_FUND]
    claims[mine.town_rows[0], 0] = fen(given.spent_before)
    mechanism = PackagedFund(county.plan.mechanisms["packaged_fund"])
    mechanism.begin(county)
    claims[mine.town_rows[0], 0] += fen(given.spent)
    do(county, mine, given.did)
    do(county, others, given.others_did)
    inside = county.place.facilities.in_county
    paid[0, mine.lead_row] = fen(given.fund_a_visit) * county.outpatients.counts.visits[:, inside].sum()
    paid[1, mine.lead_row] = fen(given.fund_a_stay) * county.inpatients.counts.admissions[:, inside].sum()
    ends = mechanism.rules.until
    county.clock.today = given.days if ends is None else (ends - county.plan.period.start).days
    mechanism.settle(county)
    found = {"per_head": fen(mine.package_per_head), "budget": mine.budget, "others_budget": others.budget}
    for (payer, payee, kind, _), amount in county.ledger.transfers.items():
        if mine.name in (payer.split(".")[0], payee.split(".")[0]):
            name = f"to_{payee.split('.')[1]}" if kind == "surplus" else kind
            found[name] = found.get(name, 0) + amount
    return found


@pytest.mark.parametrize("case", ACCOUNTS, ids=lambda case: case.name)
def test_an_account_is_settled_as_the_policy_says(case: FundCase) -> None:
    got = settled(case.given)
    wanted: Settled = case.expect
    for name, yuan in wanted.model_dump(exclude_none=True).items():
        assert got.get(name, 0) == fen(yuan), name


def test_no_two_cases_have_the_same_name() -> None:
    names = [case.name for case in (*BILLS, *ACCOUNTS)]
    assert len(set(names)) == len(names) > 120
