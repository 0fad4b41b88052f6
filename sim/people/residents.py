"""Residents: registered people as Mesa agents, the columns in which they are kept, and how these lie in memory."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.columnar.columns import Column, Named
from sim.columnar.population import ColumnAgent
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

    home = Named(village, "village_names", "node of the grid where the person lives")
    place = Named(place_node, "nodes", "node of the grid where the person is now: the hospital's while in a ward")


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
