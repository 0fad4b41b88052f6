"""Problems with known answers: networks of stations, and choices among options, as a file of `tiercare verify` states them.

Times are in minutes, rates per minute while open, money in yuan, distances in kilometres, shares 0..1.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from sim.care.engine.hours import DAY, UNLIMITED
from sim.reading.blocks import Part
from sim.reading.units import Number


@dataclass(frozen=True)
class Service:
    """How long a service takes: its mean, and its squared coefficient of variation (0 constant, 1 exponential, else lognormal)."""

    mean: float
    cv2: float


@dataclass(frozen=True)
class Station:
    """Where people are served: how many at a time, for how long, behind how many places, and when."""

    servers: int
    service: Mapping[str, Service]
    """Class -> service; a class that never comes may be left out."""
    opens: float = 0.0
    closes: float = DAY
    places: int = UNLIMITED
    patience: Mapping[str, float] = field(default_factory=dict)
    """Class -> mean of an exponential patience; a class left out waits for ever."""

    @property
    def closing(self) -> bool:
        """Say whether the station ever closes."""
        return self.opens > 0.0 or self.closes < DAY


@dataclass(frozen=True)
class Network:
    """Stations, who comes to them from outside, and who goes on from one to another."""

    hours: float
    warm_up: float
    classes: tuple[str, ...]
    """The first named is served first."""
    stations: Mapping[str, Station]
    arrivals: Mapping[tuple[str, str], float]
    """(station, class) -> arrivals a minute while the station is open, Poisson."""
    onward: Mapping[tuple[str, str], Mapping[str, float]] = field(default_factory=dict)
    """(station, class) -> station -> share of those served there who go on to it at once."""


@dataclass(frozen=True)
class Option:
    """Something one can choose: where it is, what it costs, and whether one waits there."""

    constant: float
    kilometres: float = 0.0
    price: float = 0.0
    fund_share: float = 0.0
    station: Station | None = None

    @property
    def out_of_pocket(self) -> float:
        """What the patient pays, in yuan."""
        return self.price * (1.0 - self.fund_share)


class Tastes(Part):
    """What a kilometre, a yuan and a minute of waiting are worth, in utils."""

    per_km: Number = 0.0
    per_yuan: Number = 0.0
    per_wait_minute: Number = 0.0


@dataclass(frozen=True)
class Choice:
    """A logit choice among options; where one waits, people expect the long-run mean wait, and shares and waits settle together."""

    demand: float
    """People a minute."""
    tastes: Tastes
    options: Mapping[str, Option]
    hours: float = 40_000.0
    warm_up: float = 4_000.0

    @property
    def queues(self) -> dict[str, Station]:
        """The options where one waits."""
        return {name: option.station for name, option in self.options.items() if option.station is not None}


@dataclass(frozen=True)
class Known:
    """A figure whose exact value is known: where it stands in the answer, and how far off it may be."""

    figure: str
    """Dotted path in the answer, e.g. `stations.primary.all.wait_h`."""
    exact: float
    cap: float
    """Relative; the tolerance is the larger of four standard errors and this, and never more than three times this."""


@dataclass(frozen=True)
class Problem:
    """A problem as read from a file."""

    name: str
    titles: Mapping[str, str]
    """Language -> title."""
    body: Network | Choice
    known: tuple[Known, ...] = ()


def offered(station: Station, rates: Mapping[str, float]) -> float:
    """Say how many servers the arrivals (class -> a minute) would keep busy."""
    return math.fsum(rate * station.service[name].mean for name, rate in rates.items())


def reached(network: Network, name: str) -> set[str]:
    """List the stations where patients of a class come, from outside or from another station."""
    reached = {station for (station, each), rate in network.arrivals.items() if each == name and rate > 0.0}
    return follow(reached, {s: [to for to, share in network.onward.get((s, name), {}).items() if share > 0.0] for s in network.stations})


def follow(begun: set[str], steps: Mapping[str, list[str]]) -> set[str]:
    """Follow steps from the stations begun with until no new one is found."""
    found, edge = set(begun), set(begun)
    while edge:
        edge = {to for station in edge for to in steps[station]} - found
        found |= edge
    return found
