"""Inpatients: stays from the request for a bed to the discharge."""

import math
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sim.care import clinic, stays, wards
from sim.care.engine import hours
from sim.care.engine.lines import DAY
from sim.people import need
from sim.place.place import TIER_COLUMN, Place, lay_out, thinned
from sim.words import TIERS

if TYPE_CHECKING:
    from sim.county import County

CELLS = 256
USUAL_LOAD = 0.9
"""Share of beds in use at full scale, as measured."""


class Inpatients:
    """The wards of the county and those who lie in them."""

    def __init__(self, county: "County", busiest: int) -> None:
        """Lay out the wards; `busiest` is the highest number of stays a day may bring."""
        place, house, care = county.place, county.place.facilities, county.plan.care
        tiers = [TIERS[t] for t in house.tier]
        self.layout = lay_out(
            place, county.tables.departments, thinned(house.beds.astype(float), county.scale, USUAL_LOAD), "bed_share", wards=True
        )
        self.stations = hours.stations(self.layout.servers)
        room = 40 * busiest + 4096
        self.rows, self.lines = hours.rows(room), hours.lines(self.stations, clinic.RANKS, room)
        self.cases, self.again, self.open_cases = (need.cases(room) for _ in range(3))
        self.tickets, self.carried = clinic.tickets(room), 0
        self.counts = wards.wards(len(place.towns), len(house.names), len(self.layout.servers), len(place.conditions.names))
        self.needs, self.none = np.zeros(6, np.int64), np.zeros(6, np.int64)
        self.in_beds, self.returns = wards.stays(room), wards.returns(room)
        self.expected = np.zeros(len(self.layout.servers))
        self._order, self._cells, self._moved = np.zeros(room, np.int32), np.zeros(CELLS + 1, np.int32), np.zeros(room, np.int32)
        self._kept, self._back = np.zeros(room, np.uint8), np.zeros(room, np.int32)
        scale = np.array([getattr(care.stay_scale, t, 1.0) for t in tiers])
        hospital = house.county_hospital
        self.beds = wards.Beds(
            self.layout.station,
            place.conditions.stay[:, TIER_COLUMN[house.tier]] * scale,
            math.sqrt(math.log(1.0 + care.stay_cv2)),
            care.bed_patience,
            care.beyond_return,
            averts(place, care.follow_up_averts),
            county.plan.referral.recovery_share,
            care.recovery_day_cost,
            hospital.astype(np.uint8),
            house.node,
            place.village_node,
            place.between,
            house.in_county,
        )
        self.look_around()

    def choose(self, county: "County") -> None:
        """Let everyone who needs a bed choose a hospital; referral desks and transfers speak after."""
        stays.morning(
            county.luck, county.today, county.counted, self.cases, self.again, self.returns, county.people, county.market.sheet,
            county.market.practice, self._kept, self.open_cases, self._back, self.needs, self.none, self.counts.equity,
        )  # fmt: skip

    def admit(self, county: "County", midnight: float) -> int:
        """Put requests in line for beds and run the day; returns how many rows there are."""
        hours.room_for(self.rows, self.carried + 2 * int(self.cases.count[0]), self.lines)
        return stays.day(
            county.luck, midnight, self.cases, self._kept, self.carried, county.people, county.market.sheet, county.market.practice,
            self.beds, self.stations, self.rows, self.lines, self.tickets, county.counted, self.counts.fate, self._order, self._cells,
        )  # fmt: skip

    def settle(self, county: "County", count: int, midnight: float) -> None:
        """Send home those who are well, settle their bills, and put those who got a bed into it."""
        self.cases.count[0] = 0
        self.carried = stays.evening(
            county.luck, county.today, midnight + DAY, county.measured_minutes, count, self.stations, self.rows, self.lines, self.tickets,
            county.people, self.beds, county.market.practice.follow_up, county.market.tariff, county.books, county.plan.care.again_tomorrow,
            county.counted, self.counts, self.in_beds, self.returns, self.again, self._moved,
        )  # fmt: skip

    def take_beds(self, beds: NDArray[np.int64], now: float) -> None:
        """Let beds stand where the hospitals have decided; nobody who lies in one is sent away."""
        self.stations, self.lines = hours.reseat(self.stations, self.lines, beds, now)

    def learn(self, memory: float) -> None:
        """Move expected waits for a bed towards what the past week has shown."""
        clinic.learn(self.expected, self.counts.seen, self.counts.waited, memory)

    def look_around(self) -> None:
        """Note which share of each facility's beds somebody lies in: (facilities,); 0 where there are none of ours."""
        owner, facilities = self.layout.owner, self.layout.station.shape[0]
        beds = np.bincount(owner, np.diff(self.stations.first), facilities)
        lying = np.bincount(self.in_beds.facility[: int(self.in_beds.count[0])], minlength=facilities)
        self.taken = np.asarray(lying / np.maximum(beds, 1) * (beds > 0))


def averts(place: Place, share: float) -> NDArray[np.float64]:
    """Say which share of further stays follow-up averts: (groups,); none of those that were planned anyway."""
    return np.where(place.conditions.of_urgency("elective"), 0.0, share)
