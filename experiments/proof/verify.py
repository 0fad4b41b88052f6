"""Verify: run problems with exactly known answers, or a user's own, through the very code of the model.

The engine is `sim/care/engine/hours.py`, the choice `sim/choice/choosing.py`, the luck `sim/arithmetic/luck.py`; there is no other.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

from experiments.proof.answers import network_answer
from experiments.proof.checks import Checked, Report, lines_of
from experiments.proof.choices import choice_answer
from experiments.proof.known import EXACT, known_answers
from experiments.proof.problem_files import read_problem
from experiments.proof.problems import Network, Problem
from sim.language.messages import Fault, UserError

RUNS = 10
SEED = 1


def verify(files: Sequence[Path] | None = None, runs: int = RUNS, seed: int = SEED) -> Report:
    """Run the files, or without any all problems with known answers.

    runs   : how often each is run, with seeds of its own; 10 or more for a judgement that can be relied on
    raises : UserError with every fault of every file
    """
    return Report(tuple(checks(files, runs, seed)), runs, bool(files))


def checks(files: Sequence[Path] | None = None, runs: int = RUNS, seed: int = SEED) -> Iterator[Checked]:
    """Run them one by one; all files are read before the first is run."""
    problems = _read(files or sorted(EXACT.glob("*.yaml")))
    for problem in problems:
        yield run(problem, runs, seed)
    if not files:
        yield from known_answers(runs, seed)


def run(problem: Problem, runs: int, seed: int) -> Checked:
    """Run one problem and judge the figures whose exact values it states."""
    body = problem.body
    answer = network_answer(body, runs, seed) if isinstance(body, Network) else choice_answer(body, runs, seed)
    return Checked(problem.name, problem.titles, lines_of(answer, problem.known), answer)


def _read(files: Sequence[Path]) -> list[Problem]:
    """Read all files, gathering the faults of all."""
    problems: list[Problem] = []
    faults: list[Fault] = []
    for file in files:
        try:
            problems.append(read_problem(Path(file)))
        except UserError as error:
            faults.extend(error.faults)
    if faults:
        raise UserError(faults)
    return problems
