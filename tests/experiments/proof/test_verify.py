"""Verify: the rule by which figures are judged, and the shape of what it answers."""

import json
import math
from pathlib import Path

import pytest

from experiments.proof.answers import summed_up
from experiments.proof.checks import judged
from experiments.proof.verify import verify
from sim.language.messages import UserError

NETWORK = """
kind: stations
hours: 400
stations:
  primary: {servers: 4, service: {mean: 10 min, cv2: 1}}
  clinic: {servers: 2, service: {mean: 10 min, cv2: 1}, open: {from: 08:00, to: 12:00}}
arrivals: {primary: 15 / h, clinic: 6 / h}
"""
CHOICE = """
kind: choice
utility: {per_yuan: -0.01, per_wait_minute: -0.02}
options: {near: {price: 10 yuan}, far: {constant: 0.2, price: 90 yuan, fund_share: 50 %}}
"""
FIGURES = {"throughput_per_h", "utilisation", "p_wait", "wait_h", "queue", "present", "blocked_share", "left_share", "present_share"}


@pytest.fixture
def files(tmp_path: Path) -> list[Path]:
    """Write a network and a choice."""
    (tmp_path / "three.yaml").write_text(NETWORK, encoding="utf-8")
    (tmp_path / "prices.yaml").write_text(CHOICE, encoding="utf-8")
    return [tmp_path / "three.yaml", tmp_path / "prices.yaml"]


@pytest.mark.parametrize(
    ("measured", "error", "tolerance", "passed"),
    [
        (10.4, 0.0, 0.5, True),
        (10.6, 0.0, 0.5, False),
        (10.6, 0.2, 0.8, True),
        (11.4, 1.0, 1.5, True),
        (8.4, 1.0, 1.5, False),
        (None, None, 0.5, False),
    ],
)
def test_a_figure_may_be_off_by_four_standard_errors_or_the_cap_but_never_by_three_caps(
    measured: float | None, error: float | None, tolerance: float, passed: bool
) -> None:
    line = judged("wait_h", measured, error, 10.0, 0.05)
    assert line.tolerance == pytest.approx(tolerance)
    assert line.passed is passed


def test_mean_and_standard_error_are_taken_leaf_by_leaf() -> None:
    mean, error = summed_up([{"a": 1.0, "b": [1.0], "c": None}, {"a": 3.0, "b": [1.0, 2.0], "c": 2.0}])
    assert mean == {"a": 2.0, "b": [1.0, 1.0], "c": None}
    assert error == {"a": 1.0, "b": [0.0, 1.0], "c": None}
    assert summed_up([{"a": 1.0}]) == ({"a": 1.0}, {"a": None})


def test_one_file_answers_with_its_figures_and_their_errors(files: list[Path]) -> None:
    report = verify(files[:1], runs=3)
    answer = report.as_json()
    assert answer["runs"] == 3
    assert set(answer["stations"]["primary"]) == {"all", "routine"}
    assert set(answer["stations"]["primary"]["all"]) == FIGURES
    assert set(answer["stations"]["clinic"]["all"]) == FIGURES | {"present_at_close", "overtime_h", "shut_share"}
    assert set(answer["se"]["stations"]["primary"]["routine"]) == FIGURES
    assert answer["stations"]["primary"]["all"] == answer["stations"]["primary"]["routine"]
    assert report.passed
    json.dumps(answer, allow_nan=False)


def test_several_files_answer_by_name(files: list[Path]) -> None:
    answer = verify(files, runs=2).as_json()
    assert set(answer) == {"three", "prices"}
    assert set(answer["prices"]) == {"shares", "logsum", "price_elasticity"}
    assert sum(answer["prices"]["shares"].values()) == pytest.approx(1.0)
    for row in ("near", "far"):
        share = answer["prices"]["shares"]["far"]
        expected = -0.45 * ((1.0 if row == "far" else 0.0) - share)
        assert answer["prices"]["price_elasticity"][row]["far"] == pytest.approx(expected, rel=1e-6)


def test_a_choice_with_stations_also_answers_with_waits(tmp_path: Path) -> None:
    path = tmp_path / "busy.yaml"
    path.write_text(
        CHOICE.replace("price: 10 yuan}", "price: 10 yuan, station: {servers: 1, service: {mean: 10 min}}}")
        + "demand: 6 / h\nhours: 400\n",
        encoding="utf-8",
    )
    answer = verify([path], runs=2).as_json()
    assert set(answer) == {"shares", "logsum", "price_elasticity", "wait_minutes", "utilisation", "se"}
    assert set(answer["wait_minutes"]) == set(answer["utilisation"]) == {"near"}
    assert set(answer["se"]) == set(answer) - {"se"}


def test_a_figure_that_a_file_knows_wrongly_fails(files: list[Path]) -> None:
    exact = "exact:\n  - {figure: shares.near, value: 0.5}\n  - {figure: shares.nowhere, value: 0.5}\n"
    files[1].write_text(CHOICE + exact, encoding="utf-8")
    report = verify(files[1:])
    assert [line.passed for line in report.checked[0].lines] == [False, False]
    assert not report.passed
    assert [(title, line.what) for title, line in report.rows("zh")] == [("prices", "shares near"), ("prices", "shares nowhere")]


def test_faults_of_all_files_are_told_before_any_is_run(files: list[Path]) -> None:
    for file in files:
        file.write_text("kind: nothing\n", encoding="utf-8")
    with pytest.raises(UserError) as error:
        verify(files)
    assert len(error.value.faults) == 2


CLINIC = """
kind: stations
hours: {hours}
warm_up: 24
stations:
  clinic: {{servers: 1, service: {{mean: {mean} min, cv2: 1}}, open: {{from: 08:00, to: {to}}}}}
arrivals: {{clinic: {rate} / h}}
"""


def clinic(folder: Path, **numbers: object) -> dict[str, float | None]:
    """Run a clinic; give its figures, all of which must be numbers or nothing."""
    path = folder / "clinic.yaml"
    path.write_text(CLINIC.format(**{"hours": 240, "mean": 10, "to": "23:30", "rate": 5.5, **numbers}), encoding="utf-8")
    answer = verify([path], runs=3).as_json()
    json.dumps(answer, allow_nan=False)
    return answer["stations"]["clinic"]["all"]


def test_a_day_that_the_end_of_the_run_cuts_off_is_not_counted(tmp_path: Path) -> None:
    cut, whole = clinic(tmp_path), clinic(tmp_path, hours=239.6)
    assert cut["overtime_h"] is not None
    assert [cut[name] for name in ("present_at_close", "overtime_h")] == [whole[name] for name in ("present_at_close", "overtime_h")]
    assert clinic(tmp_path, hours=36, to="23:59")["overtime_h"] is None


def test_a_clinic_that_closes_at_midnight_has_people_at_closing_and_overtime_like_any_other(tmp_path: Path) -> None:
    midnight, before = (clinic(tmp_path, hours=4000, mean=40, rate=1, to=to) for to in ("24:00", "23:59"))
    for name in ("present_at_close", "overtime_h"):
        assert before[name] > 1.0
        assert midnight[name] == pytest.approx(before[name], rel=0.1)


ENDS = [{"rate": 0}, {"rate": 0, "to": "24:00"}, {"hours": 25}, {"rate": 1e-9}, {"hours": 40_000, "to": "15:50"}]


@pytest.mark.parametrize("numbers", ENDS)
def test_no_figure_is_endless_wherever_the_run_ends_and_if_nobody_comes(tmp_path: Path, numbers: dict[str, object]) -> None:
    assert math.isfinite(clinic(tmp_path, **numbers)["throughput_per_h"])
