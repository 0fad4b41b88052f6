"""Codes: what the words in coded columns of tables mean, in both languages, so that a table can be read without this program."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from results.measuring.dictionary import tables
from results.telling.names import called, condition_name
from sim.language.messages import say
from sim.scenario.tables import Tables
from sim.words import CONTRACTS, GRADES, LIVES, PLACES, SCHEMES, SETTINGS, SEXES, TIERS

PURSES = ("outpatient", "chronic", "inpatient")
"""Limits of the year that bills are held against, by purse (`sim.money.paying`: special visits share that of stays)."""
SAID: Mapping[str, tuple[Sequence[str], Callable[[str], str]]] = {
    "tier": (TIERS, lambda word: f"figures.tier.{word}"),
    "grade": (GRADES, lambda word: f"grade.{word}"),
    "setting": (SETTINGS, lambda word: f"offers.{word}"),
    "scheme": (SCHEMES, lambda word: f"offers.{word}"),
    "sex": (SEXES, lambda word: f"trace.sex.{word}"),
    "place": (PLACES, lambda word: f"code.place.{word}"),
    "lives": (LIVES, lambda word: f"code.lives.{word}"),
    "contract": (CONTRACTS, lambda word: f"code.contract.{word}"),
    "limit_of": (PURSES, lambda word: f"code.limit_of.{word}"),
}
"""Coded column -> its words, and the message that says what one of them means."""


class Code(NamedTuple):
    """What one word of one column means."""

    table: str
    column: str
    value: str
    label_en: str
    label_zh: str


def codes_of(names: Iterable[str], rows: Tables) -> Iterator[Code]:
    """Tell of every word in the coded columns of some tables, and of every facility, town and condition group.

    names : of tables;  rows : the tables of the scenario, which name its places
    """
    for table in names:
        for column in tables()[table]["columns"]:
            yield from (Code(table, column, *code) for code in _codes(column, rows))


def _codes(column: str, rows: Tables) -> Iterator[tuple[str, str, str]]:
    """Give word, English and Chinese of one column; nothing of one that is not coded."""
    if column in SAID:
        words, message = SAID[column]
        yield from ((word, say(message(word), "en"), say(message(word), "zh")) for word in words)
    elif column == "facility":
        yield from ((row.facility, row.name_en, row.name_zh) for row in rows.facilities)
    elif column == "town":
        names = {row.town: row.town_zh for row in rows.towns}
        yield from ((town, called(town, names, "en"), called(town, names, "zh")) for town in names)
    elif column == "condition":
        groups = dict.fromkeys(row.group for row in rows.case_mix)
        yield from ((group, condition_name(group, "en"), condition_name(group, "zh")) for group in groups)
