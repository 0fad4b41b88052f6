"""Check what a problem file says beyond the form of its values: names that must exist, that it can be run, and that it ever settles."""

from collections.abc import Collection, Iterator, Mapping

import numpy as np

from experiments.proof.choices import split, utilities
from experiments.proof.problem_shapes import EVERY, ROUTINE, ChoiceFile, ProblemFile, StationsFile
from experiments.proof.problems import Choice, Network, follow, offered, reached
from sim.care.engine.hours import DAY, UNLIMITED
from sim.language.messages import Fault
from sim.reading.document import at, unknown
from sim.reading.strict_yaml import Value

MOST_VISITS = 2e7
MOST_STATIONS = 500
MOST_APART = 300.0
"""Utils between the best and the worst option; beyond that the share of the worst is no number any more."""


def name_faults(file: ProblemFile, tree: Value) -> Iterator[Fault]:
    """Find stations and classes nobody knows."""
    if isinstance(file.root, StationsFile):
        yield from _network_names(file.root, tree)
        return
    for name, option in file.root.options.items():
        if option.station is not None:
            yield from _unknown(option.station.service, ("options", name, "station", "service"), ROUTINE, tree)


def _unknown(given: Mapping[str, object], path: tuple[str, ...], known: Collection[str], tree: Value) -> Iterator[Fault]:
    """Find names that are not among the known ones."""
    yield from (unknown(tree, (*path, name), known) for name in given if name not in known and name != EVERY)


def _network_names(said: StationsFile, tree: Value) -> Iterator[Fault]:
    """Find stations and classes nobody knows, and arrivals that do not say of which class."""
    for name, desk in said.stations.items():
        yield from _unknown(desk.service, ("stations", name, "service"), said.classes, tree)
        yield from _unknown(desk.patience, ("stations", name, "patience"), said.classes, tree)
    yield from _unknown(said.arrivals, ("arrivals",), said.stations, tree)
    yield from _unknown(said.onward, ("onward",), said.stations, tree)
    for name, rates in said.arrivals.items():
        yield from _unknown(rates, ("arrivals", name), said.classes, tree)
        if EVERY in rates and len(said.classes) > 1:
            held = tree.at(("arrivals", name)).plain()
            yield Fault("value.not_these_names", at(tree, "arrivals", name), {"value": held, "wanted": ", ".join(said.classes)})
    for name, by_class in said.onward.items():
        yield from _unknown(by_class, ("onward", name), said.classes, tree)
        for each, shares in by_class.items():
            yield from _unknown(shares, ("onward", name) if each == EVERY else ("onward", name, each), said.stations, tree)


def run_faults(file: ProblemFile, tree: Value) -> Iterator[Fault]:
    """Find what keeps a problem whose names are right from being run, or from ever settling."""
    said = file.root
    yield from _choice_faults(said.body(), tree) if isinstance(said, ChoiceFile) else _network_faults(said.body(), tree)


def _network_faults(network: Network, tree: Value) -> Iterator[Fault]:
    """Find classes without a service where they come, traps nobody leaves, stations that can never keep up."""
    if len(network.stations) > MOST_STATIONS:
        yield Fault("verify.stations", at(tree, "stations"), {"value": len(network.stations), "most": MOST_STATIONS})
        return
    stuck = list(_stuck(network, tree))
    yield from stuck or _load_faults(network, tree)


def _stuck(network: Network, tree: Value) -> Iterator[Fault]:
    """Find classes without a service where they come, and traps nobody leaves."""
    for name in network.classes:
        coming = sorted(reached(network, name))
        for station in coming:
            if name not in network.stations[station].service:
                place = at(tree, "stations", station, "service")
                yield Fault("verify.no_service", place, {"station": station, "name": name})
        trapped = [station for station in coming if not _leaves(network, station, name)]
        if trapped:
            yield Fault("verify.trapped", at(tree, "onward"), {"station": trapped[0], "name": name})


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


def _load_faults(network: Network, tree: Value) -> Iterator[Fault]:
    """Find stations that get more work than they can ever do, and a run that would never end."""
    coming = {name: flows(network, name) for name in network.classes}
    visits = sum(sum(each.values()) for each in coming.values()) * network.hours * 60.0
    if visits > MOST_VISITS:
        yield Fault("verify.too_many", at(tree, "stations"), {"value": f"{visits:.3g}", "most": f"{MOST_VISITS:.3g}"})
    if any(station.places < UNLIMITED or station.patience or station.closing for station in network.stations.values()):
        return
    for name, station in network.stations.items():
        work = offered(station, {each: coming[each][name] for each in network.classes if each in station.service})
        if work >= station.servers:
            yield Fault("verify.overloaded", at(tree, "stations", name), {"work": f"{work:.4g}", "servers": station.servers})


def _choice_faults(choice: Choice, tree: Value) -> Iterator[Fault]:
    """Find what keeps waits from settling: they attract, nobody says how many come, or more come than can ever be served."""
    worth, patience = utilities(choice, {}), choice.tastes.per_wait_minute
    if float(np.ptp(worth)) > MOST_APART:
        yield Fault("verify.far_apart", at(tree, "utility"), {"value": f"{float(np.ptp(worth)):.4g}", "most": f"{MOST_APART:g}"})
        return
    if not choice.queues:
        return
    if choice.demand <= 0.0:
        yield Fault("value.missing", at(tree, "demand"), {"value": "demand"})
    if patience > 0.0:
        yield Fault("verify.wait_attracts", at(tree, "utility", "per_wait_minute"), {"value": patience})
    most = sum(station.servers / station.service["routine"].mean for station in choice.queues.values())
    if patience == 0.0:
        yield from _overloaded(choice, tree)
    elif len(choice.queues) == len(choice.options) and choice.demand >= most:
        written = tree.at(("demand",)).plain()
        yield Fault("verify.too_much_demand", at(tree, "demand"), {"value": written, "most": f"{most * 60:.4g} / h"})


def _overloaded(choice: Choice, tree: Value) -> Iterator[Fault]:
    """Find options that people who do not mind waiting would overload."""
    for (name, option), share in zip(choice.options.items(), split(utilities(choice, {})), strict=True):
        if option.station is not None:
            work = offered(option.station, {"routine": choice.demand * float(share)})
            if work >= option.station.servers:
                yield Fault("verify.overloaded", at(tree, "options", name), {"work": f"{work:.4g}", "servers": option.station.servers})
