"""Accounts of the groups: what each was given, what was spent on its people and where, and what was left.

The residents' fund pays for a town's people wherever they are treated; the table `claims` (town, facility, yuan) says so. Without it
only what the fund paid to each group's members is known, and the rest stands as not attributed. Everything adds up to the county's.
"""

from collections.abc import Mapping
from typing import NamedTuple

from results.report.figures.columns import rows, summed
from results.report.figures.names import group_of
from results.store.run import Run

OPEN = ""
"""The account of what belongs to no group."""
WHERE = ("own", "other", "unattached", "outside")
"""Where money is spent: the group's members, another group's, others of the county, outside the county."""


class Account(NamedTuple):
    """The account of one group, or of what belongs to none (`group` is then ''), yuan."""

    group: str
    spent: Mapping[str, float]
    """Where (WHERE) -> yuan of the fund; without claims only `own` and, of no group, `unattached` and `outside`."""
    total: float | None
    """What was spent on the group's people; None where the run does not say."""
    balance: float | None
    """Budget less what was spent; None where nothing was settled."""
    heads: int | None
    """Insured people; None where the run does not say."""

    @property
    def budget(self) -> float | None:
        """Say what was given: what was spent and what was left of it."""
        return None if self.balance is None or self.total is None else round(self.total + self.balance, 2)


def accounts(run: Run) -> list[Account]:
    """Make the account of each group in the scenario's order, and of the rest where anything is left."""
    claimed = "claims" in run.tables
    spent = by_people(run) if claimed else by_members(run)
    balance, heads = balances(run), insured(run)
    sums = {key: round(sum(parts.values()), 2) for key, parts in spent.items()}
    found = [
        Account(key, spent.get(key, {}), sums.get(key, 0.0) if claimed else None, balance.get(key), heads.get(key))
        for key in run.scenario.groups
    ]
    return [*found, Account(OPEN, spent[OPEN], None, None, None)] if sums.get(OPEN) else found


def by_people(run: Run) -> dict[str, dict[str, float]]:
    """Say for each group where the fund paid for the people of its towns."""
    of_town = {town: key for key, group in run.scenario.groups.items() for town in group.towns}
    of_facility, inside = group_of(run), places(run)
    fen: dict[str, dict[str, int]] = {}
    for (town, facility), yuan in summed(run.tables["claims"], ("town", "facility"), "yuan").items():
        mine, theirs = of_town.get(town, OPEN), of_facility.get(facility)
        unattached = "unattached" if inside[facility] else "outside"
        where = unattached if theirs is None else "own" if theirs == mine else "other"
        part = fen.setdefault(mine, dict.fromkeys(WHERE, 0))
        part[where] += round(yuan * 100)
    return in_yuan(fen)


def by_members(run: Run) -> dict[str, dict[str, float]]:
    """Say what the fund paid to each group's members, and what to others in the county and outside."""
    of_facility = group_of(run)
    fen: dict[str, dict[str, int]] = {}
    for row in rows(run.tables["facilities"].select(["facility", "place", "residents_fund_yuan"])):
        theirs = of_facility.get(row["facility"], OPEN)
        where = "own" if theirs else "unattached" if row["place"] == "in_county" else "outside"
        part = fen.setdefault(theirs, {})
        part[where] = part.get(where, 0) + round(row["residents_fund_yuan"] * 100)
    return in_yuan(fen)


def in_yuan(fen: Mapping[str, Mapping[str, int]]) -> dict[str, dict[str, float]]:
    """Turn fen into yuan."""
    return {key: {where: amount / 100 for where, amount in parts.items()} for key, parts in fen.items()}


def places(run: Run) -> dict[str, bool]:
    """Say which facilities are in the county."""
    return {row["facility"]: row["place"] == "in_county" for row in rows(run.tables["facilities"].select(["facility", "place"]))}


def balances(run: Run) -> dict[str, float]:
    """Read each group's balance from its account; a run without accounts has none."""
    if "accounts" not in run.tables:
        return {}
    return {row["group"]: row["balance_yuan"] for row in rows(run.tables["accounts"]) if row["balance_yuan"] is not None}


def insured(run: Run) -> dict[str, int]:
    """Count the insured of each group, where the run has the table `insured` (town, people)."""
    if "insured" not in run.tables:
        return {}
    people = summed(run.tables["insured"], ("town",), "people")
    return {key: sum(people.get((town,), 0) for town in group.towns) for key, group in run.scenario.groups.items()}
