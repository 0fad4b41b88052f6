"""The report says what `measures.json` says, in both languages, in one file that asks for nothing."""

import json
import re
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pyarrow.compute as pc
import pytest

from results.measuring.definitions import definitions
from results.report.assumptions import to_verify
from results.report.city import in_city_words, is_city
from results.report.indicators import sheet
from results.report.markup import LANGUAGES
from results.report.page import SECTIONS, embedded, page, script
from results.report.readings import READINGS
from results.report.rerun import command_line
from sim import load
from sim.language.messages import say
from tests.results.report.pages import Element, parsed, small_page, whole
from tests.results.report.small_runs import small_run

MEGABYTE = 1_000_000
CHINESE = re.compile("[\u4e00-\u9fff]")
SIZES = {"万": 1e4, "亿": 1e8, "thousand": 1e3, "million": 1e6, "billion": 1e9}


@pytest.fixture(scope="module")
def body() -> Element:
    return parsed(small_page())


def said(text: str) -> tuple[float, float]:
    """Read a written number: its size, and half a unit of its last digit."""
    figure, word = re.match(r"([+-]?[\d,]+(?:\.\d+)?) ?([^\W\d]*)", text.strip()).groups()  # type: ignore[union-attr]
    scale = next(
        (size for name, size in SIZES.items() if word.startswith(name)), 0.01 if "%" in text or re.search("pp|百分点", text) else 1.0
    )
    decimals = len(figure.partition(".")[2])
    return float(figure.replace(",", "")) * scale, 0.5000001 * 10**-decimals * scale


def test_every_number_beside_a_name_is_that_of_the_measures_and_is_written_as_it_is(body: Element) -> None:
    """The exact value stands in the element, and the words round it, in both languages."""
    run, named = small_run(), Counter[str]()
    for data in body.all("data"):
        name, value = data.attributes["data-name"], float(data.attributes["value"])
        measure, _, end = name.partition("__")
        named[end] += 1
        if end in ("goal", "tolerance"):
            assert value == getattr(run.scenario.targets[measure], end)
        elif end == "gap":
            assert value == pytest.approx(run.measures[measure] - run.scenario.targets[measure].goal, abs=1e-12)
        else:
            assert value == run.measures[name]
        for lang in LANGUAGES:
            written, half = said(data.text(lang))
            assert abs(written - value) <= half, (name, data.text(lang))
    assert min(named[end] for end in ("", "numerator", "denominator", "goal", "gap")) >= 2


def test_every_measure_stands_once_in_its_table_and_a_share_is_its_numerator_over_its_denominator(body: Element) -> None:
    run, found, shares = small_run(), [], 0
    for row in body.one("section", id="measures").all("tr"):
        values = {data.attributes["data-name"]: float(data.attributes["value"]) for data in row.all("data")}
        name = next((name for name in values if "__" not in name), None)
        if name is None:
            continue
        found.append(name)
        if f"{name}__numerator" in values:
            shares += 1
            assert values[name] == values[f"{name}__numerator"] / values[f"{name}__denominator"]
    assert sorted(found) == sorted(name for name in definitions() if run.measures.get(name) is not None)
    assert shares > 30
    absent = body.one("section", id="measures").one("ul", class_="names")
    assert len(absent.all("li")) == len(definitions()) - len(found)


def test_a_goal_has_no_verdict_before_a_full_year_of_all_people_and_gets_one_then() -> None:
    run = whole(small_run())
    year = replace(run, scenario=run.scenario.model_copy(update={"period": run.scenario.period.model_copy(update={"days": 365})}))
    year.scenario._record = run.scenario._record
    everybody = replace(year, facts={**run.facts, "scale": 1.0})
    for made, verdicts in ((run, {"short"}), (year, {"trial"}), (everybody, {"reached", "near", "missed"})):
        cards = parsed(page(made)).all("article", class_="goal")
        assert [card.attributes["data-goal"] for card in cards] == list(run.scenario.targets)
        assert {card.attributes["data-verdict"] for card in cards} <= verdicts
        for card in cards:
            assert say(f"verdict.{card.attributes['data-verdict']}", "zh") in card.text("zh")


