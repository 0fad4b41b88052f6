"""`tiercare run` with the model itself: a tiny county end to end, faults of the user each answered in one message, and Ctrl-C."""

import csv
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from time import monotonic

import pyarrow.parquet as pq
import pytest

from app.cli import main
from results.report.page import page
from results.store.run import FILES, read
from sim.language.messages import say
from sim.scenario.merging import shipped_tables

ROOT = Path(__file__).parents[2]
TINY = ["--scale", "0.01", "--days", "10", "--json"]
PROGRESS = (say("run.compiling"), say("run.building"))
"""Lines that say how far a run is; roads are read when the county is built."""
Rows = list[dict[str, str]]


@pytest.fixture(autouse=True)
def speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def command(*words: str) -> subprocess.Popen[str]:
    """Start `tiercare` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "app.cli", *words], cwd=ROOT, env={**os.environ, "LC_ALL": "C.UTF-8"},
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def table(folder: Path, name: str, change: Callable[[Rows], Rows]) -> Path:
    """Write one of our tables anew after a change."""
    with shipped_tables()[name].open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(change(rows))
    return path


def altered(name: str, **values: str) -> Callable[[Rows], Rows]:
    """Make the change of one facility's row."""
    return lambda rows: [{**row, **values} if row["facility"] == name else row for row in rows]


