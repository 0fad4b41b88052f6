"""Month by month: what facilities did, and what people of each town needed and got, counted at the end of every measured month."""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from sim.money.paying import RESIDENTS_FUND
from sim.people.equity import BILLS, EACH, FORGONE, NEEDS, PAID, SEEN, SEEN_HERE, WAITED

if TYPE_CHECKING:
    from sim.county import County

OF_TOWNS = {
    "visit_needs": NEEDS[0], "visits_forgone": FORGONE[0], "stay_needs": NEEDS[1], "stays_forgone": FORGONE[1], "visits": SEEN,
    "visits_in_county": SEEN_HERE, "minutes_waited": WAITED, "bills_yuan": BILLS, "paid_by_patient_yuan": PAID,
}  # fmt: skip
"""Column of the table -> what is counted of people living here."""
SIZES = {"minutes_waited": 60.0, "bills_yuan": 100.0, "paid_by_patient_yuan": 100.0}
"""By what a count is divided: seconds and fen are counted."""


class End(NamedTuple):
    """What had been counted by the end of a month."""

    month: str
    """YYYY-MM."""
    towns: NDArray[np.int64]
    """(towns, COUNTED) of people living here."""
    admitted: NDArray[np.int64]
    """(towns, 2) admissions of people registered there, all and inside the county."""
    facilities: NDArray[np.float64]
    """(facilities, 6) visits, minutes waited, admissions, bed days, bills and what of them the residents' fund paid, fen."""


class Months:
    """Looks at a county at the end of every measured month."""

    def __init__(self) -> None:
        self.ends: list[End] = []

    def look(self, county: "County") -> None:
        """Note what has been counted, where a measured month or the run ends today."""
        last = county.clock.yesterday
        if county.today > 0 and (county.date.day == 1 or county.clock.over):
            self.ends.append(End(f"{last:%Y-%m}", _towns(county), _admitted(county), _facilities(county)))

    def towns(self, county: "County") -> pa.Table:
        """Tell of each month and town: needs, care, waits and bills of the people living there, and admissions of those registered."""
        names = list(county.place.towns)
        steps = self._steps([end.towns for end in self.ends])
        admitted = self._steps([end.admitted for end in self.ends])
        table = self._frame("town", names)
        table |= {name: _column(steps[:, :, at], SIZES.get(name)) for name, at in OF_TOWNS.items()}
        return pa.table({**table, "admissions": admitted[:, :, 0].ravel(), "admissions_in_county": admitted[:, :, 1].ravel()})

    def facilities(self, county: "County") -> pa.Table:
        """Tell of each month and facility: visits, waits, admissions, bed days, bills."""
        steps = self._steps([end.facilities for end in self.ends])
        visits, waited, admissions, days, bills, fund = (steps[:, :, at].ravel() for at in range(6))
        whole = {"visits": visits.astype(np.int64), "minutes_waited": waited, "admissions": admissions.astype(np.int64), "bed_days": days}
        frame = self._frame("facility", list(county.place.facilities.names))
        return pa.table({**frame, **whole, "bills_yuan": bills / 100, "residents_fund_yuan": fund / 100})

    def _frame(self, kind: str, names: list[str]) -> dict[str, Any]:
        """Begin a table: a row for each month and name."""
        months = [end.month for end in self.ends]
        return {"month": list(np.repeat(months, len(names))), kind: names * len(months)}

    def _steps(self, counted: list[NDArray[Any]]) -> NDArray[Any]:
        """Turn what had been counted by the end of each month into what each month added."""
        whole = np.array(counted)
        return np.diff(whole, axis=0, prepend=np.zeros_like(whole[:1]))


def _column(steps: NDArray[np.int64], size: float | None) -> NDArray[Any]:
    """Flatten one column, in its own unit."""
    return steps.ravel() if size is None else steps.ravel() / size


def _towns(county: "County") -> NDArray[np.int64]:
    """Add up by town what is counted of people living here."""
    areas = county.areas
    counts = county.outpatients.counts.equity + county.inpatients.counts.equity
    by_area = counts[: len(areas.kinds) * EACH].reshape(len(areas.kinds), EACH, -1).sum(axis=1)
    found = np.zeros((len(county.place.towns), by_area.shape[1]), np.int64)
    lived_in = areas.kinds[:, 0] >= 0
    np.add.at(found, areas.kinds[lived_in, 0], by_area[lived_in])
    return found


def _admitted(county: "County") -> NDArray[np.int64]:
    """Count the admissions of people registered in each town: all, and inside the county."""
    flows = county.inpatients.counts.flows[0].sum(axis=2, dtype=np.int64)
    return np.column_stack([flows.sum(axis=1), flows[:, county.place.facilities.in_county].sum(axis=1)])


def _facilities(county: "County") -> NDArray[np.float64]:
    """Take what is counted of facilities."""
    out, inn, paid = county.outpatients.counts, county.inpatients.counts, county.books.paid
    visits, admissions = out.visits.sum(axis=(0, 2)), inn.admissions.sum(axis=(0, 2))
    columns = (visits, out.wait, admissions, inn.bed_days, paid.sum(axis=(0, 1)), paid[RESIDENTS_FUND].sum(axis=0))
    return np.column_stack([np.asarray(column, float) for column in columns])


MONTHLY = {"monthly_towns": Months.towns, "monthly_facilities": Months.facilities}
"""Tables that are counted while a county lives: name -> made of what was noted."""
