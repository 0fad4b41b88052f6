"""Say in words what happened in a run, from its measures alone."""

import re
from collections.abc import Iterator

from results.measuring.definitions import FULL_YEAR, Definition, Standing, definition, with_unit, written
from results.report.amounts import distance, in_words
from results.report.goals import ceiling_of, standing_of
from results.report.markup import LANGUAGES, Words, both, joined, tag, told
from results.store.run import Run
from sim.scenario.behaviour import Target

UNBROKEN = re.compile(r"(?<=\d) (?=\D)")
"""Between a number and its unit, where no line may break."""
HARM = ("forgone_admission_share", "forgone_care_share", "under_capability_share")
"""What is told of harm in the paragraph."""


def summary(run: Run) -> str:
    """Write the paragraph."""
    said = joined(_sentences(run), "report.between_sentences")
    return tag("p", both({lang: UNBROKEN.sub("\u00a0", words) for lang, words in said.items()}), class_="summary")


def _sentences(run: Run) -> Iterator[Words]:
    """Say who used how much care, how the goals stand, what the ceiling is, and what harm stands beside."""
    found = {name: in_words(name, run.measures.get(name)) for name in ("residents", "visits", "admissions")}
    yield told("report.summary.people", days=run.scenario.period.days, **found)
    for name, target in run.scenario.targets.items():
        yield _goal(name, target, run)
        yield from _ceiling(name, target, run)
    yield from _harm(run)


def _goal(name: str, target: Target, run: Run) -> Words:
    """Say how one goal stands, and by how much."""
    stands = standing_of(name, target, run)
    said = {"title": definition(name).title, "value": in_words(name, run.measures.get(name)), "goal": in_words(name, target.goal)}
    case = _case(stands, definition(name))
    return told(
        f"report.summary.goal.{case}", **said, gap=distance(name, stands.gap), days=FULL_YEAR, verdict=told(f"verdict.{stands.word}")
    )


def _case(stands: Standing, meant: Definition) -> str:
    """Name the sentence of a verdict: a gap has a side, which the sentence names, unless it is too small to be shown."""
    if stands.gap is None:
        return stands.word
    shown = round(stands.gap * (100 if meant.in_percent else 1), meant.decimals)
    return "even" if shown == 0 else f"{stands.word}.{'above' if shown > 0 else 'below'}"


def _ceiling(name: str, target: Target, run: Run) -> Iterator[Words]:
    """Say what no policy could pass, and on which side of the goal that lies."""
    top = ceiling_of(name, run)
    if top is not None:
        side = "above" if top >= target.goal else "below"
        yield told(f"report.summary.ceiling.{side}", ceiling=in_words(name, top), goal=in_words(name, target.goal))


def _harm(run: Run) -> Iterator[Words]:
    """Say what stands beside the goals; one run cannot say whether it rose."""
    said = [{lang: with_unit(inside(definition(name).title[lang]), written(name, run.measures[name], lang), lang) for lang in LANGUAGES}
            for name in HARM if run.measures.get(name) is not None]  # fmt: skip
    if said:
        yield told("report.summary.harm", harm=joined(said, "report.between_items"))


def inside(title: str) -> str:
    """Write a title as it stands inside a sentence."""
    return title[:1].lower() + title[1:]
