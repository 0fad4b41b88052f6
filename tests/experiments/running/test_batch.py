"""A batch does each run once, keeps each as soon as it is done, goes on where it was, and never loses or doubles one, whatever happens."""

import os
import random
import signal
import time
from concurrent.futures import Executor, Future
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from experiments.design.variants import design
from experiments.keeping.folder import gather
from experiments.running import batch as batches
from experiments.running import worker
from experiments.running.batch import Batch, Progress, Tally, key_of, shard_called
from experiments.running.one import observed
from experiments.running.pilot import estimate
from experiments.running.processes import Processes, TimedOutError, WorkerLostError
from experiments.running.worker import Job
from results.store.pool import FAILED, Journal, Pool
from sim.language.messages import UserError
from tests.experiments.inline import inline
from tests.experiments.running.killing import EXPERIMENT, killed

COVERAGE = "mechanisms.family_doctor.coverage"
TEXT = f"""name: tiny
scenarios: [lujiang-2020]
scale: 0.1 %
seeds: 3
levers:
  {COVERAGE}: [20 %, 60 %]
  period.days: [3]
  period.run_in_days: [0]
"""


def planned(folder: Path, text: str = TEXT, **asked: Any) -> Batch:
    file = folder / "tiny.yaml"
    file.write_text(text, encoding="utf-8")
    return Batch(design(file), Pool(folder / "pool"), **asked)


def did(folder: Path, text: str = TEXT, **asked: Any) -> Tally:
    return planned(folder, text, **asked).run(inline(), 1)


def counts(tally: Tally) -> tuple[int, int, int, int]:
    return tally.runs, tally.done, tally.skipped, tally.failed


def test_every_run_is_done_once_and_skipped_from_then_on(tmp_path: Path) -> None:
    assert counts(did(tmp_path)) == (6, 6, 0, 0)
    assert counts(did(tmp_path)) == (6, 0, 6, 0)
    assert counts(did(tmp_path, TEXT.replace("name: tiny", "name: other").replace("seeds: 3", "seeds: 4"))) == (8, 2, 6, 0)


def test_a_run_is_what_the_scenario_alone_would_be(tmp_path: Path) -> None:
    batch = planned(tmp_path)
    batch.run(inline(), 1)
    for row in batch.rows():
        plan = batch.design.scenario(batch.variants[row.variant])
        assert batch.pool.read(row.key).measures == observed(plan, row.seed, 0.001).measures


def test_runs_of_the_same_people_stand_together_and_rows_in_the_order_of_the_design(tmp_path: Path) -> None:
    batch = planned(tmp_path)
    assert [one.seed for one in batch.new] == [1, 1, 2, 2, 3, 3]
    assert [(one.variant, one.seed) for one in batch.rows()] == [(0, 1), (0, 2), (0, 3), (1, 1), (1, 2), (1, 3)]
    batch.run(inline(), 1)
    gather(batch, tmp_path / "folder")
    table = pq.read_table(tmp_path / "folder" / "runs.parquet")
    assert table.column(COVERAGE).to_pylist() == [0.2] * 3 + [0.6] * 3
    assert table.column("seed").to_pylist() == [1, 2, 3] * 2
    assert table.column("run").to_pylist() == [one.key for one in batch.rows()]


def test_runs_that_two_scenarios_share_are_done_once_and_stand_in_two_rows(tmp_path: Path) -> None:
    (tmp_path / "same.yaml").write_text("name: same\ntitle: {en: Same, zh: 同}\nextends: lujiang-2020\n", encoding="utf-8")
    text = TEXT.replace("[lujiang-2020]", "[lujiang-2020, same.yaml]").replace("seeds: 3", "seeds: 1")
    batch = planned(tmp_path, text)
    tally = batch.run(inline(), 1)
    assert tally.done == 2
    assert gather(batch, tmp_path / "folder") == 4


