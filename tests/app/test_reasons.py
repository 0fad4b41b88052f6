"""`explain`, `sources`, `offers` and `schema`: what they print and how they refuse."""

import json
from pathlib import Path

import pytest

from app.cli import main


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every test begin in English."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")


def printed(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command that ends well; returns what stands on stdout."""
    assert main(words) == 0
    return capsys.readouterr().out


def refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Run a command that is refused with one line; returns the line."""
    assert main(words) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    return err


def test_explain_tells_the_day_in_order_with_the_mechanisms_that_speak(capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(["explain", "lujiang-2020"], capsys)
    order = ["MORNING", "Offers", "Choice", "Clinics", "Referral", "Wards", "EVENING", "Money", "Learning"]
    assert [page.index(f"{word}\n") for word in order] == sorted(page.index(f"{word}\n") for word in order)
    assert "▸ Packaged fund · 医保基金打包 (settlement when the run ends; from 2019-08-01)" in page
    assert "package_share 95 % (S 004_a8c9f69932ccd4d5)" in page
    assert "2020-10-10  Lujiang County People's Hospital becomes grade 3 of the city" in page


def test_explain_speaks_chinese(capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(["explain", "lujiang-2020", "--lang", "zh", "--numbers"], capsys)
    assert "▸ 双向转诊 · Referral rules（上转与下转）" in page
    assert "每周更新预期等候时旧预期的权重。" in page.replace("\n", "")


def test_explain_gives_the_day_as_one_object(capsys: pytest.CaptureFixture[str]) -> None:
    told = json.loads(printed(["explain", "lujiang-2020", "--json"], capsys))
    assert [line["line"] for line in told["day"]][:4] == ["begin", "need", "offers", "choice"]


def test_sources_shows_the_words_of_the_documents(capsys: pytest.CaptureFixture[str]) -> None:
    page = printed(["sources", "lujiang-2020"], capsys)
    assert "“签约率达 38.34%”" in page
    assert "(76599 - 60764) / 76599 = 20.67 %" in page
    assert "lujiang_roads.csv" in page
    assert "choice.loyalty" not in page


def test_sources_lists_every_number_when_asked(capsys: pytest.CaptureFixture[str]) -> None:
    assert "choice.loyalty" in printed(["sources", "lujiang-2020", "--all", "--lang", "zh"], capsys)
    told = json.loads(printed(["sources", "lujiang-2020", "--json"], capsys))
    assert len(told["numbers"]) == sum(told["by_status"].values())


def test_offers_shows_a_row_and_sums_it_up(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["offers", "lujiang-2020", "--village", "tongda", "--condition", "hypertension", "--contract", "--scale", "0.02"]
    page = printed(words, capsys)
    assert "residents' scheme; with a family-doctor contract; of his own accord" in page
    assert "% go to township centres (35 yuan)" in page.replace("\n", " ").replace("  ", " ")
    told = json.loads(printed([*words, "--json"], capsys))
    assert sum(offer["share"] for offer in told["offers"]) == pytest.approx(1.0)
    assert (told["condition"], told["contracted"], told["date"]) == ("hypertension", True, "2019-12-04")


def test_offers_in_chinese_takes_chinese_words(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["offers", "lujiang-2018", "--village", "同大镇", "--condition", "肺炎", "--setting", "stay", "--lang", "zh", "--scale", "0.02"]
    page = printed(words, capsys)
    assert "庐江县人民医院" in page
    assert "去县级医院" in page


@pytest.mark.slow
def test_offers_after_some_days_show_what_people_expect_to_wait(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["offers", "lujiang-2020", "--village", "tongda", "--condition", "hypertension", "--scale", "0.02", "--json"]
    told = json.loads(printed([*words, "--after", "15"], capsys))
    assert told["date"] == "2019-12-19"
    assert max(offer["wait"] for offer in told["offers"] if offer["tier"] in ("village", "township", "county")) > 0


def test_schema_is_printed_or_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = json.loads(printed(["schema"], capsys))
    assert "primary_visit_share_ex_village" in schema["properties"]["targets"]["properties"]
    file = tmp_path / "tiercare.schema.json"
    assert f"# yaml-language-server: $schema={file}" in printed(["schema", "--out", str(file)], capsys)
    assert json.loads(file.read_text(encoding="utf-8")) == schema


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["explain"], "SCENARIO"),
        (["explain", "lujiang-2021"], "did you mean 'lujiang-2020'"),
        (["sources", "lujiang-2021"], "did you mean 'lujiang-2020'"),
        (["schema", "--out", "/proc/tiercare/schema.json"], "cannot be written"),
        (["offers", "lujiang-2020"], "--village V"),
        (["offers", "lujiang-2020", "--village", "tongda"], "--condition C"),
        (["offers", "lujiang-2020", "--village", "tongda", "--condition", "skin", "--setting", "stai"], "did you mean 'stay'"),
        (
            ["offers", "lujiang-2020", "--village", "tongda", "--condition", "skin", "--scheme", "residents"],
            "did you mean 'here_residents'",
        ),
        (["offers", "lujiang-2020", "--village", "tongda", "--condition", "skin", "--after", "400"], "more than the 392"),
        (["offers", "lujiang-2020", "--village", "tongda", "--condition", "skn", "--scale", "0.02"], "did you mean 'skin'"),
        (["offers", "lujiang-2020", "--village", "tonda", "--condition", "skin", "--scale", "0.02"], "did you mean 'tongda'"),
    ],
)
def test_a_word_that_is_wrong_is_answered_by_one_clear_line(words: list[str], said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert said in refused(words, capsys)
