"""Say what is wrong, in English or Chinese, from a table of messages on each floor of the house (key -> en, zh).

Nothing a user reads is written anywhere else: a fault carries a key and the values its sentence needs. The model's own messages stand in
`sim/language/messages.yaml`; a floor above names its table and the first words of its keys in its `__init__`, and no floor says a
message of one above it.
"""

import difflib
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

import yaml

OWN = Path(__file__).with_name("messages.yaml")
"""The model's own table."""
FLOORS: dict[str, Path] = {}
"""First word of a key -> the table of the floor above that says it; all other keys are of the model's own table."""
Table = Mapping[str, Mapping[str, str]]
LONGEST_WORD = 80
"""Letters a word may have to be compared with the valid ones."""
LONGEST_SHOWN = 500
UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Kinds of characters that print nothing, move the cursor, turn the line round or break it."""


def floor(table: Path, *words: str) -> None:
    """Let a floor above say the messages of its own table: those whose key begins with one of the words.

    The table is read when such a message is first said, and not before.
    """
    FLOORS.update(dict.fromkeys(words, table))


@cache
def read(table: Path) -> Table:
    """Read a table once: key -> {en, zh}."""
    content: Table = yaml.load(table.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    return content


def table_of(key: str) -> Table:
    """Give the one table a key may stand in."""
    return read(FLOORS.get(key.partition(".")[0], OWN))


def messages() -> Table:
    """Give the messages of all floors there are: key -> {en, zh}."""
    return {key: said for table in dict.fromkeys((OWN, *FLOORS.values())) for key, said in read(table).items()}


def say(key: str, lang: str = "en", **values: object) -> str:
    """Fill in one message.

    key     : a key of a table; one that is missing is a mistake of ours and raises KeyError
    lang    : en or zh
    values  : what the sentence needs
    """
    return table_of(key)[key][lang].format(**values)


class Fault(NamedTuple):
    """One thing that is wrong: which message, where, with which values."""

    key: str
    place: str
    values: Mapping[str, object]
    hint: tuple[str, Mapping[str, object]] | None = None
    """A second message, after the first: what to do, with its values."""

    def text(self, lang: str = "en") -> str:
        """Write the fault as a line, `place: message`."""
        sentence = say(self.key, lang, **{name: tidy(value) for name, value in self.values.items()})
        near = self.values.get("near")
        hint = say("near", lang, near=tidy(near)) if near else ""
        if self.hint is not None:
            hint += say(self.hint[0], lang, **{name: tidy(value) for name, value in self.hint[1].items()})
        return f"{tidy(self.place)}: {sentence}{hint}" if self.place else f"{sentence}{hint}"


class UserError(Exception):
    """The user's input is at fault; carries all faults found, not only the first."""

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults: tuple[Fault, ...] = _distinct(faults)
        super().__init__(self.text("en"))

    def __reduce__(self) -> tuple[type["UserError"], tuple[tuple[Fault, ...]]]:
        return UserError, (self.faults,)

    def text(self, lang: str = "en") -> str:
        """Write all faults, one a line."""
        return "\n".join(fault.text(lang) for fault in self.faults)


def tidy(value: object) -> object:
    """Show words on one line, cut where very long, what cannot be seen by its code (\\x1b); anything but words stays as it is."""
    if isinstance(value, str) and len(value) > LONGEST_SHOWN:
        value = f"{value[: LONGEST_SHOWN - 3]}..."
    if not isinstance(value, str) or value.isprintable():
        return value
    return "".join(sign.encode("unicode_escape").decode() if unicodedata.category(sign) in UNSEEN else sign for sign in value)


def _distinct(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Leave out faults that read the same as an earlier one."""
    return tuple({(fault.key, fault.place, repr(fault.values)): fault for fault in faults}.values())


def refuse(key: str, place: str, **values: object) -> UserError:
    """Make the error of a single fault."""
    return UserError([Fault(key, place, values)])


def nearest(word: object, words: Iterable[str]) -> str | None:
    """Give the valid word most like `word`, or nothing where none is near."""
    wanted = str(word).lower()
    known = [w for w in words if w and 2 * min(len(w), len(wanted)) >= 0.55 * (len(w) + len(wanted))] if len(wanted) <= LONGEST_WORD else []
    close = difflib.get_close_matches(wanted, [w.lower() for w in known], n=1, cutoff=0.55)
    return next((w for w in known if close and w.lower() == close[0]), None)
