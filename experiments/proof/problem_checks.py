"""Check what a problem file says beyond the form of its values: that it can be run, and that it ever settles."""

from collections.abc import Mapping

import numpy as np

from experiments.proof.choices import split, utilities
from experiments.proof.problems import Choice, Network, follow, offered, reached
from experiments.proof.reading import Reading
from sim.care.engine.hours import DAY, UNLIMITED
from sim.reading.strict_yaml import Value

MOST_VISITS = 2e7
MOST_STATIONS = 500
MOST_APART = 300.0
"""Utils between the best and the worst option; beyond that the share of the worst is no number any more."""


def check_network(reading: Reading, parts: Mapping[str, Value], network: Network) -> None:
    """Keep a fault for each class without a service where it comes, each trap nobody leaves, each station that can never keep up."""
    if len(network.stations) > MOST_STATIONS:
        reading.complain("verify.stations", parts["stations"], "stations", value=len(network.stations), most=MOST_STATIONS)
        return
    for name in network.classes:
        coming = reached(network, name)
        for station in sorted(coming):
            if name not in network.stations[station].service:
                place = parts["stations"].at((station,))
                reading.complain("verify.no_service", place, f"stations.{station}.service", station=station, name=name)
        trapped = sorted(station for station in coming if not _leaves(network, station, name))
        if trapped:
            reading.complain("verify.trapped", parts["onward"], "onward", station=trapped[0], name=name)
    if not reading.faults:
        _check_load(reading, parts, network)


def _leaves(network: Network, start: str, name: str) -> bool:
    """Say whether a patient at a station can ever go home."""
    steps = {s: [to for to, share in network.onward.get((s, name), {}).items() if share > 0.0] for s in network.stations}
    return any(sum(network.onward.get((s, name), {}).values()) < 1.0 - 1e-9 for s in follow({start}, steps))


def flows(network: Network, name: str) -> dict[str, float]:
    """Solve how many of a class come to each station a minute, over all day, when nobody is turned away or leaves."""
    names = list(network.stations)
    open_ = [min(network.stations[s].closes, DAY) / DAY - network.stations[s].opens / DAY for s in names]
    outside = np.array([network.arrivals.get((s, name), 0.0) for s in names]) * open_
    onward = np.array([[network.onward.get((s, name), {}).get(to, 0.0) for to in names] for s in names])
    return dict(zip(names, map(float, np.linalg.solve(np.eye(len(names)) - onward.T, outside)), strict=True))


def _check_load(reading: Reading, parts: Mapping[str, Value], network: Network) -> None:
    """Keep a fault for each station that gets more work than it can ever do, and for a run that would never end."""
    coming = {name: flows(network, name) for name in network.classes}
    visits = sum(sum(each.values()) for each in coming.values()) * network.hours * 60.0
    if visits > MOST_VISITS:
        reading.complain("verify.too_many", parts["stations"], "hours", value=f"{visits:.3g}", most=f"{MOST_VISITS:.3g}")
    if any(station.places < UNLIMITED or station.patience or station.closing for station in network.stations.values()):
        return
    for name, station in network.stations.items():
        work = offered(station, {each: coming[each][name] for each in network.classes if each in station.service})
        if work >= station.servers:
            place = parts["stations"].at((name,))
            reading.complain("verify.overloaded", place, f"stations.{name}", work=f"{work:.4g}", servers=station.servers)


def check_choice(reading: Reading, parts: Mapping[str, Value], choice: Choice) -> None:
    """Keep a fault where waits could not settle: they attract, nobody says how many come, or more come than can ever be served."""
    worth = utilities(choice, {})
    if float(np.ptp(worth)) > MOST_APART:
        reading.complain("verify.far_apart", parts["utility"], "utility", value=f"{float(np.ptp(worth)):.4g}", most=f"{MOST_APART:g}")
        return
    if not choice.queues:
        return
    if choice.demand <= 0.0:
        reading.complain("verify.missing", parts["options"], "", name="demand")
    if choice.tastes.per_wait_minute > 0.0:
        place = parts["utility"].at(("per_wait_minute",))
        reading.complain("verify.wait_attracts", place, "utility.per_wait_minute", value=choice.tastes.per_wait_minute)
    if choice.tastes.per_wait_minute == 0.0:
        _check_shares(reading, parts, choice)
        return
    most = sum(station.servers / station.service["routine"].mean for station in choice.queues.values())
    if len(choice.queues) == len(choice.options) and choice.demand >= most:
        reading.complain("verify.too_much_demand", parts["demand"], "demand", value=parts["demand"].content, most=f"{most * 60:.4g} / h")


def _check_shares(reading: Reading, parts: Mapping[str, Value], choice: Choice) -> None:
    """Keep a fault for each option that people who do not mind waiting would overload."""
    for (name, option), share in zip(choice.options.items(), split(utilities(choice, {})), strict=True):
        if option.station is not None:
            work = offered(option.station, {"routine": choice.demand * float(share)})
            if work >= option.station.servers:
                place = parts["options"].at((name,))
                reading.complain("verify.overloaded", place, f"options.{name}", work=f"{work:.4g}", servers=option.station.servers)
