"""Roads are read strictly, and minutes are shortest paths over them."""

from pathlib import Path

import networkx as nx
import numpy as np
import pytest

from sim.language.messages import UserError
from sim.place.grid import Grid, read_grid, read_roads, unreached

ROADS = """from,to,minutes,kilometres
hill,town,20,12
town,seat,30,25
hill,seat,90,60
seat,city,80,84
"""


def roads_file(folder: Path, text: str = ROADS, name: str = "roads.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def small_grid(folder: Path) -> Grid:
    return read_grid(roads_file(folder), {"Hill": "hill"}, {"Hospital": "seat"})


def faults_of(folder: Path, text: str) -> list[tuple[str, str]]:
    with pytest.raises(UserError) as caught:
        read_roads(roads_file(folder, text))
    return [(fault.key, fault.place) for fault in caught.value.faults]


def test_minutes_follow_the_quickest_way_and_not_the_direct_road(tmp_path: Path) -> None:
    assert small_grid(tmp_path).minutes(["hill"], ["seat", "city"]).tolist() == [[50.0, 130.0]]


def test_a_facility_in_ones_own_village_takes_the_inside_minutes_and_nothing_is_nearer(tmp_path: Path) -> None:
    grid = read_grid(roads_file(tmp_path, "from,to,minutes\nhill,town,2\n"), {}, {}, inside_minutes=5.0)
    assert grid.minutes(["hill"], ["hill", "town"]).tolist() == [[5.0, 5.0]]


def test_minutes_are_the_same_there_and_back_whichever_side_has_more_nodes(tmp_path: Path) -> None:
    grid = small_grid(tmp_path)
    wide = grid.minutes(["hill", "hill"], ["city", "seat", "town"])
    tall = grid.minutes(["city", "seat", "town"], ["hill", "hill"])
    assert wide.shape == (2, 3)
    assert wide.dtype == np.float32
    assert np.array_equal(wide, tall.T)


def test_places_no_road_reaches_are_infinitely_far(tmp_path: Path) -> None:
    graph = read_roads(roads_file(tmp_path))
    graph.add_node("island")
    minutes = Grid(graph, tuple(sorted(graph))).minutes(["hill"], ["island", "no_such_node", "town"])
    assert minutes.tolist() == [[np.inf, np.inf, 20.0]]


def test_nobody_and_nowhere_give_empty_tables(tmp_path: Path) -> None:
    assert small_grid(tmp_path).minutes([], ["seat"]).shape == (0, 1)
    assert small_grid(tmp_path).minutes(["hill"], []).shape == (1, 0)


def test_the_order_of_the_lines_changes_nothing(tmp_path: Path) -> None:
    header, *lines = ROADS.splitlines()
    other = read_roads(roads_file(tmp_path, "\n".join([header, *reversed(lines)]), "other.csv"))
    first = read_roads(roads_file(tmp_path))
    assert list(first.nodes) == list(other.nodes)
    assert list(first.edges(data=True)) == list(other.edges(data=True))


def test_graphml_gives_the_same_network_as_the_edge_list(tmp_path: Path) -> None:
    graph = read_roads(roads_file(tmp_path))
    nx.write_graphml(graph, tmp_path / "roads.graphml")
    again = read_roads(tmp_path / "roads.graphml")
    assert list(again.edges(data=True)) == list(graph.edges(data=True))


def test_a_byte_order_mark_as_spreadsheets_write_it_is_no_fault(tmp_path: Path) -> None:
    assert read_roads(roads_file(tmp_path, "\ufeff" + ROADS)).number_of_edges() == 4


@pytest.mark.parametrize("minutes", ["-3", "nan", "inf", "", "half an hour"])
def test_minutes_that_are_no_number_from_zero_up_are_refused(tmp_path: Path, minutes: str) -> None:
    assert faults_of(tmp_path, f"from,to,minutes\na,b,{minutes}\n") == [("grid.minutes", "roads.csv:2: minutes")]


def test_all_faulty_roads_are_named_at_once_by_line(tmp_path: Path) -> None:
    text = "from,to,minutes,kilometres\na,a,5,1\na,,5,1\na,b,-1,1\na,b,7,-1\na,b,7,1\nb,a,8,1\n"
    assert faults_of(tmp_path, text) == [
        ("grid.loop", "roads.csv:2: to"),
        ("grid.no_node", "roads.csv:3: to"),
        ("grid.minutes", "roads.csv:4: minutes"),
        ("grid.kilometres", "roads.csv:5: kilometres"),
        ("grid.twice", "roads.csv:7"),
    ]


def test_each_missing_column_is_named(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "from,minuets\na,3\n") == [("table.column_sought", "roads.csv:1"), ("table.column_sought", "roads.csv:1")]


def test_a_missing_column_gets_the_most_similar_one_that_is_there(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_roads(roads_file(tmp_path, "from,to,minuets\na,b,3\n"))
    assert caught.value.faults[0].values["near"] == "minuets"


def test_a_file_without_roads_is_refused(tmp_path: Path) -> None:
    assert faults_of(tmp_path, "from,to,minutes\n") == [("grid.empty", "roads.csv")]


@pytest.mark.parametrize("name", ["roads.csv", "roads.graphml"])
def test_a_file_that_is_not_there_is_refused_with_the_nearest_name(tmp_path: Path, name: str) -> None:
    (tmp_path / name.replace("roads", "roods")).write_text(ROADS)
    with pytest.raises(UserError) as caught:
        read_roads(tmp_path / name)
    assert caught.value.faults[0].key == "file.missing"
    assert caught.value.faults[0].values["near"] == name.replace("roads", "roods")


@pytest.mark.parametrize("name", ["roads.csv", "roads.graphml"])
def test_a_file_that_is_no_text_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b"\xff\xfe\x00\x80\x81")
    with pytest.raises(UserError) as caught:
        read_roads(tmp_path / name)
    assert [fault.key for fault in caught.value.faults] == ["file.not_text"]


def test_graphml_edges_without_minutes_are_refused_each(tmp_path: Path) -> None:
    nx.write_graphml(nx.path_graph(3), tmp_path / "roads.graphml")
    with pytest.raises(UserError) as caught:
        read_roads(tmp_path / "roads.graphml")
    assert [fault.key for fault in caught.value.faults] == ["grid.minutes", "grid.minutes"]


def test_each_village_and_facility_outside_the_network_is_named(tmp_path: Path) -> None:
    graph = read_roads(roads_file(tmp_path, ROADS + "island,islet,5,1\n"))
    faults = unreached(graph, {"Hill": "hill", "Town": "town", "Island": "island"}, {"Hospital": "seet"}, "roads.csv")
    assert [(fault.key, fault.values["value"]) for fault in faults] == [
        ("grid.village_unreached", "Island"),
        ("grid.facility_unreached", "Hospital"),
    ]
    assert faults[1].values["near"] == "seat"


def test_reading_the_grid_refuses_a_facility_no_road_reaches(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_grid(roads_file(tmp_path), {"Hill": "hill"}, {"Hospital": "moon"})
    assert [fault.key for fault in caught.value.faults] == ["grid.facility_unreached"]


def test_every_fault_can_be_said_in_both_languages(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        read_roads(roads_file(tmp_path, "from,to,minutes\na,b,-1\na,a,3\n"))
    for language in ("en", "zh"):
        lines = caught.value.text(language).splitlines()
        assert [line.split(": ")[0] for line in lines] == ["roads.csv:2", "roads.csv:3"]
        assert "-1" in lines[0]
