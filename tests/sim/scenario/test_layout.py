"""A layout takes the place of a scenario's groups, whichever form its file has; what is wrong with it is told with its place."""

import json
from pathlib import Path

import pytest

from sim.language.messages import UserError
from sim.loading import load
from sim.scenario.layout import read_layout

BASE = "lujiang-2020"


@pytest.fixture
def present(tmp_path: Path) -> dict[str, Path]:
    """Write the present layout in all three forms."""
    groups = load(BASE).groups
    rows = [(town, name, group.lead) for name, group in groups.items() for town in group.towns]
    said = "".join(f"  {name}: {{lead: {group.lead}, towns: [{', '.join(group.towns)}]}}\n" for name, group in groups.items())
    (tmp_path / "now.yaml").write_text(f"name: now\ngroups:\n{said}", encoding="utf-8")
    (tmp_path / "now.csv").write_text("town,group,lead,note\n" + "".join(f"{','.join(row)},x\n" for row in rows), encoding="utf-8")
    points = [{"type": "Feature", "geometry": None, "properties": {"town": town, "group": name, "lead": lead}} for town, name, lead in rows]
    (tmp_path / "now.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": points}), encoding="utf-8")
    return {suffix: tmp_path / f"now.{suffix}" for suffix in ("yaml", "csv", "geojson")}


@pytest.mark.parametrize("form", ["yaml", "csv", "geojson"])
def test_the_present_layout_in_any_form_is_the_scenario_itself(form: str, present: dict[str, Path]) -> None:
    base = load(BASE)
    found = load(BASE, (f"layout={present[form]}",))
    assert found.decisive() == base.decisive()
    assert found.groups["people"].title == base.groups["people"].title
    layout = read_layout(present[form])
    assert (layout.name, set(layout.groups)) == ("now", {"people", "tcm"})


def test_a_scenario_names_a_layout_beside_it_and_rules_of_groups_stay(tmp_path: Path) -> None:
    said = "name: two\ngroups:\n  west: {lead: lujiang_tcm, towns: [tangchi, wanshan]}\n  x: {lead: lujiang_maternal, towns: [nihe]}\n"
    (tmp_path / "two.yaml").write_text(said, encoding="utf-8")
    (tmp_path / "mine.yaml").write_text(f"name: mine\nextends: {BASE}\nlayout: two.yaml\n", encoding="utf-8")
    groups = load(tmp_path / "mine.yaml").groups
    assert {name: (group.lead, group.towns) for name, group in groups.items()} == {
        "west": ("lujiang_tcm", ("tangchi", "wanshan")),
        "x": ("lujiang_maternal", ("nihe",)),
    }
    assert {group.governance for group in groups.values()} == {"three_unchanged"}
    (tmp_path / "heir.yaml").write_text("name: heir\nextends: mine.yaml\ngroups: {west: {governance: loose}}\n", encoding="utf-8")
    assert load(tmp_path / "heir.yaml").groups["west"].governance == "loose"


def test_a_layout_without_groups_leaves_none(tmp_path: Path) -> None:
    (tmp_path / "none.yaml").write_text("name: none\ngroups: {}\n", encoding="utf-8")
    assert not load(BASE, (f"layout={tmp_path / 'none.yaml'}",)).groups


def test_a_feature_of_a_town_in_no_group_is_no_fault(tmp_path: Path) -> None:
    points = [
        {"properties": {"town": "nihe", "group": None, "lead": None}},
        {"properties": {"town": "luohe", "group": "a", "lead": "lujiang_tcm"}},
    ]
    (tmp_path / "a.geojson").write_text(json.dumps({"features": points}), encoding="utf-8")
    assert read_layout(tmp_path / "a.geojson").groups["a"].towns == ("luohe",)


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        (
            "a.csv",
            "town,group,lead\nnihee,a,lujiang_people\n",
            r"a\.csv:2: groups\.a\.towns\.0: there is no town 'nihee'; did you mean 'nihe'",
        ),
        ("a.csv", "town,group,lead\nnihe,a,lujiang_people\nluohe,a,lujiang_tcm\n", r"a\.csv:3: group 'a' has lead 'lujiang_people'"),
        ("a.csv", "town,group\nnihe,a\n", "lead"),
        ("a.yaml", "name: a\ngroups: {a: {lead: lujiang_peple, towns: [nihe]}}\n", r"a\.yaml:2: .*did you mean 'lujiang_people'"),
        ("a.yaml", "name: a\ngroups: {a: {lead: lujiang_people, towns: []}}\n", r"a\.yaml:2"),
        ("a.yaml", "name: a\ngroups: {a: {lead: lujiang_people, towns: [nihe]}, b: {lead: lujiang_tcm, towns: [nihe]}}\n", "'nihe'"),
        ("a.geojson", "[1, 2]", "no GeoJSON"),
        ("a.geojson", '{"features": [{"properties": {"town": "nihe"}}]}', "feature 1"),
    ],
)
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, file: str, text: str, told: str) -> None:
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=told):
        load(BASE, (f"layout={tmp_path / file}",))


def test_a_file_that_is_not_there_is_told_with_the_nearest(tmp_path: Path) -> None:
    (tmp_path / "mine.csv").write_text("town,group,lead\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"--set layout: there is no file '.*min\.csv'; did you mean 'mine\.csv'"):
        load(BASE, (f"layout={tmp_path / 'min.csv'}",))
