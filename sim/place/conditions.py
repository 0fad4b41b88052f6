"""Conditions (病种): the condition groups of the case mix as arrays, and what lists of conditions cover of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sim.scenario.tables import Condition, Specialty
from sim.words import URGENCIES

TIER_COLUMN = np.array([0, 0, 0, 1, 2, 2])
"""(tiers,) column of what a stay takes and costs: at township, county, tertiary."""


def cases_covered(conditions: ArrayLike) -> NDArray[np.float64]:
    """Say which share of the cases a list of so many conditions covers, the commonest first: 1 - exp(-N / 90).

    Assumed, fitted to lists of 50 to 265 conditions.
    """
    return 1.0 - np.exp(-np.asarray(conditions, float) / 90.0)


@dataclass(frozen=True)
class Conditions:
    """The condition groups: (groups,) arrays unless said otherwise."""

    names: tuple[str, ...]
    level: NDArray[np.int64]
    """(settings, groups) lowest level of care that can treat a visit, a stay."""
    urgency: NDArray[np.int64]
    rate: NDArray[np.float64]
    """(groups, need bands) episodes (chronic: patients) per person and year."""
    visits: NDArray[np.float64]
    admissions: NDArray[np.float64]
    stay: NDArray[np.float64]
    """(groups, 3) days at township, county, tertiary."""
    bill: NDArray[np.float64]
    """(groups, 3) yuan a stay at township, county, tertiary."""
    rehabilitation: NDArray[np.float64]
    township_share: NDArray[np.float64]
    """Share of cases that need a hospital which a township centre can treat (class I and II surgery)."""
    listed: NDArray[np.float64]
    """Conditions a referral catalogue lists in the group's specialty, relative to an even split; 0 where it is in none."""

    @cached_property
    def segments(self) -> NDArray[np.uint8]:
        """Say to which segment of tastes each (setting, group) belongs: what a township can treat, or what needs a hospital."""
        serious = (self.level >= 3).astype(np.uint8)
        return serious + np.array([[0], [2]], np.uint8)

    def of_urgency(self, word: str) -> NDArray[np.bool_]:
        """Say which groups are of an urgency."""
        return self.urgency == URGENCIES.index(word)


def listed(groups: Sequence[str], catalogue: Sequence[Specialty]) -> NDArray[np.float64]:
    """Say how long a referral catalogue's list is for each condition group, relative to an even split among its specialties: (groups,)."""
    mean = sum(row.conditions for row in catalogue) / len(catalogue)
    share = {group: row.conditions / mean for row in catalogue for group in row.groups}
    return np.array([share.get(group, 0.0) for group in groups])


def conditions_of(rows: Sequence[Condition], catalogue: Sequence[Specialty]) -> Conditions:
    """Read the case mix into arrays, and how the referral catalogue is divided."""
    ages = ("per_1000_age_0_4", "per_1000_age_5_14", "per_1000_age_15_44", "per_1000_age_45_64", "per_1000_age_65_up")

    def column(*names: str) -> NDArray[np.float64]:
        return np.array([[getattr(row, name) for name in names] for row in rows], float)

    return Conditions(
        tuple(row.group for row in rows),
        column("outpatient_level", "inpatient_level").T.astype(np.int64),
        np.array([URGENCIES.index(row.urgency) for row in rows]),
        column(*ages) / 1000.0,
        column("visits_per_episode")[:, 0],
        column("admissions_per_episode")[:, 0],
        column("stay_days_township", "stay_days_county", "stay_days_tertiary"),
        column("cost_admission_township_yuan", "cost_admission_county_yuan", "cost_admission_tertiary_yuan"),
        column("rehab_probability")[:, 0],
        column("township_share")[:, 0],
        listed([row.group for row in rows], catalogue),
    )
