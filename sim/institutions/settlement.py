"""Settlement of packaged funds: what members have done, what a group is given for it, and how money is divided to the fen."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.rounding import largest_remainder, part
from sim.words import INSURED, PAYERS, STAY, TIERS, VISIT

if TYPE_CHECKING:
    from sim.institutions.groups import Group
    from sim.institutions.home import Home

Fen = NDArray[np.int64]
TIERS_OF_A_GROUP = ("county", "township", "village")
"""Tiers among which a group divides what it keeps."""


class Work(NamedTuple):
    """What has been done since the measured days began, or in a span of them.

    visits     : (facilities,) of people in the residents' scheme
    admissions : (facilities,) of people in the residents' scheme
    admitted   : (towns, facilities) admissions of the people of each town
    paid       : (settings, facilities) fen of the residents' fund
    """

    visits: NDArray[np.int64]
    admissions: NDArray[np.int64]
    admitted: NDArray[np.int64]
    paid: Fen

    def since(self, before: "Work") -> "Work":
        """Leave out what had been done before."""
        return Work(*(now - then for now, then in zip(self, before, strict=True)))


def work(county: "Home") -> Work:
    """Say what has been done since the measured days began; in the run-in, nothing."""
    visits, wards = county.outpatients.counts.visits, county.inpatients.counts
    return Work(
        visits[INSURED].sum(axis=(0, 2)),
        wards.admissions[INSURED].sum(axis=(0, 2)),
        wards.flows[0].sum(axis=2, dtype=np.int64),
        county.books.paid[PAYERS.index("residents_fund")] * (county.today > 0),
    )


def services(done: Work, group: "Group", inside: NDArray[np.bool_]) -> float:
    """Weigh what a group's members have done: visits and admissions, each times what the fund pays for one in the county on average.

    inside  : (facilities,) whether a facility is of the county
    returns : fen
    """
    worth = 0.0
    for setting, count in ((VISIT, done.visits), (STAY, done.admissions)):
        worth += float(done.paid[setting, inside].sum()) / max(float(count[inside].sum()), 1.0) * float(count[group.members].sum())
    return worth


def by_volume(budgets: Fen, worth: NDArray[np.float64], share: float) -> Fen:
    """Divide a share of all budgets by services instead of heads; nothing is gained or lost, and without services heads count.

    budgets : (groups,) fen by head;  worth : (groups,) services given, weighed
    """
    moved = np.array([part(int(budget), share) for budget in budgets], np.int64)
    return budgets - moved + (largest_remainder(worth, int(moved.sum())) if worth.sum() > 0 else moved)


def performance(done: Work, groups: Sequence["Group"], tier: NDArray[np.uint8], inside: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Score each group's tiers by what they did, relative to the mean over groups: (groups, tiers of a group), 1 for the average.

    Hospitals of the county by the share of the people's admissions that stayed inside the county, township centres and village clinics by
    their share of the visits to members.

    tier : (facilities,);  inside : (facilities,) whether a facility is of the county
    """
    found = np.zeros((len(groups), len(TIERS_OF_A_GROUP)))
    for g, group in enumerate(groups):
        admitted, visits = done.admitted[group.town_rows], done.visits * group.members
        own = [visits[tier == TIERS.index(name)].sum() / max(visits.sum(), 1) for name in TIERS_OF_A_GROUP[1:]]
        found[g] = [admitted[:, inside].sum() / max(admitted.sum(), 1), *own]
    mean = found.sum(axis=0) / max(len(groups), 1)
    return np.where(mean > 0, found / np.where(mean > 0, mean, 1.0), 1.0)


def shares(split: NDArray[np.float64], score: NDArray[np.float64], appraised: float) -> NDArray[np.float64]:
    """Weigh the split among tiers by performance, as far as it is appraised; where nobody performs the split stands.

    split, score : (tiers,)
    """
    weights = split * ((1.0 - appraised) + appraised * score)
    return weights / weights.sum() if weights.sum() > 0 else split
