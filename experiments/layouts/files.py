"""Layouts as files: YAML, CSV and GeoJSON, and the scenarios that take them; who borders on whom, to be looked at and changed."""

import csv
import io
import json
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import networkx as nx

from sim.language.messages import Fault, UserError, nearest, refuse
from sim.reading.tables import Row, checked_rows
from sim.reading.units import Text
from sim.scenario.layout import Layout, features_of
from sim.scenario.merging import SCENARIOS
from sim.scenario.scenario import Scenario

LAYOUTS, NEIGHBOURS = "layouts", "neighbours.csv"
FILE_NAME = re.compile(r"\w[\w .-]{0,99}")
"""What the name of a layout may be: files are called by it."""
PLAIN = re.compile(r"(?!(?i:y|n|no|yes|on|off|null|true|false)$)[A-Za-z][A-Za-z0-9_-]*")
"""A word that YAML takes as it is."""


class Named(NamedTuple):
    """A layout with its name."""

    name: str
    title: Mapping[str, str]
    groups: Mapping[str, tuple[str, Sequence[str]]]
    """Group -> its lead and towns."""


def of_scenario(scenario: Scenario, name: str, title: Mapping[str, str]) -> Named:
    """Give the layout a scenario has."""
    return Named(name, title, {key: (group.lead, list(group.towns)) for key, group in scenario.groups.items()})


def of_file(layout: Layout) -> Named:
    """Give a layout that was read."""
    title = {"en": layout.title.en, "zh": layout.title.zh} if layout.title is not None else {"en": layout.name, "zh": layout.name}
    return Named(layout.name, title, {key: (group.lead, list(group.towns)) for key, group in layout.groups.items()})


def group_called(lead: str, scenario: Scenario) -> str:
    """Name the group of a lead: as the scenario does, else by the lead."""
    return next((key for key, group in scenario.groups.items() if group.lead == lead), lead)


def yaml_of(layout: Named) -> str:
    """Write a layout as YAML."""
    lines = [f"name: {_quoted(layout.name)}", f"title: {{en: {_quoted(layout.title['en'])}, zh: {_quoted(layout.title['zh'])}}}"]
    if not layout.groups:
        return "\n".join([*lines, "groups: {}", ""])
    lines.append("groups:")
    for key, (lead, towns) in sorted(layout.groups.items()):
        lines.append(f"  {_quoted(key)}: {{lead: {_quoted(lead)}, towns: [{', '.join(map(_quoted, towns))}]}}")
    return "\n".join([*lines, ""])


def _quoted(word: str) -> str:
    """Write a word in YAML: as it is where that is plain, else in quotes."""
    return word if PLAIN.fullmatch(word) else json.dumps(word, ensure_ascii=False)


def csv_of(layout: Named) -> str:
    """Write a layout as CSV, a line a town."""
    text = io.StringIO()
    lines = csv.writer(text, lineterminator="\n")
    lines.writerow(("town", "group", "lead"))
    lines.writerows((town, key, lead) for key, (lead, towns) in sorted(layout.groups.items()) for town in towns)
    return text.getvalue()


def geojson_of(layout: Named, scenario: Scenario) -> str:
    """Write a layout as GeoJSON: a point a town, where its centre stands (WGS 84), with its group and lead."""
    member = {town: (key, lead) for key, (lead, towns) in layout.groups.items() for town in towns}
    features: list[dict[str, Any]] = []
    for row in sorted(scenario.tables.towns, key=lambda row: row.town):
        key, lead = member.get(row.town, (None, None))
        point = {"type": "Point", "coordinates": [row.longitude, row.latitude]}
        words = {"town": row.town, "name_zh": row.town_zh, "residents": row.residents, "group": key, "lead": lead}
        features.append({"type": "Feature", "properties": words, "geometry": point})
    return json.dumps({"type": "FeatureCollection", "name": layout.name, "features": features}, ensure_ascii=False, indent=1) + "\n"


