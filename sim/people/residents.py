"""Build the residents: one row each, drawn by keyed luck household by household, village by village."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.arithmetic import luck
from sim.arithmetic.compiled import njit
from sim.arithmetic.luck import BLOCK, draw, poisson, unit, words
from sim.columnar.columns import Column, ColumnAgent
from sim.words import CONTRACTS, LIVES, SCHEMES, SEXES


class Resident(ColumnAgent):
    """One registered person; a view of one row of the columns."""

    person = Column(np.uint32, "number", "the person's own number, the key of all luck; the same at every scale")
    household = Column(np.uint32, "number", "household; its members have neighbouring rows")
    village = Column(np.uint16, "row", "row of the home village or community; the last row is elsewhere")
    town = Column(np.uint8, "row", "town in which the person is registered")
    age = Column(np.uint8, "years", "age at the start")
    sex = Column(np.uint8, "code", "sex", SEXES)
    poor = Column(np.uint8, "0/1", "registered poor household (建档立卡)")
    lives = Column(np.uint8, "code", "where the person lives", LIVES)
    insured_at = Column(np.uint8, "code", "scheme in which the person is enrolled", SCHEMES)
    chronic = Column(np.uint8, "bits", "chronic conditions, one bit each in the order of the chronic groups")
    contract = Column(np.uint8, "code", "family-doctor contract", CONTRACTS)
    team = Column(np.uint16, "row", "family-doctor team of the home village")
    usual = Column(np.int16, "row", "facility where the person was last treated; -1 none yet")
    trust = Column(np.int8, "percent", "trust in the own township centre, -100..100")
    place_node = Column(np.int16, "row", "present place: a node of the grid")
    state = Column(np.uint8, "bits", "1 in a ward, 2 waiting for a bed")
    outpatient_fund = Column(np.int32, "fen", "ordinary outpatient fund money used this year")
    chronic_fund = Column(np.int32, "fen", "chronic outpatient fund money used this year")
    inpatient_fund = Column(np.int32, "fen", "inpatient fund money used this year")
    own_scope = Column(np.int32, "fen", "own in-scope payments this year, towards the critical-illness threshold")
    stays = Column(np.uint8, "stays", "stays this year")
    admitted = Column(np.uint8, "0/1", "admitted at least once in the measured days")
    discharged = Column(np.int16, "day", "day of the last discharge; -999 none")
    followed = Column(np.int16, "day", "last day of the follow-up after a stay; -999 none")
    claimed = Column(np.int32, "fen", "residents' fund money spent on the person in the measured days")

    @property
    def home(self) -> str:
        """Name the node of the grid where the person lives."""
        return str(self.model.village_names[self.village])

    @property
    def place(self) -> str:
        """Name the node of the grid where the person is now."""
        return str(self.model.nodes[self.place_node])


class People(NamedTuple):
    """The residents' columns as kernels read and write them; see `Resident` for what each means."""

    person: NDArray[np.uint32]
    village: NDArray[np.uint16]
    town: NDArray[np.uint8]
    age: NDArray[np.uint8]
    poor: NDArray[np.uint8]
    lives: NDArray[np.uint8]
    insured_at: NDArray[np.uint8]
    chronic: NDArray[np.uint8]
    contract: NDArray[np.uint8]
    usual: NDArray[np.int16]
    trust: NDArray[np.int8]
    place_node: NDArray[np.int16]
    state: NDArray[np.uint8]
    outpatient_fund: NDArray[np.int32]
    chronic_fund: NDArray[np.int32]
    inpatient_fund: NDArray[np.int32]
    own_scope: NDArray[np.int32]
    stays: NDArray[np.uint8]
    admitted: NDArray[np.uint8]
    discharged: NDArray[np.int16]
    followed: NDArray[np.int16]
    claimed: NDArray[np.int32]


class Makeup(NamedTuple):
    """What the builder needs to know of the people.

    heads           : (villages,) registered people of each home; the last village is elsewhere
    migrant_heads   : (towns,) of those elsewhere, how many are registered in each town
    town            : (villages,) town of each village
    age_from, age_to: (bands,) years; ages (bands,) shares of those here; migrant_ages (bands,) of those elsewhere
    prevalence      : (chronic groups, need bands) patients per person
    need_band       : (120,) need band of each age
    node            : (villages,) node of the grid;  trust : at the start, percent
    """

    heads: NDArray[np.int64]
    migrant_heads: NDArray[np.int64]
    town: NDArray[np.int64]
    age_from: NDArray[np.int64]
    age_to: NDArray[np.int64]
    ages: NDArray[np.float64]
    migrant_ages: NDArray[np.float64]
    female_share: float
    household_size: float
    poverty_share: float
    employees_share: float
    migrants_enrolled: float
    prevalence: NDArray[np.float64]
    need_band: NDArray[np.int64]
    node: NDArray[np.int16]
    trust: int


