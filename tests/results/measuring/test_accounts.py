"""Accounts of the groups: every fen stands in one place, and the risk told is the spread that other draws of luck show."""

import math
from typing import Any

import numpy as np
import pyarrow.compute as pc
import pytest

from experiments.running import one
from results.measuring.accounts import COLUMNS, Where, accounts, overrun_chance, spread, where_spent, worst_balance
from sim import County, load
from sim.money.paying import RESIDENTS_FUND
from tests.sim.mechanisms.small_counties import lived, without

SEEDS = 30


@pytest.fixture(scope="module")
def county() -> County:
    return lived("lujiang-2020", days=40)


def row_of(county: County, group: int = 0) -> dict[str, Any]:
    row: dict[str, Any] = accounts(county).to_pylist()[group]
    return row


def test_what_was_spent_is_parted_to_the_fen_among_the_places(county: County) -> None:
    assert len(county.groups) == 2
    for group in county.groups:
        places = where_spent(county, group)
        assert sum(places) == int(county.books.claims[group.town_rows].sum()) == group.spent
        assert min(places) > 0


def test_places_are_where_the_facilities_say(county: County) -> None:
    house, group = county.place.facilities, county.groups[0]
    spent = county.books.claims[group.town_rows].sum(axis=0)
    at = {name: spent[[one.group is of for one in county.facilities]].sum() for name, of in (("own", group), ("other", county.groups[1]))}
    assert where_spent(county, group)[:2] == (at["own"], at["other"])
    assert where_spent(county, group).outside == spent[~house.in_county].sum()


def test_the_accounts_of_all_groups_hold_all_the_fund_paid_for_their_towns(county: County) -> None:
    """In Lujiang every town belongs to a group."""
    table = accounts(county)
    assert round(pc.sum(table["spent_yuan"]).as_py() * 100) == int(county.books.paid[RESIDENTS_FUND].sum())
    assert pc.sum(table["insured_heads"]).as_py() == int((county.people.insured_at == 0).sum())


def test_a_row_closes(county: County) -> None:
    for i, group in enumerate(county.groups):
        row = row_of(county, i)
        assert row["budget_yuan"] * 100 == group.budget
        assert round((row["budget_yuan"] - row["spent_yuan"] - row["balance_yuan"]) * 100) == 0
        assert row["balance_per_head_yuan"] == pytest.approx(row["balance_yuan"] / row["insured_heads"])
        assert 0 <= row["overrun_chance"] <= 1
        assert (row["overrun_chance"] > 0.5) == (row["balance_yuan"] < 0)
        assert row["worst_5_percent_balance_yuan"] == pytest.approx(row["balance_yuan"] - 1.6448536 * row["spent_sd_yuan"], abs=0.02)
        settled = [(row, fen) for row, fen in county.ledger.transfers.items() if row[2] in ("surplus", "overrun")]
        paid = [fen for (payer, payee, *_), fen in settled if group.name in payer + payee]
        assert round((row["surplus_paid_yuan"] + row["overrun_paid_yuan"]) * 100) == sum(paid) > 0


def test_the_account_of_two_years_is_both_settled_ones() -> None:
    county = lived("lujiang-2020", ["period.start=2019-12-20"], days=24)
    for i, group in enumerate(county.groups):
        row = row_of(county, i)
        assert len(group.settled) == len(group.accounts) == 2
        assert round(row["budget_yuan"] * 100) == sum(account.budget for account in group.settled)
        assert round((row["budget_yuan"] - row["spent_yuan"] - row["balance_yuan"]) * 100) == 0


def test_without_groups_there_is_an_empty_table_with_the_same_columns() -> None:
    table = accounts(lived("lujiang-2018", days=2))
    assert table.num_rows == 0
    assert list(zip(table.column_names, table.schema.types, strict=True)) == list(COLUMNS)


def test_without_a_package_there_is_spending_and_no_balance() -> None:
    row = row_of(lived("lujiang-2020", without("packaged_fund"), days=3))
    assert row["spent_yuan"] > 0 and row["spent_sd_yuan"] > 0
    assert row["budget_yuan"] is row["balance_yuan"] is row["overrun_chance"] is row["worst_5_percent_balance_yuan"] is None
    assert row["surplus_paid_yuan"] == row["overrun_paid_yuan"] == 0


def test_risk_is_known_by_hand() -> None:
    assert spread(np.array([100, 300], np.int32)) == pytest.approx(math.sqrt(2 * 20_000))
    assert spread(np.zeros(1, np.int32)) is None
    assert overrun_chance(0.0, 10.0) == 0.5
    assert overrun_chance(19.59964, 10.0) == pytest.approx(0.025, abs=1e-6)
    assert (overrun_chance(-1.0, 0.0), overrun_chance(1.0, None)) == (1.0, 0.0)
    assert worst_balance(100.0, 10.0) == pytest.approx(100 - 16.44854)


def test_what_was_spent_on_each_person_is_what_the_fund_paid_for_each_town(county: County) -> None:
    people = county.people
    by_town = np.bincount(people.town, people.claimed, len(county.place.towns))
    assert by_town.astype(np.int64).tolist() == county.books.claims.sum(axis=1).tolist()
    assert people.claimed.min() >= 0
    assert not people.claimed[people.insured_at != 0].any()


def test_the_run_in_is_no_part_of_what_was_spent() -> None:
    county = lived("lujiang-2020", ["period.run_in_days=20"], days=1)
    assert county.ledger.run_in.claims.sum() > 10 * county.books.claims.sum() > 0
    assert int(county.people.claimed.sum()) == int(county.books.claims.sum())


@pytest.mark.slow
def test_the_risk_told_is_the_spread_over_other_seeds() -> None:
    """The spread of 30 draws is known to 1 / sqrt(2 x 29) = 13 %; four standard errors are allowed.

    What is told is the whole county's for its size; a hundredth of it varies ten times as much for its own.
    Each seed draws other people too, so budgets move with their number; what is compared is what is spent beyond so much a head.
    """
    plan, scale = load("lujiang-2020", ["period.days=60"]), 0.01
    spent, heads, told = (np.zeros((SEEDS, 2)) for _ in range(3))
    for seed in range(SEEDS):
        table = accounts(one.lived(plan, seed + 1, scale))
        spent[seed], heads[seed], told[seed] = (table[name].to_numpy() for name in ("spent_yuan", "insured_heads", "spent_sd_yuan"))
    beyond = spent - heads * spent.sum(axis=0) / heads.sum(axis=0)
    typical = np.sqrt((told**2).mean(axis=0) / scale)
    assert np.std(beyond, axis=0, ddof=1) == pytest.approx(typical, rel=4 / math.sqrt(2 * (SEEDS - 1)))


def test_places_have_names_of_columns() -> None:
    assert {f"{name}_yuan" for name in Where._fields} <= {name for name, _ in COLUMNS}
