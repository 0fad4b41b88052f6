"""What layouts mean for those concerned: accounts add up, a change is counted, draws stand the layouts, risks are told or drowned."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.design.variants import Design
from experiments.layouts.judging import details
from experiments.layouts.judging.accounts import PLACES
from experiments.layouts.judging.details import Details, details_of, layouts_of
from experiments.layouts.judging.drawn import maps_drawn, numbers_drawn
from experiments.layouts.judging.judge import Judged, judged
from experiments.layouts.judging.risk import PACKAGES, SHARED, Risks, cell_of
from experiments.layouts.judging.steady import Steadiness, stood
from experiments.running.executors import Where
from sim.loading import load
from tests.experiments.inline import inline

BASE = "lujiang-2020"
SHORT = "period: {days: 20, run_in_days: 10}"
SCALE = 0.01


def here(_: Design) -> Where:
    return Where(inline(), 1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the present layout of a short year, and one in which two towns change their lead."""
    folder = tmp_path_factory.mktemp("layouts")
    (folder / "short.yaml").write_text(f"name: short\nextends: {BASE}\n{SHORT}\n", encoding="utf-8")
    groups = load(BASE).groups
    people = [town for town in groups["people"].towns if town not in ("tongda", "shitou")]
    tcm = [*groups["tcm"].towns, "tongda", "shitou"]
    said = f"people: {{lead: lujiang_people, towns: [{', '.join(people)}]}}\n  tcm: {{lead: lujiang_tcm, towns: [{', '.join(tcm)}]}}"
    (folder / "layouts").mkdir()
    (folder / "layouts" / "moved.yaml").write_text(f"name: moved\ngroups:\n  {said}\n", encoding="utf-8")
    (folder / "moved.yaml").write_text("name: moved\nextends: short.yaml\nlayout: layouts/moved.yaml\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def found(folder: Path) -> Judged:
    """Judge the two with two seeds."""
    words = [str(folder / f"{name}.yaml") for name in ("short", "moved")]
    return judged("two", words, 2, SCALE, folder / "pool", here, margin=0.5, keep=details.KEPT)


@pytest.fixture(scope="module")
def told(found: Judged) -> Details:
    return details_of(found)


def test_accounts_answer_for_all_the_insured_once_and_their_parts_add_up(told: Details) -> None:
    heads = {layout: sum(one.heads for one in some) for layout, some in told.accounts.items()}
    assert heads["short"] == heads["moved"] > 800_000
    for some in told.accounts.values():
        for one in some:
            assert sum(one.admitted[place].mean or 0.0 for place in PLACES) == pytest.approx(1.0)
            spent = sum(part.mean or 0.0 for part in one.spent.values())
            assert (one.budget.mean or 0.0) - spent == pytest.approx(one.balance.mean, rel=1e-6)
    assert set(told.as_json()["accounts"]["moved"]) == {"people", "tcm"}


def test_a_change_is_counted_by_the_towns_that_change_their_lead(told: Details) -> None:
    towns = {row.town: row for row in load(BASE).tables.towns}
    moved = told.moving["moved"]
    assert moved.towns == ("shitou", "tongda")
    assert moved.people == towns["shitou"].residents + towns["tongda"].residents
    assert moved.insured == pytest.approx(sum(told.seen[town].insured for town in moved.towns))
    assert moved.contracts == pytest.approx(moved.people * 0.3834, rel=0.1)
    assert moved.doctors == 48
    leads = [told.seen[town].admitted for town in moved.towns]
    assert moved.ties == pytest.approx(sum(some.get("lujiang_people", 0.0) for some in leads))


def test_towns_are_seen_as_they_are(told: Details) -> None:
    assert set(told.seen) == {row.town for row in load(BASE).tables.towns}
    assert 0.1 < np.mean([one.old for one in told.seen.values()]) < 0.4
    one = told.seen["nihe"]
    assert sum(one.share(facility) for facility in one.admitted) == pytest.approx(1.0)


def test_layouts_are_counted_first_and_close_over_draws() -> None:
    values = np.array([[0.80, 0.81, 0.70], [0.80, 0.80, 0.70], [0.90, 0.8995, 0.60], [0.70, 0.60, 0.70]])
    one = stood(values, ["a", "b", "c"], "up", 0.001)
    assert one.draws == 4
    assert one.best == pytest.approx({"a": (0 + 0.5 + 1 + 0.5) / 4, "b": (1 + 0.5) / 4, "c": 0.5 / 4})
    assert one.close == {"a": 0.75, "b": 0.75, "c": 0.25}
    assert stood(values, ["a", "b", "c"], "down", 0.001).best == {"a": 0.0, "b": 0.25, "c": 0.75}


def test_drawn_maps_have_other_heads_and_roads_and_the_same_towns(folder: Path, tmp_path: Path) -> None:
    base = load(folder / "short.yaml")
    one, two = (load(file) for file in maps_drawn(base, str(folder / "short.yaml"), 2, tmp_path))
    heads = [{row.town: row.residents for row in scenario.tables.towns} for scenario in (base, one, two)]
    assert heads[0].keys() == heads[1].keys() == heads[2].keys()
    assert heads[0] != heads[1] != heads[2]
    spread = np.std([np.log(heads[1][town] / heads[0][town]) for town in heads[0]])
    assert 0.05 < spread < 0.2
    again = maps_drawn(base, str(folder / "short.yaml"), 1, tmp_path / "again")[0].parent
    assert (again / "roads.csv").read_bytes() == (tmp_path / "map-1" / "roads.csv").read_bytes()


def test_the_layouts_stand_under_other_numbers_and_other_maps(found: Judged, folder: Path) -> None:
    steady = Steadiness(found, str(folder / "short.yaml"), folder, here)
    for one in (steady.of_numbers(None, 2), steady.of_maps(2)):
        assert one is not None
        assert one.draws == 2
        assert set(one.best) == {"short", "moved"}
        assert sum(one.best.values()) == pytest.approx(1.0)
        assert one.low < one.high


def posterior(path: Path, sizes: list[float]) -> str:
    path.mkdir()
    pq.write_table(pa.table({"prices.admission_scale.county": sizes}), path / "posterior.parquet")
    return str(path)


def test_numbers_of_a_posterior_are_its_draws(tmp_path: Path) -> None:
    drawn = numbers_drawn(load(BASE), posterior(tmp_path / "known", [1.0, 1.1, 1.2]), 3)
    assert [settings[0].path for settings in drawn] == ["prices.admission_scale.county"] * 3
    assert [settings[0].value.content for settings in drawn] == [1.0, 1.1, 1.2]


Risky = Callable[[str | None], Risks]


@pytest.fixture
def risky(found: Judged, told: Details) -> Risky:
    return lambda named: Risks(found, told.accounts, named, here, scale=SCALE)


def test_where_assumptions_move_the_balance_by_more_no_chance_is_told(risky: Risky) -> None:
    risk = risky(None).looked_into()
    assert risk is not None
    assert risk.spread > risk.reach > 0
    assert risk.cells == ()


def test_with_numbers_that_are_known_chance_and_depth_are_told(risky: Risky, tmp_path: Path) -> None:
    sizes = np.linspace(1.08, 1.0801, 8).tolist()
    risk = risky(posterior(tmp_path / "known", sizes)).looked_into()
    assert risk is not None
    assert risk.spread <= risk.reach
    assert len(risk.cells) == 2 * 2 * len(PACKAGES) * len(SHARED)
    cells = {(one.layout, one.group, one.package, one.shared): one for one in risk.cells}
    small, large = (cells["short", "people", package, 0.5] for package in (PACKAGES[0], PACKAGES[-1]))
    assert small.chance >= large.chance
    assert small.depth >= large.depth
    assert cells["short", "people", 0.95, 0.7].borne == pytest.approx(0.7 * cells["short", "people", 0.95, 0.7].depth)


def test_a_cell_sums_up_its_accounts() -> None:
    rows = [{"balance_per_head_yuan": balance, "overrun_chance": chance} for balance, chance in ((-10.0, 0.9), (30.0, 0.1), (-20.0, None))]
    one = cell_of("a", "people", 0.95, 0.3, rows)
    assert (one.chance, one.depth, one.borne) == pytest.approx(((0.9 + 0.1 + 1.0) / 3, 15.0, 4.5))


def test_layouts_are_named_as_they_were_judged(found: Judged) -> None:
    assert [one.name for one in layouts_of(found)] == ["short", "moved"]
