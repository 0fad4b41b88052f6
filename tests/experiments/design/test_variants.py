"""An experiment file becomes variants in the order of its rows; whatever is wrong in it is told at once, with file and line."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from experiments.design.variants import Design, design
from sim import load
from sim.language.messages import UserError, messages

HEAD = "name: mine\nscenarios: [lujiang-2020]\nscale: 5 %\n"
COVERAGE, GATE = "mechanisms.family_doctor.coverage", "mechanisms.referral_rules.gatekeeping_compliance"
SHARE = "insurance.residents.inpatient.grade_1.in_county.fund_share"


def read(folder: Path, text: str) -> Design:
    """Read an experiment that says so."""
    file = folder / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    found = design(file)
    found.checked(found.variants())
    return found


def refused(folder: Path, text: str) -> str:
    """Say why an experiment is refused."""
    with pytest.raises(UserError) as error:
        read(folder, HEAD + text)
    assert all(fault.text("zh") for fault in error.value.faults)
    return error.value.text().replace(str(folder), "")


def test_a_grid_has_every_combination_with_the_last_lever_changing_fastest(tmp_path: Path) -> None:
    found = read(tmp_path, HEAD + f"seeds: 3\nlevers:\n  {COVERAGE}: [20 %, 40 %]\n  {GATE}: [0 %, 50 %, 1e2 %]\n")
    assert [variant.cells for variant in found.variants()] == [(a, b) for a in (0.2, 0.4) for b in (0.0, 0.5, 1.0)]
    assert (found.runs, found.columns) == (18, (COVERAGE, GATE))


def test_a_bundle_sets_several_paths_and_null_switches_a_policy_off(tmp_path: Path) -> None:
    gap = f"{{as now: {{}}, wider: {{{SHARE}: +5 pp, {GATE}: 20 %}}, none: {{mechanisms.referral_rules: null}}}}"
    found = read(tmp_path, HEAD + f"levers:\n  gap: {{settings: {gap}}}\n")
    as_now, wider, none = found.variants()
    assert [variant.cells for variant in (as_now, wider, none)] == [("as now",), ("wider",), ("none",)]
    base = load("lujiang-2020")
    assert found.scenario(as_now) == base
    assert found.scenario(wider).insurance.residents.inpatient.grade_1.in_county.fund_share == pytest.approx(0.90)
    assert set(base.mechanisms) - set(found.scenario(none).mechanisms) == {"referral_rules"}


@pytest.mark.parametrize(
    ("path", "written", "factor", "more"),
    [
        (SHARE, "+5 pp", 1.0, 0.05),
        (SHARE, "-12.5 pp", 1.0, -0.125),
        ("insurance.residents.inpatient.grade_2.in_county.deductible", "+200 yuan", 1.0, 200.0),
        ("insurance.residents.inpatient.grade_2.in_county.deductible", "-20 %", 0.8, 0.0),
        ("care.service.county", "+2 min", 1.0, 2.0),
    ],
)
def test_a_relative_value_is_added_to_what_the_scenario_says(tmp_path: Path, path: str, written: str, factor: float, more: float) -> None:
    found = read(tmp_path, HEAD + f'levers:\n  {path}: ["{written}"]\n')
    (variant,) = found.variants()
    now = read(tmp_path, HEAD + f"levers:\n  {path}: [{_as_now(path)}]\n")
    (same,) = now.variants()
    assert variant.cells[0] == pytest.approx(same.cells[0] * factor + more)  # type: ignore[operator]


def _as_now(path: str) -> str:
    """Write what the scenario says at a path."""
    return next(str(leaf.content) for name, leaf in load("lujiang-2020").leaves(path.split(".")[0]) if name == path)


def test_points_of_a_range_lie_in_it_and_are_the_same_every_time(tmp_path: Path) -> None:
    gap = f"{{settings: {{a: {{}}, b: {{{GATE}: 30 %}}}}}}"
    text = HEAD + f"design: sobol\npoints: 16\nlevers:\n  {COVERAGE}: {{low: 20 %, high: 60 %}}\n  gap: {gap}\n"
    first, again = ([variant.cells for variant in read(tmp_path, text).variants()] for _ in range(2))
    assert first == again
    numbers = np.array([float(cells[0]) for cells in first])  # type: ignore[arg-type]
    assert ((numbers >= 0.2) & (numbers <= 0.6)).all()
    assert sorted(np.floor((numbers - 0.2) / 0.4 * 16)) == list(range(16))
    assert sum(cells[1] == "a" for cells in first) == 8
    twice = [variant.cells for variant in read(tmp_path, text.replace("16", "32")).variants()]
    assert twice[:16] == first


def test_a_latin_hypercube_takes_each_slice_once_and_whole_numbers_stay_whole(tmp_path: Path) -> None:
    posts = "mechanisms.expert_posting.posts"
    text = HEAD + f"design: latin_hypercube\npoints: 10\nlevers:\n  {COVERAGE}: {{low: 0 %, high: 50 %}}\n  {posts}: {{low: 5, high: 25}}\n"
    cells = [variant.cells for variant in read(tmp_path, text).variants()]
    assert sorted(int(float(one[0]) / 0.05) for one in cells) == list(range(10))  # type: ignore[arg-type]
    assert all(float(one[1]).is_integer() and 5 <= float(one[1]) <= 25 for one in cells)  # type: ignore[arg-type]


def test_uncertainties_are_crossed_with_every_point(tmp_path: Path) -> None:
    price = "choice.segments.minor_visit.price"
    text = HEAD + f"levers:\n  {COVERAGE}: [20 %, 40 %]\nuncertainties:\n  {price}: {{low: 0.3, high: 0.9, source: assumed}}\ndraws: 4\n"
    cells = [variant.cells for variant in read(tmp_path, text).variants()]
    assert [one[0] for one in cells] == [0.2] * 4 + [0.4] * 4
    assert [one[1] for one in cells[:4]] == [one[1] for one in cells[4:]]
    assert sorted(int((float(one[1]) - 0.3) / 0.15) for one in cells[:4]) == [0, 1, 2, 3]  # type: ignore[arg-type]


def test_listed_points_show_what_the_scenario_says_where_they_say_nothing(tmp_path: Path) -> None:
    text = HEAD + f"design: points\nat:\n  - {{{COVERAGE}: 20 %}}\n  - {{{GATE}: 30 %}}\n"
    now = load("lujiang-2020").mechanisms
    assert [variant.cells for variant in read(tmp_path, text).variants()] == [
        (0.2, now["referral_rules"].gatekeeping_compliance),
        (now["family_doctor"].coverage, 0.3),
    ]


def test_draws_of_a_posterior_are_taken_evenly(tmp_path: Path) -> None:
    price = "choice.segments.minor_visit.price"
    pq.write_table(
        pa.table({price: [0.1 * row for row in range(1, 11)], COVERAGE: [0.05 * row for row in range(1, 11)]}),
        tmp_path / "posterior.parquet",
    )
    found = read(tmp_path, HEAD + f"posterior: {tmp_path / 'posterior.parquet'}\ndraws: 4\n")
    assert [variant.cells for variant in found.variants()] == [pytest.approx((0.1 * row, 0.05 * row)) for row in (1, 4, 7, 10)]


def test_a_scenario_of_ones_own_lies_beside_the_experiment(tmp_path: Path) -> None:
    (tmp_path / "own.yaml").write_text("name: own\ntitle: {en: Own, zh: 自己的}\nextends: lujiang-2020\n", encoding="utf-8")
    found = read(tmp_path, "name: mine\nscenarios: [own.yaml, lujiang-2020]\nseeds: [4, 9]\n")
    assert [(variant.scenario, variant.cells) for variant in found.variants()] == [("own", ()), ("lujiang-2020", ())]
    assert found.digest(next(found.variants())) == load("lujiang-2020").decisive()  # it says the same, under another name


def test_a_number_that_the_scenario_sets_again_later_is_told(tmp_path: Path) -> None:
    change = f"changes:\n  - {{from: 2020-07-01, set: {{{GATE}: 50 %}}, source: assumed}}\n"
    own = "name: own\ntitle: {en: Own, zh: 自己的}\nextends: lujiang-2020\n" + change
    (tmp_path / "own.yaml").write_text(own, encoding="utf-8")
    found = read(tmp_path, f"name: mine\nscenarios: [own.yaml]\nlevers:\n  {COVERAGE}: [20 %]\n  {GATE}: [20 %]\n")
    assert [tuple(later) for later in found.later()] == [("own", GATE, "2020-07-01")]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"levers:\n  {COVERAGE}: [140 %]\n", "/mine.yaml:5: mechanisms.family_doctor.coverage: '140 %' lies outside 0 % to 100 %"),
        (f"levers:\n  {COVERAGE}: [0.4]\n", "0.4 has no unit"),
        ("levers:\n  mechanisms.family_doctor.covrage: [40 %]\n", "did you mean 'mechanisms.family_doctor.coverage'?"),
        (f"levers:\n  {COVERAGE}: {{low: 20 %, high: 60 %}}\n", "a range has no levels for a design 'grid'"),
        (f"design: sobol\npoints: 100\nlevers:\n  {COVERAGE}: {{low: 20 %, high: 60 %}}\n", "take 64 or 128"),
        (f"design: sobol\npoints: 8\nlevers:\n  {COVERAGE}: {{low: 20 %, high: 160 %}}\n", "'160 %' lies outside"),
        (f"design: sobol\npoints: 8\nlevers:\n  {COVERAGE}: {{low: 60 %, high: 20 %}}\n", "the least must be below the most"),
        ("design: sobol\npoints: 8\n", "'sobol' wants"),
        ("design: points\n", "'points' wants"),
        ("points: 8\n", "'points' has no use in a design 'grid'"),
        ("outcomes: [in_county_admission]\n", "is no measure; did you mean"),
        ("keep: [dayly]\n", "did you mean 'daily'?"),
        ("seeds: 0\n", "'0' are no seeds"),
        ("seeds: [1, 1]\n", "are no seeds"),
        ("draws: 8\n", "8 draws, but neither"),
        ("posterior: nowhere\ndraws: 8\n", "there is no posterior 'nowhere'"),
        (f"levers:\n  {COVERAGE}: {{low: 20 %, high: 60 %, source: nobody}}\ndesign: sobol\npoints: 8\n", "no source 'nobody'"),
        (f"levers:\n  {COVERAGE}: [20 %]\n  more: {{settings: {{a: {{mechanisms.family_doctor: null}}}}}}\n", "sets too"),
        (f"levers:\n  {SHARE}: [+5 %]\n", "cannot be added here; write, for example, '+5 pp'"),
        ("scenarios: [lujiang]\n", "given twice"),
        ("leavers: {}\n", "did you mean 'levers'?"),
        ("levers:\n  care.opening.county.from: {low: 08:00, high: 09:00}\ndesign: sobol\npoints: 8\n", "is no number that could lie in"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    assert told in refused(tmp_path, text)


def test_all_that_is_wrong_is_told_at_once(tmp_path: Path) -> None:
    told = refused(tmp_path, "outcomes: [nothing]\nkeep: [nothing]\ndesign: sobol\nlevers: {}\n")
    assert [line.split(":")[1] for line in told.splitlines()] == ["4", "5", "6", "6"]


def test_a_scenario_that_is_not_there_is_told_where_it_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"mine.yaml:2: scenarios.0: .*lujiang-2021.*did you mean 'lujiang-2020'"):
        read(tmp_path, "name: mine\nscenarios: [lujiang-2021]\n")


def test_every_message_of_experiments_is_said_in_both_languages() -> None:
    kinds = ("experiment.", "batch.", "runs.", "column.")
    assert all(said["en"] and said["zh"] for key, said in messages().items() if key.startswith(kinds))
