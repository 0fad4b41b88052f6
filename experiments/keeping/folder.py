"""The folder of an experiment: the experiment as it was run, a table with a row a run, the tables kept of every run, and what columns mean.

It is made of the pool, so it can be thrown away and made again; rows stand in the order of the design, and no clock, host or path is in it.
"""

import json
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from experiments.design.levers import Cell
from experiments.design.variants import Design
from experiments.keeping.columns import codebook_of, dictionary_of
from experiments.running.batch import Batch, Planned
from results.store.fingerprint import fingerprint
from results.store.folder import beside_runs
from results.store.origin import versions
from results.store.pool import DONE, Kept, Pool, unpacked
from results.store.run import SCENARIO
from sim.language.messages import refuse
from sim.scenario.merging import scenario_names
from sim.scenario.writing import written

RUNS, EXPERIMENT, REPORT = "runs.parquet", "experiment.yaml", "report.html"
DICTIONARY, CODEBOOK = "dictionary.csv", "codebook.csv"
POOL = ".pool"
AT_A_TIME = 500
"""Rows written at a time: what is held in memory does not grow with the runs."""
MADE = b"tiercare"
"""Name of what is told of a table's origin in its footer."""


def places(name: str, out: Path | None) -> tuple[Path, Path]:
    """Say where an experiment's folder is, and its pool: beside all experiments, or inside a folder of one's own."""
    if out is not None:
        return out, out / POOL
    return beside_runs("experiments") / name, beside_runs("experiments") / POOL


def writable(folder: Path) -> None:
    """Refuse a folder in which nothing can be written, before any work is done; raises UserError."""
    probe = folder / f".probe-{secrets.token_hex(8)}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        probe.write_bytes(b"")
        probe.unlink()
    except (FileExistsError, NotADirectoryError):
        raise refuse("store.not_a_folder", "--out", folder=str(folder)) from None
    except OSError as error:
        raise refuse("store.not_writable", "--out", folder=str(folder), reason=error.strerror or str(error)) from None


