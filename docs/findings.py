"""Rebuild every figure of every docs/findings-*.md from runs: `make findings` (pictures need a browser and the dev extra).

A page is written by hand but for the blocks that are made (`docs.filled`). Runs that are in the pool are not done again.
"""

import re
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, pairwise
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import experiments
from docs.filled import FOLDER, LANGUAGES, Blocks, filled, table
from experiments.comparing.compare import Difference, difference, standing_out
from experiments.comparing.finding import MARKS, certainty, gap_with_half
from experiments.keeping.folder import REPORT
from experiments.reporting.words import cell_words, lever_label
from results.measuring.definitions import definition
from sim.language.messages import say

if TYPE_CHECKING:
    import pandas as pd

    from experiments.design.variants import Design
    from experiments.keeping.opened import Opened

NOTHING = re.compile(r"0\.0+ ±")
COST = {
    "en": "{runs} runs on {scale} % of the households, {seconds} seconds of a core in all; made by {made_by}.",
    "zh": "共{runs}次运行，抽取{scale}%的家庭，合计单核{seconds}秒；模型版本：{made_by}。",
}
WINDOW = (1180, 6000)
"""Width and height of the window pictures are taken in, pixels: high enough for the whole report."""


class Finding(NamedTuple):
    """One page: the experiment it is made of, a factorial, and what of it."""

    experiment: str
    whole: str
    """An experiment of single points with all the people, each held against the first: whether the factorial's figures hold."""
    pictured: tuple[str, ...]
    """Outcomes whose picture of the report is taken."""


FINDINGS = {
    "findings-gaps-contracts-posting": Finding(
        "gaps-contracts-posting", "gaps-contracts-posting-whole", ("primary_visit_share_ex_village", "in_county_admission_share_insured")
    ),
}
"""Page -> what it is made of; a page more is a line more."""


class Levels(NamedTuple):
    """Two levels of a lever, from which to which."""

    lever: str
    one: object
    two: object


def factorial(kept: "Opened", design: "Design", lang: str) -> Blocks:
    """Make the blocks of a factorial: what each step of each lever does, what levers do only together, every point, what it cost."""
    runs, levers = kept.runs(), [lever.name for lever in design.levers]
    steps = [step for lever in levers for step in _steps(lever, list(dict.fromkeys(runs[lever])))]
    effects = {_step_words(design, step, lang): [_effect(runs, step, name) for name in design.outcomes] for step in steps}
    together = {
        f"{_step_words(design, one, lang)} × {_step_words(design, two, lang)}": [
            _together(runs, one, two, name) for name in design.outcomes
        ]
        for one, two in combinations(_whole(runs, levers), 2)
    }
    return {
        "effects": _differences(effects, design, lang),
        "together": _differences(together, design, lang),
        "points": _points(runs, design, lang),
        "cost": _cost(runs, kept, lang),
    }


def points(kept: "Opened", design: "Design", lang: str) -> str:
    """Hold every point of an experiment against its first, and say what differs in it."""
    runs, levers = kept.runs(), kept.levers
    first, *others = [
        dict(zip(levers, found, strict=True)) for found in dict.fromkeys(runs[list(levers)].itertuples(index=False, name=None))
    ]
    rows = {}
    for point in others:
        steps = [Levels(lever, first[lever], point[lever]) for lever in levers if first[lever] != point[lever]]
        ends = [[_means(runs, name, **at) for at in (first, point)] for name in design.outcomes]
        rows[" · ".join(_step_words(design, step, lang) for step in steps)] = [
            difference(one, two, definition(name).good) for name, (one, two) in zip(design.outcomes, ends, strict=True)
        ]
    return _differences(rows, design, lang)


def _differences(rows: Mapping[str, Sequence[Difference]], design: "Design", lang: str) -> str:
    """Write differences, each with how sure it is, allowance made for all in the table."""
    clear = standing_out({(row, at): one.chance for row, some in rows.items() for at, one in enumerate(some)})
    told = [
        [
            row,
            *(
                _cell(name, one._replace(clear=(row, at) in clear), lang)
                for at, (name, one) in enumerate(zip(design.outcomes, some, strict=True))
            ),
        ]
        for row, some in rows.items()
    ]
    return table([say("experiment.page.level", lang), *(definition(name).title[lang] for name in design.outcomes)], told)


def _steps(lever: str, levels: Sequence[object]) -> list[Levels]:
    """Go from each level to the next."""
    return [Levels(lever, one, two) for one, two in pairwise(levels)]


def _whole(runs: "pd.DataFrame", levers: Sequence[str]) -> list[Levels]:
    """Go from the first level of each lever to its last."""
    levels = {lever: list(dict.fromkeys(runs[lever])) for lever in levers}
    return [Levels(lever, some[0], some[-1]) for lever, some in levels.items()]


