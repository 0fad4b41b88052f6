"""The groups of a layout once simulated: their accounts with the fund, and how many of their people are admitted where."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments.comparing.intervals import Estimate, estimate
from experiments.comparing.kept import tables_of
from experiments.running.batch import Batch

ACCOUNTS, FLOWS, FACILITIES = "accounts", "flows", "facilities"
KEPT = (ACCOUNTS, FLOWS, FACILITIES)
"""Tables that are read here."""
PLACES = ("own", "other_group", "county_other", "outside")
"""Where people of a group go: to members of their own, to those of another group, elsewhere in the county, beyond it."""


class Account(NamedTuple):
    """One group, means over the seeds; money in yuan a year and insured head. Of an overrun's chance `risk` speaks, or nobody."""

    group: str
    heads: float
    """Insured people of its towns, all of them."""
    budget: Estimate
    balance: Estimate
    spent: Mapping[str, Estimate]
    """Where the fund spent on its people, by `PLACES`."""
    admitted: Mapping[str, Estimate]
    """Share of its people's admissions, by `PLACES`; two-sided exchange between groups is what goes to the other one."""

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        spent, admitted = ({place: one.as_json() for place, one in some.items()} for some in (self.spent, self.admitted))
        told = {"heads": self.heads, "budget": self.budget.as_json(), "balance": self.balance.as_json()}
        return {**told, "spent": spent, "admitted": admitted}


def accounts_of(batch: Batch, seeds: Sequence[int], layout: str) -> list[Account]:
    """Read the accounts of a layout's groups; none where there are no groups, or no fund that is packaged.

    layout : name of its scenario
    """
    scenario, scale = batch.design.bases[layout], batch.design.said.scale
    rows = [{row["group"]: row for row in table.to_pylist()} for table in tables_of(batch, seeds, layout, ACCOUNTS)]
    admitted = admissions(batch, seeds, layout)
    year = 365 / scenario.period.days
    return [_account(group, [row[group] for row in rows], admitted[group], year, scale) for group in (rows[0] if rows else ())]


def _account(group: str, rows: Sequence[Mapping[str, Any]], admitted: Mapping[str, Estimate], year: float, scale: float) -> Account:
    """Take the means of one group."""

    def a_head(name: str) -> list[float | None]:
        return [None if row[name] is None or not row["insured_heads"] else row[name] / row["insured_heads"] * year for row in rows]

    return Account(
        group,
        sum(row["insured_heads"] for row in rows) / len(rows) / scale,
        estimate(a_head("budget_yuan")),
        estimate(a_head("balance_yuan")),
        {place: estimate(a_head(f"{place}_yuan")) for place in PLACES},
        admitted,
    )


def admissions(batch: Batch, seeds: Sequence[int], layout: str) -> dict[str, dict[str, Estimate]]:
    """Say which share of the admissions of each group's people goes where: group -> place of `PLACES` -> share."""
    groups = batch.design.bases[layout].groups
    group_of = {town: name for name, group in groups.items() for town in group.towns}
    shares: dict[str, dict[str, list[float | None]]] = {name: {place: [] for place in PLACES} for name in groups}
    flows, facilities = (tables_of(batch, seeds, layout, name) for name in (FLOWS, FACILITIES))
    for flow, house in zip(flows, facilities, strict=True):
        member = {row["facility"]: (row["group"], row["place"]) for row in house.select(["facility", "group", "place"]).to_pylist()}
        counted = {name: dict.fromkeys(PLACES, 0) for name in groups}
        for row in flow.select(["town", "facility", "kind", "count"]).to_pylist():
            mine = group_of.get(row["town"])
            if row["kind"] == "admission" and mine is not None:
                counted[mine][_place(mine, *member[row["facility"]])] += row["count"]
        for name, some in counted.items():
            total = sum(some.values())
            for place, count in some.items():
                shares[name][place].append(count / total if total else None)
    return {name: {place: estimate(values) for place, values in some.items()} for name, some in shares.items()}


def _place(mine: str, theirs: str | None, where: str) -> str:
    """Name where a facility stands, seen from a group."""
    if theirs is not None:
        return "own" if theirs == mine else "other_group"
    return "county_other" if where == "in_county" else "outside"
