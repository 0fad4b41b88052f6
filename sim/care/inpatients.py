"""Inpatients: stays from the request for a bed to the discharge."""

import math

import numpy as np
from numpy.typing import NDArray

from sim.care import wards
from sim.care.engine import hours
from sim.care.engine.lines import grown
from sim.care.queues import Queues
from sim.care.thinning import thinned
from sim.ground import Ground
from sim.place.conditions import TIER_COLUMN
from sim.place.departments import Departments, divide_beds, with_ward
from sim.place.place import Place
from sim.words import TIERS

CELLS = 256
USUAL_LOAD = 0.87
"""Share of beds in use at full scale (fitted to waits of scaled runs of Lujiang beside those of full ones; measured .87 to .94)."""


class Inpatients(Queues):
    """The wards of the county and those who lie in them."""

    counts: wards.Wards

    def __init__(self, county: Ground, busiest: int) -> None:
        """Lay out the wards; `busiest` is the highest number of stays a day may bring."""
        place, house, care = county.place, county.place.facilities, county.plan.care
        tiers = [TIERS[t] for t in house.tier]
        departments = laid_out(county)
        room = 40 * busiest + 4096
        super().__init__(departments, hours.stations(departments.servers), room, CELLS)
        sizes = len(place.towns), len(house.names), len(departments.servers), len(place.conditions.names)
        self.counts = wards.wards(county.areas, *sizes)
        self.in_beds, self.returns, self.kept = wards.stays(room), wards.returns(room), np.zeros(room, np.uint8)
        scale = np.array([getattr(care.stay_scale, t, 1.0) for t in tiers])
        hospital = house.county_hospital
        self.again_share = care.again_tomorrow
        self.beds = wards.Beds(
            departments.station,
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

    def has_room(self, needs: int) -> bool:
        """Say whether so many new needs fit into today, with those who try again or come back, and get beds; if not, room was made."""
        most = needs + int(self.again.count[0]) + int(self.returns.count[0])
        fits = self.fits(most)
        held = int(max(self.in_beds.count[0], self.returns.count[0])) + self.carried + 2 * most
        if held > len(self.in_beds.resident):
            self.in_beds, self.returns = grown(held + held // 2, self.in_beds, self.returns)
            return False
        return fits

    def grow(self, room: int) -> None:
        """Make room for so many rows."""
        super().grow(room)
        (self.kept,) = grown(room, self.kept)

    def look_around(self) -> None:
        """Note which share of each facility's beds somebody lies in: (facilities,); 0 where there are none of ours."""
        owner, facilities = self.departments.owner, self.departments.station.shape[0]
        beds = np.bincount(owner, np.diff(self.stations.first), facilities)
        lying = np.bincount(self.in_beds.facility[: int(self.in_beds.count[0])], minlength=facilities)
        self.taken = np.asarray(lying / np.maximum(beds, 1) * (beds > 0))


def laid_out(county: Ground) -> Departments:
    """Divide the beds of every facility among its wards, as many as there are at the scale of the run.

    A ward of a few beds would turn away more than a large one as full: on a part of the people wards stand together, until they are as
    large as at full scale or all of the facility's are one, which then has somewhat more beds.
    """
    house, rows, scale = county.place.facilities, county.tables.departments, county.scale
    wards = np.array([max(sum(row.kind == kind for row in with_ward(rows)), 1) for kind in house.kind])
    usual, beds = house.beds / wards, house.beds * scale
    part = np.minimum(beds / np.maximum(usual, 1e-9), 1.0)
    beds = np.where(part < 1.0, thinned(usual, part, USUAL_LOAD), beds)
    return county.place.once(("beds", scale), lambda: divide_beds(county.place, rows, beds, usual * (1.0 - scale)))


def averts(place: Place, share: float) -> NDArray[np.float64]:
    """Say which share of further stays follow-up averts: (groups,); none of those that were planned anyway."""
    return np.where(place.conditions.of_urgency("elective"), 0.0, share)
