"""What every mechanism is: rules from the scenario, and a few moments at which it may speak.

Each moment has one law by which the mechanisms' answers combine, so their order cannot matter and one left out is exactly neutral:
`appeal`, `price.fund_share`, `price.waived`, `way` and `room` add; `need`, `price.deductible` and `bill` multiply; `skill` is
1 - prod(1 - x); `onward` takes the union of routes, the highest shares and the highest priority, but its `hold` and `eased` are
1 - prod(1 - x).
"""

from typing import TYPE_CHECKING, ClassVar, Generic, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from sim.reading.blocks import Rules

if TYPE_CHECKING:
    from sim.county import County

__all__ = ["Bill", "Mechanism", "Onward", "Price", "Rules", "decided"]

Array = NDArray[np.float64]
R = TypeVar("R", bound=Rules)
NOTHING: Array = np.zeros((1,) * 6)
ONE: Array = np.ones((1,) * 6)


class Price(NamedTuple):
    """Changes of prices for visits and for stays, each broadcasting to its leaf of the offer sheet (axes: sim/choice/utility.py)."""

    fund_share: tuple[Array, Array] = (NOTHING, NOTHING)
    """Added to the share the fund pays."""
    deductible: tuple[Array, Array] = (ONE, ONE)
    """Factors on the deductible."""
    waived: tuple[Array, Array] = (NOTHING, NOTHING)
    """Yuan waived, added."""


class Bill(NamedTuple):
    """Factors on mean bills."""

    visit: Array = np.ones((1,) * 4)
    """Over (long-term condition, contracted, referred, facilities)."""
    stay: Array = np.ones((1,) * 3)
    """Over (condition groups, referred, facilities)."""


class Onward(NamedTuple):
    """Changes of referral; what is left at its default changes nothing."""

    gatekeeping: float = 0.0
    """Share of unreferred patients of a specialist, or of a hospital outside, who must see the group first; the highest counts."""
    up: Array | float = 0.0
    """(facilities,) or (facilities, groups) share of cases beyond its ability that a facility sends up with a record; the highest."""
    hold: Array | float = 0.0
    """(facilities,) or (facilities, groups) share of those cases it keeps although beyond it; combined as 1 - prod(1 - x)."""
    sought: Array | float = 0.0
    """(2,) or (2, groups) share of planned stays that come with a record, without and with a contract; the highest counts."""
    eased: Array | float = 0.0
    """(2,) or (2, groups) share of planned stays without a record that get one all the same; combined as 1 - prod(1 - x)."""
    completion: float = 0.0
    """Share of patients sent up from a visit who arrive on the same day; the highest counts."""
    lead: NDArray[np.int16] | None = None
    """(villages, groups) where primary facilities send cases; -1 or less where the mechanism says nothing."""
    down_offer: Array | float = 0.0
    """(facilities,) or (facilities, groups) share of stays offered to recover further down; the highest counts."""
    down_accept: float = 0.0
    """Share who accept; the highest counts."""
    recovery_ability: float = 0.0
    """Least share of such recoveries that a facility must be able to look after to take patients in; the highest counts."""
    desk: Array | float = 0.0
    """(villages,) share of those who ask for a record for a stay outside whom the lead keeps if it can treat them; the highest counts."""
    green: bool = False
    """Referred patients are served first."""
    contract_first: bool = False
    """Contracted patients come before ordinary ones at hospitals of the county, with the doctor and for a bed."""
    follow_up: Array | float = 0.0
    """(2,) share of stays after which the patient is followed up: recovered further down, contracted; the highest counts."""


def decided(county: "County", name: str, usually: float = 0.0) -> Array:
    """Collect what each facility has decided of one thing: (facilities,); `usually` where it decides nothing of it."""
    return np.array([getattr(facility, name, usually) for facility in county.facilities], float)


class Mechanism(Generic[R]):
    """One policy, with its own rules. Override one to three moments; each is neutral by default."""

    name: ClassVar[str]
    Rules: ClassVar[type[Rules]]

    def __init__(self, rules: R) -> None:
        self.rules = rules

    def begin(self, county: "County") -> None:
        """Set up own columns and agents when it comes into force, or take up its numbers when they change."""

    def need(self, county: "County") -> Array | float:
        """Factor on need, broadcasting to (settings, lives, contracts, groups)."""
        return 1.0

    def price(self, county: "County") -> Price:
        """Changes of prices."""
        return Price()

    def bill(self, county: "County") -> Bill:
        """Factors on what care costs before anybody pays."""
        return Bill()

    def appeal(self, county: "County") -> tuple[Array, Array]:
        """Utils added for visits and for stays."""
        return NOTHING, NOTHING

    def way(self, county: "County") -> Array | float:
        """Utils added over (segments, old, contracted, villages, slots)."""
        return 0.0

    def room(self, county: "County") -> Array | float:
        """Doctors in rooms added at each facility: (facilities,)."""
        return 0.0

    def skill(self, county: "County") -> Array | float:
        """Share of cases a facility could not treat before and can now, broadcasting to (settings, facilities, groups)."""
        return 0.0

    def onward(self, county: "County") -> Onward:
        """Who is referred up and down, where to, and with what priority."""
        return Onward()

    def month(self, county: "County", month: int) -> None:
        """Act when a month begins."""

    def settle(self, county: "County") -> None:
        """Settle accounts in the evening of 31 December, when the run ends, and before the rules lapse or change."""

    def end(self, county: "County") -> None:
        """Put away what ends with the rules, when they are no longer in force."""
