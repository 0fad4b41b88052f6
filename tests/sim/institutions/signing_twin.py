"""The plain twin of `signing.month`: each team for itself, its households in whole arrays."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.institutions.signing import NEVER, PAID, Homes


class Signed(NamedTuple):
    """What a month of signing came to: households signed, time kept for the next one, people who found no place."""

    households: int
    time: float
    without: int


def sign(size: NDArray[np.int64], places: float, time: float) -> Signed:
    """Sign the households first in turn, each whole, while the panel has places for it and the team has time for it.

    Time too short for the next household is kept for it; other time that is left is lost.

    size   : (households,) people of those who say yes, in the order in which they are asked
    places : people whom the panel can still take
    time   : people whom the team has time to sign
    """
    people = np.cumsum(size)
    count = int(np.searchsorted(people, min(places, time), side="right"))
    signed = int(people[count - 1]) if count else 0
    following = int(size[count]) if count < len(size) else 0
    without = int(people[-1]) - signed if following > places - signed else 0
    return Signed(count, min(time - signed, float(following)), without)


@dataclass
class Team:
    """A team with its zone; `contract` is everybody's."""

    homes: Homes
    ends: NDArray[np.int64]
    left: NDArray[np.bool_]
    kinds: NDArray[np.uint8]
    queue: NDArray[np.int64]
    time: float
    contract: NDArray[np.uint8]
    without = packages = ended = renewed = 0

    def decide(self, until: int, panel: float, time: float, now: int, renews: NDArray[np.bool_]) -> None:
        """Renew the contracts that end, then sign whole households in turn while there is time, and places in the panel.

        renews : (households,) who renews a contract that ends
        """
        stay = self.renew(now, until, renews)
        members = int(self.homes.size[self.ends != NEVER].sum())
        signed, self.time, self.without = sign(self.homes.size[self.queue], panel - members, self.time + time)
        self.give(self.queue[:signed], until)
        began = np.concatenate((stay, self.queue[:signed]))
        paid = self.contract[self.homes.rows[self.homes.first[began]]] == PAID
        self.packages = int(self.homes.size[began[paid]].sum())
        self.queue = self.queue[signed:]

    def renew(self, now: int, until: int, renews: NDArray[np.bool_]) -> NDArray[np.int64]:
        """Let the households whose contract ends this month renew it or leave, and give those who renew it."""
        due = np.flatnonzero((self.ends != NEVER) & (self.ends <= now))
        stay, left = due[renews[due]], due[~renews[due]]
        self.ends[due], self.ends[left], self.left[left] = until, NEVER, True
        self.contract[self.homes.members(left)] = 0
        self.ended, self.renewed = int(self.homes.size[due].sum()), int(self.homes.size[stay].sum())
        return stay

    def give(self, households: NDArray[np.int64], until: int) -> None:
        """Give households their contracts."""
        self.ends[households] = until
        self.contract[self.homes.members(households)] = np.repeat(self.kinds[households], self.homes.size[households])
