"""The sums of what numbers rest on add up, and every row of every data table has a source and a confidence."""

import csv
import json

import pytest

from results.telling import grounds
from results.telling.meaning import meaning
from sim.loading import load
from sim.mechanisms import RULES
from sim.reading.provenance import STATUSES
from sim.scenario.merging import scenario_names
from sim.scenario.scenario import Scenario


@pytest.fixture(params=scenario_names())
def shipped(request: pytest.FixtureRequest) -> Scenario:
    """Read each scenario that comes with the package."""
    return load(request.param)


def test_the_counts_add_up_to_the_numbers_there_are(shipped: Scenario) -> None:
    count = len(shipped.grounds)
    assert tuple(grounds.by_status(shipped.grounds)) == STATUSES
    assert sum(grounds.by_status(shipped.grounds).values()) == count
    assert sum(sum(inside.values()) for inside in grounds.by_part(shipped.grounds).values()) == count
    assert sum(grounds.by_source(shipped.grounds).values()) == count


def test_every_row_of_every_data_table_has_a_source_and_a_confidence(shipped: Scenario) -> None:
    assert len(grounds.data_files(shipped)) == 8
    for told in grounds.data_files(shipped):
        assert told.rows > 0
        assert set(told.confidence) == set(grounds.CONFIDENCES)
        assert sum(told.confidence.values()) == sum(told.sources.values()) == told.rows
        assert "" not in told.sources


def test_a_data_table_is_counted_as_it_stands() -> None:
    scenario = load("lujiang-2020")
    (told,) = [file for file in grounds.data_files(scenario) if file.path == "places.roads"]
    with scenario.places.roads.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert (told.file, told.rows) == ("lujiang_roads.csv", len(rows))
    assert told.confidence["low"] == sum(row["confidence"] == "low" for row in rows)


def test_every_number_has_a_meaning_in_both_languages(shipped: Scenario) -> None:
    for lang in ("en", "zh"):
        assert [ground.path for ground in shipped.grounds if not meaning(ground.path, RULES, lang)] == []


@pytest.mark.parametrize(
    ("path", "english", "chinese"),
    [
        ("population.residents", "People living in the county (常住人口).", "常住人口。"),
        ("prices.visit.county", "Hospitals of the county, public and private (县级医院).", "县级医院，公立与民营。"),
        ("insurance.residents.critical_illness.bands.0.fund_share", "Share that is paid in this band.", "本段的支付比例。"),
        ("mechanisms.packaged_fund.split.county", "Lead and other hospitals of the county.", "牵头医院与其他县级医院。"),
        ("targets.primary_visit_share_ex_village.goal", "What is to be attained, in the measure's unit.", "目标值，单位同指标。"),
        ("choice.quality_wanted.2", None, "需要1级（村）至5级（省级）诊疗时居民期望的感知质量；超出部分不再增加效用。"),
        ("changes.0.set.referral.down_accept", "Share of those who accept.", "其中同意下转的占比。"),
        ("no.such.number", "", ""),
    ],
)
def test_a_number_means_what_stands_under_its_field(path: str, english: str | None, chinese: str) -> None:
    assert english is None or meaning(path, RULES, "en") == english
    assert meaning(path, RULES, "zh") == chinese


def test_everything_can_be_written_as_json(shipped: Scenario) -> None:
    plain = json.loads(json.dumps(grounds.as_plain(shipped, "zh"), ensure_ascii=False))
    assert len(plain["numbers"]) == len(shipped.grounds)
    assert {number["path"]: number["label"] for number in plain["numbers"]}["care.patience"] == "候诊耐心"
    assert {number["document"] for number in plain["numbers"]} == set(plain["sources"])
