"""What a problem file may say: stations with those who come to them, or options to choose among, in units as people write them."""

import math
import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BeforeValidator, Discriminator, Field, RootModel, Tag, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from experiments.proof.problems import Choice, Network, Option, Service, Station, Tastes
from sim.care.engine.hours import DAY, UNLIMITED
from sim.reading import units
from sim.reading.blocks import Part, Title
from sim.reading.units import Clock, Count, Number, Quantity, Share, Text, Unit, Yuan

MOST_SERVERS = 1000
MOST_HOURS = 10_000_000.0
HOURS, WARM_UP = 40_000.0, 0.1
ROUTINE = ("routine",)
DURATION = Unit("time", {"min": 1.0, "h": 60.0, "d": DAY, "分钟": 1.0, "小时": 60.0, "天": DAY}, 0.0, 1e9)
RATE = Unit("rate", {"/ h": 1 / 60.0, "/ d": 1 / DAY, "/ min": 1.0, "/ 小时": 1 / 60.0, "/ 天": 1 / DAY}, 0.0, 1e6)

T = TypeVar("T")


def rate(content: object) -> float:
    """Read how many come, '15 / h', into people a minute."""
    try:
        return units.quantity(RATE, re.sub(r"\s*/\s*", " / ", content) if isinstance(content, str) else content)
    except PydanticCustomError:
        raise units.fault("verify.not_a_rate", value=content) from None


def duration(content: object) -> float:
    """Read a time, '10 min' or '1 d', into minutes."""
    return units.quantity(DURATION, content)


def opening(content: object) -> object:
    """Take `always` for the whole day."""
    if content == "always":
        return {"from": "00:00", "to": "24:00"}
    if not isinstance(content, dict):
        raise units.fault("verify.open", value=content)
    return content


def _not_taken(names: tuple[str, ...]) -> tuple[str, ...]:
    """Want names of classes that differ."""
    taken = next((name for i, name in enumerate(names) if name in names[:i] or name == "all"), None)
    if taken is not None:
        raise units.fault("verify.class_name", value=taken)
    return names


def _at_most_all(shares: Mapping[str, float]) -> Mapping[str, float]:
    """Want shares that do not add up to more than the whole."""
    if sum(shares.values()) > 1.0 + 1e-9:
        raise units.fault("verify.shares", value=f"{sum(shares.values()):.4%}")
    return shares


def _has_blocks(content: Any) -> str:
    """Tell blocks by their names from a single one."""
    return "each" if isinstance(content, dict) and any(isinstance(inner, dict) for inner in content.values()) else "once"


def _has_names(content: Any) -> str:
    """Tell values by their names from a single one."""
    return "each" if isinstance(content, dict) else "once"


def _for_all(value: T) -> dict[str, T]:
    """Keep what is given once, for all classes."""
    return {EVERY: value}


def by_class(given: Mapping[str, T], classes: tuple[str, ...]) -> dict[str, T]:
    """Give to each class what is given once for all, or what is given for it."""
    return dict.fromkeys(classes, given[EVERY]) if EVERY in given else dict(given)


EVERY = ""
"""Stands for all classes; no file can name it."""
Once = Annotated[T, AfterValidator(_for_all), Tag("once")]
Each = Annotated[Mapping[str, T], Tag("each")]
ByClass = Annotated[Once[T] | Each[T], Discriminator(_has_blocks)]
Rate = Annotated[float, BeforeValidator(rate)]
Rates = Annotated[Once[Rate] | Each[Rate], Discriminator(_has_names)]
Duration = Annotated[float, BeforeValidator(duration), Field(gt=0)]
Classes = Annotated[tuple[Text, ...], Field(min_length=1), AfterValidator(_not_taken)]
Shares = Annotated[Mapping[str, Share], Field(min_length=1), AfterValidator(_at_most_all)]


class Spread(Part):
    """How long a service takes."""

    mean: Duration
    """Its mean."""
    cv2: Annotated[Number, Field(ge=0)] = 1.0
    """Its squared coefficient of variation: 0 constant, 1 exponential, else lognormal."""


class Patience(Part):
    """How long people wait before they leave, exponential."""

    mean: Duration
    """Its mean."""


class Opening(Part):
    """When a station is open."""

    from_: Clock = Field(alias="from")
    to: Clock

    @field_validator("to")
    @classmethod
    def _later(cls, closes: float, info: ValidationInfo) -> float:
        """Want a later time of the same day."""
        opens = info.data.get("from_", 0.0)
        if closes <= opens:
            raise units.fault("verify.closes", value=_clock(closes), opens=_clock(opens))
        return closes


