"""Every measure has one definition, in two languages, and is written one way."""

import pytest

from results.measuring.definitions import definition, definitions, groups, names, standing, words, written, written_gap


@pytest.mark.parametrize("name", names())
def test_a_definition_is_complete_and_uses_known_words(name: str) -> None:
    meant = definition(name)
    assert meant.group in groups("en")
    assert meant.good in ("up", "down", "none")
    assert isinstance(meant.decimals, int)
    assert isinstance(meant.shown, bool)
    assert (meant.unit == "share") <= (meant.denominator is not None)
    for lang in ("en", "zh"):
        assert all(text[lang] for text in (meant.title, meant.numerator, meant.denominator or {lang: "nothing to divide by"}))
        words("units", meant.unit, lang)
        words("periods", meant.period, lang)
        for kind, key in (("people", meant.people), ("institutions", meant.institutions)):
            assert key is None or words(kind, key, lang)


def test_titles_tell_measures_apart() -> None:
    for lang in ("en", "zh"):
        assert len({meant.title[lang] for meant in definitions().values()}) == len(names())


@pytest.mark.parametrize(
    ("name", "value", "en", "zh"),
    [
        ("in_county_visit_share", 0.45678, "45.7 %", "45.7%"),
        ("cost_per_admission_county", 6543.21, "6,543 yuan", "6,543元"),
        ("mean_wait_minutes", 12.34, "12.3 min", "12.3分钟"),
        ("visits", 5_123_456, "5,123,456 visits", "5,123,456人次"),
        ("forgone_care_share", None, "–", "–"),
        ("satisfaction", 71.26, "71.3", "71.3"),
    ],
)
def test_a_value_is_written_with_its_unit(name: str, value: float | None, en: str, zh: str) -> None:
    assert (written(name, value, "en"), written(name, value, "zh")) == (en, zh)


def test_a_gap_between_shares_is_in_points() -> None:
    assert written_gap("in_county_visit_share", -0.0321, "en") == "-3.2 pp"
    assert written_gap("in_county_visit_share", 0.0321, "zh") == "+3.2个百分点"
    assert written_gap("mean_wait_minutes", 2.0, "en") == "+2.0 min"


@pytest.mark.parametrize(
    ("name", "value", "days", "word"),
    [
        ("in_county_visit_share", 0.91, 365, "reached"),
        ("in_county_visit_share", 0.875, 365, "near"),
        ("in_county_visit_share", 0.87, 365, "missed"),
        ("in_county_visit_share", 0.99, 364, "short"),
        ("in_county_visit_share", None, 365, "unmeasured"),
        ("out_of_pocket_share", 0.91, 365, "near"),
        ("out_of_pocket_share", 0.5, 365, "reached"),
        ("bed_occupancy_county", 0.95, 365, "missed"),
    ],
)
def test_a_value_is_judged_by_its_good_direction(name: str, value: float | None, days: int, word: str) -> None:
    assert standing(name, value, goal=0.9, tolerance=0.025, days=days).word == word


def test_no_goal_is_judged_on_a_part_of_the_people() -> None:
    assert standing("primary_visit_share_ex_village", 0.46, goal=0.45, tolerance=0.025, days=365, scale=0.05).word == "trial"
    assert standing("primary_visit_share_ex_village", 0.46, goal=0.45, tolerance=0.025, days=365, scale=1.0).word == "reached"


def test_every_measure_says_how_it_holds_on_a_part_of_the_people() -> None:
    assert {meant.holds for meant in definitions().values()} == {"level", "difference", "full_only"}
    assert all(meant.shift is not None for meant in definitions().values() if meant.holds != "full_only")
    assert definition("visits_per_resident").holds == "level"
    assert definition("bed_occupancy_township").holds == "full_only"
