"""Measure a county that has lived its days: the numbers of `measures.json`, named and defined in `measures.yaml`.

A ratio carries NAME__numerator and NAME__denominator, and is their quotient exactly; a ratio of nothing is None. Numbers scaled to a
year (times 365 over the days lived) carry none. What the county has no mechanism for is absent. Money is in yuan.
The counts by who have rows lives x scheme; `rows_of` finds them.
"""

import math
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from results.measuring.definitions import FULL_YEAR, Value
from results.tables import TABLES, beds, books, daily, days_lived, facilities, flows, patient_days
from sim.money.ledger import FUND
from sim.money.paying import CRITICAL, PATIENT, RELIEF, RESIDENTS_FUND
from sim.words import LIVES, SCHEMES, STAY, TIERS, VISIT

if TYPE_CHECKING:
    from sim.county import County

__all__ = ["TABLES", "books", "daily", "facilities", "flows", "measures"]

Measures = dict[str, Value]
Mask = NDArray[np.bool_]

PRIMARY = ("village", "clinic", "township")
WITH_BEDS = TIERS[2:]
UNREFERRED, EMERGENCY = 0, 2
MINUTES = (15, 30, 60)
"""The circles of care (医疗圈)."""


def rows_of(lives: Sequence[str], schemes: Sequence[str]) -> list[int]:
    """Find the rows of people who live so and are enrolled so."""
    return [LIVES.index(life) * len(SCHEMES) + SCHEMES.index(scheme) for life in lives for scheme in schemes]


HERE = rows_of(("here",), SCHEMES)
VARIANTS = {
    "insured": rows_of(LIVES, ("here_residents",)),
    "insured_all": rows_of(LIVES, ("here_residents", "here_employees")),
    "insured_present": rows_of(("here",), ("here_residents",)),
    "resident": HERE,
    "registered": rows_of(LIVES, SCHEMES),
}
"""Whose admissions the share inside the county may be taken of."""


def measures(county: "County") -> Measures:
    """Take every measure the model can speak of, over the measured days lived so far."""
    parts = (people, places, referring, outflow, harm, waits, travel, occupancy, bills, reimbursement, fund, capability, policies)
    return {name: value for part in parts for name, value in part(county).items()}


def ratio(name: str, over: Any, under: Any) -> Measures:
    """Give a share or a mean with its parts, as plain numbers."""
    over, under = (part.item() if hasattr(part, "item") else part for part in (over, under))
    return {name: over / under if under else None, f"{name}__numerator": over, f"{name}__denominator": under}


def a_year(county: "County", amount: Any, heads: Any) -> float | None:
    """Scale an amount per head to a year; None before the first day and without people."""
    days = days_lived(county)
    return float(amount) * FULL_YEAR / days / float(heads) if days and heads else None


def in_tier(county: "County", tiers: Collection[str]) -> Mask:
    """Say which facilities are of one of the reporting tiers, wherever they stand."""
    return np.isin(county.place.facilities.tier, [TIERS.index(tier) for tier in tiers])


def yuan(fen: Any) -> float:
    """Turn fen into yuan."""
    return int(fen) / 100


def total(amounts: Any) -> float:
    """Add up floats, rounded once."""
    return math.fsum(np.asarray(amounts, float).ravel().tolist())


def people(county: "County") -> Measures:
    """Count the people, and what they used; of a run at a smaller scale, the simulated ones."""
    here, enrolled = county.people.lives == LIVES.index("here"), county.people.insured_at == SCHEMES.index("here_residents")
    visits, admissions = county.outpatients.counts.visits, county.inpatients.counts.admissions
    residents = int(here.sum())
    return {
        "registered": len(here),
        "residents": residents,
        "insured": int(enrolled.sum()),
        "visits": int(visits.sum()),
        "admissions": int(admissions.sum()),
        "visits_per_resident": a_year(county, visits[HERE].sum(), residents),
        "admissions_per_resident": a_year(county, admissions[HERE].sum(), residents),
    }


