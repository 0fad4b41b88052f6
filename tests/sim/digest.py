"""Live small counties in a process of its own, and print a hash of every measure and table: `python -m tests.sim.digest SEED...`."""

import hashlib
import io
import json
import sys

import pyarrow.parquet as pq

from results.outcomes import TABLES, measures
from sim import County
from tests.sim.county_worlds import lived


def digest(seed: int) -> dict[str, str]:
    """Hash what one small county has brought."""
    return hashed(lived(seed=seed, days=30))


def hashed(county: County) -> dict[str, str]:
    """Hash the text of the measures of a county, and the bytes of its tables."""
    found = {"measures": json.dumps(measures(county)).encode()}
    for table in TABLES:
        file = io.BytesIO()
        pq.write_table(table(county), file)
        found[table.__name__] = file.getvalue()
    return {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}


if __name__ == "__main__":
    print(json.dumps({seed: digest(int(seed)) for seed in sys.argv[1:]}))
