"""Streams and places that are not as usual: closed, read in part, without a home, not writable; and names that look like markup."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main

ROOT = Path(__file__).parents[2]
FEW = ["--scale", "0.01", "--days", "2", "--set", "period.run_in_days=1"]


def tiercare(words: list[str], shell: str = "", env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own, with a redirection of the shell."""
    command = f'"$0" -m app.cli "$@" {shell}'
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command, sys.executable, *words],
        cwd=ROOT, env={**os.environ, **(env or {})}, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", ">&- 2>&-"])
def test_a_closed_stream_is_silent_and_the_work_is_done(closed: str, tmp_path: Path) -> None:
    done = tiercare(["run", "lujiang-2020", *FEW, "--out", str(tmp_path / "run")], closed)
    assert done.returncode == 0, done.stderr + done.stdout
    assert (tmp_path / "run" / "measures.json").exists()


@pytest.mark.parametrize("words", [["scenarios"], ["sources", "lujiang-2020"], ["explain", "lujiang-2020"], ["schema"]])
def test_a_reader_that_leaves_early_is_no_failure(words: list[str]) -> None:
    assert tiercare(words, "| head -1").returncode == 0


def test_what_users_name_is_printed_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "300")
    (tmp_path / "mine.yaml").write_text(
        'name: mine\nextends: lujiang-2020\ntitle: {en: "Plan B [/b] [draft] [link=file:///x] :smile:", zh: "方案[/b]"}\n', encoding="utf-8"
    )
    folder = tmp_path / "runs[final]"
    assert main(["run", str(tmp_path / "mine.yaml"), *FEW, "--out", str(folder)]) == 0
    page = capsys.readouterr().out
    assert "Plan B [/b] [draft] [link=file:///x] :smile:" in page
    assert f"{folder}" in page.replace("\n", "")


def test_a_name_with_control_characters_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "mine.yaml").write_text('name: mine\nextends: lujiang-2020\ntitle: {en: "a\\e[31mb", zh: "甲"}\n', encoding="utf-8")
    assert main(["check", str(tmp_path / "mine.yaml")]) == 2
    said = capsys.readouterr().err
    assert "\x1b" not in said
    assert "control character" in said


def test_a_home_that_does_not_exist_is_a_fault_of_the_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["run", "lujiang-2020", *FEW, "--out", "~nosuchuser/x"]) == 2
    assert "~nosuchuser/x" in capsys.readouterr().err


def test_without_a_home_what_compiles_nothing_works() -> None:
    unknown = "import os, pwd\ndef unknown(uid): raise KeyError(uid)\npwd.getpwuid = unknown\nos.environ.pop('HOME', None)\n"
    code = unknown + "from app.cli import main\nraise SystemExit(main(['check', 'lujiang-2020']))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_a_run_folder_holds_its_own_tables_and_may_be_moved(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = tmp_path / "here" / "f.csv"
    own.parent.mkdir()
    shutil.copy(ROOT / "scenarios" / "data" / "lujiang" / "lujiang_facilities.csv", own)
    (own.parent / "mine.yaml").write_text("name: mine\nextends: lujiang-2020\nplaces: {facilities: f.csv}\n", encoding="utf-8")
    assert main(["run", str(own.parent / "mine.yaml"), *FEW, "--out", str(tmp_path / "first")]) == 0
    assert str(tmp_path) not in (tmp_path / "first" / "scenario.yaml").read_text(encoding="utf-8")
    shutil.rmtree(own.parent)
    shutil.move(tmp_path / "first", tmp_path / "moved")
    again = [str(tmp_path / "moved" / "scenario.yaml"), *FEW]
    capsys.readouterr()
    assert main(["run", *again, "--out", str(tmp_path / "again")]) == 0
    first, second = (json.loads((tmp_path / name / "run.json").read_text(encoding="utf-8")) for name in ("moved", "again"))
    assert first["inputs"] == second["inputs"]
    assert (tmp_path / "moved" / "measures.json").read_bytes() == (tmp_path / "again" / "measures.json").read_bytes()


def test_a_run_folder_whose_tables_were_edited_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = (ROOT / "scenarios" / "data" / "lujiang" / "lujiang_facilities.csv").read_text(encoding="utf-8")
    (tmp_path / "f.csv").write_text(source, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(
        "name: mine\nextends: lujiang-2020\nperiod: {days: 2, run_in_days: 1}\nplaces: {facilities: f.csv}\n", encoding="utf-8"
    )
    run = ["run", str(tmp_path / "mine.yaml"), "--scale", "0.01", "--out", str(tmp_path / "first")]
    assert main(run) == 0
    (table,) = (tmp_path / "first" / "tables").iterdir()
    table.write_text(source.replace(",650,", ",651,", 1), encoding="utf-8")
    capsys.readouterr()
    assert main(["run", str(tmp_path / "first" / "scenario.yaml"), "--scale", "0.01", "--out", str(tmp_path / "second")]) == 0
    assert "have been changed" in capsys.readouterr().err or source.replace(",650,", ",651,", 1) == source
