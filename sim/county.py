"""The county: a Mesa model that assembles the place and its people and lives one day at a step."""

import datetime
import inspect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

import networkx as nx
import numpy as np
from mesa.discrete_space import Network
from networkx import Graph
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.care import living
from sim.care.engine.lines import DAY
from sim.care.inpatients import Inpatients
from sim.care.outpatients import Outpatients, moved
from sim.choice.choosing import OWN_TOWNSHIP
from sim.columnar.agent_set import ColumnarModel
from sim.institutions import facilities, signing
from sim.market import Market
from sim.mechanisms import MECHANISMS
from sim.mechanisms.base import Mechanism
from sim.mechanisms.expert_posting import Business
from sim.money import ledger, paying
from sim.people import need
from sim.people.residents import People, Resident, build
from sim.place import place
from sim.place.place import Layout
from sim.record.history import History
from sim.record.watch import Watch
from sim.scenario.scenario import Scenario

WEEK = 7
YEARLY = ("outpatient_fund", "chronic_fund", "inpatient_fund", "own_scope", "stays")
"""Columns of the residents that begin at nothing every January."""


class Day(NamedTuple):
    """A day gone by: its number, counted from the start of the measured days (negative in the run-in), and how many there are."""

    number: int
    last: int
    first: int
    visits: int


@dataclass
class Signing:
    """Contracts that ended in the measured days, and of these renewed."""

    ended: int = 0
    renewed: int = 0


@dataclass
class Transfers:
    """Payments between institutions: payer, payee, kind, month -> fen."""

    rows: dict[tuple[str, str, str, str], int] = field(default_factory=dict)


