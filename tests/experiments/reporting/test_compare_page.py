"""The page of a comparison: its course, its moved flows and its parts say what runs, tables and origins say."""

from pathlib import Path

import pytest

from app.commands.compare import KEPT
from experiments.comparing.compare import Difference
from experiments.comparing.course import QUANTITIES, Series, course_of
from experiments.comparing.groups import by_group
from experiments.comparing.intervals import Estimate
from experiments.comparing.moved import Change, changes
from experiments.comparing.origins import Origin
from experiments.comparing.replicated import Replicated, replicated
from experiments.reporting.compare_page import page
from experiments.reporting.course import course_picture
from experiments.reporting.moved import FEWER, GAINS, LOSES, MORE, UNSURE, moved_picture, ribbons
from experiments.reporting.parts import parts_section
from experiments.running.executors import Where
from results.report.numbers import tables
from results.store.pool import unpacked
from sim.loading import load
from sim.scenario.scenario import Scenario
from tests.experiments.inline import inline

DAYS, SCALE = 70, 0.003
HEAD = f"extends: lujiang-2020\nperiod: {{days: {DAYS}, run_in_days: 10}}\n"
WORDS = dict.fromkeys(("from", "to", "count", "name", "value"), "")


def done(folder: Path, scenarios: list[str], keep: tuple[str, ...] = KEPT) -> Replicated:
    return replicated("tiny", scenarios, 3, SCALE, folder, lambda design: Where(inline(), 1), keep=keep)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    folder = tmp_path_factory.mktemp("two")
    less = "mechanisms: {referral_rules: null, packaged_fund: null}\n"
    for name, more in (("full", ""), ("less", less)):
        (folder / f"{name}.yaml").write_text(f"name: {name}\ntitle: {{en: {name}, zh: {name}}}\n{HEAD}{more}", encoding="utf-8")
    return [str(folder / "full.yaml"), str(folder / "less.yaml")]


@pytest.fixture(scope="module")
def found(files: list[str], tmp_path_factory: pytest.TempPathFactory) -> Replicated:
    return done(tmp_path_factory.mktemp("pool"), files)


@pytest.fixture(scope="module")
def scenarios(files: list[str]) -> list[Scenario]:
    return [load(file) for file in files]


def test_the_course_has_every_whole_month_and_lies_about_the_measure_of_all_days(found: Replicated) -> None:
    course = course_of(found.batch, found.comparison.seeds)
    assert set(course) == set(QUANTITIES)
    for quantity, scenarios in course.items():
        assert set(scenarios) == {"full", "less"}
        for name, series in scenarios.items():
            assert series.months == ["01", "02"]  # the ten days of March are no month
            means = [one.mean for one in series.values]
            assert all(one.half is not None for one in series.values)
            row = found.comparison.measures.get(quantity)
            if row is not None:
                assert min(means) - 0.05 < row.estimates[name].mean < max(means) + 0.05  # type: ignore[operator]
    waits = course["wait"]["full"].values
    assert all(0 < (one.mean or 0) < 60 for one in waits)


def test_the_picture_of_the_course_says_the_same_numbers(found: Replicated) -> None:
    course = course_of(found.batch, found.comparison.seeds)
    figure = course_picture(course, ("#111111", "#222222")).figure["zh"]
    lines = [trace for trace in figure["data"] if trace.get("mode") == "lines+markers"]
    assert len(lines) == 2 * len(course)
    assert lines[0]["y"] == [round(100 * (one.mean or 0), 4) for one in course["in_county_admission_share_insured"]["full"].values]
    upper, lower = figure["data"][0]["y"], figure["data"][1]["y"]
    assert all(high >= low for high, low in zip(upper, lower, strict=True))


def test_a_month_with_nothing_to_divide_by_is_a_gap_and_no_zero() -> None:
    series = Series(["01", "02"], [Estimate(0.5, 0.4, 0.6), Estimate(None)])
    figure = course_picture({"in_county_admission_share_insured": {"a": series}}, ("#111111",)).figure["en"]
    assert [trace["y"] for trace in figure["data"]] == [[60.0, None], [40.0, None], [50.0, None]]


def test_scenarios_that_live_other_months_have_no_common_course(files: list[str], tmp_path: Path) -> None:
    text = Path(files[0]).read_text(encoding="utf-8").replace("name: full", "name: later").replace("{days:", "{start: 2020-07-01, days:")
    (tmp_path / "later.yaml").write_text(text, encoding="utf-8")
    found = done(tmp_path / "pool", [files[0], str(tmp_path / "later.yaml")])
    assert course_of(found.batch, found.comparison.seeds) == {}


