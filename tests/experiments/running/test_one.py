"""One run: the same county whichever way it is asked for, and a folder whole or not at all."""

import json
from pathlib import Path

import pytest

from experiments.running.one import Stage, live, lived, measured, written
from results.outcomes import measures
from results.store.folder import runs
from results.store.run import FACTS, FILES, MEASURES, REPORT, read
from sim import County, load
from sim.county import Day
from sim.language.messages import UserError
from sim.scenario.scenario import Scenario

SCALE, DAYS, RUN_IN = 0.005, 40, 5


@pytest.fixture(scope="module")
def plan() -> Scenario:
    return load("lujiang-2020", [f"period.days={DAYS}", f"period.run_in_days={RUN_IN}"])


def test_a_county_lives_all_its_days_and_each_is_told(plan: Scenario) -> None:
    told: list[Day] = []
    county = lived(plan, 2, SCALE, told.append)
    numbers = [day.number for day in told]
    assert numbers == list(range(-RUN_IN, DAYS))
    assert county.today == DAYS
    assert county.seed_number == 2


def test_a_county_begun_by_hand_lives_on_to_the_same_end(plan: Scenario) -> None:
    begun = County(plan, seed=1, scale=SCALE)
    begun.step()
    begun.step()
    assert measures(live(begun)) == measures(lived(plan, scale=SCALE))


def test_measures_are_plain_and_some_can_be_asked_for_in_an_order_of_ones_own(plan: Scenario) -> None:
    every = measured(plan, scale=SCALE)
    assert all(value is None or type(value) in (int, float) for value in every.values())
    wanted = ("visits", "admissions", "no_such_thing")
    assert list(measured(plan, 1, SCALE, wanted).items()) == [*((name, every[name]) for name in wanted[:2]), (wanted[2], None)]


def test_a_folder_is_written_whole_and_reads_back_as_the_run(plan: Scenario, tmp_path: Path) -> None:
    begun: list[Stage] = []
    done = written(plan, 3, SCALE, tmp_path / "run", report="zh", begins=begun.append, asked=("mine.yaml", ["period.days=40"]))
    assert done.folder == tmp_path / "run"
    assert {path.name for path in done.folder.iterdir()} == set(FILES)
    assert begun == ["compiling", "building", "living", "writing"]
    kept = read(done.folder)
    assert (kept.measures, kept.facts) == (done.run.measures, done.run.facts)
    assert kept.scenario.fingerprint() == plan.fingerprint()
    assert all(kept.tables[name].equals(table) for name, table in done.run.tables.items())
    assert kept.measures == measured(plan, 3, SCALE)
    asked = {name: kept.facts[name] for name in ("scenario", "settings", "seed", "scale")}
    assert asked == {"scenario": "mine.yaml", "settings": ["period.days=40"], "seed": 3, "scale": SCALE}


def test_without_a_language_there_is_no_report_and_equal_runs_leave_equal_bytes(plan: Scenario, tmp_path: Path) -> None:
    one, other = (written(plan, 1, SCALE, tmp_path / name).folder for name in ("one", "other"))
    assert {path.name for path in one.iterdir()} == {*FILES} - {REPORT}
    assert all((one / name).read_bytes() == (other / name).read_bytes() for name in set(FILES) - {FACTS, REPORT})
    assert json.loads((one / FACTS).read_text(encoding="utf-8"))["scenario"] == "lujiang-2020"


def test_a_run_lands_beside_others_where_no_folder_is_named(plan: Scenario, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert runs().parts[-2:] == ("results", "runs")
    monkeypatch.setattr("results.store.folder.runs", lambda: tmp_path)
    one, other = (written(plan, 1, SCALE).folder for _ in range(2))
    assert one.name.startswith("lujiang-2020-s1-")
    assert other.name == f"{one.name}-2"
    assert json.loads((one / FACTS).read_text(encoding="utf-8"))["inputs"].startswith(one.name.rpartition("-")[2])


def test_a_folder_that_is_taken_is_refused_before_anything_is_run(plan: Scenario, tmp_path: Path) -> None:
    (tmp_path / MEASURES).write_text("mine", encoding="utf-8")
    begun: list[Stage] = []
    with pytest.raises(UserError):
        written(plan, 1, SCALE, tmp_path, begins=begun.append)
    assert begun == []


def test_a_run_that_is_stopped_leaves_nothing(plan: Scenario, tmp_path: Path) -> None:
    def stop(day: Day) -> None:
        if day.number > 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        written(plan, 1, SCALE, tmp_path / "run", told=stop)
    assert list(tmp_path.iterdir()) == []
