"""Figures give back the numbers they were drawn from."""

import pytest

from results.report.markup import LANGUAGES
from results.report.numbers import Numbers, months, paired, tables, written

WORDS = {word: word for word in ("from", "to", "count", "name", "value")}


def test_lying_bars_give_a_row_for_each_name_and_a_column_for_each_trace() -> None:
    bars = [
        {"type": "bar", "orientation": "h", "y": ["a", "b<br>c"], "x": x, "name": name}
        for name, x in (("one", [1, 2.5]), ("two", [None, 4]))
    ]
    figure = {"data": bars, "layout": {"xaxis": {"title": {"text": "yuan"}}}}
    assert tables(figure, WORDS) == [Numbers("yuan", ("name", "one", "two"), [("a", "1", "–"), ("b c", "2.5", "4")])]


def test_traces_that_share_no_row_give_one_column() -> None:
    bars = [{"type": "bar", "x": [place], "y": [1], "name": place} for place in ("town", "county")]
    assert tables({"data": bars, "layout": {}}, WORDS) == [Numbers("", ("name", "value"), [("town", "1"), ("county", "1")])]


def test_panels_go_by_the_heading_over_them_and_an_empty_one_is_left_out() -> None:
    layout = {
        "xaxis2": {"domain": [0.5, 1], "title": {"text": "days"}},
        "annotations": [
            {"text": f"<b>{text}</b>", "x": x, "y": 1, "xref": "paper", "yref": "paper"} for text, x in (("doctor", 0), ("bed", 0.5))
        ],
    }
    lying = {"type": "bar", "orientation": "h", "y": ["a"]}
    data = [{**lying, "x": [3]}, {**lying, "x": [7], "xaxis": "x2"}, {"type": "scatter", "x": [], "y": [], "xaxis": "x3", "yaxis": "y3"}]
    assert [table.title for table in tables({"data": data, "layout": layout}, WORDS)] == ["doctor", "bed · days"]


def test_ribbons_go_by_the_names_of_their_ends() -> None:
    flow = {"type": "sankey", "node": {"label": ["a<br>12", "b<br>3"]}, "link": {"source": [0], "target": [1], "value": [1234]}}
    assert tables({"data": [flow]}, WORDS) == [Numbers("", ("from", "to", "count"), [("a", "b", "1,234")])]


def test_dates_of_which_there_is_one_in_a_month_go_by_the_month() -> None:
    assert months(["2020-01-16", "2020-02-15"]) == ["2020-01", "2020-02"]
    assert months(["2020-01-16", "2020-01-17"]) == ["2020-01-16", "2020-01-17"]
    assert months(["Baihu", "Luohe"]) == ["Baihu", "Luohe"]


@pytest.mark.parametrize(("value", "text"), [(0, "0"), (-1234.0, "-1,234"), (10175.26, "10,175.3"), (3.20, "3.2"), (0.0414, "0.041")])
def test_numbers_are_written_to_the_decimals_they_are_shown_with(value: float, text: str) -> None:
    assert written(value) == text


def test_tables_that_differ_between_languages_are_a_fault() -> None:
    one, other = (Numbers("", ("name", "value"), [("a", "1")] * count) for count in (1, 2))
    assert len(LANGUAGES) == 2
    with pytest.raises(ValueError, match="1 rows"):
        list(paired([one], [other]))