def test_those_treated_where_they_live_are_told_apart_from_the_tiers(found: Replicated, scenarios: list[Scenario]) -> None:
    moved = changes(found.batch, found.comparison.seeds, "full", "less", True)["visit"]
    assert {"elsewhere", "county", "municipal"} <= {one.to for one in moved}
    flows = found.batch.pool.read(next(found.batch.rows()).key).tables["flows"]
    frame = unpacked(flows).to_pandas()
    away = frame[(frame.kind == "visit") & frame.facility.isin(["elsewhere_hospital", "elsewhere_clinic"])]
    assert away["count"].sum() > 0


def test_who_goes_elsewhere_adds_up_to_what_the_flows_say(found: Replicated, scenarios: list[Scenario]) -> None:
    moved = changes(found.batch, found.comparison.seeds, "full", "less", True)
    assert set(moved) == {"admission", "visit"}
    whole = sum(one.difference.mean or 0.0 for one in moved["visit"]) * DAYS / 365 * SCALE
    assert whole == pytest.approx(found.comparison.measures["visits"].differences["less"].mean, abs=1e-6)
    picture = moved_picture(scenarios[0], "full", "less", moved)
    assert picture is not None
    assert len(tables(picture.figure["en"], WORDS)) == 2


def change(town: str, to: str, mean: float, half: float) -> Change:
    return Change(town, to, Difference(mean, mean - half, mean + half))


def test_ribbons_flow_from_what_loses_over_the_town_to_what_gains_and_balance() -> None:
    found = ribbons(
        [change("a", "county", -30, 5), change("a", "township", 25, 5), change("a", "village", 1, 9), change("b", "county", 4, 1)]
    )
    told = {(one.start, one.end): (one.people, one.colour) for one in found}
    assert told["from county", "a"] == (30, LOSES)
    assert told["a", "to township"] == (25, GAINS)
    assert told["a", "to village"] == (1, UNSURE)
    assert told["a", FEWER][0] == 4
    assert told[MORE, "b"][0] == 4
    assert ribbons([change("a", "county", 0, 0)]) == []


def test_where_nothing_moves_or_nothing_was_kept_nothing_is_drawn(
    files: list[str], scenarios: list[Scenario], found: Replicated, tmp_path: Path
) -> None:
    assert moved_picture(scenarios[0], "full", "less", {"visit": [change("a", "county", 0, 0)]}) is None
    bare = done(tmp_path, files, keep=("residents",))
    assert course_of(bare.batch, bare.comparison.seeds) == {}
    assert changes(bare.batch, bare.comparison.seeds, "full", "less", True) == {}
    text = page(bare, scenarios)
    assert "Who goes elsewhere" not in text
    assert "Month by month" not in text


def test_parts_are_drawn_and_written_with_the_whole_last() -> None:
    part = Estimate(0.02, 0.01, 0.03)
    origin = Origin(part, {"family_doctor": Estimate(0.01, 0.0, 0.02)}, Estimate(-0.005, -0.01, 0.0), Estimate(0.025, 0.02, 0.03))
    text, (picture,) = parts_section("a", "b", {"in_county_admission_share_insured": origin})
    (bars,) = picture.figure["en"]["data"]
    assert bars["x"] == [2.0, 1.0, -0.5, 2.5]
    assert [name for name in ("Family doctors", "家庭医生", "+2.50 ±0.50 pp", "the whole difference") if name not in text] == []
    assert parts_section("a", "b", {}) == ("", [])


def test_the_page_has_all_its_parts_in_both_languages(found: Replicated, scenarios: list[Scenario]) -> None:
    part = Estimate(0.02, 0.01, 0.03)
    origins = {"visits": Origin(part, {}, part, part)}
    text = page(found, scenarios, "zh", {"less": origins})
    for words in ("逐月情况", "去向的变化", "差别从何而来", "逐项对照", "谁得益、谁受损", "Month by month", "Who goes elsewhere"):
        assert words in text, words


def test_groups_of_people_stand_out_only_with_allowance_for_all_of_them(found: Replicated) -> None:
    rows = by_group(found.batch, found.comparison.seeds, "full", "less", True)
    alone = [row for row in rows if row.difference.chance is not None and row.difference.chance < 0.05]
    clear = [row for row in rows if row.difference.clear]
    assert len(clear) < len(alone) < len(rows)
    assert all(row.difference.chance is not None and row.difference.chance * len(rows) < 0.05 * 3 for row in clear)
    ways = list(dict.fromkeys(row.group for row in rows if row.by == "minutes_to_county_hospital"))
    assert ways == ["0-30", "30-60", "60+"]
