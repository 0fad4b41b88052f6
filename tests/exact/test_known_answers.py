"""Problems with exactly known answers, through the model's own kernels: the same that `tiercare verify` runs."""

import math
from collections.abc import Callable

import pytest

from experiments.proof import known
from experiments.proof.checks import Checked
from experiments.proof.problem_files import read_problem
from experiments.proof.verify import RUNS, SEED, run, verify

LONG = {"three_tiers", "ten_doctors", "fifty_doctors", "service_spread"}
NAMES = sorted(path.stem for path in known.EXACT.glob("*.yaml"))


@pytest.mark.parametrize("name", [pytest.param(name, marks=[pytest.mark.slow] if name in LONG else []) for name in NAMES])
def test_the_figures_of_a_file_agree_with_theory(name: str) -> None:
    checked = run(read_problem(known.EXACT / f"{name}.yaml"), RUNS, SEED)
    assert checked.lines
    assert [line for line in checked.lines if not line.passed] == []


@pytest.mark.parametrize("problem", [known.drawn_shares, known.catchment, known.week_of_beds])
def test_the_figures_of_a_law_agree_with_theory(problem: Callable[[int, int], Checked]) -> None:
    checked = problem(RUNS, SEED)
    assert [line for line in checked.lines if not line.passed] == []


def test_welfare_agrees_with_theory() -> None:
    checked = known.welfare()
    assert [line.exact for line in checked.lines] == [-1.7959, 5.1985]
    assert checked.passed


def test_every_known_answer_of_the_three_tiers_is_asked_for() -> None:
    known_figures = read_problem(known.EXACT / "three_tiers.yaml").known
    assert len(known_figures) == 18
    assert math.fsum(k.exact for k in known_figures if "throughput" in k.figure) == pytest.approx(30.6253527)


@pytest.mark.slow
def test_the_whole_of_verify_passes_with_another_seed() -> None:
    report = verify(seed=1000)
    assert [line for checked in report.checked for line in checked.lines if not line.passed] == []
