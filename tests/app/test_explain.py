"""`explain --parts` and `--experiments`: what they print, in which language, and how they refuse."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from app.cli import main
from app.screen.parts_page import pieces
from experiments.running import processes
from sim import load

SMALL = ["--runs", "2", "--days", "6", "--scale", "0.01"]


@pytest.fixture(autouse=True)
def english_and_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English, in one process."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setattr(processes, "processes", lambda wanted=1: 1)


def printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> tuple[str, str]:
    assert main(words) == 0
    found = capsys.readouterr()
    return found.out, found.err


def test_parts_are_printed_with_what_they_mean(capsys: pytest.CaptureFixture[str]) -> None:
    page, progress = printed(["explain", "lujiang-2020", "--parts", *SMALL], capsys)
    for word in ("doctors", "together", "Township centres' share", "Parts need not sum", "percentage points", "±"):
        assert word in page
    runs = 2 * (len(load("lujiang-2020").mechanisms) + 2)
    assert f"{runs} runs at 1 % of the households, 6 days" in progress
    assert f"{runs} of {runs} runs" in progress


def test_parts_speak_chinese_and_keep_to_the_measures_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    page, _ = printed(["explain", "lujiang-2018", "--parts", *SMALL, "--measures", "visits,visits", "--lang", "zh"], capsys)
    assert "家庭医生签约" in page
    assert "各项贡献之和不必等于总效果" in page
    assert "诊疗人次" in page
    assert "个人自付比" not in page


def test_parts_are_one_object_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    page, _ = printed(["explain", "lujiang-2018", "--parts", "--json", *SMALL, "--seed", "7", "--measures", "visits"], capsys)
    told = json.loads(page)
    assert told["seeds"] == [7, 8]
    assert list(told["measures"]) == ["visits"]


def test_experiments_are_printed_beside_the_studies(capsys: pytest.CaptureFixture[str]) -> None:
    page, progress = printed(["explain", "lujiang-2018", "--experiments", *SMALL], capsys)
    for word in (
        "zhou_2011",
        "-0.519 (0.090)",
        "✗ not matched",
        "Not matched: awaits calibration",
        "They rest most of all on",
        "borrows the rules",
    ):
        assert word in " ".join(page.split())
    assert "10 counties at 1 % of the households" in progress


def test_experiments_speak_chinese_and_json(capsys: pytest.CaptureFixture[str]) -> None:
    page, _ = printed(["explain", "lujiang-2020", "--experiments", "--runs", "1", "--days", "2", "--scale", "0.01", "--lang", "zh"], capsys)
    assert "✗ 不相符" in page
    assert "只用一个种子" in page
    assert "borrow" not in page
    words = ["explain", "lujiang-2020", "--experiments", "--runs", "1", "--days", "2", "--scale", "0.01", "--json"]
    told = json.loads(printed(words, capsys)[0])
    assert told["experiments"]["first_visit_elasticity"]["matched"] is False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["lujiang-2021", "--parts"], "did you mean 'lujiang-2020'"),
        (["lujiang-2021", "--experiments"], "did you mean 'lujiang-2020'"),
        (["lujiang-2020", "--parts", "--runs", "0"], "--runs"),
        (["lujiang-2020", "--experiments", "--runs", "0"], "--runs"),
        (["lujiang-2020", "--parts", "--scale", "0"], "--scale"),
        (["lujiang-2020", "--experiments", "--scale", "0"], "--scale"),
        (["lujiang-2020", "--parts", "--scale", "0.00001"], "at least 100"),
        (["lujiang-2020", "--parts", "--days", "0"], "--days"),
        (["lujiang-2020", "--parts", "--measures", "visitz"], "did you mean 'visits'"),
        (["lujiang-2020", "--parts", "--measures", ""], "--measures"),
        (["lujiang-2020", "--parts", "--experiments"], "only one of"),
        (["lujiang-2020", "--numbers", "--parts"], "only one of"),
        (["lujiang-2020", "--runs", "3"], "goes only with --parts, --experiments"),
        (["lujiang-2020", "--experiments", "--measures", "visits"], "goes only with --parts"),
        (["--parts"], "SCENARIO"),
    ],
)
def test_what_cannot_be_is_refused_with_one_clear_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", *words]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert said in err
    assert "Traceback" not in err


def test_columns_are_cut_where_the_page_ends() -> None:
    assert pieces({"none": 8, "a": 10, "b": 10, "all": 8}, 30) == [["none", "a"], ["b", "all"]]
    assert pieces({"none": 8, "a": 90}, 30) == [["none"], ["a"]]


def begun() -> "subprocess.Popen[str]":
    """Begin a long comparison in a session of its own, and wait until its runs have begun."""
    words = [sys.executable, "-m", "app.cli", "explain", "lujiang-2020", "--parts", "--scale", "0.2"]
    process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stderr is not None
    while "runs at 20 %" not in process.stderr.readline():
        assert process.poll() is None
    time.sleep(3.0)
    return process


@pytest.mark.slow
def test_ctrl_c_ends_every_process_without_a_word_of_theirs() -> None:
    process = begun()
    os.killpg(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err


@pytest.mark.slow
def test_no_process_outlives_the_one_that_began_it() -> None:
    process = begun()
    process.kill()
    process.communicate(timeout=60)
    with pytest.raises(ProcessLookupError):
        for _ in range(300):
            os.killpg(process.pid, 0)
            time.sleep(0.1)
