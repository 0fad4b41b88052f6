"""Laws that hold for any queue: Little's, the gain of pooling, the gain of scale, and the same bytes from the same seed."""

import json
from dataclasses import replace

import pytest

from experiments.proof.answers import Answer, network_answer
from experiments.proof.known import EXACT
from experiments.proof.problem_files import read_problem
from experiments.proof.problems import Network, Service, Station

RUNS, SEED = 4, 1


def three_tiers(hours: float) -> Network:
    """Read the three-tier network, to be run for so long."""
    body = read_problem(EXACT / "three_tiers.yaml").body
    assert isinstance(body, Network)
    return replace(body, hours=hours, warm_up=hours / 10)


def pool(name: str, servers: int, rate: float) -> Network:
    """Make one pool of doctors who need ten minutes a patient."""
    return Network(10_000, 1_000, ("routine",), {name: Station(servers, {"routine": Service(10.0, 1.0)})}, {(name, "routine"): rate / 60.0})


def wait(network: Network) -> tuple[float, float]:
    """Measure mean wait and standard error at the only station."""
    answer = network_answer(network, RUNS, SEED)
    (name,) = network.stations
    mean, error = (part["stations"][name]["all"]["wait_h"] for part in (answer, answer["se"]))
    return mean, error


def figures(network: Network) -> Answer:
    """Give all figures of all stations."""
    stations: Answer = network_answer(network, RUNS, SEED)["stations"]
    return stations


def test_how_many_wait_is_how_many_come_times_how_long_they_wait() -> None:
    for station in figures(three_tiers(8_000)).values():
        seen = station["all"]
        assert seen["queue"] == pytest.approx(seen["throughput_per_h"] * seen["wait_h"], rel=0.005)
        levels = sum(n * share for n, share in enumerate(seen["present_share"]))
        assert seen["present"] == pytest.approx(levels, rel=1e-6)


def test_what_comes_in_goes_out() -> None:
    seen = {name: station["all"]["throughput_per_h"] for name, station in figures(three_tiers(8_000)).items()}
    assert seen["primary"] == pytest.approx(15 + 0.10 * seen["county"] + 0.15 * seen["tertiary"], rel=0.01)
    assert seen["county"] == pytest.approx(6 + 0.15 * seen["primary"] + 0.05 * seen["tertiary"], rel=0.01)


def test_two_halves_wait_longer_than_one_pool() -> None:
    (whole, whole_error), (half, half_error) = wait(pool("one", 4, 20.0)), wait(pool("half", 2, 10.0))
    assert half - whole > 4 * (whole_error + half_error)


def test_twice_the_people_with_twice_the_doctors_wait_less() -> None:
    waits = [wait(pool("one", servers, 5.0 * servers)) for servers in (1, 2, 4, 8)]
    for (less, less_error), (more, more_error) in zip(waits[1:], waits, strict=False):
        assert more - less > 4 * (less_error + more_error)


def test_more_doctors_at_one_station_shorten_its_line() -> None:
    network = three_tiers(4_000)
    county = network.stations["county"]
    more = replace(network, stations={**network.stations, "county": replace(county, servers=county.servers + 1)})
    assert figures(more)["county"]["all"]["wait_h"] < figures(network)["county"]["all"]["wait_h"] / 2


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    network = three_tiers(500)
    first, again, other = (json.dumps(network_answer(network, 2, seed)) for seed in (1, 1, 3))
    assert first == again
    assert first != other
