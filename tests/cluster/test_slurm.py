"""A batch as jobs of a real SLURM on this machine: nothing lost, nothing doubled, though a job is cancelled; and as an array of jobs."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.cli import main
from experiments.keeping.opened import Opened
from experiments.running import executors
from tests.cluster.slurm import NEEDED, Slurm, slurm
from tests.experiments.running.killing import EXPERIMENT

HOME = Path(__file__).parents[2]
pytestmark = [pytest.mark.slow, NEEDED, pytest.mark.xdist_group("slurm")]


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Slurm]:
    with slurm(tmp_path_factory.mktemp("slurm")) as one:
        yield one


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Lay down an experiment of forty runs, and what processes of this machine make of it."""
    folder = tmp_path_factory.mktemp("batch")
    text = EXPERIMENT.format(scale="0.5 %", seeds=10, days=60, run_in=5).replace("killed", "jobs")
    (folder / "jobs.yaml").write_text(text, encoding="utf-8")
    assert main(["batch", str(folder / "jobs.yaml"), "--out", str(folder / "own"), "--workers", "2"]) == 0
    return folder


@pytest.fixture(autouse=True)
def environment(cluster: Slurm, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PATH", "SLURM_CONF", "DASK_JOBQUEUE__SLURM__INTERFACE"):
        monkeypatch.setenv(name, cluster.environment[name])
    monkeypatch.setenv("PYTHONPATH", str(HOME))


def same(folder: Path, out: str) -> None:
    """Hold a folder against that of processes of this machine."""
    there, here = (Opened(folder / name).runs().drop(columns="seconds") for name in (out, "own"))
    assert len(there) == 40
    assert there.equals(here)
    assert (folder / out / "daily.parquet").read_bytes() == (folder / "own" / "daily.parquet").read_bytes()


def test_every_run_comes_back_as_from_processes_of_ones_own(
    cluster: Slurm, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["batch", str(folder / "jobs.yaml"), "--out", str(folder / "slurm"), "--slurm", "--workers", "2"]) == 0
    same(folder, "slurm")
    assert list(tmp_path.iterdir()) == []  # what jobs print lies in the pool
    assert any((folder / "slurm" / ".pool" / "jobs").iterdir())
    assert none_left(cluster)


def test_a_job_that_is_cancelled_costs_nothing(cluster: Slurm, folder: Path) -> None:
    cancelled: list[str] = []

    def cancel() -> None:
        end = time.monotonic() + 60
        while not cancelled and time.monotonic() < end:
            time.sleep(0.2)
            if _begun(folder / "cancelled" / ".pool"):
                cancelled.extend(cluster.jobs("running")[:1])
                for job in cancelled:
                    cluster.ask("scancel", job)

    watching = threading.Thread(target=cancel)
    watching.start()
    assert main(["batch", str(folder / "jobs.yaml"), "--out", str(folder / "cancelled"), "--slurm", "--workers", "2"]) == 0
    watching.join()
    assert cancelled
    same(folder, "cancelled")
    assert none_left(cluster)


def _begun(pool: Path) -> bool:
    """Say whether some runs are in a pool: then others are under way."""
    return any(journal.stat().st_size > 20_000 for journal in pool.glob("*.arrows"))


def test_ctrl_c_cancels_the_jobs_and_keeps_what_is_done(cluster: Slurm, folder: Path) -> None:
    words = [sys.executable, "-m", "app.cli", "batch", str(folder / "jobs.yaml"), "--out", str(folder / "stopped"), "--slurm"]
    process = subprocess.Popen(words, cwd=HOME, env={**os.environ}, stderr=subprocess.PIPE, text=True, start_new_session=True)
    end = time.monotonic() + 60
    while not cluster.jobs("running"):
        assert time.monotonic() < end
        time.sleep(0.2)
    os.killpg(process.pid, signal.SIGINT)
    _, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "the same command goes on from there" in told
    assert "Traceback" not in told
    assert none_left(cluster)


def none_left(cluster: Slurm) -> bool:
    """Wait until no job is left; they take a moment to go."""
    end = time.monotonic() + 30
    while jobs := cluster.jobs("pending,running"):
        assert time.monotonic() < end, jobs
        time.sleep(0.3)
    return True


def test_an_array_of_jobs_does_its_shards_and_a_batch_gathers_them(
    cluster: Slurm, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    batch = f"{sys.executable} -m app.cli batch {folder / 'jobs.yaml'} --out {folder / 'array'} --workers 1"
    wrapped = f"cd {HOME} && {batch} --shard $SLURM_ARRAY_TASK_ID/2"
    cluster.ask("sbatch", "--wait", "--array=1-2", f"--output={folder}/shard-%a.out", "--wrap", wrapped)
    capsys.readouterr()
    assert main(["batch", str(folder / "jobs.yaml"), "--out", str(folder / "array"), "--workers", "1"]) == 0
    assert "0 done now, 40 there already" in capsys.readouterr().out
    same(folder, "array")


def test_where_there_is_no_slurm_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors.shutil, "which", lambda program: None)
    text = EXPERIMENT.format(scale="0.5 %", seeds=2, days=60, run_in=5)
    (tmp_path / "x.yaml").write_text(text, encoding="utf-8")
    assert main(["batch", str(tmp_path / "x.yaml"), "--out", str(tmp_path / "out"), "--slurm"]) == 2
    assert "no jobs of SLURM can be had here (sbatch)" in capsys.readouterr().err
