"""Monthly tables: what the months add up to is what the run's measures and other tables tell."""

import pandas as pd
import pytest

from experiments.running.one import Observed, measured, observed
from results.measuring.dictionary import tables
from results.months import MONTHLY
from results.tables import villages
from sim import County, load

DAYS = 70


@pytest.fixture(scope="module")
def seen() -> Observed:
    plan = load("lujiang-2020", [f"period.days={DAYS}", "period.run_in_days=10"])
    return observed(plan, 1, 0.01, (*MONTHLY, "residents", "facilities"))


def test_every_column_is_declared_and_no_other(seen: Observed) -> None:
    for name in MONTHLY:
        assert seen.tables[name].column_names == list(tables()[name]["columns"])


def test_months_are_those_of_the_run_and_the_last_may_be_short(seen: Observed) -> None:
    for name in MONTHLY:
        assert seen.tables[name].column("month").unique().to_pylist() == ["2020-01", "2020-02", "2020-03"]


def test_towns_add_up_to_the_table_of_residents(seen: Observed) -> None:
    months, people = (seen.tables[name].to_pandas().groupby("town").sum(numeric_only=True) for name in ("monthly_towns", "residents"))
    for column in ("visit_needs", "visits_forgone", "stay_needs", "stays_forgone", "visits", "visits_in_county"):
        pd.testing.assert_series_equal(months[column], people[column], check_dtype=False)
    pd.testing.assert_series_equal(months.bills_yuan, people.bills_yuan)
    assert (seen.tables["monthly_towns"].to_pandas().visits >= 0).all()


def test_admissions_add_up_to_the_measure_of_all_registered(seen: Observed) -> None:
    months = seen.tables["monthly_towns"].to_pandas()
    assert months.admissions_in_county.sum() == seen.measures["in_county_admission_share_registered__numerator"]
    assert months.admissions.sum() == seen.measures["in_county_admission_share_registered__denominator"]


def test_facilities_add_up_to_the_table_of_facilities(seen: Observed) -> None:
    months = seen.tables["monthly_facilities"].to_pandas().groupby("facility").sum(numeric_only=True)
    whole = seen.tables["facilities"].to_pandas().set_index("facility").loc[months.index]
    assert (months.visits == whole.visits).all()
    assert (months.admissions == whole.admissions).all()
    assert months.residents_fund_yuan.to_numpy() == pytest.approx(whole.residents_fund_yuan.to_numpy())


def test_looking_changes_nothing(seen: Observed) -> None:
    plan = load("lujiang-2020", [f"period.days={DAYS}", "period.run_in_days=10"])
    assert measured(plan, 1, 0.01) == seen.measures


def test_villages_add_up_to_the_table_of_residents_and_change_nothing_else(seen: Observed) -> None:
    plan = load("lujiang-2020", [f"period.days={DAYS}", "period.run_in_days=10"])
    apart = observed(plan, 1, 0.01, (*MONTHLY, "residents", "facilities", "villages"))
    assert apart.measures == seen.measures
    for name in seen.tables:
        assert apart.tables[name].equals(seen.tables[name]), name
    villages = apart.tables["villages"]
    assert villages.column_names == list(tables()["villages"]["columns"])
    assert villages.num_rows == len({row.village for row in plan.tables.villages if row.kind != "elsewhere"})
    by_town, people = (apart.tables[name].to_pandas().groupby("town").sum(numeric_only=True) for name in ("villages", "residents"))
    columns = [name for name in by_town.columns if name in people.columns]
    assert len(columns) == 11
    pd.testing.assert_frame_equal(by_town[columns], people[columns])


def test_a_county_that_has_not_counted_by_village_says_so() -> None:
    county = County(load("lujiang-2020", ["period.days=1", "period.run_in_days=0"]), scale=0.005)
    with pytest.raises(ValueError, match="by_village=True"):
        villages(county)
