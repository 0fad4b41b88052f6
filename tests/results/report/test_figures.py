"""Pictures say what the measures and tables of their run say, in both languages, as figures plotly can draw."""

import datetime
import json
import math
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import plotly.graph_objects as go
import pyarrow.compute as pc
import pytest

from results.measuring.definitions import names
from results.report.figures import Picture, pictures
from results.report.figures.accounts import accounts
from results.report.figures.columns import rows
from results.report.figures.fund import steps
from results.report.figures.goals import ceiling_name, goal_of
from results.report.figures.referrals import links
from results.report.figures.trends import at_home, calendar, months, primary, weeks
from results.report.units import SIZES, unit
from results.store.run import Run
from sim.language.messages import messages
from tests.results.report.small_runs import DAYS, small_run, without

KEYS = ["goals", "referrals", "trends", "waits", "beds", "fund", "groups", "people_town", "people_age", "people_poor"]
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def run() -> Run:
    return small_run()


@pytest.fixture(scope="module")
def drawn(run: Run) -> dict[str, Picture]:
    return {picture.key: picture for picture in pictures(run)}


def total(run: Run, table: str, column: str) -> float:
    return float(pc.sum(run.tables[table][column]).as_py())


def words(figure: dict[str, Any]) -> Iterator[str]:
    """List the titles of axes and panels, the names of traces and of rows."""
    for key, value in figure["layout"].items():
        if key.startswith(("xaxis", "yaxis")):
            yield from [value["title"]["text"]] if "title" in value else []
    yield from (note["text"] for note in figure["layout"].get("annotations", []))
    yield from (trace["name"] for trace in figure["data"] if "name" in trace)


def test_pictures_come_in_their_order(drawn: dict[str, Picture]) -> None:
    assert list(drawn) == KEYS


def test_plotly_can_draw_every_figure(drawn: dict[str, Picture]) -> None:
    for picture in drawn.values():
        for figure in picture.figure.values():
            go.Figure(**json.loads(json.dumps(figure, allow_nan=False)))


def test_every_picture_speaks_both_languages(drawn: dict[str, Picture]) -> None:
    for picture in drawn.values():
        assert CHINESE.search(picture.title["zh"]) and CHINESE.search(picture.note["zh"])
        assert not CHINESE.search(picture.title["en"] + picture.note["en"])
        english, chinese = (list(words(picture.figure[lang])) for lang in ("en", "zh"))
        assert not [word for word in english if CHINESE.search(word)], picture.key
        assert any(CHINESE.search(word) for word in chinese), picture.key


def test_nothing_shown_has_more_figures_than_are_read(drawn: dict[str, Picture]) -> None:
    for key in ("waits", "beds", "people_town", "people_age", "people_poor"):
        for trace in drawn[key].figure["zh"]["data"]:
            assert all(value is None or round(value, 2) == value for value in trace["x"]), key


def test_goals_show_value_and_goal_of_every_target(run: Run, drawn: dict[str, Picture]) -> None:
    figure = drawn["goals"].figure["en"]
    dots = [trace["x"][0] for trace in figure["data"]]
    assert dots == [round(run.measures[name] * 100, 1) for name in run.scenario.targets]
    goals = [shape["x0"] for shape in figure["layout"]["shapes"] if shape["type"] == "line" and "dash" not in shape["line"]]
    assert goals == [target.goal * 100 for target in run.scenario.targets.values()]


def test_a_run_of_less_than_a_year_is_not_judged(run: Run) -> None:
    assert {goal_of(run, name).standing.word for name in run.scenario.targets} == {"short"}


def test_a_ceiling_is_drawn_where_the_run_has_one(run: Run) -> None:
    name = "in_county_admission_share_insured"
    high = Run(run.scenario, {**run.measures, ceiling_name(name): 0.914}, run.facts, run.tables)
    low = Run(run.scenario, {key: value for key, value in run.measures.items() if "ceiling" not in key}, run.facts, run.tables)
    said = [note["text"] for note in pictures(high)[0].figure["zh"]["layout"]["annotations"]]
    assert "上限 91.4%" in said
    assert not [note for note in pictures(low)[0].figure["zh"]["layout"]["annotations"] if "上限" in note["text"]]
    assert len(pictures(high)[0].note["zh"]) > len(pictures(low)[0].note["zh"])


