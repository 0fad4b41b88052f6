"""Comparisons: paired and unpaired differences, the chance of being better and best, allowance for many, who gains and who loses."""

import math
from pathlib import Path

import numpy as np
import pytest
from scipy import stats

from experiments.comparing.compare import Difference, allowed, chances_of_best, compared, difference, share_luck, widened
from experiments.comparing.finding import certainty, sentences
from experiments.comparing.groups import GROUPS, by_group
from experiments.comparing.origins import differing, origins, without
from experiments.comparing.replicated import FEWEST, Precision, Replicated, precision_of, replicated
from experiments.running.executors import Where
from results.measuring.definitions import definitions
from sim import load
from sim.language.messages import UserError
from sim.scenario.varying import varied
from tests.experiments.inline import inline

ONE, TWO = [0.50, 0.52, 0.49, 0.53, 0.51], [0.56, 0.575, 0.55, 0.59, 0.57]


def test_a_paired_difference_is_the_interval_of_student() -> None:
    found = difference(ONE, TWO, "up")
    gaps = np.array(TWO) - np.array(ONE)
    low, high = stats.t.interval(0.95, 4, gaps.mean(), stats.sem(gaps))
    assert (found.low, found.high) == pytest.approx((low, high))
    assert found.chance == pytest.approx(stats.ttest_rel(TWO, ONE).pvalue)
    assert found.better == pytest.approx(1 - found.chance / 2)  # type: ignore[operator]
    assert difference(ONE, TWO, "down").better == pytest.approx(found.chance / 2)  # type: ignore[operator]
    assert difference(ONE, TWO).better is None


def test_an_unpaired_difference_is_welchs() -> None:
    found = difference(ONE, TWO, "up", paired=False)
    test = stats.ttest_ind(TWO, ONE, equal_var=False)
    assert found.chance == pytest.approx(test.pvalue)
    assert (found.low, found.high) == pytest.approx(tuple(test.confidence_interval(0.95)))


def test_runs_that_agree_leave_no_interval_and_a_single_run_has_none() -> None:
    same = difference(ONE, ONE, "up")
    assert (same.mean, same.low, same.high, same.better, same.chance) == (0.0, 0.0, 0.0, 0.5, 1.0)
    assert certainty(same) == "same"
    single = difference([1.0], [2.0], "up")
    assert (single.mean, single.low, certainty(single)) == (1.0, None, "single")
    assert difference([1.0, None], [2.0, 3.0]).mean is None


def test_the_chance_of_being_best_is_shared_and_sums_to_one() -> None:
    rng = np.random.default_rng(5)
    luck = rng.normal(0, 1, (10, 1))
    values = luck + np.array([0.0, 0.0, 0.5]) + rng.normal(0, 0.1, (10, 3))
    chances = chances_of_best(values, "up")
    assert sum(chances) == pytest.approx(1.0)
    assert chances[2] > 0.99
    assert chances_of_best(values, "down")[2] < 0.01
    assert chances_of_best(np.ones((4, 2)), "up") == pytest.approx([0.5, 0.5])


def test_many_measures_are_allowed_for_by_holms_steps() -> None:
    found = compared(
        {"a": [{"visits": 1.0, "admissions": 1.0}] * 3, "b": [{"visits": 2.0, "admissions": 1.0 + x} for x in (0.0, 0.4, -0.3)]},
        (1, 2, 3), 1.0, {"a": True, "b": True},
    )  # fmt: skip
    assert found.measures["visits"].differences["b"].clear
    assert not found.measures["admissions"].differences["b"].clear
    chances = [0.001, 0.02, 0.03, 0.2]
    rows = {
        f"m{row}": found.measures["visits"]._replace(differences={"b": Difference(1.0, chance=chance)})
        for row, chance in enumerate(chances)
    }
    clear = [row.differences["b"].clear for row in allowed(rows).values()]
    assert clear == [True, False, False, False]  # .02 * 3 > .05


def test_a_run_on_a_part_of_the_people_is_less_sure_and_the_whole_is_not() -> None:
    found = Difference(0.04, 0.03, 0.05)
    name = next(name for name, meant in definitions().items() if meant.off_part)
    off = definitions()[name].off_part
    assert off is not None
    assert widened(found, name, 1.0) == found
    wide = widened(found, name, 0.05)
    assert (wide.low, wide.high) == pytest.approx((0.03 - off * 0.04, 0.05 + off * 0.04))
    hardly = definitions()["visits"]._replace(off_part=None, off_by=40.0)
    assert (hardly.off_at(3.0, 0.05), hardly.off_at(3.0, 1.0)) == (2.0, 0.0)  # it grows with the people
    assert definitions()["mean_wait_minutes"]._replace(off_part=None, off_by=0.5).off_at(3.0, 0.05) == 0.5


def test_the_best_of_three_is_told_and_of_two_it_is_the_better() -> None:
    runs = {
        name: [{"forgone_care_share": value + 0.001 * luck} for luck in (1, 2, 4)] for name, value in (("a", 0.2), ("b", 0.1), ("c", 0.3))
    }
    found = compared(runs, (1, 2, 3), 1.0, dict.fromkeys(runs, True))
    assert found.measures["forgone_care_share"].best == {"a": 0.0, "b": 1.0, "c": 0.0}
    two = {name: runs[name] for name in ("a", "b")}
    assert compared(two, (1, 2, 3), 1.0, dict.fromkeys(two, True)).measures["forgone_care_share"].best == {}


def test_scenarios_of_other_people_share_no_luck() -> None:
    assert share_luck(load("lujiang-2018"), load("lujiang-2020"))
    assert not share_luck(load("lujiang-2020"), load("tongling-2018"))