def largest_remainder(weights: NDArray[np.float64], total: int) -> NDArray[np.int64]:
    """Split a whole number in proportion to weights, so that the parts are whole and sum exactly (Hamilton's method)."""
    if total == 0:
        return np.zeros(len(weights), np.int64)
    exact = weights / weights.sum() * total
    whole = np.floor(exact).astype(np.int64)
    rest = np.argsort(-(exact - whole), kind="stable")[: total - whole.sum()]
    whole[rest] += 1
    return whole


@njit
def _households(key, heads, size, scale, number, household):  # type: ignore[no-untyped-def]
    """Fill villages with households of one and more, until each village has its heads, and keep a share of the households.

    number, household : filled for those kept: person's number, household;  returns how many people are kept
    """
    row, person, home = 0, 0, 0
    homes, always = np.arange(BLOCK).astype(np.uint32), np.zeros(BLOCK, np.uint32)
    sizes, sampled = np.empty(4 * BLOCK, np.uint32), np.empty(4 * BLOCK, np.uint32)
    for village in range(len(heads)):
        left = heads[village]
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
    return row


@njit
def _people(key, makeup, household, sex, people):  # type: ignore[no-untyped-def]
    """Draw the attributes of every person."""
    person, village, town, age, poor, lives = people.person, people.village, people.town, people.age, people.poor, people.lives
    insured, chronic, usual, discharged = people.insured_at, people.chronic, people.usual, people.discharged
    trust, place_node, followed = people.trust, people.place_node, people.followed
    heads, migrant_heads, home_town, node = makeup.heads, makeup.migrant_heads, makeup.town, makeup.node
    adults = 1.0 / (1.0 - makeup.ages[0] - makeup.ages[1])
    elsewhere, row, end = len(heads) - 1, 0, 0
    origin, last_of_origin = 0, heads.sum() - heads[-1] + migrant_heads[0]
    for v in range(len(heads)):
        away = v == elsewhere
        shares = makeup.migrant_ages if away else makeup.ages
        end += heads[v]
        while row < len(person) and person[row] < end:
            p = person[row]
            c0, c1, c2, _ = words(key, luck.PERSON, p, 0)
            u, band = unit(c0), 0
            while band < len(shares) - 1 and u >= shares[band]:
                u -= shares[band]
                band += 1
            years = makeup.age_from[band] + int(u / shares[band] * (makeup.age_to[band] + 1 - makeup.age_from[band]))
            years = max(makeup.age_from[band], min(years, makeup.age_to[band]))
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
                insured[row] = years >= 15 and unit(c2) < makeup.employees_share * adults
            bits, need_band = 0, makeup.need_band[years]
            d0, d1, d2, d3 = words(key, luck.PERSON, p, 1)
            e0, e1, _, _ = words(key, luck.PERSON, p, 2)
            for c, word in enumerate((d0, d1, d2, d3, e0, e1)):
                if c < len(makeup.prevalence) and unit(word) < makeup.prevalence[c, need_band]:
                    bits |= 1 << c
            chronic[row] = bits
            row += 1


APART = ("household", "sex", "team", "inpatient_fund", "own_scope", "discharged", "followed", "admitted")
"""Columns kept apart: visits never read them."""
RECORD = 32
"""Bytes of a person's record: half a line of memory, so that one look brings all of it."""


def empty_columns(people: int) -> dict[str, NDArray[Any]]:
    """Make room for all columns: those of the day lie side by side in one record a person, so that a person costs one look at memory.

    returns : name -> (people,) live views of the record, and separate arrays for what stands apart
    """
    declared = {name: column.dtype for name, column in Resident.columns().items()}
    inside = sorted((n for n in declared if n not in APART), key=lambda name: -declared[name].itemsize)
    offsets = np.cumsum([0, *(declared[name].itemsize for name in inside)])[:-1].tolist()
    shape = np.dtype({"names": inside, "formats": [declared[n] for n in inside], "offsets": offsets, "itemsize": RECORD}, align=True)
    room = np.zeros((people + 2) * RECORD, np.uint8)
    start = -room.ctypes.data % (2 * RECORD)
    record = room[start : start + people * RECORD].view(shape)
    return {name: record[name] for name in inside} | {name: np.zeros(people, declared[name]) for name in APART}


def build(key: np.uint64, makeup: Makeup, scale: float) -> dict[str, NDArray[Any]]:
    """Draw the people, and keep the sampled households when the run is scaled down.

    returns : one array for each column of `Resident`, in the order of villages
    """
    number, household = (np.empty(int(makeup.heads.sum()), np.uint32) for _ in range(2))
    kept = _households(key, makeup.heads, makeup.household_size, scale, number, household)
    columns = empty_columns(kept)
    columns["person"][:], columns["household"][:] = number[:kept], household[:kept]
    _people(key, makeup, columns["household"], columns["sex"], People(*(columns[name] for name in People._fields)))
    return columns
