"""Judge what was measured against what is exactly known, and report it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from experiments.proof.answers import Answer
from experiments.proof.problems import Known


@dataclass(frozen=True)
class Line:
    """One figure: what it is, what it should be, what it is, and by how much it may be off."""

    what: str
    measured: float | None
    standard_error: float | None
    exact: float | None = None
    tolerance: float | None = None

    @property
    def passed(self) -> bool:
        """Say whether the figure is near enough; one without an exact value always is."""
        if self.exact is None or self.tolerance is None:
            return True
        return self.measured is not None and abs(self.measured - self.exact) <= self.tolerance


def judged(what: str, measured: float | None, error: float | None, exact: float, cap: float) -> Line:
    """Set the tolerance: the larger of four standard errors and the cap, but never more than three caps (relative to the exact value)."""
    margin = cap * abs(exact)
    return Line(what, measured, error, exact, min(max(4.0 * (error or 0.0), margin), 3.0 * margin))


@dataclass(frozen=True)
class Checked:
    """One problem that was run: its title in each language, its figures, and for a file its whole answer."""

    name: str
    titles: Mapping[str, str]
    lines: tuple[Line, ...]
    answer: Answer | None = None

    @property
    def passed(self) -> bool:
        """Say whether every figure is near enough."""
        return all(line.passed for line in self.lines)


@dataclass(frozen=True)
class Report:
    """All problems that were run."""

    checked: tuple[Checked, ...]
    runs: int
    own_files: bool

    @property
    def passed(self) -> bool:
        """Say whether every figure of every problem is near enough."""
        return all(checked.passed for checked in self.checked)

    def as_json(self) -> dict[str, Any]:
        """Give the answer of the file, or name -> answer for several; for the known problems every figure beside its exact value."""
        if not self.own_files:
            problems = {checked.name: _as_json(checked) for checked in self.checked}
            return {"passed": self.passed, "runs": self.runs, "problems": problems}
        answers = {checked.name: checked.answer or {} for checked in self.checked}
        return next(iter(answers.values())) if len(answers) == 1 else answers

    def rows(self, lang: str = "en") -> Iterator[tuple[str, Line]]:
        """Give title and line of each figure, for printing."""
        for checked in self.checked:
            for line in checked.lines:
                yield checked.titles.get(lang, checked.name), line


def _as_json(checked: Checked) -> dict[str, Any]:
    """Give one known problem with every figure."""
    names = ("what", "exact", "measured", "standard_error", "tolerance", "passed")
    figures = [{name: getattr(line, name) for name in names} for line in checked.lines]
    return {"title": dict(checked.titles), "passed": checked.passed, "figures": figures}


def lines_of(answer: Answer, known: Sequence[Known]) -> tuple[Line, ...]:
    """Judge the known figures of an answer; where none is known, list its figures as they are."""
    error = answer.get("se", {})
    if known:
        return tuple(judged(label(k.figure), at(answer, k.figure), at(error, k.figure), k.exact, k.cap) for k in known)
    paths = list(_paths({name: part for name, part in answer.items() if name not in ("runs", "se")}))
    return tuple(Line(label(path), at(answer, path), at(error, path)) for path in paths)


def at(answer: Any, path: str) -> float | None:
    """Look a figure up by its dotted path; None where there is none."""
    for name in path.split("."):
        answer = answer.get(name) if isinstance(answer, dict) else None
    return answer if isinstance(answer, int | float) else None


def label(path: str) -> str:
    """Write a dotted path for readers: what every figure of a network has in common is left out."""
    return " ".join(name for name in path.removeprefix("stations.").split(".") if name != "all")


def _paths(answer: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[str]:
    """List the dotted paths of all single figures."""
    for name, part in answer.items():
        if isinstance(part, dict):
            yield from _paths(part, (*path, name))
        elif not isinstance(part, list):
            yield ".".join((*path, name))
