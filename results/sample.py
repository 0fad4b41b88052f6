"""A sample of claims: what a researcher would get from the fund's office, the people of a keyed sample and their bills one by one."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from results.measuring.codes import PURSES
from results.tables import words
from sim.money.paying import CRITICAL, PATIENT, RELIEF, WAIVER
from sim.record.claims import Claim, Claims
from sim.words import CONTRACTS, LIVES, PLACES, SCHEMES, SETTINGS, SEXES, TIERS

if TYPE_CHECKING:
    from sim.county import County

SHARE = 0.02
"""Share of the registered people whose bills are kept: enough for rates of thousands of stays, few enough to be written in seconds."""


def claims_sample(seen: Claims, county: "County") -> pa.Table:
    """Tell of every bill of the people sampled, in the order of payment: who, when, where, for what, and who paid how much."""
    claims, people = seen.claims, county.people
    rows = np.array([claim.resident for claim in claims], np.int64)
    return pa.table({"person": people.person[rows], **_papers(claims, county), **_money([claim.bill for claim in claims])})


def claims_people(seen: Claims, county: "County") -> pa.Table:
    """Tell of everyone sampled, whether he had a bill or not: what the register says of him, and how many bills he had."""
    rows, people = seen.rows, county.people
    known = county.residents.population.array
    billed = np.bincount(np.searchsorted(rows, [claim.resident for claim in seen.claims]), minlength=len(rows))
    return pa.table(
        {
            "person": people.person[rows],
            "age": people.age[rows],
            "sex": words(SEXES, known("sex")[rows]),
            "town": words(county.place.towns, people.town[rows]),
            "lives": words(LIVES, people.lives[rows]),
            "scheme": words(SCHEMES, people.insured_at[rows]),
            "poor": people.poor[rows].astype(bool),
            "long_term_ill": people.chronic[rows] != 0,
            "contract": words(CONTRACTS, people.contract[rows]),
            "bills": billed.astype(np.int64),
        }
    )


def _papers(claims: Sequence[Claim], county: "County") -> dict[str, Any]:
    """Write what the papers of visits and stays say."""
    house, start = county.place.facilities, county.whole.period.start
    where = np.array([claim.bill.facility for claim in claims], np.int64)
    return {
        "date": pa.array([start + datetime.timedelta(days=claim.day) for claim in claims], pa.date32()),
        "setting": words(SETTINGS, [claim.bill.setting for claim in claims]),
        "facility": words(house.names, where),
        "tier": words(TIERS, house.tier[where]),
        "place": words(PLACES, house.place[where]),
        "condition": words(county.place.conditions.names, [claim.group for claim in claims]),
        "emergency": pa.array([claim.emergency for claim in claims], pa.bool_()),
        "referred": pa.array([claim.referred for claim in claims], pa.bool_()),
        "continued": pa.array([claim.continued for claim in claims], pa.bool_()),
        "days": pa.array([claim.days for claim in claims], pa.float64()),
    }


def _money(bills: Sequence[Any]) -> dict[str, Any]:
    """Write who paid how much of each bill, yuan, and how the fund's part came about."""
    parts: Mapping[str, Callable[[Any], float]] = {
        "bill_yuan": lambda bill: bill.total,
        "in_scope_yuan": lambda bill: bill.in_scope,
        "deductible_yuan": lambda bill: bill.deductible,
        "fund_yuan": lambda bill: bill.by_fund,
        "critical_illness_yuan": lambda bill: bill.paid[CRITICAL],
        "medical_relief_yuan": lambda bill: bill.paid[RELIEF],
        "waiver_yuan": lambda bill: bill.paid[WAIVER],
        "patient_yuan": lambda bill: bill.paid[PATIENT],
        "fund_before_yuan": lambda bill: bill.used,
        "limit_yuan": lambda bill: bill.limit,
    }
    yuan = {name: _column([part(bill) / 100 for bill in bills]) for name, part in parts.items()}
    scheme, purse = words(SCHEMES, [bill.scheme for bill in bills]), words(PURSES, [bill.purse for bill in bills])
    return {"scheme": scheme, "limit_of": purse, "fund_share": _column([bill.fund_share for bill in bills]), **yuan}


def _column(values: Sequence[float]) -> NDArray[np.float64]:
    return np.array(values, np.float64)


SAMPLED = {"claims_sample": claims_sample, "claims_people": claims_people}
"""Tables of what a watch of the bills wrote down: name -> made of it."""
