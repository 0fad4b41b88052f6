"""Where runs are done: processes of this machine, workers of a Dask cluster, or jobs of SLURM. All speak Python's executor protocol."""

import shutil
import signal
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from experiments.running import machine
from experiments.running.processes import Processes
from sim.language.messages import refuse
from sim.scenario.scenario import Scenario

GRACE = 20.0
"""Seconds a process has beyond the time a run may take, which the run itself watches after every day."""
WAITING = 64
"""Runs handed out at least to a cluster, so that one that grows with its work does grow."""
ANSWERS = 10
"""Seconds within which a cluster must answer."""


class Where(NamedTuple):
    """Where runs are to be done."""

    executor: AbstractContextManager[Executor]
    workers: int
    """Runs at a time."""


def here(workers: int | None, scenarios: list[Scenario], scale: float, limit: float | None) -> Where:
    """Processes of this machine: as many as wanted, else as many as processors and free memory allow."""
    many = workers or machine.workers(scenarios, scale)
    return Where(Processes(many, None if limit is None else limit + GRACE), many)


def dask(address: str) -> Where:
    """Workers of a Dask cluster; raises UserError where there is none at the address, or Dask is not installed."""
    distributed = _cluster_package("distributed")
    try:
        client = distributed.Client(address, timeout=ANSWERS)
    except (OSError, ValueError, TimeoutError) as error:
        raise refuse("batch.no_dask", "--dask", value=address, reason=str(error).splitlines()[0] if str(error) else "") from None
    return Where(_of_client(client), max(sum(client.nthreads().values()), WAITING))


def slurm(workers: int | None, scenarios: list[Scenario], scale: float, folder: Path) -> Where:
    """Jobs of SLURM, one run at a time each, lost ones replaced; none is handed in before there is something to do.

    folder : where what jobs print is written; seen by all nodes
    raises : UserError where SLURM is not here, or what speaks to it is not installed
    """
    _cluster_package("dask_jobqueue")
    if shutil.which("sbatch") is None:
        raise refuse("batch.no_sbatch", "--slurm")
    from experiments.running.slurm import jobs

    memory = max(machine.memory_of_a_run(scenario, scale) for scenario in scenarios)
    most = workers or WAITING
    return Where(jobs(most, memory, folder), most)


@contextmanager
def _of_client(client: Any) -> Iterator[Executor]:
    """Give the executor of a client, and close the client when it is done with."""
    try:
        yield client.get_executor(pure=False, retries=0)
    finally:
        client.close()


def _cluster_package(name: str) -> Any:
    """Import what only clusters need; raises UserError where it is not installed."""
    from importlib import import_module

    heard = signal.getsignal(signal.SIGINT)
    try:
        return import_module(name)
    except ImportError:
        raise refuse("batch.no_cluster", "", value=name.replace("_", "-")) from None
    finally:
        if signal.getsignal(signal.SIGINT) is not heard:  # dask-jobqueue takes Ctrl-C for itself, and ends without a word
            signal.signal(signal.SIGINT, heard)


def is_lost(error: BaseException) -> bool:
    """Say whether an error means that whoever did a run has gone."""
    return type(error).__name__ in ("WorkerLostError", "KilledWorker")
