"""The sample of claims: bills add up to what the county's books say, the same people are in it everywhere, and looking changes nothing."""

import numpy as np
import pandas as pd
import pytest

from experiments.running import one
from experiments.running.one import Observed, measured, observed
from results.measuring.codes import codes_of
from results.measuring.dictionary import tables
from results.sample import SAMPLED
from sim import load
from sim.scenario.scenario import Scenario
from sim.words import PAYERS

SHORT = ("period.days=70", "period.run_in_days=10")


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return load("lujiang-2020", list(SHORT))


@pytest.fixture(scope="module")
def everyone(plan: Scenario) -> Observed:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(one, "SHARE", 1.0)
        return observed(plan, 1, 0.005, (*SAMPLED, "facilities"))


def test_every_column_is_declared_and_no_other(everyone: Observed) -> None:
    for name in SAMPLED:
        assert everyone.tables[name].column_names == list(tables()[name]["columns"])


def test_the_bills_of_everyone_add_up_to_what_facilities_were_paid(everyone: Observed) -> None:
    bills = everyone.tables["claims_sample"].to_pandas()
    whole = everyone.tables["facilities"].to_pandas().set_index("facility")
    paid = bills.groupby("facility").sum(numeric_only=True).reindex(whole.index, fill_value=0.0)
    funds = [f"{payer}_yuan" for payer in PAYERS if payer.endswith("_fund")]
    for column in ("critical_illness", "medical_relief", "waiver", "patient"):
        assert paid[f"{column}_yuan"].to_numpy() == pytest.approx(whole[f"{column}_yuan"].to_numpy(), abs=1e-6), column
    assert paid.fund_yuan.to_numpy() == pytest.approx(whole[funds].sum(axis=1).to_numpy(), abs=1e-6)
    for setting in ("visit", "stay"):
        by_place = bills[bills.setting == setting].groupby("facility").bill_yuan.sum().reindex(whole.index, fill_value=0.0)
        assert by_place.to_numpy() == pytest.approx(whole[f"{setting}_bills_yuan"].to_numpy(), abs=1e-6)
    assert (bills[bills.setting == "visit"].groupby("facility").size().reindex(whole.index, fill_value=0) == whole.visits).all()


def test_one_bill_is_paid_by_somebody_and_follows_from_its_own_numbers(everyone: Observed) -> None:
    bills = everyone.tables["claims_sample"].to_pandas()
    parts = ("fund", "critical_illness", "medical_relief", "waiver", "patient")
    assert bills.bill_yuan.to_numpy() == pytest.approx(sum(bills[f"{part}_yuan"] for part in parts).to_numpy())
    promised = (bills.in_scope_yuan - bills.deductible_yuan).clip(lower=0) * bills.fund_share
    most = (bills.limit_yuan - bills.fund_before_yuan).clip(lower=0)
    assert bills.fund_yuan.to_numpy() == pytest.approx(np.minimum(promised, most).to_numpy(), abs=0.011)
    stays = bills[bills.setting == "stay"]
    assert len(stays) > 20
    assert (stays.days > 0).all()
    assert bills[bills.setting == "visit"].days.isna().all()
    assert bills.date.is_monotonic_increasing
    assert bills.date.iloc[0].isoformat() >= "2020-01-01"


def test_everyone_is_listed_with_the_bills_he_had(everyone: Observed) -> None:
    people, bills = (everyone.tables[name].to_pandas() for name in ("claims_people", "claims_sample"))
    assert len(people) == people.person.nunique() > 4_000
    counted = bills.groupby("person").size().reindex(people.person, fill_value=0)
    assert (counted.to_numpy() == people.bills.to_numpy()).all()
    assert (people.bills == 0).any()
    scheme = people.set_index("person").scheme.reindex(bills.person)
    assert (scheme.to_numpy() == bills.scheme.to_numpy()).all()


def test_the_sample_is_of_people_and_the_same_at_another_scale_and_under_other_rules(plan: Scenario) -> None:
    small, large = (set(_people(plan, scale).person) for scale in (0.01, 0.03))
    assert 100 < len(small) < 400
    assert small < large
    assert len(large) == pytest.approx(0.02 * 0.03 * plan.population.registered, rel=0.15)
    other = load("lujiang-2018", list(SHORT))
    assert set(_people(other, 0.01).person) == small


def _people(plan: Scenario, scale: float) -> pd.DataFrame:
    return observed(plan, 1, scale, ("claims_people",)).tables["claims_people"].to_pandas()


def test_a_sample_of_nobody_leaves_empty_tables_of_the_same_columns(
    plan: Scenario, everyone: Observed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(one, "SHARE", 0.0)
    found = observed(plan, 1, 0.005, tuple(SAMPLED))
    for name in SAMPLED:
        assert found.tables[name].num_rows == 0
        assert found.tables[name].schema == everyone.tables[name].schema


def test_looking_changes_nothing(plan: Scenario, everyone: Observed) -> None:
    assert measured(plan, 1, 0.005) == everyone.measures


def test_every_word_of_a_coded_column_is_in_the_codebook(plan: Scenario, everyone: Observed) -> None:
    codes = {(code.table, code.column, code.value) for code in codes_of(SAMPLED, plan.tables)}
    for name in SAMPLED:
        frame = everyone.tables[name].to_pandas()
        for column, declared in tables()[name]["columns"].items():
            if declared["unit"] == "code" or column in ("facility", "condition", "town"):
                assert {(name, column, value) for value in frame[column].unique()} <= codes, column
    assert all(code.label_en and code.label_zh for code in codes_of(SAMPLED, plan.tables))
