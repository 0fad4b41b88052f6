"""The people: totals exact, attributes near their shares, households whole, and a smaller run made of the same persons."""

import math
from typing import Any, NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from sim import load
from sim.arithmetic import luck
from sim.arithmetic.rounding import largest_remainder
from sim.people.household import GROWN_UP, ages
from sim.people.makeup import Makeup, build
from sim.people.registered import makeup
from sim.people.residents import empty_columns
from sim.place.place import Place, assemble
from sim.scenario.scenario import Scenario
from sim.words import NEED_AGES
from tests.sim.people.households_twin import households

SEED = 3
SIGMAS = 5.0
Columns = dict[str, NDArray[Any]]


class World(NamedTuple):
    """A scenario, its place, what its people should be like, and what they are."""

    plan: Scenario
    place: Place
    makeup: Makeup
    people: Columns


@pytest.fixture(scope="module")
def world() -> World:
    plan = load("lujiang-2018")
    place = assemble(plan, plan.tables)
    wanted = makeup(plan, plan.tables, place)
    return World(plan, place, wanted, build(luck.key(SEED), wanted, 1.0, empty_columns))


@pytest.fixture(scope="module")
def sampled(world: World) -> Columns:
    return build(luck.key(SEED), world.makeup, 0.05, empty_columns)


def near(has: NDArray[Any], share: float, household: NDArray[Any] | None = None) -> None:
    """Hold the share of those who have something against its parameter; by households where these have it together."""
    heads = np.ones(len(has)) if household is None else np.bincount(household)
    sigma = math.sqrt(share * (1.0 - share) * float((heads.astype(float) ** 2).sum())) / len(has)
    assert abs(float(np.mean(has)) - share) <= SIGMAS * sigma


def test_the_totals_are_exact(world: World) -> None:
    lives = world.people["lives"]
    assert len(lives) == 1_200_305
    assert int((lives == 0).sum()) == 888_238
    assert int((lives == 1).sum()) == 312_067


def test_migrants_live_elsewhere_and_none_is_of_the_town_that_draws_people(world: World) -> None:
    away, town = world.people["lives"] == 1, world.people["town"]
    assert np.array_equal(world.people["village"] == len(world.place.villages) - 1, away)
    of_town = np.bincount(town[away], minlength=len(world.place.towns))
    assert of_town[world.place.towns.index("lucheng")] == 0
    assert np.array_equal(of_town, world.makeup.migrant_heads)


def test_towns_get_their_people_by_largest_remainder(world: World) -> None:
    rows = {row.town: row.residents for row in world.plan.tables.towns}
    wanted = largest_remainder(np.array([rows[town] for town in world.place.towns], float), world.plan.population.residents)
    here = world.people["town"][world.people["lives"] == 0]
    assert np.array_equal(np.bincount(here, minlength=len(wanted)), wanted)


def test_villages_lie_in_their_towns_and_get_their_weight(world: World) -> None:
    here = world.people["lives"] == 0
    village, town = world.people["village"][here], world.people["town"][here]
    assert np.array_equal(world.place.village_town[village], town)
    heads, weight = np.bincount(village), {row.village: row.weight for row in world.plan.tables.villages}
    for t in range(len(world.place.towns)):
        mine = np.flatnonzero(world.place.village_town == t)
        exact = np.array([weight[world.place.villages[v]] for v in mine])
        assert np.all(np.abs(heads[mine] - exact / exact.sum() * heads[mine].sum()) < 1.0)


def test_households_are_whole_and_in_one_village(world: World) -> None:
    household, village = world.people["household"].astype(np.int64), world.people["village"]
    steps = np.diff(household)
    assert set(np.unique(steps)) <= {0, 1}
    assert np.all(np.diff(village.astype(int))[steps == 0] == 0)
    assert household[0] == 0


def test_households_have_the_size_they_should_have(world: World) -> None:
    sizes, mean = np.bincount(world.people["household"]), world.plan.population.household_size
    cut = len(world.place.villages) * (sizes.max() + 1) / len(sizes)  # the last household of a village takes who is left
    assert abs(sizes.mean() - mean) < SIGMAS * math.sqrt((mean - 1.0) / len(sizes)) + cut


def test_shares_are_near_their_parameters(world: World) -> None:
    people, asked = world.people, world.plan.population
    here = people["lives"] == 0
    near(people["sex"], asked.female_share)
    near(people["poor"], asked.poverty_share, people["household"])
    near(people["insured_at"][here] == 1, asked.employees_share)
    near(people["insured_at"][~here] == 0, asked.migrants_enrolled, people["household"][~here] - people["household"][~here].min())


