"""`tiercare layout`: what propose, judge and diff print in which language, the files they leave, how they refuse."""

import json
from pathlib import Path

import pytest

from app.cli import main
from experiments.running import executors
from sim.loading import load
from tests.experiments.inline import inline

SCALE = ("--scale", "0.005")


@pytest.fixture(autouse=True)
def english_and_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Speak English, and do runs in this process."""
    monkeypatch.setenv("LC_ALL", "en_GB.UTF-8")
    monkeypatch.setattr(executors, "here", lambda *asked: executors.Where(inline(), 1))


@pytest.fixture
def base(tmp_path: Path) -> str:
    """Write a short scenario of Lujiang."""
    (tmp_path / "short.yaml").write_text("name: short\nextends: lujiang-2020\nperiod: {days: 10, run_in_days: 2}\n", encoding="utf-8")
    return str(tmp_path / "short.yaml")


@pytest.fixture
def proposed(base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Path:
    """Propose two layouts beside the present one."""
    assert main(["layout", "propose", base, "--number", "2", *SCALE, "--out", str(tmp_path / "out")]) == 0
    return tmp_path / "out"


def test_propose_prints_the_present_layout_first_and_leaves_files(proposed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = capsys.readouterr().out
    assert "Leads stand at one place" in told
    assert told.index("present ") < told.index("best ")
    assert "Baishan, Shengqiao" in told
    assert {path.name for path in (proposed / "layouts").iterdir()} >= {f"best.{suffix}" for suffix in ("yaml", "csv", "geojson")}
    assert (proposed / "neighbours.csv").read_text(encoding="utf-8").startswith("town,neighbour,why\n")
    assert main(["run", str(proposed / "best.yaml"), "--days", "2", *SCALE, "--out", str(proposed / "run")]) == 0


def test_proposing_again_takes_the_place_of_what_was_proposed_and_leaves_others_alone(
    base: str, proposed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = proposed / "layouts" / "best-of-mine.yaml"
    own.write_text("name: mine\ngroups: {}\n", encoding="utf-8")
    before = {file.name for file in (proposed / "layouts").glob("*.yaml")}
    assert main(["layout", "propose", base, "--number", "1", *SCALE, "--out", str(proposed)]) == 0
    left = {file.name for file in (proposed / "layouts").glob("*.yaml")}
    assert left >= {"present.yaml", "best.yaml", "best-of-mine.yaml"}
    (gone,) = before - left
    assert gone.startswith(("front", "other"))
    assert not (proposed / gone).exists()


def test_propose_gives_json_as_the_contract_says(base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["layout", "propose", base, "--number", "1", *SCALE, "--out", str(tmp_path / "out"), "--json"]
    assert main([*asked, "--lock", "nihe=people", "--objective", "useful", "--tolerance", "25 %"]) == 0
    found = json.loads(capsys.readouterr().out)["layouts"]
    assert [one["name"] for one in found] == ["present", "best"]
    assert set(found[0]) >= {"name", "groups", "travel_minutes", "balance", "contiguous", "gap"}
    people = found[1]["groups"]["people"]
    assert set(people) == {"lead", "towns", "people", "beds"}
    assert "nihe" in people["towns"]
    assert sum(group["people"] for group in found[1]["groups"].values()) == pytest.approx(888_400, rel=0.01)


def test_a_county_without_groups_has_no_present_minutes_and_no_distance(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "before.yaml").write_text("name: before\nextends: lujiang-2018\nperiod: {days: 5, run_in_days: 1}\n", encoding="utf-8")
    asked = ["layout", "propose", str(tmp_path / "before.yaml"), "--groups", "2", "--number", "1", *SCALE, "--out", str(tmp_path / "out")]
    assert main(asked) == 0
    assert main([*asked, "--json"]) == 0
    told = capsys.readouterr().out
    present = json.loads(told[told.index("{") :])["layouts"][0]
    assert (present["travel_minutes"], present["gap"], present["groups"], present["breaks"]) == (None, None, {}, ["groups"])
    assert f"--out {tmp_path / 'out'}" in told


def test_judge_ranks_what_was_proposed_and_never_runs_twice(
    base: str, proposed: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = ["layout", "judge", base, "--runs", "2", "--margin", "40 pp", "--draws", "2", *SCALE, "--out", str(proposed)]
    assert main(asked) == 0
    told = capsys.readouterr().out
    assert "How often each layout comes first" in told
    assert "Accounts of the groups" in told
    assert "3 layouts by Admissions inside the county, insured, 2 runs of each" in told
    assert main([*asked, "--json", "--lang", "zh"]) == 0
    again = capsys.readouterr()
    found = json.loads(again.out)
    assert set(found["layouts"]) >= {"short", "best"}
    assert sum(one["best"] for one in found["layouts"].values()) == pytest.approx(1.0)
    assert "runs" in found
    assert "100 %" not in again.err  # nothing was left to do
    report = (proposed / "judged" / "report.html").read_text(encoding="utf-8")
    assert "网格化布局评判" in report
    assert report.count("<svg viewBox") == 3
    assert {"assumed", "map"} == set(found["steady"])
    assert set(found["accounts"]["short"]) == {"people", "tcm"}
    assert set(found["moving"]) == set(found["layouts"]) - {"short"}
    for words in ("排序是否稳固", "各集团账目", "调整涉及的面", "65岁及以上"):
        assert words in report
    assert (proposed / "judged" / "stress_abs.md").read_text(encoding="utf-8").startswith("# STRESS-ABS checklist")


def test_judge_tells_of_no_channels_where_the_present_layout_is_first(
    base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "same.csv").write_text(
        "town,group,lead\n" + "".join(f"{town},{name},{group.lead}\n" for name, group in load(base).groups.items() for town in group.towns),
        encoding="utf-8",
    )
    asked = [
        "layout",
        "judge",
        base,
        str(tmp_path / "same.csv"),
        "--runs",
        "2",
        *SCALE,
        "--out",
        str(tmp_path / "out"),
        "--parts",
        "--json",
    ]
    assert main(asked) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["parts"] == {}
    assert [one["best"] for one in found["layouts"].values()] == [0.5, 0.5]
    assert found["settled"]


def test_site_says_where_more_helps_and_where_it_stops(base: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asked = ["layout", "site", base, "--what", "beds", "--amount", "400", "--number", "2", "--runs", "2", *SCALE, "--out", str(tmp_path)]
    assert main(asked) == 0
    told = capsys.readouterr().out
    assert "400 more beds, by Admissions inside the county, insured, 2 runs of each place" in told
    assert "chance of being best" in told
    assert main([*asked, "--json", "--lang", "zh"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["what"], found["amount"], found["by"]) == ("beds", 400, "in_county_admission_share_insured")
    for one in found["candidates"]:
        assert sum(one["added"].values()) == 400
        assert one["gain_per_unit"]["mean"] == pytest.approx(one["gain"]["mean"] / 400)
        assert main(["check", str(tmp_path / "site-beds" / f"{one['name']}.yaml")]) == 0
    report = (tmp_path / "site-beds" / "judged" / "report.html").read_text(encoding="utf-8")
    assert "增设选址" in report
    if found["best"] is not None:
        assert "首选地点增设多少" in report
        assert [(one["from"], one["to"]) for one in found["steps"]] == [(0, 200), (200, 400), (400, 800), (800, 1600)]


def test_diff_says_who_moves(proposed: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    one, two = str(proposed / "layouts" / "present.yaml"), str(proposed / "layouts" / "best.geojson")
    assert main(["layout", "diff", one, two]) == 0
    assert "belong to another lead" in capsys.readouterr().out
    assert main(["layout", "diff", one, one, "--lang", "zh"]) == 0
    assert "两者相同" in capsys.readouterr().out
    assert main(["layout", "diff", one, two, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["people"] == sum(row["people"] for row in found["towns"]) > 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["propose"], "SCENARIO"),
        (["propose", "lujiang-2020", "--leads", "lujiang_peple"], "did you mean 'lujiang_people'"),
        (["propose", "lujiang-2020", "--groups", "6"], "--groups"),
        (["propose", "lujiang-2020", "--lock", "nihe"], "write TOWN=LEAD"),
        (["propose", "lujiang-2020", "--lock", "nihee=people"], "did you mean 'nihe'"),
        (
            ["propose", "lujiang-2020", "--lock", "nihe=people", "--lock", "nihe=tcm"],
            "nihe cannot stay with lujiang_tcm and with lujiang_people",
        ),
        (["propose", "lujiang-2020", "--objective", "nearest"], "'nearest' is not one of near, useful, mutual"),
        (["propose", "lujiang-2020", "--tolerance", "200 %"], "is no tolerance"),
        (["propose", "lujiang-2020", "--tolerance", "wide"], "is no tolerance"),
        (["propose", "lujiang-2020", "--number", "0"], "--number"),
        (["propose", "lujiang-2020", "--neighbours", "nothing.csv"], "nothing.csv"),
        (["judge"], "SCENARIO"),
        (["judge", "lujiang-2020", "--by", "fund"], "fund"),
        (["judge", "lujiang-2020", "--by", "mean_bed_wait_days"], "say below which difference"),
        (["judge", "lujiang-2020", "--by", "visits_per_resident"], "neither good nor bad"),
        (["judge", "lujiang-2020", "--margin", "wide"], "--margin: 'wide' is no difference"),
        (["judge", "lujiang-2020", "--margin", "-1 pp"], "--margin: '-1 pp' is no difference"),
        (["judge", "lujiang-2020", "nothing.yaml"], "nothing.yaml"),
        (["judge", "lujiang-2020", "--posterior", "nobody"], "nobody"),
        (["judge", "lujiang-2020", "--draws", "1"], "--draws"),
        (["site", "lujiang-2020"], "--what beds --amount 100"),
        (["site", "lujiang-2020", "--what", "beds"], "--what beds --amount 100"),
        (["site", "lujiang-2020", "--what", "ambulances", "--amount", "2"], "no ambulance posts"),
        (["site", "lujiang-2020", "--what", "bed", "--amount", "2"], "did you mean 'beds'"),
        (["site", "lujiang-2020", "--what", "beds", "--amount", "0"], "--amount"),
        (["site", "lujiang-2020", "--what", "beds", "--amount", "3", "--scale", "0.05"], "less than one"),
        (["site", "lujiang-2018", "--what", "experts", "--amount", "3"], "no expert posting"),
        (["diff", "a.yaml"], "wants two layouts"),
        (["redraw"], "layout"),
    ],
)
def test_what_cannot_be_is_refused_in_words(
    words: list[str], told: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    out = ["--out", str(tmp_path / "out")] if words[0] in ("propose", "judge", "site") else []
    assert main(["layout", *words, *out]) == 2
    assert told in capsys.readouterr().err
