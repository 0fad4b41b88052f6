"""Pages in which some blocks are made and the rest is written by hand: what stands between `<!-- made: NAME -->` and `<!-- made -->`."""

import re
from collections.abc import Mapping, Sequence
from pathlib import Path

FOLDER = Path(__file__).parent
LANGUAGES = {"en": ".md", "zh": ".zh.md"}
MADE = re.compile(r"(<!-- made: ([a-z_]+) -->\n).*?(<!-- made -->)", re.DOTALL)
Blocks = Mapping[str, str]


def filled(text: str, blocks: Blocks) -> str:
    """Put blocks into a page; raises KeyError for one that nobody makes."""
    return MADE.sub(lambda found: f"{found[1]}{blocks[found[2]]}{found[3]}", text)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Write a table of Markdown, figures to the right."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"
