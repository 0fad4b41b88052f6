"""Measure a batch beside bare loops: `python -m benchmarks.batches`. Two loops at once bound what two processes can do."""

import argparse
import json
import multiprocessing
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

import psutil

from experiments.design.variants import design
from experiments.running.batch import Batch
from experiments.running.processes import Processes
from experiments.running.worker import Job, run
from results.store.pool import Pool

EXPERIMENT = """name: measured
scenarios: [lujiang-2020]
scale: {scale}
seeds: {seeds}
levers:
  mechanisms.family_doctor.coverage: [{levels}]
"""
TINY = "  period.days: [2]\n  period.run_in_days: [0]\n"
"""What makes a run of it last no time."""


def planned(folder: Path, runs: int, scale: str, more: str = "") -> Batch:
    """Plan a batch of so many runs: ten points, as many seeds as are wanted.

    more : further lines of the experiment
    """
    points = min(10, runs)
    levels = ", ".join(f"{20 + 4 * row} %" for row in range(points))
    file = folder / "measured.yaml"
    file.write_text(EXPERIMENT.format(scale=scale, seeds=runs // points, levels=levels) + more)
    return Batch(design(file), Pool(folder / "pool"))


def loop(jobs: list[Job], begun: object, times: object) -> None:
    """Do runs one after the other in this process; the first is not counted."""
    run(jobs[0])
    begun.wait()  # type: ignore[attr-defined]
    began = perf_counter()
    simulated = sum(run(job).seconds for job in jobs[1:])
    times.put((len(jobs) - 1, perf_counter() - began, simulated))  # type: ignore[attr-defined]


def loops(batch: Batch, at_once: int, each: int) -> dict[str, float]:
    """Let bare loops run at once; returns the runs a minute of all together."""
    context = multiprocessing.get_context("spawn")
    begun, times = context.Barrier(at_once), context.Queue()
    jobs = [batch.job(planned, None) for planned in batch.new]
    processes = [context.Process(target=loop, args=(jobs[row * each : (row + 1) * each], begun, times)) for row in range(at_once)]
    for process in processes:
        process.start()
    found = [times.get() for _ in processes]
    for process in processes:
        process.join()
    return {"runs_a_minute": sum(60 * runs / seconds for runs, seconds, _ in found), "seconds_a_run": found[0][1] / found[0][0]}


def batched(runs: int, workers: int, scale: str) -> dict[str, float]:
    """Do a batch, its start left out as the loops' is: from the end of the pilot to the last run."""
    with tempfile.TemporaryDirectory() as folder:
        batch = planned(Path(folder), runs, scale)
        marks: list[float] = []
        executor = Processes(workers)
        warm = [executor.submit(run, batch.job(batch.new[row], None)) for row in range(workers)]
        for future in warm:
            future.result()
        own = psutil.Process().cpu_times()
        batch.run(executor, workers, None, lambda progress: marks.append(perf_counter()))
        driver = psutil.Process().cpu_times()
        simulated = [batch.pool.read(planned.key).seconds for planned in batch.rows()]
    wall = marks[-1] - marks[0]
    took = (driver.user + driver.system - own.user - own.system) / runs
    each = sum(simulated) / len(simulated)
    return {
        "runs_a_minute": 60 * (runs - 1) / wall, "seconds_simulated": each, "wall_a_run_of_a_worker": wall / (runs - 1) * workers,
        "not_simulation": 1 - each / (wall / (runs - 1) * workers), "driver_seconds_a_run": took, "driver_share": took / each,
    }  # fmt: skip


def memory(runs: int) -> dict[str, float]:
    """Say how much memory the driver holds after a batch of tiny runs, in a process of its own; MB."""
    code = f"from benchmarks.batches import grown; grown({runs})"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    found: dict[str, float] = json.loads(told.splitlines()[-1])
    return found


def grown(runs: int) -> None:
    """Do a batch of tiny runs and print what this process holds before and after; MB."""
    with tempfile.TemporaryDirectory() as folder:
        batch = planned(Path(folder), runs, "0.1 %", TINY)
        before = psutil.Process().memory_info().rss
        most = before

        def told(progress: object) -> None:
            nonlocal most
            most = max(most, psutil.Process().memory_info().rss)

        batch.run(Processes(2), 2, None, told)
        print(json.dumps({"runs": runs, "before": before / 1e6, "most": most / 1e6}))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--scale", default="5 %")
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--memory", action="store_true")
    asked = parser.parse_args()
    if asked.memory:
        print(memory(200), memory(2000))
        return
    for _ in range(asked.rounds):
        with tempfile.TemporaryDirectory() as folder:
            batch = planned(Path(folder), asked.runs, asked.scale)
            print("one loop", loops(batch, 1, asked.runs // 4), flush=True)
            print("two loops", loops(batch, 2, asked.runs // 2), flush=True)
        print("batch", batched(asked.runs, 2, asked.scale), flush=True)


if __name__ == "__main__":
    main()
