"""Need: the same illnesses in every scenario, flat over the year, as many as the case mix says, and thinned by the rate of the day."""

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from experiments.running.one import live
from sim import County, load
from sim.arithmetic import luck
from sim.language.messages import UserError
from sim.mechanisms.base import Array, Mechanism, Rules
from sim.people.need import BEFORE, STAY_NEED, VISIT_NEED, Calendar, Illness, calendar
from sim.people.people import People
from sim.words import NEED_AGES

SCALE, SEED, YEAR, WEEK = 0.02, 1, 365, 7
SIGMAS = 5.0
ACUTE = 1 << 17
"""Occasions below this are of acute episodes: six bits number the needs of one episode, 59 and more its stays."""


class Needs(NamedTuple):
    """The candidates of the measured days, one row each."""

    day: NDArray[np.int64]
    resident: NDArray[np.int32]
    occasion: NDArray[np.uint32]
    group: NDArray[np.uint8]
    setting: NDArray[np.uint8]

    def where(self, these: NDArray[np.bool_]) -> "Needs":
        return Needs(*(column[these] for column in self))


def needs(calendar: Calendar) -> Needs:
    """Take the measured days out of a calendar."""
    day = np.repeat(np.arange(len(calendar.first) - 1), np.diff(calendar.first)) + calendar.start
    found = Needs(day, calendar.resident, calendar.occasion, calendar.group, calendar.setting)
    return found.where(day >= 0)


def county(scenario: str = "lujiang-2018", *settings: str, seed: int = SEED) -> County:
    return County(load(scenario, settings), seed=seed, scale=SCALE)


@pytest.fixture(scope="module")
def year() -> County:
    return county()


def clustered(who: NDArray[Any]) -> float:
    """Give the standard deviation of a count made of independent people (or episodes) who each come some times: sqrt(sum n^2) at most."""
    _, times = np.unique(who, return_counts=True)
    return math.sqrt(float((times.astype(float) ** 2).sum()))


def test_the_first_thirty_days_are_the_same_however_long_the_run(year: County) -> None:
    short, long = needs(county("lujiang-2018", "period.days=30").calendar), needs(year.calendar)
    assert short.day.max() == 29
    for one, other in zip(short, long.where(long.day < 30), strict=True):
        assert np.array_equal(one, other)


def test_two_scenarios_show_the_same_illnesses(year: County) -> None:
    for one, other in zip(year.calendar, county("lujiang-2020").calendar, strict=True):
        assert np.array_equal(one, other)


def test_another_seed_shows_other_illnesses(year: County) -> None:
    assert len(county(seed=SEED + 1).calendar.resident) != len(year.calendar.resident)


def person_by_person(lived: County, illness: Illness, rows: NDArray[np.int64], start: int, end: int) -> Calendar:
    """Draw the calendar of each person by himself, and sort all needs by day, people staying in order: the plain twin."""
    sex, found = lived.residents.population.array("sex"), []
    for at, r in enumerate(rows.tolist()):
        alone = People(*(column[r : r + 1] for column in lived.people))
        own = calendar(lived.luck, illness, alone, sex[r : r + 1], start, end)
        assert not own.resident.any()
        day = np.repeat(np.arange(end - start), np.diff(own.first))
        found.append((day, np.full(len(day), at, np.int32), own.occasion, own.group, own.setting))
    day, *columns = (np.concatenate(column) for column in zip(*found, strict=True))
    order = np.argsort(day, kind="stable")
    first = np.searchsorted(day[order], np.arange(end - start + 1))
    return Calendar(start, first, *(column[order] for column in columns))


