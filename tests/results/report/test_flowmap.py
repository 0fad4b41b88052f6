"""The flow map holds every patient once, and every place where it belongs."""

import json
from typing import Any

import pytest

from results.measuring.definitions import Value
from results.report.flowmap import KINDS, LARGEST, flow_map
from results.store.run import Run
from sim.language.messages import messages
from tests.results.report.small_runs import small_run


@pytest.fixture(scope="module")
def run() -> Run:
    return small_run()


@pytest.fixture(scope="module")
def drawn(run: Run) -> dict[str, Any]:
    return json.loads(json.dumps(flow_map(run), allow_nan=False))  # type: ignore[no-any-return]


@pytest.mark.parametrize("kind", KINDS)
def test_every_patient_is_counted_once(run: Run, drawn: dict[str, Any], kind: str) -> None:
    whole: Value = run.measures[f"{kind}s"]
    totals = drawn["totals"][kind]
    edges = [edge for edge in drawn["edges"] if edge["kind"] == kind]
    assert totals["all"] == whole == sum(totals[part] for part in ("own", "drawn", "smaller", "elsewhere"))
    assert sum(edge["count"] for edge in edges) == totals["drawn"]
    assert sum(ring[f"own_{kind}"] for ring in drawn["rings"]) == totals["own"]
    assert len(edges) == LARGEST


def test_edges_lead_from_towns_to_marks_and_leave_only_to_the_outside(drawn: dict[str, Any]) -> None:
    towns, nodes = {ring["id"] for ring in drawn["rings"]}, {node["id"]: node for node in drawn["nodes"]}
    for edge in drawn["edges"]:
        assert edge["from"] in towns
        assert edge["leaving"] == nodes[edge["to"]].get("outside", False)
    assert any(edge["leaving"] for edge in drawn["edges"])


def test_every_facility_but_those_of_migrants_stands_behind_one_mark(run: Run, drawn: dict[str, Any]) -> None:
    there = [row for row in run.tables["facilities"].to_pylist() if row["place"] != "outside"]
    assert sum(node["clinics"] for node in drawn["nodes"]) == len(there)
    assert sum(node["visits"] for node in drawn["nodes"]) == sum(row["visits"] for row in there)
    assert len({node["id"] for node in drawn["nodes"]}) == len(drawn["nodes"])


def test_towns_lie_in_their_cells_and_cells_fill_the_outline(drawn: dict[str, Any]) -> None:
    assert area(drawn["outline"]) == pytest.approx(sum(area(ring["cell"]) for ring in drawn["rings"]), rel=1e-3)
    for ring in drawn["rings"]:
        assert inside((ring["x"], ring["y"]), ring["cell"])


def test_hospitals_outside_stand_beyond_the_outline_and_hefei_in_the_north(drawn: dict[str, Any]) -> None:
    outside = {node["id"]: node for node in drawn["nodes"] if node.get("outside")}
    assert set(outside) == {"hefei_municipal", "hefei_provincial", "chaohu_municipal"}
    assert not any(inside((node["x"], node["y"]), drawn["outline"]) for node in outside.values())
    assert all(outside[name]["y"] < min(y for _, y in drawn["outline"]) for name in ("hefei_municipal", "hefei_provincial"))
    assert outside["chaohu_municipal"]["x"] > max(x for x, _ in drawn["outline"])


def test_no_two_marks_of_the_county_town_lie_on_one_another(drawn: dict[str, Any]) -> None:
    spots = [(node["x"], node["y"]) for node in drawn["nodes"] if node["town"] == "lucheng" and node["tier"] != "village"]
    assert len(spots) > 5
    assert min(((a - c) ** 2 + (b - d) ** 2) ** 0.5 for i, (a, b) in enumerate(spots) for c, d in spots[:i]) > 1


def test_the_words_of_the_map_are_the_same_in_both_languages(drawn: dict[str, Any]) -> None:
    assert (
        set(drawn["labels"]["en"])
        == set(drawn["labels"]["zh"])
        == {key[8:] for key in messages() if key.startswith("flowmap.") and key.count(".") == 1}
    )
    for group in drawn["groups"]:
        assert set(group["name"]) == {"en", "zh"}


def area(ring: list[list[float]]) -> float:
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, [*ring[1:], ring[0]], strict=True))) / 2


def inside(point: tuple[float, float], ring: list[list[float]]) -> bool:
    turns = [(b[0] - a[0]) * (point[1] - a[1]) - (b[1] - a[1]) * (point[0] - a[0]) for a, b in zip(ring, [*ring[1:], ring[0]], strict=True)]
    return all(turn >= -1e-6 for turn in turns) or all(turn <= 1e-6 for turn in turns)
