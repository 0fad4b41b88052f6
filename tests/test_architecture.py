"""The house stays in order: layers, cycles, the length of functions, and what the model may not touch."""

import ast
import re
import statistics
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import grimp
import networkx as nx
import pytest
from click.testing import CliRunner
from importlinter.cli import lint_imports_command

import sim
from sim.mechanisms import MECHANISMS

ROOT = Path(__file__).parents[1]
ROOMS = ("app", "experiments", "calibration", "results", "sim")
LONGEST = 40
LONGEST_KERNEL = 100
ALLOWED_LUCK = ("np.random.SeedSequence", "random.Random")
"""Keys are made of a seed; the type of the generator Mesa hands to its own sets may be named."""
COMPILERS = {"njit", "inlined", "vectorize", "guvectorize"}


class Function(NamedTuple):
    """One function of the code."""

    place: str
    lines: int
    """Lines of the body, the docstring left out."""
    compiled: bool


def sources(*rooms: str) -> list[Path]:
    """Find the Python files of some rooms."""
    return sorted(path for room in rooms for path in (ROOT / room).rglob("*.py"))


def parsed(path: Path) -> ast.Module:
    """Parse one file."""
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(path: Path) -> Iterator[Function]:
    """Measure every function of a file."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield Function(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}", body_lines(node), is_compiled(node))


def body_lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Count the lines of a body without its docstring."""
    body = node.body[1:] if ast.get_docstring(node) is not None else node.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def is_compiled(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Say whether a decorator compiles the function."""
    names = (decorator.func if isinstance(decorator, ast.Call) else decorator for decorator in node.decorator_list)
    return any((name.id if isinstance(name, ast.Name) else getattr(name, "attr", "")) in COMPILERS for name in names)


def dotted(node: ast.AST) -> str:
    """Write a chain of names, `np.random.default_rng`; empty for anything else."""
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def imported(tree: ast.Module) -> set[str]:
    """Name everything a file imports, dotted."""
    names: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def test_imports_point_down_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    answer = CliRunner().invoke(lint_imports_command, ["--no-cache"])
    assert answer.exit_code == 0, answer.output


def test_no_file_imports_itself_through_others() -> None:
    graph = grimp.build_graph(*ROOMS, cache_dir=None, exclude_type_checking_imports=False)
    arrows = nx.DiGraph()
    for module in graph.modules:
        arrows.add_edges_from((module, other) for other in graph.find_modules_directly_imported_by(module))
    cycles = [sorted(ring) for ring in nx.strongly_connected_components(arrows) if len(ring) > 1]
    assert cycles == []


def test_the_model_that_is_tested_is_the_one_of_this_folder() -> None:
    assert Path(sim.__file__).is_relative_to(ROOT)


BELOW_POLICIES = (
    "world",
    "institutions",
    "care",
    "ground",
    "market",
    "choice",
    "money",
    "people",
    "place",
    "scenario",
    "reading",
    "answers",
)


@pytest.mark.parametrize("policy", sorted(MECHANISMS))
def test_nothing_below_the_policies_and_nothing_in_the_results_names_one(policy: str) -> None:
    below = [path for path in sources("sim", "results") if path.is_relative_to(ROOT / "results") or _room(path) in BELOW_POLICIES]
    kind = MECHANISMS[policy]
    named = re.compile(rf"\b({policy}|{kind.__name__})\b")
    assert below
    assert [str(path.relative_to(ROOT)) for path in below if named.search(path.read_text(encoding="utf-8"))] == []


def _room(path: Path) -> str:
    """Name the room of `sim` in which a file stands, or the file where it stands in none."""
    return path.relative_to(ROOT / "sim").with_suffix("").parts[0] if path.is_relative_to(ROOT / "sim") else ""


def test_no_function_is_longer_than_a_page() -> None:
    everything = [function for path in sources(*ROOMS) for function in functions(path)]
    too_long = [f for f in everything if f.lines > (LONGEST_KERNEL if f.compiled else LONGEST)]
    assert everything
    assert too_long == []


def test_figures_of_the_code_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        for room in ROOMS:
            figures = room_figures(room)
            if figures:
                print(f"\n{room:<12} {figures}", end="")
    assert room_figures("sim")


def room_figures(room: str) -> str:
    """Say how long the functions and files of a room are."""
    lengths = sorted(function.lines for path in sources(room) for function in functions(path) if not function.compiled)
    if not lengths:
        return ""
    longest = max(sources(room), key=lambda path: len(path.read_text(encoding="utf-8").splitlines()))
    lines = len(longest.read_text(encoding="utf-8").splitlines())
    p95 = lengths[min(int(0.95 * len(lengths)), len(lengths) - 1)]
    median = statistics.median(lengths)
    return f"{len(lengths)} functions: median {median:g}, p95 {p95}, longest {lengths[-1]}; longest file {longest.name} {lines}"


@pytest.mark.parametrize("path", sources("sim"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_model_draws_luck_only_from_its_keys(path: Path) -> None:
    tree = parsed(path)
    touched = {dotted(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)} | imported(tree)
    loose = {name for name in touched if name.split(".")[0] in ("random", "secrets") or name.startswith(("np.random.", "numpy.random"))}
    assert {name for name in loose if not name.startswith(ALLOWED_LUCK)} == set()


@pytest.mark.parametrize("path", sources("sim"), ids=lambda path: str(path.relative_to(ROOT)))
def test_the_model_prints_and_draws_nothing(path: Path) -> None:
    called = {dotted(node.func) for node in ast.walk(parsed(path)) if isinstance(node, ast.Call)}
    assert not called & {"print", "input", "breakpoint", "sys.stdout.write", "sys.stderr.write"}


def test_every_kernel_is_compiled_through_the_one_cache() -> None:
    compilers = {path.name for path in sources("sim") if "numba" in {name.split(".")[0] for name in imported(parsed(path))}}
    assert compilers == {"compiled.py"}
