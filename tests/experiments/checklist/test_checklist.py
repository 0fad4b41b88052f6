"""The STRESS-ABS checklist in a folder: each number in it is one of what was run, no gap is left, and it needs no page of docs/."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from experiments.checklist import checklist as module
from experiments.checklist.checklist import checklist, filled, length_words, seeds_words, span_of_days
from experiments.checklist.collected import of_batch, of_comparison
from experiments.checklist.facts import Days, of_run
from experiments.checklist.lineage import OWN_TABLE, between, differing, lineage, own_tables, said
from experiments.comparing.replicated import Precision, Replicated, replicated
from experiments.design.variants import design
from experiments.running import worker
from experiments.running.batch import Batch
from experiments.running.executors import Where
from experiments.running.one import written
from results.measuring.definitions import definition
from results.store.fingerprint import fingerprint
from results.store.origin import versions
from results.store.pool import Pool
from results.store.run import CHECKLIST
from results.telling.grounds import by_status
from sim.loading import load
from sim.scenario.merging import DATA
from tests.experiments.inline import inline

ROOT = Path(__file__).parents[3]
COVERAGE = "mechanisms.family_doctor.coverage"
SHARE = "insurance.residents.inpatient.grade_1.in_county.fund_share"
OWN = """name: own
title: {en: "Another | county", zh: 外县}
extends: lujiang-2020
period: {days: 3, run_in_days: 1}
population: {source: assumed, registered: 1100000, residents: 800000}
"""
TEXT = f"""name: tiny
title: {{en: A tiny one, zh: 小实验}}
scenarios: [lujiang-2020, own.yaml]
scale: 0.2 %
seeds: [3, 5]
levers:
  {COVERAGE}: [20 %, 60 %]
  gap:
    title: {{en: The gap, zh: 差距}}
    settings: {{as now: {{}}, wider: {{{SHARE}: +5 pp}}, no rules: {{mechanisms.referral_rules: null}}}}
  period.days: [3]
  period.run_in_days: [1]
uncertainties:
  care.patience: {{low: 30 min, high: 150 min, source: nhc_2019_bulletin}}
