"""The pages say what the program does: those made from declarations are up to date, and the READMEs' examples work and agree."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.cli import main
from app.commands import COMMANDS
from docs.rebuild import FOLDER, PAGES
from experiments.keeping.folder import CODEBOOK, DICTIONARY, EXPERIMENT, REPORT, RUNS
from results.measuring.definitions import definitions, names
from results.outcomes import measures
from results.store.run import CHECKLIST, FILES, read
from sim.loading import load

ROOT = FOLDER.parent
READMES = {lang: (ROOT / name).read_text(encoding="utf-8") for lang, name in (("en", "README.md"), ("zh", "README.zh.md"))}
WRITTEN = [ROOT / "README.md", ROOT / "README.zh.md", *sorted(FOLDER.rglob("*.md"))]
NUMBER = re.compile(r"[+-]?\d[\d,.]*")


def fenced(text: str, kind: str) -> list[str]:
    """Give the blocks of a kind; kind '' for those without one."""
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    return [block for found, block in blocks if found == kind]


def table(lang: str) -> dict[str, list[str]]:
    """Read the measures a README prints: name -> its numbers, in order."""
    titles = {meant.title[lang]: name for name, meant in definitions().items()}
    page = next(block for block in fenced(READMES[lang], "text") if "lujiang-2020), " in block or "（lujiang-2020）" in block)
    lines = [re.split(r"\s{2,}", line.strip(), maxsplit=1) for line in page.splitlines()]
    return {titles[line[0]]: NUMBER.findall(line[1]) for line in lines if line[0] in titles}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_made_from_declarations_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_text(encoding="utf-8") == PAGES[name](), "run `make docs`"


@pytest.mark.parametrize("lang", READMES)
def test_the_first_scenario_of_the_readme_has_no_fault_and_changes_what_it_says(tmp_path: Path, lang: str) -> None:
    (block,) = fenced(READMES[lang], "yaml")
    file = tmp_path / "my-county.yaml"
    file.write_text(block, encoding="utf-8")
    assert load(file, measures=names()).mechanisms["family_doctor"].coverage == 0.6


@pytest.mark.parametrize("lang", READMES)
def test_the_readme_names_commands_there_are(lang: str) -> None:
    named = set(re.findall(r"^\|? ?`?tiercare (?:--lang zh )?((?:layout )?[a-z]+)", READMES[lang], re.MULTILINE))
    assert named == {command.name for command in COMMANDS}


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: page.name)
def test_a_page_links_to_pages_there_are(page: Path) -> None:
    links = [link.partition("#")[0] for link in re.findall(r"\]\(([^)\s]+)\)", page.read_text(encoding="utf-8"))]
    missing = [link for link in links if link and not link.startswith("http") and not (page.parent / link).exists()]
    assert missing == []


def test_the_two_readmes_print_the_same_measures_with_the_same_numbers() -> None:
    assert len(table("en")) > 5
    assert table("zh") == table("en")


def test_the_two_readmes_give_the_same_commands_and_the_same_code() -> None:
    said = {lang: [line.replace(" --lang zh", "") for line in "".join(fenced(text, "")).splitlines()] for lang, text in READMES.items()}
    assert said["zh"] == said["en"]
    assert fenced(READMES["zh"], "yaml") == fenced(READMES["en"], "yaml")
    code = {lang: [line.partition("  # ")[0] for line in fenced(text, "python")[0].splitlines()] for lang, text in READMES.items()}
    assert code["zh"] == code["en"]


def test_the_code_of_the_readme_runs_and_leaves_a_run_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("results.store.folder.runs", lambda: tmp_path)
    (block,) = fenced(READMES["en"], "python")
    session: dict[str, Any] = {}
    exec(block.replace("scale=0.05", "scale=0.01"), session)
    share, folder = capsys.readouterr().out.split()
    assert float(share) == measures(session["county"])["in_county_admission_share_insured"]
    assert read(Path(folder)).measures["in_county_admission_share_insured"] == float(share)
    assert session["day"].number == session["day"].last - 1


@pytest.mark.parametrize("lang", READMES)
def test_the_readme_lists_every_file_a_run_leaves(lang: str) -> None:
    listed = {
        name for line in READMES[lang].splitlines() if line.startswith("| `") for name in re.findall(r"`([\w.]+)`", line.split("|")[1])
    }
    assert set(FILES) <= listed


@pytest.mark.parametrize("page", ["experiments.md", "experiments.zh.md"])
def test_the_page_of_experiments_lists_what_a_batch_leaves(page: str) -> None:
    text = (FOLDER / page).read_text(encoding="utf-8")
    assert [name for name in (EXPERIMENT, RUNS, DICTIONARY, CODEBOOK, REPORT, CHECKLIST) if f"| `{name}` |" not in text] == []


def test_the_citation_names_the_version_there_is_and_what_the_format_demands() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert citation["version"] == project["version"]
    assert all(author["name"] for author in citation["authors"])


@pytest.mark.parametrize("page", ["README.md", "README.zh.md", "docs/mechanisms.md"])
def test_the_pages_say_how_a_policy_and_a_group_are_switched_off(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    for words in ("--set mechanisms.packaged_fund=null", "mechanisms: {packaged_fund: null}", "groups: {people: null}", "groups: null"):
        assert words in text


@pytest.mark.parametrize("lang", READMES)
def test_the_help_of_run_says_how_a_policy_is_switched_off(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    main(["run", "--help", "--lang", lang])
    assert "--set mechanisms.packaged_fund=null" in capsys.readouterr().out
