"""The county: a Mesa model that assembles the place and its people and lives one day at a step."""

import datetime
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from sim import living
from sim.arithmetic import luck
from sim.care.inpatients import Inpatients
from sim.care.outpatients import Outpatients
from sim.clock import Clock
from sim.columnar.model import ColumnarModel
from sim.institutions import founding
from sim.institutions.posting import posted
from sim.market import Decided, Market
from sim.mechanisms import MECHANISMS, family_doctor, hearing
from sim.mechanisms.base import Mechanism, decided
from sim.money.ledger import Ledger
from sim.money.paying import Books
from sim.people import illness, need
from sim.people.drawn import FEW, Drawing, drawn, settled
from sim.people.equity import areas_of
from sim.people.people import People
from sim.people.registered import makeup
from sim.people.residents import Resident
from sim.place.facilities import waits_outside
from sim.place.place import assemble
from sim.place.space import network_space
from sim.record.history import History
from sim.record.watch import Watch
from sim.scenario.scenario import Scenario
from sim.words import GRADES, SCHEMES

WEEK = 7
OFFERS_KEPT = 6
"""Tables of offers that a run of few people keeps for the next under the same rules."""
YEARLY = ("outpatient_fund", "chronic_fund", "inpatient_fund", "own_scope", "stays")
"""Columns of the residents that begin at nothing every January."""


class Day(NamedTuple):
    """A day gone by: its number, counted from the start of the measured days (negative in the run-in), and how many there are."""

    number: int
    last: int
    first: int
    visits: int


