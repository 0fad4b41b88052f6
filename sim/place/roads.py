"""Read roads (道路) from an edge list in CSV or from GraphML, and refuse what is no road."""

import csv
import io
import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree.ElementTree import ParseError

import networkx as nx

from sim.language.messages import Fault, UserError, nearest, refuse
from sim.reading.strict_yaml import LARGEST_TABLE, read_text

COLUMNS = ("from", "to", "minutes")
MOST_MINUTES = 100_000.0
MOST_NODES = 30_000
DECLARATION = re.compile("<!(DOCTYPE|ENTITY)", re.IGNORECASE)


class Words(NamedTuple):
    """One road as the file writes it."""

    place: str
    """File and line."""
    start: str
    end: str
    minutes: str
    kilometres: str


class Road(NamedTuple):
    """One road that was found sound."""

    start: str
    end: str
    minutes: float
    kilometres: float


def read_roads(path: Path) -> nx.Graph:
    """Read a road network whose edges carry `minutes` and, where the file has them, `kilometres`.

    path    : a CSV file with the columns from, to, minutes and perhaps kilometres, or a GraphML file (`.graphml`) whose edges carry
              `minutes`; roads go both ways
    returns : undirected graph, its nodes and edges in sorted order
    raises  : UserError with a fault for each missing column, name, or number, each number that is none or below 0, each road from a
              node to itself, and each pair of nodes given twice with different minutes
    """
    rows = list(_graphml_rows(path) if path.suffix.lower() == ".graphml" else _csv_rows(path))
    faults: list[Fault] = []
    roads: dict[tuple[str, str], Road] = {}
    for row in rows:
        found = _row_faults(row)
        if not found:
            found = _add(roads, row)
        faults += found
    if not rows:
        faults.append(Fault("grid.empty", path.name, {}))
    if len({node for ends in roads for node in ends}) > MOST_NODES:
        faults.append(Fault("table.too_many", path.name, {"most": MOST_NODES}))
    if faults:
        raise UserError(faults)
    return graph_of(roads.values())


def graph_of(roads: Iterable[Road]) -> nx.Graph:
    """Make the graph, in sorted order so that no file's order matters."""
    graph = nx.Graph()
    ordered = sorted(roads)
    graph.add_nodes_from(sorted({node for road in ordered for node in road[:2]}))
    for road in ordered:
        graph.add_edge(road.start, road.end, minutes=road.minutes)
        if not math.isnan(road.kilometres):
            graph.edges[road.start, road.end]["kilometres"] = road.kilometres
    return graph


def _csv_rows(path: Path) -> Iterator[Words]:
    """Walk through an edge list; a byte-order mark, as spreadsheets write it, is allowed."""
    try:
        reader = csv.DictReader(io.StringIO(_text(path), newline=""), restval="")
        _want_columns(path, [name.strip() for name in reader.fieldnames or []])
        for row in reader:
            words = {str(name).strip(): str(word).strip() for name, word in row.items()}
            yield Words(f"{path.name}:{reader.line_num}", words["from"], words["to"], words["minutes"], words.get("kilometres", ""))
    except csv.Error as error:
        raise UserError([_unreadable(path, error)]) from error


def _text(path: Path) -> str:
    """Read a road file of sensible size."""
    try:
        return read_text(path, LARGEST_TABLE)
    except UserError as error:
        if error.faults[0].key != "file.none":
            raise
        beside = sorted(other.name for other in path.parent.glob("*"))
        raise refuse("grid.no_file", path.name, value=path.name, near=nearest(path.name, beside)) from None


def _graphml_rows(path: Path) -> Iterator[Words]:
    """Walk through the edges of a GraphML file."""
    text = _text(path)
    if DECLARATION.search(text):
        raise refuse("grid.declaration", path.name)
    try:
        graph = nx.parse_graphml(text)
    except (ParseError, nx.NetworkXException, ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        raise UserError([_unreadable(path, error)]) from error
    for number, (start, end, words) in enumerate(graph.edges(data=True), 1):
        minutes, kilometres = (str(words.get(name, "")) for name in ("minutes", "kilometres"))
        yield Words(f"{path.name}, edge {number}", start, end, minutes, kilometres)


def _unreadable(path: Path, error: Exception) -> Fault:
    """Say why a file could not be read."""
    reason = " ".join(str(error).split()) or type(error).__name__
    return Fault("grid.unreadable", path.name, {"value": path.name, "reason": reason})


def _want_columns(path: Path, header: list[str]) -> None:
    """Refuse an edge list without the columns it needs."""
    missing = [name for name in COLUMNS if name not in header]
    seen = ", ".join(header) or "-"
    if missing:
        raise UserError(
            Fault("grid.column", f"{path.name}:1", {"value": name, "seen": seen, "near": nearest(name, header)}) for name in missing
        )


def _row_faults(row: Words) -> list[Fault]:
    """Say what is wrong with a road taken by itself."""
    named: dict[str, object] = {"start": row.start or "?", "end": row.end or "?"}
    faults = [Fault("grid.no_node", row.place, named)] if not (row.start and row.end) else []
    if row.start and row.start == row.end:
        faults.append(Fault("grid.loop", row.place, {"value": row.start}))
    if not _quantity(row.minutes):
        faults.append(Fault("grid.minutes", row.place, named | {"value": row.minutes}))
    if row.kilometres and not _quantity(row.kilometres):
        faults.append(Fault("grid.kilometres", row.place, named | {"value": row.kilometres}))
    return faults


def _quantity(word: str) -> bool:
    """Say whether a word is a number from 0 to the most a road can take."""
    try:
        number = float(word)
    except ValueError:
        return False
    return 0 <= number <= MOST_MINUTES


def _add(roads: dict[tuple[str, str], Road], row: Words) -> list[Fault]:
    """Keep a road under its pair of nodes; a second one with other minutes is a fault."""
    start, end = sorted((row.start, row.end))
    road = Road(start, end, float(row.minutes), float(row.kilometres) if row.kilometres else math.nan)
    first = roads.setdefault((start, end), road)
    if first.minutes == road.minutes:
        return []
    return [Fault("grid.twice", row.place, {"start": start, "end": end, "value": f"{road.minutes:g}", "first": f"{first.minutes:g}"})]
