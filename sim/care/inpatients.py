"""Inpatients: stays from the request for a bed to the discharge."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.care import clinic, wards
from sim.care.engine import hours
from sim.care.outpatients import by_group
from sim.ground import Ground
from sim.people import need
from sim.place.conditions import TIER_COLUMN
from sim.place.departments import divide_beds, thinned
from sim.place.place import Place
from sim.words import TIERS

CELLS = 256
USUAL_LOAD = 0.9
"""Share of beds in use at full scale, as measured."""


class Inpatients:
    """The wards of the county and those who lie in them."""

    def __init__(self, county: Ground, busiest: int) -> None:
        """Lay out the wards; `busiest` is the highest number of stays a day may bring."""
        place, house, care = county.place, county.place.facilities, county.plan.care
        tiers = [TIERS[t] for t in house.tier]
        self.departments = divide_beds(place, county.tables.departments, thinned(house.beds.astype(float), county.scale, USUAL_LOAD))
        self.stations = hours.stations(self.departments.servers)
        room = 40 * busiest + 4096
        self.rows, self.lines = hours.rows(room), hours.lines(self.stations, clinic.RANKS, room)
        self.cases, self.again, self.open_cases = (need.cases(room) for _ in range(3))
        self.tickets, self.held = clinic.tickets(room), np.zeros(2, np.int64)
        self.counts = wards.wards(len(place.towns), len(house.names), len(self.departments.servers), len(place.conditions.names))
        self.needs, self.none = np.zeros(6, np.int64), np.zeros(6, np.int64)
        self.in_beds, self.returns = wards.stays(room), wards.returns(room)
        self.expected = np.zeros(len(self.departments.servers))
        self.order, self.cells, self.moved = np.zeros(room, np.int32), np.zeros(CELLS + 1, np.int32), np.zeros(room, np.int32)
        self.kept, self.back = np.zeros(room, np.uint8), np.zeros(room, np.int32)
        scale = np.array([getattr(care.stay_scale, t, 1.0) for t in tiers])
        hospital = house.county_hospital
        self.again_share = care.again_tomorrow
        self.beds = wards.Beds(
            self.departments.station,
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

    @property
    def carried(self) -> int:
        """Rows carried over the last midnight."""
        return int(self.held[0])

    @property
    def came(self) -> int:
        """Rows there are today, those carried among them."""
        return int(self.held[1])

    def take_beds(self, beds: NDArray[np.int64], now: float) -> None:
        """Let beds stand where the hospitals have decided; nobody who lies in one is sent away."""
        self.stations, self.lines = hours.reseat(self.stations, self.lines, beds, now)

    def learn(self, memory: float) -> None:
        """Move expected waits for a bed towards what the past week has shown."""
        clinic.learn(self.expected, self.counts.seen, self.counts.waited, memory)

    def expected_by_group(self) -> NDArray[np.float64]:
        """Days people expect to wait for a bed: (groups, facilities), 0 where there is no station."""
        return by_group(self.departments, self.expected)

    def look_around(self) -> None:
        """Note which share of each facility's beds somebody lies in: (facilities,); 0 where there are none of ours."""
        owner, facilities = self.departments.owner, self.departments.station.shape[0]
        beds = np.bincount(owner, np.diff(self.stations.first), facilities)
        lying = np.bincount(self.in_beds.facility[: int(self.in_beds.count[0])], minlength=facilities)
        self.taken = np.asarray(lying / np.maximum(beds, 1) * (beds > 0))


def averts(place: Place, share: float) -> NDArray[np.float64]:
    """Say which share of further stays follow-up averts: (groups,); none of those that were planned anyway."""
    return np.where(place.conditions.of_urgency("elective"), 0.0, share)
