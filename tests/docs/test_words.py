"""The page of words knows every name that stands in scenarios, tables and results, with 中文 and the unit the code declares."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest

from results.tables import books, daily, facilities, flows
from sim import County, load, words
from sim.mechanisms import MECHANISMS, RULES
from sim.reading.shapes import bare, is_model, is_open
from sim.reading.units import Unit
from sim.scenario.plan import Plan
from sim.scenario.scenario import ROWS

PAGE = (Path(__file__).parents[2] / "docs" / "words.md").read_text(encoding="utf-8")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
CODES = (
    words.TIERS, words.APPEALS, words.GRADES, words.PLACES, words.SCHEMES, words.PAYERS, words.LIVES, words.CONTRACTS, words.SEXES,
    words.SEGMENTS, words.NESTS, words.URGENCIES,
)  # fmt: skip


def rows(heading: str) -> dict[str, list[str]]:
    """Read the tables below a heading: each name in code type of a first cell -> the other cells of its row."""
    part = re.split(r"^##? ", PAGE.partition(f"# {heading}")[2], maxsplit=1, flags=re.MULTILINE)[0]
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in part.splitlines() if line.startswith("|")]
    return {name: cells[1:] for cells in lines for name in re.findall(r"`([^`]+)`", cells[0])}


def named(model: Any) -> Iterator[tuple[str, str]]:
    """Go through all names a scenario may hold, each with the unit its number is written in, '' for none."""
    for name, field in model.model_fields.items():
        unit = next((part for part in field.metadata if isinstance(part, Unit)), None)
        yield field.alias or name, (unit.word or unit.name) if unit else ""
        kind = bare(field.annotation)
        inner = bare(get_args(kind)[1]) if is_open(kind) else bare(get_args(kind)[0]) if get_origin(kind) is tuple else kind
        if is_model(inner):
            yield from named(inner)


KEYS = rows("Scenario keys")
RULE_NAMES = rows("Mechanisms and their rules")
CODE_WORDS = rows("Words of codes")


def test_every_scenario_key_has_its_chinese_and_its_meaning() -> None:
    missing = {name for name, _ in named(Plan)} - set(KEYS) - set(CODE_WORDS)
    assert sorted(missing) == []
    assert set(Plan.model_fields) <= set(KEYS)
    assert [name for name, cells in KEYS.items() if not CHINESE.search(cells[1]) or not cells[2]] == []


def test_every_mechanism_and_every_rule_has_its_chinese_and_its_meaning() -> None:
    rules = {name for model in RULES.values() for name, _ in named(model)}
    assert sorted({*MECHANISMS, *rules} - {*RULE_NAMES, *KEYS, *CODE_WORDS}) == []
    assert set(MECHANISMS) <= set(RULE_NAMES)
    assert [name for name, cells in RULE_NAMES.items() if not CHINESE.search(cells[1]) or not cells[2]] == []


@pytest.mark.parametrize("model", [Plan, *RULES.values()], ids=["plan", *RULES])
def test_the_unit_on_the_page_is_the_one_the_code_reads(model: Any) -> None:
    declared: dict[str, set[str]] = {}
    for name, unit in named(model):
        declared.setdefault(name, set()).add(unit)
    page = {name: cells[0] for name, cells in {**KEYS, **RULE_NAMES}.items()}
    wrong = {
        n: (page[n], units) for n, units in declared.items() if n in page and len(units) == 1 and units != {""} and page[n] not in units
    }
    assert wrong == {}


@pytest.mark.parametrize("codes", CODES, ids=lambda codes: codes[0])
def test_every_word_of_a_code_has_its_chinese(codes: tuple[str, ...]) -> None:
    known = {**KEYS, **{name: ["", *cells] for name, cells in CODE_WORDS.items()}}
    assert [word for word in codes if word not in known or not CHINESE.search(known[word][1])] == []


def test_every_column_of_a_data_table_has_its_chinese() -> None:
    columns = rows("Columns of data tables")
    assert sorted({name for model in ROWS.values() for name in model.model_fields} - set(columns)) == []
    assert [name for name, cells in columns.items() if not CHINESE.search(cells[1])] == []


@pytest.mark.slow
def test_every_column_of_a_result_has_its_chinese() -> None:
    columns = rows("Columns of results")
    known = {*columns, *rows("Columns of data tables")}
    known |= {f"{what}_{tier}" for what in ("visits", "admissions") for tier in words.TIERS} | {f"{payer}_yuan" for payer in words.PAYERS}
    county = County(load("lujiang-2020", ["period.days=1", "period.run_in_days=0"]), scale=0.02)
    county.step()
    found = {name for table in (daily, facilities, flows, books) for name in table(county).column_names}
    assert sorted(found - known) == []
    assert [name for name, cells in columns.items() if not CHINESE.search(cells[1])] == []
