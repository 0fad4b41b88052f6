"""A row of the offer sheet, for people: what the options of a patient weigh and who takes each, in plain numpy.

    weight = pull[kind, facility] * near[segment, old, signed, village, slot]
             * loyal[facility] if it is his usual one * trusted[trust] if it is his own township centre

and 0 where he is not helped any more. Then the options of a nest share (their sum) ** (dissimilarity - 1), and no formal care stands
last, a nest of its own. `sim.choice.choosing.choose` does the same in single precision for a block of cases at a time, and is held to
these rows by a test.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.choice import choosing
from sim.choice.choosing import OLD, SCHEMES, Sheet
from sim.people.need import Cases
from sim.people.people import People
from sim.words import OWN_TOWNSHIP

Reals = NDArray[np.float64]
Rows = NDArray[np.int64]
NOBODY = -1
"""No facility."""


class Patients(NamedTuple):
    """Patients of one setting, as far as a sheet tells them apart.

    able_only   : whether only facilities able to treat them are left to choose from, and going without is not
    kind        : (patients,) row of `pull`, see `kind`;  group : (patients,) condition group
    village     : (patients,) where they live;  old, signed : (patients,) 0 or 1, how the way and the contract count
    usual       : (patients,) facility they usually go to, -1 none;  trust : (patients,) in the own township centre, -100..100
    avoid       : (patients,) facility that failed them, -1 none
    """

    setting: int
    able_only: bool
    kind: Rows
    group: Rows
    village: Rows
    old: Rows
    signed: Rows
    usual: Rows
    trust: Rows
    avoid: Rows


def kind(sheet: Sheet, setting: int, group: int, scheme: int, first: int, second: int, referred: int) -> int:
    """Find the row of `pull` of a kind of patient: contracted and ceiling spent of a visit, poor and repeat of a stay."""
    shape = (2, len(sheet.emergent), SCHEMES, 2, 2, 2)
    return int(np.ravel_multi_index((setting, group, scheme, first, second, referred), shape))


def stranger(sheet: Sheet, setting: int, kind: int, village: int, old: int = 0, signed: int = 0) -> Patients:
    """Describe one patient of a kind who is new to every facility and neutral in his trust."""
    group = kind // (SCHEMES * 2**3) % len(sheet.emergent)
    columns = (np.array([value]) for value in (kind, group, village, old, signed, NOBODY, 0, NOBODY))
    return Patients(setting, False, *columns)


def patients(setting: int, cases: Cases, people: People, sheet: Sheet, able_only: bool = False) -> Patients:
    """Describe the people of some cases as they stand now, before they choose; fills the cases' `kind`."""
    count = int(cases.count[0])
    choosing.kinds(setting, cases, 0, count, people, sheet)
    who, group, avoid = cases.resident[:count], cases.group[:count], cases.avoid[:count]
    old, signed = people.age[who] >= OLD, people.contract[who] > 0
    columns = (cases.kind[:count], group, people.village[who], old, signed, people.usual[who], people.trust[who], avoid)
    return Patients(setting, able_only, *(np.asarray(column, np.int64) for column in columns))


def weights(asked: Patients, sheet: Sheet) -> Reals:
    """Multiply the rows out: (patients, slots + 1), proportional to who takes each option, the last of no formal care."""
    option = sheet.option[asked.village]
    segment = sheet.segment[asked.setting, asked.group]
    weight = sheet.pull[asked.kind[:, None], option].astype(float) * sheet.near[segment, asked.old, asked.signed, asked.village]
    weight *= np.where(option == asked.usual[:, None], sheet.loyal[option], 1.0)
    weight[:, OWN_TOWNSHIP] *= sheet.trusted[asked.trust + 100]
    weight[option == asked.avoid[:, None]] = 0.0
    nothing = sheet.pull[asked.kind, -2].astype(float)
    if asked.able_only:
        weight[sheet.able[asked.setting, option, asked.group[:, None]] < 0.5] = 0.0
        nothing[:] = 0.0
    return np.concatenate([nested(weight, sheet), nothing[:, None]], axis=1)


def nested(weight: Reals, sheet: Sheet) -> Reals:
    """Share the weights of slots among their nests, in place; none stays none.

    weight : (patients, slots) before nests, without no formal care, which is a nest of its own
    """
    for bend, first, last in zip(sheet.bend, sheet.nest_first, sheet.nest_first[1:], strict=False):
        inside = weight[:, first:last].sum(axis=1, keepdims=True)
        weight[:, first:last] *= np.where(inside > 0.0, np.where(inside > 0.0, inside, 1.0) ** float(bend), 0.0)
    return weight


def shares(asked: Patients, sheet: Sheet) -> Reals:
    """Share of such patients who take each option: (patients, slots + 1), the last of no formal care; all 0 where nothing is left."""
    weight = weights(asked, sheet)
    return np.asarray(weight / np.maximum(weight.sum(axis=1, keepdims=True), 1e-300))
