"""What a process of a batch does: one run after the other, with imports, compiled kernels, scenarios and people at hand from the last."""

import ctypes
import gc
import os
import pickle
import sys
import traceback
from collections import OrderedDict
from collections.abc import Callable
from functools import cache, lru_cache
from pathlib import Path
from time import monotonic, perf_counter
from typing import NamedTuple

from sim.scenario.scenario import Scenario  # before the county: pydantic reads docstrings fast while few modules are loaded

# isort: split
from experiments.running.one import Told, observed
from results.store.fingerprint import fingerprint
from results.store.origin import ROOT
from results.store.pool import DONE, FAILED, Kept, packed
from sim.county import Day
from sim.scenario.varying import Setting, assembled
from sim.warming import warm

AT_HAND = 64
"""Variants of scenarios that a process keeps."""
TOLD = 4
"""Lines of code that the row of a failed run names."""


class Job(NamedTuple):
    """One run, as it is sent to whoever does it."""

    key: str
    base: bytes
    """The scenario as its file says it, pickled."""
    variant: str
    """Hash of the scenario with what is set in it."""
    settings: tuple[Setting, ...]
    seed: int
    scale: float
    tables: tuple[str, ...]
    fingerprint: str
    """Of the model that was asked for: another one must not answer."""
    made_by: str
    limit: float | None
    """Seconds it may take."""


class OtherModelError(RuntimeError):
    """The code or the packages here are not those of whoever asked."""


class TooLongError(RuntimeError):
    """A run took longer than it may."""


def run(job: Job) -> Kept:
    """Do one run; whatever goes wrong in it is in what is returned. Raises OtherModelError where the model here is another."""
    if fingerprint() != job.fingerprint:
        raise OtherModelError(f"asked for {job.fingerprint[:12]}, here is {fingerprint()[:12]}")
    began = perf_counter()
    try:
        scenario = _scenario(job)
        began = perf_counter()
        found = observed(scenario, job.seed, job.scale, job.tables, _watch(job.limit))
        seconds = perf_counter() - began
        tables = {name: packed(table) for name, table in found.tables.items()}
        return Kept(job.key, DONE, found.measures, "", seconds, job.made_by, tables)
    except Exception as error:
        return Kept(job.key, FAILED, {}, _told(error), perf_counter() - began, job.made_by, {})
    finally:
        _give_back()


_variants: OrderedDict[str, Scenario] = OrderedDict()


def _scenario(job: Job) -> Scenario:
    """Give the scenario of a run, from those at hand where it is among them."""
    if job.variant not in _variants:
        base = _base(job.base)
        _variants[job.variant] = assembled(base, job.settings)
        while len(_variants) > AT_HAND:
            _variants.popitem(last=False)
    _variants.move_to_end(job.variant)
    return _variants[job.variant]


@lru_cache(maxsize=8)
def _base(content: bytes) -> Scenario:
    """Read a scenario, and have every kernel ready for it."""
    scenario: Scenario = pickle.loads(content)
    warm(scenario)
    gc.collect()
    gc.freeze()  # what stays for good need not be looked at again
    return scenario


def _watch(limit: float | None) -> Told:
    """Look at the clock after every day."""
    end = monotonic() + (limit or 0.0)

    def told(day: Day) -> None:
        if limit is not None and monotonic() > end:
            raise TooLongError(f"not done within {limit:g} s (stopped after day {day.number} of {day.last})")

    return told


def _told(error: Exception) -> str:
    """Say what went wrong and where in the code, without a folder of this machine."""
    frames = traceback.extract_tb(error.__traceback__)[-TOLD:]
    places = (f"{_short(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames))
    return f"{type(error).__name__}: {error} [{' < '.join(places)}]"


def _short(file: str) -> str:
    """Name a file of ours from its root, another by its name alone."""
    path = Path(file)
    return path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else path.name


def _give_back() -> None:
    """Give freed memory back to the system, which the allocator of Linux would keep: forty small runs hold twice as much else."""
    trim = _trimmer()
    if trim is not None:
        trim(0)


@cache
def _trimmer() -> Callable[[int], object] | None:
    """Find what gives memory back; None where the system has no such thing."""
    if not sys.platform.startswith("linux") or os.environ.get("MALLOC_TRIM_THRESHOLD_"):
        return None
    try:
        found: Callable[[int], object] = ctypes.CDLL(None).malloc_trim
        return found
    except (OSError, AttributeError):
        return None
