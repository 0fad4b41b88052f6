"""Problem files: every way of writing them, and a clear word for every way of getting them wrong."""

from pathlib import Path

import pytest

from experiments.proof.problem_files import read_problem
from experiments.proof.problems import Choice, Network, Service
from sim.care.engine.hours import DAY, UNLIMITED
from sim.language.messages import UserError

NETWORK = """
kind: stations
hours: 1000
warm_up: 100
classes: [urgent, routine]
stations:
  primary: {servers: 4, service: {mean: 10 min, cv2: 1}, open: always}
  county:
    {servers: 2, service: {urgent: {mean: 0.5 h, cv2: 0}, routine: {mean: 1 d, cv2: 2.25}}, places: 8, patience: {routine: {mean: 30 min}}}
  clinic:  {servers: 1000, service: {mean: 9 min, cv2: 1}, open: {from: 08:00, to: "12:30"}}
arrivals: {primary: {routine: 15 / h}, county: {routine: 48 / d, urgent: 6/h}, clinic: {urgent: 2 / h}}
onward: {primary: {county: 15 %}, county: {urgent: {primary: 10 %}, routine: {clinic: 20 %}}}
"""

CHOICE = """
kind: choice
demand: 40 / h
utility: {per_km: -0.03, per_yuan: -0.01, per_wait_minute: -0.02}
options:
  township: {constant: 0, km: 2, price: 60 yuan, fund_share: 75 %, station: {servers: 6, service: {mean: 10 min, cv2: 1}}}
  county: {constant: 0.6, km: 15, price: 180 yuan, fund_share: 60 %}
"""


def read(folder: Path, text: str) -> Network | Choice:
    """Write a file and read it."""
    path = folder / "problem.yaml"
    path.write_text(text, encoding="utf-8")
    return read_problem(path).body


def faults(folder: Path, text: str) -> str:
    """Read a file that is at fault; returns what is said, without the folder."""
    with pytest.raises(UserError) as error:
        read(folder, text)
    assert error.value.text("zh")
    return error.value.text("en").replace(f"{folder}/", "")


def test_a_network_is_read_as_it_is_written(tmp_path: Path) -> None:
    network = read(tmp_path, NETWORK)
    assert isinstance(network, Network)
    assert (network.hours, network.warm_up, network.classes) == (1000, 100, ("urgent", "routine"))
    assert network.stations["primary"].service == {"urgent": Service(10, 1), "routine": Service(10, 1)}
    assert network.stations["county"].service == {"urgent": Service(30, 0), "routine": Service(1440, 2.25)}
    assert (network.stations["county"].places, network.stations["county"].patience) == (8, {"routine": 30.0})
    assert (network.stations["clinic"].opens, network.stations["clinic"].closes) == (480.0, 750.0)
    assert (network.stations["primary"].closes, network.stations["primary"].places) == (DAY, UNLIMITED)
    assert network.arrivals["primary", "routine"] == pytest.approx(0.25)
    assert network.arrivals["county", "routine"] == pytest.approx(2 / 60)
    assert network.arrivals["county", "urgent"] == pytest.approx(0.1)
    assert network.onward["primary", "urgent"] == {"county": pytest.approx(0.15)}
    assert network.onward["county", "routine"] == {"clinic": pytest.approx(0.2)}


def test_a_single_class_needs_no_name_and_hours_have_defaults(tmp_path: Path) -> None:
    network = read(tmp_path, "kind: stations\nstations: {a: {servers: 1, service: {mean: 1 h}}}\narrivals: {a: 0.5 / h}\n")
    assert isinstance(network, Network)
    assert (network.classes, network.hours, network.warm_up) == (("routine",), 40_000, 4_000)
    assert network.arrivals == {("a", "routine"): pytest.approx(0.5 / 60)}


