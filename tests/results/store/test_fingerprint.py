"""The fingerprint changes with whatever decides a result, and with nothing else."""

import shutil
from pathlib import Path
from time import process_time

import pytest

from results.store import fingerprint
from results.store.origin import ROOT


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the house, to change at will."""
    root = tmp_path_factory.mktemp("house")
    for room in ("app", "experiments", "results", "scenarios", "sim", "tests"):
        shutil.copytree(ROOT / room, root / room, ignore=shutil.ignore_patterns("__pycache__", "runs", "*.png"))
    return root


def changes(root: Path, name: str) -> bool:
    """Say whether one more line in a file moves the fingerprint."""
    before, file = fingerprint.hashed(root), root / name
    content = file.read_bytes()
    file.write_bytes(content + b"\n# one line more\n")
    after = fingerprint.hashed(root)
    file.write_bytes(content)
    assert fingerprint.hashed(root) == before
    return after != before


@pytest.mark.parametrize(
    "name",
    [
        "sim/county.py",
        "sim/care/visits.py",
        "sim/mechanisms/family_doctor.py",
        "results/outcomes.py",
        "results/tables.py",
        "results/measuring/accounts.py",
        "experiments/running/one.py",
        "scenarios/lujiang-2018.yaml",
        "scenarios/data/lujiang/lujiang_facilities.csv",
    ],
)
def test_what_decides_a_result_changes_it(copy: Path, name: str) -> None:
    assert changes(copy, name)


@pytest.mark.parametrize(
    "name",
    [
        "sim/language/messages.yaml",
        "sim/language/messages.py",
        "results/measuring/measures.yaml",
        "results/report/page.py",
        "results/telling/day.py",
        "scenarios/sources.yaml",
        "experiments/comparing/parts.py",
        "app/cli.py",
        "tests/sim/test_county.py",
    ],
)
def test_words_tests_and_pages_do_not(copy: Path, name: str) -> None:
    assert not changes(copy, name)


def test_a_file_that_is_renamed_or_new_changes_it(copy: Path) -> None:
    before, file = fingerprint.hashed(copy), copy / "sim/mechanisms/referral_hub.py"
    moved = file.rename(file.with_name("referral_centre.py"))
    assert fingerprint.hashed(copy) != before
    moved.rename(file)
    assert fingerprint.hashed(copy) == before


def test_another_version_changes_it(copy: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = fingerprint.hashed(copy)
    monkeypatch.setattr(fingerprint, "version", lambda name: "0" if name == "numba" else "1")
    assert fingerprint.hashed(copy) != before


def test_every_package_that_the_model_computes_with_is_named() -> None:
    known = {"mesa", "pydantic", "pydantic_core", "pyarrow", "yaml"}  # agents, columns and text: no number is made there
    used = {line.split()[1].split(".")[0] for path in (ROOT / "sim").rglob("*.py") for line in imports(path)}
    foreign = used - known - {"sim"}
    assert {"numpy", "numba"} <= foreign & set(fingerprint.COMPUTING)
    assert {name for name in foreign if installed(name)} <= set(fingerprint.COMPUTING)


def imports(path: Path) -> list[str]:
    """Give the lines of a file that import."""
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.startswith(("import ", "from "))]


def installed(name: str) -> bool:
    """Say whether a name is a package that was installed, and not of Python itself."""
    from importlib.metadata import packages_distributions

    return name in packages_distributions()


def test_it_is_worked_out_at_once_and_once() -> None:
    took = []
    for _ in range(5):
        begun = process_time()
        found = fingerprint.hashed(ROOT)
        took.append(process_time() - begun)
    assert min(took) < 0.05
    assert fingerprint.fingerprint() == found
    assert fingerprint.fingerprint() is fingerprint.fingerprint()
