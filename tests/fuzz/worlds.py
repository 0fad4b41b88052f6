"""Try random worlds: rules laid over shipped scenarios, and counties on tables of their own. `python -m tests.fuzz.worlds --help`."""

import argparse
import collections
import sys
import tempfile
import time
import traceback
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from experiments.running.one import live
from results.outcomes import measures
from sim import County
from sim.language.messages import UserError
from tests.fuzz.invariants import broken
from tests.fuzz.rules import Rules
from tests.fuzz.tables import Tables

KINDS = ("rules", "tables")
FEWEST = 100
"""People a run needs."""


class Tried(NamedTuple):
    """What became of a world: refused for a reason, or run, with what went wrong."""

    refused: str | None
    wrong: str | None


def tried(kind: str, seed: int) -> Tried:
    """Make one world and live in it; Python's warnings count as errors."""
    with tempfile.TemporaryDirectory() as folder, warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.simplefilter("ignore", ResourceWarning)
        try:
            world = Rules(seed) if kind == "rules" else Tables(seed, Path(folder))
            plan = world.load()
        except UserError as error:
            return Tried(error.faults[0].key, None)
        try:
            if plan.population.registered * world.scale < FEWEST:
                return Tried("experiment.too_few", None)
            county = live(County(plan, seed=seed, scale=world.scale))
            wrong = list(broken(county))
            if seed % 10 == 0 and measures(live(County(plan, seed=seed, scale=world.scale))) != measures(county):
                wrong.append("another run gives another result")
        except UserError as error:
            return Tried(None, f"accepted by check, refused by the run: {error.text()}")
        except Exception:
            return Tried(None, traceback.format_exc(limit=-3))
    return Tried(None, "; ".join(wrong) or None)


def worlds(kind: str, first: int, count: int) -> Iterator[tuple[int, Tried]]:
    """Try some worlds one after the other."""
    for seed in range(first, first + count):
        yield seed, tried(kind, seed)


def main() -> int:
    """Try as many as asked for, and tell; returns 1 where anything went wrong."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.worlds", description=__doc__)
    parser.add_argument("--worlds", type=int, default=1000, help="how many of each kind (default: 1000)")
    parser.add_argument("--from", type=int, default=0, dest="first", help="number of the first (default: 0)")
    parser.add_argument("--kind", choices=KINDS, help="one kind only")
    given, failed = parser.parse_args(), 0
    for kind in [given.kind] if given.kind else KINDS:
        reasons: collections.Counter[str] = collections.Counter()
        began = time.monotonic()
        for seed, one in worlds(kind, given.first, given.worlds):
            reasons.update([one.refused] if one.refused else [])
            if one.wrong:
                failed += 1
                print(f"{kind} {seed}: {one.wrong}", flush=True)
            done = seed - given.first + 1
            if done % 50 == 0:
                rate = (time.monotonic() - began) / done
                print(f"{kind}: {done} of {given.worlds}, {rate * (given.worlds - done):.0f} s left", file=sys.stderr, flush=True)
        ran = given.worlds - sum(reasons.values())
        print(f"{kind}: {ran} of {given.worlds} accepted and run ({100 * ran / given.worlds:.0f} %)")
        print("".join(f"  {times:5} {reason}\n" for reason, times in reasons.most_common(10)), end="")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
