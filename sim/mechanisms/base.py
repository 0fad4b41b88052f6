"""What every policy is: rules from the scenario, and a few moments at which it may speak.

Each moment has one law by which the policies' answers become one (`sim.answers.MOMENTS`), so their order cannot matter and one left out is
exactly neutral.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

import numpy as np

from sim.answers import MOMENTS, NOTHING, Array, Bill, Onward, Price
from sim.language.label import Label
from sim.reading.blocks import Rules

if TYPE_CHECKING:
    from sim.world import World
else:
    World = "World"  # rules are read without the county: what checks a scenario loads neither Mesa nor the compiler

__all__ = ["NOTHING", "Array", "Bill", "Mechanism", "Onward", "Price", "Rules", "World", "decided"]

R = TypeVar("R", bound=Rules)
SPEAKS = ("begin", *MOMENTS, "month", "settle", "end")
"""All moments at which a policy may speak or act, in the order of the docs."""


def decided(facilities: Sequence[object], name: str, usually: float = 0.0) -> Array:
    """Collect what each facility has decided of one thing: (facilities,); `usually` where it decides nothing of it."""
    return np.array([getattr(facility, name, usually) for facility in facilities], float)


class Mechanism(Generic[R]):
    """One policy, with its own rules. Override one to three moments; each is neutral by default.

    The object stays the same from the day the rules first come into force to the end of the run: when their numbers change, `rules` are
    others and `begin` is called again, so what a policy keeps on `self` is its memory.
    """

    name: ClassVar[str]
    Rules: ClassVar[type[Rules]]
    label: ClassVar[Label | None] = None
    """What reports call it, in both languages; everyone that is listed has one."""

    def __init__(self, rules: R) -> None:
        self.rules = rules

    def begin(self, county: World) -> None:
        """Set up own columns and agents when it comes into force, or take up its numbers when they change."""

    def need(self, county: World) -> Array | float:
        """Factor on need, broadcasting to (settings, lives, contracts, groups)."""
        return 1.0

    def price(self, county: World) -> Price:
        """Changes of prices."""
        return Price()

    def bill(self, county: World) -> Bill:
        """Factors on what care costs before anybody pays."""
        return Bill()

    def appeal(self, county: World) -> tuple[Array, Array]:
        """Utils added for visits and for stays."""
        return NOTHING, NOTHING

    def way(self, county: World) -> Array | float:
        """Utils added over (segments, old, contracted, villages, slots)."""
        return 0.0

    def minutes(self, county: World) -> Array | float:
        """Minutes of the way to care added (below 0 spared) over (old, contracted, villages, slots); patients weigh them as any minute."""
        return 0.0

    def room(self, county: World) -> Array | float:
        """Doctors in rooms added at each facility: (facilities,)."""
        return 0.0

    def skill(self, county: World) -> Array | float:
        """Share of cases a facility could not treat before and can now, broadcasting to (settings, facilities, groups)."""
        return 0.0

    def onward(self, county: World) -> Onward:
        """Who is referred up and down, where to, and with what priority."""
        return Onward()

    def month(self, county: World, month: int) -> None:
        """Act when a month begins."""

    def settle(self, county: World) -> None:
        """Settle accounts in the evening of 31 December, when the run ends, and before the rules lapse or change."""

    def end(self, county: World) -> None:
        """Put away what ends with the rules, when they are no longer in force."""

    def measures(self, county: World) -> Mapping[str, tuple[Any, Any]]:
        """Tell own measures while in force: name -> what is counted, and of how many; defined in results/measuring/measures.yaml."""
        return {}
