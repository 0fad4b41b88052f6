"""A SLURM of one node on this machine, for as long as a test wants it: real daemons on the loopback, all they write in one folder."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psutil
import pytest

PACKAGES = ("slurm-wlm", "munge")
FOLDERS = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"))
"""Where programs are: the daemons' folder is not on every user's path."""
PROGRAMS = {name: shutil.which(name, path=FOLDERS) for name in ("munged", "slurmctld", "slurmd", "sbatch", "squeue", "scancel", "sinfo")}
NEEDED = pytest.mark.skipif(
    not all(PROGRAMS.values()) or not hasattr(os, "getuid") or os.getuid() != 0,
    reason=f"no SLURM to start; as root, on Debian or Ubuntu: apt-get install {' '.join(PACKAGES)}",
)
START, STOP = 60.0, 30.0
"""Seconds within which SLURM begins and ends."""
PROCESSORS = 2
CONFIGURATION = """ClusterName=tiercare
SlurmctldHost=localhost(127.0.0.1)
SlurmctldPort={controller}
SlurmdPort={node}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
SlurmdParameters=config_overrides
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core_Memory
SchedulerType=sched/builtin
KillWait=5
NodeName=one NodeHostname=localhost NodeAddr=127.0.0.1 CPUs={processors} RealMemory={megabytes}
PartitionName=all Nodes=one Default=YES State=UP
"""


@contextmanager
def slurm() -> Iterator[Path]:
    """Begin SLURM, give its configuration, for SLURM_CONF, once the node waits for jobs, and end all that it has begun."""
    folder = Path(tempfile.mkdtemp(prefix="slurm-"))
    configuration = folder / "slurm.conf"
    try:
        _write(folder, configuration)
        with ExitStack() as running:
            for words in _daemons(folder):
                running.enter_context(_daemon(words, configuration, folder))
            if not _within(START, lambda: _asked("sinfo", configuration, "--noheader", "--format=%T") == ["idle"]):
                pytest.skip(f"SLURM does not start on this machine: {_last_words(folder)}")
            yield configuration
            _asked("scancel", configuration, "--user=root")
            assert _within(STOP, lambda: not queued(configuration)), _last_words(folder)
        assert not left_over(configuration)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def queued(configuration: Path) -> list[str]:
    """List the jobs that wait, run or end: number, state, name."""
    return _asked("squeue", configuration, "--noheader", "--format=%A %T %j")


def left_over(configuration: Path) -> list[str]:
    """List the processes of daemons and jobs that are still there."""
    _within(STOP, lambda: not _processes(configuration))
    return _processes(configuration)


def _write(folder: Path, configuration: Path) -> None:
    """Write what the daemons want to read."""
    (folder / "state").mkdir()
    (folder / "spool").mkdir()
    key = folder / "key"
    key.touch(mode=0o600)
    key.write_bytes(os.urandom(128))
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind(("127.0.0.1", 0))
        ports = {"controller": one.getsockname()[1], "node": other.getsockname()[1]}
    megabytes = psutil.virtual_memory().total // 2**20
    configuration.write_text(CONFIGURATION.format(folder=folder, megabytes=megabytes, processors=PROCESSORS, **ports))


def _daemons(folder: Path) -> Iterator[list[str]]:
    """Give the command of each daemon in the order of their beginning; none goes into the background."""
    files = ("key-file", "key"), ("socket", "munge"), ("pid-file", "munged.pid"), ("log-file", "munged.log"), ("seed-file", "seed")
    yield [str(PROGRAMS["munged"]), "--foreground", "--force", *(f"--{name}={folder / file}" for name, file in files)]
    yield [str(PROGRAMS["slurmctld"]), "-D"]
    yield [str(PROGRAMS["slurmd"]), "-D", "-N", "one"]


@contextmanager
def _daemon(words: list[str], configuration: Path, folder: Path) -> Iterator[None]:
    """Keep a daemon running."""
    environment = {**os.environ, "SLURM_CONF": str(configuration)}
    with (folder / f"{Path(words[0]).name}.out").open("wb") as out:
        process = subprocess.Popen(words, cwd=folder, env=environment, stdin=subprocess.DEVNULL, stdout=out, stderr=out)
    try:
        yield
    finally:
        process.terminate()
        try:
            process.wait(STOP)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _asked(program: str, configuration: Path, *words: str) -> list[str]:
    """Ask SLURM something; the lines it answers, none where it does not answer yet."""
    environment = {**os.environ, "SLURM_CONF": str(configuration)}
    asked = [str(PROGRAMS[program]), *words]
    try:
        found = subprocess.run(asked, env=environment, capture_output=True, text=True, timeout=START, check=False)
    except subprocess.TimeoutExpired:
        return []
    return [line.strip() for line in found.stdout.splitlines()]


def _processes(configuration: Path) -> list[str]:
    """List the processes with this configuration that a daemon or a job has begun."""
    found = []
    for process in psutil.process_iter(["name", "environ"]):
        told = process.info["environ"] or {}
        ours = "SLURM_JOB_ID" in told or process.info["name"].startswith(("slurm", "munge"))
        if told.get("SLURM_CONF") == str(configuration) and ours and process.status() != psutil.STATUS_ZOMBIE:
            found.append(f"{process.pid} {process.info['name']}")
    return found


def _within(seconds: float, there: Callable[[], bool]) -> bool:
    """Wait for something to be so; says whether it came to be."""
    end = time.monotonic() + seconds
    while not (found := there()) and time.monotonic() < end:
        time.sleep(0.2)
    return found


def _last_words(folder: Path) -> str:
    """Give the last line each daemon has written."""
    lines = (file.read_text(errors="replace").splitlines()[-1:] for file in sorted((*folder.glob("*.log"), *folder.glob("*.out"))))
    return "; ".join(line for last in lines for line in last)
