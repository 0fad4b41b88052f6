"""A batch on a real Dask scheduler with two worker processes over TCP: nothing lost, nothing doubled, though one is killed."""

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
from experiments.design.variants import design
from experiments.keeping.opened import Opened
from experiments.running import executors
from experiments.running.batch import Batch
from results.store.pool import Pool
from tests.experiments.running.killing import EXPERIMENT

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.slow


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """Start a scheduler and two workers, each with a nanny that replaces it; gives the address and the workers' nannies."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "DASK_DISTRIBUTED__WORKER__DAEMON": "False"}
    begun = {"cwd": tmp_path, "env": environment, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    file = tmp_path / "scheduler.json"
    command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    processes = [subprocess.Popen([*command, "--scheduler-file", str(file)], **begun)]  # type: ignore[call-overload]
    try:
        _until(file.exists)
        worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--scheduler-file", str(file), "--nthreads", "1", "--no-dashboard"]
        processes += [subprocess.Popen([*worker, "--name", name], **begun) for name in ("one", "two")]  # type: ignore[call-overload]
        import json

        yield json.loads(file.read_text())["address"], processes[1:]
    finally:
        for process in reversed(processes):
            process.send_signal(signal.SIGINT)
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()


def _until(there: object, seconds: float = 60.0) -> None:
    """Wait for something to be there."""
    end = time.monotonic() + seconds
    while not there():  # type: ignore[operator]
        assert time.monotonic() < end, "the cluster did not start"
        time.sleep(0.1)


def _file(folder: Path) -> Path:
    file = folder / "dask.yaml"
    file.write_text(EXPERIMENT.format(scale="0.5 %", seeds=10, days=60, run_in=5).replace("killed", "dask"), encoding="utf-8")
    return file


def test_every_run_comes_back_as_from_processes_of_ones_own(cluster: tuple[str, list[object]], tmp_path: Path) -> None:
    address, _ = cluster
    file = _file(tmp_path)
    assert main(["batch", str(file), "--out", str(tmp_path / "dask"), "--dask", address]) == 0
    assert main(["batch", str(file), "--out", str(tmp_path / "own"), "--workers", "2"]) == 0
    there, here = (Opened(tmp_path / name).runs().drop(columns="seconds") for name in ("dask", "own"))
    assert len(there) == 40
    assert there.equals(here)
    assert (tmp_path / "dask" / "daily.parquet").read_bytes() == (tmp_path / "own" / "daily.parquet").read_bytes()


def test_a_worker_that_is_killed_costs_nothing(cluster: tuple[str, list[object]], tmp_path: Path) -> None:
    import distributed

    address, _ = cluster
    batch = Batch(design(_file(tmp_path)), Pool(tmp_path / "pool"))
    where = executors.dask(address)
    killed: list[int] = []

    def kill() -> None:
        with distributed.Client(address) as client:
            client.wait_for_workers(2, timeout=60)
            time.sleep(2.0)  # into the midst of its runs
            killed.append(next(iter(client.run(os.getpid).values())))
        os.kill(killed[0], signal.SIGKILL)

    threading.Thread(target=kill).start()
    tally = batch.run(where.executor, where.workers)
    assert killed
    assert (tally.runs, tally.done, tally.failed) == (40, 40, 0)
    assert len({planned.key for planned in batch.rows()}) == 40


def test_where_no_cluster_answers_it_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(executors, "ANSWERS", 1)
    assert main(["batch", str(_file(tmp_path)), "--out", str(tmp_path / "out"), "--dask", "tcp://127.0.0.1:9"]) == 2
    assert "no Dask cluster answers at 'tcp://127.0.0.1:9'" in capsys.readouterr().err
