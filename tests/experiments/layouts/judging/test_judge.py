"""Layouts are judged under common luck: channels switched off leave every byte the same, a mirror image differs by luck only."""

from concurrent.futures import Executor
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from experiments.comparing.compare import difference, standing_out
from experiments.comparing.replicated import experiment_of
from experiments.design.experiment import read_text
from experiments.design.variants import Design
from experiments.layouts.judging import judge
from experiments.layouts.judging.channels import channels
from experiments.layouts.judging.judge import judged
from experiments.running.executors import Where
from experiments.running.one import observed
from results.store.pool import Pool
from sim.language.messages import UserError
from sim.loading import load
from sim.scenario.scenario import Scenario
from tests.experiments.inline import inline

BASE = "lujiang-2020"
CHANNELS = tuple(load(BASE).mechanisms)
BY_GROUP = ("referrals_up_within_group", "referrals_up_other_group", "referrals_down_within_group", "referrals_down_other_group")
SHORT = ("period.days=40", "period.run_in_days=20")


def layout(folder: Path, name: str, groups: dict[str, tuple[str, list[str]]]) -> Path:
    said = "".join(f"  {key}: {{lead: {lead}, towns: [{', '.join(towns)}]}}\n" for key, (lead, towns) in groups.items())
    (folder / f"{name}.yaml").write_text(f"name: {name}\ngroups:{' {}' if not groups else ''}\n{said}", encoding="utf-8")
    return folder / f"{name}.yaml"


def only(channel: str | None) -> tuple[str, ...]:
    return tuple(f"mechanisms.{name}=null" for name in CHANNELS if name != channel)


@pytest.fixture
def other(tmp_path: Path) -> Path:
    """Write a layout in which half of the towns belong elsewhere."""
    towns = sorted(row.town for row in load(BASE).tables.towns)
    return layout(tmp_path, "other", {"people": ("lujiang_people", towns[::2]), "tcm": ("lujiang_tcm", towns[1::2])})


def test_with_every_channel_off_a_layout_changes_nothing_but_what_counts_by_group(other: Path) -> None:
    tables = ("daily", "flows", "monthly_facilities", "residents")
    none = layout(other.parent, "none", {})
    one, two, three = (
        observed(load(BASE, (*more, *only(None), *SHORT)), 1, 0.01, tables) for more in ((), (f"layout={other}",), (f"layout={none}",))
    )
    assert {name for name in one.measures if one.measures[name] != two.measures[name]} <= set(BY_GROUP)
    assert {name: one.measures[name] for name in one.measures if name not in BY_GROUP} == {
        name: three.measures[name] for name in one.measures if name not in BY_GROUP
    }
    for name in tables:
        for found in (two, three):
            assert found.tables[name].equals(one.tables[name]), name


def test_a_channel_that_is_on_does_act_by_group(other: Path) -> None:
    one, two = (observed(load(BASE, (*more, *only("expert_posting"), *SHORT)), 1, 0.01) for more in ((), (f"layout={other}",)))
    assert one.measures != two.measures


