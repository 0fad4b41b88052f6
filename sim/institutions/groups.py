"""Groups: a lead hospital, the facilities of its towns, and an account (医联体/医共体)."""

from typing import NamedTuple

import numpy as np

from sim.institutions.home import Home, Institution
from sim.scenario.behaviour import Group as Rules


class Settlement(NamedTuple):
    """An account that has been settled: the measured days it covers, what was given and what was spent, fen."""

    period: range
    budget: int
    spent: int


class Group(Institution):
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
    prepaid = False
    """Whether it is now paid a package for its people."""

    def __init__(self, county: Home, name: str, rules: Rules) -> None:
        house, residents = county.place.facilities, county.people
        self.name, self.lead_row, self.alignment = name, house.row(rules.lead), county.plan.governance[rules.governance]
        super().__init__(county, self.lead_row)
        self.town_rows = np.array([county.place.towns.index(town) for town in rules.towns])
        self.members = np.isin(house.town, self.town_rows) & house.in_tier("village", "township") & house.public
        self.members[self.lead_row] = True
        mine = np.isin(residents.town, self.town_rows)
        self.insured_heads = int((mine & (residents.insured_at == 0)).sum())
        self.residents = int((mine & (residents.lives == 0)).sum())
        self.settled: list[Settlement] = []
        self._claimed_before = 0

    def open_account(self, period: range) -> None:
        """Open the account of a period: what was claimed before the measured days, or before today, is none of it."""
        self.period = period
        self._claimed_before = self._claimed() if self.county.today > 0 else 0

    def settle_account(self) -> int:
        """Close the account, and give what is left of it (fen, below 0 an overrun)."""
        self.settled.append(Settlement(range(self.period.start, self.county.today), self.budget, self.spent))
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
        return int(self.county.books.claims[self.town_rows].sum())

    def decide(self, month: int) -> None:
        """Feel the strain of the account: 1 when a tenth more is spent than the days gone would allow, 0 when a tenth less."""
        gone = max(self.county.today - self.period.start, 0) / max(len(self.period), 1)
        if self.budget > 0 and 0 < gone <= 1:
            self.strain = float(np.clip(0.5 + (self.spent / (self.budget * gone) - 1.0) * 5.0, 0.0, 1.0))
