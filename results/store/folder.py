"""Write a run folder whole or not at all.

Everything is written into a staging folder that nobody else can enter, made once before the run and kept until its end. A new run folder is
the staging folder renamed; a folder that was there and empty is filled, file by file. So a run that is stopped leaves no half-written
folder, and one that is done is never thrown away: where its place fails at the end, it stays in the staging folder, and that is told.
Staging folders whose lock nobody holds were left by runs that were killed, and are swept when the next run stages its own.
"""

import os
import re
import secrets
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import IO, NoReturn, Self

import pyarrow as pa
import pyarrow.parquet as pq

from results.store.plain import as_json
from sim.language.messages import UserError, refuse

PREFIX = ".tiercare"
"""Staging folders are named PREFIX.luck."""
LOCK = ".lock"
"""The file in a staging folder that a living run holds."""
LONGEST = 80
"""Letters of a scenario's name in the name of a folder."""


def _refuse(key: str, folder: Path, **values: object) -> NoReturn:
    """Tell the user why a folder cannot be the run folder."""
    raise refuse(key, "--out", folder=str(folder), **values)


def default_folders(scenario: str, seed: int, inputs: str) -> Iterator[Path]:
    """Name folders `<scenario>-s<seed>-<first 8 of the hash of inputs>`, then the same with -2, -3 ... for further runs of the same."""
    name = re.sub(r"[^\w.-]+", "-", scenario)[:LONGEST].strip("-.") or "run"
    stem = f"{name}-s{seed}-{inputs[:8]}"
    yield runs() / stem
    for again in count(2):
        yield runs() / f"{stem}-{again}"


def runs() -> Path:
    """Say where runs land when no folder is named."""
    return beside_runs("runs")


def beside_runs(kind: str) -> Path:
    """Say where results of a kind land when no folder is named: results/KIND of this checkout, or of the working folder once installed
    elsewhere."""
    root = Path(__file__).parents[2]
    ours = (root / "pyproject.toml").exists() and os.access(root, os.W_OK)
    return (root if ours else Path.cwd()) / "results" / kind


