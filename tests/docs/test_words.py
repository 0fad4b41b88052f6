"""The page of words knows every name that stands in scenarios, tables and results, with 中文 and the unit the code declares.

That its made part is up to date stands in tests/test_docs.py; that everything has a label, in tests/sim/scenario/test_json_schema.py.
"""

import re
from pathlib import Path

import pytest

from results.tables import books, daily, facilities, flows
from sim import County, load, words
from sim.language.label import label_of
from sim.mechanisms import MECHANISMS
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


KEYS = rows("Scenario keys")
RULE_NAMES = rows("Mechanisms and their rules")
CODE_WORDS = rows("Words of codes")


def test_the_page_has_every_block_every_mechanism_and_every_column() -> None:
    assert set(Plan.model_fields) <= set(KEYS)
    assert set(MECHANISMS) <= set(RULE_NAMES)
    assert {name for model in ROWS.values() for name in model.model_fields} == set(rows("Columns of data tables"))
    assert {"deductible", "constants", "midpoint", "five_unchanged", "up_to"} <= set(KEYS)
    assert {"coverage", "use.relief", "split.county"} <= set(RULE_NAMES)


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("service", "min"),
        ("patience", "min"),
        ("scope", "%"),
        ("deductible", "yuan"),
        ("start", "date"),
        ("season", "number"),
        ("note", "–"),
    ],
)
def test_the_page_gives_the_unit_the_code_reads(name: str, unit: str) -> None:
    assert KEYS[name][0] == unit


def test_every_column_of_a_data_table_has_its_label_in_both_languages() -> None:
    for model in ROWS.values():
        for name, field in model.model_fields.items():
            said = label_of(field)
            assert said is not None and said.en and CHINESE.search(said.zh), f"{model.__name__}.{name}: add Label(English, 中文)"


@pytest.mark.parametrize("codes", CODES, ids=lambda codes: codes[0])
def test_every_word_of_a_code_has_its_chinese(codes: tuple[str, ...]) -> None:
    known = {**{name: cells[2] for name, cells in KEYS.items()}, **{name: cells[0] for name, cells in CODE_WORDS.items()}}
    assert [word for word in codes if not CHINESE.search(known.get(word, ""))] == []


@pytest.mark.slow
def test_every_column_of_a_result_has_its_chinese() -> None:
    columns = rows("Columns of results")
    known = {*columns, *rows("Columns of data tables"), "from", "to"}
    known |= {f"{what}_{tier}" for what in ("visits", "admissions") for tier in words.TIERS} | {f"{payer}_yuan" for payer in words.PAYERS}
    county = County(load("lujiang-2020", ["period.days=1", "period.run_in_days=0"]), scale=0.02)
    county.step()
    found = {name for table in (daily, facilities, flows, books) for name in table(county).column_names}
    assert sorted(found - known) == []
    assert [name for name, cells in columns.items() if not CHINESE.search(cells[1])] == []
