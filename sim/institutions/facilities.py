"""Agents that decide: facilities, family-doctor teams, groups and the fund, all true Mesa agents standing on nodes of the grid.

Patients pass through them in batches, never one by one; once a month each looks at what it has seen and decides.
"""

from typing import TYPE_CHECKING, Any

import numpy as np
from mesa.discrete_space import Cell, FixedAgent
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.institutions import signing
from sim.institutions.settlement import Settlement
from sim.institutions.signing import FREE, NEVER, PAID

if TYPE_CHECKING:
    from sim.county import County
    from sim.scenario import behaviour

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


def cell_of(county: "County", facility: int) -> Cell:
    """Give the cell of the space where a facility stands."""
    return county.space[county.place.grid.nodes[county.place.facilities.node[facility]]]


def seat(county: "County") -> int:
    """Find the facility that marks the county town: the one of the county with most beds."""
    house = county.place.facilities
    return int(np.argmax(np.where(house.in_county, house.beds, -1)))


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


class Facility(FixedAgent):
    """A place of care: `row` is its row in all arrays over facilities."""

    def __init__(self, county: "County", row: int) -> None:
        super().__init__(county)
        self.row = row
        self.name = county.place.facilities.names[row]
        self.cell = cell_of(county, row)
        self.departments = np.flatnonzero(county.outpatients.layout.owner == row)
        self.wards = np.flatnonzero(county.inpatients.layout.owner == row)
        self.group: Group | None = None

    def join(self, group: "Group") -> None:
        """Become a member of a group."""
        self.group = group

    def decide(self, month: int) -> None:
        """Decide what to do differently this month; nothing by default."""

    def move_a_doctor(self) -> None:
        """Move one doctor from the department where people wait least to the one where they wait most, if that is worth it."""
        county: Any = self.model
        move(county.outpatients.expected, county.rooms, self.departments, WORTH_MOVING, 0.0)

    def move_beds(self) -> None:
        """Move beds from the ward where people wait least to the one where they wait most, if that is worth it."""
        county: Any = self.model
        move(county.inpatients.expected, county.beds, self.wards, WORTH_MOVING_BEDS, BEDS_MOVED)


class VillageClinic(Facility):
    """A village clinic or station (村卫生室)."""


class PrivateClinic(Facility):
    """A private clinic or outpatient department (诊所)."""


class TownshipCentre(Facility):
    """A township health centre (乡镇卫生院)."""

    receives = 1.0
    """Share of those sent down to it whom it has room for: all while a tenth of its beds is free, nobody when none is (assumed)."""

    def decide(self, month: int) -> None:
        """Move a doctor to where people wait, and take in from above as far as beds are free."""
        self.move_a_doctor()
        county: Any = self.model
        self.receives = float(np.clip((1.0 - county.inpatients.taken[self.row]) / FREE_ENOUGH, 0.0, 1.0))


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

    def join(self, group: "Group") -> None:
        """Become a member of a group, and act as its governance has it from the first day."""
        super().join(group)
        self.weigh(group)

    def decide(self, month: int) -> None:
        """Move a doctor and some beds to where people wait, offer more patients to recover further down while beds are short; weigh."""
        self.move_a_doctor()
        self.move_beds()
        county: Any = self.model
        lines = county.inpatients.lines.waiting[self.wards].sum()
        beds = county.inpatients.layout.servers[self.wards].sum()
        self.eager = float(min(lines / max(beds, 1) * 10.0, 1.0))
        self.idle = float(np.clip(1.0 - county.inpatients.taken[self.row], 0.0, 1.0))
        if self.group is not None:
            self.weigh(self.group)

    def weigh(self, group: "Group") -> None:
        """Weigh the own income against the group's balance: free beds want filling, an overspent account wants thrift."""
        self.courts = (1.0 - group.alignment) * min(self.idle / IDLE_ENOUGH, 1.0)
        self.retains = self.saves = group.alignment * group.strain
        self.releases = group.alignment


class TertiaryHospital(Facility):
    """A municipal or provincial hospital outside the county; it serves millions of others and decides nothing for us."""


class Team(FixedAgent):
    """A family-doctor team (家庭医生团队): doctors of a township centre with a zone of households, of which a panel signs with them."""

    def __init__(self, county: "County", row: int, town: int, villages: NDArray[np.int64], township: int) -> None:
        super().__init__(county)
        self.row, self.town, self.villages, self.township = row, town, villages, township
        self.cell = cell_of(county, self.township if self.township >= 0 else seat(county))

    def _mine(self, of_homes: NDArray[Any]) -> NDArray[Any]:
        """Take of an array over all households those of the zone."""
        county: Any = self.model
        first = county.contracts.first
        return of_homes[first[self.row] : first[self.row + 1]]

    @property
    def ends(self) -> NDArray[np.int64]:
        """Say in which month the contract of each household of the zone ends, NEVER where there is none."""
        county: Any = self.model
        return self._mine(county.contracts.ends)

    @property
    def members(self) -> int:
        """Count the people of the zone who have a contract."""
        county: Any = self.model
        return int(self._mine(county.contracts.homes.size)[self.ends != NEVER].sum())

    @property
    def full(self) -> bool:
        """Say whether somebody who would have signed last month found no place in the panel."""
        county: Any = self.model
        return bool(county.contracts.without[self.row] > 0)


