"""`tiercare run`, with a stand-in for the model: what it prints, what it writes, and what is left when it is stopped."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic, sleep

import pytest

from app.cli import main
from experiments.running import one
from results.store.run import FILES
from tests.app import stand_in

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def stand_in_for_the_model(monkeypatch: pytest.MonkeyPatch) -> None:
    """Put the stand-in where the model is imported from."""
    monkeypatch.setenv("LC_ALL", "C.UTF-8")
    for name, module in stand_in.modules().items():
        monkeypatch.setitem(sys.modules, name, module)
    for name in ("County", "warm", "measures", "TABLES"):
        monkeypatch.setattr(one, name, stand_in.ONE_RUN[name])


def test_a_run_writes_its_folder_whole(tmp_path: Path) -> None:
    out = tmp_path / "new" / "run"
    assert main(["run", "one", "--out", str(out), "--seed", "7", "--scale", "0.5"]) == 0
    assert {path.name for path in out.iterdir()} == set(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["new"]
    facts = json.loads((out / "run.json").read_text(encoding="utf-8"))
    assert (facts["seed"], facts["scale"], facts["residents"], facts["visits"], facts["admissions"]) == (7, 0.5, 888_238, 5_000_000, None)
    assert set(facts["versions"]) == {"python", "tiercare", "mesa", "numpy", "numba"}


def test_json_is_one_flat_object_and_nothing_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "one", "--out", str(tmp_path / "run"), "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    run = printed.pop("run")
    assert printed == stand_in.MEASURES
    assert {"wall_seconds", "peak_memory_mb", "seed", "versions"} <= set(run)
    assert run["seed"] == 1
    assert json.loads((tmp_path / "run" / "measures.json").read_text(encoding="utf-8")) == stand_in.MEASURES


def test_measures_stand_beside_goals_with_gap_and_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "one", "--out", str(tmp_path / "run")]) == 0
    out = capsys.readouterr().out
    row = next(line for line in out.splitlines() if "88.4 %" in line)
    assert all(text in row for text in ("90.0 %", "-1.6 pp", "≈ within tolerance"))
    assert str(tmp_path / "run") in out


def test_the_report_begins_in_the_language_of_the_command_and_is_named_at_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang in ("en", "zh"):
        assert main(["run", "one", "--out", str(tmp_path / lang), "--lang", lang]) == 0
        report = tmp_path / lang / "report.html"
        assert capsys.readouterr().out.strip().endswith(str(report))
        assert report.read_text(encoding="utf-8") == f"<html lang={lang}>"


def test_no_verdict_is_given_before_a_full_year(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "one", "--out", str(tmp_path / "run"), "--days", "364"]) == 0
    out = capsys.readouterr().out
    assert "no verdict before a full year" in out
    assert "within tolerance" not in out


def test_a_run_can_be_read_in_chinese(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "one", "--out", str(tmp_path / "run"), "--lang", "zh"]) == 0
    out = capsys.readouterr().out
    assert all(word in out for word in ("某县", "参保人县域内住院人次占比", "个百分点", "在允许误差内", "结果文件夹"))


def test_progress_goes_to_stderr_at_most_every_tenth_of_a_phase(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "one", "--out", str(tmp_path / "run"), "--json"]) == 0
    lines = [line for line in capsys.readouterr().err.splitlines() if line.startswith("measured days ")]
    assert 0 < len(lines) <= 10
    assert lines[-1].startswith("measured days 100 %")


def test_ctrl_c_ends_a_run_with_130_and_leaves_nothing(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "tests.app.stand_in", "0.05", "run", "one", "--out", str(tmp_path / "run")]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    begun = monotonic()
    while "measured days" not in process.stderr.readline():
        assert monotonic() - begun < 30
    sleep(0.1)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert err.splitlines()[-1].startswith("stopped")
    assert "Traceback" not in err
    assert list(tmp_path.iterdir()) == []
