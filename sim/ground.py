"""Ground: the county as those see it who give care: today's scenario, the place, its people, the day and the books; to be read, not set."""

import datetime
from typing import Protocol

import numpy as np
from mesa.discrete_space import Network

from sim.clock import Clock
from sim.columnar.agent_set import ColumnarAgentSet
from sim.market import Market
from sim.money.ledger import Ledger
from sim.money.paying import Books
from sim.people.equity import Areas
from sim.people.people import People
from sim.place.place import Place
from sim.scenario.scenario import Scenario
from sim.scenario.tables import Tables


class Ground(Protocol):
    """What stands under all care."""

    @property
    def whole(self) -> Scenario:
        """The scenario of the whole run, with its dated changes."""

    @property
    def plan(self) -> Scenario:
        """The scenario as it is today."""

    @property
    def tables(self) -> Tables:
        """The data tables of the scenario."""

    @property
    def place(self) -> Place:
        """Towns, villages, facilities and conditions as arrays, the grid, and which facilities each village can choose among."""

    @property
    def areas(self) -> Areas:
        """By what homes people's needs and care are counted."""

    @property
    def space(self) -> Network:
        """Mesa's space over the grid."""

    @property
    def residents(self) -> ColumnarAgentSet:
        """Everyone registered, as Mesa's agents: columns by name."""

    @property
    def people(self) -> People:
        """The columns of the residents that care reads and writes, one array each: (residents,)."""

    @property
    def luck(self) -> np.uint64:
        """The key of all luck of the run."""

    @property
    def scale(self) -> float:
        """Share of the households that are simulated."""

    @property
    def clock(self) -> Clock:
        """Which day it is."""

    @property
    def today(self) -> int:
        """The day that comes next, counted from the first measured one; negative in the run-in."""

    @property
    def date(self) -> datetime.date:
        """Its date."""

    @property
    def counted(self) -> int:
        """1 on measured days, 0 in the run-in."""

    @property
    def market(self) -> Market:
        """What is offered, at which price and under which referral rules."""

    @property
    def ledger(self) -> Ledger:
        """Who paid whom."""

    @property
    def books(self) -> Books:
        """What is paid for care, fen."""
