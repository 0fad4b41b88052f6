"""City (城市): the words of a report about a city, where a county's would be wrong."""

from functools import cache
from pathlib import Path

import yaml

from sim.scenario.tables import Tables

TABLE = Path(__file__).with_name("city.yaml")


def is_city(tables: Tables) -> bool:
    """Say whether a place is a city: most of its homes are communities (社区) and no villages."""
    kinds = [row.kind for row in tables.villages]
    return kinds.count("community") > kinds.count("village")


def in_city_words(text: str) -> str:
    """Put a city's words in the place of a county's."""
    for was, now in _words():
        text = text.replace(was, now)
    return text


@cache
def _words() -> tuple[tuple[str, str], ...]:
    said = yaml.load(TABLE.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    return tuple((str(was), str(now)) for lang in said for was, now in said[lang])
