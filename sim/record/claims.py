"""Claims: a watch that writes down, bill by bill, what some residents' care of the measured days came to, as the fund's office would."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.care.clinic import DOWN, EMERGENCY, REFERRED
from sim.care.engine.lines import DAY
from sim.record.events import Bill
from sim.record.till import Paid, Till, going
from sim.record.watch import Watch
from sim.words import STAY
from sim.world import World


class Claim(NamedTuple):
    """One bill, with what the papers of the visit or stay say.

    day : of the measured days, 0 the first, on which it was paid;  group : of conditions;  days : in bed, None for a visit
    continued : a stay that went on here after another facility had begun it
    """

    resident: int
    day: int
    group: int
    emergency: bool
    referred: bool
    continued: bool
    days: float | None
    bill: Bill


class Claims(Watch):
    """Writes down the bills of some residents in the order in which they are paid.

    residents : rows of the residents, rising
    """

    def __init__(self, county: World, residents: NDArray[np.int64]) -> None:
        self.rows = np.asarray(residents, np.int64)
        self.claims: list[Claim] = []
        self._chosen = np.zeros(len(county.people.person), bool)
        self._chosen[self.rows] = True
        self._till = Till(county)

    def closed(self, county: World, seen: int, admitted: int) -> None:
        """Write down the bills of today."""
        if county.today < 0:
            return
        visits = np.flatnonzero(self._chosen[county.outpatients.tickets.resident[:seen]]).tolist()
        self.claims += [_claim(county, one) for one in self._till.evening(visits, going(county, self._chosen))]


def _claim(county: World, paid: Paid) -> Claim:
    """Put a bill together with its papers."""
    stay = paid.setting == STAY
    held: Any = county.inpatients.in_beds if stay else county.outpatients.tickets
    flags = int(held.flags[paid.row])
    days = (held.end[paid.row] - held.start[paid.row]) / DAY if stay else None
    emergency, referred, continued = (bool(flags & sign) for sign in (EMERGENCY, REFERRED, DOWN))
    return Claim(paid.resident, int(county.today), int(held.group[paid.row]), emergency, referred, continued, days, paid.bill)


def sampled(county: World, share: float) -> NDArray[np.int64]:
    """List the rows of a keyed sample of the residents: who is in it hangs on the seed and on himself, so the same people are in it under
    every scenario and at every scale.

    share : of the people, 0..1
    """
    drawn = luck.uniforms(county.luck, luck.CLAIMS, county.people.person, 0)[:, 0]
    return np.flatnonzero(drawn < share)
