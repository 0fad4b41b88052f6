"""Editors are told everything the reader knows."""

import inspect
import json
import re
from collections.abc import Iterator

import pytest
from jsonschema import Draft202012Validator
from pydantic import BaseModel

from sim.language import chinese
from sim.language.label import FULL_STOP, label_of, sentence
from sim.mechanisms import MECHANISMS, RULES
from sim.mechanisms.base import SPEAKS, Mechanism
from sim.reading.blocks import Title
from sim.reading.shapes import bare, fields, is_model, is_open
from sim.reading.strict_yaml import parse, read_text
from sim.scenario.json_schema import json_schema
from sim.scenario.merging import SCENARIOS, scenario_names
from sim.scenario.plan import Plan

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def models(kind: object, seen: set[type[BaseModel]]) -> Iterator[type[BaseModel]]:
    """Go through all blocks of a scenario."""
    kind = bare(kind)
    if is_model(kind) and kind not in seen:
        seen.add(kind)  # type: ignore[arg-type]
        yield kind  # type: ignore[misc]
        for inner in fields(kind).values():  # type: ignore[arg-type]
            yield from models(inner, seen)
    elif is_open(kind) or getattr(kind, "__origin__", None) is tuple:
        for inner in getattr(kind, "__args__", ()):
            yield from models(inner, seen)


BLOCKS = [block for root in (Plan, *RULES.values()) for block in models(root, set())]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__[:40])
def test_a_sentence_stands_under_every_field(block: type[BaseModel]) -> None:
    assert inspect.getdoc(block)
    assert [name for name, field in block.model_fields.items() if not field.description] == []


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__[:40])
def test_every_block_is_frozen_and_closed(block: type[BaseModel]) -> None:
    assert block.model_config.get("frozen")
    assert block.model_config.get("extra") == "forbid"


def test_the_schema_holds_every_mechanism_and_asks_only_for_a_name() -> None:
    schema = json.loads(json.dumps(json_schema(RULES)))
    assert schema["required"] == ["name"]
    assert set(schema["properties"]["mechanisms"]["properties"]) == {*RULES, "source"}
    assert schema["properties"]["mechanisms"]["additionalProperties"] is False
    assert "extends" in schema["properties"]


def test_a_number_may_carry_its_own_source_and_range() -> None:
    cut = json_schema(RULES)["$defs"]["Insurance"]["properties"]["unreferred_cut"]
    assert [option["type"] for option in cut["anyOf"]] == ["string", "object"]
    assert set(cut["anyOf"][1]["properties"]) == {"value", "source", "range"}


AIMED_AT = (
    "in_county_admission_share_insured", "primary_visit_share_ex_village",
    "contract_share", "contract_renewal_share", "contract_paid_share",
)  # fmt: skip
MEASURES = {name: Title(en=name, zh=name) for name in AIMED_AT}


@pytest.fixture(scope="module")
def editor() -> Draft202012Validator:
    """Check scenarios as an editor does."""
    schema = json_schema(RULES, MEASURES)
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


def complaints(editor: Draft202012Validator, text: str) -> list[str]:
    """List what an editor marks: dotted paths."""
    plain = parse(text, "mine.yaml", None).plain()
    return sorted(".".join(map(str, error.absolute_path)) for error in editor.iter_errors(plain))


@pytest.mark.parametrize("name", scenario_names())
def test_an_editor_finds_no_fault_in_the_scenarios_that_come_with_the_model(name: str, editor: Draft202012Validator) -> None:
    assert complaints(editor, read_text(SCENARIOS / f"{name}.yaml")) == []