class RunFolder:
    """A run folder in the making; entered before a run, so that a place that cannot be written is refused before the work is done.

    >>> with RunFolder([Path("my-run")]) as folder:
    ...     folder.write_text("scenario.yaml", text)
    ...     folder.finish()

    places : where it may go; the next is taken where one already holds something
    raises : UserError where no place is free, one is no folder, or cannot be made
    """

    def __init__(self, places: Iterable[Path]) -> None:
        """Find the first free place; nothing is written yet."""
        self._places = iter(places)
        self.folder = self._free(None)
        self._fills = self.folder.is_dir()
        """Whether the folder is there already and is filled."""
        self.staging = (self.folder if self._fills else _ancestor(self.folder)) / f"{PREFIX}.{secrets.token_hex(8)}"
        self._lock: IO[bytes] | None = None
        self._kept = False

    def __enter__(self) -> Self:
        """Make the staging folder, which only this user may enter."""
        sweep(self.staging.parent)
        try:
            self.staging.mkdir(mode=0o700)
            self._lock = _locked(self.staging / LOCK)
        except OSError as error:
            _refuse("store.not_writable", self.folder, reason=error.strerror or str(error))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Remove whatever was not finished."""
        self._unlock()
        if not self._kept:
            shutil.rmtree(self.staging, ignore_errors=True)

    def write_text(self, name: str, text: str) -> None:
        """Write one file of text, UTF-8 with plain line ends."""
        (self.staging / name).write_text(text, encoding="utf-8", newline="\n")

    def write_bytes(self, name: str, content: bytes) -> None:
        """Write one file as it is."""
        (self.staging / name).parent.mkdir(exist_ok=True)
        (self.staging / name).write_bytes(content)

    def write_json(self, name: str, content: Mapping[str, object]) -> None:
        """Write one file of JSON."""
        self.write_text(name, as_json(content))

    def write_table(self, name: str, table: pa.Table) -> None:
        """Write one parquet file: the same bytes for the same table, without a clock."""
        pq.write_table(table, self.staging / name, compression="zstd", compression_level=3)

    def finish(self) -> Path:
        """Put what is finished in its place, or the next where another run was faster, and say where that is.

        Raises UserError where the place has failed; what was written then stays where it is, and the message says where.
        """
        self._kept = True
        try:
            self._unlock()
            if self._fills:
                self._move_in()
            else:
                if _trouble(self.folder) is not None:
                    self.folder = self._free(self.folder)
                self.folder.parent.mkdir(parents=True, exist_ok=True)
                self.staging.chmod(0o777 & ~_umask())
                self.staging.replace(self.folder)
        except OSError as error:
            _refuse("store.kept", self.folder, reason=error.strerror or str(error), kept=str(self.staging))
        except UserError as error:
            _refuse("store.kept", self.folder, reason=error.faults[0].text(), kept=str(self.staging))
        return self.folder

    def _move_in(self) -> None:
        """Move every file into the folder that was there, and go."""
        others = [path.name for path in self.folder.iterdir() if path != self.staging]
        if others:
            _refuse("store.kept", self.folder, reason=", ".join(sorted(others)[:3]), kept=str(self.staging))
        for file in sorted(self.staging.iterdir()):
            file.replace(self.folder / file.name)
        self.staging.rmdir()

    def _unlock(self) -> None:
        """Let the lock go, and leave no trace of it."""
        if self._lock is not None:
            self._lock.close()
            self._lock = None
            with suppress(OSError):
                (self.staging / LOCK).unlink()

    def _free(self, taken: Path | None) -> Path:
        """Take the next place that is free, or refuse for the reason the last one was not."""
        for place in self._places:
            taken = Path(os.path.realpath(place))
            if taken.is_dir():
                sweep(taken)
            trouble = _trouble(taken)
            if trouble is None:
                return taken
            if trouble != "store.not_empty":
                _refuse(trouble, taken)
        _refuse("store.not_empty", taken or Path.cwd())


def _umask() -> int:
    """Ask for the mask under which this user makes files."""
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _trouble(folder: Path) -> str | None:
    """Say why a folder cannot be taken, as the key of a message; None where it is absent or empty."""
    try:
        if not folder.exists():
            return None
        if not folder.is_dir():
            return "store.not_a_folder"
        return "store.not_empty" if any(folder.iterdir()) else None
    except OSError as error:
        _refuse("store.not_writable", folder, reason=error.strerror or str(error))


def _ancestor(folder: Path) -> Path:
    """Find the nearest folder above that exists: what is staged there can be renamed into place."""
    above = folder.parent
    while not above.exists():
        above = above.parent
    if not above.is_dir():
        _refuse("store.not_a_folder", above)
    return above


def sweep(parent: Path) -> None:
    """Remove staging folders of this user that runs left behind when they were killed."""
    for left in parent.glob(f"{PREFIX}.*"):
        with suppress(OSError):
            if not left.is_symlink() and _is_ours(left) and (left / LOCK).exists():
                _locked(left / LOCK).close()  # nobody holds it
                shutil.rmtree(left)


def _is_ours(folder: Path) -> bool:
    """Say whether a folder belongs to this user; yes where systems know no owners."""
    return not hasattr(os, "getuid") or folder.lstat().st_uid == os.getuid()


def _locked(file: Path) -> IO[bytes]:
    """Hold a lock on a file for as long as it is open; raises OSError where another process holds it."""
    held = file.open("ab")
    try:
        import fcntl
    except ImportError:
        return _locked_on_windows(held)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        held.close()
        raise
    return held


def _locked_on_windows(held: IO[bytes]) -> IO[bytes]:
    """Hold a lock where the system has no `flock`."""
    import msvcrt

    try:
        msvcrt.locking(held.fileno(), msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
    except OSError:
        held.close()
        raise
    return held
