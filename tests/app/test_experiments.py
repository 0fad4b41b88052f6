"""`tiercare batch`, `runs`, `compare`, `sensitivity`: what they print in which language, their exit codes, how they refuse."""

import json
from pathlib import Path

import pytest

from app.cli import main
from experiments.running import executors
from experiments.running import worker as workers
from results.store.run import CHECKLIST
from tests.experiments.inline import inline

COVERAGE = "mechanisms.family_doctor.coverage"
TEXT = f"""name: tiny
title: {{en: A tiny one, zh: 小实验}}
scenarios: [lujiang-2020]
scale: 0.2 %
seeds: 2
levers:
  {COVERAGE}: [20 %, 60 %]
  period.days: [10]
  period.run_in_days: [2]
keep: [daily]
"""


@pytest.fixture(autouse=True)
def english_and_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English, and do runs in this process."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setattr(executors, "here", lambda *asked: executors.Where(inline(), 1))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "tiny.yaml").write_text(TEXT, encoding="utf-8")
    return tmp_path / "tiny.yaml"


def test_a_batch_tells_what_it_did_and_where_it_lies(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(file.parent / "out")]
    assert main(["batch", str(file), *out, "--dry-run"]) == 0
    assert "4 runs (1 scenarios x 2 points x 1 draws x 2 seeds), 3 still to do" in capsys.readouterr().out
    assert main(["batch", str(file), *out]) == 0
    told = capsys.readouterr()
    assert "4 runs: 3 done now, 1 there already, 0 failed" in told.out
    assert "3 of 3 runs" in told.err
    assert main(["batch", str(file), *out, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {name: found[name] for name in ("experiment", "runs", "done", "skipped", "failed")} == {
        "experiment": "tiny", "runs": 4, "done": 0, "skipped": 4, "failed": 0,
    }  # fmt: skip
    assert set(found) == {"experiment", "folder", "runs", "done", "skipped", "failed", "seconds"}
    page = (file.parent / "out" / "report.html").read_text(encoding="utf-8")
    assert "A tiny one" in page
    assert "小实验" in page
    told_of = (file.parent / "out" / CHECKLIST).read_text(encoding="utf-8")
    assert told_of.startswith("# STRESS-ABS checklist: A tiny one\n")
    assert "1 scenarios x 2 points x 1 draws x 2 seeds = 4 runs" in told_of


def test_what_was_cut_off_is_told_and_done_again(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(file.parent / "out")]
    assert main(["batch", str(file), *out]) == 0
    (journal,) = (file.parent / "out" / ".pool").iterdir()
    journal.write_bytes(journal.read_bytes()[:-50])
    capsys.readouterr()
    assert main(["batch", str(file), *out]) == 0
    told = capsys.readouterr()
    assert "1 journals" in told.err
    assert "4 runs: 1 done now, 3 there already" in told.out


def test_ctrl_c_ends_a_batch_with_what_is_kept(file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    true, count = workers.observed, []

    def stopped(*asked: object) -> object:
        count.append(1)
        if len(count) == 3:
            raise KeyboardInterrupt
        return true(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(workers, "observed", stopped)
    out = ["--out", str(file.parent / "out")]
    assert main(["batch", str(file), *out]) == 130
    told = capsys.readouterr()
    assert "done and kept; the same command goes on from there" in told.err
    assert "nothing was written" not in told.err
    monkeypatch.undo()
    monkeypatch.setattr(executors, "here", lambda *asked: executors.Where(inline(), 1))
    assert main(["batch", str(file), *out]) == 0
    assert "2 there already" in capsys.readouterr().out


def test_runs_are_listed_chosen_and_written(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = file.parent / "out"
    assert main(["batch", str(file), "--out", str(folder), "--lang", "zh"]) == 0
    assert "本次完成4次" in capsys.readouterr().out
    assert main(["runs", str(folder)]) == 0
    page = capsys.readouterr().out
    assert "tiny: 4 runs, 4 done, 0 failed" in page
    assert "made by tiercare" in page
    assert main(["runs", str(folder), "--where", "coverage > 0.5", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["rows"]
    assert [row[COVERAGE] for row in rows] == [0.6, 0.6]
    assert main(["runs", str(folder), "--table", "daily", "--csv", str(file.parent / "d.csv"), "--dta", str(file.parent / "d.dta")]) == 0
    assert {path.name for path in file.parent.glob("d.*")} == {"d.csv", "d.dictionary.csv", "d.dta"}
    assert main(["runs", str(folder), "--where", "nothing = 1"]) == 2
    assert "no condition" in capsys.readouterr().err


def test_failed_runs_end_with_one_and_are_told(file: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("on purpose")

    monkeypatch.setattr(workers, "observed", broken)
    assert main(["batch", str(file), "--out", str(file.parent / "out")]) == 1
    assert "4 runs failed" in capsys.readouterr().out
    monkeypatch.undo()
    monkeypatch.setattr(executors, "here", lambda *asked: executors.Where(inline(), 1))
    assert main(["batch", str(file), "--out", str(file.parent / "out"), "--retry"]) == 0


def test_a_comparison_is_told_in_a_sentence_and_a_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name, more in (("one", ""), ("two", "mechanisms: {referral_rules: null}\n")):
        text = f"name: {name}\ntitle: {{en: {name}, zh: {name}}}\nextends: lujiang-2020\nperiod: {{days: 10, run_in_days: 2}}\n{more}"
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    words = [str(tmp_path / "one.yaml"), str(tmp_path / "two.yaml"), "--runs", "3", "--scale", "0.002", "--out", str(tmp_path / "out")]
    assert main(["compare", *words]) == 0
    page = capsys.readouterr().out
    for word in ("one against two", "two beside one:", "Holm", "by poverty", "0.2 % of the households"):
        assert word in page
    assert main(["compare", *words, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["scenarios"], told["runs"]) == (["one", "two"], 3)
    assert main(["compare", *words, "--lang", "zh"]) == 0
    assert "谁得益、谁受损" in capsys.readouterr().out
    assert "谁得益" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")
    assert "none; 2 scenarios as they are, seeds 1 to 3 (3) for each, 6 runs" in (tmp_path / "out" / CHECKLIST).read_text(encoding="utf-8")


def test_what_an_outcome_hangs_on_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = "name: own\ntitle: {en: Own, zh: 自}\nextends: lujiang-2020\nperiod: {days: 10, run_in_days: 2}\n"
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    text = "name: hangs\nscenarios: [own.yaml]\nscale: 0.2 %\nseeds: 2\ndesign: latin_hypercube\npoints: 8\n"
    text += f"levers:\n  {COVERAGE}: {{low: 20 %, high: 60 %}}\n"
    (tmp_path / "hangs.yaml").write_text(text + "outcomes: [contract_share]\n", encoding="utf-8")
    words = ["sensitivity", str(tmp_path / "hangs.yaml"), "--out", str(tmp_path / "out")]
    assert main(words) == 0
    page = capsys.readouterr().out
    for word in ("Luck of the draw alone", COVERAGE, "who holds it"):
        assert word in page
    assert main([*words, "--json", "--method", "sobol"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert set(told) == {"method", "outcomes", "rests_on"}
    assert set(told["rests_on"]["contract_share"][0]) >= {"path", "value", "low", "high", "flips_at", "effect", "office"}
    kept = json.loads((tmp_path / "out" / "sensitivity.json").read_text())
    assert {name: kept[name] for name in told} == told
    assert (kept["experiment"], kept["scenario"], kept["scale"], kept["inputs"]) == ("hangs", "own", 0.002, 1)
    html = (tmp_path / "out" / "sensitivity-report.html").read_text(encoding="utf-8")
    assert all(word in html for word in ("各结果取决于什么", "heatmap", COVERAGE))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["batch"], "EXPERIMENT.yaml"),
        (["batch", "nix.yaml"], "there is no experiment file 'nix.yaml'"),
        (["batch", "gaps-contracts-postin"], "did you mean 'gaps-contracts-posting'"),
        (["batch", "gaps-contracts-posting", "--shard", "3/2"], "is no part of the runs"),
        (["batch", "gaps-contracts-posting", "--timeout", "soon"], "is no number of seconds"),
        (["batch", "gaps-contracts-posting", "--workers", "0"], "--workers"),
        (["batch", "gaps-contracts-posting", "--dask", "x", "--slurm"], "--dask, --slurm"),
        (["runs", "nix"], "there is no experiment 'nix'"),
        (["compare", "lujiang-2020"], "wants two scenarios"),
        (["compare", "lujiang-2020", "lujiang-2020"], "listed twice"),
        (["compare", "lujiang-2020", "lujiang-2021"], "did you mean 'lujiang-2020'"),
        (["compare", "lujiang-2018", "lujiang-2020", "--precision", "visits"], "is no precision"),
        (["compare", "lujiang-2018", "lujiang-2020", "--scale", "0.00001"], "at least 100"),
        (["sensitivity", "gaps-contracts-posting", "--method", "moris"], "did you mean 'morris'"),
    ],
)
def test_bad_input_is_refused_in_words(words: list[str], told: str, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    out = [] if words[0] == "runs" or len(words) == 1 else ["--out", str(tmp_path)]
    assert main([*words, *out]) == 2
    found = capsys.readouterr()
    assert told in found.err
    assert found.out == ""
    assert main([*words, *out, "--lang", "zh"]) == 2
