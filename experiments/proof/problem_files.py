"""Read the files of `tiercare verify`: YAML in, a `Problem` out, or a UserError with every fault of the file at its line."""

from collections.abc import Collection, Mapping
from pathlib import Path

from experiments.proof.problem_checks import check_choice, check_network
from experiments.proof.problems import Choice, Known, Network, Option, Problem, Service, Station, Tastes
from experiments.proof.reading import Reading, below, duration, rate, share, yuan
from sim.care.engine.hours import DAY, UNLIMITED
from sim.language.messages import UserError, nearest, refuse
from sim.reading import units
from sim.reading.strict_yaml import Value, parse, read_text

MOST_SERVERS = 1000
MOST_HOURS = 10_000_000.0
HOURS, WARM_UP = 40_000.0, 0.1
CAP, SURE_CAP = 0.05, 0.001
ROUTINE = ("routine",)

ALWAYS = "always"
COMMON = ("kind", "title", "exact", "hours", "warm_up")
NETWORK = (*COMMON, "classes", "stations", "arrivals", "onward")
CHOICE = (*COMMON, "demand", "utility", "options")
STATION = ("servers", "service", "open", "places", "patience")
OPTION = ("constant", "km", "price", "fund_share", "station")
TASTES = ("per_km", "per_yuan", "per_wait_minute")
KINDS = ("stations", "choice")


def read_problem(path: Path) -> Problem:
    """Read one file; raises UserError with all its faults."""
    tree = parse(read_text(path), str(path), path.parent)
    if not isinstance(tree.content, dict):
        raise refuse("verify.not_a_problem", tree.place, value=path.name)
    reading = Reading()
    kind = tree.content.get("kind")
    if kind is None or kind.content not in KINDS:
        word = kind.content if kind else "..."
        place = f"{(kind or tree).place}: kind"
        raise refuse("verify.no_kind", place, value=word, wanted=", ".join(KINDS), near=nearest(word, KINDS))
    body = _network(reading, tree) if kind.content == "stations" else _choice(reading, tree)
    known, titles = _known(reading, tree, body), _titles(reading, tree, path.stem)
    if reading.faults:
        raise UserError(reading.faults)
    return Problem(path.stem, titles, body, known)


def _titles(reading: Reading, tree: Value, name: str) -> Mapping[str, str]:
    """Read the title in both languages; a file without one is called by its name."""
    title = tree.content.get("title")
    if title is None:
        return {"en": name, "zh": name}
    words = reading.mapping(title, "title", ("en", "zh"), ("en", "zh"))
    return {lang: reading.read(units.text, word, below("title", lang), name) for lang, word in words.items()}


def _known(reading: Reading, tree: Value, body: Network | Choice) -> tuple[Known, ...]:
    """Read the figures whose exact values are known."""
    listed = tree.content.get("exact")
    if listed is None:
        return ()
    if not isinstance(listed.content, list):
        reading.complain("verify.not_a_list", listed, "exact", value=listed.plain())
        return ()
    usual = SURE_CAP if isinstance(body, Choice) and not body.queues else CAP
    known = []
    for i, item in enumerate(listed.content):
        path = f"exact.{i}"
        parts = reading.mapping(item, path, ("figure", "value", "cap"), ("figure", "value"))
        figure = reading.read(units.text, parts.get("figure"), below(path, "figure"), "")
        value = reading.read(units.number, parts.get("value"), below(path, "value"), 0.0)
        known.append(Known(figure, value, reading.read(units.any_quantity, parts.get("cap"), below(path, "cap"), usual)))
    return tuple(known)


def _span(reading: Reading, parts: Mapping[str, Value]) -> tuple[float, float]:
    """Read how many hours are simulated, and how many of them are warm-up."""
    hours = reading.read(units.number, parts.get("hours"), "hours", HOURS)
    warm_up = reading.read(units.number, parts.get("warm_up"), "warm_up", hours * WARM_UP)
    if not 0.0 < hours <= MOST_HOURS:
        reading.complain("verify.hours", parts["hours"], "hours", value=hours, most=MOST_HOURS)
    elif not 0.0 <= warm_up < hours:
        reading.complain("verify.warm_up", parts["warm_up" if "warm_up" in parts else "hours"], "warm_up", value=warm_up, hours=hours)
    return hours, warm_up


