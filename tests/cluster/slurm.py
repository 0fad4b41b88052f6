"""A cluster of SLURM on this machine alone, for as long as it is wanted: a controller and a node on the loopback address, in one folder."""

import os
import secrets
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

import pytest

PROGRAMS = ("munged", "slurmctld", "slurmd", "sbatch", "scancel", "squeue", "sinfo")
PACKAGES = "slurmctld slurmd slurm-client munge"
PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"
MISSING = [program for program in PROGRAMS if shutil.which(program, path=PATH) is None]
ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
NEEDED = pytest.mark.skipif(
    bool(MISSING) or not ROOT,
    reason=f"no {', '.join(MISSING)}; as root: apt-get install {PACKAGES}" if MISSING else "jobs of SLURM are started as root only",
)
CONFIGURATION = """ClusterName=tiercare
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerParameters=batch_sched_delay=0,sched_interval=1
ReturnToService=2
MpiDefault=none
KillWait=5
MinJobAge=60
NodeName=here NodeHostname=localhost NodeAddr=127.0.0.1 CPUs=2 RealMemory=16000 State=UNKNOWN
PartitionName=main Nodes=here Default=YES MaxTime=INFINITE State=UP
"""


class Slurm(NamedTuple):
    """A cluster that runs."""

    environment: dict[str, str]

    def ask(self, *words: str) -> str:
        """Give what a command of SLURM prints."""
        done = subprocess.run(words, env=self.environment, capture_output=True, text=True, timeout=30, check=True)
        return done.stdout

    def jobs(self, state: str = "all") -> list[str]:
        """List the jobs of a state."""
        return self.ask("squeue", "--noheader", "--format=%i", f"--states={state}").split()


@contextmanager
def slurm(folder: Path) -> Iterator[Slurm]:
    """Start a cluster in a folder, and end it with all that it began."""
    for name in ("state", "spool"):
        (folder / name).mkdir()
    folder.chmod(0o755)
    (folder / "munge.key").write_bytes(secrets.token_bytes(1024))
    (folder / "munge.key").chmod(0o400)
    controller, node = _free_ports(2)
    text = CONFIGURATION.format(folder=folder, controller=controller, node=node)
    (folder / "slurm.conf").write_text(text, encoding="utf-8")
    environment = {**os.environ, "PATH": PATH, "SLURM_CONF": str(folder / "slurm.conf"), "DASK_JOBQUEUE__SLURM__INTERFACE": "lo"}
    munge = ("--key-file", "--socket", "--pid-file", "--log-file", "--seed-file")
    files = ("munge.key", "munge.socket", "munge.pid", "munge.log", "munge.seed")
    begun: list[subprocess.Popen[bytes]] = []
    try:
        for command in (
            ["munged", "--foreground", "--force", *(f"{option}={folder / file}" for option, file in zip(munge, files, strict=True))],
            ["slurmctld", "-D"],
            ["slurmd", "-D", "-N", "here"],
        ):
            begun.append(subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
            time.sleep(0.5)
        cluster = Slurm(environment)
        _until_idle(cluster, folder)
        yield cluster
        for job in cluster.jobs():
            cluster.ask("scancel", "--quiet", job)
    finally:
        for process in reversed(begun):
            process.terminate()
        for process in reversed(begun):
            with suppress(subprocess.TimeoutExpired):
                process.wait(15)
            process.kill()
            process.wait()


def _free_ports(many: int) -> list[int]:
    """Find ports nobody listens at."""
    sockets = [socket.socket() for _ in range(many)]
    for one in sockets:
        one.bind(("127.0.0.1", 0))
    ports = [int(one.getsockname()[1]) for one in sockets]
    for one in sockets:
        one.close()
    return ports


def _until_idle(cluster: Slurm, folder: Path) -> None:
    """Wait until the node takes jobs."""
    end = time.monotonic() + 60
    while True:
        with suppress(subprocess.SubprocessError):
            if "idle" in cluster.ask("sinfo", "--noheader", "--format=%T"):
                return
        if time.monotonic() > end:
            logs = "\n".join(path.read_text(errors="replace")[-2000:] for path in sorted(folder.glob("*.log")))
            raise AssertionError(f"the node takes no jobs:\n{logs}")
        time.sleep(0.5)
