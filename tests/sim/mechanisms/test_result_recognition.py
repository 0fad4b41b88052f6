"""Result recognition: neutral at zero, only referred patients' bills at hospitals of the county fall, and by as much as the rule says."""

from pathlib import Path

import numpy as np
import pytest

from sim import County, load
from tests.sim.mechanisms.small_counties import SCALE, SEED, lived, shared

SET = "mechanisms.result_recognition."
RULES = """
name: recognition
title: {en: Recognition, zh: 互认}
extends: lujiang-2018
mechanisms:
  result_recognition: {source: assumed, examinations_share: 30 %, recognised: 50 %}
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    """The county before the reform, with recognition."""
    path = tmp_path / "recognition.yaml"
    path.write_text(RULES, encoding="utf-8")
    return path


@pytest.mark.parametrize("nothing", ["examinations_share=0 %", "recognised=0 %"])
def test_where_nothing_is_recognised_nothing_changes(rules: Path, nothing: str) -> None:
    idle, usual = shared(lived(rules, [SET + nothing]), lived("lujiang-2018"))
    assert len(idle) > 50
    assert idle == usual


def test_only_bills_of_the_referred_at_hospitals_of_the_county_fall_and_by_the_part_recognised(rules: Path) -> None:
    with_it, without = (County(load(scenario), seed=SEED, scale=SCALE).market.tariff for scenario in (rules, "lujiang-2018"))
    hospital = County(load(rules), seed=SEED, scale=SCALE).place.facilities.county_hospital
    for after, before in ((with_it.visit_bill, without.visit_bill), (with_it.stay_bill, without.stay_bill)):
        assert np.array_equal(after[..., 0, :], before[..., 0, :])
        assert np.array_equal(after[..., 1, ~hospital], before[..., 1, ~hospital])
        assert after[..., 1, hospital] == pytest.approx(0.85 * before[..., 1, hospital])


def test_recognition_makes_admissions_to_county_hospitals_cheaper(rules: Path) -> None:
    dear, cheap = (lived(rules, [f"{SET}recognised={share} %"], days=60) for share in (0, 100))
    hospital = dear.place.facilities.county_hospital
    bills = [county.books.paid[:, 1, hospital].sum() / county.inpatients.counts.discharges[hospital].sum() for county in (dear, cheap)]
    assert bills[1] < bills[0]
