"""Try very many hostile cases: `python -m tests.fuzz.hostile --cases 10000 --seed 1`.

Prints the cases by kind and exit code, the slowest, and every failure, whose files are kept under `--keep`.
Exits with 1 where a case failed.
"""

import argparse
import multiprocessing
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from time import perf_counter

from tests.fuzz.cases import ROOT, Case, case
from tests.fuzz.trial import MOST_SECONDS, OURS, Outcome, bound_memory, lay, try_

SAMPLE = 250
"""One case in so many is also run as a real process."""


def compile_first() -> None:
    """Compile the model where that has not been done, so that no case pays for it."""
    from sim.loading import load
    from sim.warming import warm

    warm(load("lujiang-2020"))


def begin() -> None:
    """Prepare a worker: kernels read, memory bounded."""
    compile_first()
    bound_memory()


def one(seed: int) -> Outcome:
    """Try the case of a seed; a sample of them as a process too."""
    outcome = try_(case(seed))
    if not outcome.trouble and seed % SAMPLE == 0:
        return outcome._replace(trouble=as_process(case(seed), outcome.code))
    return outcome


def as_process(tried: Case, code: int) -> str:
    """Run a case as a command of its own; says what differs from `code`, nothing where all is well."""
    import tempfile

    if any("\0" in word for word in tried.words):
        return ""  # no operating system passes such a word on
    with tempfile.TemporaryDirectory(prefix="hostile-") as name:
        lay(tried, Path(name))
        command = [sys.executable, "-m", "app.cli", *tried.words]
        environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": name}
        done = subprocess.run(
            command, cwd=name, env=environment, capture_output=True, timeout=20 * MOST_SECONDS, check=False, stdin=subprocess.DEVNULL
        )
    said = done.stderr.decode(errors="replace")
    if done.returncode != code:
        return f"as a process: exit code {done.returncode}, in process {code}: {said[-300:]}"
    return next((f"as a process: says {word!r}" for word in OURS if word in said), "")


def outcomes(seeds: Iterable[int], processes: int) -> Iterator[Outcome]:
    """Try the cases of all seeds, side by side."""
    compile_first()
    with multiprocessing.get_context("spawn").Pool(processes, begin) as pool:
        yield from pool.imap_unordered(one, seeds, chunksize=8)


def kept(failed: Outcome, keep: Path) -> Path:
    """Keep the files and words of a failure, and what was said."""
    folder = keep / f"case-{failed.seed}"
    tried = case(failed.seed)
    if not folder.exists():
        folder.mkdir(parents=True)
        lay(tried, folder)
    report = f"{list(tried.words)!r}\n{failed.trouble}\n--- out\n{failed.out}\n--- err\n{failed.err}\n"
    (folder / "REPORT.txt").write_text(report, encoding="utf-8", errors="replace")
    return folder


def main() -> int:
    """Try the cases and print the summary."""
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz.hostile")
    parser.add_argument("--cases", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--keep", type=Path, default=Path("results/runs/hostile"))
    parser.add_argument("--seconds", type=float, default=3600.0, help="stop after so long, with the summary so far")
    given = parser.parse_args()
    began, codes, slowest, failed = perf_counter(), Counter[tuple[str, int]](), Outcome(-1, "", 0, 0.0, "", "", ""), 0
    first = given.seed * 1_000_000
    until = began + given.seconds
    for outcome in outcomes(range(first, first + given.cases), given.processes):
        if perf_counter() > until:
            print(f"stopped after {given.seconds:g} s")
            break
        codes[outcome.kind, outcome.code] += 1
        slowest = max(slowest, outcome, key=lambda each: each.seconds)
        if outcome.trouble:
            failed += 1
            print(f"FAILED seed {outcome.seed} ({outcome.kind}): {outcome.trouble}\n  kept in {kept(outcome, given.keep)}", flush=True)
    for (kind, code), count in sorted(codes.items()):
        print(f"{kind:<10} exit {code}: {count:>6}")
    for code in sorted({code for _, code in codes}):
        print(f"all        exit {code}: {sum(count for (_, each), count in codes.items() if each == code):>6}")
    print(f"slowest: {slowest.seconds:.2f} s, seed {slowest.seed} ({slowest.kind}); {failed} failed; {perf_counter() - began:.0f} s in all")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
