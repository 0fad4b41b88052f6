"""Departments (科室): what patients queue at; a facility divides its doctors in rooms, and its beds, among those of its kind."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic.rounding import largest_remainder
from sim.place.place import Place
from sim.scenario.tables import Department

OWN = 0.7
"""Doctors, or beds, due to a department from which it has its own; those due less share one (assumed)."""


def share_out(total: float, shares: NDArray[np.float64], least: float = OWN) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Share out doctors or beds among departments; those due less than `least` stand together.

    total   : above 0; what is less than one counts as one
    returns : (departments,) with which of the pools each stands, and (pools,) how many each has: whole numbers, one at least
    """
    whole = max(round(total), 1)
    pools = [[row] for row in range(len(shares))]
    due = list(shares / shares.sum() * whole)
    while len(pools) > 1 and (min(due) < least or len(pools) > whole):
        small, next_ = np.argsort(due, kind="stable")[:2].tolist()
        pools[next_] += pools[small]
        due[next_] += due[small]
        del pools[small], due[small]
    pool = np.zeros(len(shares), np.int64)
    for number, rows in enumerate(pools):
        pool[rows] = number
    return pool, 1 + largest_remainder(np.maximum(np.array(due) - 1.0, 0.0) + 1e-9, whole - len(pools))


@dataclass(frozen=True)
class Departments:
    """Which department of each facility serves whom, and with how much: the stations at which patients queue.

    station : (facilities, groups) station, -1 where a facility does not serve the group
    servers : (stations,) doctors in rooms, or beds;  0 outside the county: no queue of ours
    owner   : (stations,) facility
    names   : (stations,) facility and department
    """

    station: NDArray[np.int16]
    servers: NDArray[np.int64]
    owner: NDArray[np.int64]
    names: tuple[str, ...]

    def largest(self, facilities: int) -> NDArray[np.int64]:
        """Give the doctors, or beds, of the largest department of each of so many facilities, 0 where there is none."""
        found = np.zeros(facilities, np.int64)
        np.maximum.at(found, self.owner, self.servers)
        return found


def divide_rooms(place: Place, departments: Sequence[Department], rooms: NDArray[np.floating[Any]]) -> Departments:
    """Divide the doctors in rooms of every facility among the departments of its kind.

    rooms : (facilities,) doctors in rooms at the scale of the run
    """
    return _divide(place, departments, rooms, place.facilities.doctors > 0, "doctor_share")


def divide_beds(
    place: Place, departments: Sequence[Department], beds: NDArray[np.floating[Any]], least: NDArray[np.floating[Any]] | None = None
) -> Departments:
    """Divide the beds of every facility that has some among the departments with a ward.

    beds  : (facilities,) beds at the scale of the run
    least : (facilities,) beds of the smallest ward that stands alone
    """
    return _divide(place, with_ward(departments), beds, place.facilities.beds > 0, "bed_share", least)


def with_ward(departments: Sequence[Department]) -> list[Department]:
    """List the departments that have beds."""
    return [row for row in departments if row.ward]


def _divide(
    place: Place,
    departments: Sequence[Department],
    amount: NDArray[np.floating[Any]],
    has: NDArray[np.bool_],
    share: Literal["doctor_share", "bed_share"],
    least: NDArray[np.floating[Any]] | None = None,
) -> Departments:
    """Divide an amount at every facility that has some among the departments of its kind."""
    facilities, groups = place.facilities, place.conditions.names
    station = np.full((len(facilities.names), len(groups)), -1, np.int16)
    servers: list[int] = []
    owner: list[int] = []
    names: list[str] = []
    of_kind = {kind: [row for row in departments if row.kind == kind] for kind in set(facilities.kind)}
    served = {kind: [[groups.index(group) for group in row.groups] for row in rows] for kind, rows in of_kind.items()}
    shares = {kind: np.array([getattr(row, share) for row in rows], float) for kind, rows in of_kind.items()}
    for f in np.flatnonzero(has).tolist():
        kind = facilities.kind[f]
        rows = of_kind[kind]
        if not rows or not shares[kind].sum():  # no ward at facilities of this kind
            continue
        if facilities.in_county[f]:
            pool, split = share_out(amount[f], shares[kind], OWN if least is None else max(OWN, least[f]))
        else:
            pool, split = np.arange(len(rows)), np.zeros(len(rows), np.int64)
        for number, count in enumerate(split.tolist()):
            for mine in (served[kind][row] for row in np.flatnonzero(pool == number)):
                station[f, mine] = len(servers)
            servers.append(count)
            owner.append(f)
            names.append(f"{facilities.names[f]}.{'+'.join(row.department for row, at in zip(rows, pool, strict=True) if at == number)}")
    return Departments(station, np.array(servers, np.int64), np.array(owner, np.int64), tuple(names))
