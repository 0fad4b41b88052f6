"""Where to put more: needs are read from what people waited, steps are called by their intervals, what is added adds up."""

import math
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from experiments.layouts.siting.needs import candidates, needs, relieved
from experiments.layouts.siting.site import SPREAD, Site, climbed
from experiments.running.executors import Where
from results.measuring.definitions import definitions
from sim.language.messages import UserError
from sim.loading import load
from tests.experiments.inline import inline

BASE = "lujiang-2020"
SHARE = definitions()["in_county_admission_share_insured"]


def waiting(load: float, servers: int) -> float:
    """Length of the line of M/M/c in full (Erlang's C formula)."""
    offered, blocked = load * servers, 1.0
    for count in range(1, servers + 1):
        blocked = offered * blocked / (count + offered * blocked)
    waits = blocked / (1 - load * (1 - blocked))
    return waits * load / (1 - load)


@pytest.mark.parametrize(("load", "servers", "more"), [(0.9, 10, 2), (0.97, 100, 5), (0.98, 1300, 20), (0.7, 4, 1)])
def test_what_more_servers_relieve_is_near_erlangs_formula(load: float, servers: int, more: int) -> None:
    exact = 1 - waiting(load * servers / (servers + more), servers + more) / waiting(load, servers)
    assert relieved(load, servers, more) == pytest.approx(exact, abs=0.06)


def test_needs_are_ordered_by_what_more_would_relieve() -> None:
    scenario = load(BASE)
    rows = [row.facility for row in candidates(scenario, "beds")]
    assert "lujiang_private_1" not in rows
    assert "anhui_provincial" not in rows
    assert not any(row.endswith("_clinic") for row in rows)
    table = pa.table(
        {
            "facility": rows,
            "admissions": [100] * len(rows),
            "mean_bed_wait_days": [2.0 if row == "nihe_township" else None if row == "baihu_township" else 0.1 for row in rows],
            "bed_occupancy": [0.95] * len(rows),
        }
    )
    found = needs(scenario, [table, table], "beds", 20, 0.1)
    assert found[0].facility == "nihe_township"
    assert found[0].short == pytest.approx(100 * 2.0 / 0.1 * 365 / scenario.period.days)
    assert found[-1].facility == "baihu_township"
    assert found[-1].short == found[-1].relief == 0.0


def test_steps_gain_stop_or_stay_open_by_their_intervals() -> None:
    luck = np.random.default_rng(1).normal(0.0, 1e-4, (5, 40))
    levels = np.array([0.80, 0.85, 0.90, 0.9001, 0.9001])[:, None]
    steps = climbed((levels + luck).tolist(), [0, 10, 20, 40, 80], SHARE, 0.0002, 1)
    assert [one.verdict for one in steps] == ["gains", "gains", "stops", "stops"]
    assert steps[0].each == pytest.approx(0.005, abs=1e-4)
    few = climbed((levels + luck * 300)[:, :3].tolist(), [0, 10, 20, 40, 80], SHARE, 0.0002, 1)
    assert {one.verdict for one in few} == {"open"}


def test_of_a_measure_that_should_fall_a_gain_is_a_fall() -> None:
    waits = definitions()["mean_wait_minutes"]
    steps = climbed([[5.0, 5.1, 5.0], [4.0, 4.1, 4.0]], [0, 10], waits, 0.01, 1)
    assert steps[0].verdict == "gains"
    assert steps[0].gain.mean == pytest.approx(1.0)


def site(tmp_path: Path, what: str, amount: int, scale: float = 0.005, base: str = BASE) -> Site:
    where = Where(inline(), 1)
    return Site(load(base), base, what, amount, scale, tmp_path / "site", tmp_path / "pool", lambda design: where)  # type: ignore[arg-type]


def test_what_is_added_comes_on_top_of_what_a_scenario_adds_already(tmp_path: Path) -> None:
    (tmp_path / "more.yaml").write_text(
        f"name: more\nextends: {BASE}\nplaces: {{added: {{source: assumed, nihe_township: {{beds: 30, doctors: 2}}}}}}\n"
        "mechanisms: {expert_posting: {fixed_posts: {source: assumed, nihe_township: 1}}}\n",
        encoding="utf-8",
    )
    base = str(tmp_path / "more.yaml")
    file = site(tmp_path, "beds", 400, base=base).put("nihe_township", {"nihe_township": 400}, 400)
    added = load(file).places.added["nihe_township"]
    assert (added.beds, added.doctors) == (430, 2)
    file = site(tmp_path, "experts", 2, base=base).put("nihe_township", {"nihe_township": 2}, 2)
    assert dict(load(file).mechanisms["expert_posting"].fixed_posts) == {"nihe_township": 3}  # type: ignore[attr-defined]


def test_candidates_are_those_in_need_and_one_that_shares_the_amount_out(tmp_path: Path) -> None:
    found = site(tmp_path, "beds", 300).candidates(3)
    assert all(sum(one.added.values()) == 300 for one in found.values())
    places = [one.name for one in found.values()]
    assert places[-1] == SPREAD
    assert len(places) == 4
    assert math.isclose(
        sum(need.short for need in found[f"beds-{SPREAD}-300"].needs), sum(one.needs[0].short for one in list(found.values())[:3])
    )


@pytest.mark.parametrize(
    ("what", "amount", "base", "told"),
    [("beds", 100, BASE, "less than one"), ("experts", 1, "lujiang-2018", "no expert posting")],
)
def test_what_cannot_be_sited_is_refused_in_words(what: str, amount: int, base: str, told: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=told):
        site(tmp_path, what, amount, base=base)