class County(ColumnarModel):
    """Everyone registered in a county, and everyone who treats them, under the rules of a scenario."""

    def __init__(self, scenario: Scenario, seed: int = 1, scale: float = 1.0, by_village: bool = False) -> None:
        """Assemble the place, draw the people and their illnesses.

        scale      : share of households simulated, with capacity thinned alike; ValueError outside 0 < scale <= 1
        by_village : count needs and care village by village, not only by town and way
        """
        if not 0.0 < scale <= 1.0:
            raise ValueError(f"scale {scale} must be above 0 and at most 1")
        super().__init__(rng=seed)
        self.whole, self.scale, self.seed_number, self.luck = scenario, scale, seed, luck.key(seed)
        period = scenario.period
        self.clock = Clock(period.start, period.days, period.run_in_days)
        self.plan = scenario.on(self.date)
        self._dates = set(scenario.dates())
        self.tables = scenario.tables
        self.place = assemble(scenario, self.tables)
        self.areas = areas_of(self.place.village_town, self.place.to_county_hospital, by_village)
        self.nodes, self.village_names = self.place.grid.nodes, self.place.villages
        self.space = network_space(self.place.grid.graph, self.random)
        self._settle_people()
        self._draw_illness()
        self._found_institutions()
        self.history, self.watch = History(self.clock, *self.place.minutes.shape), Watch()
        self.mechanisms: list[Mechanism[Any]] = []
        self._known: dict[str, Mechanism[Any]] = {}
        self._hear_policies()

    # the place and its people

    def _settle_people(self) -> None:
        """Draw the residents and give them their columns."""
        self.makeup = makeup(self.plan, self.tables, self.place)
        self.residents = self.add_population(Resident, settled(self.luck, self.makeup, self.scale))
        population = self.residents.population
        self.people = People(*(population.array(name) for name in People._fields))

    def _draw_illness(self) -> None:
        """Write the calendar of everyone's candidate illnesses."""
        self.illness = illness.base_rates(self.plan, self.place)
        drawing = Drawing(self.luck, self.makeup, self.scale, self.illness, self.today - need.BEFORE, self.clock.days)
        self.calendar = drawn(drawing, self.people, self.residents.population.array("sex"))

    def _found_institutions(self) -> None:
        """Open clinics, wards and books, and put the deciding agents on the grid."""
        needs = np.diff(self.calendar.first)
        busiest = int(needs.max()) if len(needs) else 0
        self.outpatients, self.inpatients = Outpatients(self, busiest), Inpatients(self, busiest // 8 + 64)
        departments = self.outpatients.departments, self.inpatients.departments
        self.rooms, self.beds = departments[0].servers.copy(), departments[1].servers.copy()
        self.market = Market(self.place, departments, OFFERS_KEPT if len(self.residents) <= FEW else 1)
        self.grade = self._grades()
        self.ledger = Ledger(self.clock, len(self.place.towns), self.place.facilities.names)
        self.need_tally = np.zeros((2, 3), np.int64)
        zone = family_doctor.zone(self.whole.mechanisms.get(family_doctor.FamilyDoctor.name))
        self.institutions = founding.found(self, zone)
        self.facilities, self.groups, self.teams, self.contracts, self.fund = self.institutions

    def _grades(self) -> NDArray[np.uint8]:
        """Say which grade each facility has today."""
        grade = self.place.facilities.grade.copy()
        for change in sorted(self.plan.places.grades, key=lambda change: change.from_):
            grade[self.place.facilities.row(change.facility)] = GRADES.index(change.grade)
        return grade

    @property
    def grid(self) -> nx.Graph:
        """Give the roads: a graph whose nodes are villages and facilities, each edge with its minutes."""
        return self.place.grid.graph

    @property
    def offered(self) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether a facility serves a condition group at all: (groups, facilities) for visits and for stays."""
        return self.market.offered

    # rules

    def _hear_policies(self) -> None:
        """Take up the rules in force today, let those that lapse or change settle first, those that lapse end; make the offers anew."""
        rules = self.plan.mechanisms
        if self.today > 0 and not self.clock.year_turns:
            self._settle([policy for policy in self.mechanisms if rules.get(policy.name) != policy.rules])
        for lapsed in (policy for policy in self.mechanisms if policy.name not in rules):
            lapsed.end(self)
        before, self.mechanisms = self.mechanisms, []
        for name, numbers in sorted(rules.items()):
            policy = self._known.setdefault(name, MECHANISMS[name](numbers))
            new, policy.rules = policy not in before or policy.rules != numbers, numbers
            self.mechanisms.append(policy)
            if new:
                policy.begin(self)
        self._refresh()

    def _refresh(self) -> None:
        """Make the tables of offers, prices and referral anew, and the present rates of illness."""
        self.grade = self._grades()
        self.waits_outside = waits_outside(self.plan, self.place.facilities)
        heard = hearing.hear(self.mechanisms, self)
        decisions = Decided(decided(self.facilities, "eager"), decided(self.facilities, "receives", 1.0))
        self.market.refresh(self.plan, self.grade, heard, decisions, self.station_waits())
        self.rate = illness.present_rate(self.plan, self.place, hearing.asked(self.mechanisms, self, "need"), self.date.month)
        self._hand_over()

    def _hand_over(self) -> None:
        """Give the kernels of the day what stands from now to the next decision."""
        self.outpatients.heed(self.market.practice)
        facilities, clock = self.place.facilities, self.clock
        here = living.record_of(
            living.Here, self, self.market, key=self.luck, run_in=clock.run_in, measured=clock.measured_minutes, tier=facilities.tier,
            inside=facilities.in_county,
        )  # fmt: skip
        clinics, wards = living.record_of(living.Clinics, self.outpatients), living.record_of(living.Wards, self.inpatients)
        self.kept = here, clinics, wards, living.record_of(living.Past, self.history)

    def station_waits(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What people expect to wait at each station: minutes for a doctor, days for a bed."""
        minutes, days = self.waits_outside
        out, inn = self.outpatients, self.inpatients
        return out.expected + minutes[out.departments.owner], inn.expected + days[inn.departments.owner]

    def expected_waits(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What people expect to wait: (groups, facilities) minutes for a doctor, days for a bed."""
        minutes, days = self.waits_outside
        return self.outpatients.expected_by_group() + minutes, self.inpatients.expected_by_group() + days

    # time

    @property
    def today(self) -> int:
        """The day that comes next, counted from the first measured one; negative in the run-in."""
        return self.clock.today

    @property
    def date(self) -> datetime.date:
        """The date of the day that comes next."""
        return self.clock.date

    @property
    def counted(self) -> int:
        """1 on measured days, 0 in the run-in."""
        return self.clock.counted

    def days(self) -> Iterator[Day]:
        """Live all days that are left, run-in first, and tell of each."""
        while not self.clock.over:
            self._live()
            yield Day(self.today - 1, self.clock.days, -self.clock.run_in, int(self.outpatients.counts.visits.sum()))

    def step(self) -> None:
        """Live one counted day; the first call lives the run-in before it."""
        while self.today < 0:
            self._live()
        self._live()

    def _live(self) -> None:
        """Live one day."""
        if self.clock.over:
            raise IndexError(f"the county has lived all its {self.clock.days} days")
        self._open()
        self._make_room()
        here, clinics, wards, past = self.kept
        # morning: who needs care, and where each goes
        living.morning(self.today, here, clinics, wards)
        self.watch.chosen(self)
        # the hours of the day, with doctors and in beds
        living.consult(self.today, here, clinics, wards)
        self.watch.closed(self, self.outpatients.came, self.inpatients.came)
        # evening: bills, and what was learned
        living.evening(self.today, here, clinics, wards, past)
        self.watch.settled(self)
        self.clock.today += 1
        if self.clock.year_turns or self.clock.over:
            self._settle(self.mechanisms)

    def _make_room(self) -> None:
        """See that all who may come today find room in the arrays of clinics and wards."""
        row = self.today - self.calendar.start
        needs = int(self.calendar.first[row + 1] - self.calendar.first[row])
        fits = self.outpatients.has_room(needs), self.inpatients.has_room(needs)
        if not all(fits):
            self._hand_over()

    def _open(self) -> None:
        """Begin the day: the year, the month, the week, and dated rules."""
        date = self.date
        if self.today == 0:
            self._begin_measuring()
        if (date.month, date.day) == (1, 1):
            for name in YEARLY:
                getattr(self.people, name)[:] = 0
        if date in self._dates:
            self.finance()
            self.plan = self.whole.on(date)
            self._hear_policies()
        if date.day == 1:
            self._begin_month(date.month)
        elif (self.today - self.calendar.start) % WEEK == 0:
            self._learn()
            self.market.relearn(self.station_waits())

    def _begin_measuring(self) -> None:
        """Put away what the run-in has filled, but for queues, wards and expectations."""
        self.ledger.begin_measuring()
        self.contracts.begin_measuring()
        self.people.admitted[:] = 0
        self._hand_over()

    def _learn(self) -> None:
        memory = self.plan.learning.wait_memory
        self.outpatients.learn(memory)
        self.inpatients.learn(memory)

    def _begin_month(self, month: int) -> None:
        """Let everyone who decides decide, and make the offers anew."""
        self.finance()
        self._learn()
        self.inpatients.look_around()
        for one in self.institutions.deciders:
            one.decide(month)
        for policy in self.mechanisms:
            policy.month(self, month)
        now = self.clock.midnight(self.today)
        self.outpatients.take(self.rooms + posted(self.institutions, self.rooms, hearing.rooms(self.mechanisms, self) * self.scale), now)
        self.inpatients.take(self.beds, now)
        self.ledger.close_month()
        self._refresh()

    # money

    @property
    def books(self) -> Books:
        """What is paid for care, fen."""
        return self.ledger.books

    def transfer(self, payer: str, payee: str, kind: str, fen: int) -> None:
        """Note a payment between institutions; nothing is noted for nothing."""
        self.ledger.transfer(payer, payee, kind, fen)

    def finance(self) -> None:
        """Pay the residents' fund for the days gone by since it was last paid."""
        insured = int((self.people.insured_at == SCHEMES.index("here_residents")).sum())
        self.ledger.finance(self.plan.insurance.financing, insured)

    def _settle(self, policies: Sequence[Mechanism[Any]]) -> None:
        """Let policies settle their accounts, and book that with yesterday."""
        self.finance()
        for policy in policies:
            policy.settle(self)
        self.ledger.close_month()