def test_a_kept_table_is_part_of_what_exists(tmp_path: Path) -> None:
    did(tmp_path)
    batch = planned(tmp_path, TEXT + "keep: [daily]\n")
    assert counts(batch.run(inline(), 1)) == (6, 6, 0, 0)
    gather(batch, tmp_path / "folder")
    daily = pq.read_table(tmp_path / "folder" / "daily.parquet")
    assert daily.num_rows == 6 * 3
    assert daily.column("run").unique().to_pylist() == [one.key for one in batch.rows()]
    assert counts(did(tmp_path)) == (6, 0, 6, 0)


def test_a_run_made_again_for_a_table_must_give_the_same_measures(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    did(tmp_path)
    true = worker.observed
    monkeypatch.setattr(worker, "observed", lambda *asked: _other(true(*asked)))
    tally = did(tmp_path, TEXT + "keep: [daily]\n")
    assert (tally.done, tally.failed, len(tally.unlike)) == (0, 6, 6)


def _other(found: Any) -> Any:
    return found._replace(measures={**found.measures, "visits": 0})


def test_another_fingerprint_makes_every_run_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    did(tmp_path)
    monkeypatch.setattr(batches, "fingerprint", lambda: "edited")
    monkeypatch.setattr(worker, "fingerprint", lambda: "edited")
    assert counts(did(tmp_path)) == (6, 6, 0, 0)
    assert key_of("x", 1, 0.1) != key_of("x", 2, 0.1) != key_of("x", 2, 0.2)


def test_a_worker_with_another_model_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "fingerprint", lambda: "another")
    with pytest.raises(UserError, match="another version of the model"):
        did(tmp_path)


def test_a_run_that_raises_is_a_row_and_done_again_on_request(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(plan: Any, seed: int, *_: object) -> Any:
        raise ZeroDivisionError(f"seed {seed}")

    monkeypatch.setattr(worker, "observed", broken)
    assert counts(did(tmp_path)) == (6, 0, 0, 6)
    monkeypatch.undo()
    batch = planned(tmp_path)
    assert counts(batch.run(inline(), 1)) == (6, 0, 0, 6)
    gather(batch, tmp_path / "folder")
    table = pq.read_table(tmp_path / "folder" / "runs.parquet")
    assert set(table.column("status").to_pylist()) == {FAILED}
    first = table.column("error")[0].as_py()
    assert first.startswith("ZeroDivisionError: seed 1 [")
    assert "test_batch.py" in first
    assert str(Path.cwd()) not in first
    assert counts(did(tmp_path, retry=True)) == (6, 6, 0, 0)


def test_a_run_that_takes_too_long_is_a_row(tmp_path: Path) -> None:
    batch = planned(tmp_path, TEXT.replace("seeds: 3", "seeds: 1"))
    assert batch.run(inline(), 1, limit=1e-9).failed == 2
    assert "not done within 1e-09 s" in batch.pool.read(batch.new[0].key).error


def test_shards_share_the_runs_and_the_pool(tmp_path: Path) -> None:
    parts = [did(tmp_path, shard=(part, 4)) for part in (1, 2, 3, 4)]
    assert [tally.runs for tally in parts] == [2, 2, 1, 1]
    assert sum(tally.done for tally in parts) == 6
    assert counts(did(tmp_path)) == (6, 0, 6, 0)
    assert len(list((tmp_path / "pool").iterdir())) == 4


@pytest.mark.parametrize("word", ["0/4", "5/4", "1", "a/b", "1/0", ""])
def test_a_shard_that_is_none_is_refused(word: str) -> None:
    with pytest.raises(UserError, match="is no part of the runs"):
        shard_called(word)
    assert shard_called("2/4") == (2, 4)


def test_what_another_batch_has_done_meanwhile_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "LOOK_AGAIN", 0.0)
    slow, fast = planned(tmp_path), planned(tmp_path)
    fast.run(inline(), 1)
    assert counts(slow.run(inline(), 1)) == (6, 0, 6, 0)


def test_a_disk_that_is_full_is_told_and_what_was_done_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true, written = Journal.add, []

    def full(journal: Journal, run: Any) -> None:
        if len(written) == 3:
            raise OSError(28, "No space left on device")
        written.append(run)
        true(journal, run)

    monkeypatch.setattr(Journal, "add", full)
    with pytest.raises(UserError, match=r"cannot be kept \(No space left on device\); what was done before is kept"):
        did(tmp_path)
    monkeypatch.undo()
    assert counts(did(tmp_path)) == (6, 3, 3, 0)


