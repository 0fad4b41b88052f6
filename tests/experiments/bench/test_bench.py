"""Speed is measured fairly: both sides do the same work, and every figure is what its name says."""

import math

import numpy as np
import pytest

from experiments.bench.bench import USUAL, Sizes, bench, exponent
from experiments.bench.network import Way, engine_waits, simpy_waits, three_tiers
from experiments.bench.objects import VISITS_A_YEAR, ObjectCounty
from sim.language.messages import messages

SMALL = Sizes(1, 1, 300.0, 20.0, 2_000, 1, 2, (0.002, 0.004), 0.01, 2)


def waits(way: Way, runs: int, hours: float) -> tuple[np.ndarray, np.ndarray]:
    """Run the network some times; returns the mean wait at each station and its squared standard error."""
    found = np.array([way(three_tiers(hours), seed)[1] for seed in range(runs)])
    return found.mean(axis=0), found.var(axis=0, ddof=1) / runs


def test_the_engine_and_simpy_find_the_same_waits() -> None:
    (engine, error), (plain, other_error) = waits(engine_waits, 20, 100.0), waits(simpy_waits, 20, 100.0)
    assert np.all(engine > 0.0)
    assert np.all(np.abs(engine - plain) < 4.5 * np.sqrt(error + other_error))


def test_the_object_county_sees_everybody_who_falls_ill() -> None:
    county, seen = ObjectCounty(2_000), 0
    for _ in range(10):
        county.step()
        seen += sum(facility.visits for facility in county.facilities)
    expected = 10 * 2_000 * VISITS_A_YEAR / 365.0
    assert seen == county.visits
    assert abs(county.visits - expected) < 5.0 * math.sqrt(expected)


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_growth_of_a_power_law_is_its_power(power: float) -> None:
    sizes = [0.05, 0.25, 1.0]
    assert exponent(sizes, [3.0 * size**power for size in sizes]) == pytest.approx(power)


@pytest.fixture(scope="module")
def figures() -> dict[str, float]:
    """Measure everything in the smallest size."""
    return bench(SMALL)


def test_every_figure_is_a_number_above_nothing(figures: dict[str, float]) -> None:
    assert all(math.isfinite(figure) and figure > 0.0 for name, figure in figures.items() if name != "cost_growth_exponent")


def test_ratios_are_those_of_the_figures_beside_them(figures: dict[str, float]) -> None:
    engine, plain = figures["engine_visits_per_second"], figures["simpy_visits_per_second"]
    assert figures["ratio_to_simpy"] == pytest.approx(engine / plain)
    assert figures["ratio_to_mesa_objects"] == pytest.approx(figures["objects_day_seconds"] / figures["county_day_seconds"])


def test_the_county_beside_plain_objects_sees_about_as_many_patients(figures: dict[str, float]) -> None:
    ours, theirs = figures["county_visits_per_day"], figures["objects_visits_per_day"]
    assert 0.5 < ours / theirs < 2.0


def test_every_figure_has_its_words(figures: dict[str, float]) -> None:
    days = {f"day_seconds_{100 * share:g}_percent" for share in (*USUAL.parts, USUAL.whole)}
    names = {name for name in figures if not name.startswith("day_seconds_")} - {"tries", "years"} | days
    assert {f"bench.figure.{name}" for name in names} == {key for key in messages() if key.startswith("bench.figure.")}
