"""The same seed gives the same bytes, whatever the process; kernels stay inside their arrays; small scale and full scale agree."""

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from results.outcomes import measures
from tests.sim.county_worlds import lived
from tests.sim.place.test_place import Rows, rewritten

ROOT = Path(__file__).parents[2]


def start(module: str, words: Sequence[str] = (), **environment: str) -> subprocess.Popen[str]:
    """Start one of our modules in a process of its own."""
    command = [sys.executable, "-m", module, *words]
    return subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, **environment}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )  # fmt: skip


def answer(process: subprocess.Popen[str]) -> str:
    """Wait for a process and take what it printed."""
    out, error = process.communicate(timeout=600)
    assert process.returncode == 0, error
    return out


def digests(process: subprocess.Popen[str]) -> dict[str, dict[str, str]]:
    """Read the hashes that a process has printed, by seed."""
    found: dict[str, dict[str, str]] = json.loads(answer(process))
    return found


@pytest.mark.slow
def test_bytes_are_the_same_under_two_hash_seeds_and_in_one_process_or_two() -> None:
    both = digests(start("tests.sim.digest", ["1", "2"], PYTHONHASHSEED="0"))
    apart = [start("tests.sim.digest", [seed], PYTHONHASHSEED="4711") for seed in ("2", "1")]
    two, one = (digests(process) for process in apart)
    assert {**one, **two} == both
    assert all(both["1"][name] != both["2"][name] for name in both["1"])


def townless(rows: Rows) -> Rows:
    """Leave one town without a township centre."""
    return [row for row in rows if row["facility"] != "baihu_township"]


def primary_only(rows: Rows) -> Rows:
    """Leave no hospital that could treat what is hard, but the county's own two."""
    return [row for row in rows if row["tier"] not in ("municipal", "provincial")]


@pytest.mark.slow
def test_no_kernel_reads_or_writes_outside_its_arrays(tmp_path: Path) -> None:
    """In Lujiang, in a Lujiang with a town that has no township centre, and in one without any hospital outside."""
    changes = (townless, primary_only)
    for change in changes:
        (tmp_path / change.__name__).mkdir()
    settings = [rewritten(tmp_path / change.__name__, change) for change in changes]
    cache = tmp_path / "cache"
    checked, *visits = answer(start("tests.sim.checked_days", settings, NUMBA_BOUNDSCHECK="1", NUMBA_CACHE_DIR=str(cache))).split()
    assert checked == "1"
    assert len(visits) == 3
    assert min(map(int, visits)) > 1000
    assert list(cache.rglob("*.nbi"))


SHARES = (
    "in_county_visit_share",
    "primary_visit_share_all",
    "primary_visit_share_ex_village",
    "primary_visit_share_by_resident",
    "in_county_admission_share_insured",
    "in_county_admission_share_registered",
    "township_admission_share",
    "forgone_care_share",
)
MEANS = ("visits_per_resident", "admissions_per_resident", "cost_per_visit_township", "cost_per_visit_county", "fund_spent_per_head")


WITHOUT_WAITS = [f"care.service.{tier}=1 min" for tier in ("village", "clinic", "township", "county")]


@pytest.mark.slow
@pytest.mark.parametrize(("settings", "room"), [(WITHOUT_WAITS, 0.015), ([], 0.03)], ids=["without waits", "with waits"])
def test_a_twentieth_of_the_people_tells_the_shares_and_costs_of_all(settings: list[str], room: float) -> None:
    """Eight samples of a twentieth against all of them, on the same days: their mean lies within five of its own errors.

    room : what waits may add in the first month, in points of a share and in parts of other numbers; small wards stand together, so beds
           fill otherwise; over a year far less is left (docs/scale.md)
    """
    whole = measures(lived(settings, scale=1.0))
    samples = [measures(lived(settings, scale=0.05, seed=seed)) for seed in range(1, 9)]
    for name in (*SHARES, *MEANS):
        values = np.array([float(sample[name] or 0.0) for sample in samples])
        error, full = values.std(ddof=1) / np.sqrt(len(values)), float(whole[name] or 0.0)
        allowed = 5 * error + room * (1.0 if name in SHARES else full)
        assert abs(values.mean() - full) < allowed, (name, full, values.mean(), error)
