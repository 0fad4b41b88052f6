"""Equity: what people living here needed, got, waited for and paid, counted by town, age and poverty."""

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
OLDEST = tuple(high for _, high in NEED_AGES[:-1])


def tally(towns: int) -> NDArray[np.int64]:
    """Open empty counts: (rows, COUNTED), a row for each town x age x poor, and more rows for those living elsewhere."""
    return np.zeros(((towns + 1) * AGES * 2, len(COUNTED)), np.int64)


def rows_of(people: "People", towns: int) -> NDArray[np.int64]:
    """Find the row of every resident: (residents,)."""
    town = np.where(people.lives != 0, towns, people.town.astype(np.int64))
    band = np.searchsorted(OLDEST, people.age)
    return np.asarray((town * AGES + band) * 2 + people.poor)


@inlined
def row_of(lives, town, age, poor, towns):  # type: ignore[no-untyped-def]
    """Find the row of a resident; those living elsewhere stand after the last town.

    It takes single values: handing a kernel's tuple of columns from function to function counts references each time.
    """
    band = 0
    for oldest in OLDEST:
        band += age > oldest
    return ((towns if lives != 0 else np.int64(town)) * AGES + band) * 2 + poor
