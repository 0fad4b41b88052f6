"""A batch: do the runs of an experiment that are not in the pool yet, on whatever executor, and keep each as soon as it is done."""

import pickle
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256
from time import monotonic
from typing import NamedTuple

from experiments.design.variants import Design, Variant
from experiments.running.executors import is_lost
from experiments.running.processes import TimedOutError
from experiments.running.worker import Job, OtherModelError, run
from results.store.fingerprint import fingerprint
from results.store.pool import DONE, FAILED, Journal, Kept, Pool, made_by
from sim.language.messages import refuse

LOST_MOST, NOT_BEGUN_MOST = 5, 20
"""Times a run may lose its process before it counts as failed: once it has begun, and before."""
AHEAD = 2
"""Runs handed out for each worker: one that runs and one that waits, so that nobody is ever idle."""
LOOK_AGAIN = 1.0
"""Seconds between looks at what other batches have put into the pool."""


class Planned(NamedTuple):
    """One run that an experiment wants."""

    row: int
    """Its row in the table of runs."""
    variant: int
    seed: int
    key: str


class Plan(NamedTuple):
    """Which variants run with which seeds."""

    variants: Sequence[Variant]
    pairs: Sequence[tuple[int, int]]
    """(variant, seed) of each row."""


def planned_by(design: Design) -> Plan:
    """Let every variant of a design run with every seed."""
    variants = list(design.variants())
    return Plan(variants, [(row, seed) for row in range(len(variants)) for seed in design.said.seeds])


class Progress(NamedTuple):
    """How far a batch is."""

    done: int
    failed: int
    wanted: int
    """Runs to be done now."""
    seconds: float = 0.0
    """What the last run took."""


@dataclass
class Tally:
    """What came of a batch."""

    runs: int = 0
    """Rows of the experiment (of this shard)."""
    done: int = 0
    """Done now."""
    skipped: int = 0
    """There already."""
    failed: int = 0
    """Failed, now or before."""
    seconds: float = 0.0
    unlike: list[str] = field(default_factory=list)
    """Keys of runs that were made again for a table and gave other measures."""


def key_of(digest: str, seed: int, scale: float) -> str:
    """Give the key of a run: a hash of scenario and data, of all code and versions that decide a result, of seed and scale."""
    return sha256(f"{digest} {fingerprint()} seed={seed} scale={scale!r}".encode()).hexdigest()[:40]


class Batch:
    """The runs of one experiment beside a pool."""

    def __init__(self, design: Design, pool: Pool, shard: tuple[int, int] = (1, 1), retry: bool = False, plan: Plan | None = None) -> None:
        """Find out which runs there are already; what is new is checked, and refused with all faults.

        shard : part I of N of the runs
        retry : do again what has failed
        plan  : which variant runs with which seed; None: every variant of the design with every seed
        """
        self.design, self.pool, self.shard, self.retry = design, pool, shard, retry
        self.variants, self._pairs = plan if plan is not None else planned_by(design)
        self._digests = [design.digest(variant) for variant in self.variants]
        self.new = [planned for planned in self._in_turn() if self.is_new(planned.key)]
        new = dict.fromkeys(planned.variant for planned in self.new)
        design.checked(self.variants[row] for row in new)

    def rows(self) -> Iterator[Planned]:
        """Give the runs wanted in the order of the rows."""
        for row, (variant, seed) in enumerate(self._pairs):
            yield Planned(row, variant, seed, key_of(self._digests[variant], seed, self.design.said.scale))

    def _in_turn(self) -> Iterator[Planned]:
        """Give the runs of this shard in the order in which they are done: by seed, so that runs of the same people stand together."""
        part, parts = self.shard
        seen: set[str] = set()
        turn = {seed: place for place, seed in enumerate(dict.fromkeys(seed for _, seed in self._pairs))}
        for planned in sorted(self.rows(), key=lambda planned: (turn[planned.seed], planned.row)):
            if planned.row % parts == part - 1 and planned.key not in seen:
                seen.add(planned.key)
                yield planned

    def is_new(self, key: str) -> bool:
        """Say whether a run is still to be done."""
        if self.retry and self.pool.status(key) == FAILED:
            return True
        return not self.pool.holds(key, self.design.said.keep)

    def job(self, planned: Planned, limit: float | None) -> Job:
        """Write down one run for whoever does it."""
        variant = self.variants[planned.variant]
        said = self.design.said
        return Job(
            planned.key, self._bases[variant.scenario], self._digests[planned.variant], variant.settings, planned.seed, said.scale,
            said.keep, fingerprint(), made_by(), limit,
        )  # fmt: skip

    @cached_property
    def _bases(self) -> dict[str, bytes]:
        """The scenarios variants begin with, pickled: name -> bytes."""
        return {name: pickle.dumps(base) for name, base in self.design.bases.items()}

    def tally(self) -> Tally:
        """Count what there is before anything is done."""
        part, parts = self.shard
        keys = [planned.key for planned in self.rows() if planned.row % parts == part - 1]
        new = {planned.key for planned in self.new}
        return Tally(len(keys), skipped=sum(key not in new and self.pool.status(key) == DONE for key in keys))

    def run(
        self,
        executor: AbstractContextManager[Executor],
        workers: int,
        limit: float | None = None,
        told: Callable[[Progress], object] = lambda progress: None,
    ) -> Tally:
        """Do what is new; whatever is done when this ends for any reason is kept.

        executor : entered here, so that it is let go whatever happens
        workers  : how many runs it does at a time
        raises   : UserError where the pool cannot be written, or where workers hold another model
        """
        tally, began = self.tally(), monotonic()
        with Journal(self.pool.folder) as journal:
            if self.new:
                with executor as doing:
                    _Driver(self, doing, workers, limit, journal, tally, told).drive()
        self.pool.refresh()
        keys = [planned.key for planned in self._in_turn()]
        tally.failed = sum(self.pool.status(key) == FAILED for key in keys) + len(tally.unlike)
        tally.seconds = round(monotonic() - began, 3)
        return tally