def _means(runs: "pd.DataFrame", name: str, **levels: object) -> list[float]:
    """Give an outcome seed by seed, the mean over all points that have some levels."""
    some = runs
    for lever, level in levels.items():
        some = some[some[lever] == level]
    return [float(value) for value in some.groupby("seed")[name].mean()]


def _effect(runs: "pd.DataFrame", step: Levels, name: str) -> Difference:
    """Take what a step does, all else equal, seed by seed."""
    good = definition(name).good
    return difference(_means(runs, name, **{step.lever: step.one}), _means(runs, name, **{step.lever: step.two}), good)


def _together(runs: "pd.DataFrame", one: Levels, two: Levels, name: str) -> Difference:
    """Take what two steps do only together: what the first does at the end of the second, less what it does at its beginning."""
    at = [
        [
            after - before
            for before, after in zip(
                _means(runs, name, **{one.lever: one.one, two.lever: level}), _means(runs, name, **{one.lever: one.two, two.lever: level}),
                strict=True,
            )
        ]
        for level in (two.one, two.two)
    ]  # fmt: skip
    return difference(at[0], at[1])


def _cell(name: str, found: Difference, lang: str) -> str:
    """Write a difference with half its interval and how sure it is; one that is nothing as it is written needs no mark."""
    told = gap_with_half(name, found.mean, found.half, lang)
    return told if NOTHING.match(told) else f"{told} {MARKS[certainty(found)]}"


def _step_words(design: "Design", step: Levels, lang: str) -> str:
    """Call a step."""
    ends = [cell_words(design, step.lever, level, lang) for level in (step.one, step.two)]  # type: ignore[arg-type]
    return f"{lever_label(design, step.lever, lang)}: {ends[0]} → {ends[1]}".replace(": ", {"en": ": ", "zh": "："}[lang])


def _points(runs: "pd.DataFrame", design: "Design", lang: str) -> str:
    """Write the mean outcomes of every point."""
    from results.measuring.definitions import written

    levers = [lever.name for lever in design.levers]
    rows = []
    for levels, some in runs.groupby(levers, sort=False):
        cells = [cell_words(design, lever, level, lang) for lever, level in zip(levers, levels, strict=True)]
        rows.append([*cells, *(written(name, float(some[name].mean()), lang) for name in design.outcomes)])
    head = [lever_label(design, lever, lang) for lever in levers] + [definition(name).title[lang] for name in design.outcomes]
    return table(head, rows)


def _cost(runs: "pd.DataFrame", kept: "Opened", lang: str) -> str:
    """Say what the runs cost, and which version made them."""
    told = {"runs": len(runs), "seconds": f"{runs.seconds.sum():.0f}", "made_by": ", ".join(dict.fromkeys(runs.made_by))}
    return COST[lang].format(scale=f"{kept.origin['scale'] * 100:g}", **told) + "\n"


def take(report: Path, page: str, outcomes: Sequence[str]) -> None:
    """Take the pictures of some outcomes from a report, in both languages."""
    from selenium.webdriver.support.ui import WebDriverWait

    from docs.pictures import DRAWN
    from tests.browser.browsing import browser

    with tempfile.TemporaryDirectory() as profile, browser(Path(profile)) as window:
        window.set_window_size(*WINDOW)
        window.get(report.resolve().as_uri())
        for _ in LANGUAGES:
            WebDriverWait(window, 30, 0.1).until(lambda opened: opened.execute_script(DRAWN))
            lang = window.execute_script(DRAWN)
            for outcome in outcomes:
                file = FOLDER / "pictures" / f"{page.removeprefix('findings-')}.{outcome}.{lang}.png"
                window.find_element("css selector", f"#picture-outcome_{outcome} .plot").screenshot(str(file))
            window.find_element("css selector", "#switch").click()


def rebuild(page: str, finding: Finding, pictures: Callable[[Path, str, Sequence[str]], None] | None = take) -> None:
    """Do the runs of one page that are not done yet, and rewrite what is made of them."""
    from experiments.design.variants import design
    from experiments.keeping.found import experiment_called

    kept, whole = experiments.do(finding.experiment), experiments.do(finding.whole)
    planned, wholly = (design(experiment_called(name)) for name in (finding.experiment, finding.whole))
    for lang, ending in LANGUAGES.items():
        path = FOLDER / f"{page}{ending}"
        text = path.read_text(encoding="utf-8")
        path.write_text(
            filled(text, {**factorial(kept, planned, lang), "whole": points(whole, wholly, lang)}), encoding="utf-8", newline="\n"
        )
        print(path.relative_to(FOLDER.parent))
    if pictures is not None:
        pictures(kept.folder / REPORT, page, finding.pictured)


if __name__ == "__main__":
    from docs import findings_layouts

    for name in sys.argv[1:] or [*FINDINGS, findings_layouts.PAGE]:
        if name == findings_layouts.PAGE:
            findings_layouts.rebuild()
        else:
            rebuild(name, FINDINGS[name])
