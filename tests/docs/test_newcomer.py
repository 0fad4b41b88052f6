"""The pages for newcomers work: a mechanism and a measure are added as the pages say, and do what the pages promise."""

import re
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import yaml

from results import outcomes
from results.measuring.definitions import _table, definitions
from sim import load
from sim.language import chinese
from sim.mechanisms import MECHANISMS, RULES
from sim.mechanisms.base import SPEAKS
from tests.sim.mechanisms.small_counties import lived

TABLE = _table()
KNOWN = TABLE["measures"]["in_county_visit_share"]
DOCS = Path(__file__).parents[2] / "docs"


def blocks(page: str, kind: str) -> list[str]:
    """Give the fenced blocks of a kind on a page."""
    return re.findall(rf"^```{kind}\n(.*?)^```$", (DOCS / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Add the mechanism of the page for the length of a test."""
    code, _ = blocks("add_a_mechanism.md", "python")
    file = tmp_path / "shuttle_bus.py"
    file.write_text(code, encoding="utf-8")
    module = ModuleType("sim.mechanisms.shuttle_bus")
    module.__file__ = str(file)
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(compile(code, str(file), "exec"), module.__dict__)
    kind: Any = module.ShuttleBus
    monkeypatch.setitem(MECHANISMS, kind.name, kind)  # type: ignore[index]
    monkeypatch.setitem(RULES, kind.name, kind.Rules)  # type: ignore[index]
    return module


def test_the_mechanism_of_the_page_passes_the_tests_of_the_page(bus: ModuleType) -> None:
    written: dict[str, Any] = {}
    exec(blocks("add_a_mechanism.md", "python")[1], written)
    tests = [test for name, test in written.items() if name.startswith("test_")]
    assert len(tests) == 2
    for test in tests:
        test()


def test_its_number_stands_in_one_place_and_has_its_words(bus: ModuleType) -> None:
    scenario = load("lujiang-2018", ["mechanisms.shuttle_bus={source: assumed, spared: 15 min}"])
    assert scenario.mechanisms["shuttle_bus"].spared == 15
    (said,) = (yaml.safe_load(text) for text in blocks("add_a_mechanism.md", "yaml"))
    spoken = {name for name in SPEAKS if name in vars(bus.ShuttleBus)}
    assert set(said["shuttle_bus"]) == {chinese.DOES, *spoken}


def test_the_measure_of_the_page_counts_what_it_says() -> None:
    made = dict(vars(outcomes))
    exec(blocks("add_a_measure.md", "python")[0], made)
    county = lived("lujiang-2018")
    found = made["own_town"](county)
    towns, flows = county.place.facilities.town, county.outpatients.counts.flows.sum(axis=2)
    centres = np.flatnonzero(county.place.facilities.of_kind("township"))
    assert found["own_town_visit_share__numerator"] == sum(flows[towns[row], row] for row in centres) > 100
    assert found["own_town_visit_share__denominator"] == flows[:, centres].sum()


def test_the_entry_of_the_page_is_one_the_table_of_measures_takes() -> None:
    ((name, entry),) = yaml.safe_load(blocks("add_a_measure.md", "yaml")[0]).items()
    assert name not in definitions()
    assert set(entry) == set(KNOWN)
    assert entry["group"] in TABLE["groups"] and entry["people"] in TABLE["people"] and entry["institutions"] in TABLE["institutions"]