def _clock(minutes: float) -> str:
    """Write a time of day."""
    return f"{int(minutes) // 60:02d}:{int(minutes) % 60:02d}"


class Desk(Part):
    """Where people are served: how many at a time, and for how long."""

    servers: Annotated[Count, Field(ge=1, le=MOST_SERVERS)]
    service: ByClass[Spread]

    def services(self, classes: tuple[str, ...]) -> dict[str, Service]:
        """Give the service of each class."""
        return {name: Service(one.mean, one.cv2) for name, one in by_class(self.service, classes).items()}


class OpenDesk(Desk):
    """A station of a network: also when it is open, how many may wait, and how long they do."""

    open: Annotated[Opening, BeforeValidator(opening)] = Field(default="always", validate_default=True)
    places: Count = UNLIMITED
    patience: ByClass[Patience] = Field(default_factory=dict)

    def station(self, classes: tuple[str, ...]) -> Station:
        """Give the station of the model."""
        patience = {name: one.mean for name, one in by_class(self.patience, classes).items()}
        return Station(self.servers, self.services(classes), self.open.from_, self.open.to, min(self.places, UNLIMITED), patience)


class Alternative(Part):
    """Something one can choose: what it is worth, how far it is, what it costs, what the fund pays, and where one waits."""

    constant: Number = 0.0
    km: Number = 0.0
    price: Yuan = 0.0
    fund_share: Share = 0.0
    station: Desk | None = None

    def option(self) -> Option:
        """Give the option of the model."""
        station = Station(self.station.servers, self.station.services(ROUTINE)) if self.station is not None else None
        return Option(self.constant, self.km, self.price, self.fund_share, station)


class Exact(Part):
    """A figure whose exact value is known: where it stands in the answer, and how far off it may be."""

    figure: Text
    value: Number
    cap: Quantity | None = None


class Common(Part):
    """What every problem file may say: its title, the known figures, the hours simulated, and those of them that do not count."""

    title: Title | None = None
    exact: tuple[Exact, ...] = ()
    hours: Annotated[Number, Field(gt=0, le=MOST_HOURS)] = HOURS
    warm_up: Annotated[Number, Field(ge=0)] | None = None

    @field_validator("warm_up")
    @classmethod
    def _shorter(cls, warm_up: float | None, info: ValidationInfo) -> float | None:
        """Want a warm-up that ends."""
        hours = info.data.get("hours", math.inf)
        if warm_up is not None and warm_up >= hours:
            raise units.fault("verify.warm_up", value=warm_up, hours=hours)
        return warm_up

    @property
    def begins(self) -> float:
        """The hour from which on figures count."""
        return self.hours * WARM_UP if self.warm_up is None else self.warm_up


class StationsFile(Common):
    """A network of stations: who comes from outside (station -> class -> rate), and who goes on where (station -> class -> station)."""

    kind: Literal["stations"]
    classes: Classes = ROUTINE
    stations: Annotated[Mapping[str, OpenDesk], Field(min_length=1)]
    arrivals: Annotated[Mapping[str, Rates], Field(min_length=1)]
    onward: Mapping[str, ByClass[Shares]] = Field(default_factory=dict)

    def body(self) -> Network:
        """Give the network of the model."""
        stations = {name: desk.station(self.classes) for name, desk in self.stations.items()}
        return Network(self.hours, self.begins, self.classes, stations, self._flat(self.arrivals), self._flat(self.onward))

    def _flat(self, given: Mapping[str, Mapping[str, T]]) -> dict[tuple[str, str], T]:
        """Give by station and class what is given by station."""
        return {(at, name): value for at, inner in given.items() for name, value in by_class(inner, self.classes).items()}


class ChoiceFile(Common):
    """A choice among options: how many come, and what they care about."""

    kind: Literal["choice"]
    demand: Rate = 0.0
    utility: Tastes
    options: Annotated[Mapping[str, Alternative], Field(min_length=1)]

    def body(self) -> Choice:
        """Give the choice of the model."""
        options = {name: one.option() for name, one in self.options.items()}
        return Choice(self.demand, self.utility, options, self.hours, self.begins)


class ProblemFile(RootModel[Annotated[StationsFile | ChoiceFile, Field(discriminator="kind")]]):
    """A file of `tiercare verify`."""
