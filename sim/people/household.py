"""Household: the ages of those who head one and of those who live in it, so that no child lives alone and every age has its share."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

GROWN_UP = 18
"""The age from which a person may head a household (成年, Civil Code article 17)."""


class Ages(NamedTuple):
    """Cumulative shares of the ages, in years: (120,) each, the last one 1.

    head, member : of those who head a household; of the others in it
    """

    head: NDArray[np.float64]
    member: NDArray[np.float64]


def ages(shares: NDArray[np.float64], heads: float) -> Ages:
    """Part the shares of all people, (120,) by year of age, between those who head a household and those who do not.

    Heads are grown up, as far as there are grown-ups enough for every household; together both have the shares of all.

    heads : share of the people who head a household
    """
    grown_up = np.arange(len(shares)) >= GROWN_UP
    old_enough = shares[grown_up].sum()
    led = min(1.0, old_enough / heads) if heads > 0.0 else 1.0
    head = led * _among(shares, grown_up) + (1.0 - led) * _among(shares, ~grown_up)
    member = np.maximum(shares - heads * head, 0.0)
    return Ages(_cumulative(head), _cumulative(member))


def _among(shares: NDArray[np.float64], some: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Say how the ages are shared out among some of them; zeros where nobody has one of these ages."""
    of_these = np.where(some, shares, 0.0)
    return of_these / max(of_these.sum(), 1e-300)


def _cumulative(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add shares up to one, and let what rounding leaves over belong to the last age there is."""
    total = np.cumsum(shares)
    if total[-1] <= 0.0:
        return np.ones(len(shares))
    total /= total[-1]
    total[np.flatnonzero(shares)[-1] :] = 1.0
    return total
