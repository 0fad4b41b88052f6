"""The list to verify calls every number by words and by the office that holds it."""

import re

import pytest

from results.measuring.definitions import definitions
from results.report.assumptions import OFFICES, block_of, quantity, read_yaml, term
from results.report.indicators import sheet
from results.telling.meaning import called
from sim.loading import load
from sim.mechanisms import RULES

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", ["lujiang-2018", "lujiang-2020"])
def test_every_number_of_the_scenarios_has_words_and_an_office(name: str) -> None:
    known = read_yaml(OFFICES)
    for path in load(name).sources:
        named = zip(path.split("."), called(path, RULES), strict=True)
        assert [step for step, words in named if not step.isdigit() and not CHINESE.search(words["zh"])] == [], path
        assert known["blocks"][block_of(path)]["office"] in known["offices"], path


def test_every_word_of_the_tables_is_in_both_languages() -> None:
    known = read_yaml(OFFICES)
    titles = [row["title"] for kind in ("blocks", "tables") for row in known[kind].values()]
    spoken = [*known["offices"].values(), *titles]
    assert all(words["en"] and words["zh"] for words in spoken)
    assert {row["office"] for kind in ("blocks", "tables") for row in known[kind].values()} <= set(known["offices"])


def test_a_number_goes_by_what_its_path_means() -> None:
    assert term("insurance.residents.inpatient.grade_2.in_county.fund_share")["zh"] == "城乡居民医保 · 住院 · 二级 · 县内 · 报销比例"
    assert term("population.residents")["en"] == "living here"
    assert (
        term("insurance.residents.critical_illness.bands.1.up_to")["en"] == "residents' scheme, critical-illness insurance, band, 2, up to"
    )
    assert term("targets.contract_share.goal")["zh"].startswith(definitions()["contract_share"].title["zh"])
    assert term("mechanisms.family_doctor.coverage") == {"en": "family doctors, coverage", "zh": "家庭医生签约 · 签约率"}
    assert term("changes.0.set.prices.visit.county")["zh"] == "1 · 设定值 · 费用 · 次均门诊费用 · 县级医院"
    assert term("mechanisms.brand_new.number") == {"en": "brand_new, number", "zh": "brand_new · number"}


def test_the_longest_start_of_a_path_decides_its_block() -> None:
    assert block_of("insurance.residents.inpatient.grade_1.in_county.deductible") == "insurance.residents.inpatient"
    assert block_of("insurance.residents.ceiling") == "insurance.residents"
    assert block_of("insurance.relief_share") == "insurance"


def test_quantities_speak_both_languages() -> None:
    assert quantity("1000 yuan") == {"en": "1000 yuan", "zh": "1000 元"}
    assert quantity("1000 元") == {"en": "1000 yuan", "zh": "1000 元"}
    assert quantity("2 h") == {"en": "2 h", "zh": "2 小时"}
    assert quantity("45 %") == {"en": "45 %", "zh": "45 %"}
    assert quantity("0.5") == {"en": "0.5", "zh": "0.5"}


def test_the_national_sheet_names_measures_there_are_and_every_line_is_whole() -> None:
    content = sheet()
    assert [line["number"] for line in content["indicators"]] == list(range(1, 15))
    for line in content["indicators"]:
        assert set(line.get("measures", ())) <= set(definitions())
        assert line["aspect"] in content["aspects"]
        assert line["silent"] in ("qualitative", "left_out") and line["formula"] in ("stated", "memory", "official")
        assert all(line[key][lang] for key in ("name", "remark") for lang in ("en", "zh"))