@dataclass
class _Driver:
    """Hands out runs, keeps what comes back, and hands out again what was lost."""

    batch: Batch
    executor: Executor
    workers: int
    limit: float | None
    journal: Journal
    tally: Tally
    told: Callable[[Progress], object]
    lost: dict[str, list[int]] = field(default_factory=dict)
    """Key -> times its process was lost before it had begun, and after."""
    out: dict[Future[Kept], Planned] = field(default_factory=dict)
    failed: int = 0
    looked: float = field(default_factory=monotonic)
    took: float = 0.0
    elsewhere: int = 0
    """Runs that another batch has done meanwhile."""

    def drive(self) -> None:
        """Do all that is new; what is done when something stops it is kept."""
        coming = iter(self.batch.new)
        try:
            self._hand_out(coming, 1 if self.workers > 1 else AHEAD)  # the pilot: alone, so that what it takes is what a run takes
            while self.out:
                ended, _ = wait(self.out, return_when=FIRST_COMPLETED)
                for future in ended:
                    self._take(future, self.out.pop(future))
                self.told(Progress(self.tally.done, self.failed, len(self.batch.new) - self.elsewhere, self.took))
                self._hand_out(coming, AHEAD * self.workers)
        finally:
            for future, planned in self.out.items():
                if future.done() and not future.cancelled() and future.exception() is None:
                    self._keep(future.result(), planned)

    def _hand_out(self, coming: Iterator[Planned], at_a_time: int) -> None:
        """Hand out runs up to so many at a time; those another batch has done meanwhile are left out."""
        if monotonic() - self.looked > LOOK_AGAIN:
            self.batch.pool.refresh()
            self.looked = monotonic()
        while len(self.out) < at_a_time and (planned := next(coming, None)) is not None:
            if self.batch.is_new(planned.key):
                self._submit(planned)
            else:
                self.elsewhere += 1
                self.tally.skipped += 1

    def _submit(self, planned: Planned) -> None:
        self.out[self.executor.submit(run, self.batch.job(planned, self.limit))] = planned

    def _take(self, future: Future[Kept], planned: Planned) -> None:
        """Keep what came of one run."""
        try:
            found = future.result()
        except TimedOutError as error:
            found = self._failure(planned, str(error))
        except OtherModelError as error:
            raise refuse("batch.other_model", "", reason=str(error)) from None
        except Exception as error:
            if not is_lost(error):
                raise
            if self._lost_too_often(planned, begun=getattr(error, "begun", True)):
                found = self._failure(planned, f"{error}, time after time; is there too little memory?")
            else:
                self._submit(planned)
                return
        self._keep(found, planned)

    def _lost_too_often(self, planned: Planned, begun: bool) -> bool:
        """Count that a run has lost its process, and say whether that was once too often."""
        lost = self.lost.setdefault(planned.key, [0, 0])
        lost[begun] += 1
        return lost[True] >= LOST_MOST or lost[False] >= NOT_BEGUN_MOST

    def _failure(self, planned: Planned, why: str) -> Kept:
        """Make the row of a run that told nothing itself."""
        return Kept(planned.key, FAILED, {}, why, 0.0, made_by(), {})

    def _keep(self, found: Kept, planned: Planned) -> None:
        """Write a run into the journal; one made again for a table must give the same measures."""
        pool = self.batch.pool
        if found.status == DONE and pool.status(planned.key) == DONE and pool.read(planned.key).measures != found.measures:
            self.tally.unlike.append(planned.key)
            return
        try:
            self.journal.add(found)
        except OSError as error:
            raise refuse("batch.not_written", str(pool.folder), reason=error.strerror or str(error)) from None
        self.took = found.seconds
        if found.status == DONE:
            self.tally.done += 1
        else:
            self.failed += 1


def shard_called(text: str | None) -> tuple[int, int]:
    """Read 'I/N'; raises UserError."""
    if text is None:
        return 1, 1
    part, _, parts = text.partition("/")
    if not (part.isdigit() and parts.isdigit() and 1 <= int(part) <= int(parts) <= 100_000):
        raise refuse("batch.shard", "--shard", value=text)
    return int(part), int(parts)