@pytest.mark.parametrize(
    "text",
    [
        "mechanisms: {family_doctor: null}",
        "mechanisms: {family_doctor: {coverage: 60 %, until: null}}",
        "insurance: {unreferred_cut: 10 个百分点}",
        "care: {patience: {value: 2 小时, source: {document: assumed, confidence: low}}}",
        "targets: {source: assumed, primary_visit_share_ex_village: {goal: 45 %}}",
        "changes: [{from: 2020-03-01, set: {referral.down_offer: 25 %}}]",
    ],
)
def test_an_editor_lets_pass_what_the_reader_takes(text: str, editor: Draft202012Validator) -> None:
    assert complaints(editor, f"name: mine\n{text}") == []


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("mechanisms: {family_docter: {coverage: 60 %}}", "mechanisms"),
        ("mechanisms: {family_doctor: {coverage: 60}}", "mechanisms.family_doctor"),
        ("mechanisms: {family_doctor: {coverage: 60 yuan}}", "mechanisms.family_doctor"),
        ("mechanisms: {family_doctor: {key_groups_first: maybe}}", "mechanisms.family_doctor"),
        ("mechanisms: {packaged_fund: {split: {city: 10 %}}}", "mechanisms.packaged_fund"),
        ("insurance: {unreferred_deductible: 0.5}", "insurance.unreferred_deductible"),
        ("care: {patience: -5 min}", "care.patience"),
        ("care: {opening: {village: {from: 25:00}}}", "care.opening.village.from"),
        ("period: {start: 1 May 2020}", "period.start"),
        ("places: {grades: [{facility: lujiang_people, grade: grade_4}]}", "places.grades.0.grade"),
        ("targets: {primary_visit_share: {goal: 45 %}}", "targets"),
        ("referral: {source: {document: assumed, phrse: x}}", "referral.source"),
        ("choise: {loyalty: 1}", ""),
    ],
)
def test_an_editor_marks_what_is_wrong(text: str, path: str, editor: Draft202012Validator) -> None:
    assert complaints(editor, f"name: mine\n{text}") == [path]


def test_a_file_without_a_name_is_marked(editor: Draft202012Validator) -> None:
    assert complaints(editor, "extends: lujiang-2018") == [""]


def test_editors_are_offered_units_words_and_sources() -> None:
    text = json.dumps(json_schema(RULES, MEASURES), ensure_ascii=False)
    assert all(word in text for word in ('"5 yuan"', "yuan / 元", '"grade_3_municipal"', '"const": "census_2020"', '"lujiang-2018"'))


def test_every_sentence_an_editor_shows_under_a_field_has_its_chinese() -> None:
    schema = json_schema(RULES, MEASURES)
    told = [shape.get("description", "") for _, shape in described(schema)]
    assert len(told) > 200
    assert [words for words in told if not re.search(r"\n.*[\u4e00-\u9fff]", words)] == []


def described(schema: object, path: str = "") -> Iterator[tuple[str, dict[str, object]]]:
    """Go through all properties of the blocks of a schema that hold anything but a source."""
    if isinstance(schema, dict):
        for name, shape in schema.get("properties", {}).items():
            if name not in ("source", "value") and isinstance(shape, dict) and "$ref" not in shape:
                yield f"{path}.{name}", shape
        for name, inner in schema.items():
            yield from described(inner, f"{path}.{name}")
    elif isinstance(schema, list):
        for inner in schema:
            yield from described(inner, path)


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.__name__[:40])
def test_every_field_has_a_label_and_a_sentence_in_both_languages(block: type[BaseModel]) -> None:
    for name, field in block.model_fields.items():
        said = label_of(field)
        assert said is not None and said.en and CHINESE.search(said.zh), f"{name}: add Label(English, 中文) to its type"
        assert sentence(field, "zh").endswith(FULL_STOP), f"{name}: say in Chinese what it means, in the last line below it"


def test_every_mechanism_has_a_label_in_both_languages() -> None:
    assert [name for name, kind in MECHANISMS.items() if kind.label is None or not CHINESE.search(kind.label.zh)] == []
    assert all(kind.label.en for kind in MECHANISMS.values() if kind.label)


def test_an_editor_shows_what_a_number_is_called() -> None:
    shown = json_schema(RULES)["$defs"]["Population"]["properties"]["female_share"]
    assert (shown["title"], shown["description"]) == ("share of women 女性占比", "Share of women.\n女性占比。")


def test_every_mechanism_says_in_chinese_what_it_does_and_nothing_is_left_over() -> None:
    wanted = {name: {chinese.DOES, *moments_of(kind)} for name, kind in MECHANISMS.items()}
    said = {name: set(words) for name, words in chinese.table().items()}
    assert said == wanted, "sim/language/chinese.yaml"


def moments_of(kind: type[Mechanism]) -> list[str]:
    """Name the moments a mechanism overrides."""
    return [name for name in SPEAKS if name in vars(kind)]