def _network(reading: Reading, tree: Value) -> Network:
    """Read a network of stations."""
    parts = reading.mapping(tree, "", NETWORK, ("kind", "stations", "arrivals"))
    hours, warm_up = _span(reading, parts)
    classes = _classes(reading, parts.get("classes"))
    each = reading.mapping(parts["stations"], "stations") if "stations" in parts else {}
    stations = {name: _station(reading, value, f"stations.{name}", classes) for name, value in each.items()}
    arrivals = _arrivals(reading, parts.get("arrivals"), classes, stations)
    onward = _onward(reading, parts.get("onward"), classes, stations)
    network = Network(hours, warm_up, classes, stations, arrivals, onward)
    if not reading.faults:
        check_network(reading, parts, network)
    return network


def _classes(reading: Reading, value: Value | None) -> tuple[str, ...]:
    """Read the classes; without any there is one, `routine`."""
    if value is None:
        return ROUTINE
    if not isinstance(value.content, list) or not value.content:
        reading.complain("verify.not_a_list", value, "classes", value=value.plain())
        return ROUTINE
    names = [reading.read(units.text, item, f"classes.{i}", "") for i, item in enumerate(value.content)]
    for i, name in enumerate(names):
        if name in names[:i] or name == "all":
            reading.complain("verify.class_name", value.content[i], f"classes.{i}", value=name)
    return tuple(names)


def _station(reading: Reading, value: Value, path: str, classes: Collection[str]) -> Station:
    """Read one station."""
    parts = reading.mapping(value, path, STATION, ("servers", "service"))
    servers = reading.read(units.count, parts.get("servers"), below(path, "servers"), 1)
    if not 1 <= servers <= MOST_SERVERS:
        reading.complain("verify.servers", parts["servers"], below(path, "servers"), value=servers, most=MOST_SERVERS)
    places = reading.read(units.count, parts.get("places"), below(path, "places"), UNLIMITED)
    opens, closes = _hours(reading, parts.get("open"), below(path, "open"))
    service = _by_class(reading, parts.get("service"), below(path, "service"), classes, ("mean", "cv2"))
    patience = _by_class(reading, parts.get("patience"), below(path, "patience"), classes, ("mean",))
    return Station(
        servers,
        {name: Service(*numbers) for name, numbers in service.items()},
        opens,
        closes,
        min(places, UNLIMITED),
        {name: numbers[0] for name, numbers in patience.items()},
    )


def _hours(reading: Reading, value: Value | None, path: str) -> tuple[float, float]:
    """Read opening hours: `always`, or {from, to}."""
    if value is None or value.content == ALWAYS:
        return 0.0, DAY
    if not isinstance(value.content, dict):
        reading.complain("verify.open", value, path, value=value.plain())
        return 0.0, DAY
    parts = reading.mapping(value, path, ("from", "to"), ("from", "to"))
    opens = reading.read(units.clock, parts.get("from"), below(path, "from"), 0.0)
    closes = reading.read(units.clock, parts.get("to"), below(path, "to"), DAY)
    if closes <= opens:
        reading.complain("verify.closes", parts["to"], below(path, "to"), value=parts["to"].content, opens=parts["from"].content)
    return opens, closes


def _by_class(
    reading: Reading, value: Value | None, path: str, classes: Collection[str], names: tuple[str, ...]
) -> dict[str, tuple[float, ...]]:
    """Read {mean, cv2} or {mean}, given once for all classes or for each by name."""
    if value is None:
        return {}
    if isinstance(value.content, dict) and set(value.content) & set(names):
        return dict.fromkeys(classes, _spread(reading, value, path, names))
    each = reading.mapping(value, path, classes)
    return {name: _spread(reading, inner, below(path, name), names) for name, inner in each.items()}


