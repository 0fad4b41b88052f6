"""Read the cases of tests/policy: what is given, and who pays what; written by people who know the policy and not Python."""

import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field

from sim.reading.blocks import Part
from sim.reading.units import Count, Date, Text, Yuan
from sim.words import Place

FOLDER = Path(__file__).parent


class Bill(Part):
    """A bill, and the patient who brings it."""

    care: Literal["visit", "stay"]
    at: Text
    """Key of the facility."""
    place: Place | None = None
    """Where it stands; left out: where it does."""
    condition: Text
    """Condition group."""
    bill: Yuan
    """What the bill would be if nothing were left off it; a case says in `saved` what is."""
    scenario: Text = "lujiang-2020"
    settings: tuple[str, ...] = ()
    """Changes of the scenario, as after `--set`."""
    policies: tuple[str, ...] = ()
    """Mechanisms that are looked at; left out: all of the scenario."""
    day: Date | None = None
    """The day; left out: the first of the period."""
    scheme: Literal["here_residents", "here_employees", "elsewhere"] = "here_residents"
    contracted: bool = False
    referred: bool = False
    poor: bool = False
    repeat: bool = False
    """A second or later stay of the year."""
    fund_used: Yuan = 0.0
    """What the fund has paid this year towards the ceiling that is asked for."""
    own_before: Yuan = 0.0
    """Own in-scope inpatient payments of the year before this stay."""


class Paid(Part):
    """Who pays what of a bill; what is left out is nothing."""

    fund: Yuan = 0.0
    critical: Yuan = 0.0
    relief: Yuan = 0.0
    waiver: Yuan = 0.0
    saved: Yuan = 0.0
    """What is left off the bill before anybody pays."""
    patient: Yuan


class Done(Part):
    """What a group's members did, and where its people were admitted."""

    village_visits: Count = 0
    township_visits: Count = 0
    hospital_visits: Count = 0
    """Visits to its lead hospital."""
    stays: Count = 0
    """Stays of its people in its lead hospital."""
    left: Count = 0
    """Stays of its people outside the county."""


class Account(Part):
    """A group's account at the end of a period; what is left out is nothing."""

    insured_heads: Count
    days: Annotated[Count, Field(ge=1)]
    """Measured days of the run, from 1 January 2020."""
    spent: Yuan = 0.0
    """On its people, while the package is in force."""
    spent_before: Yuan = 0.0
    """On its people, before the package is in force."""
    did: Done = Done()
    others_heads: Count = 0
    """Insured heads of the other group."""
    others_did: Done = Done()
    fund_a_visit: Yuan = 0.0
    """What the fund pays for a visit in the county on average."""
    fund_a_stay: Yuan = 0.0
    settings: tuple[str, ...] = ()


class Settled(Part):
    """What the account is settled at; what is left out is not looked at."""

    per_head: Yuan | None = None
    budget: Yuan | None = None
    others_budget: Yuan | None = None
    to_county: Yuan | None = None
    to_township: Yuan | None = None
    to_village: Yuan | None = None
    overrun: Yuan | None = None
    pay: Yuan | None = None
    capability: Yuan | None = None
    relief: Yuan | None = None


class BillCase(Part):
    """A case about a bill."""

    name: Text
    given: Bill
    expect: Paid


class FundCase(Part):
    """A case about a group's account."""

    name: Text
    given: Account
    expect: Settled


def rows(file: str) -> list[dict[str, Any]]:
    """Read the rows of a file; dates as people write them."""
    content = yaml.safe_load((FOLDER / file).read_text(encoding="utf-8"))
    for row in content:
        if isinstance(row["given"].get("day"), datetime.date):
            row["given"]["day"] = row["given"]["day"].isoformat()
    return list(content)


def bill_cases(*files: str) -> list[BillCase]:
    """Read cases about bills."""
    return [BillCase.model_validate(row) for file in files for row in rows(file)]


def fund_cases(file: str) -> list[FundCase]:
    """Read cases about accounts."""
    return [FundCase.model_validate(row) for row in rows(file)]
