"""What runs of a comparison kept: a table of every seed of a scenario."""

from collections.abc import Sequence

import pyarrow as pa

from experiments.running.batch import Batch
from results.store.pool import DONE, unpacked


def tables_of(batch: Batch, seeds: Sequence[int], scenario: str, name: str) -> list[pa.Table]:
    """Read a kept table of a scenario, one a seed that is done; nothing where any of these runs kept none."""
    names = list(batch.design.bases)
    keys = [planned.key for planned in batch.rows() if names[planned.variant] == scenario and planned.seed in seeds]
    kept = [batch.pool.read(key) for key in keys if batch.pool.status(key) == DONE]
    return [unpacked(one.tables[name]) for one in kept] if all(name in one.tables for one in kept) else []
