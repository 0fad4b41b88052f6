"""Read a report the way a reader's tools do: elements with their text in each language."""

from dataclasses import dataclass, field, replace
from functools import cache
from html.parser import HTMLParser

from results.report.markup import LANGUAGES
from results.report.page import page
from results.store.run import Run
from tests.results.report.small_runs import small_run

EMPTY = {"meta", "link", "br", "wbr", "img", "input", "line", "path", "rect"}
FACTS = {
    "scenario": "lujiang-2020", "settings": ["period.days=100"], "seed": 1, "scale": 0.02, "versions": {"python": "3.11", "mesa": "3.3.1"},
    "commit": "0123abc", "inputs": "89ab", "wall_seconds": 1.5, "peak_memory_mb": 300.0,
}  # fmt: skip


def whole(run: Run) -> Run:
    """Give a small run the facts of a real one."""
    return replace(run, facts=FACTS)


@cache
def small_page(lang: str = "zh") -> str:
    """Write the report of a small run."""
    return page(whole(small_run()), lang)


@dataclass
class Element:
    """One element of a page."""

    name: str
    attributes: dict[str, str]
    children: list["Element | str"] = field(default_factory=list)

    def all(self, name: str, **attributes: str) -> list["Element"]:
        """Find the elements below of a name and with attributes (hyphens as underscores); of a class, one among several will do."""
        found = [child for child in self.children if isinstance(child, Element) and child.fits(name, attributes)]
        return found + [deeper for child in self.children if isinstance(child, Element) for deeper in child.all(name, **attributes)]

    def one(self, name: str, **attributes: str) -> "Element":
        """Find the only such element."""
        (found,) = self.all(name, **attributes)
        return found

    def fits(self, name: str, attributes: dict[str, str]) -> bool:
        """Say whether the element has a name and attributes."""
        given = {key.rstrip("_").replace("_", "-"): value for key, value in attributes.items()}
        classes = self.attributes.get("class", "").split()
        return name in ("*", self.name) and all(
            value in classes if key == "class" else self.attributes.get(key) == value for key, value in given.items()
        )

    def text(self, lang: str) -> str:
        """Give the text a reader of a language sees."""
        if self.name in ("script", "style") or self.attributes.get("lang", LANGUAGES[lang]) != LANGUAGES[lang]:
            return ""
        return "".join(child if isinstance(child, str) else child.text(lang) for child in self.children)


class Reader(HTMLParser):
    """Build the tree of a page; an element that is closed out of turn is a fault of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", {})]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {key: value or "" for key, value in attrs})
        self.open[-1].children.append(element)
        if tag not in EMPTY:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open[-1].children.append(Element(tag, {key: value or "" for key, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        self.open[-1].children.append(data)


@cache
def parsed(text: str) -> Element:
    """Read a page; the body does not depend on the language it begins in."""
    reader = Reader()
    reader.feed(text)
    assert len(reader.open) == 1, "something was never closed"
    return reader.open[0].one("body")
