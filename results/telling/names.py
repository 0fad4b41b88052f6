"""Names: what places, facilities and illnesses are called in a language."""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from sim.language.messages import say

if TYPE_CHECKING:
    from sim.county import County

CONDITIONS = Path(__file__).with_name("conditions.yaml")


@cache
def condition_names() -> Mapping[str, Mapping[str, str]]:
    """Read the names of condition groups: key -> en, zh."""
    names: Mapping[str, Mapping[str, str]] = yaml.load(CONDITIONS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return names


def condition_name(key: str, lang: str) -> str:
    """Name a condition group; one that is not of the usual case mix is called by its key."""
    return condition_names().get(key, {}).get(lang, key)


def village_name(county: "County", key: str, lang: str) -> str:
    """Name a village."""
    return called(key, {row.village: row.village_zh for row in county.tables.villages}, lang)


class Names:
    """The names of one county in one language, by row."""

    def __init__(self, county: "County", lang: str) -> None:
        """Look everything up once."""
        tables, place = county.tables, county.place
        houses = {row.facility: row for row in tables.facilities}
        chinese = lang == "zh"
        self.lang = lang
        self._facilities = [houses[name].name_zh if chinese else houses[name].name_en for name in place.facilities.names]
        towns = {row.town: row.town_zh for row in tables.towns}
        self.towns = [called(town, towns, lang) for town in place.towns]
        villages = {row.village: row.village_zh for row in tables.villages}
        self.villages = [called(village, villages, lang) for village in place.villages]
        self.conditions = [condition_name(name, lang) for name in place.conditions.names]

    def facility(self, row: int) -> str:
        """Name a facility; a negative row is no formal care."""
        return self._facilities[row] if row >= 0 else say("trace.no_care", self.lang)


def called(key: str, chinese: Mapping[str, str], lang: str) -> str:
    """Name a town or village: in Chinese as its table does, in English, or where the table says nothing, by its key."""
    english = key.replace("_", " ").capitalize()
    return chinese.get(key, english) if lang == "zh" else english
