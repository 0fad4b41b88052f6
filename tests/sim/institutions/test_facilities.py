"""Agents that decide: where they stand, and what they do when a month begins."""

import gc
import weakref

import mesa
import numpy as np
import pytest
from mesa.discrete_space import FixedAgent

from sim import County, load
from sim.institutions.facilities import CLASSES, WORTH_MOVING, CountyHospital, TertiaryHospital, TownshipCentre
from sim.institutions.fund import Fund
from sim.institutions.groups import Group
from sim.institutions.teams import Team
from sim.kinds import KINDS
from sim.words import OWN_TOWNSHIP, PLACES
from tests.sim.county_worlds import county, lived


@pytest.fixture(scope="module")
def month() -> County:
    """Forty days from the first of January, so that a month begins with something seen and spent."""
    return lived(days=40)


@pytest.fixture
def fresh() -> County:
    return county(days=1, scale=0.1)


def test_facilities_teams_groups_and_the_fund_are_mesa_agents_on_nodes_of_the_grid(month: County) -> None:
    assert {Team, Group, Fund, TownshipCentre, CountyHospital, TertiaryHospital} <= set(month.agents_by_type)
    standing = {*month.groups, *month.facilities, *month.teams, month.fund}
    assert set(month.institutions.deciders) <= standing | {month.contracts}
    for agent in standing:
        assert isinstance(agent, mesa.Agent)
        assert isinstance(agent, FixedAgent)
        assert agent.cell.coordinate in month.grid
        assert agent in agent.cell.agents
    assert len(month.agents_by_type[Group]) == 2


def test_every_facility_stands_where_its_table_says(month: County) -> None:
    nodes = {row.facility: row.node for row in month.tables.facilities}
    assert {facility.name: facility.cell.coordinate for facility in month.facilities} == nodes
    assert all(
        type(facility) is CLASSES[KINDS[kind].decides] for facility, kind in zip(month.facilities, month.place.facilities.kind, strict=True)
    )
    outside = [facility for facility in month.facilities if not month.place.facilities.in_county[facility.row]]
    assert outside
    assert all(month.place.facilities.place[facility.row] != PLACES.index("in_county") for facility in outside)


def test_every_household_living_here_has_one_team_of_its_own_township(month: County) -> None:
    homes, zone = month.contracts.homes, month.contracts.zone
    assert np.array_equal(np.sort(homes.rows), np.flatnonzero(month.people.lives == 0))
    of = month.residents.population.array("team")
    household = month.residents.population.array("household")
    assert np.array_equal(of[homes.rows], np.repeat(zone, homes.size))
    assert np.array_equal(np.repeat(homes.household, homes.size), household[homes.rows])
    assert len(np.unique(homes.household)) == len(homes.household)
    for team in month.teams:
        mine = homes.members(np.flatnonzero(zone == team.row))
        assert np.array_equal(np.unique(month.people.village[mine]), team.villages)
        assert np.all(month.place.option[team.villages, OWN_TOWNSHIP] == team.township)
        assert team.cell.coordinate == month.nodes[month.place.facilities.node[team.township]]


def test_a_zone_has_no_more_people_than_its_panel_asks_for_but_for_its_last_household(month: County) -> None:
    family = month.plan.mechanisms["family_doctor"]
    most = family.panel / max(1.1 * family.coverage, 0.5) * month.scale
    sizes = np.bincount(month.contracts.zone, month.contracts.homes.size, len(month.teams))
    assert sizes.max() <= most + month.contracts.homes.size.max()
    assert len(sizes) > len(month.place.towns)


def test_where_nobody_signs_each_township_has_one_team() -> None:
    world = County(load("lujiang-2018", ["mechanisms.family_doctor.panel=40000000"]), seed=1, scale=0.005)
    assert [team.township for team in world.teams] == [
        world.place.option[np.flatnonzero(world.place.village_town == t)[0], OWN_TOWNSHIP] for t in range(17)
    ]


