"""Read the files of `tiercare verify`: YAML in, a `Problem` out, or a UserError with the faults of the file at their lines."""

from pathlib import Path

from experiments.proof.problem_checks import name_faults, run_faults
from experiments.proof.problem_shapes import ProblemFile
from experiments.proof.problems import Choice, Known, Problem
from sim.reading.document import read_document

CAP, SURE_CAP = 0.05, 0.001
"""How far a figure may be off that names no cap of its own: of what is simulated, and of what is solved."""


def read_problem(path: Path) -> Problem:
    """Read one file; raises UserError with its faults."""
    said = read_document(path, ProblemFile, name_faults, run_faults).root
    body = said.body()
    usual = SURE_CAP if isinstance(body, Choice) and not body.queues else CAP
    known = tuple(Known(one.figure, one.value, usual if one.cap is None else one.cap) for one in said.exact)
    titles = {"en": said.title.en, "zh": said.title.zh} if said.title is not None else dict.fromkeys(("en", "zh"), path.stem)
    return Problem(path.stem, titles, body, known)
