"""Write a run folder whole or not at all.

Everything is written into a staging folder beside the final place and renamed at the end, so a run that is stopped or killed leaves
no half-written folder. Staging folders of processes that no longer live are swept when the next run stages its own.
"""

import os
import re
import secrets
import shutil
import socket
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import count
from pathlib import Path
from types import TracebackType
from typing import NoReturn, Self

import pyarrow as pa
import pyarrow.parquet as pq

from results.store.plain import as_json
from sim.language.messages import refuse

PREFIX = ".tiercare"
"""Staging folders are named PREFIX.process.computer.luck."""


def _refuse(key: str, folder: Path, **values: object) -> NoReturn:
    """Tell the user why a folder cannot be the run folder."""
    raise refuse(key, "--out", folder=str(folder), **values)


def default_folders(scenario: str, seed: int, inputs: str) -> Iterator[Path]:
    """Name folders `<scenario>-s<seed>-<first 8 of the hash of inputs>`, then the same with -2, -3 ... for further runs of the same."""
    name = re.sub(r"[^\w.-]+", "-", scenario).strip("-.") or "run"
    stem = f"{name}-s{seed}-{inputs[:8]}"
    yield runs() / stem
    for again in count(2):
        yield runs() / f"{stem}-{again}"


def runs() -> Path:
    """Say where runs land when no folder is named: results/runs of this checkout, or of the working folder once installed elsewhere."""
    root = Path(__file__).parents[2]
    return (root if (root / "pyproject.toml").exists() else Path.cwd()) / "results" / "runs"


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
        self.staging = _ancestor(self.folder) / ".".join((PREFIX, str(os.getpid()), socket.gethostname(), secrets.token_hex(4)))

    def __enter__(self) -> Self:
        """Prove that the place can be written, and leave nothing there yet."""
        sweep(self.staging.parent)
        try:
            self.staging.mkdir()
            self.staging.rmdir()
        except OSError as error:
            _refuse("store.not_writable", self.folder, reason=error.strerror or str(error))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        """Remove whatever was not finished."""
        shutil.rmtree(self.staging, ignore_errors=True)

    def write_text(self, name: str, text: str) -> None:
        """Write one file of text, UTF-8 with plain line ends."""
        self.staging.mkdir(exist_ok=True)
        (self.staging / name).write_text(text, encoding="utf-8", newline="\n")

    def write_json(self, name: str, content: Mapping[str, object]) -> None:
        """Write one file of JSON."""
        self.write_text(name, as_json(content))

    def write_table(self, name: str, table: pa.Table) -> None:
        """Write one parquet file: the same bytes for the same table, without a clock."""
        self.staging.mkdir(exist_ok=True)
        pq.write_table(table, self.staging / name, compression="zstd", compression_level=3)

    def finish(self) -> Path:
        """Put the finished folder in its place, or the next where another run was faster, and say where that is."""
        if _trouble(self.folder) is not None:
            self.folder = self._free(self.folder)
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            self.staging.replace(self.folder)
        except OSError as error:
            _refuse("store.not_writable", self.folder, reason=error.strerror or str(error))
        return self.folder

    def _free(self, taken: Path | None) -> Path:
        """Take the next place that is free, or refuse for the reason the last one was not."""
        for place in self._places:
            taken = place.absolute()
            trouble = _trouble(taken)
            if trouble is None:
                return taken
            if trouble != "store.not_empty":
                _refuse(trouble, taken)
        _refuse("store.not_empty", taken or Path.cwd())


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
    """Remove staging folders that processes of this computer left behind when they were killed."""
    computer = socket.gethostname()
    for left in parent.glob(f"{PREFIX}.*.{computer}.*"):
        process = left.name.removeprefix(f"{PREFIX}.").split(".")[0]
        if process.isdigit() and not _lives(int(process)):
            with suppress(OSError):
                shutil.rmtree(left)


def _lives(process: int) -> bool:
    """Say whether a process of this computer still runs."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except (PermissionError, OverflowError):
        return True
    return True