class Contracts:
    """The households of all zones, zone by zone, and their contracts with the teams, which decide together."""

    def __init__(self, county: "County", rows: NDArray[np.int64], team: NDArray[np.int64], teams: int) -> None:
        """Gather the residents `rows`, each in the zone of a team, into households."""
        self.county = county
        rows = rows[np.argsort(team, kind="stable")]
        households = county.residents.population.array("household")
        self.homes = signing.homes(rows, households[rows], signing.key_group(county.people, rows))
        self.zone = county.residents.population.array("team")[rows[self.homes.first]].astype(np.int64)
        self.first = np.concatenate([[0], np.cumsum(np.bincount(self.zone, minlength=teams))])
        self.ends, self.left = np.full(len(self.zone), NEVER), np.zeros(len(self.zone), bool)
        self.time, self.without, self.packages = np.zeros(teams), np.zeros(teams, np.int64), np.zeros(teams, np.int64)
        self.turn, self.end, self.queue, self.due, self.year = self.first[:-1], self.first[:-1], self.ends[:0], self.ends[:0], NEVER

    @property
    def signs(self) -> bool:
        """Say whether people sign: the rules have come into force, and have not lapsed."""
        return self.year != NEVER

    def take_up(self) -> None:
        """Draw the luck of this year: in which order the households are asked, who says yes, and to which package."""
        self.year = signing.months_gone(self.county) // signing.YEAR
        self.luck = luck.uniforms(self.county.luck, luck.CONTRACT, self.homes.household, self.year)
        self.left[:] = False
        self._answer()

    def heed(self) -> None:
        """Go on under new numbers with the luck of this year: nobody is drawn anew, and who left this year is not asked again."""
        self._answer()
        self._line_up()

    def retire(self) -> None:
        """End all contracts, and sign nobody any more."""
        self.county.people.contract[self.homes.rows] = 0
        self.ends[:], self.year = NEVER, NEVER
        self.time[:], self.without[:], self.packages[:] = 0.0, 0, 0
        self.turn, self.end, self.queue, self.due = self.first[:-1], self.first[:-1], self.ends[:0], self.ends[:0]

    def _answer(self) -> None:
        """Say what the luck of this year means under the rules in force: the package of each household, and who goes before others."""
        rules: Any = self.county.plan.mechanisms["family_doctor"]
        self.kinds = np.where(self.luck[:, 2] < rules.paid_share, PAID, FREE).astype(np.uint8)
        self.before_others = self.homes.key if rules.key_groups_first else np.zeros_like(self.homes.key)

    def ask(self) -> None:
        """Line up the households without a contract that will say yes this year.

        A team begins somewhere on the way to the first of them, so that small samples sign as many people in the mean.
        """
        self._line_up()
        some = self.end > self.turn
        nearest = self.queue[self.turn[some]]
        self.time[:] = 0.0
        self.time[some] = self.luck[nearest, 3] * self.homes.size[nearest]

    def _line_up(self) -> None:
        """Put those who will say yes in their order, zone by zone, but for those who left this year."""
        rules: Any = self.county.plan.mechanisms["family_doctor"]
        willing = np.flatnonzero((self.luck[:, 1] < rules.acceptance) & (self.ends == NEVER) & ~self.left)
        self.queue = willing[np.lexsort((self.luck[willing, 0] - self.before_others[willing], self.zone[willing]))]
        self.end = np.cumsum(np.bincount(self.zone[willing], minlength=len(self.time)))
        self.turn = np.concatenate([[0], self.end[:-1]])

    def set_out(self, signed: NDArray[np.bool_]) -> None:
        """Begin with the households that have signed, whose contracts come up in turn, a part each month."""
        rules: Any = self.county.plan.mechanisms["family_doctor"]
        homes, kinds = np.flatnonzero(signed), self.kinds[signed]
        self.ends[homes] = signing.months_gone(self.county) + 1 + self.homes.household[homes] % rules.signing_months
        self.county.people.contract[self.homes.members(homes)] = np.repeat(kinds, self.homes.size[homes])
        self.ask()

    def decide(self, month: int) -> None:
        """Renew the contracts that end, then let each team sign whole households in turn while it has time, and places in the panel.

        `packages` counts the people who took the paid package now, or renewed it.
        """
        county = self.county
        rules: Any = county.plan.mechanisms.get("family_doctor")
        if rules is None:
            return
        now = signing.months_gone(county)
        if now // signing.YEAR != self.year:
            self.take_up()
            self.ask()
        self.due = np.flatnonzero((self.ends != NEVER) & (self.ends <= now))
        renews = luck.uniforms(county.luck, luck.CONTRACT, self.homes.household[self.due], signing.RENEWS + now)[:, 0] < rules.renewal
        ended, renewed = signing.month(
            now + rules.signing_months, rules.panel * county.scale, rules.signings * county.scale, self.homes, self.zone, self.due,
            renews, self.queue, self.turn, self.end, self.ends, self.left, self.kinds, self.time, self.without, self.packages,
            county.people.contract,
        )  # fmt: skip
        county.signing.ended += ended
        county.signing.renewed += renewed


