"""The front door: help, language, messages, exit codes."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli import main
from app.commands import COMMANDS
from tests.app import stand_in

ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test begin in English, on the stand-in for the model."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    for name, module in stand_in.modules().items():
        monkeypatch.setitem(sys.modules, name, module)


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command line that must be refused with one line on stderr and nothing on stdout; returns the line."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.count("\n") == 1
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize("lang", ["en", "zh"])
@pytest.mark.parametrize("command", [command.name for command in COMMANDS])
def test_every_help_page_ends_with_examples(command: str, lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([command, "--help", "--lang", lang]) == 0
    page = capsys.readouterr().out
    examples = page.split({"en": "examples:\n", "zh": "示例：\n"}[lang])[1]
    assert examples.startswith(f"  tiercare {command}")
    assert "--lang zh|en" in page
    assert "--json" in page


def test_without_a_command_every_command_is_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    page = capsys.readouterr().out
    assert all(f"\n  {command.name} " in page for command in COMMANDS)


@pytest.mark.parametrize(
    ("variables", "spoken"),
    [
        ({"LC_ALL": "zh_CN.UTF-8"}, "命令"),
        ({"LC_ALL": "", "LANG": "zh_TW.UTF-8"}, "命令"),
        ({"LC_ALL": "en_US.UTF-8", "LANG": "zh_CN"}, "commands"),
        ({"LC_ALL": "", "LANG": ""}, "commands"),
    ],
)
def test_the_language_follows_the_environment(
    variables: dict[str, str], spoken: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, value in {"LC_MESSAGES": "", **variables}.items():
        monkeypatch.setenv(name, value)
    assert main([]) == 0
    assert spoken in capsys.readouterr().out


@pytest.mark.parametrize("words", [["--lang", "zh", "run"], ["run", "--lang=zh"], ["run", "--lang", "zh"]])
def test_a_language_asked_for_wins_wherever_it_stands(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert "需要" in refused(words, capsys)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["rum"], "did you mean 'run'"),
        (["--lang", "fr", "run"], "'fr'"),
        (["--sped"], "'--sped'"),
        (["run"], "SCENARIO"),
        (["run", "one", "two"], "one two"),
        (["run", "one", "--sead", "3"], "did you mean '--seed'"),
        (["run", "one", "--seed"], "--seed N"),
        (["run", "one", "--json=3"], "--json takes no value"),
        (["run", "one", "--seed", "-1"], "--seed: '-1'"),
        (["run", "one", "--seed", "1.5"], "--seed: '1.5'"),
        (["run", "one", "--seed", "９"], "--seed: '９'"),
        (["run", "one", "--days", "0"], "--days: '0'"),
        (["run", "one", "--days", "ten"], "--days: 'ten'"),
        (["run", "one", "--scale", "0"], "--scale: '0'"),
        (["run", "one", "--scale", "1.01"], "--scale: '1.01'"),
        (["run", "one", "--scale", "nan"], "--scale: 'nan'"),
        (["run", "one", "--scale", "120 %"], "--scale: '120 %'"),
        (["run", "bad"], "teapot"),
        (["run", "one", "--out", str(ROOT / "app")], "already holds something"),
        (["run", "one", "--out", str(ROOT / "pyproject.toml")], "is a file"),
        (["run", "one", "--out", str(ROOT / "pyproject.toml" / "inside")], "is a file"),
        (["run", "one", "--out", "/proc/tiercare/run"], "cannot be written"),
        (["scenarios", "extra"], "'extra'"),
        (["check"], "FILE"),
        (["verify", "--runs", "0"], "--runs: '0'"),
    ],
)
def test_a_word_that_is_wrong_is_answered_by_one_clear_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said in refused(words, capsys)


def test_check_tells_faults_and_their_absence(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "good"]) == 0
    assert capsys.readouterr().out == "good: no faults\n"
    assert main(["check", "good", "bad-a", "bad-b"]) == 2
    out, err = capsys.readouterr()
    assert out == "good: no faults\n"
    assert [line.split(":")[0] for line in err.splitlines()] == ["bad-a", "bad-b"]


def test_check_gives_its_faults_as_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "good", "bad", "--json"]) == 2
    faults = json.loads(capsys.readouterr().out)["faults"]
    assert [fault["file"] for fault in faults] == ["bad"]
    assert "teapot" in faults[0]["message"]


def test_a_failure_of_the_machine_or_of_the_program_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for error in (OSError(28, "No space left on device"), ZeroDivisionError("division by zero")):
        monkeypatch.setattr(sys.modules["sim.loading"], "load", lambda *_, error=error: (_ for _ in ()).throw(error))
        assert main(["run", "one"]) == 1
        err = capsys.readouterr().err
        assert str(error.args[-1]) in err
        assert err.count("\n") == 1


def test_help_needs_neither_the_model_nor_the_heavy_packages() -> None:
    script = "import sys; from app.cli import main; main(['run', '--help']); print(sorted(sys.modules), file=sys.stderr)"
    answer = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=True)
    loaded = set(answer.stderr.split("'"))
    assert not loaded & {"numba", "numpy", "pandas", "mesa", "pyarrow", "rich", "pydantic", "scipy"}


def test_a_reader_that_leaves_early_ends_the_command_quietly() -> None:
    near, far = os.pipe()
    os.close(near)
    command = [sys.executable, "-m", "app.cli", "--help"]
    with os.fdopen(far, "wb") as closed:
        answer = subprocess.run(command, stdout=closed, stderr=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")


def test_a_terminal_without_chinese_letters_still_gets_an_answer() -> None:
    environment = {**os.environ, "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "app.cli", "--lang", "zh", "--help"]
    answer = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False)
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "tiercare run lujiang-2020" in answer.stdout