def test_referrals_add_up_to_the_measures(run: Run) -> None:
    found = [link for setting in ("visit", "stay") for link in links(run, setting)]
    for direction, measure in (("up", "referrals_up"), ("down", "referrals_down"), ("unreferred", "unreferred_outflow_share__numerator")):
        assert sum(link.count for link in found if link.direction == direction) == run.measures[measure] > 0


def test_links_of_a_sankey_join_the_nodes_their_hover_names(drawn: dict[str, Picture]) -> None:
    for panel in (trace for trace in drawn["referrals"].figure["en"]["data"] if trace["type"] == "sankey"):
        labels = [re.sub(r" [\d,]+$", "", label) for label in panel["node"]["label"]]
        for start, end, said in zip(panel["link"]["source"], panel["link"]["target"], panel["link"]["customdata"], strict=True):
            assert said.startswith(f"{labels[start]} → {labels[end]}")


def test_months_hold_every_day_once_and_weeks_are_whole(run: Run) -> None:
    days = at_home(run)
    assert [day for span in months(days) for day in span.days] == days
    assert {len(span.days) for span in weeks(days)} == {7}


def test_the_trend_says_what_of_the_calendar_is_not_modelled_and_which_day_of_a_leap_year_is_missing(run: Run) -> None:
    year = [{"date": datetime.date(2020, 1, 1) + datetime.timedelta(days=day)} for day in range(366)]
    said = [[sentence.key.rpartition(".")[2] for sentence in calendar(run, days)] for days in (year[:365], year, year[1:], year[:100])]
    assert said == [["even", "year_not_over"], ["even"], ["even"], ["even"]]
    (note,) = (picture.note for picture in pictures(run) if picture.key == "trends")
    assert "Weekdays, holidays and seasons are not modelled" in note["en"]
    assert "星期、节假日与季节" in note["zh"]


def test_the_primary_share_of_all_months_is_the_measure(run: Run) -> None:
    measured = run.measures["primary_visit_share_ex_village"]
    assert measured is not None
    assert primary(at_home(run)) == pytest.approx(measured * 100, abs=0.051)


def test_bars_of_the_trend_hold_every_visit_and_admission(run: Run, drawn: dict[str, Picture]) -> None:
    bars = [trace for trace in drawn["trends"].figure["zh"]["data"] if trace["type"] == "bar"]
    for axis, what in (("y2", "visits"), ("y3", "admissions")):
        largest = max(sum(column) for column in zip(*(bar["y"] for bar in bars if bar["yaxis"] == axis), strict=True))
        size = 10_000 if "万" in drawn["trends"].figure["zh"]["layout"][f"yaxis{axis[1]}"]["title"]["text"] else 1
        assert largest * size <= run.measures[what]
        assert sum(sum(bar["y"]) for bar in bars if bar["yaxis"] == axis) * size == pytest.approx(run.measures[what], abs=1)


def test_waits_weighted_by_visits_give_the_mean_of_the_county(run: Run, drawn: dict[str, Picture]) -> None:
    left = [trace for trace in drawn["waits"].figure["en"]["data"] if "xaxis" not in trace]
    waited = visits = 0.0
    for trace in left:
        for minutes, said in zip(trace["x"], trace["hovertext"], strict=True):
            count = int(re.findall(r"([\d,]+) visits", said)[0].replace(",", ""))
            waited, visits = waited + minutes * count, visits + count
    assert visits == run.measures["mean_wait_minutes__denominator"]
    assert waited / visits == pytest.approx(run.measures["mean_wait_minutes"], abs=0.05)


def test_beds_show_every_facility_with_beds(run: Run, drawn: dict[str, Picture]) -> None:
    having = [row for row in rows(run.tables["facilities"]) if row["bed_occupancy"] is not None]
    figure = drawn["beds"].figure["zh"]
    of_kinds = [round(run.measures[f"bed_occupancy_{tier}"] * 100, 1) for tier in ("county", "township")]
    assert [trace["x"] for trace in figure["data"][:2]] == [[share] for share in of_kinds]
    assert sum(len(trace["y"]) for trace in figure["data"][2:]) == len(having)


