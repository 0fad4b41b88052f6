"""World: the county as a policy sees it: all that stands under care, and the institutions that give it."""

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.institutions.facilities import Facility
from sim.institutions.groups import Group
from sim.institutions.home import Home
from sim.institutions.teams import Contracts, Team


class World(Home, Protocol):
    """What a policy may read, and the one thing it may do: let one institution pay another."""

    @property
    def facilities(self) -> Sequence[Facility]:
        """The facilities as agents that decide; `place.facilities` has the same rows as arrays."""

    @property
    def groups(self) -> Sequence[Group]:
        """The hospital groups."""

    @property
    def teams(self) -> Sequence[Team]:
        """The family-doctor teams."""

    @property
    def contracts(self) -> Contracts:
        """The households of all teams, and their contracts."""

    @property
    def grade(self) -> NDArray[np.uint8]:
        """The grade of each facility today: (facilities,)."""

    @property
    def offered(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether a facility serves a condition group at all: (groups, facilities) for visits and for stays."""

    @property
    def waits_outside(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Mean waits outside the county: (facilities,) minutes for a doctor, days for a bed; 0 in the county."""

    def expected_waits(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What people expect to wait: (groups, facilities) minutes for a doctor, days for a bed."""

    def transfer(self, payer: str, payee: str, kind: str, fen: int) -> None:
        """Note a payment between institutions; nothing is noted for nothing."""
