"""A run folder is written whole or not at all."""

import hashlib
import json
import math
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from results.store.folder import LOCK, PREFIX, RunFolder, default_folders
from results.store.plain import plain_measures
from sim.language.messages import UserError


def inside(folder: Path) -> list[str]:
    """Name what a folder holds."""
    return sorted(path.name for path in folder.iterdir())


def test_a_finished_folder_holds_what_was_written(tmp_path: Path) -> None:
    place = tmp_path / "above" / "run"
    with RunFolder([place]) as folder:
        folder.write_json("run.json", {"z": 1, "a": None})
        assert not place.exists()
        assert folder.finish() == place
    assert json.loads((place / "run.json").read_text(encoding="utf-8")) == {"z": 1, "a": None}
    assert inside(tmp_path) == ["above"]


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    with RunFolder([tmp_path]) as folder:
        folder.write_text("a", "b")
        folder.finish()
    assert inside(tmp_path) == ["a"]


@pytest.mark.parametrize("key", ["store.not_empty", "store.not_a_folder"])
def test_a_place_that_is_taken_is_refused_and_kept(tmp_path: Path, key: str) -> None:
    kept = tmp_path / "kept"
    kept.write_text("mine", encoding="utf-8")
    with pytest.raises(UserError) as error:
        RunFolder([tmp_path if key == "store.not_empty" else kept])
    assert error.value.faults[0].key == key
    assert kept.read_text(encoding="utf-8") == "mine"


def test_a_failure_while_writing_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt), RunFolder([tmp_path / "run"]) as folder:
        folder.write_text("half", "done")
        raise KeyboardInterrupt
    assert inside(tmp_path) == []


def test_runs_of_the_same_are_numbered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("results.store.folder.runs", lambda: tmp_path)
    names = []
    for _ in range(3):
        with RunFolder(default_folders("../odd name", 4, "0123456789")) as folder:
            folder.write_text("a", "b")
            names.append(folder.finish().name)
    assert names == ["odd-name-s4-01234567", "odd-name-s4-01234567-2", "odd-name-s4-01234567-3"]


def test_a_run_that_was_overtaken_takes_the_next_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("results.store.folder.runs", lambda: tmp_path)
    with RunFolder(default_folders("run", 1, "0" * 64)) as slow, RunFolder(default_folders("run", 1, "0" * 64)) as fast:
        for folder in (slow, fast):
            folder.write_text("a", "b")
        assert fast.finish().name == "run-s1-00000000"
        assert slow.finish().name == "run-s1-00000000-2"


def test_what_a_killed_run_left_is_swept_and_what_a_living_one_writes_is_not(tmp_path: Path) -> None:
    left = tmp_path / f"{PREFIX}.left"
    left.mkdir()
    (left / LOCK).touch()
    code = "import sys, pathlib; from results.store.folder import RunFolder; f = RunFolder([pathlib.Path(sys.argv[1])]); f.__enter__()"
    words = [sys.executable, "-c", f"{code}; print(1, flush=True); input()", str(tmp_path / "x")]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "1\n"
        (living,) = (path for path in tmp_path.iterdir())
        with RunFolder([tmp_path / "run"]) as ours:
            assert set(tmp_path.iterdir()) == {living, ours.staging}
        other.kill()
    with RunFolder([tmp_path / "run"]) as ours:
        assert set(tmp_path.iterdir()) == {ours.staging}


def test_the_staging_folder_is_made_once_and_for_this_user_alone(tmp_path: Path) -> None:
    with RunFolder([tmp_path / "run"]) as folder:
        assert folder.staging.stat().st_mode & 0o777 == 0o700
        shutil.rmtree(folder.staging)
        (tmp_path / "theirs").mkdir()
        folder.staging.symlink_to(tmp_path / "elsewhere")
        with pytest.raises(FileNotFoundError):
            folder.write_text("a", "b")
        assert not (tmp_path / "elsewhere").exists()
        folder.staging.unlink()
    assert inside(tmp_path) == ["theirs"]


def test_a_finished_folder_may_be_read_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "usual").mkdir()
    with RunFolder([tmp_path / "run"]) as folder:
        folder.write_text("a", "b")
        folder.finish()
    assert (tmp_path / "run").stat().st_mode == (tmp_path / "usual").stat().st_mode


@pytest.mark.parametrize("kind", ["link", "dangling", "here", "fixed"])
def test_a_place_that_exists_is_filled_and_a_link_is_followed(kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, link = tmp_path / "real", tmp_path / "link"
    if kind != "dangling":
        real.mkdir()
    link.symlink_to(real)
    monkeypatch.chdir(real if kind == "here" else tmp_path)
    place = {"link": link, "dangling": link, "here": Path(), "fixed": real}[kind]
    before = real.stat().st_ino if real.exists() else None
    with RunFolder([place]) as folder:
        folder.write_text("a", "b")
        folder.write_bytes("tables/c.csv", b"d")
        folder.finish()
    assert inside(real) == ["a", "tables"]
    assert link.is_symlink()
    assert before is None or real.stat().st_ino == before


def test_what_is_done_is_kept_where_its_place_fails(tmp_path: Path) -> None:
    place = tmp_path / "run"
    with pytest.raises(UserError) as error, RunFolder([place]) as folder:
        folder.write_text("a", "b")
        place.write_text("in the way", encoding="utf-8")
        folder.finish()
    assert error.value.faults[0].key == "store.kept"
    kept = Path(str(error.value.faults[0].values["kept"]))
    assert inside(kept) == ["a"]
    assert place.read_text(encoding="utf-8") == "in the way"


def test_a_long_name_of_a_scenario_is_cut() -> None:
    assert len(next(iter(default_folders("a" * 300, 1, "0" * 64))).name) < 120


def test_a_table_gives_the_same_bytes_every_time(tmp_path: Path) -> None:
    table = pa.table({"facility": pa.array(["a", "b", "a"]).dictionary_encode(), "visits": np.arange(3)})
    digests = set()
    for name in ("first", "second"):
        with RunFolder([tmp_path / name]) as folder:
            folder.write_table("daily.parquet", table)
            folder.finish()
        digests.add(hashlib.sha256((tmp_path / name / "daily.parquet").read_bytes()).hexdigest())
    assert len(digests) == 1


def test_measures_are_plain_sorted_and_never_nan() -> None:
    plain = plain_measures({"b": np.float64(0.5), "a": np.int64(3), "c": None})
    assert list(plain.items()) == [("a", 3), ("b", 0.5), ("c", None)]
    assert type(plain["a"]) is int
    with pytest.raises(ValueError, match="visits is nan"):
        plain_measures({"visits": math.nan})
