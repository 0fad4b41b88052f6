"""`tiercare bench`: a table in two languages, one JSON object, and a clear word where SimPy is not there."""

import json
import sys
from types import ModuleType
from typing import Any

import pytest

from app.cli import main
from app.commands import bench
from benchmarks.record import rounded
from sim.language.messages import messages

FIGURES = {
    **{key.removeprefix("bench.figure."): 12.3456 for key in messages() if key.startswith("bench.figure.")},
    "engine_visits_per_second": 5_432_100.9,
    "tries": 4,
    "years": 2,
}


@pytest.fixture(autouse=True)
def measured(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Let a stand-in measure; returns the sizes it was asked for."""
    asked: list[Any] = []
    stand_in = ModuleType("experiments.bench.bench")
    vars(stand_in).update(USUAL="usual", THOROUGH="thorough", bench=lambda sizes: asked.append(sizes) or FIGURES)
    monkeypatch.setitem(sys.modules, "experiments.bench.bench", stand_in)
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    return asked


@pytest.mark.parametrize(("lang", "word"), [("en", "SimPy, visits a second"), ("zh", "SimPy每秒诊疗人次")])
def test_every_figure_is_printed_with_what_it_means(lang: str, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--lang", lang]) == 0
    page = capsys.readouterr().out
    assert word in page
    assert page.count("12.3") == len(FIGURES) - 3
    assert "5,432,101" in page


def test_json_is_one_flat_object_with_every_digit(measured: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == FIGURES
    assert measured == ["usual"]


def test_full_measures_more_often(measured: list[Any], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", "--full", "--json"]) == 0
    assert measured == ["thorough"]


def test_without_simpy_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(bench, "find_spec", lambda name: None)
    assert main(["bench"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "pip install simpy" in err


def test_what_is_recorded_keeps_four_digits_and_whole_numbers() -> None:
    assert rounded(5_432_100.9) == 5_432_000.0
    assert rounded(0.00123456) == 0.001235
    assert rounded(4) == 4
