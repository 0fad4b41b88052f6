"""The pages about the model name what there is: files, columns, scenario keys, sources; and the checklist has all its items."""

import re
from pathlib import Path

import pytest

from sim import County, Resident, load
from sim.mechanisms import RULES
from sim.reading.provenance import known_sources
from sim.scenario.merging import find_scenario, read_tree
from sim.scenario.plan import Plan
from sim.scenario.scenario import read, valid_paths

ROOT = Path(__file__).parents[2]
ODD = {lang: (ROOT / "docs" / name).read_text(encoding="utf-8") for lang, name in (("en", "odd.md"), ("zh", "odd.zh.md"))}
STRESS = (ROOT / "docs" / "stress_abs.md").read_text(encoding="utf-8")
CONCEPTS = (
    "Basic principles", "Emergence", "Adaptation", "Objectives", "Learning", "Prediction", "Sensing", "Interaction", "Stochasticity",
    "Collectives", "Observation",
)  # fmt: skip
ITEMS = (
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3",
    "5.1", "5.2", "5.3", "5.4", "6.1",
)  # fmt: skip


def coded(text: str) -> set[str]:
    """Give what stands in code type in the running text."""
    return set(re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)))


def test_the_odd_names_files_that_exist() -> None:
    files = {word for word in coded(ODD["en"]) if re.fullmatch(r"[a-z_]+/[\w/]*(?:\.\w+)?", word)}
    assert files
    assert [name for name in files if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("lang", ODD)
def test_the_odd_names_scenario_keys_that_exist(lang: str) -> None:
    paths = set(valid_paths(read_tree(find_scenario("lujiang-2020", None, ""), []), RULES))
    named = {word.partition("[")[0] for word in coded(ODD[lang]) if word.partition(".")[0] in Plan.model_fields}
    known = paths | {path.rsplit(".", n)[0] for path in paths for n in range(1, path.count(".") + 1)} | set(Plan.model_fields)
    assert sorted(named - known) == []


def test_the_odd_tells_of_every_column_of_the_residents() -> None:
    assert sorted(set(Resident.columns()) - coded(ODD["en"])) == []


def test_the_odd_tells_of_every_mechanism_and_every_rule_of_it() -> None:
    words = ODD["en"]
    rules = {name for model in RULES.values() for name in model.model_fields if name not in ("source", "from_", "until")}
    assert sorted(name for name in {*RULES, *rules} if f"`{name}`" not in words) == []


def test_the_odd_says_for_every_source_the_scenarios_use_what_rests_on_it() -> None:
    used = {key for name in ("lujiang-2018", "lujiang-2020") for key in read(name, (), RULES).source_keys.values()}
    assert sorted(used - coded(ODD["en"])) == []
    named = {word for word in coded(ODD["en"]) if re.fullmatch(r"00\d_[0-9a-f]{16}", word)}
    assert named <= set(known_sources())


@pytest.mark.slow
def test_the_odd_gives_the_extent_of_the_county_as_it_is() -> None:
    county = County(load("lujiang-2020"), scale=1.0)
    seats = [int((side.departments.servers > 0).sum()) for side in (county.outpatients, county.inpatients)]
    said = (
        f"{county.grid.number_of_nodes()} nodes",
        f"{county.grid.number_of_edges()} roads",
        f"{len(county.facilities)} facilities",
        f"{seats[0]} outpatient and {seats[1]} ward stations",
        f"{len(county.place.conditions.names)} condition groups",
        f"{county.plan.population.registered:,} registered",
    )
    text = " ".join(ODD["en"].split())
    assert [words for words in said if words not in text] == []


def test_the_odd_has_its_seven_elements_and_eleven_concepts() -> None:
    assert re.findall(r"^## (\d)\.", ODD["en"], re.MULTILINE) == list("1234567")
    assert re.findall(r"^## ([一二三四五六七])、", ODD["zh"], re.MULTILINE) == list("一二三四五六七")
    assert [name for name in CONCEPTS if f"**{name}.**" not in ODD["en"]] == []


def test_the_checklist_has_every_item_filled() -> None:
    rows = dict(re.findall(r"^\| (\d\.\d(?:\.\d)?) [^|]+ \| ([^|]*) \|$", STRESS, re.MULTILINE))
    assert list(rows) == list(ITEMS)
    assert all(len(text.strip()) > 20 for text in rows.values())


def test_the_checklist_points_to_headings_there_are() -> None:
    headings = {re.sub(r"[^\w -]", "", line.lower()).replace(" ", "-") for line in re.findall(r"^#+ (.*)$", ODD["en"], re.MULTILINE)}
    assert set(re.findall(r"odd\.md#([^)]+)", STRESS)) <= headings