def scenario_of(base: str, name: str, layout: str) -> str:
    """Write the scenario that is another under a layout.

    base, layout : name or path of the scenario; path of the layout from where the new one lies
    """
    words = {"name": name, "extends": under(base), "layout": layout}
    return "".join(f"{key}: {json.dumps(word, ensure_ascii=False)}\n" for key, word in words.items())


def under(base: str) -> str:
    """Write what a scenario extends so that it is found wherever its file lies: a name of the package, or a whole path."""
    return base if (SCENARIOS / f"{base}.yaml").is_file() else str(Path(base).resolve())


def put(folder: Path, layout: Named, scenario: Scenario, base: str) -> Path:
    """Write a layout in all its forms, and the scenario that takes it; returns the scenario's file. Raises UserError."""
    if not FILE_NAME.fullmatch(layout.name):
        raise refuse("layout.bad_name", "", value=layout.name)
    try:
        (folder / LAYOUTS).mkdir(parents=True, exist_ok=True)
        texts = {".yaml": yaml_of(layout), ".csv": csv_of(layout), ".geojson": geojson_of(layout, scenario)}
        for suffix, text in texts.items():
            (folder / LAYOUTS / f"{layout.name}{suffix}").write_text(text, encoding="utf-8", newline="\n")
        file = folder / f"{layout.name}.yaml"
        file.write_text(scenario_of(base, layout.name, f"{LAYOUTS}/{layout.name}.yaml"), encoding="utf-8", newline="\n")
    except OSError as error:
        raise refuse("store.not_writable", "--out", folder=str(folder), reason=error.strerror or str(error)) from None
    return file


class Neighbours(Row):
    """Two towns that border on each other."""

    town: Text
    neighbour: Text
    why: str = ""


def neighbours_csv(borders: nx.Graph) -> str:
    """Write who borders on whom, with the road that says so."""
    rows = sorted((*sorted((one, other)), why) for one, other, why in borders.edges(data="why", default=""))
    return "\n".join(["town,neighbour,why", *(f"{one},{other},{why}" for one, other, why in rows), ""])


def neighbours_of(path: Path, towns: Sequence[str]) -> nx.Graph:
    """Read who borders on whom, from a CSV (town, neighbour) or from the polygons of a GeoJSON whose features have the property town.

    raises : UserError with all faults
    """
    borders = nx.Graph()
    borders.add_nodes_from(towns)
    if path.suffix.lower() in (".geojson", ".json"):
        return _of_polygons(path, borders)
    faults: list[Fault] = []
    for place, row in checked_rows(path, Neighbours, faults):
        for town in (row.town, row.neighbour):
            if town not in towns:
                faults.append(Fault("check.no_town", place, {"value": town, "near": nearest(town, towns)}))
        borders.add_edge(row.town, row.neighbour, why=row.why or path.name)
    if faults:
        raise UserError(faults)
    return borders


def _of_polygons(path: Path, borders: nx.Graph) -> nx.Graph:
    """Join the towns whose polygons share a stretch of border."""
    from shapely.errors import ShapelyError
    from shapely.geometry import shape

    areas, towns = {}, set(borders)
    for number, feature in enumerate(features_of(path), 1):
        words: Any = feature.get("properties") or {}
        town = str(words.get("town") or "")
        if town not in towns:
            raise refuse("check.no_town", f"{path.name}, feature {number}", value=town, near=nearest(town, sorted(towns)))
        try:
            areas[town] = shape(feature["geometry"]).buffer(0)
        except (ShapelyError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise refuse("layout.no_polygon", f"{path.name}, feature {number}", value=town, reason=str(error)) from None
    missing = sorted(towns - set(areas))
    if missing:
        raise refuse("layout.no_polygon_of", path.name, towns=", ".join(missing))
    names = sorted(areas)
    for row, one in enumerate(names):
        for other in names[row + 1 :]:
            if areas[one].buffer(NARROW).intersection(areas[other]).length > LEAST_BORDER:
                borders.add_edge(one, other, why="polygons")
    return borders


NARROW, LEAST_BORDER = 1e-4, 1e-3
"""Degrees by which polygons may gape (some 10 m), and by how much they must touch (some 100 m) to count as neighbours."""
