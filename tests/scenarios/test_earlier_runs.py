"""The `scenario.yaml` of a run folder made by an earlier version still runs, and to the same bytes."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from results.outcomes import TABLES, measures
from sim import County, load
from sim.scenario.merging import DATA, shipped_tables
from sim.scenario.scenario import Scenario

WRITTEN = Path(__file__).with_name("written_by_ea5e3e4.yaml")
FEW_DAYS = ("period.days=3", "period.run_in_days=2")
SCALE = 0.01


def lived(scenario: str | Path, settings: Sequence[str] = ()) -> County:
    """Live a few days of a scenario."""
    county = County(load(scenario, [*FEW_DAYS, *settings]), scale=SCALE)
    for _ in county.days():
        pass
    return county


def fitted_in(scenario: Scenario) -> list[str]:
    """Give the fitted numbers of a scenario as settings: what a fit has moved since."""
    numbers = [
        f"{path}={leaf.content}" for block in ("illness", "choice") for path, leaf in scenario.leaves(block) if leaf.source == "fitted"
    ]
    assert len(numbers) > 20
    return numbers


@pytest.fixture(scope="module")
def earlier() -> Scenario:
    return load(WRITTEN)


def test_a_scenario_written_before_the_tables_had_folders_reads_as_the_one_of_the_package(earlier: Scenario) -> None:
    assert earlier.resolved() == WRITTEN.read_text(encoding="utf-8")
    assert earlier.files == load("lujiang-2020").files
    assert earlier.data == load("lujiang-2020").data


def test_a_scenario_written_before_the_tables_had_folders_runs_to_the_same_bytes(earlier: Scenario) -> None:
    written, ours = lived(WRITTEN), lived("lujiang-2020", fitted_in(earlier))
    assert measures(written) == measures(ours)
    assert measures(ours)["visits"] > 0
    assert all(table(written).equals(table(ours)) for table in TABLES)


def test_no_two_tables_of_the_package_have_the_same_name() -> None:
    assert sorted(shipped_tables().values()) == sorted(DATA.rglob("*.csv"))
    assert {path.parent.parent for path in shipped_tables().values()} == {DATA}