def refused(capsys: pytest.CaptureFixture[str], out: Path, *words: str) -> str:
    """Run what must be refused: exit code 2, one line after whatever progress there was, nothing written; returns the line."""
    before = sorted(path.name for path in out.parent.iterdir())
    assert main(["run", *words, *TINY, "--out", str(out)]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    lines = [line for line in printed.err.strip().splitlines() if not line.startswith(PROGRESS)]
    assert len(lines) == 1, printed.err
    assert sorted(path.name for path in out.parent.iterdir()) == before
    return lines[0]


@pytest.mark.slow
def test_a_run_leaves_a_whole_folder_and_prints_its_measures(tmp_path: Path) -> None:
    out = tmp_path / "run"
    process = command("run", "lujiang-2020", *TINY, "--out", str(out))
    printed, error = process.communicate(timeout=300)
    assert process.returncode == 0, error
    assert {path.name for path in out.iterdir()} == set(FILES)
    assert [path.name for path in tmp_path.iterdir()] == ["run"]
    found, kept = json.loads(printed), json.loads((out / "measures.json").read_text(encoding="utf-8"))
    run = found.pop("run")
    assert found == kept
    assert {"wall_seconds", "peak_memory_mb", "seed", "versions"} <= run.keys()
    assert {
        "in_county_admission_share_insured",
        "primary_visit_share_ex_village",
        "fund_spent_per_head",
        "mean_wait_minutes",
    } <= kept.keys()
    assert pq.read_table(out / "daily.parquet").num_rows == 10
    assert sum(pq.read_table(out / "facilities.parquet")["visits"].to_pylist()) == kept["visits"] > 1000
    assert min(pq.read_table(out / "books.parquet")["yuan"].to_pylist()) > 0


def test_a_run_can_be_repeated_from_its_own_scenario(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert main(["run", "lujiang-2020", *TINY, "--out", str(first)]) == 0
    assert main(["run", str(first / "scenario.yaml"), *TINY, "--out", str(second)]) == 0
    capsys.readouterr()
    for name in sorted(set(FILES) - {"scenario.yaml", "run.json", "report.html"}):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


def test_the_report_can_be_made_again_from_its_folder_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "run"
    assert main(["run", "lujiang-2020", *TINY, "--out", str(folder), "--lang", "zh"]) == 0
    report = (folder / "report.html").read_text(encoding="utf-8")
    assert json.loads(capsys.readouterr().out)["run"]["report"] == str(folder / "report.html")
    moved = folder.rename(tmp_path / "moved")
    assert page(read(moved), "zh") == report
    assert str(tmp_path) not in report


def test_own_tables_take_the_place_of_ours(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Roads twice as slow, and a township of many doctors."""
    roads = table(tmp_path, "lujiang_roads.csv", lambda rows: [{**row, "minutes": str(2 * float(row["minutes"]))} for row in rows])
    houses = table(tmp_path, "lujiang_facilities.csv", altered("baihu_township", doctors="99"))
    own = ["--set", f"places.roads={roads}", "--set", f"places.facilities={houses}"]
    for name, settings in (("ours", []), ("own", own)):
        assert main(["run", "lujiang-2018", *TINY, *settings, "--out", str(tmp_path / name)]) == 0
    capsys.readouterr()
    ours, theirs = (json.loads((tmp_path / name / "measures.json").read_text(encoding="utf-8")) for name in ("ours", "own"))
    assert theirs["mean_travel_minutes_county_hospital"] > 1.5 * ours["mean_travel_minutes_county_hospital"]
    rows = pq.read_table(tmp_path / "own" / "facilities.parquet").to_pylist()
    assert next(row["doctors"] for row in rows if row["facility"] == "baihu_township") == 99


def test_a_broken_scenario_is_refused_by_file_and_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = tmp_path / "broken.yaml"
    broken.write_text("name: broken\nextends: lujiang-2018\nperiod: {start: 2018-01-01\n", encoding="utf-8")
    assert "broken.yaml:" in refused(capsys, tmp_path / "run", str(broken))


def test_a_file_that_is_missing_is_refused_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(capsys, tmp_path / "run", "lujiang-2020", "--set", f"places.roads={tmp_path / 'no_roads.csv'}")
    assert "places.roads" in line
    assert "no_roads.csv" in line
    assert "lujiang-2020" in refused(capsys, tmp_path / "run", "lujiang-2021")


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("insurance.residents.inpatient.grade_2.in_county.deductible=400", ("grade_2.in_county.deductible", "400", "yuan")),
        ("insurance.residents.inpatient.grade_2.in_county.deductible=400 min", ("grade_2.in_county.deductible", "400 min", "yuan")),
        ("mechanisms.familydoctor.coverage=30 %", ("familydoctor", "family_doctor")),
        ("population.residents=0", ("population.residents",)),
        ("mechanisms.family_doctor.coverage=130 %", ("coverage", "130 %")),
    ],
    ids=["no unit", "wrong unit", "unknown mechanism", "empty county", "too large a share"],
)
def test_a_faulty_setting_is_refused_by_place_and_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], setting: str, words: tuple[str, ...]
) -> None:
    line = refused(capsys, tmp_path / "run", "lujiang-2020", "--set", setting)
    assert all(word in line for word in words), line


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"beds": "-5"}, ("lujiang_facilities.csv", "beds", "-5")),
        ({"doctors": "many"}, ("lujiang_facilities.csv", "doctors", "many")),
        ({"node": "the_moon"}, ("baihu_township", "the_moon")),
        ({"town": "baihoo"}, ("baihu_township", "baihoo", "baihu")),
    ],
    ids=["fewer beds than none", "no number", "no road", "no town"],
)
def test_a_faulty_facility_is_refused_by_row_and_value(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], values: dict[str, str], words: tuple[str, ...]
) -> None:
    path = table(tmp_path, "lujiang_facilities.csv", altered("baihu_township", **values))
    line = refused(capsys, tmp_path / "run", "lujiang-2020", "--set", f"places.facilities={path}")
    assert all(word in line for word in words), line


def test_a_road_of_no_length_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = table(tmp_path, "lujiang_roads.csv", lambda rows: [{**rows[0], "minutes": "-3"}, *rows[1:]])
    line = refused(capsys, tmp_path / "run", "lujiang-2020", "--set", f"places.roads={path}")
    assert "lujiang_roads.csv" in line
    assert "-3" in line


@pytest.mark.slow
def test_ctrl_c_in_mid_run_leaves_nothing(tmp_path: Path) -> None:
    process = command("run", "lujiang-2020", "--scale", "0.3", "--out", str(tmp_path / "run"))
    assert process.stderr is not None
    begun = monotonic()
    while "measured days" not in process.stderr.readline():
        assert monotonic() - begun < 200
    process.send_signal(signal.SIGINT)
    out, error = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in error
    assert list(tmp_path.iterdir()) == []
