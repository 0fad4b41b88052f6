"""Home: the county as its institutions see it: all that stands under care, the clinics and the wards."""

from typing import Protocol

import numpy as np
from mesa.discrete_space import Cell, FixedAgent
from numpy.typing import NDArray

from sim.care.inpatients import Inpatients
from sim.care.outpatients import Outpatients
from sim.ground import Ground


class Home(Ground, Protocol):
    """What facilities, teams, groups and the fund may read; doctors and beds they may move."""

    @property
    def outpatients(self) -> Outpatients:
        """The clinics and those who come to them."""

    @property
    def inpatients(self) -> Inpatients:
        """The wards and those who lie in them."""

    @property
    def rooms(self) -> NDArray[np.int64]:
        """Doctors at each station of the clinics, posted ones left out: (stations,)."""

    @property
    def beds(self) -> NDArray[np.int64]:
        """Beds at each station of the wards: (stations,)."""


def cell_of(county: Home, facility: int) -> Cell:
    """Give the cell of the space where a facility stands."""
    return county.space[county.place.grid.nodes[county.place.facilities.node[facility]]]


def seat(county: Home) -> int:
    """Find the facility that marks the county town: the one of the county with most beds."""
    facilities = county.place.facilities
    return int(np.argmax(np.where(facilities.in_county, facilities.beds, -1)))


class Institution(FixedAgent):
    """Whoever decides when a month begins: a Mesa agent that stands at a facility."""

    def __init__(self, county: Home, facility: int) -> None:
        """Stand where a facility stands, by its row."""
        super().__init__(county)
        self.county = county
        self.cell = cell_of(county, facility)

    def decide(self, month: int) -> None:
        """Decide what to do differently this month; nothing by default."""
