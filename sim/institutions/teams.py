"""Family-doctor teams and their contracts: who has signed, who is asked next, and what a month of signing does."""

from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.clock import YEAR
from sim.institutions import monthly, signing
from sim.institutions.home import Home, Institution, seat
from sim.institutions.signing import FREE, NEVER, PAID


class ContractRules(Protocol):
    """The numbers of a policy of contracts that teams go by."""

    @property
    def paid_share(self) -> float:
        """Share of households that take the paid package."""

    @property
    def renewal(self) -> float:
        """Share of contracts renewed when they end."""

    @property
    def key_groups_first(self) -> bool:
        """Whether households with most people of the key groups are asked before others."""

    @property
    def panel(self) -> int:
        """Most people a team looks after."""

    @property
    def signings(self) -> float:
        """People whom a team has time to sign in a month."""

    @property
    def acceptance(self) -> float:
        """Share of households that say yes when they are asked."""

    @property
    def signing_months(self) -> int:
        """Months a contract lasts."""


class Team(Institution):
    """A family-doctor team (家庭医生团队): doctors of a township centre with a zone of households, of which a panel signs with them."""

    def __init__(self, county: Home, contracts: "Contracts", row: int, town: int, villages: NDArray[np.int64], township: int) -> None:
        """Look after a zone.

        row      : row of the team in all arrays over teams;  town : of the zone;  villages : in which people of the zone live
        township : facility of the town's centre, -1 where there is none
        """
        super().__init__(county, township if township >= 0 else seat(county))
        self.contracts, self.row, self.town, self.villages, self.township = contracts, row, town, villages, township

    def _mine(self, of_homes: NDArray[np.int64]) -> NDArray[np.int64]:
        """Take of an array over all households those of the zone."""
        first = self.contracts.first
        return of_homes[first[self.row] : first[self.row + 1]]

    @property
    def ends(self) -> NDArray[np.int64]:
        """Say in which month the contract of each household of the zone ends, NEVER where there is none."""
        return self._mine(self.contracts.ends)

    @property
    def members(self) -> int:
        """Count the people of the zone who have a contract."""
        return int(self._mine(self.contracts.homes.size)[self.ends != NEVER].sum())

    @property
    def full(self) -> bool:
        """Say whether somebody who would have signed last month found no place in the panel."""
        return bool(self.contracts.without[self.row] > 0)


class Contracts:
    """The households of all zones, zone by zone, and their contracts with the teams, which decide together.

    homes : the households, zone by zone;  zone : (households,) team of each;  first : (teams + 1,) where those of each team begin
    ends  : (households,) month in which the contract ends, NEVER where there is none
    left  : (households,) whether it has let its contract lapse this year
    queue : households that will say yes this year, team by team: those of team t from `turn[t]` up to and without `end[t]`
    due   : households whose contract ended when this month began, renewed or not
    time, without, packages : (teams,) people whom a team still has time to sign; who found no place; who took the paid package this month
    ended, renewed : people whose contracts ended in the measured days, and of these renewed
    """

    rules: ContractRules | None = None
    """The rules in force; None while nobody signs."""

    def __init__(self, county: Home, rows: NDArray[np.int64], team: NDArray[np.int64], teams: int) -> None:
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
        self.ended = self.renewed = 0

    def begin_measuring(self) -> None:
        """Count from now on what ends and is renewed."""
        self.ended = self.renewed = 0

    @property
    def signs(self) -> bool:
        """Say whether people sign: the rules have come into force, and have not lapsed."""
        return self.rules is not None

    def take_up(self, rules: ContractRules) -> None:
        """Begin under rules that come into force: draw who says yes this year."""
        self.rules = rules
        self._draw(rules)

    def _draw(self, rules: ContractRules) -> None:
        """Draw the luck of this year: in which order the households are asked, who says yes, and to which package."""
        self.year = self.county.clock.months_gone // YEAR
        self.luck = luck.uniforms(self.county.luck, luck.CONTRACT, self.homes.household, self.year)
        self.left[:] = False
        self._answer(rules)

    def heed(self, rules: ContractRules) -> None:
        """Go on under new numbers with the luck of this year: nobody is drawn anew, and who left this year is not asked again."""
        self.rules = rules
        self._answer(rules)
        self._line_up(rules)

    def retire(self) -> None:
        """End all contracts, and sign nobody any more."""
        self.county.people.contract[self.homes.rows] = 0
        self.ends[:], self.year, self.rules = NEVER, NEVER, None
        self.time[:], self.without[:], self.packages[:] = 0.0, 0, 0
        self.turn, self.end, self.queue, self.due = self.first[:-1], self.first[:-1], self.ends[:0], self.ends[:0]

    def _answer(self, rules: ContractRules) -> None:
        """Say what the luck of this year means under the rules: the package of each household, and who goes before others."""
        self.kinds = np.where(self.luck[:, 2] < rules.paid_share, PAID, FREE).astype(np.uint8)
        self.before_others = self.homes.key if rules.key_groups_first else np.zeros_like(self.homes.key)

    def _ask(self, rules: ContractRules) -> None:
        """Line up the households without a contract that will say yes this year.

        A team begins somewhere on the way to the first of them, so that small samples sign as many people in the mean.
        """
        self._line_up(rules)
        some = self.end > self.turn
        nearest = self.queue[self.turn[some]]
        self.time[:] = 0.0
        self.time[some] = self.luck[nearest, 3] * self.homes.size[nearest]

    def _line_up(self, rules: ContractRules) -> None:
        """Put those who will say yes in their order, zone by zone, but for those who left this year."""
        willing = np.flatnonzero((self.luck[:, 1] < rules.acceptance) & (self.ends == NEVER) & ~self.left)
        self.queue = willing[np.lexsort((self.luck[willing, 0] - self.before_others[willing], self.zone[willing]))]
        self.end = np.cumsum(np.bincount(self.zone[willing], minlength=len(self.time)))
        self.turn = np.concatenate([[0], self.end[:-1]])

    def set_out(self, rules: ContractRules, signed: NDArray[np.bool_]) -> None:
        """Begin with the households that have signed, whose contracts come up in turn, a part each month."""
        homes, kinds = np.flatnonzero(signed), self.kinds[signed]
        self.ends[homes] = self.county.clock.months_gone + 1 + self.homes.household[homes] % rules.signing_months
        self.county.people.contract[self.homes.members(homes)] = np.repeat(kinds, self.homes.size[homes])
        self._ask(rules)

    def decide(self, month: int) -> None:
        """Renew the contracts that end, then let each team sign whole households in turn while it has time, and places in the panel."""
        county, rules = self.county, self.rules
        if rules is None:
            return
        now = county.clock.months_gone
        if now // YEAR != self.year:
            self._draw(rules)
            self._ask(rules)
        self.due = np.flatnonzero((self.ends != NEVER) & (self.ends <= now))
        renews = luck.uniforms(county.luck, luck.CONTRACT, self.homes.household[self.due], signing.RENEWS + now)[:, 0] < rules.renewal
        ended, renewed = monthly.month(
            now + rules.signing_months, rules.panel * county.scale, rules.signings * county.scale, self.homes, self.zone, self.due, renews,
            self.queue, self.turn, self.end, self.ends, self.left, self.kinds, self.time, self.without, self.packages,
            county.people.contract,
        )  # fmt: skip
        self.ended += ended
        self.renewed += renewed