class Group(FixedAgent):
    """A hospital group (医联体/医共体): a lead, its towns, and an account."""

    strain = 0.5
    """How much the account is overspent, see `decide`; half, as on budget, before anything is known."""
    package_per_head = 0.0
    """Yuan a year for each insured head, 0 without a package."""
    budget = 0
    """Fen given for the present accounting period."""
    period = range(0)
    """Measured days of the present accounting period."""
    invested = 0
    """Fen put into what its township centres can treat, ever."""

    def __init__(self, county: "County", name: str, rules: "behaviour.Group") -> None:
        super().__init__(county)
        house, residents = county.place.facilities, county.people
        self.name, self.lead_row, self.alignment = name, house.row(rules.lead), county.plan.governance[rules.governance]
        self.cell = cell_of(county, self.lead_row)
        self.town_rows = np.array([county.place.towns.index(town) for town in rules.towns])
        self.members = np.isin(house.town, self.town_rows) & np.isin(house.tier, (0, 2)) & house.public
        self.members[self.lead_row] = True
        mine = np.isin(residents.town, self.town_rows)
        self.insured_heads = int((mine & (residents.insured_at == 0)).sum())
        self.residents = int((mine & (residents.lives == 0)).sum())
        self.settled: list[Settlement] = []
        self._claimed_before = 0
        for row in np.flatnonzero(self.members):
            county.facilities[row].join(self)

    def open_account(self, period: range) -> None:
        """Open the account of a period: what was claimed before the measured days, or before today, is none of it."""
        county: Any = self.model
        self.period = period
        self._claimed_before = self._claimed() if county.today > 0 else 0

    def settle_account(self) -> int:
        """Close the account, and give what is left of it (fen, below 0 an overrun)."""
        county: Any = self.model
        self.settled.append(Settlement(range(self.period.start, county.today), self.budget, self.spent))
        return self.budget - self.spent

    @property
    def accounts(self) -> list[Settlement]:
        """List the accounts settled, and the one that is open."""
        if not self.period or (self.settled and self.settled[-1].period.start == self.period.start):
            return self.settled
        return [*self.settled, Settlement(self.period, self.budget, self.spent)]

    @property
    def spent(self) -> int:
        """Fund money (fen) spent in the accounting period on the group's people, wherever they were treated."""
        return self._claimed() - self._claimed_before

    def _claimed(self) -> int:
        county: Any = self.model
        return int(county.books.claims[self.town_rows].sum())

    def decide(self, month: int) -> None:
        """Feel the strain of the account: 1 when a tenth more is spent than the days gone would allow, 0 when a tenth less."""
        county: Any = self.model
        gone = max(county.today - self.period.start, 0) / max(len(self.period), 1)
        if self.budget > 0 and 0 < gone <= 1:
            self.strain = float(np.clip(0.5 + (self.spent / (self.budget * gone) - 1.0) * 5.0, 0.0, 1.0))


class Fund(FixedAgent):
    """The fund of the residents' scheme (城乡居民医保基金), with its office in the county town."""

    def __init__(self, county: "County") -> None:
        super().__init__(county)
        self.cell = cell_of(county, seat(county))
        self.spent_by_month: list[int] = []

    def decide(self, month: int) -> None:
        """Note what has been spent so far."""
        county: Any = self.model
        self.spent_by_month.append(int(county.books.paid[0].sum()))


Decider = Facility | Contracts | Group | Fund
"""Whoever decides when a month begins."""
KINDS: dict[str, type[Facility]] = {
    "village_clinic": VillageClinic,
    "private_clinic": PrivateClinic,
    "elsewhere_clinic": PrivateClinic,
    "township": TownshipCentre,
    "county_general": CountyHospital,
    "county_tcm": CountyHospital,
    "maternal_child": CountyHospital,
    "private_hospital": CountyHospital,
    "rehabilitation": CountyHospital,
    "municipal_hospital": TertiaryHospital,
    "provincial_hospital": TertiaryHospital,
    "elsewhere_hospital": TertiaryHospital,
}