def test_the_waterfall_closes_to_the_fen(run: Run, drawn: dict[str, Picture]) -> None:
    found = steps(run)
    assert found[2].end * 100 == round(run.measures["out_of_pocket_share__denominator"] * 100)
    assert found[-1].key == "patient" and found[-1].end == 0
    assert found[-1].amount == run.measures["out_of_pocket_share__numerator"]
    assert all(a.end == b.start for a, b in pairwise(found[3:]))
    bars = drawn["fund"].figure["zh"]["data"][0]
    assert math.fsum(bars["y"][3:]) == pytest.approx(bars["y"][2], abs=1e-9)


def test_accounts_of_the_groups_add_up_to_the_fund(run: Run) -> None:
    for of in (run, without(run, "claims")):
        spent = [amount for account in accounts(of) for amount in account.spent.values()]
        assert round(math.fsum(spent), 2) == round(total(run, "facilities", "residents_fund_yuan"), 2)


def test_accounts_give_back_the_packages_of_the_scenario(run: Run) -> None:
    found = [account for account in accounts(run) if account.heads]
    each = [account.budget / account.heads for account in found if account.budget and account.heads]
    assert len(each) == len(run.scenario.groups)
    assert each[0] == pytest.approx(each[1], abs=0.01)
    assert sum(account.heads for account in found if account.heads) == run.measures["insured"]


def test_without_claims_what_went_to_others_stands_apart(run: Run) -> None:
    figure = next(picture for picture in pictures(without(run, "claims", "insured")) if picture.key == "groups").figure["en"]
    assert [trace["name"] for trace in figure["data"]][-1] == messages()["figures.groups.unattributed"]["en"]


def test_people_are_sorted_by_the_care_they_forgo(run: Run, drawn: dict[str, Picture]) -> None:
    shares = drawn["people_town"].figure["en"]["data"][0]["x"]
    assert shares == sorted(shares, reverse=True) and len(set(shares)) > 1
    table = rows(run.tables["residents"])
    everyone = sum(row["visits_forgone"] for row in table) / sum(row["visit_needs"] for row in table) * 100
    assert drawn["people_town"].figure["en"]["layout"]["shapes"][0]["x0"] == round(everyone, 3)


def test_what_patients_pay_is_scaled_to_a_year(run: Run, drawn: dict[str, Picture]) -> None:
    table = [row for row in rows(run.tables["residents"]) if row["age"] == "0-4"]
    paid = sum(row["paid_by_patient_yuan"] for row in table) / sum(row["people"] for row in table) * 365 / DAYS
    assert drawn["people_age"].figure["en"]["data"][3]["x"][0] == round(paid)


def test_a_run_without_the_tables_or_the_groups_leaves_their_pictures_out(run: Run) -> None:
    alone = Run(run.scenario.model_copy(update={"groups": {}, "targets": {}}), run.measures, run.facts, run.tables)
    kept = {picture.key for picture in pictures(without(alone, "referrals", "residents", "claims", "insured"))}
    assert kept == {"trends", "waits", "beds", "fund"}


def test_a_unit_shows_three_figures_in_the_words_of_its_language() -> None:
    assert unit("yuan", [2_035_000_000.0], "zh").written(2_035_000_000.0) == "203,500 万元"
    assert unit("yuan", [2_035_000_000.0], "en").written(2_035_000_000.0) == "2,035 million yuan"
    assert unit("visits", [5_123_456], "zh").written(5_123_456) == "512.3 万人次"
    assert unit("visits", [4_123], "zh").written(4_123) == "4,123 人次"
    assert unit("visits", [], "en").written(0) == "0 visits"
    assert set(SIZES) == {"en", "zh"}


def test_ceilings_are_named_after_the_share_they_stand_beside() -> None:
    assert ceiling_name("in_county_admission_share_insured") == "in_county_ceiling_insured"
    assert ceiling_name("primary_visit_share_ex_village") not in names()