draws: 2
outcomes: [in_county_admission_share_insured, visits, bed_occupancy_county]
"""
ITEMS = (
    "1.1", "1.2", "1.3", "2.1", "2.2", "2.3", "2.4", "2.5.1", "2.5.2", "2.5.3", "2.5.4", "3.1", "3.2", "3.3", "3.4", "4.1", "4.2", "4.3",
    "5.1", "5.2", "5.3", "5.4", "6.1",
)  # fmt: skip


def planned(folder: Path) -> Batch:
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")
    (folder / "tiny.yaml").write_text(TEXT, encoding="utf-8")
    return Batch(design(folder / "tiny.yaml"), Pool(folder / "pool"))


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Batch:
    found = planned(tmp_path_factory.mktemp("studied"))
    found.run(inline(), 1)
    return found


@pytest.fixture(scope="module")
def page(batch: Batch) -> str:
    return checklist(of_batch(batch))


def items(text: str) -> dict[str, str]:
    """Read the items: number -> words."""
    return dict(re.findall(r"^\| (\d\.\d(?:\.\d)?) (?:[^|]+) \| (.*) \|$", text, re.MULTILINE))


def rows(text: str, title: str) -> dict[tuple[str, ...], list[str]]:
    """Read the table under a title: its first cells -> all of a row."""
    (block,) = re.findall(rf"^\*\*{title}\*\*\n\n((?:\|.*\n)+)", text, re.MULTILINE)
    lines = [[one.strip() for one in re.split(r"(?<!\\)\|", line)[1:-1]] for line in block.splitlines()[2:]]
    return {tuple(line[:3]): line for line in lines}


def whole(text: str, beside: Path) -> None:
    """Check what holds of every checklist: every item is there, no gap and no link is left, no path of this machine stands in it."""
    assert tuple(items(text)) == ITEMS
    assert all(len(words) > 20 for words in items(text).values())
    assert "$" not in text
    assert "](" not in text
    assert not re.search(r"(?<![\w.`])/\w", text)
    assert all(str(path) not in text for path in (beside, ROOT, Path.home(), Path.cwd()))
    widths = {len(re.findall(r"(?<!\\)\|", line)) for line in text.splitlines() if re.match(r"\| \d", line)}
    assert widths == {3}


def test_every_gap_of_the_template_has_a_name_that_is_filled() -> None:
    with pytest.raises(KeyError):
        filled({})
    names = re.findall(r"\$\{(\w+)\}", module.TEMPLATE.read_text(encoding="utf-8"))
    assert len(names) == len(set(names))
    assert "$" not in filled(dict.fromkeys(names, "x"))


def test_a_batch_tells_its_scenarios_design_and_counts(batch: Batch, page: str) -> None:
    whole(page, batch.pool.folder)
    said_of = items(page)
    assert page.startswith("# STRESS-ABS checklist: A tiny one\n")
    assert "`lujiang-2020`, Lujiang: two medical groups; `own`, Another \\| county" in said_of["1.3"]
    runs = len(list(batch.rows()))
    assert runs == 2 * 6 * 2 * 2
    assert "a full grid of the levers; uncertain numbers from a Latin hypercube" in said_of["1.3"]
    assert f"2 scenarios x 6 points x 2 draws x 2 seeds = {runs} runs; seeds 3, 5 (2)" in said_of["1.3"]
    assert "(C) Optimisation: none" in said_of["1.3"]
    varied = {name[0]: line[1:] for name, line in rows(page, "What was varied").items()}
    assert varied[f"`{COVERAGE}`"] == ["coverage", "lever", "20 %, 60 %", "assumed"]
    assert varied["`gap`"] == ["The gap", "lever", "as now, wider, no rules", "assumed"]
    assert varied["`period.days`"] == ["days measured", "set", "3", "assumed"]
    assert varied["`care.patience`"] == ["patience in the waiting room", "uncertainty", "30 min to 150 min", "nhc_2019_bulletin"]
    seconds = sum(batch.pool.read(row.key).seconds for row in batch.rows())
    assert f"{runs} runs, {seconds:,.1f} seconds of a core together" in said_of["5.3"]


def test_what_levers_set_is_told_for_each_scenario_beside_what_stood_there(page: str, batch: Batch) -> None:
    told = rows(page, "What the experiment sets")
    now = batch.design.bases["own"].tree.at(tuple(SHARE.split("."))).content
    wider = next(variant for variant in batch.variants if variant.scenario == "own" and "wider" in variant.cells)
    (becomes,) = [setting.value.content for setting in wider.settings if setting.path == SHARE]
    assert told["`gap`", "wider", f"`{SHARE}`"][3:] == ["+5 pp", *[f"{now} -> {becomes}"] * 2]
    assert told["`gap`", "no rules", "`mechanisms.referral_rules`"][4:] == ["in force -> switched off"] * 2
    assert told["`gap`", "as now", "–"][3] == "nothing"
    assert told["`care.patience`", "", "`care.patience`"][4] == "120 min -> 30 min to 150 min"


def test_numbers_are_counted_by_what_they_rest_on_and_what_is_fitted_elsewhere_says_so(page: str, batch: Batch) -> None:
    counted = {name[0]: line for name, line in rows(page, "What the numbers rest on").items()}
    assumptions = items(page)["3.4"]
    for name, base in batch.design.bases.items():
        counts = by_status(base.grounds)
        assert counted[f"`{name}`"][1:7] == [str(n) for n in (len(base.grounds), *counts.values())]
        assert f"`{name}`: {counts['A']} of {len(base.grounds)} numbers are assumed" in assumptions
    elsewhere = batch.design.bases["own"].fitted_elsewhere
    assert elsewhere > 0
    assert f"not fitted to this county (未按本县校准): {elsewhere} numbers" in assumptions
    assert assumptions.count("未按本县校准") == 1
    assert "`lujiang-2020` comes with the model; `own` stands in full in `scenarios/own/scenario.yaml`" in items(page)["3.3"]


def test_lengths_scale_and_how_outcomes_hold_are_those_of_the_runs(page: str) -> None:
    said_of = items(page)
    assert "a run-in of 1 day that no measure counts" in said_of["4.1"]
    assert said_of["4.2"].startswith("3 days measured after a run-in of 1 day;")
    for words in ("2 runs (seeds 3, 5) of each point", "0.2 % of the households", "less than 365 days", "Student's t", "No run failed."):
        assert words in said_of["4.3"]
    told = {name[0].strip("`"): line for name, line in rows(page, "Outcomes").items()}
    assert list(told) == ["in_county_admission_share_insured", "visits", "bed_occupancy_county"]
    assert all(f"`{definition(name).holds}`" in line[4] for name, line in told.items())
    assert told["in_county_admission_share_insured"][3] == "90.0 % (`lujiang-2020`)"


def test_the_version_and_the_fingerprint_are_those_in_use(page: str) -> None:
    said_of, used = items(page), versions()
    assert f"Python {used['python']}; mesa {used['mesa']}, numpy {used['numpy']}, numba {used['numba']}" in said_of["5.1"]
    assert f"Tiercare {used['tiercare']}, fingerprint of the model `{fingerprint()}`" in said_of["6.1"]
    assert "`tiercare batch experiment.yaml`" in said_of["6.1"]


def test_what_only_the_author_can_say_is_marked_and_what_is_assumed_is_counted(page: str) -> None:
    assert "Of 5 numbers or bundles under 1 the values of 4 are assumed" in items(page)["3.4"]
    assert len(re.findall(r"\[to be filled in by the author: [a-z][^\]]+\]", page)) == 4


def test_failed_runs_are_counted_by_scenario(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    true = worker.observed

    def broken(plan: Any, seed: int, *asked: Any) -> Any:
        if plan.name == "own" and seed == 5:
            raise FileNotFoundError(f"{tmp_path}/secret")
        return true(plan, seed, *asked)

    monkeypatch.setattr(worker, "observed", broken)
    batch = planned(tmp_path)
    assert batch.run(inline(), 1).failed == 12
    text = checklist(of_batch(batch))
    whole(text, tmp_path)
    assert "12 of 48 runs failed (12 of `own`); why stands in the column `error`" in items(text)["4.3"]
    assert "No run failed" not in text


def compared(folder: Path, precision: Precision | None = None) -> Replicated:
    (folder / "own.yaml").write_text(OWN, encoding="utf-8")
    (folder / "short.yaml").write_text(OWN.replace("name: own", "name: short").partition("population")[0], encoding="utf-8")
    more = "name: more\ntitle: {en: More, zh: 多}\nextends: short.yaml\nmechanisms: {family_doctor: {source: assumed, coverage: 60 %}}\n"
    (folder / "more.yaml").write_text(more, encoding="utf-8")
    words = [str(folder / f"{name}.yaml") for name in ("short", "more", "own")]
    return replicated("compare-x", words, 3, 0.002, folder / "pool", lambda design: Where(inline(), 1), precision)


def test_a_comparison_tells_how_differences_are_taken_and_until_when_seeds_were_added(tmp_path: Path) -> None:
    asked = Precision("in_county_admission_share_insured", 1e-6)
    found = compared(tmp_path, asked)
    text = checklist(of_comparison(found, asked, parted=True))
    whole(text, tmp_path)
    said_of = items(text)
    assert "none; 3 scenarios as they are, seeds 1 to 3 (3) for each, 9 runs" in said_of["1.3"]
    assert "the base of this study is `short`, which the others are held against" in said_of["2.2"]
    for words in (
        "Holm",
        "`own`: other people, places or illness than the first",
        "0.0001 pp or less, which was not reached",
        "further runs with and without",
    ):
        assert words in said_of["4.3"]
    assert "`tiercare compare scenarios/short/scenario.yaml scenarios/more/scenario.yaml scenarios/own/scenario.yaml" in said_of["6.1"]
    assert " --runs 3 --scale 0.002`" in said_of["6.1"]
    assert "further runs" not in checklist(of_comparison(found))


def test_a_run_leaves_it_and_one_from_its_own_folder_leaves_the_same_bytes(tmp_path: Path) -> None:
    roads = tmp_path / "my_roads.csv"
    shutil.copy(DATA / "lujiang" / "lujiang_roads.csv", roads)
    plan = load("lujiang-2020", ["period.days=3", "period.run_in_days=2", f"{COVERAGE}=60 %", f"places.roads={roads}"])
    first = written(plan, 7, 0.005, tmp_path / "first").folder
    second = written(load(first / "scenario.yaml"), 7, 0.005, tmp_path / "second").folder
    assert (first / CHECKLIST).read_bytes() == (second / CHECKLIST).read_bytes()
    text = (first / CHECKLIST).read_text(encoding="utf-8")
    whole(text, tmp_path)
    said_of = items(text)
    assert "seconds of a core" not in text
    assert "none; one run, seed 7" in said_of["1.3"]
    assert "1 run (seed 7). Scale: 0.5 % of the households" in said_of["4.3"]
    assert "`tiercare run scenario.yaml --seed 7 --scale 0.005`" in said_of["6.1"]
    assert "1 of them set on the command line" in said_of["3.4"]
    assert "`tables/places.roads.csv`; [to be filled in by the author: how they were made]" in said_of["3.2"]
    (line,) = rows(text, "Scenarios").values()
    assert f"`{COVERAGE}`: 38.34 % -> 60 %" in line[3]
    assert f"`places.roads`: lujiang_roads.csv -> {OWN_TABLE}" in line[3]
    assert "my_roads" not in text


def test_at_full_scale_over_a_year_nothing_is_shifted_and_goals_are_judged() -> None:
    text = checklist(of_run(load("lujiang-2020"), 1, 1.0))
    assert "All households are simulated (scale 1)." in text
    assert "nothing is shifted" in text
    assert "No goal is judged" not in text


def test_a_scenario_of_the_package_stands_beside_the_one_it_extends() -> None:
    found = lineage(load("lujiang-2020"))
    assert (found.nearest, found.elder, found.differs) == ("lujiang-2020", "lujiang-2018", {})
    ours, theirs = (said(load(name).tree) for name in ("lujiang-2020", "lujiang-2018"))
    many = len(between(theirs, ours))
    text = checklist(of_run(load("lujiang-2020"), 1, 1.0))
    (line,) = rows(text, "Scenarios").values()
    assert line[2:4] == ["comes with the model, extends `lujiang-2018`", differing(between(theirs, ours))]
    assert line[3].startswith(f"{many} values: ")
    assert sum(map(int, re.findall(r"` (\d+)", line[3]))) == many
    assert own_tables(load("lujiang-2020")) == ()


def of_text(folder: Path, text: str) -> str:
    """Write the checklist of an experiment of which nothing was run yet."""
    (folder / "x.yaml").write_text(f"name: x\nscenarios: [lujiang-2020]\nscale: 0.2 %\n{text}", encoding="utf-8")
    return checklist(of_batch(Batch(design(folder / "x.yaml"), Pool(folder / "pool"))))


def test_ranges_that_are_sampled_are_told_as_the_file_writes_them(tmp_path: Path) -> None:
    text = of_text(
        tmp_path, f"design: sobol\npoints: 8\nlevers:\n  {COVERAGE}: {{low: 20 %, high: 60 %}}\n  care.patience: [60 min, 90 min]\n"
    )
    whole(text, tmp_path)
    assert "a scrambled Sobol sequence of the levers; 1 scenarios x 8 points x 1 draws x 1 seeds = 8 runs" in items(text)["1.3"]
    varied = {line[0]: line[2:] for line in rows(text, "What was varied").values()}
    assert varied[f"`{COVERAGE}`"] == ["lever", "20 % to 60 %", "assumed"]
    assert rows(text, "What the experiment sets")[f"`{COVERAGE}`", "", f"`{COVERAGE}`"][4] == "38.34 % -> 20 % to 60 %"
    assert "A single run has no interval." in items(text)["4.3"]


def test_listed_points_are_told_and_many_values_by_their_ends(tmp_path: Path) -> None:
    many = ", ".join(f"{{{COVERAGE}: {share} %, gap: wider}}" for share in range(20, 40))
    text = of_text(tmp_path, f"design: points\nat: [{many}]\nlevers: {{gap: {{settings: {{wider: {{{SHARE}: +5 pp}}}}}}}}\n")
    whole(text, tmp_path)
    varied = {line[0]: line[2:4] for line in rows(text, "What was varied").values()}
    assert varied[f"`{COVERAGE}`"] == ["lever", "20 values, 20 % to 39 %"]
    assert len(re.findall(rf"^\| `{COVERAGE}` \|  \|", text, re.MULTILINE)) == 20


def test_tables_and_people_that_are_set_are_told_without_their_folder(tmp_path: Path) -> None:
    roads = tmp_path / "our_roads.csv"
    shutil.copy(DATA / "lujiang" / "lujiang_roads.csv", roads)
    text = of_text(tmp_path, f"levers:\n  places.roads: [lujiang_roads.csv, {roads}]\n  population.residents: [700000, 800000]\n")
    whole(text, tmp_path)
    varied = {line[0]: line[2:4] for line in rows(text, "What was varied").values()}
    assert varied["`places.roads`"] == ["lever", f"lujiang_roads.csv, {OWN_TABLE}"]
    assert "Where `places.roads`, `population.residents` is set, the people or places are others" in items(text)["3.4"]


def test_words_of_days_and_seeds() -> None:
    assert span_of_days([28, 28]) == "28 days"
    assert span_of_days([1]) == "1 day"
    assert span_of_days([60, 28]) == "28 or 60 days"
    assert span_of_days(range(1, 9)) == "1 to 8 days"
    assert length_words([Days(28, 365)]) == "365 days measured after a run-in of 28 days"
    assert [seeds_words(seeds) for seeds in ((1,), (1, 2), (1, 2, 3), (3, 5, 9))] == ["1", "1, 2", "1 to 3", "3, 5, 9"]


def test_a_wheel_holds_all_it_needs_and_no_page_of_docs(tmp_path: Path) -> None:
    """Lay the packages out as the wheel does, and write a checklist there."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["setuptools"]
    for pattern in settings["packages"]["find"]["include"]:
        room = pattern.rstrip("*")
        files = [
            *(ROOT / room).rglob("*.py"),
            *(file for glob in settings["package-data"].get(room, ()) for file in (ROOT / room).glob(glob)),
        ]
        for file in files:
            (tmp_path / file.relative_to(ROOT)).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, tmp_path / file.relative_to(ROOT))
    assert not (tmp_path / "docs").exists()
    code = "from sim.loading import load\nfrom experiments.checklist.checklist import checklist\n"
    code += "from experiments.checklist.facts import of_run\nprint(checklist(of_run(load('lujiang-2020'), 1, 1.0)), end='')\n"
    code += f"import experiments, sys\nassert experiments.__file__.startswith({str(tmp_path)!r}) and 'docs' not in sys.modules"
    environment = {**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONIOENCODING": "utf-8"}
    run = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, encoding="utf-8", check=False, env=environment, timeout=60
    )
    assert run.returncode == 0, run.stderr
    assert run.stdout == checklist(of_run(load("lujiang-2020"), 1, 1.0))