class AtOnce(Executor):
    """Does what it is given before it answers, and hands over whatever came of it."""

    def submit(self, fn: Any, /, *args: Any, **kwargs: Any) -> Future[Any]:
        future: Future[Any] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except BaseException as error:
            future.set_exception(error)
        return future


def test_what_is_done_when_something_stops_the_batch_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true, stopped = worker.observed, []

    def stop_first(*asked: Any) -> Any:
        if not stopped:
            stopped.append(True)
            raise KeyboardInterrupt
        return true(*asked)

    monkeypatch.setattr(worker, "observed", stop_first)
    monkeypatch.setattr(batches, "AHEAD", 6)
    monkeypatch.setattr(batches, "wait", lambda out, return_when: (sorted(out, key=lambda one: one.exception() is None), ()))
    with pytest.raises(KeyboardInterrupt):
        planned(tmp_path).run(AtOnce(), 1)
    assert counts(did(tmp_path)) == (6, 1, 5, 0)


def test_the_estimate_does_one_run_as_a_pilot_and_keeps_it(tmp_path: Path) -> None:
    batch = planned(tmp_path)
    found = estimate(batch)
    assert found.seconds > 0
    assert len(batch.new) == 5
    there = sum(path.stat().st_size for path in (tmp_path / "pool").iterdir())
    assert found.size == pytest.approx(there, rel=0.5)
    assert counts(did(tmp_path)) == (6, 5, 1, 0)


def test_progress_counts_up_to_all(tmp_path: Path) -> None:
    told: list[Progress] = []
    planned(tmp_path).run(inline(), 1, None, told.append)
    assert [one.done for one in told][-1] == 6
    assert all(one.wanted == 6 for one in told)


# processes


def ended(number: int) -> int:
    """End this process, unless it is asked kindly."""
    if number < 0:
        os.kill(os.getpid(), signal.SIGKILL)
    time.sleep(30 if number > 100 else 0)
    return number


def test_a_process_that_dies_costs_its_own_task_only() -> None:
    with Processes(2) as pool:
        futures = [pool.submit(ended, number) for number in (1, -1, 2, 3, -2, 4)]
        found = [future.exception() or future.result() for future in futures]
    assert [one for one in found if isinstance(one, int)] == [1, 2, 3, 4]
    assert all(isinstance(found[row], WorkerLostError) for row in (1, 4))


def test_a_task_that_hangs_is_ended_and_the_others_go_on() -> None:
    with Processes(1, limit=0.5) as pool:
        futures = [pool.submit(ended, number) for number in (1, 999, 2)]
        assert futures[2].result() == 2
    assert isinstance(futures[1].exception(), TimedOutError)


def test_leaving_in_a_hurry_ends_the_processes() -> None:
    began = time.monotonic()
    with pytest.raises(KeyboardInterrupt), Processes(2) as pool:
        futures = [pool.submit(ended, 999) for _ in range(4)]
        time.sleep(0.3)
        raise KeyboardInterrupt
    assert time.monotonic() - began < 10
    assert all(future.done() for future in futures)


def lost(job: Job) -> Any:
    """Lose the process of one run."""
    os.kill(os.getpid(), signal.SIGKILL)


def test_a_run_whose_process_dies_each_time_is_a_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "run", lost)
    batch = planned(tmp_path, TEXT.replace("seeds: 3", "seeds: 1"))
    tally = batch.run(Processes(2), 2)
    assert (tally.done, tally.failed) == (0, 2)
    assert "time after time; is there too little memory?" in batch.pool.read(batch.new[0].key).error


@pytest.mark.slow
def test_killed_again_and_again_it_ends_as_if_nothing_had_happened(tmp_path: Path) -> None:
    told = killed(tmp_path, 6, EXPERIMENT.format(scale="0.5 %", seeds=20, days=60, run_in=5), random.Random(3))
    assert told.drivers + told.workers == 6
    assert told[2:] == (80, True, True)