def gather(batch: Batch, folder: Path) -> int:
    """Write the folder from what the pool holds; returns how many rows there are. Raises UserError where it cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name in batch.design.said.keep:
            _gather_table(batch, folder, name)
        _write_experiment(batch.design, folder)
        names = measured(batch)
        (folder / DICTIONARY).write_text(dictionary_of(batch.design, names), encoding="utf-8", newline="\n")
        if batch.design.said.keep:
            (folder / CODEBOOK).write_text(codebook_of(batch.design), encoding="utf-8", newline="\n")
        return _gather_runs(batch, folder, names)
    except OSError as error:
        raise refuse("store.not_writable", str(folder), folder=str(folder), reason=error.strerror or str(error)) from None


def held(batch: Batch) -> Iterator[tuple[Planned, Kept]]:
    """Go through the rows there are, in the order of the design."""
    pool: Pool = batch.pool
    for planned in batch.rows():
        if pool.status(planned.key) is not None:
            yield planned, pool.read(planned.key)


def measured(batch: Batch) -> list[str]:
    """Name all measures any run has."""
    names: dict[str, None] = {}
    for _, kept in held(batch):
        names |= dict.fromkeys(kept.measures)
    return sorted(names)


def _gather_runs(batch: Batch, folder: Path, names: Sequence[str]) -> int:
    """Write the table of runs with these measures."""
    rows = 0
    schema = schema_of(batch, names)
    with _put(folder / RUNS, schema) as writer:
        for some in _portions(held(batch)):
            writer.write_table(pa.Table.from_pylist([_row(batch, names, *one) for one in some], schema))
            rows += len(some)
    return rows


def schema_of(batch: Batch, names: Sequence[str]) -> pa.Schema:
    """Give the columns of the table of runs; the columns of levers hold numbers, or words where any is one."""
    cells = zip(*(variant.cells for variant in batch.variants), strict=True) if batch.variants else ()
    levers = {name: _kind(column) for name, column in zip(batch.design.columns, cells, strict=True)}
    first = {"run": pa.string(), "scenario": pa.string(), "seed": pa.int64()}
    last = {"status": pa.string(), "error": pa.string(), "seconds": pa.float64(), "made_by": pa.string()}
    return pa.schema({**first, **levers, **dict.fromkeys(names, pa.float64()), **last}, origin(batch.design))


def _kind(column: Sequence[Cell]) -> pa.DataType:
    """Say what a column of levers holds."""
    words = any(isinstance(cell, str | bool) for cell in column)
    return pa.string() if words else pa.float64()


def origin(design: Design) -> dict[bytes, bytes]:
    """Tell in a footer where a table comes from: experiment, versions and the fingerprint of the model."""
    told = {
        "experiment": design.said.name,
        "scale": design.said.scale,
        "outcomes": list(design.outcomes),
        "fingerprint": fingerprint(),
        "versions": versions(),
    }
    return {MADE: json.dumps(told, sort_keys=True).encode()}


def _row(batch: Batch, names: Sequence[str], planned: Planned, kept: Kept) -> dict[str, Any]:
    """Make one row of the table of runs."""
    variant = batch.variants[planned.variant]
    levers = {name: _word(cell) for name, cell in zip(batch.design.columns, variant.cells, strict=True)}
    ended = {"status": kept.status, "error": kept.error, "seconds": kept.seconds, "made_by": kept.made_by}
    first = {"run": kept.key, "scenario": variant.scenario, "seed": planned.seed}
    return first | levers | {name: kept.measures.get(name) for name in names} | ended


def _word(cell: Cell) -> float | str | None:
    """Write what stands in the column of a lever."""
    return str(cell).lower() if isinstance(cell, bool) else cell


def _gather_table(batch: Batch, folder: Path, name: str) -> None:
    """Write one of the tables kept of every run, with the run in its first column."""
    runs = ((planned, kept) for planned, kept in held(batch) if kept.status == DONE and name in kept.tables)
    first = next(runs, None)
    if first is None:
        return
    one = _with_run(*first, name)
    with _put(folder / f"{name}.parquet", one.schema.with_metadata(origin(batch.design))) as writer:
        writer.write_table(one.replace_schema_metadata(origin(batch.design)))
        for some in _portions(runs, AT_A_TIME // 10):
            whole = pa.concat_tables([_with_run(*each, name) for each in some])
            writer.write_table(whole.replace_schema_metadata(origin(batch.design)))


def _with_run(planned: Planned, kept: Kept, name: str) -> pa.Table:
    """Read a kept table, and say in its first column whose it is."""
    table = unpacked(kept.tables[name])
    return table.add_column(0, pa.field("run", pa.string()), pa.array([kept.key] * table.num_rows, pa.string()))


def _portions(rows: Iterator[Any], size: int = AT_A_TIME) -> Iterator[list[Any]]:
    """Take so many at a time."""
    while some := list(islice(rows, size)):
        yield some


@contextmanager
def _put(path: Path, schema: pa.Schema) -> Iterator[pq.ParquetWriter]:
    """Write a table beside its place, and put it there when it is whole."""
    staged = path.with_name(f".{path.name}-{secrets.token_hex(6)}")
    try:
        with pq.ParquetWriter(staged, schema, compression="zstd", compression_level=3) as writer:
            yield writer
        staged.replace(path)
    finally:
        staged.unlink(missing_ok=True)


def kept_beside(design: Design) -> dict[str, str | None]:
    """Say where each scenario lies in the folder of an experiment: name -> file; None for one that comes with the package."""
    listed = zip(design.bases.values(), design.source.tree.content["scenarios"].content, strict=True)
    shipped = {base.name: base.name in scenario_names() and item.content == base.name for base, item in listed}
    return {name: None if known else f"scenarios/{name}/{SCENARIO}" for name, known in shipped.items()}


def _write_experiment(design: Design, folder: Path) -> None:
    """Write the experiment as it was run; scenarios that do not come with the package lie beside it."""
    tree = design.source.tree
    listed = tree.content["scenarios"]
    words = []
    for item, (name, file) in zip(listed.content, kept_beside(design).items(), strict=True):
        if file is None:
            words.append(item)
            continue
        kept, beside = design.bases[name].portable(), folder / "scenarios" / name
        beside.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(kept.text, encoding="utf-8", newline="\n")
        for table, content in kept.files.items():
            (beside / table).parent.mkdir(exist_ok=True)
            (beside / table).write_bytes(content)
        words.append(item.with_content(file))
    text = written(tree.with_content({**tree.content, "scenarios": listed.with_content(words)}))
    (folder / EXPERIMENT).write_text(text, encoding="utf-8", newline="\n")