class County(ColumnarModel):
    """Everyone registered in a county, and everyone who treats them, under the rules of a scenario."""

    def __init__(self, scenario: Scenario, seed: int = 1, scale: float = 1.0) -> None:
        """Assemble the place, draw the people and their illnesses.

        scale : share of households simulated, with capacity thinned alike; ValueError outside 0 < scale <= 1
        """
        if not 0.0 < scale <= 1.0:
            raise ValueError(f"scale {scale} must be above 0 and at most 1")
        super().__init__(rng=seed)
        self.whole, self.scale, self.seed_number, self.luck = scenario, scale, seed, luck.key(seed)
        self.today = -scenario.period.run_in_days
        self.plan = scenario.on(self.date)
        self._dates = set(scenario.dates())
        self.tables = scenario.tables
        self.place = place.assemble(scenario, self.tables)
        self.nodes = self.place.grid.nodes
        self.village_names = self.place.villages
        self.space = network_space(self.place.grid.graph, self.random)
        self._settle_people()
        self._draw_illness()
        self._found_institutions()
        self.history, self.watch = History(self), Watch()
        self._hear_mechanisms()

    # the place and its people

    def _settle_people(self) -> None:
        """Draw the residents and give them their columns."""
        columns = build(self.luck, place.makeup(self.plan, self.tables, self.place), self.scale)
        self.residents = self.add_population(Resident, columns)
        population = self.residents.population
        self.people = People(*(population.array(name) for name in People._fields))

    def _draw_illness(self) -> None:
        """Write the calendar of everyone's candidate illnesses."""
        self.illness = place.illness(self.plan, self.place)
        start = self.today - need.BEFORE
        sex, days = self.residents.population.array("sex"), self.plan.period.days
        self.calendar = need.calendar(self.luck, self.illness, self.people, sex, start, days)
        self.need_tally = np.zeros((2, 3), np.int64)

    def _found_institutions(self) -> None:
        """Open clinics, wards and books, and put the deciding agents on the grid."""
        needs = np.diff(self.calendar.first)
        busiest = int(needs.max()) if len(needs) else 0
        self.outpatients = Outpatients(self, busiest)
        self.inpatients = Inpatients(self, busiest // 8 + 64)
        self.rooms, self.beds = self.outpatients.layout.servers.copy(), self.inpatients.layout.servers.copy()
        self.offered = (self.outpatients.layout.station.T >= 0, self.inpatients.layout.station.T >= 0)
        self.grade = self._grades()
        self.books = paying.books(len(self.place.towns), len(self.place.facilities.names))
        self.before = self.books
        self.transfers, self.signing, self.financed = Transfers(), Signing(), 0
        self.business: Business | None = None
        self.facilities = [facilities.KINDS[kind](self, row) for row, kind in enumerate(self.place.facilities.kind)]
        self.groups = [facilities.Group(self, name, rules) for name, rules in sorted(self.plan.groups.items())]
        self.teams = self._form_teams()
        self.fund = facilities.Fund(self)
        self.deciders: list[facilities.Decider] = [*self.groups, *self.facilities, self.contracts, self.fund]

    def _form_teams(self) -> list[facilities.Team]:
        """Divide the households of each township among teams, as many as its panels ask for; one where no contracts are signed."""
        here = np.flatnonzero(self.people.lives == 0)
        family = self.whole.mechanisms.get("family_doctor")
        zone = signing.zone_people(getattr(family, "panel", np.inf), getattr(family, "coverage", 0.0)) * self.scale
        town, household = self.place.village_town[self.people.village[here]], self.residents.population.array("household")[here]
        team, town_of = signing.zones(town, household, len(self.place.towns), zone)
        self.residents.population.array("team")[here] = team
        self.contracts = facilities.Contracts(self, here, team, len(town_of))
        in_zone = np.zeros((len(town_of), len(self.place.villages)), bool)
        in_zone[team, self.people.village[here]] = True
        homes = [np.flatnonzero(self.place.village_town == town) for town in range(len(self.place.towns))]
        townships = [int(self.place.option[mine[0], OWN_TOWNSHIP]) if len(mine) else -1 for mine in homes]
        return [
            facilities.Team(self, row, town, np.flatnonzero(in_zone[row]), townships[town]) for row, town in enumerate(town_of.tolist())
        ]

    def _grades(self) -> NDArray[np.uint8]:
        """Say which grade each facility has today."""
        grade = self.place.facilities.grade.copy()
        for change in sorted(self.plan.places.grades, key=lambda change: change.from_):
            grade[self.place.facilities.row(change.facility)] = place.GRADES.index(change.grade)
        return grade

    @property
    def grid(self) -> nx.Graph:
        """Give the roads: a graph whose nodes are villages and facilities, each edge with its minutes."""
        return self.place.grid.graph

    # rules

    def _hear_mechanisms(self) -> None:
        """Take up the rules in force today, let those that lapse or change settle first, those that lapse end; make the offers anew."""
        before = {m.name: m for m in getattr(self, "mechanisms", [])}
        if self.today > 0 and not self._year_turns:
            self._settle([m for m in before.values() if self.plan.mechanisms.get(m.name) != m.rules])
        for lapsed in (mechanism for name, mechanism in before.items() if name not in self.plan.mechanisms):
            lapsed.end(self)
        self.mechanisms: list[Mechanism] = []
        for name, rules in sorted(self.plan.mechanisms.items()):
            known = before.get(name)
            mechanism = known if known is not None and known.rules == rules else MECHANISMS[name](rules)
            self.mechanisms.append(mechanism)
            if mechanism is not known:
                mechanism.begin(self)
        self.market = getattr(self, "market", None) or Market()
        self._refresh()

    def _refresh(self) -> None:
        """Make the tables of offers, prices and referral anew, and the present rates of illness."""
        self.grade = self._grades()
        self._waits_outside = place.waits_outside(self.plan, self.place.facilities)
        self.market.refresh(self)
        self.rate = place.present_rate(self)

    def expected_waits(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """What people expect to wait: (groups, facilities) minutes for a doctor, days for a bed."""
        minutes, days = self._waits_outside
        return (
            _by_group(self.outpatients.layout, self.outpatients.expected) + minutes,
            _by_group(self.inpatients.layout, self.inpatients.expected) + days,
        )

    # time

    @property
    def date(self) -> datetime.date:
        """The date of the day that comes next."""
        return self.whole.period.start + datetime.timedelta(days=self.today)

    @property
    def yesterday(self) -> datetime.date:
        """The date of the last day lived."""
        return self.date - datetime.timedelta(days=1)

    @property
    def counted(self) -> int:
        """1 on measured days, 0 in the run-in."""
        return int(self.today >= 0)

    @property
    def measured_minutes(self) -> tuple[float, float]:
        """First and last minute of the measured days."""
        return self._midnight(0), self._midnight(self.plan.period.days)

    def _midnight(self, day: int) -> float:
        return (day + self.whole.period.run_in_days) * DAY

    def days(self) -> Iterator[Day]:
        """Live all days that are left, run-in first, and tell of each in its evening."""
        while self.today < self.plan.period.days:
            self._live()
            yield self._lived()

    def stretches(self) -> Iterator[Day]:
        """Live all days that are left, on end where nothing is decided between and nobody watches, and tell of the last of each stretch."""
        while self.today < self.plan.period.days:
            if type(self.watch) is Watch:
                self._live_on()
            else:
                self._live()
            yield self._lived()

    def _lived(self) -> Day:
        period = self.plan.period
        return Day(self.today - 1, period.days, -period.run_in_days, int(self.outpatients.counts.visits.sum()))

    def step(self) -> None:
        """Live one counted day; the first call lives the run-in before it."""
        while self.today < 0:
            self._live()
        self._live()

    def _live_on(self) -> None:
        """Live until something is decided."""
        self._open()
        last, out, inn, past, house = self.today + 1, self.outpatients, self.inpatients, self.history, self.place.facilities
        while not (
            last >= self.plan.period.days
            or last == 0
            or (date := self.whole.period.start + datetime.timedelta(days=last)).day == 1
            or date in self._dates
            or (last - self.calendar.start) % WEEK == 0
        ):
            last += 1
        flows, stocks = np.zeros((last - self.today, len(past._total)), np.int64), np.zeros((last - self.today, 2), np.int64)
        practice, sheet, able = self.market.practice, self.market.sheet, self.market.able_inside
        out.carried, inn.carried = living.days(
            self.luck, self.today, last, self.whole.period.run_in_days, self.measured_minutes, self.calendar, self.people, self.rate,
            sheet, practice, self.market.tariff, self.books, self.need_tally, house.tier, house.in_county, able,
            (out.carried, out.cases, out.again, out.sent, out.open_cases, out._back, out.needs, out.none,
             out.desk._replace(priority=practice.contract_first), out.habits, out.stations, out.rows, out.lines, out.tickets, out._done,
             out.counts, out._order, out._cells, out._moved),
            (inn.carried, inn.cases, inn.again, inn.returns, inn.open_cases, inn._back, inn._kept, inn.needs, inn.none, inn.beds,
             inn.in_beds, inn.stations, inn.rows, inn.lines, inn.tickets, inn.counts, inn._order, inn._cells, inn._moved,
             self.plan.care.again_tomorrow),
            (flows, stocks, past.emergencies, past.within, past._total),
        )  # fmt: skip
        if self.today >= 0:
            past.flows.extend(flows)
            past.stocks.extend(stocks)
        self.today = last
        if self._year_turns or self.today == self.plan.period.days:
            self._settle(self.mechanisms)

    def _live(self) -> None:
        """Live one day."""
        self._open()
        midnight = self._midnight(self.today)
        # morning: who needs care, and where each goes
        self._fall_ill()
        self.outpatients.choose(self, midnight)
        self.inpatients.choose(self)
        self.watch.chosen(self)
        # the hours of the day, with doctors and in beds
        seen = self.outpatients.consult(self, midnight)
        admitted = self.inpatients.admit(self, midnight)
        self.watch.closed(self, seen, admitted)
        # evening: bills, and what was learned
        self.outpatients.settle(self, seen)
        self.inpatients.settle(self, admitted, midnight)
        self.watch.settled(self)
        self.history.note(self)
        self.today += 1
        if self._year_turns or self.today == self.plan.period.days:
            self._settle(self.mechanisms)

    def _fall_ill(self) -> None:
        """Find today's needs in the calendar."""
        d = self.today - self.calendar.start
        first, last = int(self.calendar.first[d]), int(self.calendar.first[d + 1])
        visits, stays = self.outpatients.cases, self.inpatients.cases
        need.today(
            self.luck, self.today, first, last, self.calendar, self.people, self.rate, self.inpatients.beds.averts, visits, stays,
            self.need_tally,
        )  # fmt: skip

    def _open(self) -> None:
        """Begin the day: the year, the month, the week, and dated rules."""
        date = self.date
        if self.today == 0:
            self.before, self.books = self.books, paying.books(len(self.place.towns), len(self.place.facilities.names))
            self.signing = Signing()
            self.people.admitted[:] = 0
        if (date.month, date.day) == (1, 1):
            for name in YEARLY:
                getattr(self.people, name)[:] = 0
        if date in self._dates:
            ledger.finance(self)
            self.plan = self.whole.on(date)
            self._hear_mechanisms()
        if date.day == 1:
            self._begin_month(date.month)
        elif (self.today - self.calendar.start) % WEEK == 0:
            self._learn()
            self.market.relearn(self)

    def _learn(self) -> None:
        memory = self.plan.learning.wait_memory
        self.outpatients.learn(memory)
        self.inpatients.learn(memory)

    def _begin_month(self, month: int) -> None:
        """Let everyone who decides decide, and make the offers anew."""
        ledger.finance(self)
        self._learn()
        self.inpatients.look_around()
        for agent in self.deciders:
            agent.decide(month)
        for mechanism in self.mechanisms:
            mechanism.month(self, month)
        self.outpatients.take_rooms(self.rooms + self._posted(), self._midnight(self.today))
        self.inpatients.take_beds(self.beds, self._midnight(self.today))
        self.history.close_month(self)
        self._refresh()

    def _posted(self) -> NDArray[np.int64]:
        """Say how many doctors the mechanisms add to each station: they sit where their facility has most rooms.

        Doctors move within a group, whole ones at the scale of the run; one stays in every department they leave.
        """
        added = sum((np.asarray(m.room(self)) for m in self.mechanisms), np.zeros(len(self.facilities)))
        concerned = [self.facilities[f] for f in np.flatnonzero(added) if len(self.facilities[f].departments)]
        posted = np.zeros_like(self.rooms)
        for group in (*self.groups, None):
            mine = [facility for facility in concerned if facility.group is group]
            rows = np.array([facility.row for facility in mine], int)
            busiest = np.array([facility.departments[np.argmax(self.rooms[facility.departments])] for facility in mine], int)
            posted[busiest] = moved(added[rows] * self.scale, self.rooms[busiest] - 1)
        return posted

    @property
    def _year_turns(self) -> bool:
        """Say whether the last measured day was the last of its year."""
        return self.today > 0 and (self.date.month, self.date.day) == (1, 1)

    def _settle(self, mechanisms: Sequence[Mechanism]) -> None:
        """Let mechanisms settle their accounts, and book that with yesterday."""
        ledger.finance(self)
        for mechanism in mechanisms:
            mechanism.settle(self)
        self.history.close_month(self)

    def transfer(self, payer: str, payee: str, kind: str, fen: int) -> None:
        """Note a payment between institutions; nothing is noted for nothing."""
        if fen > 0:
            row = (payer, payee, kind, f"{self.yesterday:%Y-%m}")
            self.transfers.rows[row] = self.transfers.rows.get(row, 0) + fen


def network_space(graph: Graph, chance: Random) -> Network:
    """Make the space on which agents stand, without positions.

    Mesa 3.5 would lay the network out by springs, which draws from numpy's global generator; earlier versions know no layout.
    """
    knows_layout = "layout" in inspect.signature(Network.__init__).parameters
    return Network(graph, random=chance, **({"layout": None} if knows_layout else {}))


def _by_group(layout: Layout, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Spread values of stations over (groups, facilities); 0 where there is no station."""
    if not len(values):
        return np.zeros(layout.station.T.shape)
    return np.where(layout.station.T >= 0, values[np.maximum(layout.station.T, 0)], 0.0)
