"""Facilities: where care is given. Patients pass through them in batches; once a month each looks at what it has seen and decides."""

import numpy as np
from numpy.typing import NDArray

from sim.institutions.groups import Group
from sim.institutions.home import Home, Institution
from sim.kinds import Decides

WORTH_MOVING = 15.0
"""Minutes of difference in expected wait that move a doctor from one department to another (assumed)."""
WORTH_MOVING_BEDS = 1.0
"""Days of difference in expected wait that move beds from one ward to another (assumed)."""
FREE_ENOUGH = 0.1
"""Share of free beds from which a township centre takes everybody sent down (assumed)."""
BEDS_MOVED = 0.1
"""Share of a ward's beds that move in a month (assumed)."""
IDLE_ENOUGH = 0.3
"""Share of free beds from which a hospital courts patients as much as it can (assumed)."""


def move(waits: NDArray[np.float64], servers: NDArray[np.int64], among: NDArray[np.int64], worth: float, share: float) -> None:
    """Move servers (one, or a share of the giver's) from the station that waits least to the one that waits most; each keeps one.

    waits, servers : (stations,); `servers` is changed
    among          : stations of one facility
    worth          : difference of waits from which it is done
    """
    if len(among) < 2:
        return
    giver = among[np.argmin(np.where(servers[among] > 1, waits[among], np.inf))]
    taker = among[np.argmax(waits[among])]
    moved = min(max(int(share * servers[giver]), 1), int(servers[giver]) - 1)
    if moved > 0 and waits[taker] - waits[giver] > worth:
        servers[giver] -= moved
        servers[taker] += moved


class Facility(Institution):
    """A place of care: `row` is its row in all arrays over facilities."""

    def __init__(self, county: Home, row: int) -> None:
        super().__init__(county, row)
        self.row = row
        self.name = county.place.facilities.names[row]
        self.departments = np.flatnonzero(county.outpatients.departments.owner == row)
        self.wards = np.flatnonzero(county.inpatients.departments.owner == row)
        self.group: Group | None = None

    def join(self, group: Group) -> None:
        """Become a member of a group."""
        self.group = group

    def move_a_doctor(self) -> None:
        """Move one doctor from the department where people wait least to the one where they wait most, if that is worth it."""
        move(self.county.outpatients.expected, self.county.rooms, self.departments, WORTH_MOVING, 0.0)

    def move_beds(self) -> None:
        """Move beds from the ward where people wait least to the one where they wait most, if that is worth it."""
        move(self.county.inpatients.expected, self.county.beds, self.wards, WORTH_MOVING_BEDS, BEDS_MOVED)


class Clinic(Facility):
    """A village clinic or station (村卫生室), or a private clinic (诊所); it decides nothing."""


class TownshipCentre(Facility):
    """A township health centre (乡镇卫生院), or a community health centre (社区卫生服务中心)."""

    receives = 1.0
    """Share of those sent down to it whom it has room for: all while a tenth of its beds is free, nobody when none is (assumed)."""

    def decide(self, month: int) -> None:
        """Move a doctor to where people wait, and take in from above as far as beds are free."""
        self.move_a_doctor()
        self.receives = float(np.clip((1.0 - self.county.inpatients.taken[self.row]) / FREE_ENOUGH, 0.0, 1.0))


class CountyHospital(Facility):
    """A hospital of the county, public or private.

    In a group it weighs its own income against the group's balance by how the group is governed; without one there is nothing to weigh.
    """

    eager = 0.0
    """Share by which it raises what it offers to send down: ten times the people waiting beside its beds, at most 1 (assumed)."""
    idle = 0.0
    """Share of its beds that are free."""
    courts = 0.0
    """How much it courts patients others could treat, 0..1: the more beds are free, and the more it acts for itself."""
    retains = 0.0
    """How much it retains cases beyond it, 0..1: the more the group overspends, and the more it acts for the group."""
    saves = 0.0
    """How much it saves on each stay, 0..1: the more the group overspends, and the more it acts for the group."""
    releases = 0.0
    """How much it releases patients to recover further down, 0..1: the more it acts for the group."""

    def join(self, group: Group) -> None:
        """Become a member of a group, and act as its governance has it from the first day."""
        super().join(group)
        self.weigh(group)

    def decide(self, month: int) -> None:
        """Move a doctor and some beds to where people wait, offer more patients to recover further down while beds are short; weigh."""
        self.move_a_doctor()
        self.move_beds()
        lines = self.county.inpatients.lines.waiting[self.wards].sum()
        beds = self.county.inpatients.departments.servers[self.wards].sum()
        self.eager = float(min(lines / max(beds, 1) * 10.0, 1.0))
        self.idle = float(np.clip(1.0 - self.county.inpatients.taken[self.row], 0.0, 1.0))
        if self.group is not None:
            self.weigh(self.group)

    def weigh(self, group: Group) -> None:
        """Weigh the own income against the group's balance: free beds want filling, an overspent account wants thrift."""
        self.courts = (1.0 - group.alignment) * min(self.idle / IDLE_ENOUGH, 1.0)
        self.retains = self.saves = group.alignment * group.strain
        self.releases = group.alignment


class TertiaryHospital(Facility):
    """A municipal or provincial hospital outside the county; it serves millions of others and decides nothing for us."""


CLASSES: dict[Decides, type[Facility]] = {
    "nothing": Clinic,
    "township": TownshipCentre,
    "county": CountyHospital,
    "tertiary": TertiaryHospital,
}
"""Who decides at a facility, as the row of its kind says -> class of agent."""
