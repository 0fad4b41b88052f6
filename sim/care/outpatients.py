"""Outpatients: today's visits from the choice in the morning to what was learned in the evening."""

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import elementary
from sim.care import clinic
from sim.care.engine import hours
from sim.care.engine.lines import DAY
from sim.choice.referral import Practice
from sim.ground import Ground
from sim.people import need
from sim.place.departments import Departments, divide_rooms, thinned
from sim.words import TIERS

CELLS = 8192
USUAL_LOAD = 0.6
"""Share of a doctor's time in a clinic room that is taken at full scale (assumed; measured .5 to .7)."""


class Outpatients:
    """The clinics of the county and those who come to them."""

    def __init__(self, county: Ground, busiest: int) -> None:
        """Lay out the departments; `busiest` is the highest number of needs a day may bring."""
        house, care, place = county.place.facilities, county.plan.care, county.place
        tiers = [TIERS[t] for t in house.tier]
        self.departments, self.full_rooms = laid_out(county, county.scale), laid_out(county, 1.0).servers
        opens = np.array([care.opening[t].from_ for t in tiers], float)
        closes = np.array([care.opening[t].to for t in tiers], float)
        self.stations = self._stations(county, opens, closes)
        room = 3 * busiest + 4096
        self.rows, self.lines = hours.rows(room), hours.lines(self.stations, clinic.RANKS, room)
        self.cases, self.again, self.sent, self.open_cases = (need.cases(room) for _ in range(4))
        self.tickets, self.held = clinic.tickets(room), np.zeros(2, np.int64)
        self.counts = clinic.clinics(len(place.towns), len(house.names), len(self.departments.servers), len(place.conditions.names))
        self.needs, self.none = np.zeros(6, np.int64), np.zeros(6, np.int64)
        self.expected = np.zeros(len(self.departments.servers))
        self.order, self.cells, self.moved = np.zeros(room, np.int32), np.zeros(CELLS + 1, np.int32), np.zeros(room, np.int32)
        self.done, self.back = np.zeros(room, np.uint8), np.zeros(room, np.int32)
        self.desk = clinic.Desk(
            self.departments.station,
            opens,
            closes,
            np.array([care.service[t] for t in tiers]),
            elementary.lognormal_table(care.service_cv2),
            care.patience,
            place.between,
            np.zeros(len(house.names), np.uint8),
        )
        self.habits = clinic.Habits(
            care.again_tomorrow, care.elsewhere_share, care.attempts, county.plan.learning.trust_gain, county.plan.learning.trust_loss
        )

    def _stations(self, county: Ground, opens: NDArray[np.float64], closes: NDArray[np.float64]) -> hours.Stations:
        """Open county hospitals' doors to emergencies day and night; outside the county nobody ever waits."""
        owner = self.departments.owner
        house = county.place.facilities
        always = (~house.in_county | house.county_hospital)[owner]
        return hours.stations(self.departments.servers, np.where(always, 0.0, opens[owner]), np.where(always, DAY, closes[owner]))

    @property
    def carried(self) -> int:
        """Rows carried over the last midnight."""
        return int(self.held[0])

    @property
    def came(self) -> int:
        """Rows there are today, those carried among them."""
        return int(self.held[1])

    def heed(self, practice: Practice) -> None:
        """Take up who is called before whom under the rules of referral."""
        self.desk = self.desk._replace(priority=practice.contract_first)

    def take_rooms(self, rooms: NDArray[np.int64], now: float) -> None:
        """Let doctors sit where the facilities have decided."""
        self.stations, self.lines = hours.reseat(self.stations, self.lines, rooms, now)

    def learn(self, memory: float) -> None:
        """Move expected waits towards what the past week has shown."""
        clinic.learn(self.expected, self.counts.seen, self.counts.waited, memory)

    def expected_by_group(self) -> NDArray[np.float64]:
        """Minutes people expect to wait for a doctor: (groups, facilities), 0 where there is no station."""
        return by_group(self.departments, self.expected)


def laid_out(county: Ground, scale: float) -> Departments:
    """Divide the doctors in clinic rooms of every facility among its departments, as many as there are at a scale."""
    house, care = county.place.facilities, county.plan.care
    rooms = thinned(house.doctors * np.array([care.clinic_share[TIERS[t]] for t in house.tier]), scale, USUAL_LOAD)
    return divide_rooms(county.place, county.tables.departments, rooms)


def by_group(departments: Departments, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spread values of stations over (groups, facilities); 0 where there is no station."""
    if not len(values):
        return np.zeros(departments.station.T.shape)
    return np.where(departments.station.T >= 0, values[np.maximum(departments.station.T, 0)], 0.0)
