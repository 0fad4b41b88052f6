"""Tongling in 2018: its tables agree with each other and with the script that made them, and its teams sign as the document reports."""

import csv
import math
from pathlib import Path

import pytest

from experiments.running.one import lived, measured
from results.outcomes import measures
from scenarios.making import make_tongling
from sim import load
from sim.scenario.merging import shipped_tables

TABLES = ("towns", "villages", "ages", "facilities", "roads")
NEW, TOTAL, FREE, PAID, RATE, RENEWED = 35_517, 76_599, 60_764, 15_835, 0.3834, 0.932
"""What the document reports of 2018; the new ones are the rise of the total."""
TOLERANCE = 0.01


def table(name: str) -> list[dict[str, str]]:
    with shipped_tables()[f"tongling_{name}.csv"].open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def family() -> object:
    return load("tongling-2018").mechanisms["family_doctor"]


def test_the_script_makes_the_same_tables_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(make_tongling, "FOLDER", tmp_path)
    make_tongling.main()
    for name in TABLES:
        assert (tmp_path / f"tongling_{name}.csv").read_bytes() == shipped_tables()[f"tongling_{name}.csv"].read_bytes(), name


@pytest.mark.parametrize("name", TABLES)
def test_every_row_names_its_source_and_how_sure_it_is(name: str) -> None:
    assert all(row["source"].strip() and row["confidence"] in {"high", "medium", "low"} for row in table(name))


def test_the_communities_hold_the_people_to_whom_the_rate_refers() -> None:
    people = sum(int(row["residents"]) for row in table("towns"))
    assert people == load("tongling-2018").population.residents == round(TOTAL / RATE)


def test_there_are_22_primary_institutions_under_one_legal_entity() -> None:
    plan = load("tongling-2018")
    centres = [row["town"] for row in table("facilities") if row["kind"] == "township"]
    assert len(centres) == 22
    assert sorted(plan.groups["municipal"].towns) == sorted(centres)
    assert plan.groups["municipal"].governance == "one_entity"


def test_age_shares_sum_to_one_and_give_the_three_groups_of_the_census() -> None:
    share = {int(row["age_from"]): float(row["share"]) for row in table("ages")}
    assert math.fsum(share.values()) == pytest.approx(1, abs=1e-9)
    assert (share[0] + share[5], share[15] + share[45], share[65]) == pytest.approx((0.135, 0.737, 0.128))


def test_the_numbers_of_the_contracts_follow_from_the_document(family: object) -> None:
    people = TOTAL / RATE
    assert TOTAL == FREE + PAID
    assert family.coverage == pytest.approx((TOTAL - NEW) / people, abs=5e-5)
    assert family.paid_share == pytest.approx(PAID / TOTAL, abs=5e-5)
    assert family.renewal == RENEWED


def test_the_time_of_a_team_is_what_the_rise_and_the_lapses_take(family: object) -> None:
    """Fitted: the rise, and the contracts that lapse of those that end in the year, shared among teams and months."""
    teams = 22 * math.ceil(TOTAL / RATE / 22 / (family.panel / 0.5))
    assert family.signings == pytest.approx((NEW + (1 - RENEWED) * (TOTAL - NEW)) / teams / 12, abs=0.05)


def test_a_fifth_of_tongling_signs_about_as_much_in_two_months() -> None:
    found = measured(load("tongling-2018", ["period.days=59"]), seed=1, scale=0.2)
    expected = (TOTAL - NEW) / TOTAL * RATE + 2 * NEW / 12 / TOTAL * RATE
    assert found["contract_share"] == pytest.approx(expected, abs=TOLERANCE)


@pytest.mark.slow
def test_at_the_year_s_end_as_many_are_signed_renewed_and_paid_as_the_document_reports() -> None:
    county = lived(load("tongling-2018"))
    found = measures(county)
    assert found["contract_share"] == pytest.approx(RATE, abs=TOLERANCE)
    assert found["contract_renewal_share"] == pytest.approx(RENEWED, abs=TOLERANCE)
    assert found["contract_paid_share"] == pytest.approx(PAID / TOTAL, abs=TOLERANCE)
    assert found["contract_renewal_share__denominator"] == pytest.approx(TOTAL - NEW, rel=TOLERANCE)
    assert not any(team.full for team in county.teams)
