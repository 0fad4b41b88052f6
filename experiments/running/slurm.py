"""Jobs of SLURM: a Dask cluster whose workers are jobs, handed in again where they get lost, and cancelled when all is done.

What `jobqueue.slurm` of Dask's configuration says (partition, account, memory, time ...) holds; what it leaves open is filled in here.
"""

import asyncio
import os
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from time import monotonic, sleep
from typing import Any

import dask
from dask_jobqueue import SLURMCluster
from dask_jobqueue.slurm import SLURMJob
from distributed import Client
from distributed.deploy import Adaptive
from distributed.deploy.spec import ProcessInterface

from sim.language.messages import UserError, refuse

JOB_NAME, DASKS_NAME = "tiercare", "dask-worker"
"""What jobs are called in the queue, unless the configuration calls them otherwise than Dask does."""
OF_DASK = 150_000_000
"""Bytes that Dask's two processes in a job hold beside the run: measured, 140 million."""
FULL = 0.8
"""Share of its memory at which a worker of Dask takes no more work."""
LOOK, LOOK_AT_QUEUE = 0.2, 15.0
"""Seconds between looks at the workers there are, and at the queue, which all users of a cluster share."""
ANSWER = 60
"""Seconds within which the queue must be told."""


class Job(SLURMJob):
    """One job; where SLURM does not take it, it says so itself, for Dask would only note it in a log."""

    refused = ""
    """What sbatch said when it did not take the job."""
    came = False
    """Whether its worker has come."""

    async def start(self) -> None:
        """Hand the job in."""
        try:
            await super().start()
        except (RuntimeError, OSError, ValueError) as error:
            self.refused = _reason(str(error))
            await ProcessInterface.start(self)

    async def close(self) -> None:
        """Cancel the job, and note that it is closed, which dask-jobqueue forgets."""
        await super().close()
        await ProcessInterface.close(self)


class Replacing(Adaptive):
    """Has as many jobs as the work wants; those that leave the queue before their workers come are handed in again."""

    looked = 0.0

    async def adapt(self) -> None:
        """Look after the jobs; called every second."""
        note_who_came(self.cluster)
        if monotonic() - self.looked > LOOK_AT_QUEUE:
            self.looked = monotonic()
            self._do_without(name for name, job in list(self.cluster.workers.items()) if job.refused)
            for name in await asyncio.to_thread(gone, dict(self.cluster.workers)):
                self.cluster.workers.pop(name, None)
        await super().adapt()

    def _do_without(self, refused: Iterator[str]) -> None:
        """Want no more jobs than SLURM takes: it lets a user hand in so many and no more."""
        for name in refused:
            self.cluster.workers.pop(name, None)
            self.cluster.worker_spec.pop(name, None)
            self.maximum = max(self.minimum, len(self.cluster.workers))


@contextmanager
def jobs(most: int, memory: int, folder: Path) -> Iterator[Executor]:
    """Give an executor whose workers are jobs; whatever happens, they are cancelled when it is done with.

    most   : workers at a time
    memory : bytes a process that does runs needs
    folder : where what jobs print is written; seen by all nodes
    raises : UserError where SLURM takes no job, or the first job ends before its worker comes
    """
    with (
        _printed(folder) as logs,
        SLURMCluster(**options(memory, logs), silence_logs="critical") as cluster,
        Client(cluster) as client,
    ):
        cluster.scale(1)
        _wait_for_first(cluster, logs)
        cluster.adapt(Adaptive=Replacing, minimum=1, maximum=most)
        yield client.get_executor(pure=False, retries=0)


@contextmanager
def _printed(folder: Path) -> Iterator[Path]:
    """Give a folder for what jobs print; it stays only where something is amiss, and jobs have said something of it."""
    logs = Path(tempfile.mkdtemp(prefix="jobs-", dir=folder))
    stays = False
    try:
        yield logs
    except UserError:
        stays = any(logs.iterdir())
        raise
    finally:
        if not stays:
            rmtree(logs, ignore_errors=True)


def options(memory: int, logs: Path) -> dict[str, Any]:
    """Say what jobs are like: what Dask's configuration says, and where it says nothing, one processor and the memory of one run."""
    said: Mapping[str, Any] = dask.config.get("jobqueue.slurm")
    cores = said.get("cores") or 1
    directives = said.get("job-extra-directives") or said.get("job-extra") or []
    output = [] if said.get("log-directory") else [f"--output={_quoted(logs / '%j.out')}"]
    return {
        "job_cls": Job,
        "job_name": JOB_NAME if said.get("name") == DASKS_NAME else said.get("name"),
        "cores": cores,
        "processes": cores,  # a run uses one processor
        "memory": said.get("memory") or int((memory + OF_DASK) / FULL) * cores,
        "python": said.get("python") or shlex.quote(sys.executable),
        "job_extra_directives": [*output, *directives],
        "scheduler_options": {"dashboard": False, "dashboard_address": ":0", **(said.get("scheduler-options") or {})},
    }


def _quoted(path: Path) -> str:
    """Write a path as SLURM reads it in the head of a job."""
    return '"' + str(path.absolute()).replace("\\", "\\\\").replace('"', '\\"') + '"'


def _wait_for_first(cluster: SLURMCluster, logs: Path) -> None:
    """Wait in the queue until a worker is there; raises UserError where none will come."""
    looked = monotonic()
    while not note_who_came(cluster):
        sleep(LOOK)
        found = dict(cluster.workers)
        for job in found.values():
            if job.refused:
                raise refuse("batch.no_slurm", "--slurm", reason=job.refused)
        if monotonic() - looked > LOOK_AT_QUEUE:
            looked = monotonic()
            if any(not found[name].came for name in gone(found)) and not note_who_came(cluster):
                raise refuse("batch.job_ended", "--slurm", folder=str(logs), reason=_last_words(logs))


def note_who_came(cluster: SLURMCluster) -> bool:
    """Note which jobs have workers that came; says whether there is one now."""
    there = [str(worker["name"]) for worker in cluster.scheduler_info["workers"].values()]
    for name, job in list(cluster.workers.items()):
        job.came = job.came or any(worker == name or worker.startswith(f"{name}-") for worker in there)
    return bool(there)


def gone(waiting: Mapping[str, Job]) -> list[str]:
    """Name the jobs that left the queue before their workers came; none where the queue does not answer."""
    asked = ["squeue", "--noheader", "--format=%A", f"--user={os.getuid()}"]
    try:
        found = subprocess.run(asked, capture_output=True, text=True, timeout=ANSWER, check=True)
    except (OSError, subprocess.SubprocessError):
        return []
    there = set(found.stdout.split())
    return [name for name, job in waiting.items() if job.job_id and not job.came and job.job_id not in there]


def _reason(told: str) -> str:
    """Take what sbatch said out of what Dask tells of it."""
    lines = [line.removeprefix("sbatch: error:").strip() for line in told.splitlines() if line.startswith("sbatch: error:")]
    return lines[-1] if lines else " ".join(told.split())


def _last_words(logs: Path) -> str:
    """Give the last line that a job has written."""
    lines = [line.strip() for file in sorted(logs.glob("*.out")) for line in file.read_text(errors="replace").splitlines()]
    return next((line for line in reversed(lines) if line), "-")
