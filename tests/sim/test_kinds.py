"""Kinds of facility: one row of code and rows of data make one, people go there, and one without a row is refused."""

from pathlib import Path
from typing import get_args

import numpy as np
import pytest

from results.outcomes import measures
from sim import County, load
from sim.institutions.facilities import CLASSES, TownshipCentre
from sim.kinds import KINDS, Decides, Kind, Offered
from sim.language.messages import UserError
from sim.scenario.merging import shipped_tables
from sim.words import APPEALS, NESTS, TIERS
from tests.sim.county_worlds import county, lived
from tests.sim.place.test_place import Rows, rewritten

STATION = Kind("community health station", "社区卫生服务站", "clinic", "clinic", "clinic", "nearest", "nothing")
POST = Kind("health post", "卫生站", "township", "township", "township", "nearest", "township")
CENTRE = "baihu_township"


def called(kind: str) -> str:
    """Write the departments with those of the township centres for one more kind; returns the lines."""
    lines = shipped_tables()["departments.csv"].read_text(encoding="utf-8").splitlines()
    return "\n".join([*lines, *(line.replace("township", kind, 1) for line in lines if line.startswith("township,"))]) + "\n"


def with_post(rows: Rows) -> Rows:
    """Open a health post where a township centre stands, of the same size."""
    return [*rows, *({**row, "facility": "health_post_1", "kind": "health_post"} for row in rows if row["facility"] == CENTRE)]


def with_community_centres(rows: Rows) -> Rows:
    """Turn every township centre into a community centre."""
    return [{**row, "kind": "community_centre"} if row["kind"] == "township" else row for row in rows]


def visits(lived: County, facility: str) -> int:
    """Count the visits of a facility."""
    return int(lived.outpatients.counts.visits[:, lived.place.facilities.row(facility)].sum())


@pytest.mark.parametrize("name", KINDS)
def test_a_row_says_only_what_there_is(name: str) -> None:
    kind = KINDS[name]
    assert kind.tier in TIERS
    assert kind.option in APPEALS[:-1]
    assert kind.nest in NESTS
    assert kind.offered in get_args(Offered)
    assert kind.decides in CLASSES
    assert kind.en
    assert kind.zh


def test_everybody_who_may_decide_has_a_class_of_agent() -> None:
    assert set(CLASSES) == set(get_args(Decides))


def test_a_county_of_community_centres_lives_as_one_of_township_centres(tmp_path: Path) -> None:
    ours, theirs = lived(days=20), lived([rewritten(tmp_path, with_community_centres)], days=20)
    assert visits(theirs, CENTRE) > 0
    assert theirs.facilities[theirs.place.facilities.row(CENTRE)].__class__ is TownshipCentre
    assert measures(theirs) == measures(ours)


def test_a_kind_added_by_one_row_is_visited(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "health_post", POST)
    departments = tmp_path / "departments.csv"
    departments.write_text(called("health_post"), encoding="utf-8")
    made = lived([rewritten(tmp_path, with_post), f"places.departments={departments}"], days=20)
    post = made.place.facilities.row("health_post_1")
    assert visits(made, "health_post_1") > 0
    assert made.place.facilities.is_township[post]
    assert isinstance(made.facilities[post], TownshipCentre)


def test_a_kind_offered_to_those_nearest_takes_no_place_from_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "station", STATION)
    at = {"kind": "station", "tier": "clinic", "grade": "none", "beds": "0"}
    departments = tmp_path / "departments.csv"
    departments.write_text(called("station"), encoding="utf-8")
    where = rewritten(
        tmp_path, lambda rows: [*rows, *({**row, "facility": "a_station", **at} for row in rows if row["facility"] == CENTRE)]
    )
    before, after = county(days=1).place, county([where, f"places.departments={departments}"], days=1).place
    slots = [list(np.array([*place.facilities.names, ""])[place.option].T) for place in (before, after)]
    added = [column for column in slots[1] if "a_station" in column]
    assert len(added) == 1
    assert added[0].tolist() == ["a_station"] * (len(after.villages) - 1) + [""]
    assert [column.tolist() for column in slots[1] if "a_station" not in column] == [column.tolist() for column in slots[0]]


def test_a_kind_without_departments_is_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "health_post", POST)
    with pytest.raises(UserError, match=r"departments\.csv: .*'health_post'"):
        load("lujiang-2020", [rewritten(tmp_path, with_post)])


def test_a_kind_without_a_row_is_a_fault_that_names_the_nearest(tmp_path: Path) -> None:
    def misspelt(rows: Rows) -> Rows:
        return [{**row, "kind": "comunity_centre"} if row["facility"] == CENTRE else row for row in rows]

    with pytest.raises(UserError, match=r"kind: 'comunity_centre' is not one of .*; did you mean 'community_centre'\?"):
        load("lujiang-2020", [rewritten(tmp_path, misspelt)])


def test_a_facility_of_another_tier_than_its_kind_is_a_fault(tmp_path: Path) -> None:
    def raised(rows: Rows) -> Rows:
        return [{**row, "tier": "county"} if row["facility"] == CENTRE else row for row in rows]

    with pytest.raises(UserError, match=rf"{CENTRE}: 'county' is not the tier of the kind 'township', which is township"):
        load("lujiang-2020", [rewritten(tmp_path, raised)])


def test_who_may_not_lead_leads_no_group(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert county(days=1).groups
    monkeypatch.setitem(KINDS, "county_tcm", KINDS["county_tcm"]._replace(may_lead=False))
    with pytest.raises(UserError, match="'lujiang_tcm' is no hospital that could lead a group"):
        load("lujiang-2020")
