"""A row of the offer sheet in plain numpy: the kernel by which people choose weighs their options alike."""

import itertools

import numpy as np
import pytest
from numpy.typing import NDArray

from sim.arithmetic.compiled import njit
from sim.arithmetic.luck import BLOCK, CHOICE
from sim.choice.choosing import LANES, SCHEMES, Sheet, _weigh, choose, kinds, race
from sim.choice.rows import kind, patients, shares, stranger, weights
from sim.county import County
from sim.people.need import Cases, cases
from sim.people.people import People
from sim.words import STAY, VISIT
from tests.sim.county_worlds import county

VILLAGES = 12
STEP = float(np.finfo(np.float32).eps)
LARGEST = 80.0
"""The utility beyond which no weight grows, see `sim.choice.utility.weight`: the logarithm of the sum of a nest is smaller."""
CLOSE = 2 * LARGEST * STEP
"""In single precision a power is as good as the logarithm it is made of; sums and products add a few steps."""
TINY = 1e-35
"""Weights that single precision takes for nothing."""


@njit
def weighed(setting, cases, able_only, people, sheet, out):  # type: ignore[no-untyped-def]
    """Let the kernel weigh the options of all cases: (cases, slots + 1)."""
    count, slots = cases.count[0], sheet.option.shape[1]
    kinds(setting, cases, 0, count, people, sheet)
    weight, keys, factor = np.empty((slots + 1, BLOCK), np.float32), np.empty((slots + 1, BLOCK), np.uint32), np.empty(BLOCK, np.float32)
    home, offer, way = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    usual = np.empty(BLOCK, np.int16)
    for start in range(0, count, BLOCK):
        held = min(BLOCK, count - start)
        wide = (held + LANES - 1) // LANES * LANES
        _weigh(setting, cases, start, held, wide, able_only, people, sheet, home, offer, way, usual, factor, weight, keys)
        for i in range(held):
            for j in range(slots + 1):
                out[start + i, j] = weight[j, i]


@pytest.fixture(scope="module")
def lived() -> County:
    """A county that has lived some days, so that its sheet knows waits."""
    made = county(["period.run_in_days=10"], days=10)
    made.step()
    return made


def everybody(county: County, setting: int, villages: NDArray[np.int64]) -> tuple[Cases, People]:
    """Make a case of every kind of patient in some villages, each with habits of his own."""
    sheet, people = county.market.sheet, county.people
    axes = itertools.product(villages, range(len(sheet.emergent)), range(SCHEMES), (0, 1), (0, 1), (0, 1))
    village, group, scheme, first, second, referred = np.array(list(axes)).T
    who, chance = np.arange(len(village)), np.random.default_rng(1)
    columns = {name: np.zeros(len(who), values.dtype) for name, values in people._asdict().items()}
    columns |= {"village": village.astype(people.village.dtype), "insured_at": scheme.astype(people.insured_at.dtype)}
    columns["contract"][:], columns["poor"][:], columns["stays"][:] = first, first, second
    for name in ("outpatient_fund", "chronic_fund", "inpatient_fund"):
        columns[name][:] = second * np.iinfo(np.int32).max
    columns["age"][:], columns["trust"][:] = chance.integers(0, 100, len(who)), chance.integers(-100, 101, len(who))
    columns["usual"][:] = one_of(sheet.option[village], chance)
    made = cases(len(who))
    made.count[0] = len(who)
    made.resident[:], made.person[:], made.group[:], made.referred[:] = who, who, group, referred
    made.avoid[:] = np.where(chance.random(len(who)) < 0.3, one_of(sheet.option[village], chance), -1)
    return made, People(**columns)


def one_of(option: NDArray[np.int16], chance: np.random.Generator) -> NDArray[np.int16]:
    """Take one facility of each row; none where the slot is empty."""
    taken = option[np.arange(len(option)), chance.integers(0, option.shape[1], len(option))]
    return np.where(taken < option.max(), taken, -1).astype(np.int16)


@pytest.mark.parametrize("able_only", [False, True], ids=["all", "able only"])
@pytest.mark.parametrize("setting", [VISIT, STAY], ids=["visit", "stay"])
def test_the_kernel_weighs_every_kind_of_patient_as_a_row_does(lived: County, setting: int, able_only: bool) -> None:
    sheet = lived.market.sheet
    villages = np.linspace(0, len(sheet.option) - 1, VILLAGES).astype(np.int64)
    asked, people = everybody(lived, setting, villages)
    found = np.empty((int(asked.count[0]), sheet.option.shape[1] + 1), np.float32)
    weighed(setting, asked, able_only, people, sheet, found)
    wanted = weights(patients(setting, asked, people, sheet, able_only), sheet)
    assert len(np.unique(asked.kind)) == len(sheet.pull) // 2
    np.testing.assert_allclose(found, wanted, rtol=CLOSE, atol=TINY)
    assert (found > 0.0).any(axis=1).mean() > 0.5


def test_the_race_over_the_shares_sends_each_where_the_kernel_sends_him(lived: County) -> None:
    sheet = lived.market.sheet
    asked, people = everybody(lived, VISIT, np.array([5]))
    row = shares(patients(VISIT, asked, people, sheet), sheet)
    won = np.empty(len(row), np.int64)
    race(lived.luck, CHOICE, asked.person, asked.occasion, sheet.place_keys[5].astype(np.uint64), row, won)
    choose(lived.luck, VISIT, asked, 0, len(row), False, people, sheet)
    free = (sheet.emergent[asked.group] == 0) | (asked.avoid >= 0)
    assert free.sum() > 600
    assert (asked.facility != np.append(sheet.option[5], -1)[won])[free].sum() <= free.sum() // 500  # ties of single precision


def one_by_one(sheet: Sheet, kind: int, village: int, segment: int) -> list[float]:
    """Multiply out the row of somebody new to every facility, option by option."""
    weight = [float(sheet.pull[kind, f]) * float(sheet.near[segment, 0, 0, village, j]) for j, f in enumerate(sheet.option[village])]
    for bend, first, last in zip(sheet.bend, sheet.nest_first, sheet.nest_first[1:], strict=False):
        inside = sum(weight[first:last])
        weight[first:last] = [one * inside ** float(bend) if inside > 0.0 else 0.0 for one in weight[first:last]]
    return [*weight, float(sheet.pull[kind, -2])]


@pytest.mark.parametrize("setting", [VISIT, STAY], ids=["visit", "stay"])
def test_the_row_of_somebody_new_everywhere_is_pull_times_near_in_its_nests(lived: County, setting: int) -> None:
    sheet = lived.market.sheet
    for group, village in ((0, 0), (8, 40), (16, 100)):
        row = kind(sheet, setting, group, 1, 0, 0, 1)
        wanted = one_by_one(sheet, row, village, int(sheet.segment[setting, group]))
        found = weights(stranger(sheet, setting, row, village), sheet)[0]
        assert found == pytest.approx(wanted, rel=1e-12)
        assert sum(found > 0.0) > 5


def test_where_nothing_is_left_nobody_goes_anywhere(lived: County) -> None:
    sheet = lived.market.sheet
    nobody = sheet._replace(able=np.zeros_like(sheet.able))
    asked = stranger(sheet, STAY, kind(sheet, STAY, 3, 0, 0, 0, 0), 7)._replace(able_only=True)
    assert not shares(asked, nobody).any()
    assert shares(asked._replace(able_only=False), nobody).sum() == pytest.approx(1.0)
