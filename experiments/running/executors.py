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
    """Entered when there is something to do: only then are processes begun, clusters asked, jobs submitted."""
    workers: int
    """For how many workers runs are handed out."""
    known: bool = True
    """Whether so many do run at a time: a cluster grows and shrinks."""


def here(workers: int | None, scenarios: list[Scenario], scale: float, limit: float | None) -> Where:
    """Processes of this machine: as many as wanted, else as many as processors and free memory allow."""
    many = workers or machine.workers(scenarios, scale)
    return Where(Processes(many, None if limit is None else limit + GRACE), many)


def dask(address: str) -> Where:
    """Workers of a Dask cluster; raises UserError, here or when it is entered, where Dask is not installed or no cluster answers."""
    return Where(_dask_cluster(address, _cluster_package("distributed")), WAITING, known=False)


@contextmanager
def _dask_cluster(address: str, distributed: Any) -> Iterator[Executor]:
    """Connect to a cluster, and give its executor."""
    try:
        client = distributed.Client(address, timeout=ANSWERS)
    except (OSError, ValueError, TimeoutError) as error:
        raise refuse("batch.no_dask", "--dask", value=address, reason=str(error).splitlines()[0] if str(error) else "") from None
    try:
        yield client.get_executor(pure=False, retries=0)
    finally:
        client.close()


def slurm(workers: int | None, scenarios: list[Scenario], scale: float, folder: Path) -> Where:
    """Jobs of SLURM, a run at a time each, lost ones replaced; none is handed in before there is something to do.

    workers : jobs at most
    folder  : where what jobs print is written; seen by all nodes
    raises  : UserError where SLURM is not here, or what speaks to it is not installed
    """
    _cluster_package("dask_jobqueue")
    if shutil.which("sbatch") is None:
        raise refuse("batch.no_sbatch", "--slurm")
    from experiments.running.slurm import jobs

    memory = max(machine.memory_of_a_run(scenario, scale) for scenario in scenarios)
    return Where(jobs(workers or WAITING, memory, folder), workers or WAITING, known=False)


def _cluster_package(name: str) -> Any:
    """Import what only clusters need, and keep hearing Ctrl-C as before; raises UserError where it is not installed."""
    from importlib import import_module

    heard = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        return import_module(name)
    except ImportError:
        raise refuse("batch.no_cluster", "", value=name.replace("_", "-")) from None
    finally:
        for number, handler in heard.items():
            if signal.getsignal(number) is not handler:
                signal.signal(number, handler)


def is_lost(error: BaseException) -> bool:
    """Say whether an error means that whoever did a run has gone."""
    return type(error).__name__ in ("WorkerLostError", "KilledWorker")
