"""The registered: towns and totals come out exactly."""

from sim.people.registered import makeup
from tests.sim.county_worlds import county


def test_people_come_out_exactly_as_the_tables_say() -> None:
    fresh = county(days=1)
    found = makeup(fresh.plan, fresh.tables, fresh.place)
    assert found.heads.sum() == fresh.plan.population.registered
    assert found.heads[:-1].sum() == fresh.plan.population.residents
    assert found.migrant_heads.sum() == found.heads[-1]