def places(county: "County") -> Measures:
    """Say where people go: the shares of visits and of admissions inside the county, and at primary care."""
    inside, primary = county.place.facilities.in_county, in_tier(county, PRIMARY)
    seen, of_here = county.outpatients.counts.visits.sum(axis=(0, 2)), county.outpatients.counts.visits[HERE].sum(axis=(0, 2))
    hospital = inside & ~in_tier(county, ("village",))
    township = inside & in_tier(county, ("township",))
    found = ratio("in_county_visit_share", of_here[inside].sum(), of_here.sum())
    found |= ratio("primary_visit_share_all", seen[inside & primary].sum(), seen[inside].sum())
    found |= ratio("primary_visit_share_ex_village", seen[hospital & primary].sum(), seen[hospital].sum())
    found |= ratio("primary_visit_share_township", seen[township].sum(), seen[hospital].sum())
    found |= ratio("primary_visit_share_by_resident", of_here[primary].sum(), of_here.sum())
    for variant, rows in VARIANTS.items():
        admitted = county.inpatients.counts.admissions[rows].sum(axis=(0, 2))
        found |= ratio(f"in_county_admission_share_{variant}", admitted[inside].sum(), admitted.sum())
        found |= ratio(f"in_county_ceiling_{variant}", county.history.within[rows].sum(), admitted.sum())
    admitted = county.inpatients.counts.admissions.sum(axis=(0, 2))
    found |= ratio("township_admission_share", admitted[township].sum(), admitted[inside].sum())
    going_on = admitted + county.inpatients.counts.down.sum(axis=0)
    return found | ratio("township_admission_share_with_recovery", going_on[township].sum(), going_on[inside].sum())


def referring(county: "County") -> Measures:
    """Count referrals with a record in which a facility of the county takes part, up and down."""
    down, hospitals = county.inpatients.counts.down, county.place.facilities.in_county & in_tier(county, ("county",))
    up = county.outpatients.counts.up + county.inpatients.counts.up
    found = directed(county, "referrals_up", up) | directed(county, "referrals_down", down)
    discharges = county.inpatients.counts.discharges[hospitals].sum()
    return found | ratio("referrals_down_per_discharge", down[hospitals].sum(), discharges)


def directed(county: "County", name: str, moves: NDArray[np.int32]) -> Measures:
    """Split (facilities, facilities) referrals into those inside a group, other ones inside the county, and those over its border.

    Without groups there is nothing to be inside of, and only the border is told.
    """
    inside = county.place.facilities.in_county
    both, either = inside[:, None] & inside, inside[:, None] | inside
    found: Measures = {name: int(moves[either].sum()), f"{name}_outside": int(moves[either & ~both].sum())}
    if county.groups:
        within = np.logical_or.reduce([group.members[:, None] & group.members for group in county.groups])
        found |= {f"{name}_within_group": int(moves[both & within].sum()), f"{name}_other_group": int(moves[both & ~within].sum())}
    return found


def outflow(county: "County") -> Measures:
    """Say which share of the admissions of people living here leave the county unreferred, emergencies apart."""
    admitted = county.inpatients.counts.admissions[HERE]
    left = admitted[:, ~county.place.facilities.in_county, UNREFERRED]
    return ratio("unreferred_outflow_share", left.sum(), admitted.sum())


def harm(county: "County") -> Measures:
    """Say what may go wrong beside the goal: care forgone, cases kept beyond ability, long ways in an emergency, readmissions."""
    out, inn, inside = county.outpatients, county.inpatients, county.place.facilities.in_county
    discharges, readmitted, _ = inn.counts.again
    urgent = county.history.emergencies[:-1]
    ways = np.nonzero(urgent)
    minutes = urgent[ways] * county.place.minutes[ways].astype(float)
    found = ratio("forgone_care_share", (out.none + out.counts.forgone)[HERE].sum(), out.needs[HERE].sum())
    found |= ratio("forgone_admission_share", (inn.none + inn.counts.forgone)[HERE].sum(), inn.needs[HERE].sum())
    found |= ratio("under_capability_share", inn.counts.beyond[inside].sum(), inn.counts.admissions[:, inside].sum())
    found |= ratio("emergency_minutes", total(minutes), urgent.sum())
    return found | ratio("readmission_30d_share", readmitted, discharges)


def waits(county: "County") -> Measures:
    """Give the mean waits in the county, zeros included: minutes for a doctor, days for a bed."""
    out, inn, inside = county.outpatients.counts, county.inpatients.counts, county.place.facilities.in_county
    doctor = ratio("mean_wait_minutes", total(out.wait[inside]), out.visits[:, inside].sum())
    return doctor | ratio("mean_bed_wait_days", total(inn.wait[inside]), inn.admissions[:, inside].sum())


