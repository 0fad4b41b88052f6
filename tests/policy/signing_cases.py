"""Read the cases of tests/policy/signing.yaml: which households there are, what a team may do, and who signs."""

from typing import Annotated

import yaml
from pydantic import Field

from sim.reading.blocks import Part
from sim.reading.units import Count, Number, Share, Text
from tests.policy.cases import FOLDER


class Person(Part):
    """A member of a household."""

    age: Count
    chronic: bool = False
    poor: bool = False


class Household(Part):
    """A household of the zone, and its luck: numbers and shares from 0 to 1."""

    name: Text
    people: Annotated[tuple[Person, ...], Field(min_length=1)]
    turn: Number = 0.5
    """Its place in the order: low comes first among equals."""
    answer: Share = 0.0
    """It says yes if this is below the acceptance."""
    renews: Share = 0.0
    """It renews if this is below the renewal."""
    contract_ends: Count | None = None
    """Month in which its contract ends; left out: it has none."""


class Zone(Part):
    """A team, its zone, and the month that begins."""

    households: tuple[Household, ...]
    month: Count = 1
    panel: Count = 2000
    signings: Number = 1000.0
    time_kept: Number = 0.0
    """Time kept from the month before, in people."""
    acceptance: Share = 1.0
    renewal: Share = 1.0
    key_groups_first: bool = True


class Outcome(Part):
    """Who has a contract afterwards, in any order; what is left out is not looked at."""

    signed: tuple[Text, ...]
    time_kept: Number | None = None
    without: Count | None = None
    """People who said yes and found no place."""
    ended: Count | None = None
    renewed: Count | None = None


class Case(Part):
    """A case about a month of a team."""

    name: Text
    given: Zone
    expect: Outcome


def signing_cases() -> list[Case]:
    """Read the cases."""
    return [Case.model_validate(row) for row in yaml.safe_load((FOLDER / "signing.yaml").read_text(encoding="utf-8"))]