def test_a_team_counts_the_members_of_its_zone(month: County) -> None:
    for team in month.teams:
        mine = month.residents.population.array("team") == team.row
        assert team.members == (month.people.contract[mine] > 0).sum()
    assert sum(team.members for team in month.teams) == (month.people.contract > 0).sum() > 0


def test_the_members_of_a_household_have_one_contract(month: County) -> None:
    homes = month.contracts.homes
    held = month.people.contract[homes.rows]
    assert np.array_equal(held, np.repeat(held[homes.first], homes.size))


def test_a_doctor_moves_to_where_people_wait_if_that_is_worth_it() -> None:
    fresh = county(days=1, scale=0.3)
    hospital = next(agent for agent in fresh.facilities if isinstance(agent, CountyHospital) and fresh.rooms[agent.departments].max() > 1)
    waits, before = fresh.outpatients.expected, fresh.rooms.copy()
    giver = hospital.departments[np.argmax(before[hospital.departments])]
    taker = next(department for department in hospital.departments if department != giver)
    waits[hospital.departments] = 50.0
    waits[giver], waits[taker] = 50.0 - WORTH_MOVING / 2, 50.0 + WORTH_MOVING / 2
    hospital.decide(1)
    assert np.array_equal(fresh.rooms, before)
    waits[taker] += 1.0
    hospital.decide(1)
    moved = fresh.rooms - before
    assert (moved[giver], moved[taker], np.abs(moved).sum()) == (-1, 1, 2)


def test_the_last_doctor_of_a_department_stays(fresh: County) -> None:
    township = next(agent for agent in fresh.facilities if isinstance(agent, TownshipCentre))
    fresh.rooms[township.departments] = 1
    fresh.outpatients.expected[township.departments] = np.linspace(0.0, 500.0, len(township.departments))
    township.decide(1)
    assert np.all(fresh.rooms[township.departments] == 1)


def test_rooms_that_were_moved_are_taken_at_the_clinics(fresh: County) -> None:
    rooms = fresh.rooms.copy()
    giver = int(np.argmax(rooms))
    rooms[giver] -= 1
    rooms[0] += 1
    fresh.outpatients.take(rooms, 0.0)
    assert np.array_equal(np.diff(fresh.outpatients.stations.first), rooms)
    assert len(fresh.outpatients.lines.free_at) == rooms.sum() + 1


def test_a_group_has_spent_what_its_towns_have_claimed(month: County) -> None:
    by_town = month.books.claims.sum(axis=1)
    assert sum(group.spent for group in month.groups) == by_town.sum() > 0
    for group in month.groups:
        assert group.spent == sum(int(by_town[month.place.towns.index(town)]) for town in month.plan.groups[group.name].towns)
        insured = (month.people.insured_at == 0) & np.isin(month.people.town, group.town_rows)
        assert group.insured_heads == insured.sum() > 0
        assert group.members[group.lead_row]


def test_the_strain_of_a_group_is_half_on_budget_one_above_and_none_below(month: County) -> None:
    group, kept = month.groups[0], (month.groups[0].budget, month.groups[0].strain)
    gone = month.today / month.plan.period.days
    for budget_over_spent, strain in ((1.0, 0.5), (0.8, 1.0), (1.25, 0.0), (1 / 1.05, 0.75)):
        group.budget = group.spent * budget_over_spent / gone
        group.decide(2)
        assert group.strain == pytest.approx(strain, abs=1e-9)
    group.budget, group.strain = kept


def test_the_fund_notes_what_it_has_spent_by_each_month(month: County) -> None:
    assert month.fund.spent_by_month[-1] > 0
    assert month.fund.spent_by_month[-1] <= month.books.paid[0].sum()
    january = month.ledger.months["2020-01"][0].sum()
    assert month.fund.spent_by_month[-1] == january


def test_a_county_done_with_is_let_go() -> None:
    """Runs one after the other must not add up in memory; Mesa 3.3 itself keeps every model by its table of ids."""
    county = County(load("lujiang-2018", ["period.days=1"]), scale=0.005)
    county.step()
    kept = weakref.ref(county)
    del county
    gc.collect()
    assert kept() is None
