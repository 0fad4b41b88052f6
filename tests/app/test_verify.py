"""`tiercare verify`: the exit code follows the figures, and a user's own problem comes back in the shape of the contract."""

import json
import sys
from pathlib import Path
from types import ModuleType

import pytest

from app.cli import main
from experiments.proof.checks import Checked, judged

CLINIC = """
kind: stations
hours: 200
warm_up: 20
stations:
  clinic: {servers: 2, service: {mean: 10 min, cv2: 1}, open: always}
arrivals: {clinic: {routine: 6 / h}}
"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


@pytest.mark.parametrize(("measured", "code", "word"), [(1.0, 0, "✓ agrees"), (1.2, 1, "✗ off")])
def test_the_exit_code_says_whether_every_figure_agrees(
    measured: float, code: int, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stand_in = ModuleType("experiments.proof.verify")
    line = judged("wait", measured, 0.001, exact=1.0, cap=0.05)
    stand_in.checks = lambda files, runs: iter([Checked("one", {"en": "One doctor", "zh": "一位医生"}, (line,))])  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "experiments.proof.verify", stand_in)
    assert main(["verify"]) == code
    out, err = capsys.readouterr()
    assert err.splitlines()[-1] == "done: One doctor"
    assert word in out
    assert "One doctor" in out


def test_a_problem_of_ones_own_is_run_and_answered_as_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "clinic.yaml"
    file.write_text(CLINIC, encoding="utf-8")
    assert main(["verify", str(file), "--runs", "3", "--json"]) == 0
    answer = json.loads(capsys.readouterr().out)
    assert set(answer) == {"runs", "stations", "se"}
    assert answer["runs"] == 3
    assert 0.3 < answer["stations"]["clinic"]["all"]["utilisation"] < 0.7


def test_a_problem_that_is_not_there_is_the_users_fault(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["verify", "nowhere.yaml"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "nowhere.yaml" in err
    assert "Traceback" not in err
