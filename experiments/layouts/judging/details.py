"""What judged layouts mean for those concerned: the groups' accounts, what a change touches, how the towns stand today."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

from experiments.comparing.groups import Group, by_group
from experiments.layouts.files import Named, of_scenario
from experiments.layouts.judging import accounts, towns
from experiments.layouts.judging.accounts import Account, accounts_of
from experiments.layouts.judging.judge import Judged
from experiments.layouts.judging.towns import Moving, Seen, moving, seen_of

KEPT = tuple(dict.fromkeys((*accounts.KEPT, *towns.KEPT)))
"""Tables that are kept of every run for this."""
VILLAGES = "villages"
"""Kept besides where all the people are simulated: of a part of them a village has too few."""
SIGNED = "contract_share"
Side = Literal["gains", "loses", "both", "none"]


class Details(NamedTuple):
    """What judged layouts mean for those concerned."""

    seen: Mapping[str, Seen]
    """Town -> what runs of the present layout say of it."""
    accounts: Mapping[str, Sequence[Account]]
    """Layout -> its groups' accounts."""
    moving: Mapping[str, Moving]
    """Layout other than the present one -> what a change to it touches."""

    villages: Sequence[Group] = ()
    """What differs for the people of each village under the first layout beside the present one; empty where runs kept no villages."""

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        groups = {layout: {one.group: one.as_json() for one in some} for layout, some in self.accounts.items()}
        sides = sided(self.villages)
        told = {side: [village for village, mine in sides.items() if mine == side] for side in ("gains", "loses", "both")}
        moved = {layout: one.as_json() for layout, one in self.moving.items()}
        return {"accounts": groups, "moving": moved, "villages": {**told, "all": len(sides)} if sides else None}


def sided(villages: Sequence[Group]) -> dict[str, Side]:
    """Say which villages gain, lose, or do both in different things, beyond luck; of the others none is said.

    villages : what differs for each, allowance made for all of them together
    """
    found: dict[str, Side] = {one.group: "none" for one in villages}
    for one in villages:
        if one.difference.clear and one.difference.better is not None:
            mine: Side = "gains" if one.difference.better > 0.5 else "loses"
            found[one.group] = mine if found[one.group] in ("none", mine) else "both"
    return found


def layouts_of(found: Judged) -> list[Named]:
    """Give the layouts judged, the present one first."""
    scenarios = found.replicated.batch.design.bases
    return [of_scenario(one, name, {lang: one.title.say(lang) for lang in ("en", "zh")}) for name, one in scenarios.items()]


def details_of(found: Judged) -> Details:
    """Read the details from the runs of a judgement."""
    batch, compared = found.replicated.batch, found.replicated.comparison
    layouts = layouts_of(found)
    present, *others = layouts
    seen = seen_of(batch, compared.seeds, present.name)
    signed = compared.measures[SIGNED].estimates[present.name].mean if SIGNED in compared.measures else None
    return Details(
        seen,
        {one.name: accounts_of(batch, compared.seeds, one.name) for one in layouts},
        {one.name: moving(batch, present, one, seen, signed) for one in others},
        villages_of(found, present.name),
    )


def villages_of(found: Judged, present: str) -> list[Group]:
    """Compare the people of each village under the first layout with themselves under the present one."""
    first = next(iter(found.ranking.standings))
    compared = found.replicated.comparison
    if first == present:
        return []
    return by_group(found.replicated.batch, compared.seeds, present, first, compared.paired[first], VILLAGES, ("village",))
