"""Kill a batch again and again, the driver or a process of it at random moments, and see that nothing is lost and nothing is doubled.

`python -m tests.experiments.running.killing --kills 50` tells what it did; the test of the same name does it with fewer kills.
"""

import argparse
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

import psutil
import pyarrow.parquet as pq

EXPERIMENT = """name: killed
scenarios: [lujiang-2020]
scale: {scale}
seeds: {seeds}
levers:
  mechanisms.family_doctor.coverage: [20 %, 40 %, 60 %, 80 %]
  period.days: [{days}]
  period.run_in_days: [{run_in}]
keep: [daily, facilities]
"""


class Told(NamedTuple):
    """What a batch that was killed again and again came to."""

    drivers: int
    workers: int
    """Kills of each."""
    rows: int
    equal: bool
    """Every column but `seconds` is that of an undisturbed batch."""
    tables_equal: bool
    """Kept tables are the same bytes."""


def command(file: Path, out: Path) -> list[str]:
    """Write the command of the batch."""
    return [sys.executable, "-m", "app.cli", "batch", str(file), "--out", str(out), "--workers", "2"]


def killed(folder: Path, kills: int, experiment: str, luck: random.Random) -> Told:
    """Do the experiment once undisturbed and once with so many kills, and compare."""
    file = folder / "killed.yaml"
    file.write_text(experiment)
    subprocess.run(command(file, folder / "calm"), check=True, capture_output=True)
    counts = {"driver": 0, "worker": 0}
    while sum(counts.values()) < kills:
        _disturb(command(file, folder / "torn"), kills, counts, luck)
    last = subprocess.run(command(file, folder / "torn"), check=False, capture_output=True, text=True)
    assert last.returncode == 0, last.stdout + last.stderr
    calm, torn = (pq.read_table(folder / name / "runs.parquet").drop_columns(["seconds"]) for name in ("calm", "torn"))
    same = all(
        (folder / "calm" / name).read_bytes() == (folder / "torn" / name).read_bytes() for name in ("daily.parquet", "facilities.parquet")
    )
    return Told(counts["driver"], counts["worker"], torn.num_rows, calm.equals(torn), same)


def _disturb(words: list[str], kills: int, counts: dict[str, int], luck: random.Random) -> None:
    """Begin the batch, kill processes of it now and then, and at last the driver; ends when the batch does."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as driver:
        while driver.poll() is None and sum(counts.values()) < kills:
            time.sleep(luck.uniform(0.1, 3.0))
            workers = _workers(driver.pid)
            if luck.random() < 0.5 and workers:
                _kill(luck.choice(workers), counts, "worker")
            elif driver.poll() is None:
                driver.send_signal(signal.SIGKILL)
                driver.wait()
                counts["driver"] += 1
        if driver.poll() is None:
            driver.wait()


def _workers(pid: int) -> list[psutil.Process]:
    """List the processes that do runs for a driver."""
    try:
        children = psutil.Process(pid).children()
        return [child for child in children if "spawn_main" in " ".join(child.cmdline())]
    except psutil.Error:
        return []


def _kill(process: psutil.Process, counts: dict[str, int], kind: str) -> None:
    try:
        process.kill()
        counts[kind] += 1
    except psutil.Error:
        pass


def main() -> None:
    """Kill and tell."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        told = killed(Path(folder), asked.kills, EXPERIMENT.format(scale="5 %", seeds=50, days=365, run_in=30), random.Random(asked.seed))
    print(told)


if __name__ == "__main__":
    main()
