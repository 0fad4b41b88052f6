"""Accounts of the groups: what each was given, what the fund spent on its people and where, what is left, and how far luck may move that.

A group answers for the insured people of its towns, wherever they are treated. What the fund spent on each of them in the measured days
is one draw of a year's illness and bills; people are drawn independently, so of n people who cost x on average m

    standard deviation of what is spent = sqrt(n / (n - 1) * sum (x - m)^2)
    chance of an overrun                = normal tail above (budget - spent) / standard deviation
    balance in the worst 5 %            = balance - 1.645 standard deviations

This is the luck of the people, their illnesses and their bills alone; how sure the parameters are it does not say.
"""

import math
from collections.abc import Sequence
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.words import SCHEMES

if TYPE_CHECKING:
    from sim.county import County
    from sim.institutions.facilities import Group

WORST = 0.05
"""Share of years that end worse than the worst balance that is told."""
LUCK = NormalDist()


class Where(NamedTuple):
    """Where the residents' fund spent money on a group's people, fen."""

    own: int
    """At the group's members."""
    other_group: int
    """At members of another group."""
    county_other: int
    """In the county, at members of no group."""
    outside: int
    """Outside the county, at members of no group."""


class Balance(NamedTuple):
    """What a group was given, what is left of it, and how far luck may move that; yuan, None where nothing was given."""

    budget_yuan: float | None
    balance_yuan: float | None
    balance_per_head_yuan: float | None
    overrun_chance: float | None
    worst_5_percent_balance_yuan: float | None


NO_BALANCE = Balance(None, None, None, None, None)


def where_spent(county: "County", group: "Group") -> Where:
    """Say where the fund's money for a group's people went in the measured days; the four add up to all of it."""
    inside = county.place.facilities.in_county
    members = np.logical_or.reduce([one.members for one in county.groups])
    spent = county.books.claims[group.town_rows].sum(axis=0)
    parts = (group.members, members & ~group.members, inside & ~members, ~inside & ~members)
    return Where(*(int(spent[part].sum()) for part in parts))


def spread(spent: NDArray[np.int32], scale: float = 1.0) -> float | None:
    """Estimate the standard deviation (fen) of what is spent on people together, from what was spent on each; None for fewer than two.

    spent : (people,) fen;  scale : share of the people simulated: the whole county varies less for its size than a part of it
    """
    if len(spent) < 2:
        return None
    return math.sqrt(len(spent) * scale) * float(np.std(spent, ddof=1, dtype=np.float64))


def overrun_chance(balance: float, deviation: float | None) -> float:
    """Give the chance that another draw of people, illnesses and bills would have overspent the budget."""
    return LUCK.cdf(-balance / deviation) if deviation else float(balance < 0)


def worst_balance(balance: float, deviation: float | None) -> float:
    """Give the balance that is undercut in the worst 5 % of draws."""
    return balance + LUCK.inv_cdf(WORST) * (deviation or 0.0)


def balance_of(county: "County", group: "Group", spent: int, deviation: float | None) -> Balance:
    """Strike a group's balance, where a package was paid for all the measured days.

    A package that was paid for a part of them has its settlement in the books.
    """
    given = sum(account.budget for account in group.accounts)
    if not group.prepaid or sum(account.spent for account in group.accounts) != spent:
        return NO_BALANCE
    left = given - spent
    once = len(group.accounts) == 1  # each year is settled by itself: luck over several of them settles nothing
    return Balance(
        given / 100,
        left / 100,
        left / 100 / group.insured_heads if group.insured_heads else None,
        overrun_chance(left, deviation) if once else None,
        round(worst_balance(left, deviation)) / 100 if once else None,
    )


def settled(county: "County", group: "Group", kind: str, side: int) -> float:
    """Add up the payments of a kind to (side 1) or by (side 0) a group and its tiers, yuan."""
    rows = county.ledger.transfers.items()
    return sum(fen for row, fen in rows if row[2] == kind and row[side].partition(".")[0] == group.name) / 100


def account(county: "County", group: "Group") -> dict[str, str | int | float | None]:
    """Make the account of a group: a row of the table."""
    people = county.people
    insured = (people.insured_at == SCHEMES.index("here_residents")) & np.isin(people.town, group.town_rows)
    deviation, places = spread(people.claimed[insured], county.scale), where_spent(county, group)
    return {
        "group": group.name,
        "insured_heads": int(insured.sum()),
        "spent_yuan": sum(places) / 100,
        **{f"{name}_yuan": fen / 100 for name, fen in places._asdict().items()},
        **balance_of(county, group, sum(places), deviation)._asdict(),
        "surplus_paid_yuan": settled(county, group, "surplus", 1),
        "overrun_paid_yuan": settled(county, group, "overrun", 0),
        "spent_sd_yuan": None if deviation is None else round(deviation) / 100,
    }


COLUMNS = (
    ("group", pa.string()),
    ("insured_heads", pa.int64()),
    *(
        (name, pa.float64())
        for name in (
            "budget_yuan",
            "spent_yuan",
            "own_yuan",
            "other_group_yuan",
            "county_other_yuan",
            "outside_yuan",
            "balance_yuan",
            "balance_per_head_yuan",
            "surplus_paid_yuan",
            "overrun_paid_yuan",
            "spent_sd_yuan",
            "overrun_chance",
            "worst_5_percent_balance_yuan",
        )
    ),
)
"""Columns of the table, in their order."""


def accounts(county: "County") -> pa.Table:
    """Tell of each group's account: its insured people, what it was given, what was spent on them and where, what is left, and the risk."""
    rows: Sequence[dict[str, str | int | float | None]] = [account(county, group) for group in county.groups]
    return pa.table({name: pa.array([row[name] for row in rows], kind) for name, kind in COLUMNS})
