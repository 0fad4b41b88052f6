"""Tell the numbers of a block of a scenario: what each is called, its value in the reader's units, and what it rests on."""

from collections.abc import Iterable
from typing import NamedTuple

from results.telling.grounds import documents_called
from results.telling.meaning import SOURCED, called_below, label, meaning, named
from sim.language.messages import say
from sim.mechanisms import RULES
from sim.reading.provenance import Ground, status_of
from sim.reading.units import written_in
from sim.scenario.scenario import Scenario


class Number(NamedTuple):
    """A number of a mechanism or of the baseline, and what it rests on."""

    name: str
    value: str
    status: str
    document: str
    label: str
    """What it is called in a few words."""
    meaning: str
    called: str
    """What it is called together with what it stands in."""
    basis: str
    """The documents it rests on: their keys in English, which `sources` explains, their titles in Chinese."""


def numbers_below(scenario: Scenario, block: str, lang: str) -> tuple[Number, ...]:
    """List what a block sets, numbers and yes or no, in the order of the file."""
    grounds = {ground.path: ground for ground in scenario.grounds}
    told = []
    for path, leaf in scenario.leaves(block):
        name = path.removeprefix(f"{block}.")
        if name.split(".")[-1] in SOURCED:
            continue
        source = scenario.source_called(str(leaf.source))
        status = grounds[path].status if path in grounds else status_of(leaf, source)
        value = say(f"explain.{str(leaf.content).lower()}", lang) if isinstance(leaf.content, bool) else str(leaf.content)
        documents = documents_called(scenario, [str(leaf.source)], lang)
        told.append(Number(name, written_in(value, lang), status, str(leaf.source), *_words(path, lang, block), documents))
    return tuple(told)


def main_numbers(scenario: Scenario, wanted: Iterable[str], lang: str) -> tuple[Number, ...]:
    """List the numbers a line of the day names; small tables in one line each, of large ones how many numbers they have."""
    told: list[Number] = []
    for path in wanted:
        block = path.removesuffix(".*")
        mine = [ground for ground in scenario.grounds if f"{ground.path}.".startswith(f"{block}.")]
        depth = len(block.split(".")) + (block != path)
        for name in dict.fromkeys(".".join(ground.path.split(".")[:depth]) for ground in mine):
            told.append(_summed(scenario, name, [ground for ground in mine if f"{ground.path}.".startswith(f"{name}.")], lang))
    return tuple(told)


def _summed(scenario: Scenario, path: str, inside: list[Ground], lang: str) -> Number:
    """Tell one number, a small table in one line, or of a large one how many numbers it has."""
    rows: dict[tuple[str, ...], list[str]] = {}
    for ground in inside:
        *first, last = named(ground.path, RULES, lang, path) or ("",)
        rows.setdefault(tuple(first), []).append(f"{last} {written_in(ground.value, lang)}".strip())
    comma = say("explain.comma", lang)
    value = " · ".join(f"{row[0]} {comma.join(cells)}" if row else " · ".join(cells) for row, cells in rows.items())
    told = value if all(len(row) < 2 for row in rows) else say("explain.many", lang, count=len(inside))
    statuses, documents = (_each(words) for words in zip(*((one.status, one.document) for one in inside), strict=True))
    basis = documents_called(scenario, [one.document for one in inside], lang)
    return Number(path, told, statuses, documents, *_words(path, lang), basis)


def _words(path: str, lang: str, block: str = "") -> tuple[str, str, str]:
    """Give the words for a number: its label, what it means, what it is called below a block."""
    return label(path, RULES, lang), meaning(path, RULES, lang), called_below(path, RULES, lang, block)


def _each(words: Iterable[str]) -> str:
    """Name the words that occur, each once."""
    return ", ".join(dict.fromkeys(words))
