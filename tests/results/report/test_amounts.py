"""Amounts are written as planners of each language count them."""

import pytest

from results.report.amounts import amount, distance, in_words, part
from results.report.units import shortened


@pytest.mark.parametrize(
    ("value", "en", "zh"),
    [
        (7730, "7,730 visits", "7,730人次"),
        (9999, "9,999 visits", "9,999人次"),
        (312_836, "312.8 thousand visits", "31.28万人次"),
        (5_985_231, "5.99 million visits", "598.5万人次"),
        (1_200_000_000, "1.20 billion visits", "12.00亿人次"),
        (-93_000, "-93.00 thousand visits", "-9.30万人次"),
    ],
)
def test_what_is_large_is_written_in_the_sizes_of_the_language(value: float, en: str, zh: str) -> None:
    assert (shortened(value, "en", "visits"), shortened(value, "zh", "人次")) == (en, zh)


def test_a_share_is_in_percent_and_a_difference_of_shares_in_points() -> None:
    assert in_words("contract_share", 0.3834) == {"en": "38.3 %", "zh": "38.3%"}
    assert distance("contract_share", -0.025) == {"en": "2.5 pp", "zh": "2.5个百分点"}
    assert distance("mean_wait_minutes", 2.0) == in_words("mean_wait_minutes", 2.0)


def test_the_parts_of_money_are_in_yuan_and_those_of_counts_go_by_their_words() -> None:
    assert "万元" in part("out_of_pocket_share", "numerator", 54_980_000.0)
    assert "yuan" in part("cost_per_visit_county", "numerator", 22_000_000.0)
    assert "yuan" not in part("cost_per_visit_county", "denominator", 99_040)
    assert ">81.13 thousand<" in part("primary_visit_share_ex_village", "numerator", 81_130)


def test_nothing_to_measure_is_a_dash_without_a_number() -> None:
    assert amount("readmission_30d_share", None) == "–"
