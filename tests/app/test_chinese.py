"""With `--lang zh` the pages speak Chinese: no units, parameter names, keys of documents or figures are left in English."""

import re
from pathlib import Path

import pytest

from app.cli import main
from experiments.running import processes
from results.telling.meaning import called_below
from sim.mechanisms import RULES
from sim.reading.units import written_in

UNIT = re.compile(r"\d ?(yuan|min|h|d|km|pp)\b")
DOCUMENT = re.compile(r"\b(\d{3}_[0-9a-f]{16}|[a-z]+(_[a-z]+)*_(19|20)\d\d)\b")
NAME = re.compile(r"\b[a-z]+(_[a-z0-9]+)+\b")
CLINIC = """
kind: stations
hours: 100
stations: {my_ward: {servers: 2, service: {mean: 10 min, cv2: 1}, open: {from: 08:00, to: 16:00}}}
arrivals: {my_ward: 6 / h}
"""


@pytest.fixture(autouse=True)
def wide_and_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Give the pages room, in one process."""
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setattr(processes, "processes", lambda wanted=1: 1)


def page(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    assert main([*words, "--lang", "zh"]) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("words", [["explain", "lujiang-2020", "--numbers"], ["sources", "lujiang-2020", "--all"]])
def test_numbers_have_chinese_units_and_documents_their_titles(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    text = page(words, capsys).partition("数据表")[0]
    assert UNIT.search(text) is None
    assert DOCUMENT.search(text) is None
    assert "222元" in text
    assert "庐江成立两大医疗集团，组建医共体" in text


def test_explain_calls_what_a_mechanism_reads_by_its_label(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(["explain", "lujiang-2020"], capsys)
    spoken = [line for line in text.splitlines() if re.search(r"\([SDLAF]\b", line)]
    assert spoken
    assert [line for line in spoken if NAME.search(line)] == []
    assert "结余分配·县级医院 60 % (A)" in text


def test_sources_names_parts_and_tables_and_says_that_rows_are_quoted(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(["sources", "lujiang-2020"], capsys)
    for words in (
        "医保·城乡居民医保  insurance.residents",
        "政策·家庭医生签约  mechanisms.family_doctor",
        "乡镇表",
        "各行的出处照录数据表原文",
    ):
        assert words in text


def test_experiments_name_studies_and_parameters(capsys: pytest.CaptureFixture[str]) -> None:
    text = page(["explain", "lujiang-2018", "--experiments", "--runs", "1", "--days", "2", "--scale", "0.01"], capsys)
    assert "温州差别化报销与就医机构选择" in text
    assert "就医选择·人群·各类·自付费用权重" in text
    assert "该情景没有“双向转诊”" in text
    assert NAME.search(text) is None


def test_verify_calls_figures_in_words_and_leaves_the_users_own_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "ward.yaml"
    file.write_text(CLINIC, encoding="utf-8")
    text = page(["verify", str(file), "--runs", "2"], capsys)
    for words in ("my_ward 平均等候（小时）", "my_ward 普通 利用率", "my_ward 关门后延时（小时）"):
        assert words in text
    assert set(re.findall(NAME, text)) == set(re.findall(NAME, "my_ward"))


@pytest.mark.slow
def test_verify_calls_all_that_comes_with_the_model_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    main(["verify", "--runs", "1", "--lang", "zh"])
    assert set(re.findall(r"[A-Za-z]+", capsys.readouterr().out)) <= {"Erlang", "B", "C", "Jackson", "Pollaczek", "Khinchine", "e"}


def test_an_unknown_condition_is_answered_with_the_chinese_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["offers", "lujiang-2020", "--village", "同大镇", "--condition", "感冒", "--lang", "zh"]) == 2
    said = capsys.readouterr().err
    assert "上呼吸道感染，" in said or "，上呼吸道感染" in said
    assert NAME.search(said) is None


def test_quantities_are_written_with_the_units_of_the_language() -> None:
    written = [written_in(value, "zh") for value in ("222 yuan", "60 min", "5 d", "1.5 h", "95 %", "10 pp", "0.4", "true", "3 km")]
    assert written == ["222元", "60分钟", "5天", "1.5小时", "95 %", "10个百分点", "0.4", "true", "3公里"]
    assert [written_in(value, "en") for value in ("222 元", "5天", "5 d")] == ["222 yuan", "5 d", "5 d"]


def test_a_path_is_called_by_keys_in_english_and_by_labels_in_chinese() -> None:
    path = "choice.segments.*.constants.none"
    assert called_below(path, RULES, "en") == path
    assert called_below(path, RULES, "zh") == "就医选择·人群·各类·固有偏好·不就诊"
    assert called_below("mechanisms.packaged_fund.split.county", RULES, "zh", "mechanisms.packaged_fund") == "结余分配·县级医院"


def test_a_scenario_is_called_by_one_word() -> None:
    root = Path(__file__).parents[2]
    pages = [path for room in ("app", "docs", "experiments", "results", "sim") for path in (root / room).rglob("*.[pym]*")]
    read = {path: path.read_text(encoding="utf-8") for path in (*pages, *root.glob("*.md")) if path.suffix in (".py", ".yaml", ".md")}
    assert [str(path) for path, text in read.items() if "场景" in text] == []
