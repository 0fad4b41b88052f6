"""A year of Lujiang at a twentieth of its size is the year that was kept, and it makes sense."""

from typing import Any

import pytest

from results.measuring.definitions import definition
from tests.golden.rewrite import shown
from tests.golden.year import FILE, SCALE, kept, live, made_with

SANE = {
    "registered": (0.95 * 1_200_305 * SCALE, 1.05 * 1_200_305 * SCALE),
    "residents": (0.95 * 888_238 * SCALE, 1.05 * 888_238 * SCALE),
    "visits_per_resident": (4.5, 8.0),
    "admissions_per_resident": (0.08, 0.22),
    "in_county_visit_share": (0.85, 0.98),
    "in_county_admission_share_insured": (0.70, 0.95),
    "primary_visit_share_ex_village": (0.30, 0.60),
    "township_admission_share": (0.05, 0.40),
    "forgone_care_share": (0.02, 0.30),
    "bed_occupancy_county": (0.55, 1.0),
    "mean_bed_wait_days": (0.0, 5.0),
    "cost_per_visit_township": (50.0, 110.0),
    "cost_per_admission_county": (3000.0, 10000.0),
    "out_of_pocket_share": (0.30, 0.70),
    "fund_spent_per_head": (450.0, 1100.0),
    "contract_share": (0.3834 - 0.005, 0.3834 + 0.005),
}
"""Widest range in which each measure makes sense for a poor county of eastern China in 2020."""
ALIKE = {"share": 0.01}
"""How far a share may be off on another machine, where last bits differ and now and then a person chooses otherwise; other numbers 2 %."""


@pytest.fixture(scope="module")
def year() -> dict[str, Any]:
    return live()


@pytest.mark.slow
def test_the_year_is_the_one_that_was_kept(year: dict[str, Any]) -> None:
    """To the last bit with the versions it was made with; elsewhere within the tolerance of `ALIKE`."""
    old = kept()
    assert FILE.exists(), "make golden"
    assert old["measures"].keys() == year["measures"].keys(), "measures have come or gone; see `make golden`"
    if old["made_with"] == made_with():
        moved = {name: f"{shown(was)} -> {shown(year['measures'][name])}" for name, was in old["measures"].items()
                 if year["measures"][name] != was}  # fmt: skip
        assert moved == {}, "if this was meant, `make golden` keeps the new numbers"
    for name, was in old["measures"].items():
        now = year["measures"][name]
        assert (was is None) == (now is None), name
        if was is not None:
            assert now == pytest.approx(was, abs=ALIKE.get(definition(name).unit, 0.02 * abs(was))), name


@pytest.mark.slow
@pytest.mark.parametrize("name", SANE)
def test_the_year_makes_sense(year: dict[str, Any], name: str) -> None:
    low, high = SANE[name]
    assert low <= year["measures"][name] <= high


@pytest.mark.slow
def test_shares_are_shares_and_tiers_cost_more_the_higher_they_are(year: dict[str, Any]) -> None:
    found = year["measures"]
    for name, value in found.items():
        if definition(name).unit == "share" and value is not None:
            assert 0.0 <= value <= 1.0, name
    visits = [found[f"cost_per_visit_{tier}"] for tier in ("village", "township", "county", "municipal")]
    stays = [found[f"cost_per_admission_{tier}"] for tier in ("township", "county", "municipal", "provincial")]
    assert visits == sorted(visits)
    assert stays == sorted(stays)


def test_the_kept_numbers_make_sense() -> None:
    """What was kept is checked without living the year."""
    found = kept()["measures"]
    assert {name: found[name] for name, (low, high) in SANE.items() if not low <= found[name] <= high} == {}
