"""Living: the three parts of a day as kernels, each over all clinics and wards, and what they work on.

What stands from one decision to the next is put into four records that hold the county's own arrays; a day then costs three calls, and
whoever watches looks in between.
"""

from typing import Any

import numpy as np

from sim.arithmetic.compiled import inlined, njit, record
from sim.care import stays, visits
from sim.care.engine import hours
from sim.care.engine.lines import CAME, CARRIED, DAY
from sim.people import need
from sim.record import history

Here = record(
    __name__,
    "Here",
    (
        "key", "run_in", "measured", "calendar", "people", "rate", "sheet", "practice", "tariff", "books", "need_tally", "tier", "inside",
        "able_inside",
    ),
)  # fmt: skip
"""What stands under all care: see `sim.ground.Ground` and `sim.market.Market`."""
Clinics = record(
    __name__,
    "Clinics",
    (
        "cases", "again", "sent", "open_cases", "needs", "none", "desk", "habits", "stations", "rows", "lines", "tickets", "counts", "held",
        "back", "done", "order", "cells", "moved",
    ),
)  # fmt: skip
"""The clinics and those who come to them: attributes of `sim.care.outpatients.Outpatients`."""
Wards = record(
    __name__,
    "Wards",
    (
        "cases", "again", "returns", "open_cases", "needs", "none", "beds", "in_beds", "stations", "rows", "lines", "tickets", "counts",
        "held", "back", "kept", "order", "cells", "moved", "again_share",
    ),
)  # fmt: skip
"""The wards and those who lie in them: attributes of `sim.care.inpatients.Inpatients`."""
Past = record(__name__, "Past", ("added", "left", "emergencies", "within", "total"))
"""What is noted of the days: attributes of `sim.record.history.History`."""


def record_of(kind: Any, *owners: object, **values: Any) -> Any:
    """Make a record of some values, and of the attributes of the owner that has one of the name for all others."""
    return kind.of(*(values[name] if name in values else _held(owners, name) for name in kind.FIELDS))


def _held(owners: tuple[object, ...], name: str) -> Any:
    for owner in owners:
        if hasattr(owner, name):
            return getattr(owner, name)
    raise AttributeError(f"none of {[type(owner).__name__ for owner in owners]} has the field {name!r} of a record")


@inlined
def _must_fit(rows, count):  # type: ignore[no-untyped-def]
    """Stop, with OverflowError, before a day brings more patients than there is room for."""
    if count > len(rows.arrive):
        raise OverflowError("a day brings more patients than there are rows")


@njit
def morning(day, here, clinics, wards):  # type: ignore[no-untyped-def]
    """Find who needs care, and let each choose where to go; rules of referral speak, and the rows of the day are written."""
    key, people, sheet, practice, calendar = here.key, here.people, here.sheet, here.practice, here.calendar
    midnight, counted, row = (day + here.run_in) * DAY, np.int64(day >= 0), day - calendar.start
    coming, staying = clinics.cases, wards.cases
    need.today(
        key,
        day,
        calendar.first[row],
        calendar.first[row + 1],
        calendar,
        people,
        here.rate,
        wards.beds.averts,
        coming,
        staying,
        here.need_tally,
    )
    again, sent = clinics.again, clinics.sent
    _must_fit(clinics.rows, clinics.held[CARRIED] + 2 * (coming.count[0] + again.count[0] + sent.count[0]))
    clinics.held[CAME] = visits.morning(
        key, midnight, counted, coming, again, sent, people, sheet, practice, clinics.desk, here.tariff, clinics.open_cases, clinics.back,
        clinics.needs, clinics.none, clinics.counts.equity, clinics.counts.area, clinics.held[CARRIED], clinics.rows, clinics.tickets,
    )  # fmt: skip
    stays.morning(
        key, day, counted, staying, wards.again, wards.returns, people, sheet, practice, wards.kept, wards.open_cases, wards.back,
        wards.needs, wards.none, wards.counts.equity, wards.counts.area,
    )  # fmt: skip


@njit
def consult(day, here, clinics, wards):  # type: ignore[no-untyped-def]
    """Run the hours of the day, with doctors and in beds."""
    midnight, counted, staying = (day + here.run_in) * DAY, np.int64(day >= 0), wards.cases
    hours.day(
        clinics.held[CARRIED], clinics.held[CAME], clinics.stations, clinics.rows, clinics.lines, midnight, clinics.order, clinics.cells
    )
    _must_fit(wards.rows, wards.held[CARRIED] + 2 * staying.count[0])
    wards.held[CAME] = stays.day(
        here.key, midnight, staying, wards.kept, wards.held[CARRIED], here.people, here.sheet, here.practice, wards.beds, wards.stations,
        wards.rows, wards.lines, wards.tickets, counted, wards.counts.fate, wards.order, wards.cells,
    )  # fmt: skip


@njit
def evening(day, here, clinics, wards, past):  # type: ignore[no-untyped-def]
    """Pay the bills, learn, send home, carry the others over midnight, and note what the day added and left."""
    key, people, tariff, books = here.key, here.people, here.tariff, here.books
    midnight, counted = (day + here.run_in) * DAY, np.int64(day >= 0)
    clinics.held[CARRIED] = visits.evening(
        key, clinics.held[CAME], clinics.stations, clinics.rows, clinics.lines, clinics.tickets, clinics.done, people, here.sheet,
        clinics.habits, here.inside, tariff, books, counted, clinics.counts, clinics.again, clinics.sent, clinics.moved,
    )  # fmt: skip
    wards.held[CARRIED] = stays.evening(
        key, day, midnight + DAY, here.measured, wards.held[CAME], wards.stations, wards.rows, wards.lines, wards.tickets,
        people, wards.beds, here.practice.follow_up, tariff, books, wards.again_share, counted, wards.counts, wards.in_beds, wards.returns,
        wards.again, wards.moved,
    )  # fmt: skip
    clinics.cases.count[0], wards.cases.count[0] = 0, 0
    if counted:
        history.add_up(
            here.tier, here.inside, clinics.counts, wards.counts, clinics.none, wards.none, books.paid, past.total, past.added[day]
        )
        history.look(
            key, midnight + DAY, wards.rows, wards.held[CARRIED], wards.in_beds, people, here.inside, here.able_inside, past.left[day],
            past.emergencies, past.within,
        )  # fmt: skip
