"""Read roads (道路) from an edge list in CSV or from GraphML, and refuse what is no road."""

import math
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import ClassVar
from xml.etree.ElementTree import ParseError

import networkx as nx
from pydantic import ConfigDict, Field, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from sim.language.messages import Fault, UserError, refuse
from sim.reading.cells import cell_number
from sim.reading.tables import Row, checked_row, checked_rows, table_text
from sim.reading.units import fault

MOST_MINUTES = 100_000.0
MOST_NODES = 30_000
DECLARATION = re.compile("<!(DOCTYPE|ENTITY)", re.IGNORECASE)


class Road(Row):
    """A road between two nodes, both ways; what else a table says of it is not read."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore", str_strip_whitespace=True)

    start: str = Field(alias="from")
    end: str = Field(alias="to")
    minutes: float
    kilometres: float = math.nan

    @field_validator("end")
    @classmethod
    def _leads_elsewhere(cls, end: str, info: ValidationInfo) -> str:
        """Want two ends that are not the same."""
        start = info.data["start"]
        if not (start and end):
            raise fault("grid.no_node", start=start or "?", end=end or "?")
        if start == end:
            raise fault("grid.loop", value=start)
        return end

    @field_validator("minutes", mode="before")
    @classmethod
    def _takes_time(cls, word: str, info: ValidationInfo) -> float:
        """Read how long the road takes."""
        size = _size(word)
        if math.isnan(size):
            raise fault("grid.minutes", value=word, start=info.data["start"] or "?", end=info.data.get("end", "?"))
        return size

    @field_validator("kilometres", mode="before")
    @classmethod
    def _has_a_length(cls, word: str, info: ValidationInfo) -> float:
        """Read how long the road is, where the table says so."""
        size = _size(word)
        if math.isnan(size) and word.strip():
            raise fault("grid.kilometres", value=word, start=info.data["start"] or "?", end=info.data.get("end", "?"))
        return size


def _size(word: str) -> float:
    """Read a number from 0 to the most a road can take; not a number where it is none."""
    try:
        size = cell_number(word)
    except PydanticCustomError:
        return math.nan
    return size if 0 <= size <= MOST_MINUTES else math.nan


def read_roads(path: Path) -> nx.Graph:
    """Read a road network whose edges carry `minutes` and, where the file has them, `kilometres`.

    path    : a CSV file with the columns from, to, minutes and perhaps kilometres, or a GraphML file (`.graphml`) whose edges carry
              `minutes`; roads go both ways
    returns : undirected graph, its nodes and edges in sorted order
    raises  : UserError with a fault for each missing column, name, or number, each number that is none or below 0, each road from a
              node to itself, and each pair of nodes given twice with different minutes
    """
    faults: list[Fault] = []
    roads: dict[tuple[str, str], Road] = {}
    for place, road in _graphml_rows(path, faults) if path.suffix.lower() == ".graphml" else checked_rows(path, Road, faults):
        start, end = sorted((road.start, road.end))
        first = roads.setdefault((start, end), road)
        if first.minutes != road.minutes:
            values = {"start": start, "end": end, "value": f"{road.minutes:g}", "first": f"{first.minutes:g}"}
            faults.append(Fault("grid.twice", place, values))
    if not roads and not faults:
        faults.append(Fault("grid.empty", path.name, {}))
    if len({node for ends in roads for node in ends}) > MOST_NODES:
        faults.append(Fault("table.too_many", path.name, {"most": MOST_NODES}))
    if faults:
        raise UserError(faults)
    return _graph(roads.items())


def _graph(roads: Iterable[tuple[tuple[str, str], Road]]) -> nx.Graph:
    """Make the graph, in sorted order so that no file's order matters."""
    graph = nx.Graph()
    ordered = sorted(roads, key=lambda road: road[0])
    graph.add_nodes_from(sorted({node for ends, _ in ordered for node in ends}))
    for (start, end), road in ordered:
        graph.add_edge(start, end, minutes=road.minutes)
        if not math.isnan(road.kilometres):
            graph.edges[start, end]["kilometres"] = road.kilometres
    return graph


def _graphml_rows(path: Path, faults: list[Fault]) -> Iterator[tuple[str, Road]]:
    """Walk through the sound edges of a GraphML file."""
    text = table_text(path)
    if DECLARATION.search(text):
        raise refuse("grid.declaration", path.name)
    try:
        graph = nx.parse_graphml(text)
    except (ParseError, nx.NetworkXException, ValueError, KeyError, TypeError, AttributeError, StopIteration) as error:
        reason = " ".join(str(error).split()) or type(error).__name__
        raise refuse("grid.unreadable", path.name, value=path.name, reason=reason) from error
    for number, (start, end, words) in enumerate(graph.edges(data=True), 1):
        place = f"{path.name}, edge {number}"
        cells = {"from": str(start), "to": str(end), **{name: str(words.get(name, "")) for name in ("minutes", "kilometres")}}
        road = checked_row(place, cells, Road, faults)
        if road is not None:
            yield place, road
