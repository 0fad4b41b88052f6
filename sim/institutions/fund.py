"""The fund of the residents' scheme."""

from sim.institutions.home import Home, Institution, seat
from sim.money.paying import RESIDENTS_FUND


class Fund(Institution):
    """The fund of the residents' scheme (城乡居民医保基金), with its office in the county town."""

    def __init__(self, county: Home) -> None:
        super().__init__(county, seat(county))
        self.spent_by_month: list[int] = []

    def decide(self, month: int) -> None:
        """Note what has been spent so far."""
        self.spent_by_month.append(int(self.county.books.paid[RESIDENTS_FUND].sum()))