def mirrored(folder: Path, channel: str) -> tuple[Scenario, Scenario]:
    """Make a county whose two leads are alike in everything, and a layout of it and its mirror image."""
    text = load(BASE).files["places.facilities"].read_text(encoding="utf-8").splitlines()
    people = next(line for line in text if line.startswith("lujiang_people,"))
    twin = people.replace("lujiang_people,", "lujiang_tcm,", 1)
    lines = [twin if line.startswith("lujiang_tcm,") else line for line in text]
    (folder / "facilities.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    towns = sorted(row.town for row in load(BASE).tables.towns)
    mine = layout(folder, "mine", {"a": ("lujiang_people", towns[::2]), "b": ("lujiang_tcm", towns[1::2])})
    mirror = layout(folder, "mirror", {"a": ("lujiang_people", towns[1::2]), "b": ("lujiang_tcm", towns[::2])})
    said = f"name: twins\nextends: {BASE}\nplaces: {{facilities: facilities.csv}}\n"
    (folder / "twins.yaml").write_text(said, encoding="utf-8")
    settings = (*only(channel), *SHORT)
    return load(folder / "twins.yaml", (f"layout={mine}", *settings)), load(folder / "twins.yaml", (f"layout={mirror}", *settings))


@pytest.mark.slow
@pytest.mark.parametrize("channel", CHANNELS)
def test_a_mirror_image_differs_by_luck_only(tmp_path: Path, channel: str) -> None:
    runs = [[observed(one, seed, 0.01).measures for seed in range(1, 13)] for one in mirrored(tmp_path, channel)]
    names = [name for name in runs[0][0] if all(run.get(name) is not None for some in runs for run in some)]
    gaps = {name: difference([run[name] for run in runs[0]], [run[name] for run in runs[1]]) for name in names}
    told = {name for name in names if gaps[name].mean}
    assert standing_out({name: gaps[name].chance for name in told}) == set()


def here(executor: AbstractContextManager[Executor]) -> Where:
    return Where(executor, 1)


def test_layouts_are_ranked_kept_and_never_run_twice(tmp_path: Path, other: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judge, "FEWEST", 2)
    base = tmp_path / "base.yaml"
    base.write_text(f"name: base\nextends: {BASE}\nperiod: {{days: 20, run_in_days: 5}}\n", encoding="utf-8")
    judged_one = tmp_path / "judged.yaml"
    judged_one.write_text("name: other\nextends: base.yaml\nlayout: other.yaml\n", encoding="utf-8")
    words = [str(base), str(judged_one)]
    first = judged("t", words, 3, 0.005, tmp_path / "pool", lambda design: here(inline()), margin=0.5)
    assert first.replicated.tally.done == 6  # as compare asks for its first seeds, three at most here
    again = judged("t", words, 3, 0.005, tmp_path / "pool", lambda design: here(inline()), margin=0.5)
    assert (again.replicated.tally.done, again.replicated.tally.skipped) == (0, 6)
    assert again.as_json() == first.as_json()
    found = first.as_json()
    assert set(found["layouts"]) == {"base", "other"}
    assert sum(one["best"] for one in found["layouts"].values()) == pytest.approx(1.0)
    assert found["settled"]  # half of all admissions is a wide margin
    assert found["layouts"]["base"]["differences"] == {}
    assert set(found["layouts"]["other"]["differences"]["fund_spent_per_head"]) == {"mean", "low", "high", "better"}


def test_the_difference_is_taken_apart_by_channel_and_nothing_is_left_with_all_off(tmp_path: Path, other: Path) -> None:
    (tmp_path / "base.yaml").write_text(f"name: base\nextends: {BASE}\nperiod: {{days: 40, run_in_days: 20}}\n", encoding="utf-8")
    (tmp_path / "judged.yaml").write_text("name: judged\nextends: base.yaml\nlayout: other.yaml\n", encoding="utf-8")
    text = experiment_of("t", [str(tmp_path / "base.yaml"), str(tmp_path / "judged.yaml")], [1, 2], 0.01)
    design = Design(read_text(text, tmp_path / "t"))
    names = ("primary_visit_share_ex_village", "fund_spent_per_head")
    found = channels(design, "judged", [1, 2], names, Pool(tmp_path / "pool"), lambda one: here(inline()))
    assert set(found) == set(names)
    for one in found.values():
        assert set(one.parts) == set(CHANNELS)
        assert one.elsewhere.mean == 0.0
        assert one.whole.mean != 0.0
        assert one.together.mean is not None
        known = [part.mean for part in one.parts.values() if part.mean is not None]
        assert sum(known) + one.together.mean == pytest.approx(one.whole.mean)
    assert found["primary_visit_share_ex_village"].parts["family_doctor"].mean == pytest.approx(0.0, abs=1e-3)  # does not know groups


def test_a_measure_that_is_missing_and_a_single_seed_cannot_rank(tmp_path: Path) -> None:
    (tmp_path / "bare.yaml").write_text("name: bare\nextends: lujiang-2018\nperiod: {days: 5, run_in_days: 1}\n", encoding="utf-8")
    (tmp_path / "other.yaml").write_text("name: other\nextends: bare.yaml\n", encoding="utf-8")
    words = [str(tmp_path / f"{name}.yaml") for name in ("bare", "other")]
    for runs, by, told in ((2, "posted_physicians_per_10000", "was not measured in every run"), (1, judge.BY, "only 1 seeds are done")):
        with pytest.raises(UserError, match=told):
            judged("bare", words, runs, 0.005, tmp_path / "pool", lambda _: Where(inline(), 1), by)
