"""A scenario of other people or places takes over neither goals nor note, and says of what was fitted that it was fitted elsewhere."""

from pathlib import Path

import pytest

from sim import load
from sim.scenario.notes import notes

CHILD = """
name: mine
title: {en: Mine, zh: 本县}
extends: lujiang-2020
"""


def written(folder: Path, more: str) -> Path:
    """Write a scenario that extends ours."""
    file = folder / "mine.yaml"
    file.write_text(CHILD + more, encoding="utf-8")
    return file


def test_other_rules_take_over_all(tmp_path: Path) -> None:
    mine = load(written(tmp_path, "insurance: {unreferred_cut: {value: 5 pp, source: assumed}}"))
    assert mine.fitted_here
    assert mine.targets == load("lujiang-2020").targets
    assert not list(notes(mine))


@pytest.mark.parametrize("more", ["population: {residents: {value: 800000, source: assumed}}", "places: {roads: lujiang_roads.csv}"])
def test_other_people_or_places_take_over_neither_goals_nor_fit(more: str, tmp_path: Path) -> None:
    mine = load(written(tmp_path, more))
    assert mine.fitted_elsewhere > 30
    assert not mine.targets
    assert mine.note is None
    assert [note.key for note in notes(mine)] == ["note.not_fitted"]
    (tmp_path / "again.yaml").write_text(mine.resolved(), encoding="utf-8")
    assert load(tmp_path / "again.yaml").fitted_elsewhere == mine.fitted_elsewhere


def test_a_setting_of_other_people_says_so_and_keeps_the_goals() -> None:
    mine = load("lujiang-2020", ["population.residents=800000"])
    assert not mine.fitted_here
    assert mine.targets


def test_what_is_fitted_anew_is_fitted_here(tmp_path: Path) -> None:
    (tmp_path / "other.yaml").write_text(CHILD + "population: {residents: {value: 800000, source: assumed}}", encoding="utf-8")
    again = """
name: fitted
title: {en: Fitted, zh: 拟合}
extends: other.yaml
illness: {visits_scale: {value: 1.1, source: fitted}}
"""
    (tmp_path / "fitted.yaml").write_text(again, encoding="utf-8")
    assert load(tmp_path / "fitted.yaml").fitted_elsewhere == load(tmp_path / "other.yaml").fitted_elsewhere - 1
