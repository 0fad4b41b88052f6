"""Queues: what clinics and wards have in common: stations, those who come to them, and what people expect to wait there."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.care import clinic
from sim.care.engine import hours
from sim.care.engine.lines import CAME, CARRIED, grown
from sim.people import need
from sim.place.departments import Departments
from sim.words import LIVES, SCHEMES

WHO = len(LIVES) * len(SCHEMES)
"""Rows of counts by who."""


class Seen(Protocol):
    """What has been seen at stations in the present week."""

    @property
    def seen(self) -> NDArray[np.int64]:
        """(stations,) patients."""

    @property
    def waited(self) -> NDArray[np.float64]:
        """(stations,) what they waited in all."""


class Queues:
    """The stations of clinics or of wards, and the room for those who come to them.

    cases, again, open_cases : today's cases; those who try once more tomorrow; those who choose a second time in a morning
    rows, lines, tickets     : of the engine;  held : see CARRIED, CAME
    needs, none              : (lives x schemes,) cases, and those who chose no formal care, in the measured days
    expected                 : (stations,) what people expect to wait
    order, cells, moved, back : scratch
    """

    counts: Seen

    def __init__(self, departments: Departments, stations: hours.Stations, room: int, cells: int) -> None:
        """Open empty queues with room for so many rows; `cells` is into how many a day is cut to sort by time."""
        self.departments, self.stations = departments, stations
        self.rows, self.lines = hours.rows(room), hours.lines(stations, clinic.RANKS, room)
        self.cases, self.again, self.open_cases = (need.cases(room) for _ in range(3))
        self.tickets, self.held = clinic.tickets(room), np.zeros(2, np.int64)
        self.needs, self.none = np.zeros(WHO, np.int64), np.zeros(WHO, np.int64)
        self.expected = np.zeros(len(departments.servers))
        self.order, self.cells, self.moved = np.zeros(room, np.int32), np.zeros(cells + 1, np.int32), np.zeros(room, np.int32)
        self.back = np.zeros(room, np.int32)

    @property
    def carried(self) -> int:
        """Rows carried over the last midnight."""
        return int(self.held[CARRIED])

    @property
    def came(self) -> int:
        """Rows there are today, those carried among them."""
        return int(self.held[CAME])

    def take(self, servers: NDArray[np.int64], now: float) -> None:
        """Let doctors sit, or beds stand, where it was decided; nobody in service is sent away."""
        self.stations, self.lines = hours.reseat(self.stations, self.lines, servers, now, self.departments.owner)

    def fits(self, most: int) -> bool:
        """Say whether there is room for `most` cases today, each with a leg that follows; if not, make room.

        returns : False where room was made, so that kernels must be given the new columns
        """
        wanted, room = self.carried + 2 * most, len(self.rows.arrive)
        if wanted <= room:
            return True
        self.grow(max(wanted, room + room // 2))
        return False

    def grow(self, room: int) -> None:
        """Make room for so many rows; what stands in them stays."""
        self.rows, self.tickets, self.cases, self.again, self.open_cases = grown(
            room, self.rows, self.tickets, self.cases, self.again, self.open_cases
        )
        self.order, self.moved, self.back = grown(room, self.order, self.moved, self.back)
        times, what = grown(len(self.lines.waiting) + room, self.lines.soon_time, self.lines.soon_what)
        self.lines = self.lines._replace(soon_time=times, soon_what=what)

    def learn(self, memory: float) -> None:
        """Move expected waits towards what the past week has shown."""
        clinic.learn(self.expected, self.counts.seen, self.counts.waited, memory)

    def expected_by_group(self) -> NDArray[np.float64]:
        """What people expect to wait: (groups, facilities), 0 where there is no station."""
        station = self.departments.station.T
        if not len(self.expected):
            return np.zeros(station.shape)
        return np.where(station >= 0, self.expected[np.maximum(station, 0)], 0.0)
