"""What judged layouts mean for those concerned: the groups' accounts, what a change touches, how the towns stand today."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from experiments.layouts import accounts, towns
from experiments.layouts.accounts import Account, accounts_of
from experiments.layouts.files import Named, of_scenario
from experiments.layouts.judge import Judged
from experiments.layouts.towns import Moving, Seen, moving, seen_of

KEPT = tuple(dict.fromkeys((*accounts.KEPT, *towns.KEPT)))
"""Tables that are kept of every run for this."""
SIGNED = "contract_share"


class Details(NamedTuple):
    """What judged layouts mean for those concerned."""

    seen: Mapping[str, Seen]
    """Town -> what runs of the present layout say of it."""
    accounts: Mapping[str, Sequence[Account]]
    """Layout -> its groups' accounts."""
    moving: Mapping[str, Moving]
    """Layout other than the present one -> what a change to it touches."""

    def as_json(self) -> dict[str, Any]:
        """Give it for a JSON object."""
        groups = {layout: {one.group: one.as_json() for one in some} for layout, some in self.accounts.items()}
        return {"accounts": groups, "moving": {layout: one.as_json() for layout, one in self.moving.items()}}


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
    )
