"""How often layouts are ranked rightly: one that is better by half a point, and ten that differ person by person and not in expectation.

    python -m benchmarks.layouts planted --out DIR
    python -m benchmarks.layouts alike --out DIR
    python -m benchmarks.layouts maps

Runs of ten layouts under 200 seeds are done once and kept; each of 100 repeats draws its seeds from them. `maps` times the search for the
optimum on random maps.
"""

import argparse
import statistics
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter

import numpy as np

from experiments.comparing.replicated import FEWEST, STEP, measured, replicated
from experiments.layouts.judging.judge import BY, MARGIN
from experiments.layouts.judging.ranking import Ranking, looks_up_to, ranked
from experiments.layouts.proposing.assignment import Assignment
from experiments.layouts.proposing.traits import traits
from experiments.layouts.proposing.wishes import Wishes
from experiments.running.executors import here
from sim.loading import load
from tests.experiments.layouts.proposing.maps import random_map

BASE, SEEDS, SCALE, LAYOUTS, REPEATS, RUNS = "lujiang-2020", 200, 0.05, 10, 100, 5
LEFT_OUT = 0.12
"""Share of the people in no group in nine of the ten planted layouts: the fund's pool keeps its own people only in the county."""
MAPS = ((17, 2), (30, 3), (60, 4), (120, 5))
EACH = 20
"""Maps of each size."""


def planted(folder: Path) -> Iterator[Path]:
    """Write ten layouts of Lujiang: in one all towns belong to a group, in nine some do not (through the pool of the fund)."""
    people = {row.town: row.residents for row in load(BASE).tables.towns}
    groups = load(BASE).groups
    rng = np.random.default_rng(1)
    for number in range(LAYOUTS):
        left: list[str] = []
        for town in rng.permutation(sorted(set(people) - {"lucheng"})).tolist():
            if number and sum(people[one] for one in left) + people[town] <= LEFT_OUT * sum(people.values()):
                left.append(town)
        kept = {name: (group.lead, [town for town in group.towns if town not in left]) for name, group in groups.items()}
        yield write(folder, f"planted-{number}", kept, BASE)


def alike(folder: Path) -> Iterator[Path]:
    """Write ten layouts of a county whose two leads are alike in everything: which towns belong to which is all the same."""
    text = load(BASE).files["places.facilities"].read_text(encoding="utf-8").splitlines()
    people = next(line for line in text if line.startswith("lujiang_people,"))
    twin = people.replace("lujiang_people,", "lujiang_tcm,", 1)
    lines = [twin if line.startswith("lujiang_tcm,") else line for line in text]
    (folder / "facilities.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    off = [name for name in load(BASE).mechanisms if name != "packaged_fund"]
    without = ", ".join(f"{one}: null" for one in off)
    said = f"name: twins\nextends: {BASE}\nplaces: {{facilities: facilities.csv}}\nmechanisms: {{{without}}}\n"
    (folder / "twins.yaml").write_text(said, encoding="utf-8")
    towns = {row.town: row.residents for row in load(BASE).tables.towns}
    rng = np.random.default_rng(2)
    for number in range(LAYOUTS):
        order, one = rng.permutation(sorted(towns)).tolist(), list[str]()
        for town in order:
            if sum(towns[mine] for mine in one) + towns[town] / 2 < sum(towns.values()) / 2:
                one.append(town)
        groups = {"a": ("lujiang_people", one), "b": ("lujiang_tcm", [town for town in order if town not in one])}
        yield write(folder, f"alike-{number}", groups, "twins.yaml")


def write(folder: Path, name: str, groups: dict[str, tuple[str, list[str]]], base: str) -> Path:
    """Write a layout and the scenario that takes it; returns the scenario."""
    said = "".join(f"  {key}: {{lead: {lead}, towns: [{', '.join(towns)}]}}\n" for key, (lead, towns) in groups.items())
    (folder / f"{name}-layout.yaml").write_text(f"name: {name}\ngroups:\n{said}", encoding="utf-8")
    (folder / f"{name}.yaml").write_text(f"name: {name}\nextends: {base}\nlayout: {name}-layout.yaml\n", encoding="utf-8")
    return folder / f"{name}.yaml"


def values_of(case: str, folder: Path) -> dict[str, list[float]]:
    """Run the ten layouts of a case under all seeds; returns what ranks them."""
    folder.mkdir(parents=True, exist_ok=True)
    words = [str(path) for path in {"planted": planted, "alike": alike}[case](folder)]
    began = perf_counter()
    done = replicated(
        case, words, SEEDS, SCALE, folder / "pool", lambda design: here(None, list(design.bases.values()), SCALE, None),
        told=lambda progress: print(f"\r{progress.done} of {progress.wanted} runs", end="", flush=True),
    )  # fmt: skip
    print(f"\n{done.tally.done} runs done in {perf_counter() - began:.0f} s")
    runs, _ = measured(done.batch)
    return {name: [float(run[BY]) for run in some] for name, some in runs.items()}


def of(values: dict[str, list[float]], seeds: np.ndarray, looks: int = 1) -> Ranking:
    """Rank by some of the seeds."""
    return ranked({name: [some[row] for row in seeds] for name, some in values.items()}, "up", MARGIN, looks)


def report(case: str, folder: Path) -> None:
    """Say how often the ranking is right."""
    values = values_of(case, folder)
    table = np.array(list(values.values()))
    spread = np.std(table - table.mean(axis=0), axis=1, ddof=1).mean()
    means = ", ".join(f"{100 * row.mean():.2f}" for row in table)
    print(f"means, %: {means}; spread of one about the mean of all, points: {100 * spread:.3f}")
    rng = np.random.default_rng(3)
    orders = [rng.permutation(SEEDS) for _ in range(REPEATS)]
    first = [next(iter(of(values, order[:RUNS]).standings)) for order in orders]
    print(f"first in {LAYOUTS * RUNS} runs: { ({name: first.count(name) for name in values if name in first}) }")
    looks, settled, wrong, spent = looks_up_to(SEEDS, FEWEST, STEP), 0, 0, []
    for order in orders:
        many = FEWEST
        while not (found := of(values, order[:many], looks)).settled and many < SEEDS:
            many = min(int(many * STEP), SEEDS)
        settled += len(found.alike) == LAYOUTS - 1 if case == "alike" else found.settled and not found.alike
        wrong += (
            any(one.verdict == "worse" for one in found.standings.values())
            if case == "alike"
            else next(iter(found.standings)) != "planted-0"
        )
        spent.append(many)
    print(f"stop rule: {settled} of {REPEATS} settled rightly, {wrong} wrongly, after {statistics.median(spent):g} seeds of each (median)")


def maps() -> None:
    """Time the search for the optimum with contiguity and balance."""
    for towns, leads in MAPS:
        took, hopeless = [], 0
        for seed in range(EACH):
            ground = random_map(towns, leads, seed)
            began = perf_counter()
            found = Assignment(ground, Wishes(tuple(lead.name for lead in ground.leads), leads, contiguous="require")).solved()
            took.append(perf_counter() - began)
            hopeless += found is None
            assert found is None or traits(ground, found.assigned).contiguous
        print(
            f"{towns} towns, {leads} leads: median {statistics.median(took):.2f} s, worst {max(took):.2f} s, {hopeless} of {EACH} cannot be"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["planted", "alike", "maps"])
    parser.add_argument("--out", type=Path, default=Path("results/benchmarks/layouts"))
    given = parser.parse_args()
    if given.what == "maps":
        maps()
    else:
        report(given.what, given.out / given.what)
