"""The pool of runs: every run by its key, whichever experiment asked for it, so that none is done twice.

A pool is a folder of journals. Whoever does runs writes one journal, a run at a time, and nobody else writes in it; so batches may share a
pool, a job on a cluster leaves one file, and a run is there whole or not at all: what was cut off when a writer was killed is not
counted, and is done again. A journal is a stream of Arrow record batches of one row each (`SCHEMA`), which any reader of Arrow opens.
"""

import json
import secrets
from collections.abc import Collection, Mapping
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Any, NamedTuple, Self

import pyarrow as pa
import pyarrow.parquet as pq

from results.measuring.definitions import Value
from results.store.fingerprint import fingerprint
from sim.language.messages import refuse

VERSION = b"1"
MARK = b"tiercare_pool"
"""Name of the version in the head of a journal."""
SCHEMA = pa.schema(
    {
        "key": pa.string(),
        "status": pa.string(),
        "measures": pa.string(),
        "error": pa.string(),
        "seconds": pa.float64(),
        "made_by": pa.string(),
        "kept": pa.list_(pa.string()),
        "tables": pa.list_(pa.binary()),
    },
    {MARK: VERSION},
)
DONE, FAILED = "done", "failed"


def made_by() -> str:
    """Name the version and the fingerprint of this model, as rows tell it."""
    return f"tiercare {version('tiercare')} {fingerprint()[:12]}"


class Kept(NamedTuple):
    """One run as it is kept."""

    key: str
    status: str
    """done or failed."""
    measures: Mapping[str, Value]
    error: str
    seconds: float
    """What the run took."""
    made_by: str
    """Version and fingerprint of the model that did it."""
    tables: Mapping[str, bytes]
    """Name -> the table as a Parquet file."""


class Spot(NamedTuple):
    """Where a run stands in a pool."""

    journal: int
    offset: int
    status: str
    tables: frozenset[str]


class Pool:
    """A folder of journals, indexed by key: of a run that was done more than once, the one with the most tables counts."""

    def __init__(self, folder: Path) -> None:
        """Index what there is; raises UserError where a journal is of another version or none at all."""
        self.folder = folder
        self._journals: list[Path] = []
        self._read_to: list[int] = []
        self._spots: dict[str, Spot] = {}
        self.cut_off = 0
        """Journals that end in the midst of a run."""
        self.refresh()

    def refresh(self) -> None:
        """Take in what was written since; raises UserError."""
        known = set(self._journals)
        for path in sorted(self.folder.glob("*.arrows")) if self.folder.is_dir() else ():
            if path not in known:
                self._journals.append(path)
                self._read_to.append(0)
        self.cut_off = sum(self._take_in(number) for number in range(len(self._journals)))

    def __len__(self) -> int:
        return len(self._spots)

    def holds(self, key: str, tables: Collection[str] = ()) -> bool:
        """Say whether a run is there, done or failed, with the tables wanted."""
        spot = self._spots.get(key)
        return spot is not None and (spot.status == FAILED or spot.tables.issuperset(tables))

    def status(self, key: str) -> str | None:
        """Say how a run ended; None where it is not there."""
        spot = self._spots.get(key)
        return None if spot is None else spot.status

    def read(self, key: str) -> Kept:
        """Read one run; KeyError for one that is not there."""
        spot = self._spots[key]
        with pa.OSFile(str(self._journals[spot.journal])) as file:
            file.seek(spot.offset)
            return _kept(_batch(file))

    def _take_in(self, number: int) -> bool:
        """Index what is new in one journal; says whether it ends in the midst of a run."""
        path, start = self._journals[number], self._read_to[number]
        size = path.stat().st_size
        if size == start:
            return False
        with pa.OSFile(str(path)) as file:
            try:
                if start == 0:
                    self._read_head(file, path)
                    self._read_to[number] = file.tell()
                file.seek(self._read_to[number])
                while file.tell() < size:
                    offset = file.tell()
                    batch = _batch(file)
                    self._note(number, offset, batch)
                    self._read_to[number] = file.tell()
            except (pa.ArrowInvalid, OSError, EOFError):
                return True
        return False

    def _read_head(self, file: pa.NativeFile, path: Path) -> None:
        """Read the head of a journal; raises UserError where it is not one of this version."""
        try:
            schema = pa.ipc.read_schema(pa.ipc.read_message(file))
        except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError, EOFError):
            if path.stat().st_size < HEAD:
                raise EOFError from None
            raise refuse("store.no_journal", str(path)) from None
        version = (schema.metadata or {}).get(MARK)
        if version is None:
            raise refuse("store.no_journal", str(path))
        if version != VERSION:
            raise refuse("store.other_version", str(path), value=version.decode("ascii", "replace"), wanted=VERSION.decode())

    def _note(self, number: int, offset: int, batch: pa.RecordBatch) -> None:
        """Keep where a run stands, unless a better one is known."""
        key, status = batch.column("key")[0].as_py(), batch.column("status")[0].as_py()
        spot = Spot(number, offset, status, frozenset(batch.column("kept")[0].as_py()))
        known = self._spots.get(key)
        if known is None or (spot.status == DONE, len(spot.tables)) > (known.status == DONE, len(known.tables)):
            self._spots[key] = spot


def _batch(file: pa.NativeFile) -> pa.RecordBatch:
    """Read the run that begins here."""
    message = pa.ipc.read_message(file)
    return pa.ipc.read_record_batch(message, SCHEMA)


def _kept(batch: pa.RecordBatch) -> Kept:
    """Make a run of its row."""
    row: dict[str, Any] = batch.to_pylist()[0]
    names, files = row.pop("kept"), row.pop("tables")
    return Kept(**{**row, "measures": json.loads(row["measures"])}, tables=dict(zip(names, files, strict=True)))


class Journal:
    """The journal of one writer; made with its first run, so that whoever does nothing leaves nothing."""

    def __init__(self, folder: Path) -> None:
        """Begin a journal in a pool; nothing is written yet."""
        self.path = folder / f"{secrets.token_hex(12)}.arrows"
        self._file: Any = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._file is not None:
            self._file.close()

    def add(self, run: Kept) -> None:
        """Write one run, whole or not at all; raises OSError where the disk is full or the folder cannot be written."""
        row = {**run._asdict(), "measures": json.dumps(dict(run.measures), allow_nan=False)}
        row |= {"kept": list(run.tables), "tables": list(run.tables.values())}
        batch = pa.RecordBatch.from_pylist([row], SCHEMA)
        if self._file is None:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self.path.open("xb", buffering=0)
            self._put(SCHEMA.serialize())
        self._put(batch.serialize())

    def _put(self, content: pa.Buffer) -> None:
        """Append; what could be written only in part is taken back."""
        end = self._file.tell()
        view, written = memoryview(content), 0
        try:
            while written < len(view):
                written += self._file.write(view[written:])
        except BaseException:
            self._file.truncate(end)
            self._file.seek(end)
            raise


HEAD = len(SCHEMA.serialize())
"""Bytes of the head of a journal."""


def packed(table: pa.Table) -> bytes:
    """Write a table as a Parquet file in memory: the same bytes for the same table."""
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd", compression_level=3)
    return sink.getvalue().to_pybytes()


def unpacked(content: bytes) -> pa.Table:
    """Read a table back."""
    return pq.read_table(pa.BufferReader(content))
