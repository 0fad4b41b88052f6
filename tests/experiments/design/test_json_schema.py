"""Editors take every experiment that comes with the package, and mark what a reader would refuse."""

import re
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from experiments.design.json_schema import experiment_schema
from experiments.keeping.found import SHIPPED, shipped

PAGE = (Path(__file__).parents[3] / "docs" / "experiments.md").read_text(encoding="utf-8")
HEAD = "name: x\nscenarios: [lujiang-2020]\n"


@pytest.fixture(scope="module")
def editor() -> Draft202012Validator:
    schema = experiment_schema()
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema)


@pytest.mark.parametrize("name", shipped())
def test_what_is_shipped_is_taken(name: str, editor: Draft202012Validator) -> None:
    editor.validate(yaml.safe_load((SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")))


def test_the_example_of_the_page_and_every_form_of_a_lever_are_taken(editor: Draft202012Validator) -> None:
    (said,) = re.findall(r"^```yaml\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
    editor.validate(yaml.safe_load(said))
    more = "seeds: [3, 5]\ndesign: sobol\npoints: 8\nlevers: {a.b: {low: 1 %, high: 2 %, source: assumed}}\n"
    more += "uncertainties: {c.d: {low: 1, high: 2}}\ndraws: 4\nkeep: [claims_sample]\n"
    editor.validate(yaml.safe_load(HEAD + more))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("scale: 5", "scale"),
        ("seeds: 0", "seeds"),
        ("seeds: [1, 1]", "seeds"),
        ("design: gird", "design"),
        ("outcomes: [visitz]", "outcomes.0"),
        ("keep: [dayly]", "keep.0"),
        ("levers: {a.b: {low: 1}}", "levers.a.b"),
        ("levers: {gap: {settings: {a: {}}, title: gap}}", "levers.gap"),
        ("lever: {}", ""),
    ],
)
def test_what_is_wrong_is_marked_where_it_stands(text: str, path: str, editor: Draft202012Validator) -> None:
    assert [".".join(map(str, error.absolute_path)) for error in editor.iter_errors(yaml.safe_load(HEAD + text))] == [path]
