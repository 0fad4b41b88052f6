"""Signing with a family doctor (签约): which households a team has, in which order it asks them, and who finds a place. Pure arithmetic."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.people.people import People
from sim.words import CONTRACTS, KEY_AGES

NEVER = -1
"""Month in which a contract ends that there is not."""
FREE, PAID = CONTRACTS.index("free"), CONTRACTS.index("paid")
RENEWS = 1 << 16
"""Occasion of a household's luck at renewal in month 0; the occasions below are the years in which it is asked."""
SPARE = 0.1
"""Places that the teams of a township have beyond those of the members they begin with (assumed)."""
ROOM_FOR = 0.5
"""Share of the people of a township for whom its teams have places at least (assumed)."""


class Homes(NamedTuple):
    """The households of a zone, whose members sign together.

    rows      : (residents,) rows of the residents of the zone, household by household
    household : (households,) its number, the key of its luck
    first     : (households,) where its members begin in `rows`
    size      : (households,) its members
    key       : (households,) of these, members of key groups (重点人群)
    """

    rows: NDArray[np.int64]
    household: NDArray[np.int64]
    first: NDArray[np.int64]
    size: NDArray[np.int64]
    key: NDArray[np.int64]

    def members(self, households: NDArray[np.int64]) -> NDArray[np.int64]:
        """Give the rows of the residents of some households, one household after the other."""
        size = self.size[households]
        within = np.arange(size.sum()) - np.repeat(np.cumsum(size) - size, size)
        return self.rows[np.repeat(self.first[households], size) + within]


def homes(rows: NDArray[np.int64], household: NDArray[np.integer], key: NDArray[np.bool_]) -> Homes:
    """Gather residents into households.

    rows      : (residents,) rows of residents, those of one household side by side
    household : (residents,) number of the household;  key : (residents,) whether of the key groups
    """
    first = np.flatnonzero(np.diff(household, prepend=-1))
    size = np.diff(first, append=len(rows))
    of_key = np.add.reduceat(key.astype(np.int64), first) if len(first) else np.zeros(0, np.int64)
    return Homes(rows, household[first].astype(np.int64), first, size, of_key)


def asking_order(key: NDArray[np.int64], drawn: NDArray[np.float64]) -> NDArray[np.int64]:
    """Put households in the order in which they are asked: those with most members of key groups first, then by their own luck, below 1."""
    return np.argsort(drawn - key, kind="stable")


def fill(size: NDArray[np.int64], order: NDArray[np.int64], team: NDArray[np.int64], panel: float, most: int) -> NDArray[np.bool_]:
    """Say which households sign when all teams together sign as many people as were asked for, and none beyond its panel.

    size, team : (households,) people, and the team of the zone;  order : households in the order in which they are asked
    most       : people who sign in all
    """
    by_team = order[np.argsort(team[order], kind="stable")]
    people = np.cumsum(size[by_team])
    heads = np.bincount(team, size, minlength=int(team.max(initial=-1)) + 1)
    fits = np.zeros(len(size), bool)
    fits[by_team] = people - (np.cumsum(heads) - heads)[team[by_team]] <= panel
    asked = order[fits[order]]
    signed = np.zeros(len(size), bool)
    signed[asked[: np.searchsorted(np.cumsum(size[asked]), most, side="right")]] = True
    return signed


def zone_people(panel: float, coverage: float) -> float:
    """Say how many people a team's zone has, so that the panels hold those who have signed, a tenth more, and half of everybody."""
    return panel / max((1.0 + SPARE) * coverage, ROOM_FOR)


def zones(
    town: NDArray[np.int64], household: NDArray[np.integer], towns: int, people: float
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Divide the households of each town into stretches of one length, a zone for each team.

    town, household : (residents,) of each resident, those of one household side by side
    people          : most people of a zone, but for the last household that begins in it
    returns         : (residents,) team; (teams,) town of each
    """
    order = np.argsort(town, kind="stable")
    heads = np.bincount(town, minlength=towns)
    teams = np.maximum(np.ceil(heads / people), 1).astype(np.int64)
    at = np.arange(len(town))
    begins = np.diff(household[order], prepend=-1) != 0
    place = np.maximum.accumulate(np.where(begins, at, 0)) - (np.cumsum(heads) - heads)[town[order]]
    mine = town[order]
    team = np.empty(len(town), np.int64)
    team[order] = (np.cumsum(teams) - teams)[mine] + place * teams[mine] // heads[mine]
    return team, np.repeat(np.arange(towns), teams)


def key_group(people: People, rows: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Say who belongs to the key groups (重点人群): children under 7, 65 and older, the chronically ill, the registered poor."""
    young, old = KEY_AGES
    age = people.age[rows]
    return np.asarray((age < young) | (age >= old) | (people.chronic[rows] > 0) | (people.poor[rows] > 0))
