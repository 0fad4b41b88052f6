"""Measure, print the figures, and record them in benchmarks/results.json with the versions measured: `make bench`."""

import json
import platform
import sys
from importlib.metadata import version
from pathlib import Path

from app.cli import spoken
from app.commands.bench import print_page
from experiments.bench.bench import USUAL, bench
from sim.language.messages import say

RESULTS = Path(__file__).with_name("results.json")
PACKAGES = ("tiercare", "mesa", "numba", "numpy", "simpy")
DIGITS = 4


def rounded(figure: float) -> float:
    """Keep the digits that mean something."""
    return float(f"{figure:.{DIGITS}g}") if isinstance(figure, float) else figure


def main() -> None:
    """Measure, print and record; what is written names no machine and no folder."""
    lang = spoken()
    print(say("bench.started", lang), file=sys.stderr, flush=True)
    figures = bench(USUAL)
    print_page(figures, lang)
    versions = {"python": platform.python_version(), **{name: version(name) for name in PACKAGES}}
    record = {"figures": {name: rounded(figure) for name, figure in figures.items()}, "versions": versions}
    RESULTS.write_text(json.dumps(record, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
