"""Any YAML file becomes a checked object, or is refused with all its faults at their places."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Discriminator, Field, RootModel, Tag

from sim.language.messages import Fault, UserError
from sim.reading.blocks import Part, Title
from sim.reading.document import at, read_document, unknown
from sim.reading.strict_yaml import Value
from sim.reading.units import Count, Minutes, Number, Share, Text


class Between(Part):
    """A range."""

    low: Number
    high: Number


class Settings(Part):
    """Settings by name, each of several paths."""

    settings: Mapping[str, Mapping[str, Number]]


class Normal(Part):
    """A bell curve."""

    prior: Literal["normal"]
    mean: Number


class Uniform(Part):
    """A flat one."""

    prior: Literal["uniform"]
    low: Number


def form(content: Any) -> str:
    """Tell a list from a range and from settings."""
    return "list" if not isinstance(content, dict) else "settings" if "settings" in content else "range"


Lever = Annotated[
    Annotated[tuple[Number, ...], Tag("list")] | Annotated[Between, Tag("range")] | Annotated[Settings, Tag("settings")],
    Discriminator(form),
]


class Study(Part):
    """A file with all that files have: quantities, lists, open tables, and places where one of several things may stand."""

    name: Text
    title: Title | None = None
    scale: Share = 1.0
    wait: Minutes = 0.0
    seeds: Annotated[tuple[Count, ...], Field(min_length=1)] = (1,)
    levers: Mapping[str, Lever] = Field(default_factory=dict)
    priors: Mapping[str, Annotated[Normal | Uniform, Field(discriminator="prior")]] = Field(default_factory=dict)


def written(folder: Path, text: str) -> Path:
    """Write a file."""
    path = folder / "study.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str, model: Any = Study, *checks: Any) -> list[str]:
    """Read a file that is at fault; returns what is said, without the folder."""
    with pytest.raises(UserError) as caught:
        read_document(written(folder, text), model, *checks)
    assert caught.value.text("zh")
    return caught.value.text().replace(f"{folder}/", "").splitlines()


def test_a_file_becomes_what_its_model_says(tmp_path: Path) -> None:
    text = """
name: wide
scale: 5 %
wait: 0.5 h
seeds: [1, 2]
levers: {a.b: [1, 2.5], c: {low: 0, high: 1}, gap: {settings: {none: {a.b: 0}}}}
priors: {x: {prior: normal, mean: 2}, y: {prior: uniform, low: 1}}
"""
    study = read_document(written(tmp_path, text), Study)
    assert (study.name, study.scale, study.wait, study.seeds) == ("wide", 0.05, 30.0, (1, 2))
    assert study.levers["a.b"] == (1.0, 2.5)
    assert study.levers["c"] == Between(low=0.0, high=1.0)
    assert study.priors["y"] == Uniform(prior="uniform", low=1.0)


def test_all_faults_are_told_at_once_each_at_its_line_and_path(tmp_path: Path) -> None:
    text = """nmae: wide
title: {en: Wide}
scale: 5
wait: 010
seeds: 3
levers:
  a: [1, x]
  b: {lo: 0, high: 1}
  c: {settings: {none: 3}}
  d: 5
priors:
  x: {prior: norml, mean: 2}
  y: {mean: 2}
  z: {prior: uniform, mean: 2}
"""
    assert faults(tmp_path, text) == [
        "study.yaml:4: wait: 010 begins with a zero and could be read as octal; write 10, or '010' in quotes if it is a word",
        "study.yaml:1: name: 'name' is missing",
        "study.yaml:2: title.zh: 'zh' is missing",
        "study.yaml:3: scale: 5 has no unit; write it as, for example, '5 %'",
        "study.yaml:5: seeds: '3' stands where a list is wanted, [a, b]",
        "study.yaml:7: levers.a.1: 'x' is no plain number",
        "study.yaml:8: levers.b.low: 'low' is missing",
        "study.yaml:8: levers.b.lo: there is nothing called 'lo' here; did you mean 'low'?",
        "study.yaml:9: levers.c.settings.none: '3' stands where names with values are wanted",
        "study.yaml:10: levers.d: '5' stands where a list is wanted, [a, b]",
        "study.yaml:12: priors.x.prior: 'norml' is not one of normal, uniform; did you mean 'normal'?",
        "study.yaml:13: priors.y.prior: 'prior' is missing; wanted is one of normal, uniform",
        "study.yaml:14: priors.z.low: 'low' is missing",
        "study.yaml:14: priors.z.mean: 'mean' is not known here; wanted is one of prior, low",
        "study.yaml:1: nmae: there is nothing called 'nmae' here; did you mean 'name'?",
    ]


@pytest.mark.parametrize("text", ["", "just words\n", "- 1\n"])
def test_what_holds_no_names_is_met_with_those_that_are_wanted(tmp_path: Path, text: str) -> None:
    (fault,) = faults(tmp_path, text)
    assert fault.startswith("study.yaml")
    assert fault.endswith("stands where names with values are wanted: name, title, scale, wait, seeds, levers, priors")


def test_a_kind_of_file_is_told_by_its_word_and_its_names_are_those_of_the_kind(tmp_path: Path) -> None:
    class Either(RootModel[Annotated[Normal | Uniform, Field(discriminator="prior")]]):
        """One of two files."""

    assert read_document(written(tmp_path, "prior: uniform\nlow: 3\n"), Either).root == Uniform(prior="uniform", low=3.0)
    assert faults(tmp_path, "mean: 3\n", Either) == ["study.yaml:1: prior: 'prior' is missing; wanted is one of normal, uniform"]
    assert faults(tmp_path, "prior: normal\nlow: 3\n", Either) == [
        "study.yaml:1: mean: 'mean' is missing",
        "study.yaml:2: low: 'low' is not known here; wanted is one of prior, mean",
    ]


def test_checks_see_a_sound_file_with_its_places_and_stop_at_the_first_that_finds_faults(tmp_path: Path) -> None:
    def names(study: Study, tree: Value) -> Iterator[Fault]:
        yield from (unknown(tree, ("levers", name), ("beds", "doctors")) for name in study.levers if name not in ("beds", "doctors"))

    def ranges(study: Study, tree: Value) -> Iterator[Fault]:
        yield Fault("value.refused", at(tree, "levers", "beds"), {"value": "beds", "problem": "no"})

    known = "name: a\nlevers:\n  beds: [1]\n"
    assert faults(tmp_path, known, Study, names, ranges) == ["study.yaml:3: levers.beds: 'beds' is not accepted: no"]
    assert faults(tmp_path, f"{known}  doctor: [1]\n", Study, names, ranges) == [
        "study.yaml:4: levers.doctor: 'doctor' is not known here; wanted is one of beds, doctors; did you mean 'doctors'?"
    ]
    assert faults(tmp_path, f"{known}scale: 3\n", Study, names, ranges) == [
        "study.yaml:4: scale: 3 has no unit; write it as, for example, '3 %'"
    ]
