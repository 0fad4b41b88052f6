"""Names: what places, facilities and illnesses are called in a language."""

from typing import TYPE_CHECKING

from results.telling.offers import condition_name
from sim.language.messages import say

if TYPE_CHECKING:
    from sim.county import County


class Names:
    """The names of one county in one language, by row."""

    def __init__(self, county: "County", lang: str) -> None:
        """Look everything up once."""
        tables, place = county.tables, county.place
        houses = {row.facility: row for row in tables.facilities}
        chinese = lang == "zh"
        self.lang = lang
        self._facilities = [houses[name].name_zh if chinese else houses[name].name_en for name in place.facilities.names]
        self.towns = _plain(place.towns, {row.town: row.town_zh for row in tables.towns}, lang)
        self.villages = _plain(place.villages, {row.village: row.village_zh for row in tables.villages}, lang)
        self.conditions = [condition_name(name, lang) for name in place.conditions.names]

    def facility(self, row: int) -> str:
        """Name a facility; a negative row is no formal care."""
        return self._facilities[row] if row >= 0 else say("trace.no_care", self.lang)


def _plain(names: tuple[str, ...], chinese: dict[str, str], lang: str) -> list[str]:
    """Name towns or villages: their Chinese names, or what the table calls them with a capital letter."""
    english = {name: name.replace("_", " ").capitalize() for name in names}
    return [(chinese if lang == "zh" else english).get(name, english[name]) for name in names]
