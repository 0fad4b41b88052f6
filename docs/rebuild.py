"""Rebuild the pages of docs/ that are made from declarations: `make docs`."""

from pathlib import Path

from results.table import Definition, definitions, groups, words

FOLDER = Path(__file__).parent


def measures_page() -> str:
    """Write docs/measures.md: every measure under its heading, in both languages."""
    lines = [
        "# What each measure means 指标含义",
        "",
        "Made from `results/measures.yaml` by `make docs`. Shares are 0..1 in files and percent on paper; a share of nothing is null.",
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


PAGES = {"measures.md": measures_page}
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
