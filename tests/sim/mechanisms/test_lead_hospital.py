"""The lead hospital: nothing when its numbers are zero, a draw when it acts for itself, a lift when it acts for the group."""

import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import County
from sim.words import SEGMENTS, TIERS
from tests.sim.mechanisms.small_counties import lived, shared, without

SET = "mechanisms.lead_hospital."
PEOPLE, TCM = "groups.people.governance=", "groups.tcm.governance="
LED = """
name: led
title: {en: Led, zh: 牵头}
extends: lujiang-2020
mechanisms:
  packaged_fund: null
  lead_hospital: {source: assumed, pull: 0, lift: 0}
"""


@pytest.fixture(scope="module")
def led(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A scenario with groups but no package, whose leads can do nothing yet."""
    path = tmp_path_factory.mktemp("led") / "led.yaml"
    path.write_text(LED, encoding="utf-8")
    return path


def first_of_month(led: Path, *settings: str) -> County:
    """Live into the first month, so that hospitals have seen their beds and decided."""
    return lived(led, [*settings, "period.run_in_days=40"], days=2)


def township_visits(county: County) -> int:
    house = county.place.facilities
    return int(county.outpatients.counts.visits[:, house.in_county & (house.tier == TIERS.index("township"))].sum())


def test_a_lead_without_pull_and_lift_changes_nothing(led: Path) -> None:
    idle, none = shared(lived(led), lived(led, without("lead_hospital")))
    assert len(idle) > 50
    assert idle == none


def test_a_lead_moves_only_the_people_of_its_own_towns_between_itself_and_their_townships(led: Path) -> None:
    county = first_of_month(led, f"{SET}pull=1", f"{SET}lift=1")
    (mechanism,) = [one for one in county.mechanisms if one.name == "lead_hospital"]
    added = np.broadcast_to(mechanism.way(county), (len(SEGMENTS), 1, 1, *county.place.option.shape))[:, 0, 0]
    seen = np.zeros(len(county.place.villages), bool)
    for group in county.groups:
        mine = np.isin(county.place.village_town, group.town_rows)
        seen |= mine
        option = county.place.option[mine]
        township = group.members & (county.place.facilities.tier == TIERS.index("township"))
        moved = (option == group.lead_row) | ((option >= 0) & township[option])
        assert np.all((added[0, mine] != 0) == moved)
    assert np.all(added[:, ~seen] == 0)
    assert np.all(added[[SEGMENTS.index("serious_visit"), SEGMENTS.index("serious_stay")]] == 0)


def test_a_lead_that_acts_for_itself_draws_visits_from_its_townships(led: Path) -> None:
    own = (f"{PEOPLE}loose", f"{TCM}loose")
    loose = first_of_month(led, *own)
    leads: list[Any] = [loose.facilities[group.lead_row] for group in loose.groups]
    assert all(lead.courts > 0 for lead in leads)
    counts = [township_visits(lived(led, [*own, f"{SET}pull={pull}"], days=60)) for pull in (0, 1)]
    assert counts[0] - counts[1] > 2 * math.sqrt(sum(counts))


def test_a_lead_that_acts_for_the_group_alone_draws_nobody(led: Path) -> None:
    one = (f"{PEOPLE}one_entity", f"{TCM}one_entity")
    calm, strong = shared(lived(led, one), lived(led, [*one, f"{SET}pull=5"]))
    assert calm == strong


def test_a_lead_that_acts_for_the_group_brings_visits_to_its_townships(led: Path) -> None:
    one = (f"{PEOPLE}one_entity", f"{TCM}one_entity")
    counts = [township_visits(lived(led, [*one, f"{SET}lift={lift}"], days=60)) for lift in (0, 1)]
    assert counts[1] - counts[0] > 3 * math.sqrt(sum(counts))


def test_need_stays_as_it_was_wherever_people_go(led: Path) -> None:
    needs = [lived(led, [f"{SET}pull={much}", f"{SET}lift={much}"]).outpatients.needs.sum() for much in (0, 1)]
    assert abs(needs[0] - needs[1]) < 5 * math.sqrt(sum(needs))
