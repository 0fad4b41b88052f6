"""Makeup: what the people are like, and how they are drawn by keyed luck household by household, village by village."""

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.arithmetic.compiled import njit
from sim.arithmetic.luck import BLOCK, draw, poisson, unit, words
from sim.people.household import ages as household_ages
from sim.people.people import People
from sim.words import ADULT


class Makeup(NamedTuple):
    """What the builder needs to know of the people.

    heads           : (villages,) registered people of each home; the last village is elsewhere
    migrant_heads   : (towns,) of those elsewhere, how many are registered in each town
    town            : (villages,) town of each village
    ages            : (120,) share of each year of age among those here; migrant_ages (120,) among those elsewhere
    grown_employees : share in the employees' scheme of those old enough for it
    prevalence      : (chronic groups, need bands) patients per person
    need_band       : (120,) need band of each age
    node            : (villages,) node of the grid;  trust : at the start, percent
    """

    heads: NDArray[np.int64]
    migrant_heads: NDArray[np.int64]
    town: NDArray[np.int64]
    ages: NDArray[np.float64]
    migrant_ages: NDArray[np.float64]
    female_share: float
    household_size: float
    poverty_share: float
    grown_employees: float
    migrants_enrolled: float
    prevalence: NDArray[np.float64]
    need_band: NDArray[np.int64]
    node: NDArray[np.int16]
    trust: int


@njit
def _households(key, heads, size, scale, number, household):  # type: ignore[no-untyped-def]
    """Fill villages with households of one and more, until each village has its heads, and keep a share of the households.

    number, household : filled for those kept: person's number, household
    returns           : how many people are kept; how many households there are here and in all, kept or not
    """
    row, person, home, here = 0, 0, 0, 0
    homes, always = np.arange(BLOCK).astype(np.uint32), np.zeros(BLOCK, np.uint32)
    sizes, sampled = np.empty(4 * BLOCK, np.uint32), np.empty(4 * BLOCK, np.uint32)
    for village in range(len(heads)):
        left, here = heads[village], home
        while left > 0:
            i = home % BLOCK
            if i == 0:
                draw(key, luck.HOUSEHOLD, homes, always, 0, BLOCK, sizes)
                draw(key, luck.SAMPLE, homes, always, 0, BLOCK, sampled)
                homes += np.uint32(BLOCK)
            members = min(1 + poisson(size - 1.0, unit(sizes[i])), left)
            if unit(sampled[i]) < scale:
                for member in range(members):
                    number[row], household[row] = person + member, home
                    row += 1
            person += members
            left -= members
            home += 1
    return row, here, home


@njit
def _people(key, makeup, ages, migrant_ages, household, sex, people):  # type: ignore[no-untyped-def]
    """Draw the attributes of every person."""
    person, village, town, age, poor, lives = people.person, people.village, people.town, people.age, people.poor, people.lives
    insured, chronic, usual, discharged = people.insured_at, people.chronic, people.usual, people.discharged
    trust, place_node, followed = people.trust, people.place_node, people.followed
    heads, migrant_heads, home_town, node = makeup.heads, makeup.migrant_heads, makeup.town, makeup.node
    elsewhere, row, end = len(heads) - 1, 0, 0
    origin, last_of_origin = 0, heads.sum() - heads[-1] + migrant_heads[0]
    for v in range(len(heads)):
        away = v == elsewhere
        of_age = migrant_ages if away else ages
        end += heads[v]
        while row < len(person) and person[row] < end:
            p = person[row]
            c0, c1, c2, _ = words(key, luck.PERSON, p, 0)
            leads = row == 0 or household[row] != household[row - 1]
            years = np.searchsorted(of_age.head if leads else of_age.member, unit(c0), "right")
            village[row], age[row], sex[row] = v, years, unit(c1) < makeup.female_share
            usual[row], discharged[row], followed[row], trust[row], place_node[row] = -1, -999, -999, makeup.trust, node[v]
            h0, h1, _, _ = words(key, luck.HOUSEHOLD, household[row], 1)
            poor[row] = unit(h0) < makeup.poverty_share
            if away:
                while p >= last_of_origin:
                    origin += 1
                    last_of_origin += migrant_heads[origin]
                town[row], lives[row], insured[row] = origin, 1, 0 if unit(h1) < makeup.migrants_enrolled else 2
            else:
                town[row], lives[row] = home_town[v], 0
                insured[row] = years >= ADULT and unit(c2) < makeup.grown_employees
            bits, need_band = 0, makeup.need_band[years]
            d0, d1, d2, d3 = words(key, luck.PERSON, p, 1)
            e0, e1, e2, e3 = words(key, luck.PERSON, p, 2)
            for c, word in enumerate((d0, d1, d2, d3, e0, e1, e2, e3)):
                if c < len(makeup.prevalence) and unit(word) < makeup.prevalence[c, need_band]:
                    bits |= 1 << c
            chronic[row] = bits
            row += 1


def build(key: np.uint64, makeup: Makeup, scale: float, room: Callable[[int], dict[str, NDArray[Any]]]) -> dict[str, NDArray[Any]]:
    """Draw the people, and keep the sampled households when the run is scaled down.

    room    : makes all columns for so many people, filled with nothing (`sim.people.residents.empty_columns`)
    returns : the columns, in the order of villages
    """
    number, household = (np.empty(int(makeup.heads.sum()), np.uint32) for _ in range(2))
    kept, here, homes = _households(key, makeup.heads, makeup.household_size, scale, number, household)
    columns = room(kept)
    columns["person"][:], columns["household"][:] = number[:kept], household[:kept]
    away = int(makeup.heads[-1])
    ages = household_ages(makeup.ages, here / max(len(number) - away, 1))
    migrant_ages = household_ages(makeup.migrant_ages, (homes - here) / max(away, 1))
    people = People(*(columns[name] for name in People._fields))
    _people(key, makeup, ages, migrant_ages, columns["household"], columns["sex"], people)
    return columns