def travel(county: "County") -> Measures:
    """Say how far people living here have to the nearest township centre and public hospital of the county, by road from their village."""
    house = county.place.facilities
    here = county.people.village[county.people.lives == LIVES.index("here")]
    heads = np.bincount(here, minlength=len(county.place.villages))
    homes = heads > 0
    found: Measures = {}
    for suffix, tier in (("", "township"), ("_county_hospital", "county")):
        goal = house.in_county & house.public & in_tier(county, (tier,))
        if not goal.any():
            continue
        minutes = county.place.minutes[np.ix_(homes, goal)].min(axis=1).astype(float)
        found |= ratio(f"mean_travel_minutes{suffix}", total(minutes * heads[homes]), heads.sum())
        for limit in MINUTES:
            found |= ratio(f"within_{limit}_minutes_share{suffix}", heads[homes][minutes <= limit].sum(), heads.sum())
    return found


def occupancy(county: "County") -> Measures:
    """Say how full the beds are of public county hospitals and of township centres."""
    house = county.place.facilities
    days, room = patient_days(county), beds(county) * days_lived(county)
    found: Measures = {}
    for tier in ("county", "township"):
        mine = house.in_county & house.public & in_tier(county, (tier,))
        found |= ratio(f"bed_occupancy_{tier}", total(days[mine]), room[mine].sum())
    return found


def bills(county: "County") -> Measures:
    """Give the mean bills by the tier of the provider, and of an insured person admitted."""
    billed = county.books.paid.sum(axis=0)
    seen, sent_home = county.outpatients.counts.visits.sum(axis=(0, 2)), county.inpatients.counts.discharges
    found: Measures = {}
    for tier in TIERS:
        mine = in_tier(county, (tier,))
        found |= ratio(f"cost_per_visit_{tier}", yuan(billed[VISIT, mine].sum()), seen[mine].sum())
        if tier in WITH_BEDS:
            found |= ratio(f"cost_per_admission_{tier}", yuan(billed[STAY, mine].sum()), sent_home[mine].sum())
    persons = county.inpatients.counts.insured_people[0]
    return found | ratio("cost_per_hospitalised_person", yuan(county.books.insured_bills[0]), persons)


def reimbursement(county: "County") -> Measures:
    """Say which share of bills patients pay themselves, and which the basic funds, critical-illness insurance and relief pay."""
    paid, scope = county.books.paid.sum(axis=2), yuan(county.books.scope.sum())
    funds = [*range(len(SCHEMES)), CRITICAL, RELIEF]
    whole = yuan(paid.sum())
    found = ratio("out_of_pocket_share", yuan(paid[PATIENT].sum()), whole)
    found |= ratio("effective_reimbursement_share", yuan(paid[funds].sum()), whole)
    for suffix, setting in (("inpatient", STAY), ("outpatient", VISIT)):
        of_fund, all_bills = yuan(paid[funds, setting].sum()), yuan(paid[:, setting].sum())
        found |= ratio(f"effective_reimbursement_share_{suffix}", of_fund, all_bills)
    return found | ratio("in_scope_reimbursement_share", yuan(paid[funds].sum()), scope)


def fund(county: "County") -> Measures:
    """Say what the residents' fund spends by head, what is left of its income, and where it goes."""
    inside, primary = county.place.facilities.in_county, in_tier(county, PRIMARY)
    paid = county.books.paid[RESIDENTS_FUND].sum(axis=0)
    heads = int((county.people.insured_at == SCHEMES.index("here_residents")).sum())
    spent = a_year(county, yuan(paid.sum()), heads)
    at_home = yuan(paid[inside].sum())
    left = a_year(county, yuan(income(county) - int(paid.sum())), heads)
    found: Measures = {"fund_spent_per_head": spent, "fund_balance_per_head": left}
    found |= ratio("fund_in_county_share", at_home, yuan(paid.sum()))
    return found | ratio("fund_primary_share", yuan(paid[inside & primary].sum()), at_home)


def income(county: "County") -> int:
    """Give what the fund was financed with less the critical-illness premium it handed on, fen, whatever is packaged of it."""
    county.finance()
    ledger = county.ledger
    return ledger.moved("financing", payee=FUND) - ledger.moved("premium", payer=FUND)


def capability(county: "County") -> Measures:
    """Give the mean number of conditions that township centres can treat."""
    house = county.place.facilities
    township = house.in_county & in_tier(county, ("township",))
    return ratio("treatable_conditions_township", int(house.treatable[township].sum()), township.sum())


def policies(county: "County") -> Measures:
    """Let every policy in force tell its own measures, each a count and of how many."""
    told = [policy.measures(county) for policy in county.mechanisms]
    return {part: value for one in told for name, (over, under) in one.items() for part, value in ratio(name, over, under).items()}
