"""Draws of a posterior: sets of numbers a calibration found likely, a row each, in the model's own units."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from experiments.design.levers import quantity_of
from results.store.folder import beside_runs
from sim.language.messages import Fault, UserError, nearest, refuse
from sim.reading.provenance import FITTED
from sim.reading.strict_yaml import Value
from sim.reading.units import NUMBER
from sim.scenario.scenario import Scenario
from sim.scenario.varying import Setting, unit_of, value_at

FILE = "posterior.parquet"


def posterior_called(word: str, place: str) -> Path:
    """Find a posterior by the name of its calibration or by its path; raises UserError where there is none."""
    kept = beside_runs("calibration")
    for path in (Path(word), Path(word) / FILE, kept / word / FILE):
        if path.is_file():
            return path
    names = [path.parent.name for path in kept.glob(f"*/{FILE}")]
    raise refuse("experiment.no_posterior", place, value=word, folder=str(kept), near=nearest(word, names))


def draws_of(word: str, many: int, base: Scenario, place: str) -> list[tuple[Setting, ...]]:
    """Take so many draws, evenly from all there are, as settings; raises UserError where the table does not fit the scenario."""
    path = posterior_called(word, place)
    try:
        table = pq.read_table(path)
    except (pa.ArrowInvalid, OSError) as error:
        raise refuse("store.broken_table", str(path), reason=str(error).splitlines()[0]) from None
    units = {name: unit_of(name, base.rules) for name in table.column_names}
    strangers = [name for name in units if name not in base.settable or units[name] is None]
    if strangers:
        raise UserError([Fault("setting.no_path", f"{path}", {"value": name, "near": nearest(name, base.settable)}) for name in strangers])
    if table.num_rows < many:
        raise refuse("experiment.too_few_draws", place, value=many, there=table.num_rows)
    rows = np.unique(np.linspace(0, table.num_rows - 1, many).round().astype(int))
    found = table.take(pa.array(rows)).to_pylist()
    return [tuple(Setting(name, _written(name, size, base, str(path))) for name, size in row.items()) for row in found]


def _written(name: str, size: float, base: Scenario, place: str) -> Value:
    """Write one number of a draw."""
    unit = unit_of(name, base.rules) or NUMBER
    like = value_at(base, name)
    return Value(quantity_of(unit, size, like), place, None, FITTED)
