"""Small counties in which everybody is followed."""

from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

import numpy as np

from experiments.running.one import live
from sim import County
from sim.record import Event, Follower
from tests.sim.county_worlds import CROWDED, HURRIED, county

SCALE, DAYS = 0.003, 40
SHORT = ("period.run_in_days=20",)
HALF_ARRIVE = (*SHORT, "referral.completion=50 %", "mechanisms.referral_rules.completion=0 %")
WORLDS = {"usual": SHORT, "crowded": (*SHORT, *CROWDED), "hurried": (*SHORT, *HURRIED), "half_arrive": HALF_ARRIVE}


class Lived(NamedTuple):
    """A county whose days are over, and who followed everybody through them."""

    county: County
    follower: Follower

    def events(self, *kinds: str) -> Iterator[Event]:
        """Give all events of some kinds, person by person."""
        return (event for told in self.follower.events.values() for event in told if event.kind in kinds)


@cache
def lived(settings: tuple[str, ...]) -> Lived:
    """Let a small county live its days; the same one for everyone who asks."""
    made = county(settings, scale=SCALE, days=DAYS)
    follower = Follower(made, np.arange(len(made.people.person)))
    made.watch = follower
    return Lived(live(made), follower)
