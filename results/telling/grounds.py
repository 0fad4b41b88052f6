"""Add up what the numbers of a scenario rest on: by status, by part of the scenario, by source, and the data tables row by row."""

from collections import Counter
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

from pydantic import ConfigDict

from results.telling.meaning import label, meaning
from sim.language.messages import say
from sim.mechanisms import RULES
from sim.reading.provenance import STATUSES, Ground
from sim.reading.tables import Row, checked_rows
from sim.scenario.scenario import Scenario

OF_OURS = ("assumed", "fitted")
"""Sources that are no documents."""
CONFIDENCES = ("high", "medium", "low")


class Basis(Row):
    """What a row of any table says it rests on."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore")

    source: str = ""
    confidence: str = ""


class DataFile(NamedTuple):
    """A data table of a scenario, and what its rows rest on."""

    path: str
    """Where the scenario names it."""
    file: str
    rows: int
    confidence: Mapping[str, int]
    """high, medium, low -> rows."""
    sources: Mapping[str, int]
    """What the rows say they rest on -> rows, the most frequent first."""


def by_status(grounds: Iterable[Ground]) -> dict[str, int]:
    """Count numbers by status, in the order from evidence to assumption."""
    found = Counter(ground.status for ground in grounds)
    return {status: found[status] for status in STATUSES}


def borrowed(scenario: Scenario) -> int:
    """Count the numbers that stand in documents, or follow from them, which are about other places than the scenario is.

    The scenario's own documents are those its groups and its goals cite; without any, no document counts as its own.
    """
    own = {leaf.source for block in ("groups", "targets") for _, leaf in scenario.leaves(block)}
    cited = (ground for ground in scenario.grounds if scenario.source_called(ground.document).kind == "document")
    return sum(ground.document not in own for ground in cited)


def by_part(grounds: Iterable[Ground]) -> dict[str, dict[str, int]]:
    """Count numbers by the part of the scenario they stand in, and there by status."""
    parts: dict[str, list[Ground]] = {}
    for ground in grounds:
        parts.setdefault(part_of(ground), []).append(ground)
    return {part: by_status(inside) for part, inside in parts.items()}


def part_of(ground: Ground) -> str:
    """Name the part of the scenario a number stands in: its block, and of mechanisms and insurance the block inside it."""
    first, *others = ground.path.split(".")
    return f"{first}.{others[0]}" if first in ("mechanisms", "insurance") and len(others) > 1 else first


def by_source(grounds: Iterable[Ground]) -> dict[str, int]:
    """Count numbers by what they rest on, the most frequent first."""
    return dict(Counter(ground.document for ground in grounds).most_common())


def data_files(scenario: Scenario) -> tuple[DataFile, ...]:
    """Count the rows of every data table by confidence and by source; a road network in GraphML has no rows."""
    return tuple(_data_file(path, file) for path, file in scenario.files.items())


def _data_file(path: str, file: Path) -> DataFile:
    """Count one data table."""
    rows = [row for _, row in checked_rows(file, Basis, [])] if file.suffix.lower() == ".csv" else []
    trust = Counter(row.confidence for row in rows)
    return DataFile(
        path,
        file.name,
        len(rows),
        {word: trust[word] for word in (*CONFIDENCES, "") if word or trust[word]},
        dict(Counter(row.source for row in rows).most_common()),
    )


def source_title(scenario: Scenario, key: str, lang: str) -> str:
    """Say what a source is called."""
    return scenario.source_called(key).title.say(lang)


def documents_called(scenario: Scenario, keys: Iterable[str], lang: str) -> str:
    """Name the documents numbers rest on, each once: in English by their keys, which `sources` explains, in Chinese by their titles."""
    documents = [key for key in dict.fromkeys(keys) if key not in OF_OURS]
    return say("explain.comma", lang).join(documents if lang == "en" else [source_title(scenario, key, lang) for key in documents])


def as_plain(scenario: Scenario, lang: str) -> dict[str, Any]:
    """Give everything as plain values: counts, every number with what it means and rests on, the data tables, the sources."""
    grounds = scenario.grounds
    return {
        "scenario": scenario.name,
        "title": scenario.title.say(lang),
        "by_status": by_status(grounds),
        "by_part": by_part(grounds),
        "by_source": by_source(grounds),
        "numbers": [_number(ground, lang) for ground in grounds],
        "tables": [table._asdict() for table in data_files(scenario)],
        "sources": {key: _source(scenario, key, lang) for key in by_source(grounds)},
    }


def _number(ground: Ground, lang: str) -> dict[str, Any]:
    """Give one number as plain values: what it rests on, what it is called and what it means."""
    return {**ground._asdict(), "label": label(ground.path, RULES, lang), "meaning": meaning(ground.path, RULES, lang)}


def _source(scenario: Scenario, key: str, lang: str) -> dict[str, str]:
    """Give one source as plain values."""
    source = scenario.source_called(key)
    return {"title": source.title.say(lang), "kind": source.kind, "status": source.status, "where": source.where}
