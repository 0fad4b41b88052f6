"""Nothing is nothing, and many are many: no doctors see nobody, no beds admit nobody, and nobody is left out for want of room."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from sim import County
from sim.choice.rows import kind, shares, stranger
from sim.words import STAY, VISIT
from tests.sim.county_worlds import DOWN, EMERGENCY, county, lived
from tests.sim.place.test_place import Rows, rewritten

PEOPLES, MATERNAL, CENTRE, STATION, CLINIC = "lujiang_people", "lujiang_maternal", "baihu_township", "baihu_01_clinic", "lucheng_private_01"


def without(word: str, among: Callable[[dict[str, str]], bool]) -> Callable[[Rows], Rows]:
    """Take all doctors or beds away from some facilities."""
    return lambda rows: [{**row, word: "0"} if among(row) else row for row in rows]


def visits_of(made: County) -> np.ndarray:
    """Count the visits of each facility."""
    return np.asarray(made.outpatients.counts.visits.sum(axis=(0, 2)))


def admissions_of(made: County) -> np.ndarray:
    """Count the admissions of each facility, and who is sent down to it."""
    return np.asarray(made.inpatients.counts.admissions.sum(axis=(0, 2)) + made.inpatients.counts.down.sum(axis=0))


def test_without_a_doctor_in_the_county_nobody_is_seen_there(tmp_path: Path) -> None:
    made = lived([rewritten(tmp_path, without("doctors", lambda row: row["place"] == "in_county"))], days=20)
    inside = made.place.facilities.in_county
    assert visits_of(made)[inside].sum() == 0
    assert visits_of(made)[~inside].sum() > 0
    assert admissions_of(made)[inside].sum() > 0


def test_without_a_bed_in_the_county_nobody_is_admitted_there(tmp_path: Path) -> None:
    made = lived([rewritten(tmp_path, without("beds", lambda row: row["place"] == "in_county"))], days=20)
    inside = made.place.facilities.in_county
    assert admissions_of(made)[inside].sum() == 0
    assert admissions_of(made)[~inside].sum() > 0
    assert visits_of(made)[inside].sum() > 0


def test_a_closed_lead_hospital_treats_nobody(tmp_path: Path) -> None:
    def closed(rows: Rows) -> Rows:
        return without("beds", lambda row: row["facility"] == PEOPLES)(without("doctors", lambda row: row["facility"] == PEOPLES)(rows))

    made = lived([rewritten(tmp_path, closed)], days=20)
    lead = made.place.facilities.row(PEOPLES)
    assert visits_of(made)[lead] == admissions_of(made)[lead] == made.books.paid.sum(axis=(0, 1))[lead] == 0


def test_a_county_without_a_bed_anywhere_lives(tmp_path: Path) -> None:
    made = lived([rewritten(tmp_path, without("beds", lambda row: True))], days=10)
    assert admissions_of(made).sum() == 0
    assert visits_of(made).sum() > 0


def copies(rows: Rows, of: str, count: int) -> Rows:
    """Put copies of a facility beside it, under other names."""
    like = next(row for row in rows if row["facility"] == of)
    return [*rows, *({**like, "facility": f"{of}_{number}", "doctors": "3", "beds": "10"} for number in range(count))]


def test_however_many_hospitals_there_are_the_far_ones_are_considered(tmp_path: Path) -> None:
    made = lived([rewritten(tmp_path, lambda rows: copies(rows, "lujiang_private_2", 40))], days=20)
    everybody = np.flatnonzero(made.place.facilities.offered("everybody"))
    for village in made.place.option:
        assert np.isin(everybody, village).all()
    for name in ("hefei_provincial", "hefei_municipal", "chaohu_municipal"):
        assert visits_of(made)[made.place.facilities.row(name)] > 0
    assert (visits_of(made)[everybody] > 0).mean() > 0.5


def halved(name: str) -> Callable[[Rows], Rows]:
    """Split a facility into two halves at its place."""

    def change(rows: Rows) -> Rows:
        half = {"doctors": 0.5, "beds": 0.5}
        like = next(row for row in rows if row["facility"] == name)
        halves = [
            {**like, "facility": key, **{word: str(int(int(like[word]) * part)) for word, part in half.items()}}
            for key in (name, f"{name}_b")
        ]
        return [row for row in rows if row["facility"] != name] + halves

    return change


def whole(name: str) -> Callable[[Rows], Rows]:
    """Make the doctors and beds of a facility even, so that they can be halved."""

    def even(row: dict[str, str]) -> dict[str, str]:
        return {**row, **{word: str(2 * max(int(row[word]) // 2, word == "doctors")) for word in ("doctors", "beds")}}

    return lambda rows: [even(row) if row["facility"] == name else row for row in rows]


def share_of(made: County, setting: int, names: tuple[str, ...]) -> np.ndarray:
    """Give the share of some facilities, for a stranger of each village: (villages,)."""
    sheet, house = made.market.sheet, made.place.facilities
    rows = [row for row, name in enumerate(house.names) if name in names]
    found = []
    for village, option in enumerate(sheet.option):
        group = made.place.conditions.names.index("hypertension" if setting == VISIT else "pneumonia")
        taken = shares(stranger(sheet, setting, kind(sheet, setting, group, 0, 0, 0, 0), village), sheet)[0]
        found.append(taken[:-1][np.isin(option, rows)].sum())
    return np.array(found)


@pytest.mark.parametrize("name", [MATERNAL, CENTRE, STATION, CLINIC])
def test_a_facility_in_two_halves_has_the_share_of_the_whole(name: str, tmp_path: Path) -> None:
    first, second = tmp_path / "whole", tmp_path / "halves"
    first.mkdir()
    second.mkdir()
    one = county([rewritten(first, whole(name))], days=1)
    two = county([rewritten(second, lambda rows: halved(name)(whole(name)(rows)))], days=1)
    for setting in (VISIT, STAY):
        before, after = share_of(one, setting, (name,)), share_of(two, setting, (name, f"{name}_b"))
        if name != CLINIC:  # of clinics at one node each village sees one, whichever
            assert np.allclose(before, after, rtol=2e-5, atol=1e-9)
    if name == CLINIC:
        clinics = tuple(key for key in one.place.facilities.names if key.startswith("lucheng_private"))
        before, after = share_of(one, VISIT, clinics), share_of(two, VISIT, (*clinics, f"{name}_b"))
        assert np.allclose(before, after, rtol=2e-5)


def test_every_clinic_is_seen_by_some_village() -> None:
    house, option = county(days=1).place.facilities, county(days=1).place.option
    assert np.isin(np.flatnonzero(house.of_kind("private_clinic")), option).all()


LONG = ("care.stay_scale.county=1000", "care.stay_scale.township=1000")


def test_who_loses_patience_for_a_bed_leaves_the_line_that_day() -> None:
    made = lived([*LONG, "care.bed_patience=0.01 d", "period.run_in_days=0"], days=60, scale=0.05)
    flags = made.inpatients.tickets.flags[: made.inpatients.carried]
    first = flags & DOWN == 0
    waiting = int(first.sum())
    assert waiting - (flags[first] & EMERGENCY > 0).sum() <= 2  # who came in the last minutes of the day
    counts = made.inpatients.counts
    asked = made.inpatients.needs.sum()
    met = counts.admissions.sum() + counts.fate[1] + made.inpatients.none.sum() + counts.fate[3]
    assert asked == met + waiting + made.inpatients.again.count[0]


def test_beds_that_move_take_nobody_twice() -> None:
    made = county(["care.stay_scale.county=4"], days=90, scale=0.1)
    inside = made.place.facilities.in_county
    for _ in made.days():
        lying = np.bincount(made.inpatients.in_beds.facility[: int(made.inpatients.in_beds.count[0])], minlength=len(inside))
        beds = np.bincount(made.inpatients.departments.owner, np.diff(made.inpatients.stations.first), len(inside))
        assert np.all(lying[inside] <= beds[inside])


def test_stays_without_end_find_room() -> None:
    settings = [f"care.stay_scale.{tier}=1000" for tier in ("municipal", "provincial")]
    settings += [f"choice.segments.{segment}.constants.provincial=40" for segment in ("common_stay", "serious_stay")]
    made = county(settings, days=40)
    made.inpatients.in_beds = type(made.inpatients.in_beds)(
        *(column[:64].copy() if len(column) > 1 else column for column in made.inpatients.in_beds)
    )
    for _ in made.days():
        pass
    held = int(made.inpatients.in_beds.count[0])
    assert 64 < held < len(made.inpatients.in_beds.resident)
    assert (made.people.state == 1).sum() == len(np.unique(made.inpatients.in_beds.resident[:held]))
