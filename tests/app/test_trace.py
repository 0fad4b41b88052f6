"""`tiercare trace` on a small county: the story, the page, and faults of the user each answered in one message."""

import json
from pathlib import Path

import pytest

from app.cli import main

TINY = ["--scale", "0.002", "--days", "10", "--set", "period.run_in_days=5"]


@pytest.fixture(autouse=True)
def speak_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "C.UTF-8")


def told(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run what must succeed; returns what is printed."""
    assert main(["trace", "lujiang-2020", *TINY, *words]) == 0
    return capsys.readouterr().out


def refused(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run what must be refused: exit code 2 and nothing on stdout; returns the last line."""
    assert main(["trace", "lujiang-2020", *TINY, *words]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "Traceback" not in printed.err
    return printed.err.strip().splitlines()[-1]


@pytest.fixture(scope="module")
def somebody() -> tuple[str, str]:
    """Find one of the small county who had nothing to tell, and the next who had."""
    import io
    from contextlib import redirect_stderr, redirect_stdout

    out, err = io.StringIO(), io.StringIO()
    with redirect_stderr(err):
        assert main(["trace", "lujiang-2020", *TINY, "--resident", "5000", "--lang", "en"]) == 2
    near = err.getvalue().split()[-1]
    with redirect_stdout(out), redirect_stderr(err):
        assert main(["trace", "lujiang-2020", *TINY, "--resident", near, "--json", "--lang", "en"]) == 0
    return near, str(json.loads(out.getvalue())["next_resident_with_events"])


def test_a_quiet_resident_names_the_next_who_has_a_story(capsys: pytest.CaptureFixture[str], somebody: tuple[str, str]) -> None:
    quiet, busy = somebody
    assert f"the next who looked for care is number {busy}." in told(capsys, "--resident", quiet)
    page = told(capsys, "--resident", busy)
    assert f"Resident {busy}\n" in page
    assert "10 days in figures" in page
    assert "looked for care is number" not in page


def test_json_is_one_object_in_the_language_asked_for(capsys: pytest.CaptureFixture[str], somebody: tuple[str, str]) -> None:
    story = json.loads(told(capsys, "--resident", somebody[1], "--json", "--lang", "zh"))
    assert story["resident"]["number"] == int(somebody[1])
    assert story["next_resident_with_events"] is None
    assert {"kind", "date", "text"} <= story["events"][0].keys()
    assert all(event["text"].endswith("。") for event in story["events"])
    assert story["run"]["scale"] == 0.002


def test_the_page_is_written_once_and_never_over_another(
    capsys: pytest.CaptureFixture[str], somebody: tuple[str, str], tmp_path: Path
) -> None:
    file = tmp_path / "year.html"
    assert str(file) in told(capsys, "--resident", somebody[1], "--html", str(file)).replace("\n", "")
    before = file.read_bytes()
    assert before.startswith(b"<!doctype html>")
    assert "is there already" in refused(capsys, "--resident", somebody[1], "--html", str(file))
    assert file.read_bytes() == before
    assert "cannot be written" in refused(capsys, "--resident", somebody[1], "--html", str(tmp_path / "no" / "year.html"))
    assert [path.name for path in tmp_path.iterdir()] == ["year.html"]


@pytest.mark.parametrize("number", ["-1", "1200305", "x", "1.5", "٣", "", "1e3", "9" * 30])
def test_a_number_nobody_has_is_refused_with_the_highest(capsys: pytest.CaptureFixture[str], number: str) -> None:
    line = refused(capsys, f"--resident={number}")
    assert line == f"--resident: {number!r} is no number of a resident; wanted is a whole number from 0 to 1200304"


def test_whom_to_follow_must_be_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert "say whom to follow with --resident" in refused(capsys)


def test_who_is_left_out_of_a_scaled_county_is_refused_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    line = refused(capsys, "--resident", "5000")
    assert "resident 5000 is not among" in line
    assert line.split()[-1].isdigit()
