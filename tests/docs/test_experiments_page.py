"""The pages about experiments: their file has no fault, their commands exist, their Python runs."""

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from app.commands import COMMANDS
from experiments.design.variants import design
from experiments.keeping.found import SHIPPED, shipped

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {"en": (DOCS / "experiments.md").read_text(encoding="utf-8"), "zh": (DOCS / "experiments.zh.md").read_text(encoding="utf-8")}


def fenced(page: str, language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize("lang", PAGES)
def test_the_file_of_the_page_has_no_fault(lang: str, tmp_path: Path) -> None:
    (said,) = fenced(PAGES[lang], "yaml")
    (tmp_path / "x.yaml").write_text(said, encoding="utf-8")
    found = design(tmp_path / "x.yaml")
    found.checked(found.variants())
    assert found.runs == 90


@pytest.mark.parametrize("lang", PAGES)
def test_the_commands_of_the_page_exist(lang: str) -> None:
    named = set(re.findall(r"^tiercare (?:--lang zh )?([a-z]+)", PAGES[lang], re.MULTILINE))
    assert named == {"batch", "runs", "compare", "sensitivity"}
    assert named <= {command.name for command in COMMANDS}


def test_both_pages_say_the_same_file() -> None:
    bare = [re.sub(r" *#.*", "", fenced(page, "yaml")[0]) for page in PAGES.values()]
    assert bare[0] == bare[1]


@pytest.mark.parametrize("lang", PAGES)
def test_what_the_page_sets_of_jobs_can_be_set(lang: str) -> None:
    (said,) = re.findall(r"^```\n(jobqueue:\n.*?)^```", PAGES[lang], re.MULTILINE | re.DOTALL)
    known = yaml.safe_load(Path(find_spec("dask_jobqueue").submodule_search_locations[0], "jobqueue.yaml").read_text(encoding="utf-8"))
    assert yaml.safe_load(said)["jobqueue"]["slurm"].keys() <= known["jobqueue"]["slurm"].keys()


@pytest.mark.slow
def test_the_python_of_the_page_runs(tmp_path: Path) -> None:
    (said,), (code,) = fenced(PAGES["en"], "yaml"), fenced(PAGES["en"], "python")
    small = said.replace("scale: 5 %", "scale: 0.2 %").replace("seeds: 10", "seeds: 2")
    (tmp_path / "contracts-and-gap.yaml").write_text(small, encoding="utf-8")
    environment = {**os.environ, "PYTHONPATH": str(DOCS.parent)}
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True, check=False, env=environment)
    assert run.returncode == 0, run.stderr
    assert "as now" in run.stdout
    assert "2020-01-01" in run.stdout


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_experiment_has_no_fault(name: str) -> None:
    found = design(SHIPPED / f"{name}.yaml")
    found.checked(found.variants())
    assert found.said.name == name
    assert found.said.title is not None
