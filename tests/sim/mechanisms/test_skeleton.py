"""The skeleton for newcomers loads, lives, and is exactly neutral when its number is zero; the page about it names every moment."""

import inspect
from pathlib import Path

import pytest

from results.outcomes import measures
from sim import County
from sim.language.messages import UserError
from sim.mechanisms import MECHANISMS, RULES
from sim.mechanisms._skeleton import HealthTalks
from sim.mechanisms.base import SPEAKS, Mechanism
from sim.scenario.scenario import Scenario, read
from tests.sim.mechanisms.small_counties import lived

ADDED = """
name: talks
title: {en: Talks, zh: 讲座}
extends: lujiang-2018
period: {days: 35}
mechanisms:
  health_talks:
    source: assumed
    reach: 0 %
"""


@pytest.fixture
def scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """List the skeleton for the length of a test, and write a scenario that names it."""
    monkeypatch.setitem(MECHANISMS, HealthTalks.name, HealthTalks)  # type: ignore[arg-type]
    path = tmp_path / "talks.yaml"
    path.write_text(ADDED, encoding="utf-8")
    return path


def talks(path: Path, reach: int, *settings: str) -> Scenario:
    return read(path, [f"mechanisms.health_talks.reach={reach} %", *settings], {**RULES, HealthTalks.name: HealthTalks.Rules})


def test_the_skeleton_is_not_listed() -> None:
    assert HealthTalks.name not in MECHANISMS
    assert HealthTalks not in MECHANISMS.values()


def test_the_skeleton_shows_every_moment() -> None:
    assert [name for name in (*SPEAKS, "measures") if name not in vars(HealthTalks)] == []
    assert all(vars(HealthTalks)[name].__doc__ for name in SPEAKS)


def test_every_function_of_a_mechanism_is_a_moment_or_tells_measures() -> None:
    assert {name for name, part in vars(Mechanism).items() if inspect.isfunction(part) and not name.startswith("_")} == {
        *SPEAKS,
        "measures",
    }


def test_the_skeleton_is_exactly_neutral_at_zero(scenario: Path) -> None:
    assert measures(lived(talks(scenario, 0))) == measures(lived("lujiang-2018", days=35))


def test_the_skeleton_does_something_when_its_number_is_more(scenario: Path) -> None:
    none, all_reached = lived(talks(scenario, 0)), lived(talks(scenario, 100))
    assert all_reached.need_tally[0, 0] < none.need_tally[0, 0]
    paid = [sum(fen for row, fen in one.ledger.transfers.items() if row[2] == "talks") for one in (none, all_reached)]
    assert paid[0] == 0 < paid[1]


def test_the_rules_of_the_skeleton_are_closed(scenario: Path) -> None:
    with pytest.raises(UserError, match="reach"):
        read(scenario, ["mechanisms.health_talks.reech=5 %"], {**RULES, HealthTalks.name: HealthTalks.Rules})


def test_the_page_about_mechanisms_names_every_moment() -> None:
    page = (Path(__file__).parents[3] / "docs" / "mechanisms.md").read_text(encoding="utf-8")
    assert [name for name in SPEAKS if f"| `{name}` |" not in page] == []


class Spoken(HealthTalks):
    """Notes at which moments it is asked."""

    asked: set[str]

    def __getattribute__(self, name: str) -> object:
        if name in SPEAKS:
            object.__getattribute__(self, "asked").add(name)
        return super().__getattribute__(name)


def test_the_model_asks_at_every_moment(scenario: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    Spoken.asked = set()
    monkeypatch.setitem(MECHANISMS, HealthTalks.name, Spoken)  # type: ignore[arg-type]
    county: County = lived(talks(scenario, 50, "mechanisms.health_talks.until=2018-02-03"))
    assert county.today == 35
    assert set(SPEAKS) - Spoken.asked == set()