def done(folder: Path, scenarios: list[str], seeds: int = 3, precision: Precision | None = None, **more: object) -> Replicated:
    """Compare scenarios in this process."""
    return replicated("tiny", scenarios, seeds, 0.002, folder, lambda design: Where(inline(), 1), precision, **more)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """Two short scenarios of the same people."""
    folder = tmp_path_factory.mktemp("short")
    head = "extends: lujiang-2020\nperiod: {days: 30, run_in_days: 5}\n"
    (folder / "as_is.yaml").write_text(f"name: as-is\ntitle: {{en: As is, zh: 照旧}}\n{head}", encoding="utf-8")
    less = "mechanisms: {referral_rules: null, packaged_fund: null}\n"
    (folder / "less.yaml").write_text(f"name: less\ntitle: {{en: Less, zh: 取消}}\n{head}{less}", encoding="utf-8")
    return folder, [str(folder / "as_is.yaml"), str(folder / "less.yaml")]


def test_scenarios_are_run_with_the_same_seeds_and_compared_seed_by_seed(short: tuple[Path, list[str]], tmp_path: Path) -> None:
    found = done(tmp_path, short[1], keep=("residents",))
    told = found.comparison.as_json()
    assert (told["scenarios"], told["runs"]) == (["as-is", "less"], 3)
    row = told["measures"]["in_county_admission_share_insured"]
    assert set(row) == {"as-is", "less", "differences"}
    assert set(row["differences"]["less"]) == {"mean", "low", "high", "better"}
    assert row["differences"]["less"]["mean"] == pytest.approx(row["less"]["mean"] - row["as-is"]["mean"])
    assert found.comparison.measures["registered"].differences["less"].mean == 0
    for lang in ("en", "zh"):
        assert "less" in next(sentences(found.comparison, ("in_county_admission_share_insured",), lang))


def test_where_a_difference_comes_from_adds_up_to_the_whole(short: tuple[Path, list[str]], tmp_path: Path) -> None:
    folder, _ = short
    more = "mechanisms: {expert_posting: null, family_doctor: {source: assumed, coverage: 60 %}}\n"
    head = "extends: lujiang-2020\nperiod: {days: 30, run_in_days: 5}\n"
    (folder / "other.yaml").write_text(f"name: other\ntitle: {{en: Other, zh: 另}}\n{head}{more}", encoding="utf-8")
    found = done(tmp_path, [str(folder / "less.yaml"), str(folder / "other.yaml")])
    design = found.batch.design
    one, two = design.bases["less"], design.bases["other"]
    assert differing(one, two) == ["family_doctor", "referral_rules", "packaged_fund"]
    back = varied(two, without(one, ["family_doctor", "referral_rules"]))
    assert back.mechanisms["family_doctor"] == one.mechanisms["family_doctor"]
    assert "referral_rules" not in back.mechanisms
    where = lambda design: Where(inline(), 1)  # noqa: E731
    told = origins(design, "other", found.comparison.seeds, ("visits",), found.batch.pool, where, None, lambda x: None, lambda x: None)
    taken = told["visits"]
    assert taken.whole.mean == found.comparison.measures["visits"].differences["other"].mean
    sums = [taken.elsewhere.mean, taken.together.mean, *(part.mean for part in taken.parts.values())]
    assert sum(value or 0.0 for value in sums) == pytest.approx(taken.whole.mean)
    assert taken.parts["family_doctor"].mean


def test_groups_add_up_to_all_people(short: tuple[Path, list[str]], tmp_path: Path) -> None:
    found = done(tmp_path, short[1], keep=("residents",))
    rows = by_group(found.batch, found.comparison.seeds, "as-is", "less", True)
    people = {by: sum(row.people for row in rows if row.by == by and row.matter == "paid") for by in GROUPS}
    assert max(people.values()) - min(people.values()) < 20  # means over seeds, rounded group by group
    paid = [row for row in rows if row.by == "poor" and row.matter == "paid"]
    whole = sum((row.one or 0) * row.people for row in paid) / sum(row.people for row in paid)
    assert whole > 0
    assert by_group(done(tmp_path / "none", short[1]).batch, (1, 2, 3), "as-is", "less", True) == []


def test_seeds_are_added_until_the_precision_is_met_or_the_runs_are_spent(short: tuple[Path, list[str]], tmp_path: Path) -> None:
    easy = done(tmp_path, short[1], 40, Precision("visits", 1e9))
    assert (len(easy.comparison.seeds), easy.reached) == (FEWEST, True)
    hard = done(tmp_path, short[1], FEWEST + 3, Precision("visits", 1e-9))
    assert (len(hard.comparison.seeds), hard.reached) == (FEWEST + 3, False)


@pytest.mark.parametrize(
    ("text", "measure", "half"),
    [
        ("in_county_admission_share_insured=0.2 pp", "in_county_admission_share_insured", 0.002),
        ("fund_spent_per_head = 5 yuan", "fund_spent_per_head", 5.0),
        ("mean_wait_minutes=0.5 min", "mean_wait_minutes", 0.5),
        ("visits=100", "visits", 100.0),
    ],
)
def test_a_precision_is_written_in_the_unit_of_its_measure(text: str, measure: str, half: float) -> None:
    found = precision_of(text)
    assert found.measure == measure
    assert math.isclose(found.half, half)


@pytest.mark.parametrize(
    "text", ["visits", "visit=3", "visits=", "fund_spent_per_head=5", "visits=0", "in_county_admission_share_insured=1 %"]
)
def test_what_is_no_precision_is_refused(text: str) -> None:
    with pytest.raises(UserError):
        precision_of(text)
