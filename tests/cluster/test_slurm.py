"""A batch on a real SLURM of one node: the same runs as from processes of one's own, though jobs are cancelled, and no job left behind."""

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import dask
import pytest

from app.cli import main
from experiments.keeping.opened import Opened
from experiments.running import machine
from tests.cluster.slurm import NEEDED, PROGRAMS, queued, slurm
from tests.experiments.running.killing import EXPERIMENT

ROOT = Path(__file__).parents[2]
PATIENCE = 200.0
"""Seconds a test may take on a slow machine."""
pytestmark = pytest.mark.slow


@pytest.fixture(autouse=True)
def bounded() -> Iterator[None]:
    """End a test that waits for ever as Ctrl-C would, and keep Ctrl-C for pytest: dask-jobqueue takes it for itself as it is imported."""
    heard = signal.getsignal(signal.SIGINT)
    watch = threading.Timer(PATIENCE, os.kill, (os.getpid(), signal.SIGINT))
    watch.start()
    yield
    watch.cancel()
    signal.signal(signal.SIGINT, heard)


@pytest.fixture(scope="module")
def running() -> Iterator[Path]:
    """Begin SLURM once for all tests; gives its configuration."""
    with slurm() as configuration:
        yield configuration


@pytest.fixture
def cluster(running: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let commands find SLURM, and jobs find this code, from an empty folder; gives SLURM's configuration."""
    monkeypatch.setenv("SLURM_CONF", str(running))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    return running


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Do the experiment with processes of one's own; gives its folder."""
    folder = tmp_path_factory.mktemp("own")
    assert main(["batch", str(_file(folder)), "--out", str(folder / "own"), "--workers", "2"]) == 0
    return folder / "own"


def _file(folder: Path, scale: str = "0.5 %") -> Path:
    file = folder / "slurm.yaml"
    file.write_text(EXPERIMENT.format(scale=scale, seeds=10, days=30, run_in=5).replace("killed", "slurm"), encoding="utf-8")
    return file


def _assert_same(found: Path, own: Path) -> None:
    """All runs are there once, with the same measures and the same bytes of the kept table."""
    there, here = (Opened(folder).runs().drop(columns="seconds") for folder in (found, own))
    assert len(there) == 40
    assert there.equals(here)
    assert (found / "daily.parquet").read_bytes() == (own / "daily.parquet").read_bytes()


def _until(there: Callable[[], object]) -> None:
    """Wait for something to be so."""
    end = time.monotonic() + PATIENCE
    while not there():
        assert time.monotonic() < end
        time.sleep(0.1)


def _written(out: Path) -> int:
    """Count the bytes of the pool's journals."""
    return sum(file.stat().st_size for file in (out / ".pool").glob("*.arrows"))


@NEEDED
def test_every_job_gives_what_processes_of_ones_own_give(cluster: Path, own: Path, tmp_path: Path) -> None:
    assert main(["batch", str(_file(tmp_path)), "--out", str(tmp_path / "out"), "--slurm", "--workers", "2"]) == 0
    _assert_same(tmp_path / "out", own)
    _until(lambda: not queued(cluster))
    assert list(Path.cwd().iterdir()) == []  # what jobs print does not lie about
    assert [file.suffix for file in (tmp_path / "out" / ".pool").iterdir()] == [".arrows"]


@NEEDED
def test_a_job_that_is_cancelled_costs_nothing(cluster: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The only job is cancelled in the midst of its runs, and the next one before its worker has come."""
    monkeypatch.setattr("experiments.running.slurm.LOOK_AT_QUEUE", 1.0)
    cancelled: list[str] = []

    def cancel() -> None:
        _until(lambda: _written(tmp_path / "out") > 50_000)
        for _ in range(2):
            _until(lambda: any(line.split()[0] not in cancelled for line in queued(cluster)))
            cancelled.extend(line.split()[0] for line in queued(cluster) if line.split()[0] not in cancelled)
            subprocess.run([str(PROGRAMS["scancel"]), cancelled[-1]], check=True, timeout=PATIENCE)

    canceller = threading.Thread(target=cancel)
    canceller.start()
    with dask.config.set({"distributed.deploy.lost-worker-timeout": "1s"}):
        assert main(["batch", str(_file(tmp_path)), "--out", str(tmp_path / "out"), "--slurm", "--workers", "1"]) == 0
    canceller.join(PATIENCE)
    assert len(cancelled) == 2
    _assert_same(tmp_path / "out", own)


@NEEDED
def test_a_batch_does_with_as_many_jobs_as_slurm_takes(cluster: Path, own: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.running.slurm.LOOK_AT_QUEUE", 1.0)
    refusing = tmp_path / "bin" / "sbatch"
    refusing.parent.mkdir()
    limit = f'[ -z "$({PROGRAMS["squeue"]} --noheader)" ] || {{ echo "sbatch: error: too many jobs" >&2; exit 1; }}'
    refusing.write_text(f'#!/bin/sh\n{limit}\nexec {PROGRAMS["sbatch"]} "$@"\n')
    refusing.chmod(0o755)
    monkeypatch.setenv("PATH", str(refusing.parent), prepend=os.pathsep)
    _until(lambda: not queued(cluster))
    assert main(["batch", str(_file(tmp_path)), "--out", str(tmp_path / "out"), "--slurm", "--workers", "4"]) == 0
    _assert_same(tmp_path / "out", own)


@NEEDED
def test_parts_done_by_a_plain_array_are_gathered(cluster: Path, own: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "app.cli", "batch", str(_file(tmp_path)), "--out", str(tmp_path / "out")]
    wrapped = " ".join([*words, "--shard", "$SLURM_ARRAY_TASK_ID/2"])
    array = [str(PROGRAMS["sbatch"]), "--array=1-2", f"--output={tmp_path}/%a.out", "--wrap", wrapped]
    subprocess.run(array, check=True, timeout=PATIENCE, capture_output=True)
    _until(lambda: not queued(cluster))
    for part in ("1", "2"):
        assert "20 runs: 20 done now" in (tmp_path / f"{part}.out").read_text()
        assert "20 of them to do, 1 at a time" in (tmp_path / f"{part}.out").read_text()  # a job of one processor
    done = subprocess.run(words, check=True, timeout=PATIENCE, capture_output=True, text=True)
    assert "40 runs: 0 done now, 40 there already" in done.stdout
    _assert_same(tmp_path / "out", own)


@NEEDED
def test_ctrl_c_leaves_no_job(cluster: Path, tmp_path: Path) -> None:
    words = [sys.executable, "-m", "app.cli", "batch", str(_file(tmp_path, "5 %")), "--out", str(tmp_path / "out"), "--slurm"]
    with subprocess.Popen([*words, "--workers", "2"], stderr=subprocess.PIPE, text=True) as batch:
        _until(lambda: _written(tmp_path / "out") > 50_000)
        batch.send_signal(signal.SIGINT)
        told = batch.communicate(timeout=PATIENCE)[1]
    assert batch.returncode == 130
    assert "of 40 runs done and kept" in told
    assert "Traceback" not in told
    _until(lambda: not queued(cluster))
    assert [file.suffix for file in (tmp_path / "out" / ".pool").iterdir()] == [".arrows"]


@NEEDED
@pytest.mark.usefixtures("cluster")
def test_what_slurm_refuses_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("experiments.running.slurm.LOOK_AT_QUEUE", 1.0)
    words = ["batch", str(_file(tmp_path)), "--out", str(tmp_path / "out"), "--slurm"]
    with dask.config.set({"jobqueue.slurm.queue": "nix"}):
        assert main(words) == 2
    assert "SLURM takes no job (Batch job submission failed: Invalid partition name specified)" in capsys.readouterr().err
    assert list((tmp_path / "out" / ".pool").iterdir()) == []
    with dask.config.set({"jobqueue.slurm.python": "/nix/python"}):
        assert main([*words, "--lang", "zh"]) == 2
    told = capsys.readouterr().err
    assert "首个作业在工作进程就绪之前即已结束" in told
    assert "/nix/python: No such file or directory" in told
    assert [file.suffix for folder in (tmp_path / "out" / ".pool").iterdir() for file in folder.iterdir()] == [".out"]


def test_where_there_is_no_slurm_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    for lang, told in (("en", "the command 'sbatch' is not found"), ("zh", "未找到命令“sbatch”")):
        assert main(["batch", str(_file(tmp_path)), "--out", str(tmp_path / "out"), "--slurm", "--lang", lang]) == 2
        assert told in capsys.readouterr().err


def test_what_dasks_configuration_says_of_jobs_holds(tmp_path: Path) -> None:
    from experiments.running.slurm import options

    ours = options(320_000_000, tmp_path / "my runs")
    assert (ours["cores"], ours["processes"], ours["python"]) == (1, 1, sys.executable)
    assert 500_000_000 < ours["memory"] < 700_000_000
    (directive,) = ours["job_extra_directives"]
    assert re.fullmatch(r'--output=".*my runs.*%j\.out"', directive)
    said = {
        "cores": 4,
        "memory": "9GB",
        "python": "python3",
        "log-directory": "logs",
        "job-extra-directives": ["--qos=low"],
        "name": "mine",
    }
    with dask.config.set({f"jobqueue.slurm.{name}": value for name, value in said.items()}):
        theirs = options(320_000_000, tmp_path)
    assert (theirs["cores"], theirs["processes"], theirs["memory"], theirs["python"]) == (4, 4, "9GB", "python3")
    assert theirs["job_extra_directives"] == ["--qos=low"]
    assert theirs["job_name"] == "mine"


def test_a_job_uses_what_it_was_given_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLURM_CPUS_ON_NODE", "1")
    monkeypatch.setenv("SLURM_MEM_PER_NODE", "700")
    assert machine.cores() == 1
    assert machine.free_memory() <= 700 * 2**20
    monkeypatch.setenv("SLURM_CPUS_ON_NODE", "")
    assert machine.cores() >= 1
