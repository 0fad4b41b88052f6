"""The pages say what the program does: those made from declarations are up to date, and the README's examples work."""

import re
from pathlib import Path

import pytest

from app.commands import COMMANDS
from docs.rebuild import FOLDER, PAGES
from results.table import names
from sim.loading import load

README = (Path(__file__).parents[1] / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_declarations_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


def test_the_first_scenario_of_the_readme_has_no_fault_and_changes_what_it_says(tmp_path: Path) -> None:
    (block,) = re.findall(r"```yaml\n(.*?)```", README, re.DOTALL)
    file = tmp_path / "my-county.yaml"
    file.write_text(block, encoding="utf-8")
    assert load(file, measures=names()).mechanisms["family_doctor"].coverage == 0.6


def test_the_readme_names_commands_there_are() -> None:
    named = set(re.findall(r"^\|? ?`?tiercare ([a-z]+)", README, re.MULTILINE))
    assert named == {command.name for command in COMMANDS}


def test_the_readme_links_to_pages_there_are() -> None:
    missing = [link for link in re.findall(r"\]\(([^)]+)\)", README) if not (FOLDER.parent / link).exists()]
    assert missing == []