def test_the_ceiling_stands_beside_the_goal_and_beside_every_population(body: Element) -> None:
    run = small_run()
    card = body.one("article", data_goal="in_county_admission_share_insured")
    assert any(data.attributes["data-name"] == "in_county_ceiling_insured" for data in card.all("data"))
    names = {data.attributes["data-name"] for data in body.one("section", id="goals").all("table")[1].all("data")}
    for variant in ("insured", "insured_all", "insured_present", "resident", "registered"):
        assert {f"in_county_admission_share_{variant}", f"in_county_ceiling_{variant}"} <= names
    assert run.measures["in_county_ceiling_insured"] is not None


def test_the_paragraph_tells_each_goal_by_its_value_and_distance(body: Element) -> None:
    run, summary = small_run(), body.one("p", class_="summary")
    for lang in LANGUAGES:
        text, unit = summary.text(lang).replace("\u00a0", " "), "%" if lang == "zh" else " %"
        for name, target in run.scenario.targets.items():
            value = run.measures[name]
            assert definitions()[name].title[lang] in text
            assert f"{value * 100:.1f}{unit}" in text and f"{abs(value - target.goal) * 100:.1f}" in text
        assert f"{run.measures['forgone_admission_share'] * 100:.1f}{unit}" in text


def test_everything_is_said_in_both_languages(body: Element) -> None:
    spans = Counter(span.attributes["lang"] for span in body.all("span") if "lang" in span.attributes)
    assert spans["en"] == spans["zh-CN"] > 500
    english, chinese = (body.text(lang) for lang in LANGUAGES)
    others = re.sub("中文", "", english)  # the button that leads to Chinese
    assert not CHINESE.search(others), CHINESE.findall(others)[:5]
    assert len(CHINESE.findall(chinese)) > 3000
    assert "None" not in (english + chinese) and "{" not in english + chinese
    for key in ("en", "zh"):
        assert all(f"data-label-{key}" in one.attributes for one in body.all("*") if "data-label-en" in one.attributes)


def test_the_page_begins_in_the_language_asked_for() -> None:
    heads = {lang: small_page(lang)[:200] for lang in LANGUAGES}
    assert '<html lang="en">' in heads["en"] and '<html lang="zh-CN">' in heads["zh"]
    assert parsed(small_page("en")).text("zh") == parsed(small_page("zh")).text("zh")


def test_the_standing_labels_stand_in_both_languages(body: Element) -> None:
    assert "模拟结果·非实际统计" in body.one("p", class_="simulated").text("zh")
    assert "not statistics" in body.one("p", class_="simulated").text("en")
    notice = body.one("section", id="map").one("p", class_="schematic")
    assert "示意图，不作行政区划界线依据" in notice.text("zh") and "boundaries" in notice.text("en")


def test_the_file_asks_for_nothing_and_names_no_place_of_this_machine() -> None:
    text = small_page()
    assert "default-src 'none'" in text
    words = re.sub(r"<script>.*?</script>", "", text, flags=re.S)
    assert set(re.findall(r'(?:src|href)="([^"#][^"]*)"', words)) == {"data:,"}
    assert not re.search(r"url\(|@import", words)
    root = Path(__file__).parents[3]
    assert not [place for place in (str(root), str(root.resolve()), str(Path.home() / ".")) if len(place) > 5 and place in text]
    assert len(text.encode()) < 8 * MEGABYTE


def test_headings_and_sections_are_where_the_contents_point(body: Element) -> None:
    names = [one.attributes["id"] for one in body.all("*") if "id" in one.attributes]
    assert len(names) == len(set(names))
    links = [link.attributes["href"][1:] for link in body.one("nav").all("a")]
    assert links == list(SECTIONS) and set(links) <= set(names)
    for section in body.all("section"):
        assert section.attributes["aria-labelledby"] in names
        assert section.one("h2").text("zh")


