"""A layout (网格化布局): which towns belong to which lead hospital, as a file of its own that takes the place of a scenario's groups.

Three forms are read: YAML (`groups: {NAME: {lead, towns}}`), a CSV with the columns town, group, lead, and GeoJSON whose features have
these as properties. How a group is governed and called is not of a layout but of the scenario; a group it does not have is governed as
its lead's group, or else as the first.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, ClassVar

from pydantic import ConfigDict, Field

from sim.language.label import Label
from sim.language.messages import Fault, UserError, nearest, refuse
from sim.reading.blocks import Names, Part, Title
from sim.reading.document import checked, tree_of
from sim.reading.strict_yaml import Value, read_text
from sim.reading.tables import Row, checked_row, checked_rows
from sim.reading.units import Text

LAYOUT, GROUPS = "layout", "groups"
WORDS = ("title", "lead", "governance", "towns")
"""What is said of a group, in the order in which it is written: the same layout in another form is the same scenario, key and all."""


class Members(Part):
    """A group of a layout."""

    title: Annotated[Title | None, Label("name", "名称")] = None
    """Its name; left out: what the scenario calls it.
    集团名称；不写则沿用情景中的名称。"""
    lead: Annotated[Text, Label("lead hospital", "牵头医院")]
    """Key of the lead hospital.
    牵头医院的键。"""
    towns: Annotated[tuple[Text, ...], Field(min_length=1), Label("towns", "成员乡镇")]
    """Its towns.
    成员乡镇。"""


class Layout(Part):
    """A layout as its file says it."""

    name: Annotated[Text, Label("name", "名称")]
    """Its name.
    布局名称。"""
    title: Annotated[Title | None, Label("title", "标题")] = None
    """What it is called on pages; left out: its name.
    在报告中的标题（中英文）；不写则用其名称。"""
    groups: Annotated[Names[Members], Label("hospital groups", "医疗集团（医共体）")]
    """Group -> its lead and towns; `{}` is a layout without groups.
    集团 -> 牵头医院与成员乡镇；{}表示不设集团。"""


class Assigned(Row):
    """A row of a layout's CSV, or the properties of a feature: a town and its group; what else stands there is not read."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="ignore", str_strip_whitespace=True)

    town: Text
    group: Text
    lead: Text


def read_layout(path: Path) -> Layout:
    """Read a layout from YAML, CSV or GeoJSON; raises UserError with all faults."""
    faults: list[Fault] = []
    layout = checked(tree_of_layout(path, faults), Layout, faults)
    if layout is None or faults:
        raise UserError(faults)
    return layout


def tree_of_layout(path: Path, faults: list[Fault]) -> Value:
    """Read the file of a layout into a tree, whichever form it has; faults of single rows are added, raises UserError for worse."""
    if path.suffix.lower() == ".csv":
        return _tree(path, checked_rows(path, Assigned, faults), faults)
    if path.suffix.lower() in (".geojson", ".json"):
        return _tree(path, _features(path, faults), faults)
    return tree_of(path, str(path), faults)


def _features(path: Path, faults: list[Fault]) -> Iterator[tuple[str, Assigned]]:
    """Walk through the sound features of a GeoJSON file; a town whose group and lead are null is in none."""
    for number, feature in enumerate(features_of(path), 1):
        words = feature.get("properties") or {}
        if words.get("group", "") is None and words.get("lead", "") is None:
            continue
        place = f"{path.name}, feature {number}"
        cells = {name: str(words.get(name) or "") for name in Assigned.model_fields}
        row = checked_row(place, cells, Assigned, faults)
        if row is not None:
            yield place, row


def features_of(path: Path) -> list[dict[str, Any]]:
    """Give the features of a GeoJSON file; raises UserError where it is none."""
    try:
        content = json.loads(read_text(path))
        features = content["features"]
        if not (isinstance(features, list) and all(isinstance(one, dict) for one in features)):
            raise TypeError("features")
    except (ValueError, KeyError, TypeError, RecursionError):
        raise refuse("layout_file.not_geojson", str(path)) from None
    return features


def _tree(path: Path, rows: Iterator[tuple[str, Assigned]], faults: list[Fault]) -> Value:
    """Put rows together as the tree a YAML file would give; a group with two leads is a fault."""
    groups: dict[str, tuple[str, str, list[Value]]] = {}
    for place, row in rows:
        _, lead, towns = groups.setdefault(row.group, (place, row.lead, []))
        if lead != row.lead:
            faults.append(Fault("layout_file.two_leads", place, {"value": row.lead, "group": row.group, "first": lead}))
        towns.append(Value(row.town, place, path.parent))
    content = {
        name: Value({"lead": Value(lead, place, path.parent), "towns": Value(towns, place, path.parent)}, place, path.parent)
        for name, (place, lead, towns) in groups.items()
    }
    whole = {"name": Value(path.stem, path.name, path.parent), GROUPS: Value(content, path.name, path.parent)}
    return Value(whole, path.name, path.parent)


def laid_out(tree: Value, faults: list[Fault]) -> Value:
    """Let the layout a scenario names take the place of its groups; the same tree where it names none.

    faults : takes what is wrong with the layout
    """
    if not isinstance(tree.content, dict) or LAYOUT not in tree.content:
        return tree
    named = tree.content[LAYOUT]
    rest = tree.with_content({name: value for name, value in tree.content.items() if name != LAYOUT})
    try:
        found = tree_of_layout(_file(named), faults)
    except UserError as error:
        faults += error.faults
        return rest
    if checked(found, Layout, faults) is None:
        return rest
    groups = {name: _governed(name, members, rest) for name, members in found.content[GROUPS].content.items()}
    others = {name: value for name, value in rest.content.items() if name != GROUPS}
    return rest.with_content({**others, GROUPS: found.content[GROUPS].with_content(groups)} if groups else others)


def _file(named: Value) -> Path:
    """Find the file of a layout, beside the file that names it; raises UserError where there is none."""
    place = f"{named.place}: {LAYOUT}" if named.folder is not None else named.place
    if not isinstance(named.content, str):
        raise refuse("unit.not_text", place, value="[...]" if isinstance(named.content, list) else "{...}")
    path = (named.folder or Path()) / named.content
    try:
        if path.is_file():
            return path
        beside = [file.name for file in path.parent.iterdir()] if path.parent.is_dir() else []
    except (OSError, ValueError):
        beside = []
    raise refuse("file.missing", place, value=named.content, near=nearest(Path(named.content).name, beside))


def _governed(name: str, members: Value, tree: Value) -> Value:
    """Give a group of a layout what the scenario says of it beside its lead and towns."""
    held = tree.at((GROUPS,)).content if GROUPS in tree.content else {}
    own = held[name].content if name in held else {}
    like = next((one.content for one in held.values() if one.content["lead"].content == members.content["lead"].content), None)
    like = own or like or next((one.content for one in held.values()), {})
    said = {**{word: own[word] for word in ("title",) if word in own}, **{word: like[word] for word in ("governance",) if word in like}}
    said |= members.content
    return members.with_content({word: said[word] for word in WORDS if word in said})
