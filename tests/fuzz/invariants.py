"""What holds in every county after a run, whatever its tables and rules."""

import math
from collections.abc import Iterator

import numpy as np
import pyarrow as pa

from results.measuring.definitions import definitions
from results.outcomes import TABLES, measures
from sim import County
from sim.care.clinic import DOWN
from sim.care.engine.lines import WAITING


def broken(county: County) -> Iterator[str]:
    """Name every invariant that does not hold; the county was made without a run-in."""
    yield from people(county)
    yield from capacity(county)
    yield from stays(county)
    yield from money(county)
    yield from numbers(county)


def people(county: County) -> Iterator[str]:
    """Heads placed are heads asked; everybody in a ward has a bed, and nobody else."""
    if int(county.makeup.heads.sum()) != county.plan.population.registered:
        yield f"{county.makeup.heads.sum()} heads placed of {county.plan.population.registered}"
    held = county.inpatients.in_beds.resident[: int(county.inpatients.in_beds.count[0])]
    if not set(np.flatnonzero(county.people.state == 1).tolist()) <= set(held.tolist()):
        yield "somebody is in a ward and in no bed"
    if county.people.trust.min(initial=0) < -100 or county.people.trust.max(initial=0) > 100:
        yield "trust beyond its bounds"


def capacity(county: County) -> Iterator[str]:
    """Nobody is seen without a doctor, admitted without a bed, or lies where somebody lies."""
    house, inn = county.place.facilities, county.inpatients
    visits = county.outpatients.counts.visits.sum(axis=(0, 2))
    came = inn.counts.admissions.sum(axis=(0, 2)) + inn.counts.down.sum(axis=0)
    if visits[house.doctors == 0].any():
        yield "visits without a doctor"
    if came[house.beds == 0].any():
        yield "admissions without a bed"
    held = int(inn.in_beds.count[0])
    still = inn.in_beds.end[:held] >= county.clock.midnight(county.clock.today)  # who came and left today is discharged the next day
    lying = np.bincount(inn.in_beds.facility[:held][still], minlength=len(house.names))
    beds = np.bincount(inn.departments.owner, np.diff(inn.stations.first), len(house.names))
    if np.any((lying > beds) & house.in_county):
        yield "more patients than beds"


def stays(county: County) -> Iterator[str]:
    """Every need for a bed ends in one, is forgone, waits or is tried again; who came has gone or lies there."""
    inn = county.inpatients
    counts, carried = inn.counts, inn.carried
    waiting = (inn.tickets.flags[:carried] & DOWN == 0) & (inn.rows.outcome[:carried] == WAITING)
    ended = counts.admissions.sum() + counts.fate[1] + counts.fate[3] + inn.none.sum()
    if inn.needs.sum() != ended + waiting.sum() + inn.again.count[0]:
        yield f"{inn.needs.sum()} needs for a bed, {ended} ended, {waiting.sum()} waiting, {inn.again.count[0]} again"
    came, held = counts.admissions.sum() + counts.down.sum(), int(inn.in_beds.count[0])
    if came != counts.discharges.sum() + held:
        yield f"{came} came to wards, {counts.discharges.sum()} left, {held} lie there"


def money(county: County) -> Iterator[str]:
    """What all paid is what all received, and no bill or payment is below nothing."""
    sides = list(county.ledger.balances().values())
    if sum(into for into, _ in sides) != sum(out for _, out in sides):
        yield "money made or lost"
    if county.books.paid.min(initial=0) < 0:
        yield "a payment below nothing"


def numbers(county: County) -> Iterator[str]:
    """Every measure and every cell is a number, and every share one of 0..1."""
    for name, value in measures(county).items():
        if isinstance(value, float) and not math.isfinite(value):
            yield f"{name} is {value}"
        meant = definitions().get(name)
        if (
            meant
            and meant.unit == "share"
            and name != "referrals_down_per_discharge"
            and value is not None
            and not -1e-9 <= value <= 1 + 1e-9
        ):
            yield f"{name} is {value}"
    for table in TABLES:
        made = table(county)
        for column in made.column_names:
            if pa.types.is_floating(made.schema.field(column).type):
                cells = made.column(column).drop_null().to_numpy()
                if not np.isfinite(cells).all():
                    yield f"{table.__name__}.{column} holds what is no number"
