"""Equity: what people living here needed, got, waited for and paid, counted by village, age, poverty and long-term illness."""

from typing import TYPE_CHECKING

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
"""Rows of a village: age x poor x long-term ill."""
OLDEST = tuple(high for _, high in NEED_AGES[:-1])


def tally(villages: int) -> NDArray[np.int64]:
    """Open empty counts: (rows, COUNTED), a row for each village x age x poor x long-term ill, and more rows for those living elsewhere."""
    return np.zeros(((villages + 1) * EACH, len(COUNTED)), np.int64)


def rows_of(people: "People", villages: int) -> NDArray[np.int64]:
    """Find the row of every resident: (residents,)."""
    village = np.where(people.lives != 0, villages, people.village.astype(np.int64))
    band = np.searchsorted(OLDEST, people.age)
    return np.asarray(((village * AGES + band) * 2 + people.poor) * 2 + (people.chronic != 0))


@inlined
def row_of(lives, village, age, poor, chronic, rows):  # type: ignore[no-untyped-def]
    """Find the row of a resident among so many; those living elsewhere stand after the last village.

    It takes single values: handing a kernel's tuple of columns from function to function counts references each time.
    """
    band = 0
    for oldest in OLDEST:
        band += age > oldest
    place = rows // EACH - 1 if lives != 0 else np.int64(village)
    return ((place * AGES + band) * 2 + poor) * 2 + (chronic != 0)
