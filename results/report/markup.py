"""Write HTML that speaks both languages: every word stands in the page once in each, and the page shows one of them.

What takes words takes a mapping language -> text, or a plain text that is the same in both.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from html import escape

from sim.language.messages import say

LANGUAGES: Mapping[str, str] = {"en": "en", "zh": "zh-CN"}
"""Language of the program -> language of the page."""

Words = Mapping[str, str]
Told = Words | str


def told(key: str, **values: object) -> dict[str, str]:
    """Say a message in every language; a value may itself be words in every language."""
    return {lang: say(key, lang, **{name: spoken(value, lang) for name, value in values.items()}) for lang in LANGUAGES}


def spoken(value: object, lang: str) -> object:
    """Take the words of one language; anything else stays what it is."""
    return value[lang] if isinstance(value, Mapping) else value


def joined(parts: Iterable[Told], key: str) -> dict[str, str]:
    """Join words with what a message holds, a comma or a full stop with its space."""
    listed = list(parts)
    return {lang: say(key, lang).join(str(spoken(part, lang)) for part in listed) for lang in LANGUAGES}


def both(words: Told) -> str:
    """Write words as HTML: once where they are the same in every language, else once in each."""
    if isinstance(words, str):
        return escape(words)
    if len(set(words.values())) == 1:
        return escape(next(iter(words.values())))
    return "".join(f'<span lang="{LANGUAGES[lang]}">{escape(words[lang])}</span>' for lang in LANGUAGES)


def tag(name: str, inner: str, **attributes: str | None) -> str:
    """Wrap HTML in an element; an attribute's trailing underscore is dropped, others become hyphens, and one that is None is left out."""
    given = "".join(f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"' for key, value in attributes.items() if value is not None)
    return f"<{name}{given}>{inner}</{name}>"


def labelled(words: Words) -> dict[str, str]:
    """Give the attributes by which the page's script sets an element's `aria-label` in the language shown."""
    return {f"data_label_{lang}": words[lang] for lang in LANGUAGES}


def section(key: str, title: Told, inner: str) -> str:
    """Write one section of the page with its heading."""
    heading = tag("h2", both(title), id=f"{key}-title")
    return tag("section", heading + inner, id=key, aria_labelledby=f"{key}-title")


def table(caption: Told, head: Sequence[Told], rows: Iterable[Sequence[str]], kind: str = "", figures: Sequence[int] = ()) -> str:
    """Write a table that scrolls where it is too wide; the first cell of a row is its heading.

    rows    : cells of HTML
    figures : columns that hold figures, set to the right
    """
    sides = ["figure" if i in figures else None for i in range(len(head))]
    top = "".join(tag("th", both(words), scope="col", class_=side) for words, side in zip(head, sides, strict=True))
    lines = (_row(row, sides) for row in rows)
    inner = f"<caption>{both(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{''.join(lines)}</tbody>"
    whole = tag("table", inner, class_=kind or None)
    return tag("div", whole, class_="scroll", tabindex="0", role="region", **labelled(_words(caption)))


def _row(cells: Sequence[str], sides: Sequence[str | None]) -> str:
    """Write one row."""
    first, *others = (tag("th" if i == 0 else "td", cell, scope="row" if i == 0 else None, class_=side)
                      for i, (cell, side) in enumerate(zip(cells, sides, strict=True)))  # fmt: skip
    return f"<tr>{first}{''.join(others)}</tr>"


def _words(text: Told) -> Words:
    """Give words in every language."""
    return dict.fromkeys(LANGUAGES, text) if isinstance(text, str) else text


def code(name: str) -> str:
    """Write a name of the program, which may break after its dots and underscores."""
    return tag("code", re.sub(r"([._])", r"\1<wbr>", escape(name)))


def folded(summary: Told, inner: str, opened: str | None = None) -> str:
    """Write something that unfolds; `opened` is an empty text where it is unfolded from the start."""
    return tag("details", tag("summary", both(summary)) + inner, open=opened)
