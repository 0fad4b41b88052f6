"""Rebuild the pages of docs/ that are made from declarations: `make docs`."""

import sys
from pathlib import Path

from docs.policies import moments, world_page
from docs.stress import stress_page
from docs.words import made, rows, table
from results.measuring.definitions import Definition, definitions, groups, words
from sim.institutions.facilities import CLASSES, Facility
from sim.kinds import KINDS, Kind, Offered
from sim.mechanisms import MECHANISMS

FOLDER = Path(__file__).parent


def measures_page() -> str:
    """Write docs/measures.md: every measure under its heading, in both languages."""
    lines = [
        "# What each measure means 指标含义",
        "",
        "Made from `results/measuring/measures.yaml` by `make docs`. "
        "Shares are 0..1 in files and percent on paper; a share of nothing is null.",
    ]
    for group, heading in groups("en").items():
        lines += ["", f"## {heading} {groups('zh')[group]}", "", "| name | 中文 | unit | counted | of | who, where |", f"|{'---|' * 6}"]
        lines += [_row(meant) for meant in definitions().values() if meant.group == group]
    return "\n".join([*lines, ""])


def _row(meant: Definition) -> str:
    """Write one measure as a row."""
    who = words("people", meant.people, "en") if meant.people else ""
    where = words("institutions", meant.institutions, "en") if meant.institutions else ""
    of = meant.denominator["en"] if meant.denominator else ""
    cells = (f"`{meant.name}`", meant.title["zh"], meant.unit, meant.numerator["en"], of, "; ".join(filter(None, (who, where))))
    return f"| {' | '.join(cells)} |"


MADE = "<!-- What follows is made from the Rules classes by `make docs`. -->"
"""What is above this line of docs/mechanisms.md is written by hand and kept."""


def mechanisms_page() -> str:
    """Write docs/mechanisms.md: what is written by hand, then the rules of every mechanism that is listed."""
    by_hand = (FOLDER / "mechanisms.md").read_text(encoding="utf-8").split(MADE)[0]
    lines = [by_hand + MADE, "", *moments(), "", "## The rules there are", "", "Every mechanism also takes `source`, `from` and `until`."]
    for name, kind in sorted(MECHANISMS.items()):
        title = str(sys.modules[kind.__module__].__doc__).splitlines()[0]
        lines += ["", f"### `{name}`", "", title, "", f"{kind.Rules.__doc__}", "", *table("rule"), *rows(kind.Rules)]
    return "\n".join([*lines, ""])


WORDS_MADE = "<!-- What follows is made from the labels beside the fields by `make docs`. -->"
"""The same for docs/words.md."""


def words_page() -> str:
    """Write docs/words.md: what is written by hand, then the words of scenario files and data tables."""
    by_hand = (FOLDER / "words.md").read_text(encoding="utf-8").split(WORDS_MADE)[0]
    return "\n".join([by_hand + WORDS_MADE, "", *made(), ""])


CONSIDERED: dict[Offered, str] = {
    "own village": "people of its village",
    "own town": "people of its town, and of other towns those to whom it is one of the two nearest",
    "nearest": "those to whom it is the nearest of its kind",
    "everybody": "everybody",
    "elsewhere": "people who live elsewhere",
}
"""How a kind is offered -> who considers going there."""


def kinds_page() -> str:
    """Write docs/kinds.md: a row a kind of facility, and what those do who decide."""
    lines = [
        "# Kinds of facility 机构类型",
        "",
        "Made from `sim/kinds.py` by `make docs`. How to add one: [add_a_kind.md](add_a_kind.md).",
        "",
        "| kind | name | 中文 | tier | constant of taste | nest | who considers it | who decides | may lead a group |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    lines += [_kind(name, kind) for name, kind in KINDS.items()]
    lines += ["", "## Who decides", "", "When a month begins:", "", "| who decides | agent | does |", "|---|---|---|"]
    for decides, agent in CLASSES.items():
        does = "Nothing." if agent.decide is Facility.decide else str(agent.decide.__doc__).splitlines()[0]
        lines.append(f"| {decides} | `{agent.__name__}` | {does} |")
    return "\n".join([*lines, ""])


def _kind(name: str, kind: Kind) -> str:
    """Write one kind of facility as a row."""
    lead = "yes" if kind.may_lead else "no"
    cells = (f"`{name}`", kind.en, kind.zh, kind.tier, kind.option, kind.nest, CONSIDERED[kind.offered], kind.decides, lead)
    return f"| {' | '.join(cells)} |"


PAGES = {
    "measures.md": measures_page,
    "mechanisms.md": mechanisms_page,
    "kinds.md": kinds_page,
    "words.md": words_page,
    "world.md": world_page,
    "stress_abs.md": stress_page,
}
"""Page -> what writes it; a page made from another declaration is one more line here."""


def main() -> None:
    """Write every page and say which changed."""
    for name, write in PAGES.items():
        page, text = FOLDER / name, write()
        changed = not page.exists() or page.read_text(encoding="utf-8") != text
        page.write_text(text, encoding="utf-8")
        print(f"docs/{name}: {'rewritten' if changed else 'as it was'}")


if __name__ == "__main__":
    main()