def test_each_picture_has_its_note_and_its_numbers_and_groups_add_up_to_the_county(body: Element) -> None:
    run, pictures = small_run(), body.one("section", id="pictures")
    keys = [one.attributes["data-picture"] for one in pictures.all("div", class_="plot")]
    drawn = json.loads(re.search(r'id="pictures-data">(.*?)</script>', small_page(), re.S)[1])  # type: ignore[index]
    assert keys == list(drawn)
    assert all(figure.one("figcaption").one("p").text(lang) for figure in pictures.all("figure") for lang in LANGUAGES)
    tables = [fold for fold in pictures.all("details") if fold.all("table")]
    assert len(tables) == len(keys) - 1  # the goals are written out above
    of_fund = (pc.field("payer") == "residents_fund") & pc.field("kind").isin(["visit", "stay"])  # it also passes on premiums
    spent = pc.sum(run.tables["books"].filter(of_fund)["yuan"]).as_py()
    groups = pictures.one("figure", id="picture-groups")
    fold = next(fold for fold in tables if groups.one("h3").text("en") in fold.one("summary").text("en"))
    row = next(row for row in fold.all("table")[0].all("tr") if "in all" in row.text("en"))
    assert sum(said(cell.text("en"))[0] for cell in row.all("td")) * 1e6 == pytest.approx(spent, abs=2e4)


def test_what_is_to_be_verified_is_every_assumption_once_and_the_counts_add_up(body: Element) -> None:
    scenario, listed = small_run().scenario, body.one("section", id="assumptions")
    paths = [span.attributes["data-path"] for span in listed.all("span") if "data-path" in span.attributes]
    expected = [ground.path for ground in scenario.grounds if ground.status in ("A", "F")]
    assert sorted(paths) == sorted(expected) == sorted(number.path for number in to_verify(small_run()))
    counts = listed.one("p", class_="counts")
    for lang in LANGUAGES:
        total, *parts = (int(figure) for figure in re.findall(r"\d+", counts.text(lang)))
        assert total == sum(parts) == len(scenario.grounds)
    assert all(row.all("td")[-1].text("zh") for row in listed.all("tr") if row.all("td"))
    assert "报销比例" in listed.text("zh") and "元" in listed.text("zh")


def test_the_national_sheet_stands_whole_with_a_value_or_a_reason(body: Element) -> None:
    rows = body.one("section", id="national").one("tbody").all("tr")
    assert [row.one("th").text("en") for row in rows] == [str(i) for i in range(1, 15)]
    for row, line in zip(rows, sheet()["indicators"], strict=True):
        answers = [name for name in line.get("measures", ()) if small_run().measures.get(name) is not None]
        assert [data.attributes["data-name"] for data in row.all("data")] == answers
        reason = say(f"report.national.{line['silent']}", "zh")
        assert (reason in row.text("zh")) == (not answers)
        assert row.all("td")[-1].text("en") and row.all("td")[-1].text("zh")


def test_the_command_that_runs_it_again_names_all_that_was_asked_for(body: Element) -> None:
    command = "tiercare run lujiang-2020 --set period.days=100 --seed 1 --scale 0.02"
    assert command_line(whole(small_run())) == command
    assert body.one("section", id="rerun").one("pre").text("en") == command


def test_nothing_ends_a_script_before_its_end() -> None:
    told = embedded({"title": "</script><b>", "note": "<!--"})
    assert "<" not in told and json.loads(told) == {"title": "</script><b>", "note": "<!--"}
    assert script('a = "</script>"') == 'a = "<\\/script>"'
    assert small_page().count("</script>") == 6


def test_a_title_that_holds_marks_of_html_is_written_as_it_is() -> None:
    run = whole(small_run())
    scenario = run.scenario.model_copy(update={"title": run.scenario.title.model_copy(update={"en": "<b>A & B</b>"})})
    scenario._record = run.scenario._record
    text = page(replace(run, scenario=scenario))
    assert parsed(text).one("h1").text("en") == "<b>A & B</b>"
    assert "<b>A" not in text


def test_every_goal_stands_under_each_of_its_readings(body: Element) -> None:
    run = small_run()
    table = body.one("section", id="goals").all("table")[0]
    names = [data.attributes["data-name"] for data in table.all("data")]
    for name in run.scenario.targets:
        assert names.count(name) == 1
        assert set(READINGS[name]) <= set(names)
    assert "文件未写明口径" in body.text("zh")
    assert "超支概率" not in "".join(cell.text("zh") for cell in body.all("td"))


def test_a_city_is_spoken_of_as_a_city() -> None:
    assert is_city(load("tongling-2018").tables)
    assert not is_city(load("lujiang-2020").tables)
    assert in_city_words("县级医院与乡镇卫生院；县域内，村卫生室") == "市区医院与社区卫生服务中心；市域内，社区卫生服务站"
    assert in_city_words("a township centre, county hospitals") == "a community centre, city hospitals"
