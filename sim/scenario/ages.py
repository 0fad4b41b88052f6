"""Ages (年龄): what the table of age groups says of the grown-up, whatever its bands."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sim.scenario.tables import AgeGroup, Tables
from sim.words import ADULT, NEED_AGES

OLDEST = NEED_AGES[-1][1]
"""The last age there is, in years."""


def part_from(band: AgeGroup, age: int) -> float:
    """Say which part of a band is of an age or older; its people are spread over its years alike."""
    years = band.age_to + 1 - band.age_from
    return min(max(band.age_to + 1 - age, 0), years) / years


def by_year(tables: Tables, column: Literal["share", "migrant_share"]) -> NDArray[np.float64]:
    """Say which share of the people has each year of age: (120,), a band's people spread over its years alike."""
    shares = np.zeros(OLDEST + 1)
    for band in tables.ages:
        shares[band.age_from : band.age_to + 1] = getattr(band, column) / (band.age_to + 1 - band.age_from)
    return shares / shares.sum()


def adult_share(tables: Tables) -> float:
    """Say which share of those living here may be in the employees' scheme."""
    return sum(band.share * part_from(band, ADULT) for band in tables.ages if band.age_to >= band.age_from)
