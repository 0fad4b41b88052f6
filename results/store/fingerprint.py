"""Fingerprint: one hash of everything that decides a result besides the scenario, its data, the seed and the scale.

Two runs of the same scenario with equal fingerprints have equal measures and tables, so whoever keeps runs finds them by it. It is made of

- the sources of `sim/`, of what is measured and tabulated (`results/outcomes.py`, `results/tables.py`, `results/months.py`,
  `results/measuring/*.py`, `results/store/plain.py`) and of how a run is lived (`experiments/running/one.py`), byte for byte: an edit of a
  comment counts too;
- the shipped scenarios and data tables (`scenarios/*.yaml`, `scenarios/data/`);
- the versions of Python and of the packages that compute.

What only words hang on is left out: `sim/language/`, the titles of measures, `scenarios/sources.yaml`, the documents. What a scenario
says and what its own tables hold is hashed apart (`Scenario.fingerprint`), so that it may lie anywhere.
"""

import hashlib
import platform
from collections.abc import Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path

from results.store.origin import ROOT

SOURCES = (
    "sim/**/*.py", "results/outcomes.py", "results/tables.py", "results/months.py", "results/measuring/*.py", "results/store/plain.py",
    "experiments/running/one.py", "scenarios/*.yaml", "scenarios/data/**/*.csv",
)  # fmt: skip
WORDS = ("sim/language/", "scenarios/sources.yaml")
"""What decides no number."""
COMPUTING = ("numpy", "numba", "llvmlite", "networkx")


@cache
def fingerprint() -> str:
    """Give the hash of this installation; worked out once in a process."""
    return hashed(ROOT)


def hashed(root: Path) -> str:
    """Hash what decides results: the files below a root, by their names there, and the versions in use."""
    found = hashlib.sha256(" ".join([platform.python_version(), *(f"{name} {version(name)}" for name in COMPUTING)]).encode())
    for name in sorted(deciding(root)):
        content = (root / name).read_bytes()
        found.update(f"\n{name} {len(content)}\n".encode())
        found.update(content)
    return found.hexdigest()


def deciding(root: Path) -> Iterator[str]:
    """Name the files that decide results, relative to a root."""
    for pattern in SOURCES:
        names = (path.relative_to(root).as_posix() for path in root.glob(pattern))
        yield from (name for name in names if not name.startswith(WORDS))
