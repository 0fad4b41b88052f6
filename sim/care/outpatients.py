"""Outpatients: today's visits from the choice in the morning to what was learned in the evening."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import elementary
from sim.arithmetic.rounding import largest_remainder
from sim.care import clinic, visits
from sim.care.engine import hours
from sim.care.engine.lines import DAY
from sim.people import need
from sim.place.place import Layout, lay_out, thinned
from sim.words import TIERS

if TYPE_CHECKING:
    from sim.county import County

CELLS = 8192
USUAL_LOAD = 0.6
"""Share of a doctor's time in a clinic room that is taken at full scale (assumed; measured .5 to .7)."""


class Outpatients:
    """The clinics of the county and those who come to them."""

    def __init__(self, county: "County", busiest: int) -> None:
        """Lay out the departments; `busiest` is the highest number of needs a day may bring."""
        house, care, place = county.place.facilities, county.plan.care, county.place
        tiers = [TIERS[t] for t in house.tier]
        self.layout, self.full_rooms = laid_out(county, county.scale), laid_out(county, 1.0).servers
        opens = np.array([care.opening[t].from_ for t in tiers], float)
        closes = np.array([care.opening[t].to for t in tiers], float)
        self.stations = self._stations(county, opens, closes)
        room = 3 * busiest + 4096
        self.rows, self.lines = hours.rows(room), hours.lines(self.stations, clinic.RANKS, room)
        self.cases, self.again, self.sent, self.open_cases = (need.cases(room) for _ in range(4))
        self.tickets, self.carried = clinic.tickets(room), 0
        self.counts = clinic.clinics(len(place.towns), len(house.names), len(self.layout.servers), len(place.conditions.names))
        self.needs, self.none = np.zeros(6, np.int64), np.zeros(6, np.int64)
        self.expected = np.zeros(len(self.layout.servers))
        self._order, self._cells, self._moved = np.zeros(room, np.int32), np.zeros(CELLS + 1, np.int32), np.zeros(room, np.int32)
        self._done, self._back = np.zeros(room, np.uint8), np.zeros(room, np.int32)
        self.desk = clinic.Desk(
            self.layout.station,
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

    def _stations(self, county: "County", opens: NDArray[np.float64], closes: NDArray[np.float64]) -> hours.Stations:
        """Open county hospitals' doors to emergencies day and night; outside the county nobody ever waits."""
        owner = self.layout.owner
        house = county.place.facilities
        always = (~house.in_county | (house.tier == TIERS.index("county")))[owner]
        return hours.stations(self.layout.servers, np.where(always, 0.0, opens[owner]), np.where(always, DAY, closes[owner]))

    def choose(self, county: "County", midnight: float) -> None:
        """Let everyone with a need choose where to go, route those whom rules or doctors send on, and write their rows for the day."""
        key, people, sheet, practice = county.luck, county.people, county.market.sheet, county.market.practice
        coming = sum(int(cases.count[0]) for cases in (self.cases, self.again, self.sent))
        hours.room_for(self.rows, self.carried + 2 * coming, self.lines)
        self._came = visits.morning(
            key, midnight, county.counted, self.cases, self.again, self.sent, people, sheet, practice,
            self.desk._replace(priority=practice.contract_first), county.market.tariff, self.open_cases, self._back,
            self.needs, self.none, self.counts.equity, self.carried, self.rows, self.tickets,
        )  # fmt: skip

    def consult(self, county: "County", midnight: float) -> int:
        """Run the hours of the day; returns how many rows there are."""
        count = int(self._came)
        hours.day(self.carried, count, self.stations, self.rows, self.lines, midnight, self._order, self._cells)
        return count

    def settle(self, county: "County", count: int) -> None:
        """Read what became of everyone, bill those served, and carry the others over midnight."""
        self.carried = visits.evening(
            county.luck, count, self.stations, self.rows, self.lines, self.tickets, self._done, county.people, county.market.sheet,
            self.habits, county.place.facilities.in_county, county.market.tariff, county.books, county.counted, self.counts,
            self.again, self.sent, self._moved,
        )  # fmt: skip
        self.cases.count[0] = 0

    def take_rooms(self, rooms: NDArray[np.int64], now: float) -> None:
        """Let doctors sit where the facilities have decided."""
        self.stations, self.lines = hours.reseat(self.stations, self.lines, rooms, now)

    def learn(self, memory: float) -> None:
        """Move expected waits towards what the past week has shown."""
        clinic.learn(self.expected, self.counts.seen, self.counts.waited, memory)


def laid_out(county: "County", scale: float) -> Layout:
    """Divide the doctors in clinic rooms of every facility among its departments, as many as there are at a scale."""
    house, care = county.place.facilities, county.plan.care
    rooms = thinned(house.doctors * np.array([care.clinic_share[TIERS[t]] for t in house.tier]), scale, USUAL_LOAD)
    return lay_out(county.place, county.tables.departments, rooms, "doctor_share", wards=False)


def moved(doctors: NDArray[np.float64], most: NDArray[np.int64]) -> NDArray[np.int64]:
    """Move whole doctors: what leaves each facility is rounded, and as many arrive, so none is made or lost by rounding.

    doctors : (facilities,) added at each, below 0 where they leave;  most : (facilities,) that may leave
    """
    leaving = np.clip(np.round(-doctors), 0, np.maximum(most, 0)).astype(np.int64)
    arriving, weights = int(leaving.sum()) + round(float(doctors.sum())), np.maximum(doctors, 0.0)
    return largest_remainder(weights, max(arriving, 0)) - leaving if weights.any() else -leaving
