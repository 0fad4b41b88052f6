"""Monthly tables: what the months add up to is what the run's measures and other tables tell."""

import pandas as pd
import pytest

from experiments.running.one import Observed, measured, observed
from results.measuring.dictionary import tables
from results.months import MONTHLY
from sim import load

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