def test_a_choice_is_read_as_it_is_written(tmp_path: Path) -> None:
    choice = read(tmp_path, CHOICE)
    assert isinstance(choice, Choice)
    assert choice.demand == pytest.approx(40 / 60)
    assert choice.options["township"].out_of_pocket == pytest.approx(15.0)
    assert list(choice.queues) == ["township"]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (
            "servers: 4,",
            "server: 4,",
            "stations.primary.server: there is nothing called 'server' here; did you mean 'servers'?",
        ),
        ("servers: 4,", "servers: 0,", "problem.yaml:7: stations.primary.servers: 0 must be at least 1"),
        ("servers: 4,", "servers: 1001,", "stations.primary.servers: 1001 must be at most 1000"),
        ("servers: 4,", "servers: 4.5,", "4.5 is no whole number"),
        ("mean: 10 min", "mean: 10", "problem.yaml:7: stations.primary.service.mean: 10 has no unit; write it as, for example, '10 min'"),
        ("mean: 10 min", "mean: 10 yuan", "'10 yuan' is in yuan, but min"),
        ("mean: 10 min", "mean: 0 min", "stations.primary.service.mean: 0 min must be above 0 min"),
        ("mean: 10 min", "mean: .nan", "not a finite number"),
        ("cv2: 2.25", "cv2: -1", "stations.county.service.routine.cv2: -1 must be at least 0"),
        ("open: always", "open: alway", "stations.primary.open: 'alway' are no opening hours"),
        ('to: "12:30"', "to: 07:00", "closes at 07:00, which is not after it opens at 08:00"),
        ('to: "12:30"', "to: 25:00", "'25:00' is no time of day"),
        (
            "{routine: 15 / h}",
            "{routine: 15 h}",
            "problem.yaml:11: arrivals.primary.routine: '15 h' is no rate; write it as, for example, '15 / h'",
        ),
        (
            "arrivals: {primary",
            "arrivals: {primry",
            "'primry' is not known here; wanted is one of primary, county, clinic; did you mean",
        ),
        ("arrivals:", "arrival:", "problem.yaml:11: arrival: there is nothing called 'arrival' here; did you mean 'arrivals'?"),
        ("{urgent: 2 / h}", "{urgnt: 2 / h}", "did you mean 'urgent'"),
        ("primary: {county: 15 %}", "primary: {county: 95 %, clinic: 10 %}", "the shares that go on add up to 105"),
        ("primary: {county: 15 %}", "primary: {primary: 100 %}", "whoever of class 'routine' comes to primary never goes home"),
        ("{urgent: {mean: 0.5 h, cv2: 0}, routine", "{routine", "class 'urgent' comes to county, which has no service for it"),
        ("warm_up: 100", "warm_up: 1000", "a warm-up of 1000.0 hours does not fit into 1000"),
        ("hours: 1000", "hours: 0", "problem.yaml:3: hours: 0 must be above 0"),
        ("hours: 1000", "hours: 1e12", "must be at most 10,000,000"),
        ("[urgent, routine]", "[urgent, routine, urgent]", "'urgent' cannot name a class"),
        ("[urgent, routine]", "urgent", "'urgent' stands where a list is wanted"),
        (
            "kind: stations",
            "kind: station",
            "problem.yaml:2: kind: 'station' is not one of stations, choice; did you mean 'stations'?",
        ),
        ("kind: stations", "kind: stations\nkind: choice", "'kind' is given twice"),
        ("kind: stations", "", "kind: 'kind' is missing; wanted is one of stations, choice"),
        ("{mean: 10 min, cv2: 1}, open", "{maen: 10 min}, open", "service.maen: there is nothing called 'maen' here; did you mean 'mean'?"),
        ("routine: {mean: 1 d", "rutine: {mean: 1 d", "service.rutine: 'rutine' is not known here; wanted is one of urgent, routine; did"),
        ("{urgent: 2 / h}", "2 / h", "arrivals.clinic: '2 / h' stands where names with values are wanted: urgent, routine"),
        ("{county: 15 %}", "{country: 15 %}", "onward.primary.country: 'country' is not known here; wanted is one of primary, county"),
        ("routine: {clinic: 20 %}", "rutine: {clinic: 20 %}", "onward.county.rutine: 'rutine' is not known here; wanted is one of urgent"),
    ],
)
def test_what_is_wrong_with_a_network_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in NETWORK
    assert said in faults(tmp_path, NETWORK.replace(old, new))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("demand: 40 / h\n", "", "'demand' is missing"),
        ("per_wait_minute: -0.02", "per_wait_minute: 0.02", "0.02 would make waiting attract people"),
        (
            "per_km: -0.03",
            "per_kilometre: -0.03",
            "utility.per_kilometre: there is nothing called 'per_kilometre' here; did you mean 'per_km'?",
        ),
        ("demand: 40 / h", "demand: 80", "'80' is no rate"),
        ("fund_share: 75 %", "fund_share: 175 %", "'175 %' lies outside 0 % to 100 %"),
        ("servers: 6,", "servers: 6, places: 3,", "'places' is not known here; wanted is one of servers, service"),
        (
            CHOICE.splitlines(keepends=True)[-1],
            "",
            "'40 / h' is more than the options can ever serve, 36 / h",
        ),
    ],
)
def test_what_is_wrong_with_a_choice_is_said(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert old in CHOICE
    assert said in faults(tmp_path, CHOICE.replace(old, new))


def test_people_who_do_not_mind_waiting_may_not_overload_an_option(tmp_path: Path) -> None:
    text = CHOICE.replace("per_wait_minute: -0.02", "per_wait_minute: 0")
    assert isinstance(read(tmp_path, text), Choice)
    assert "problem.yaml:6: options.township: gets work for 8." in faults(tmp_path, text.replace("40 / h", "90 / h"))


def test_a_line_that_would_grow_for_ever_is_refused(tmp_path: Path) -> None:
    text = "kind: stations\nstations:\n  a: {servers: 1, service: {mean: 1 h}}\narrivals: {a: 2 / h}\n"
    assert "problem.yaml:3: stations.a: gets work for 2 servers and has 1" in faults(tmp_path, text)
    assert isinstance(read(tmp_path, text.replace("1 h}", "1 h}, places: 3")), Network)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    text = NETWORK.replace("servers: 4,", "servers: 0,").replace("15 / h", "15 h").replace("always", "alway")
    assert len(faults(tmp_path, text).splitlines()) == 3


@pytest.mark.parametrize("text", ["", "- 1\n", "just words\n", "kind: [a]\n", "kind: stations\nstations: 3\narrivals: {}\n"])
def test_what_is_no_problem_at_all_is_refused(tmp_path: Path, text: str) -> None:
    assert "problem.yaml" in faults(tmp_path, text)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"nowhere\.yaml: "):
        read_problem(tmp_path / "nowhere.yaml")
