"""`tiercare batch`: do the runs of a designed experiment that are not done yet, and write its folder."""

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app import asking
from app.commands.command import Command
from app.commands.run import nothing_collected
from app.parser import Parser, only, seconds, whole
from sim.language.messages import say

if TYPE_CHECKING:
    from experiments.design.variants import Design
    from experiments.running.batch import Batch, Tally
    from experiments.running.executors import Where
    from experiments.running.pilot import Estimate

MOST_WORKERS = 512
FAILED = 1


def where_options(parser: Parser) -> None:
    """Add the options of whatever does many runs."""
    parser.option("--workers", "N", say("cli.batch.workers", parser.lang))
    parser.option("--dask", "ADDRESS", say("cli.batch.dask", parser.lang))
    parser.option("--timeout", "S", say("cli.batch.timeout", parser.lang))
    parser.option("--out", "DIR", say("cli.batch.out", parser.lang))


def options(parser: Parser) -> None:
    """Add what `batch` takes."""
    parser.takes("experiment", "EXPERIMENT.yaml", say("cli.batch.experiment", parser.lang))
    where_options(parser)
    parser.switch("--slurm", say("cli.batch.slurm", parser.lang))
    parser.option("--shard", "I/N", say("cli.batch.shard", parser.lang))
    parser.switch("--retry", say("cli.batch.retry", parser.lang))
    parser.switch("--dry-run", say("cli.batch.dry_run", parser.lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Do the runs; returns 0, or 1 where some have failed."""
    word = only(given.experiment, "EXPERIMENT.yaml", "tiercare batch")
    out = asking.place(given.out, "--out") if given.out is not None else None
    with nothing_collected():
        from sim.loading import load  # noqa: F401  (first: pydantic reads docstrings fast while few modules are loaded)

        # isort: split
        from experiments.design.variants import design
        from experiments.keeping.folder import gather, places, writable
        from experiments.keeping.found import experiment_called
        from experiments.running.batch import Batch, shard_called
        from results.store.pool import Pool

    limit, shard = seconds(given.timeout, "--timeout"), shard_called(given.shard)
    planned = design(experiment_called(word))
    folder, kept = places(planned.said.name, out)
    writable(kept)
    pool = Pool(kept)
    batch = Batch(planned, pool, shard, given.retry)
    if pool.cut_off:
        print(say("batch.cut_off", lang, count=pool.cut_off, folder=kept), file=sys.stderr)
    for later in planned.later():
        print(say("batch.later", lang, **later._asdict()), file=sys.stderr)
    place = where(given, planned, limit, kept)
    if given.dry_run:
        return foretell(batch, folder, place, given, lang)
    tally = watched(batch, place, limit, lang)
    whole_there = shard == (1, 1)
    if whole_there:
        from experiments.reporting.told import tell  # what draws it is a weight to whoever only asks what it takes

        gather(batch, folder)
        tell(batch, folder, lang)
    report(batch, tally, folder if whole_there else kept, given, lang)
    return FAILED if tally.failed else 0


def where(given: argparse.Namespace, design: "Design", limit: float | None, pool: Path = Path()) -> "Where":
    """Say where the runs of a design are done; only `batch` knows --slurm. Raises UserError.

    pool : folder in which jobs of SLURM may print
    """
    from experiments.running import executors
    from sim.language.messages import refuse

    many = whole(given.workers, "--workers", 1, 0, MOST_WORKERS) or None
    on_slurm = getattr(given, "slurm", False)
    if given.dask is not None and on_slurm:
        raise refuse("cli.explain.one_of", "tiercare batch", known="--dask, --slurm")
    if given.dask is not None:
        return executors.dask(given.dask)
    bases, scale = list(design.bases.values()), design.said.scale
    return executors.slurm(many, bases, scale, pool) if on_slurm else executors.here(many, bases, scale, limit)


def watched(batch: "Batch", place: "Where", limit: float | None, lang: str) -> "Tally":
    """Do the runs, and show how far they are; what is done when Ctrl-C is pressed is kept."""
    from app.screen.progress import watcher
    from experiments.running.batch import Progress
    from experiments.running.pilot import expected
    from sim.warming import ready

    last = Progress(0, 0, len(batch.new))
    tally = batch.tally()
    counts = {"runs": tally.runs, "new": len(batch.new), "workers": place.workers}
    print(say("batch.started" if place.known else "batch.started_elsewhere", lang, **counts), file=sys.stderr)
    with watcher(lang, "cli.explain.runs_done") as shown:
        if batch.new:
            shown.phase(say("run.compiling", lang), 1)
            ready(next(iter(batch.design.bases.values())))
            shown.phase(say("cli.explain.running", lang), len(batch.new))

        def told(progress: Progress) -> None:
            nonlocal last
            if last.done + last.failed == 0 and place.known:
                left = expected(batch, progress, place.workers)
                if left is not None:
                    print(say("batch.expected", lang, **left), file=sys.stderr, flush=True)
            last = progress
            shown.at(progress.done + progress.failed)

        try:
            return batch.run(place.executor, place.workers, limit, told)
        except KeyboardInterrupt:
            raise KeyboardInterrupt(say("batch.stopped", lang, done=last.done + last.failed, wanted=last.wanted)) from None


def foretell(batch: "Batch", folder: Path, place: "Where", given: argparse.Namespace, lang: str) -> int:
    """Say what the batch would take; returns 0."""
    from experiments.running.pilot import estimate
    from results.store.plain import as_json

    found = estimate(batch)
    tally = batch.tally()
    new = len(batch.new)
    told = {"experiment": batch.design.said.name, "folder": str(folder), "runs": tally.runs, "new": new}
    took = {"seconds_a_run": round(found.seconds, 3), "core_seconds": round(found.seconds * new, 1), "bytes": found.size * new}
    if given.json:
        sys.stdout.write(as_json({**told, **took, "workers": place.workers if place.known else None}))
    else:
        print_estimate(batch, found, place.workers if place.known else None, lang)
    return 0


def print_estimate(batch: "Batch", found: "Estimate", workers: int | None, lang: str) -> None:
    """Print what the batch would take; of a cluster nobody knows how many workers it will have."""
    design, new = batch.design, len(batch.new)
    counts = {
        "scenarios": len(design.bases),
        "points": design.number_of_points,
        "draws": len(design.drawn),
        "seeds": len(design.said.seeds),
    }
    print(say("batch.dry", lang, name=design.said.name, runs=batch.tally().runs, new=new, **counts))
    took = {"each": f"{found.seconds:.2f}", "core": f"{found.seconds * new:,.0f}", "megabytes": f"{found.size * new / 1e6:,.1f}"}
    if workers is None:
        print(say("batch.dry_takes_elsewhere", lang, **took))
    else:
        print(say("batch.dry_takes", lang, workers=workers, wall=f"{found.wall(new, workers):,.0f}", **took))


def report(batch: "Batch", tally: "Tally", folder: Path, given: argparse.Namespace, lang: str) -> None:
    """Print what came of the batch."""
    from results.store.plain import as_json

    counts = {"runs": tally.runs, "done": tally.done, "skipped": tally.skipped, "failed": tally.failed, "seconds": tally.seconds}
    if given.json:
        sys.stdout.write(as_json({"experiment": batch.design.said.name, "folder": str(folder), **counts}))
        return
    print(say("batch.ended", lang, **{**counts, "seconds": f"{tally.seconds:,.1f}"}))
    if tally.failed:
        print(say("batch.failed", lang, failed=tally.failed))
    for key in tally.unlike:
        print(say("batch.unlike", lang, key=key[:12]))
    print(say("batch.folder" if batch.shard == (1, 1) else "batch.shard_done", lang, folder=folder))


COMMAND = Command("batch", "cli.batch", "cli.batch.examples", options, act)
