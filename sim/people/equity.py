"""Equity: what people living here needed, got, waited for and paid, counted by town, way, age, poverty and illness."""

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.compiled import inlined
from sim.words import NEED_AGES

if TYPE_CHECKING:
    from sim.people.people import People

COUNTED = (
    "visit_needs",
    "visits_forgone",
    "stay_needs",
    "stays_forgone",
    "visits",
    "admissions",
    "visits_in_county",
    "seconds_waited",
    "bills_fen",
    "paid_by_patient_fen",
)
"""What is counted of each group of people; seconds are of visits inside the county."""
NEEDS = (COUNTED.index("visit_needs"), COUNTED.index("stay_needs"))
FORGONE = (COUNTED.index("visits_forgone"), COUNTED.index("stays_forgone"))
"""Columns by setting: visit, stay."""
SEEN, ADMITTED, SEEN_HERE, WAITED, BILLS, PAID = range(4, len(COUNTED))
AGES = len(NEED_AGES)
EACH = AGES * 2 * 2
"""Rows of an area: age x poor x long-term ill."""
FAR = (30, 60)
"""Minutes to the nearest public county hospital by which people are told apart: up to the first, up to the second, and beyond."""
WAYS = ("0-30", "30-60", "60+")
OLDEST = tuple(high for _, high in NEED_AGES[:-1])


class Areas(NamedTuple):
    """Villages of one town that are as far from the county hospital; or each village by itself."""

    kinds: NDArray[np.int64]
    """(areas, 2) row of the town, and band of `WAYS`, -1 where the county has no public hospital."""
    area: NDArray[np.int64]
    """(villages + 1,) area of each village; the last is where those stand who live elsewhere."""


def areas_of(town: NDArray[np.int64], minutes: NDArray[np.float64], by_village: bool = False) -> Areas:
    """Sort villages by town and by how far the nearest public county hospital is.

    town, minutes : (villages,); NaN where the county has no such hospital
    by_village    : let each village be an area by itself, in their order
    """
    band = np.where(np.isnan(minutes), -1, np.searchsorted(FAR, minutes))
    villages = np.column_stack([town, band])
    if by_village:
        return Areas(villages, np.arange(len(villages) + 1, dtype=np.int64))
    kinds, area = np.unique(villages, axis=0, return_inverse=True)
    return Areas(kinds, np.append(area.ravel(), len(kinds)).astype(np.int64))


def tally(areas: Areas) -> NDArray[np.int64]:
    """Open empty counts: (rows, COUNTED), a row for each area x age x poor x long-term ill, and more rows for those living elsewhere."""
    return np.zeros(((len(areas.kinds) + 1) * EACH, len(COUNTED)), np.int64)


def rows_of(people: "People", areas: Areas) -> NDArray[np.int64]:
    """Find the row of every resident: (residents,)."""
    area = areas.area[np.where(people.lives != 0, -1, people.village.astype(np.int64))]
    band = np.searchsorted(OLDEST, people.age)
    return np.asarray(((area * AGES + band) * 2 + people.poor) * 2 + (people.chronic != 0))


@inlined
def row_of(lives, village, age, poor, chronic, area):  # type: ignore[no-untyped-def]
    """Find the row of a resident; those living elsewhere stand after the last area.

    It takes single values: handing a kernel's tuple of columns from function to function counts references each time.

    area : (villages + 1,) see `Areas`
    """
    band = 0
    for oldest in OLDEST:
        band += age > oldest
    here = area[len(area) - 1 if lives != 0 else np.int64(village)]
    return ((here * AGES + band) * 2 + poor) * 2 + (chronic != 0)
