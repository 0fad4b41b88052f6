"""The machine: how many processors and how much memory there are for us, and how many runs fit."""

import os
from pathlib import Path

import psutil

from sim.scenario.scenario import Scenario

LIMITS = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"), Path("/sys/fs/cgroup/memory/memory.usage_in_bytes")),
)
"""Where a container says how much memory it may have, and how much it has."""
OF_A_PROCESS, OF_A_PERSON = 320_000_000, 300
"""Bytes: what a process holds before it runs anything, and what a run adds for each simulated person at its peak, rounded up: the
`peak_memory_mb` of a whole year of Lujiang's 1.2 million is 592, of small runs about 300."""


def cores() -> int:
    """Count the processors this process may use."""
    there = max(len(os.sched_getaffinity(0)), 1) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(there, _of_job("SLURM_CPUS_ON_NODE") or there)


def _of_job(variable: str) -> int:
    """Say what SLURM lets its job have, which it does not enforce everywhere; 0 where there is no job, or it says nothing."""
    told = os.environ.get(variable, "")
    return int(told) if told.isdigit() else 0


def free_memory() -> int:
    """Say how much memory may still be taken, bytes: of the machine, or of the container where that has a limit."""
    free = int(psutil.virtual_memory().available)
    for most, taken in LIMITS:
        try:
            free = min(free, max(int(most.read_text()) - int(taken.read_text()), 0))
        except (OSError, ValueError):  # no such limit
            continue
    return min(free, _of_job("SLURM_MEM_PER_NODE") * 2**20 or free)


def memory_of_a_run(scenario: Scenario, scale: float) -> int:
    """Estimate the memory of a process that runs a scenario, bytes."""
    return OF_A_PROCESS + int(OF_A_PERSON * scenario.population.registered * scale)


def workers(scenarios: list[Scenario], scale: float) -> int:
    """Say how many processes fit: as many as there are processors, and as free memory holds; at least one."""
    largest = max(memory_of_a_run(scenario, scale) for scenario in scenarios)
    return max(1, min(cores(), free_memory() // largest))