def test_ages_are_near_their_shares_here_and_elsewhere(world: World) -> None:
    for lives, column in ((0, "share"), (1, "migrant_share")):
        age = world.people["age"][world.people["lives"] == lives]
        for row in world.plan.tables.ages:
            near((age >= row.age_from) & (age <= row.age_to), getattr(row, column))


def test_ages_inside_a_group_are_even(world: World) -> None:
    age = world.people["age"]
    inside = age[(age >= 45) & (age <= 64)]
    for years in range(45, 65):
        near(inside == years, 1 / 20)


def test_children_are_not_in_the_employees_scheme(world: World) -> None:
    assert world.people["age"][world.people["insured_at"] == 1].min() >= 15


def test_a_household_is_poor_or_not_as_one(world: World) -> None:
    household, poor = world.people["household"], world.people["poor"]
    members, poor_members = np.bincount(household), np.bincount(household, poor)
    assert np.all((poor_members == 0) | (poor_members == members))


def test_chronic_conditions_are_as_frequent_as_the_case_mix_says(world: World) -> None:
    age, chronic = world.people["age"], world.people["chronic"]
    for bit, by_age in enumerate(world.makeup.prevalence):
        for (low, high), share in zip(NEED_AGES, by_age, strict=True):
            near(((chronic[(age >= low) & (age <= high)] >> bit) & 1).astype(bool), float(share))


def test_a_smaller_run_is_made_of_the_same_persons(world: World, sampled: Columns) -> None:
    rows = sampled["person"].astype(np.int64)
    assert np.all(np.diff(rows) > 0)
    for name, values in sampled.items():
        assert np.array_equal(values, world.people[name][rows]), name


def test_a_smaller_run_keeps_whole_households_and_the_share_asked_for(world: World, sampled: Columns) -> None:
    kept = np.unique(sampled["household"])
    everybody = np.isin(world.people["household"], kept)
    assert int(everybody.sum()) == len(sampled["person"])
    near(everybody, 0.05, world.people["household"])


def test_a_smaller_sample_is_part_of_a_larger_one(world: World, sampled: Columns) -> None:
    smaller = build(luck.key(SEED), world.makeup, 0.01, empty_columns)
    assert set(smaller["person"].tolist()) < set(sampled["person"].tolist())


@pytest.mark.parametrize("scale", [1.0, 0.3, 0.02])
@pytest.mark.parametrize("parts", [100, 1000])
def test_households_are_those_of_the_plain_twin_at_every_scale(world: World, scale: float, parts: int) -> None:
    """In small villages, some without anybody."""
    heads = world.makeup.heads // parts
    heads[[3, 4]] = 0
    few = world.makeup._replace(heads=heads, migrant_heads=largest_remainder(world.makeup.migrant_heads.astype(float), int(heads[-1])))
    drawn = build(luck.key(SEED), few, scale, empty_columns)
    number, household = households(luck.key(SEED), heads, few.household_size, scale)
    assert len(number) > 0
    assert np.array_equal(drawn["person"], number)
    assert np.array_equal(drawn["household"], household)
    assert np.array_equal(drawn["village"], np.repeat(np.arange(len(heads)), heads)[number])


def test_another_seed_is_other_people(world: World, sampled: Columns) -> None:
    other = build(luck.key(SEED + 1), world.makeup, 0.05, empty_columns)
    assert len(set(other["person"].tolist()) & set(sampled["person"].tolist())) < 0.1 * len(sampled["person"])


def test_no_child_lives_without_a_grown_up(world: World) -> None:
    first = np.flatnonzero(np.diff(world.people["household"].astype(np.int64), prepend=-1))
    assert world.people["age"][first].min() >= GROWN_UP


@pytest.mark.parametrize("heads", [0.05, 0.2, 0.37, 0.9, 1.0])
@pytest.mark.parametrize("children", [0.0, 0.3, 0.8, 1.0])
def test_heads_and_members_together_have_the_ages_of_all(heads: float, children: float) -> None:
    shares = np.zeros(120)
    shares[:GROWN_UP], shares[GROWN_UP:90] = children / GROWN_UP, (1.0 - children) / (90 - GROWN_UP)
    of_age = ages(shares, heads)
    head, member = (np.diff(cumulative, prepend=0.0) for cumulative in of_age)
    assert heads * head + (1.0 - heads) * member == pytest.approx(shares, abs=1e-12)
    assert head[:GROWN_UP].sum() == pytest.approx(max(0.0, 1.0 - (1.0 - children) / heads), abs=1e-12)
    assert of_age.head[-1] == of_age.member[-1] == 1.0
