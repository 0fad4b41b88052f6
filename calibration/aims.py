"""Aims: what a baseline is fitted to, read from a YAML file."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from sim.language.messages import Fault
from sim.reading.blocks import Block, Table
from sim.reading.document import at, read_document
from sim.reading.strict_yaml import Value
from sim.reading.units import Number, Share
from sim.words import APPEALS, SEGMENTS

SHIPPED = Path(__file__).with_name("aims.yaml")


class Split(Table[Share]):
    """Share of each kind of option among those taken; kinds left out are not fitted."""

    village: Share = 0.0
    clinic: Share = 0.0
    township: Share = 0.0
    county: Share = 0.0
    private: Share = 0.0
    rehabilitation: Share = 0.0
    municipal: Share = 0.0
    provincial: Share = 0.0


class Splits(Block):
    """The splits of the segments of needs."""

    minor_visit: Split
    serious_visit: Split
    common_stay: Split
    serious_stay: Split


class Missed(Block):
    """Shares of needs not taken to care."""

    visits: Annotated[Share, Field(gt=0, lt=1)]
    stays: Annotated[Share, Field(gt=0, lt=1)]


class Rates(Block):
    """Care a year of a person living here."""

    visits: Annotated[Number, Field(gt=0, le=100)]
    stays: Annotated[Number, Field(gt=0, le=5)]


class Aims(Block):
    """All aims of a fit."""

    segments: Splits
    forgone: Missed
    rates: Rates

    @property
    def shares(self) -> NDArray[np.float64]:
        """Give the shares aimed at: (segments, appeals), each row summing to 1; 0 where none is."""
        rows = [[getattr(getattr(self.segments, segment), appeal, 0.0) for appeal in APPEALS] for segment in SEGMENTS]
        return np.array(rows) / np.sum(rows, axis=1, keepdims=True)

    @property
    def missed(self) -> NDArray[np.float64]:
        """Give the needs not taken to care: (segments,)."""
        return np.repeat([self.forgone.visits, self.forgone.stays], 2)

    @property
    def care(self) -> NDArray[np.float64]:
        """Give visits and stays a year of a person living here: (2,)."""
        return np.array([self.rates.visits, self.rates.stays])


def read(path: Path = SHIPPED) -> Aims:
    """Read aims; raises UserError with all faults."""
    return read_document(path, Aims, _whole)


def _whole(aims: Aims, tree: Value) -> Iterable[Fault]:
    for segment in SEGMENTS:
        total = sum(getattr(aims.segments, segment).model_dump(exclude={"source"}).values())
        if abs(total - 1.0) > 0.005:
            values = {"value": f"{100 * total:.4g} %", "parts": ", ".join(APPEALS[:-1])}
            yield Fault("check.whole_sum", at(tree, "segments", segment), values)