@pytest.mark.parametrize("crowd", [False, True], ids=["as they are", "more in a day than there was room for"])
def test_a_calendar_is_what_everyone_draws_by_himself_sorted_by_day(year: County, crowd: bool) -> None:
    rows = np.flatnonzero(year.people.chronic > 0)[:700] if crowd else np.arange(0, len(year.people.age), 80)
    illness, start, end = (year.illness._replace(every=np.ones_like(year.illness.every)), -3, 9) if crowd else (year.illness, -BEFORE, 200)
    some, sex = People(*(column[rows] for column in year.people)), year.residents.population.array("sex")[rows]
    found = calendar(year.luck, illness, some, sex, start, end)
    wanted = person_by_person(year, illness, rows, start, end)
    assert crowd == (np.diff(found.first).max() > len(rows) // 50 + 500)
    for name, one, other in zip(Calendar._fields, found, wanted, strict=True):
        assert np.array_equal(one, other), name


def test_new_illness_comes_evenly_over_the_weeks(year: County) -> None:
    found = needs(year.calendar)
    new = found.where((found.occasion < ACUTE) & (found.occasion % 64 == 0) & (found.day < 52 * WEEK))
    weeks = np.bincount(new.day // WEEK, minlength=52)
    chi_square = float(((weeks - weeks.mean()) ** 2 / weeks.mean()).sum())
    assert chi_square < 51 + SIGMAS * math.sqrt(2 * 51)


@pytest.mark.parametrize("setting", [VISIT_NEED, STAY_NEED])
def test_needs_are_flat_without_seasons(year: County, setting: int) -> None:
    found = needs(year.calendar)
    found = found.where((found.setting == setting) & (found.day < 52 * WEEK))
    weeks = np.bincount(found.day // WEEK, minlength=52)
    sigma = clustered(found.resident.astype(np.int64) * 52 + found.day // WEEK) / math.sqrt(52)
    assert np.all(np.abs(weeks - weeks.mean()) < SIGMAS * sigma)


def expected(lived: County, amount: NDArray[np.float64]) -> NDArray[np.float64]:
    """Add up what a year should bring these very people, candidates included: (groups,) acute ones.

    amount : (groups,) needs of an episode
    """
    rules, groups = lived.plan.illness, lived.place.conditions
    sex, age = lived.residents.population.array("sex"), lived.people.age
    women = np.isin(groups.names, ("gynaecology", "obstetrics"))
    total = np.zeros(len(groups.names))
    for band, (low, high) in enumerate(NEED_AGES):
        inside = (age >= low) & (age <= high)
        heads = np.where(women, (inside & (sex == 1)).sum() / lived.plan.population.female_share, inside.sum())
        total += heads * groups.rate[:, band] * amount
    return total * rules.headroom * ~groups.of_urgency("chronic")


def test_as_many_acute_visits_and_stays_come_as_the_case_mix_says(year: County) -> None:
    found, rules, groups = needs(year.calendar), year.plan.illness, year.place.conditions
    found = found.where(found.occasion < ACUTE)
    visits = expected(year, 1.0 + np.maximum(groups.visits - 1.0, 0.0)) * rules.visits_scale
    stays = expected(year, groups.admissions) * rules.admissions_scale
    sure = (groups.admissions > 0.75) & (groups.admissions <= 1.0)  # a stay that nearly every episode needs cannot become more than one
    for setting, wanted, judged in ((VISIT_NEED, visits, visits > 0), (STAY_NEED, stays, (stays > 0) & ~sure)):
        for g in np.flatnonzero(judged):
            mine = found.where((found.setting == setting) & (found.group == g))
            assert abs(len(mine.day) - wanted[g]) < SIGMAS * max(clustered(mine.resident), math.sqrt(wanted[g])), groups.names[g]


def test_every_chronic_patient_comes_as_often_as_the_case_mix_says(year: County) -> None:
    found, rules, groups = needs(year.calendar), year.plan.illness, year.place.conditions
    for bit, g in enumerate(np.flatnonzero(groups.of_urgency("chronic"))):
        visits = found.where((found.setting == VISIT_NEED) & (found.group == g))
        patients = np.flatnonzero((year.people.chronic >> bit) & 1)
        times = np.bincount(visits.resident, minlength=len(year.people.chronic))
        wanted = groups.visits[g] * rules.headroom * rules.visits_scale
        assert times[np.setdiff1d(np.arange(len(times)), patients)].sum() == 0
        assert np.all(np.abs(times[patients] - wanted) <= 2.0)  # a personal clock: the ends of the year, and the jitter


def test_every_need_of_a_person_is_an_occasion_of_its_own(year: County) -> None:
    found = needs(year.calendar)
    keys = (found.resident.astype(np.int64) << 33) | (found.occasion.astype(np.int64) << 1) | found.setting
    assert len(np.unique(keys)) == len(keys)


def kept_by_hand(lived: County, first_day: int) -> tuple[NDArray[np.int64], NDArray[np.bool_], Needs]:
    """Thin the candidates of the days lived in plain numpy: (settings, [kept, thinned]), who is kept, and the candidates."""
    found = needs(lived.calendar._replace(start=lived.calendar.start - first_day))
    found = found.where(found.day < lived.today - first_day)
    episode = np.where(found.occasion >= ACUTE, found.occasion, found.occasion >> 6)
    drawn = luck.uniforms(lived.luck, luck.THIN, lived.people.person[found.resident], episode)[:, 0]
    kept = drawn < lived.rate[found.setting, lived.people.lives[found.resident], 0, found.group]
    return np.array([[(kept & (found.setting == s)).sum(), (~kept & (found.setting == s)).sum()] for s in (0, 1)]), kept, found


def test_thinning_keeps_the_share_of_the_present_rate_and_no_other() -> None:
    lived = live(county("lujiang-2018", "period.days=10", "population.migrants_use=30 %"))
    wanted, kept, found = kept_by_hand(lived, -lived.plan.period.run_in_days)
    tally = lived.need_tally
    assert np.array_equal(np.stack([tally[:, 0] + tally[:, 1], tally[:, 2]], axis=1), wanted)
    for lives, rate in ((0, 1.0), (1, 0.3)):
        mine = lived.people.lives[found.resident] == lives
        share = rate / lived.plan.illness.headroom
        sigma = math.sqrt(share * (1.0 - share)) * clustered(found.resident[mine]) / mine.sum()
        assert abs(kept[mine].mean() - share) < SIGMAS * sigma


class Epidemic(Mechanism[Rules]):
    """A fifth more need than usual."""

    name, Rules = "epidemic", Rules

    def need(self, county: County) -> Array | float:
        return 1.2


def test_need_beyond_the_headroom_is_refused() -> None:
    """The calendar holds no more candidates than the headroom; keeping all of them would pass for the epidemic in silence."""
    enough, short = (county("lujiang-2018", "period.days=1", f"illness.headroom={room}") for room in (1.2, 1.19))
    for lived in (enough, short):
        lived.mechanisms.append(Epidemic(Rules(source="assumed")))
    enough._refresh()
    assert enough.rate[:, 0].max() == pytest.approx(1.0)
    with pytest.raises((ValueError, UserError), match="headroom"):
        short._refresh()
