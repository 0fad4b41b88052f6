"""The course of scenarios: headline quantities month by month, with how far luck reaches, from tables kept of every run."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from experiments.comparing.intervals import Estimate, estimate
from experiments.comparing.kept import tables_of
from experiments.running.batch import Batch
from sim.scenario.scenario import Scenario

TABLES = ("daily", "monthly_facilities")
"""Tables from which the course is read."""
PRIMARY = ("clinic", "township")
COUNTY = "county"
FEWEST = 20
"""Days a month has at least to be told of; the last of a run may be shorter."""


class Series(NamedTuple):
    """One quantity of one scenario, a value a month."""

    months: Sequence[str]
    """MM of each month, in the order lived."""
    values: Sequence[Estimate]


Course = Mapping[str, Mapping[str, Series]]
"""Quantity -> scenario -> its series."""


def course_of(batch: Batch, seeds: Sequence[int]) -> Course:
    """Read the course of every scenario of a comparison; empty where a run kept no such tables or lived less than two months, or where
    scenarios live other months of the year, which cannot stand above each other."""
    bases, scale = batch.design.bases, batch.design.said.scale
    kept = {name: [tables_of(batch, seeds, name, table) for table in TABLES] for name in bases}
    if not all(all(tables) for tables in kept.values()):
        return {}
    each = {name: [_of_run(*pair, bases[name], scale) for pair in zip(*tables, strict=True)] for name, tables in kept.items()}
    lived = {tuple(month[-2:] for month in frame.index) for frames in each.values() for frame in frames}
    if len(lived) != 1 or len(next(iter(lived))) < 2:
        return {}
    return {quantity: {name: _series([frame[quantity] for frame in each[name]]) for name in bases} for quantity in QUANTITIES}


def _series(columns: Sequence["pd.Series[float]"]) -> Series:
    """Take the mean of every month over the runs; nothing in a month in which any run has nothing to divide by."""
    months = [month[-2:] for month in columns[0].index]
    return Series(months, [estimate([_known(column.iloc[row]) for column in columns]) for row in range(len(months))])


def _known(value: float) -> float | None:
    """Give a number, or nothing where there was nothing to divide by."""
    return float(value) if math.isfinite(value) else None


def _of_run(daily: pa.Table, facilities: pa.Table, scenario: Scenario, scale: float) -> pd.DataFrame:
    """Take all quantities of one run: a row a month, a column a quantity."""
    days = daily.to_pandas()
    month = pd.to_datetime(days.date).dt.strftime("%Y-%m")
    whole = days.groupby(month).size() >= FEWEST
    sums = days.drop(columns="date").groupby(month).sum()[whole]
    places = facilities.to_pandas()
    houses = {row.facility: (row.tier, row.place == "in_county") for row in scenario.tables.facilities}
    here = places[[houses[name][1] for name in places.facility]]
    by_tier = (
        here.groupby(["month", here.facility.map(lambda name: houses[name][0])])[["visits", "minutes_waited"]].sum().unstack(fill_value=0)
    )
    seen = _Month(sums, by_tier.loc[sums.index], scale, scenario)
    return pd.DataFrame({name: quantity(seen) for name, quantity in QUANTITIES.items()})


class _Month(NamedTuple):
    """What months of a run hold."""

    days: pd.DataFrame
    """Sums of the daily table, a row a month."""
    here: pd.DataFrame
    """(visits, tier) and (minutes_waited, tier) of the county's facilities, a row a month."""
    scale: float
    scenario: Scenario

    def at(self, column: str, tiers: Sequence[str]) -> "pd.Series[float]":
        """Add up a column over some tiers."""
        return sum((self.here[column, tier] for tier in tiers if (column, tier) in self.here), 0 * self.here.iloc[:, 0])  # type: ignore[return-value]


def _insured(seen: _Month) -> "pd.Series[float]":
    """Share of the insured's admissions that are inside the county."""
    return seen.days.admissions_insured_in_county / seen.days.admissions_insured


def _primary(seen: _Month) -> "pd.Series[float]":
    """Share of primary care in the visits of the county, village clinics left out."""
    return seen.at("visits", PRIMARY) / seen.at("visits", (*PRIMARY, COUNTY))


def _wait(seen: _Month) -> "pd.Series[float]":
    """Minutes a visit waits for a doctor in the county."""
    tiers = ("village", *PRIMARY, COUNTY)
    return seen.at("minutes_waited", tiers) / seen.at("visits", tiers)


def _fund(seen: _Month) -> "pd.Series[float]":
    """Yuan the residents' fund pays for each registered person."""
    return seen.days.residents_fund_yuan / (seen.scenario.population.registered * seen.scale)


QUANTITIES: Mapping[str, Callable[[_Month], "pd.Series[float]"]] = {
    "in_county_admission_share_insured": _insured,
    "primary_visit_share_ex_village": _primary,
    "wait": _wait,
    "fund": _fund,
}
"""What is told month by month: a measure by its name, or another quantity."""
