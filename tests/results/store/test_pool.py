"""The pool of runs: each whole or not at all, whoever writes, and whatever else lies in the folder is told in words."""

import os
from pathlib import Path

import pyarrow as pa
import pytest

from results.store import pool as pools
from results.store.pool import DONE, FAILED, Journal, Kept, Pool, packed, unpacked
from sim.language.messages import UserError


def run(key: str, status: str = DONE, **tables: bytes) -> Kept:
    return Kept(key, status, {"visits": 3, "share": 0.1, "nothing": None}, "" if status == DONE else "why", 0.5, "me", tables)


def written(folder: Path, *runs: Kept) -> Path:
    with Journal(folder) as journal:
        for one in runs:
            journal.add(one)
    return journal.path


def test_a_run_reads_back_as_it_was_written(tmp_path: Path) -> None:
    written(tmp_path, run("a", daily=b"table"), run("b", FAILED))
    pool = Pool(tmp_path)
    assert (len(pool), pool.cut_off) == (2, 0)
    assert pool.read("a") == run("a", daily=b"table")
    assert pool.read("b") == run("b", FAILED)
    assert isinstance(pool.read("a").measures["visits"], int)


def test_who_does_nothing_leaves_nothing(tmp_path: Path) -> None:
    written(tmp_path / "none")
    assert not (tmp_path / "none").exists()
    assert len(Pool(tmp_path / "none")) == 0


def test_a_run_exists_with_the_tables_wanted_only(tmp_path: Path) -> None:
    written(tmp_path, run("a", daily=b"1"), run("b", FAILED))
    pool = Pool(tmp_path)
    assert pool.holds("a")
    assert pool.holds("a", ["daily"])
    assert not pool.holds("a", ["daily", "flows"])
    assert pool.holds("b", ["daily"])  # done again on request only
    assert not pool.holds("c")


def test_of_a_run_done_again_the_better_counts(tmp_path: Path) -> None:
    written(tmp_path, run("a", FAILED), run("b", daily=b"1", flows=b"2"))
    pool = Pool(tmp_path)
    written(tmp_path, run("a"), run("b", daily=b"1"))
    written(tmp_path, run("a", FAILED))
    pool.refresh()
    assert pool.status("a") == DONE
    assert set(pool.read("b").tables) == {"daily", "flows"}
    assert len(pool) == 2


def test_every_cut_leaves_the_runs_before_it(tmp_path: Path) -> None:
    path = written(tmp_path, run("a"), run("b", daily=b"x" * 500), run("c"))
    whole = path.read_bytes()
    ends = [len(written(tmp_path / str(many), *[run("a"), run("b", daily=b"x" * 500), run("c")][:many]).read_bytes()) for many in (1, 2, 3)]
    for size in range(0, len(whole), 7):
        path.write_bytes(whole[:size])
        pool = Pool(tmp_path)
        assert len(pool) == sum(end <= size for end in ends)
        assert pool.cut_off == (size > 0 and size not in ends and size != pools.HEAD)


def test_what_is_written_on_is_taken_in_from_where_it_was(tmp_path: Path) -> None:
    pool = Pool(tmp_path)
    with Journal(tmp_path) as journal:
        for number in range(5):
            journal.add(run(str(number)))
            pool.refresh()
            assert len(pool) == number + 1


def test_a_full_disk_leaves_what_was_there(tmp_path: Path) -> None:
    with Journal(tmp_path) as journal:
        journal.add(run("a"))
        there = journal.path.read_bytes()
        full = _Full(journal._file)
        journal._file = full
        with pytest.raises(OSError, match="No space left"):
            journal.add(run("b", daily=b"x" * 10_000))
        journal._file = full.file
        assert journal.path.read_bytes() == there
        journal.add(run("c"))
    assert {key for key in "abc" if Pool(tmp_path).holds(key)} == {"a", "c"}


class _Full:
    """A file on a disk that takes a hundred bytes more."""

    def __init__(self, file: object) -> None:
        self.file, self.room = file, 100

    def write(self, content: memoryview) -> int:
        if self.room == 0:
            raise OSError(28, "No space left on device")
        self.room = 0
        return int(self.file.write(content[:100]))  # type: ignore[attr-defined]

    def __getattr__(self, name: str) -> object:
        return getattr(self.file, name)


def test_another_version_and_what_is_no_journal_are_refused_in_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pools, "SCHEMA", pools.SCHEMA.with_metadata({pools.MARK: b"2"}))
    path = written(tmp_path, run("a"))
    monkeypatch.undo()
    with pytest.raises(UserError, match=r"journal of a pool is of version 2; version 1 is read here"):
        Pool(tmp_path)
    path.write_bytes(os.urandom(5_000))
    with pytest.raises(UserError, match="no journal of a pool"):
        Pool(tmp_path)
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_stream(file, pa.schema({"x": pa.int64()})) as stream:
        stream.write_batch(pa.record_batch({"x": [1]}))
    with pytest.raises(UserError, match="no journal of a pool"):
        Pool(tmp_path)


def test_a_table_is_packed_to_the_same_bytes_and_read_back() -> None:
    table = pa.table({"a": [1, 2], "b": ["x", None]})
    assert packed(table) == packed(table)
    assert unpacked(packed(table)).equals(table)
