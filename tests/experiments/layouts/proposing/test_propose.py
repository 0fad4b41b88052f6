"""Proposals for Lujiang: the present layout first, the optimum proven, the others different; wishes that clash are told."""

from pathlib import Path

import networkx as nx
import pytest

from experiments.layouts.files import Named, csv_of, geojson_of, neighbours_csv, neighbours_of, put, yaml_of
from experiments.layouts.ground import Ground, ground_of
from experiments.layouts.proposing.propose import DIFFERENT, PRESENT, apart, named, present_of, proposed
from experiments.layouts.proposing.wishes import Wishes
from sim.language.messages import UserError
from sim.loading import load
from sim.scenario.layout import read_layout
from sim.scenario.scenario import Scenario

LEADS = ("lujiang_people", "lujiang_tcm")
WISHES = Wishes(LEADS, 2)


@pytest.fixture(scope="module")
def lujiang() -> Scenario:
    return load("lujiang-2020")


@pytest.fixture(scope="module")
def ground(lujiang: Scenario) -> Ground:
    return ground_of(lujiang)


def test_the_present_layout_comes_first_and_is_feasible_under_the_defaults(lujiang: Scenario, ground: Ground) -> None:
    found = proposed(ground, WISHES, present_of(lujiang, ground), 3)
    present, best, *others = found
    assert (present.name, present.breaks) == (PRESENT, ())
    assert present.members(ground) == {group.lead: sorted(group.towns) for group in lujiang.groups.values()}
    assert present.traits.ratios["lujiang_people"] == pytest.approx(1.094, abs=0.001)
    assert not present.traits.contiguous
    assert best.gap == pytest.approx(0.0, abs=1e-5)
    assert present.gap is not None and present.gap > 0.1
    assert all(other.gap is not None and other.gap >= best.gap for other in others)
    assert all(apart(ground, one.assigned, two.assigned) >= DIFFERENT / 2 for row, one in enumerate(found) for two in found[:row])


def test_a_tenth_of_equal_headcount_would_forbid_what_the_county_did(lujiang: Scenario, ground: Ground) -> None:
    narrow = WISHES._replace(balance="people", tolerance=0.1, contiguous="require")
    assert proposed(ground, narrow, present_of(lujiang, ground), 1)[0].breaks == ("contiguous", "balance")


def test_borders_are_read_from_the_roads_and_from_an_edited_table(ground: Ground, tmp_path: Path) -> None:
    assert nx.is_connected(ground.borders)
    assert not ground.borders.has_edge("lucheng", "shengqiao")  # a road of 57 minutes past other towns
    assert ground.borders.has_edge("lucheng", "wanshan")
    (tmp_path / "n.csv").write_text(neighbours_csv(ground.borders), encoding="utf-8")
    assert nx.utils.graphs_equal(nx.Graph(neighbours_of(tmp_path / "n.csv", ground.towns).edges), nx.Graph(ground.borders.edges))
    (tmp_path / "n.csv").write_text("town,neighbour\nnihe,luhoe\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"n\.csv:2: there is no town 'luhoe'; did you mean 'luohe'"):
        neighbours_of(tmp_path / "n.csv", ground.towns)


def test_borders_are_read_from_polygons(tmp_path: Path) -> None:
    def square(x: float, y: float) -> str:
        corners = [[x, y], [x + 1, y], [x + 1, y + 1], [x, y + 1], [x, y]]
        return f'{{"type": "Polygon", "coordinates": [{corners}]}}'

    towns = {"a": square(0, 0), "b": square(1, 0), "c": square(1, 1), "d": square(3, 3)}
    features = ", ".join(f'{{"properties": {{"town": "{town}"}}, "geometry": {area}}}' for town, area in towns.items())
    (tmp_path / "m.geojson").write_text(f'{{"type": "FeatureCollection", "features": [{features}]}}', encoding="utf-8")
    found = neighbours_of(tmp_path / "m.geojson", list(towns))
    assert sorted(map(sorted, found.edges)) == [["a", "b"], ["b", "c"]]  # a and c touch at a corner only
    with pytest.raises(UserError, match="no polygon of e"):
        neighbours_of(tmp_path / "m.geojson", [*towns, "e"])


def test_files_of_a_layout_read_back_as_the_same(lujiang: Scenario, ground: Ground, tmp_path: Path) -> None:
    one = named(proposed(ground, WISHES, present_of(lujiang, ground), 1)[1], ground, lujiang)
    texts = {"yaml": yaml_of(one), "csv": csv_of(one), "geojson": geojson_of(one, lujiang)}
    for suffix, text in texts.items():
        (tmp_path / f"best.{suffix}").write_text(text, encoding="utf-8")
        found = read_layout(tmp_path / f"best.{suffix}")
        assert {name: (group.lead, sorted(group.towns)) for name, group in found.groups.items()} == {
            name: (lead, sorted(towns)) for name, (lead, towns) in one.groups.items()
        }


@pytest.mark.parametrize(
    ("wishes", "told"),
    [
        (
            {"contiguous": "require", "locks": (("fanshan", LEADS[0]), ("luohe", LEADS[1]), ("nihe", LEADS[0]))},
            r"these 4 wishes.*\n.*fanshan belongs to lujiang_people\n.*luohe belongs to lujiang_tcm\n"
            r".*nihe belongs to lujiang_people\n.*every group hangs together",
        ),
        ({"tolerance": 0.00001, "balance": "doctors"}, r"within 0.001 % of what its lead can carry.*\n.*from \d.*lucheng, has 25 %"),
        ({"groups": 3}, "3 groups cannot be made of 2 leads"),
    ],
)
def test_wishes_that_clash_are_told_with_their_towns(lujiang: Scenario, ground: Ground, wishes: dict[str, object], told: str) -> None:
    with pytest.raises(UserError, match=told):
        proposed(ground, WISHES._replace(**wishes), present_of(lujiang, ground), 2)


def test_towns_no_lead_can_reach_are_named(lujiang: Scenario, ground: Ground) -> None:
    alone = ground.borders.copy()
    alone.remove_edges_from([("fanshan", "longqiao"), ("fanshan", "nihe"), ("luohe", "nihe")])
    cut = ground_of(lujiang, alone)
    with pytest.raises(UserError, match="fanshan, luohe cannot hang together with any lead"):
        proposed(cut, WISHES._replace(contiguous="require"), present_of(lujiang, cut), 2)
    cut.to_lead[cut.towns.index("nihe")] = float("inf")
    with pytest.raises(UserError, match="no road leads from nihe"):
        proposed(cut, WISHES, present_of(lujiang, cut), 2)


def test_a_layout_with_odd_words_reads_back_and_one_that_would_leave_the_folder_is_refused(lujiang: Scenario, tmp_path: Path) -> None:
    odd = Named("第一 方案", {"en": 'the "first": one', "zh": "第一"}, {"on": ("lead: x", ["no", "a, b", "c"])})
    for suffix, text in {"yaml": yaml_of(odd), "csv": csv_of(odd)}.items():
        (tmp_path / f"odd.{suffix}").write_text(text, encoding="utf-8")
        found = read_layout(tmp_path / f"odd.{suffix}").groups
        assert {name: (group.lead, list(group.towns)) for name, group in found.items()} == odd.groups
    for name in ("../out", "a/b", "", ".hidden"):
        with pytest.raises(UserError, match="cannot name a layout"):
            put(tmp_path / "f", odd._replace(name=name), lujiang, "lujiang-2020")
    assert not (tmp_path / "f").exists()
