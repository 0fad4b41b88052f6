"""Health talks (健康讲座): a mechanism to copy. It works, speaks at every moment and says what each is for; delete what you do not need.

It is not listed in `__init__.py`, so no scenario can name it. Its effects are made up; only their shapes are to be learned from.
"""

from typing import Annotated

import numpy as np

from sim.language.label import Label
from sim.mechanisms import base
from sim.mechanisms.base import World
from sim.reading.units import Share
from sim.words import TIERS


class Rules(base.Rules):
    """How many people the talks reach. `source`, `from` and `until` come from `base.Rules`.

    A number is written in one place: its type, its label in both languages, and below it a sentence in English and the same in Chinese.
    """

    reach: Annotated[Share, Label("people reached", "讲座覆盖率")]
    """Share of the people whom the talks reach; at 0 % nothing at all may change.
    健康讲座覆盖的人口占比；为0时一切不变。"""


class HealthTalks(base.Mechanism[Rules]):
    """Lessens need a little, and makes the township centres better known and better used."""

    name, Rules = "health_talks", Rules
    label = Label("health talks", "健康讲座")

    def begin(self, county: World) -> None:
        """Once, when the rules come into force, and again when their numbers change: columns of residents, accounts of groups.

        Never loop over residents: `county.people` holds columns. Luck is drawn only with `luck.uniforms`, by person and purpose.
        """
        self.talks_held = 0

    def need(self, county: World) -> base.Array | float:
        """Multiply need, over (settings, lives, contracts, groups); above `illness.headroom` the run is refused."""
        living_here = np.array([1.0, 0.0])[None, :, None, None]
        return 1.0 - 0.05 * self.rules.reach * living_here

    def price(self, county: World) -> base.Price:
        """Change prices over the axes of the offer sheet (sim/choice/utility.py): fund shares and waivers add, deductibles multiply."""
        signed = np.array([0.0, 1.0])[None, None, :, None, None, None]
        return base.Price(waived=(self.rules.reach * signed * self._townships(county), base.NOTHING))

    def bill(self, county: World) -> base.Bill:
        """Multiply mean bills: visits over (long-term, contracted, referred, facilities), stays over (groups, referred, facilities)."""
        cheaper = 1.0 - 0.02 * self.rules.reach * self._townships(county)
        return base.Bill(visit=cheaper[None, None, None, :])

    def appeal(self, county: World) -> tuple[base.Array, base.Array]:
        """Add utils for visits and for stays, over the axes of the offer sheet; 0.1 is a little, 1 is much."""
        liked = 0.1 * self.rules.reach * self._townships(county)[None, None, None, None, None, :]
        return liked, base.NOTHING

    def way(self, county: World) -> base.Array | float:
        """Add utils over (segments, old, contracted, villages, slots): what depends on the home, the age or the own doctor."""
        old = np.array([0.0, 1.0])[None, :, None, None, None]
        return 0.05 * self.rules.reach * old * np.ones((1, 1, 1, 1, county.place.option.shape[1]))

    def minutes(self, county: World) -> base.Array | float:
        """Add minutes of the way over (old, contracted, villages, slots), or spare them where less than nothing is added."""
        old = np.array([0.0, 1.0])[:, None, None, None]
        return -5.0 * self.rules.reach * old * np.ones((1, 1, 1, county.place.option.shape[1]))

    def room(self, county: World) -> base.Array | float:
        """Add doctors in rooms at each facility; who gives a talk is away, so less than nothing is added."""
        return -0.1 * self.rules.reach * self._townships(county)

    def skill(self, county: World) -> base.Array | float:
        """Say which share of the cases it could not treat a facility now can, over (settings, facilities, groups); 1 - prod(1 - x)."""
        return 0.02 * self.rules.reach * self._townships(county)[None, :, None]

    def onward(self, county: World) -> base.Onward:
        """Change referral; what is left out changes nothing, and of several mechanisms the highest share counts."""
        return base.Onward(sought=np.full(2, 0.1 * self.rules.reach))

    def month(self, county: World, month: int) -> None:
        """Act when a month begins, before the offers are made anew; what is kept on the way is kept on `self`."""
        self.talks_held += round(100 * self.rules.reach)

    def settle(self, county: World) -> None:
        """Settle when a year, the run or the rules end: `county.transfer` notes a payment in whole fen, and nothing for nothing."""
        county.transfer("county_government", "health_talks", "talks", self.talks_held * 200_00)

    def end(self, county: World) -> None:
        """Put away what ends with the rules, when they lapse: what you set up with `begin` and others would go on using."""
        self.talks_held = 0

    def measures(self, county: World) -> dict[str, tuple[float, float]]:
        """Tell an own measure while in force: what is counted, and of how many; results/measuring/measures.yaml says what it means."""
        return {}

    def _townships(self, county: World) -> base.Array:
        """Say which facilities are township centres, as 1 or 0: (facilities,)."""
        return (county.place.facilities.tier == TIERS.index("township")).astype(float)
