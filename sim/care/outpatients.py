"""Outpatients: today's visits from the choice in the morning to what was learned in the evening."""

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import elementary
from sim.care import clinic
from sim.care.engine import hours
from sim.care.engine.lines import DAY, grown
from sim.care.queues import Queues
from sim.care.thinning import slowness, thinned
from sim.choice.referral import Practice
from sim.ground import Ground
from sim.people import need
from sim.place.departments import Departments, divide_rooms
from sim.words import TIERS, Tier

CELLS = 8192
BUSY: dict[Tier, float] = {"village": 0.3, "clinic": 0.62, "township": 0.86, "county": 0.82, "municipal": 0.82, "provincial": 0.82}
"""Share of a doctor's time taken in the busy hours at full scale (fitted to waits of scaled runs of Lujiang beside those of full ones)."""


class Outpatients(Queues):
    """The clinics of the county and those who come to them."""

    counts: clinic.Clinics
    largest: NDArray[np.int64]
    """(facilities,) doctors of its largest department at full scale."""

    def __init__(self, county: Ground, busiest: int) -> None:
        """Lay out the departments; `busiest` is the highest number of needs a day may bring."""
        house, care, place = county.place.facilities, county.plan.care, county.place
        tiers = [TIERS[t] for t in house.tier]
        full = laid_out(county, 1.0)
        departments = laid_out(county, county.scale)
        self.largest = full.largest(len(house.names))
        load = np.array([BUSY[t] for t in tiers])[departments.owner]
        slow = place.once(("slow", county.scale, *shares(county)), lambda: slowness(departments, full, county.scale, load))
        opens = np.array([care.opening[t].from_ for t in tiers], float)
        closes = np.array([care.opening[t].to for t in tiers], float)
        room = 3 * busiest + 4096
        super().__init__(departments, stations(county, departments, opens, closes), room, CELLS)
        self.sent, self.done = need.cases(room), np.zeros(room, np.uint8)
        sizes = len(place.towns), len(house.names), len(departments.servers), len(place.conditions.names)
        self.counts = clinic.clinics(county.areas, *sizes)
        self.desk = clinic.Desk(
            departments.station,
            opens,
            closes,
            np.array([care.service[t] for t in tiers])[departments.owner] * slow,
            elementary.lognormal_table(care.service_cv2),
            care.patience,
            place.between,
            np.zeros(len(house.names), np.uint8),
        )
        self.habits = clinic.Habits(
            care.again_tomorrow, care.elsewhere_share, care.attempts, county.plan.learning.trust_gain, county.plan.learning.trust_loss
        )

    def has_room(self, needs: int) -> bool:
        """Say whether so many new needs fit into today, with those who try again; if not, room was made."""
        return self.fits(needs + int(self.again.count[0]) + int(self.sent.count[0]))

    def grow(self, room: int) -> None:
        """Make room for so many rows."""
        super().grow(room)
        self.sent, self.done = grown(room, self.sent, self.done)

    def heed(self, practice: Practice) -> None:
        """Take up who is called before whom under the rules of referral."""
        self.desk = self.desk._replace(priority=practice.contract_first)


def stations(county: Ground, departments: Departments, opens: NDArray[np.float64], closes: NDArray[np.float64]) -> hours.Stations:
    """Open county hospitals' doors to emergencies day and night; outside the county nobody ever waits."""
    owner, facilities = departments.owner, county.place.facilities
    always = (~facilities.in_county | facilities.county_hospital)[owner]
    return hours.stations(departments.servers, np.where(always, 0.0, opens[owner]), np.where(always, DAY, closes[owner]))


def shares(county: Ground) -> list[float]:
    """Give the shares of doctors who sit in clinic rooms, by tier."""
    return [county.plan.care.clinic_share[tier] for tier in TIERS]


def laid_out(county: Ground, scale: float) -> Departments:
    """Divide the doctors in clinic rooms of every facility among its departments, as many as there are at a scale."""
    house = county.place.facilities
    rooms, load = house.doctors * np.array(shares(county))[house.tier], np.array([BUSY[tier] for tier in TIERS])[house.tier]
    here = thinned(rooms, scale, load)
    key = ("rooms", scale, *shares(county))
    return county.place.once(key, lambda: divide_rooms(county.place, county.tables.departments, here))