def _spread(reading: Reading, value: Value, path: str, names: tuple[str, ...]) -> tuple[float, ...]:
    """Read a mean and, where it is among the names, a squared coefficient of variation (1 where it is left out)."""
    parts = reading.mapping(value, path, names, ("mean",))
    mean = reading.read(duration, parts.get("mean"), below(path, "mean"), 1.0)
    cv2 = reading.read(units.number, parts.get("cv2"), below(path, "cv2"), 1.0)
    if cv2 < 0.0:
        reading.complain("verify.negative", parts["cv2"], below(path, "cv2"), value=cv2)
    return (mean, cv2)[: len(names)]


def _arrivals(reading: Reading, value: Value | None, classes: tuple[str, ...], stations: Collection[str]) -> dict[tuple[str, str], float]:
    """Read who comes from outside: station -> class -> rate; with one class, station -> rate will do."""
    arrivals = {}
    for station, inner in reading.mapping(value, "arrivals", stations).items() if value else ():
        path = f"arrivals.{station}"
        if len(classes) == 1 and isinstance(inner.content, str):
            arrivals[station, classes[0]] = reading.read(rate, inner, path, 0.0)
            continue
        for name, each in reading.mapping(inner, path, classes).items():
            arrivals[station, name] = reading.read(rate, each, below(path, name), 0.0)
    return arrivals


def _onward(
    reading: Reading, value: Value | None, classes: tuple[str, ...], stations: Collection[str]
) -> dict[tuple[str, str], dict[str, float]]:
    """Read who goes on where: station -> station -> share, or station -> class -> station -> share."""
    onward: dict[tuple[str, str], dict[str, float]] = {}
    for start, inner in reading.mapping(value, "onward", stations).items() if value else ():
        path = f"onward.{start}"
        by_class = isinstance(inner.content, dict) and set(inner.content) <= set(classes) and not set(inner.content) & set(stations)
        each = reading.mapping(inner, path, classes) if by_class else dict.fromkeys(classes, inner)
        for name, shares in each.items():
            where = below(path, name) if by_class else path
            to = {s: reading.read(share, v, below(where, s), 0.0) for s, v in reading.mapping(shares, where, stations).items()}
            if sum(to.values()) > 1.0 + 1e-9:
                reading.complain("verify.shares", shares, where, value=f"{sum(to.values()):.4%}")
            onward[start, name] = to
    return onward


def _choice(reading: Reading, tree: Value) -> Choice:
    """Read a choice among options."""
    parts = reading.mapping(tree, "", CHOICE, ("kind", "utility", "options"))
    hours, warm_up = _span(reading, parts)
    worth = reading.mapping(parts["utility"], "utility", TASTES) if "utility" in parts else {}
    tastes = Tastes(**{name: reading.read(units.number, value, below("utility", name), 0.0) for name, value in worth.items()})
    each = reading.mapping(parts["options"], "options") if "options" in parts else {}
    options = {name: _option(reading, value, f"options.{name}") for name, value in each.items()}
    choice = Choice(reading.read(rate, parts.get("demand"), "demand", 0.0), tastes, options, hours, warm_up)
    if not reading.faults:
        check_choice(reading, parts, choice)
    return choice


def _option(reading: Reading, value: Value, path: str) -> Option:
    """Read one option."""
    parts = reading.mapping(value, path, OPTION)
    station = parts.get("station")
    if station is not None:
        reading.mapping(station, below(path, "station"), ("servers", "service"))
    return Option(
        reading.read(units.number, parts.get("constant"), below(path, "constant"), 0.0),
        reading.read(units.number, parts.get("km"), below(path, "km"), 0.0),
        reading.read(yuan, parts.get("price"), below(path, "price"), 0.0),
        reading.read(share, parts.get("fund_share"), below(path, "fund_share"), 0.0),
        _station(reading, station, below(path, "station"), ROUTINE) if station is not None else None,
    )
