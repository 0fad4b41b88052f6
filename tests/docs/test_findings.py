"""The pages of findings: what is made of runs stands in its place, nothing is left unmade, and a page says what its runs say."""

import re
from pathlib import Path

import pytest

import experiments
from docs import findings, findings_layouts
from docs.filled import FOLDER, LANGUAGES, MADE, filled
from docs.findings import FINDINGS, factorial, points
from experiments.design.variants import design
from experiments.keeping.found import experiment_called
from experiments.keeping.opened import Opened

NUMBER = re.compile(r"[+-]?\d+\.\d+")
SMALL = """name: small
scenarios: [lujiang-2020]
scale: 0.5 %
seeds: 3
levers:
  mechanisms.family_doctor.coverage: [20 %, 60 %]
  posting:
    title: {en: posting, zh: 专家下沉}
    titles: {none: {en: nobody, zh: 无}}
    settings: {none: {mechanisms.expert_posting: null}, all: {}}
  period.days: [40]
outcomes: [contract_share, primary_visit_share_ex_village]
"""


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Opened:
    folder = tmp_path_factory.mktemp("findings")
    (folder / "small.yaml").write_text(SMALL, encoding="utf-8")
    return experiments.do(folder / "small.yaml", out=folder / "out", workers=1)


@pytest.mark.parametrize("page", FINDINGS)
def test_every_page_has_every_block_filled_in_both_languages_from_the_same_runs(page: str) -> None:
    made = {}
    for lang, ending in LANGUAGES.items():
        text = (FOLDER / f"{page}{ending}").read_text(encoding="utf-8")
        made[lang] = {found[2]: found[0] for found in MADE.finditer(text)}
        assert set(made[lang]) == {"cost", "effects", "together", "points", "whole"}
        assert all((FOLDER / file).is_file() for file in re.findall(r"\]\((pictures/[^)]+)\)", text))
    for name in ("effects", "together", "whole"):
        assert NUMBER.findall(made["en"][name]) == NUMBER.findall(made["zh"][name]) != []


def test_pages_of_findings_are_those_that_are_made() -> None:
    assert {path.stem.split(".")[0] for path in FOLDER.glob("findings-*.md")} == {*FINDINGS, findings_layouts.PAGE}


def test_the_page_of_layouts_has_every_block_in_both_languages_from_the_same_runs() -> None:
    made = {}
    for lang, ending in LANGUAGES.items():
        text = (FOLDER / f"{findings_layouts.PAGE}{ending}").read_text(encoding="utf-8")
        made[lang] = {found[2]: found[0] for found in MADE.finditer(text)}
    assert made["en"].keys() == made["zh"].keys() == set(findings_layouts.BLOCKS)
    for name in set(findings_layouts.BLOCKS) - {"cost"}:
        assert NUMBER.findall(made["en"][name]) == NUMBER.findall(made["zh"][name]), name
    for name in ("map", "ranking", "beside", "parts", "accounts", "sites"):
        assert NUMBER.findall(made["en"][name]), name


def test_what_the_page_of_layouts_says_by_hand_is_what_its_tables_say() -> None:
    """The claims in words between the tables, each held against the table it is read from."""
    text = (FOLDER / f"{findings_layouts.PAGE}.md").read_text(encoding="utf-8")
    made = {found[2]: rows_of(found[0]) for found in MADE.finditer(text)}
    gaps = {row[0]: float((NUMBER.findall(row[2]) or ["0.00"])[0]) for row in made["ranking"]}
    groups = {"lujiang-2020", "two-best", "two-other", "three"}
    assert 5.25 <= gaps["none"] <= 5.75
    assert max(gaps[name] for name in groups) <= 0.03 < gaps["one"] < 0.2
    share = {(row[0], row[1]): [float(cell.rstrip(" %")) for cell in row[5:7]] for row in made["accounts"]}
    own, other = share["lujiang-2020", "tcm"]
    assert other > own
    assert share["three", "lujiang_maternal"][1] > 2 * share["three", "lujiang_maternal"][0]
    leave, come = (int(cell.replace(",", "")) for cell in next(row for row in made["moving"] if row[0] == "one")[-2:])
    assert come > leave
    close = {row[0]: float(row[2].rstrip(" %")) for row in made["steady"][:-1]}
    assert close["none"] <= 10
    assert min(close[name] for name in groups) >= 90


def rows_of(block: str) -> list[list[str]]:
    """Read the rows of a table of Markdown."""
    lines = [line for line in block.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[1:]]


def test_blocks_say_what_the_runs_say(kept: Opened) -> None:
    planned = design(kept.folder / "experiment.yaml")
    blocks = factorial(kept, planned, "en")
    runs = kept.runs()
    by = runs.groupby(["mechanisms.family_doctor.coverage", "seed"]).contract_share.mean()
    step = 100 * (by[0.6] - by[0.2])
    row = next(line for line in blocks["effects"].splitlines() if line.startswith("| coverage: 20 % → 60 %"))
    assert float(NUMBER.findall(row)[0]) == pytest.approx(step.mean(), abs=0.006)
    assert "●" in row
    assert "posting: nobody → all" in blocks["effects"]
    assert len(blocks["points"].splitlines()) == 2 + 4
    assert "12 runs on 0.5 % of the households" in blocks["cost"]
    assert "专家下沉：无 → all" in factorial(kept, planned, "zh")["effects"]
    first = points(kept, planned, "en").splitlines()[2]
    alone = runs[runs["mechanisms.family_doctor.coverage"] == 0.2].pivot_table(index="seed", columns="posting", values="contract_share")
    assert first.startswith("| posting: nobody → all")
    assert float(NUMBER.findall(first)[0]) == pytest.approx(100 * (alone["all"] - alone["none"]).mean(), abs=0.006) or "0.00" in first


def test_a_page_is_filled_and_filled_again_the_same_and_an_unknown_block_is_a_fault() -> None:
    page = "by hand\n<!-- made: one -->\nold\n<!-- made -->\nby hand\n"
    once = filled(page, {"one": "new\n"})
    assert once == "by hand\n<!-- made: one -->\nnew\n<!-- made -->\nby hand\n"
    assert filled(once, {"one": "new\n"}) == once
    with pytest.raises(KeyError):
        filled(page, {})


@pytest.mark.slow
@pytest.mark.parametrize("page", FINDINGS)
def test_rebuilding_a_page_of_the_whole_county_gives_its_figures(page: str, tmp_path: Path) -> None:
    """Of the single points with all the people, two seeds instead of four: within what luck allows of what the page says."""
    text = experiment_called(FINDINGS[page].whole).read_text(encoding="utf-8").replace("seeds: 4", "seeds: 2")
    (tmp_path / "whole.yaml").write_text(text, encoding="utf-8")
    kept = experiments.do(tmp_path / "whole.yaml", out=tmp_path / "out")
    again = findings.points(kept, design(tmp_path / "whole.yaml"), "en")
    block = next(found[0] for found in MADE.finditer((FOLDER / f"{page}.md").read_text(encoding="utf-8")) if found[2] == "whole")
    for shown, now in zip(block.splitlines()[3:-1], again.splitlines()[2:], strict=True):
        assert shown.split("|")[1] == now.split("|")[1]
        pairs = zip(NUMBER.findall(shown)[::2], NUMBER.findall(now)[::2], strict=True)
        assert all(float(a) == pytest.approx(float(b), abs=max(0.06, 0.2 * abs(float(a)))) for a, b in pairs), (shown, now)
