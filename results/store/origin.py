"""Say where a run came from: how it was asked for, versions, commit, hash of its inputs, and what it took."""

import hashlib
import platform
import subprocess
import sys
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[2]
PACKAGES = ("tiercare", "mesa", "numpy", "numba")
COUNTED = ("residents", "visits", "admissions")
"""Measures that say how large a run was."""


class Asked(NamedTuple):
    """How a run was asked for."""

    scenario: str
    """Its name, or the path of its file."""
    settings: tuple[str, ...]
    """'a.b.c=VALUE', laid over it."""
    seed: int
    scale: float


def facts(asked: Asked, inputs: str, wall_seconds: float, measures: Mapping[str, Any]) -> dict[str, Any]:
    """Collect what `run.json` tells of a run.

    inputs : see `hash_of_inputs`;  wall_seconds : what people, run-in and measured days took
    """
    origin = {"versions": versions(), "commit": commit(), "inputs": inputs}
    took = {"wall_seconds": wall_seconds, "peak_memory_mb": peak_memory_mb()}
    asked_for = {**asked._asdict(), "settings": list(asked.settings)}
    return {**asked_for, **origin, **took, **{name: measures.get(name) for name in COUNTED}}


def versions() -> dict[str, str | None]:
    """Give the versions of Python and of the packages a result depends on."""
    return {"python": platform.python_version()} | {package: _version(package) for package in PACKAGES}


def _version(package: str) -> str | None:
    """Give the version of one installed package, None where it runs from a plain folder."""
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def commit(root: Path = ROOT) -> str | None:
    """Name the commit the code was run from, with -dirty after changes; None outside a checkout or without git."""
    if not (root / ".git").exists():
        return None
    asked = ["git", "-C", str(root), "describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"]
    try:
        answer = subprocess.run(asked, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    return answer.stdout.strip() or None if answer.returncode == 0 else None


def peak_memory_mb() -> float | None:
    """Give the largest memory this process has held, in MB of 1,000,000 bytes; None where the system does not tell."""
    try:
        import resource
    except ImportError:
        return None
    held = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(held * (1 if sys.platform == "darwin" else 1024) / 1e6, 1)


def hash_of_inputs(fingerprint: str, seed: int, scale: float) -> str:
    """Hash all that decides the numbers of a run besides the code: scenario with its data, seed, scale."""
    return hashlib.sha256(f"{fingerprint} seed={seed} scale={scale!r}".encode()).hexdigest()
