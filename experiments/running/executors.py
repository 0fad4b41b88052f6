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
TIME_OF_A_JOB, USUAL_TIME = "04:00:00", "00:30:00"
"""How long a job may live where the user's own configuration says nothing, and what dask-jobqueue's says as long as nobody edits it."""
MEGABYTE, LEAST_MEMORY, ROOM = 1_000_000, 500_000_000, 2
"""Bytes a worker of Dask holds itself, and how much more than a run takes it is given: near to what it was given it is ended."""


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
    yield from _closing(client)


def slurm(workers: int | None, scenarios: list[Scenario], scale: float, logs: Path) -> Where:
    """Jobs of SLURM, a run at a time each, as many as there is work for, lost ones replaced.

    workers : jobs at most
    logs    : folder for what jobs print
    raises  : UserError where there are none to be had
    """
    packages = _cluster_package("dask_jobqueue"), _cluster_package("distributed")
    if shutil.which("sbatch") is None:
        raise refuse("batch.no_slurm", "--slurm", reason="sbatch")
    memory = LEAST_MEMORY + ROOM * max(machine.memory_of_a_run(scenario, scale) for scenario in scenarios)
    return Where(_slurm_jobs(workers or WAITING, memory, logs, *packages), workers or WAITING, known=False)


@contextmanager
def _slurm_jobs(most: int, memory: int, logs: Path, jobqueue: Any, distributed: Any) -> Iterator[Executor]:
    """Submit jobs as there is work, give their executor, and cancel them all in the end; what the user's configuration says goes first."""
    import dask

    said = {name: dask.config.get(f"jobqueue.slurm.{name}", None) for name in ("cores", "processes", "memory", "walltime", "log-directory")}
    wanted = {
        "cores": said["cores"] or 1,
        "processes": said["processes"] or said["cores"] or 1,
        "memory": said["memory"] or f"{memory // MEGABYTE}MB",
        "walltime": said["walltime"] if said["walltime"] not in (None, USUAL_TIME) else TIME_OF_A_JOB,
        "log_directory": said["log-directory"] or str(logs),
    }
    try:
        cluster = jobqueue.SLURMCluster(**wanted)
    except (OSError, ValueError, TypeError, RuntimeError) as error:
        raise refuse("batch.no_slurm", "--slurm", reason=str(error).splitlines()[0]) from None
    cluster.adapt(minimum=1, maximum=most)
    yield from _closing(distributed.Client(cluster), cluster)


def _closing(*held: Any) -> Iterator[Executor]:
    """Give the executor of a client, the first of those held, and close all in the end (as contexts they would swallow what was raised)."""
    try:
        yield held[0].get_executor(pure=False, retries=0)
    finally:
        for one in held:
            one.close()


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
