"""Read off a batch or a comparison that was done what the checklist tells of it."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from experiments.checklist.facts import SINGLE, Assigned, Days, Facts, Layout, Varied
from experiments.checklist.lineage import said, table_called, written_value
from experiments.comparing.replicated import Precision, Replicated, headlines
from experiments.design.levers import Level, Listed, Span, resolved
from experiments.design.variants import Design, cell
from experiments.keeping.folder import EXPERIMENT, kept_beside
from experiments.reporting.words import lever_label
from experiments.running.batch import Batch
from results.measuring.definitions import ABSENT, definition, with_unit
from results.measuring.definitions import words as table_words
from results.store.pool import FAILED
from sim.language.messages import Fault
from sim.reading.provenance import ASSUMED, FITTED
from sim.scenario.elsewhere import ABOUT_A_PLACE
from sim.scenario.merging import DATA_FIELDS
from sim.scenario.scenario import Scenario
from sim.scenario.varying import Setting

MOST_VALUES = 12
"""Values of a lever that are listed; of more, the first and the last."""
OFF = "switched off"
BY_POINT = (
    "The mean of each point, with each draw, over its seeds has the 95 % interval of Student's t; what a lever does is taken seed by "
    "seed between runs with the same people and the same luck, level beside level, with Student's t on those differences. A point "
    "with a failed run has no mean."
)
PAIRED = (
    "Differences are taken seed by seed between runs with the same people and the same luck, with 95 % intervals of Student's t on "
    "the paired differences; allowance for all measures and scenarios looked at is made by Holm's steps. A seed that failed in one "
    "scenario is left out of all."
)
PARTLY = " Intervals of differences are wider by what differences are off at this scale."
PARTED = " Where differences come from was found by further runs with and without each mechanism; those are not counted here."
UNPAIRED = (
    " {names}: other people, places or illness than the first, and no luck shared with it; there the interval is Welch's, without pairs."
)


def of_batch(batch: Batch) -> Facts:
    """Tell of an experiment that was run."""
    design = batch.design
    intervals = BY_POINT if len(design.said.seeds) > 1 else SINGLE
    title = design.said.title.say("en") if design.said.title is not None else ""
    return _facts(batch, "batch", f"tiercare batch {EXPERIMENT}", title, design.outcomes, intervals)


def of_comparison(found: Replicated, precision: Precision | None = None, parted: bool = False) -> Facts:
    """Tell of scenarios that were compared.

    precision : how well a difference was to be known, where that decided how many runs there are
    parted    : whether differences were taken apart by mechanism, in further runs
    """
    batch, compared = found.batch, found.comparison
    bases = list(batch.design.bases.values())
    strangers = ", ".join(f"`{name}`" for name, paired in compared.paired.items() if not paired)
    intervals = PAIRED + (PARTLY if compared.scale < 1.0 else "") + (UNPAIRED.format(names=strangers) if strangers else "")
    intervals = SINGLE if len(compared.seeds) < 2 else intervals + _until(found, precision)
    left = len(batch.design.said.seeds) - len(compared.seeds)
    intervals += f" {len(compared.seeds)} seeds are compared, {left} left out." if left else ""
    intervals += PARTED if parted else ""
    title = " and ".join(base.title.say("en") for base in bases)
    words = [file or name for name, file in kept_beside(batch.design).items()]
    scale = [] if compared.scale >= 1.0 else ["--scale", f"{compared.scale:.12g}"]
    again = " ".join(["tiercare", "compare", *words, "--runs", str(len(batch.design.said.seeds)), *scale])
    return _facts(batch, "compare", again, title, headlines(bases), intervals)


def _until(found: Replicated, precision: Precision | None) -> str:
    """Say until when seeds were added."""
    if precision is None:
        return ""
    meant = definition(precision.measure)
    size, unit = (100 * precision.half, "points") if meant.in_percent else (precision.half, meant.unit)
    half = with_unit(f"{size:g}", table_words("units", unit, "en"), "en")
    met = "was reached" if found.reached else "was not reached"
    return f" Seeds were added until half the interval of the difference in `{precision.measure}` was {half} or less, which {met}."


def _facts(batch: Batch, command: str, again: str, title: str, outcomes: tuple[str, ...], intervals: str) -> Facts:
    """Collect what a batch tells, however it came about."""
    design = batch.design
    rows = list(batch.rows())
    failed = Counter(batch.variants[row.variant].scenario for row in rows if batch.pool.status(row.key) == FAILED)
    seconds = sum(batch.pool.read(key).seconds for key in sorted({row.key for row in rows}) if batch.pool.status(key) is not None)
    files, scenarios, seeds = kept_beside(design), tuple(design.bases.values()), tuple(design.said.seeds)
    return Facts(
        command, again, design.said.name, title, scenarios, files, _days(batch), seeds, design.said.scale, outcomes, intervals, len(rows),
        failed, seconds, layout_of(batch),
    )  # fmt: skip


def _days(batch: Batch) -> tuple[Days, ...]:
    """Find every length of run there is, the run-in apart."""
    found: dict[Days, None] = {}
    for variant in batch.variants:
        base = batch.design.bases[variant.scenario]
        known = {path: cell(path, value, base) for path, value in variant.settings if path.startswith("period.")}
        period = base.period
        run_in, days = known.get("period.run_in_days", period.run_in_days), known.get("period.days", period.days)
        found[Days(int(str(run_in).partition(".")[0]), int(str(days).partition(".")[0]))] = None
    return tuple(found)


def layout_of(batch: Batch) -> Layout:
    """Tell how an experiment is laid out."""
    design = batch.design
    assigned = tuple(_assigned(design))
    about = {".".join(path) for path in ABOUT_A_PLACE}
    paths = dict.fromkeys([*(one.path for one in assigned), *(setting.path for setting in design.drawn[0])])
    return Layout(
        design.said.design,
        design.number_of_points,
        len(design.drawn),
        (*_levers(design), *_listed_at(design), *_uncertain(design)),
        assigned,
        tuple(design.later()),
        tuple(path for path in paths if path in about),
    )


def _levers(design: Design) -> Iterator[Varied]:
    """Tell of each lever."""
    for lever in design.levers:
        if isinstance(lever, Span):
            yield _range(design, "levers", lever, "lever")
        else:
            values = [level.word or _written(level.settings[0]) for level in lever.levels]
            yield Varied(
                lever.name,
                lever_label(design, lever.name, "en"),
                "lever" if len(values) > 1 else "set",
                _listing(values),
                _sources(lever.levels),
            )


def _listed_at(design: Design) -> Iterator[Varied]:
    """Tell of the numbers that the points of a design of points set by themselves."""
    levels: dict[str, list[Level]] = {}
    for level in (level for point in design.points for level in point if level.word is None):
        levels.setdefault(level.lever, []).append(level)
    for path, some in levels.items():
        yield Varied(
            path,
            lever_label(design, path, "en"),
            "lever",
            _listing(dict.fromkeys(_written(level.settings[0]) for level in some)),
            _sources(some),
        )


def _uncertain(design: Design) -> Iterator[Varied]:
    """Tell of the numbers nobody sets."""
    spans = {span.name: span for span in design.uncertain}
    yield from (_range(design, "uncertainties", span, "uncertainty") for span in spans.values())
    for setting in design.drawn[0]:
        if setting.path not in spans:
            yield Varied(
                setting.path, lever_label(design, setting.path, "en"), "posterior", f"{len(design.drawn)} draws of a calibration", FITTED
            )


def _range(design: Design, block: str, span: Span, kind: str) -> Varied:
    """Tell of a range, its ends as the file writes them."""
    low, high = (design.source.value(block, span.name).content[end] for end in ("low", "high"))
    values = f"{written_value(low.content)} to {written_value(high.content)}"
    return Varied(span.name, lever_label(design, span.name, "en"), kind, values, low.source or ASSUMED)


def _listing(values: Iterable[str]) -> str:
    """List few values, of many the first and the last."""
    each = list(values)
    return ", ".join(each) if len(each) <= MOST_VALUES else f"{len(each)} values, {each[0]} to {each[-1]}"


def _sources(levels: Iterable[Level]) -> str:
    """Name what the values of a lever rest on."""
    return ", ".join(dict.fromkeys(str(setting.value.source) for level in levels for setting in level.settings)) or ABSENT


def _written(setting: Setting) -> str:
    """Write what is set, a table without its folder."""
    if setting.value.content is None:
        return OFF
    if tuple(setting.path.split(".")) in DATA_FIELDS:
        return table_called(setting.value.content)
    return written_value(setting.value.plain())


def _assigned(design: Design) -> Iterator[Assigned]:
    """Say what every level of every lever, and every uncertain number, sets in every scenario."""
    here = {name: said(base.tree) for name, base in design.bases.items()}
    for lever in design.levers:
        if isinstance(lever, Listed):
            for level in lever.levels:
                yield from _of_level(design, level, here)
    alone = {(level.lever, _written(level.settings[0])): level for point in design.points for level in point if level.word is None}
    for level in alone.values():
        yield from _of_level(design, level, here)
    spans = [_range(design, "levers", lever, "lever") for lever in design.levers if isinstance(lever, Span)]
    for one in (*spans, *_uncertain(design)):
        yield Assigned(one.name, "", one.name, one.values, tuple(f"{_now(words, one.name)} -> {one.values}" for words in here.values()))


def _of_level(design: Design, level: Level, here: Mapping[str, Mapping[str, str]]) -> Iterator[Assigned]:
    """Say what one level sets."""
    if not level.settings:
        yield Assigned(level.lever, level.word or "", "", "nothing", tuple("as it is" for _ in here))
    for setting in level.settings:
        told = tuple(f"{_now(here[name], setting.path)} -> {_becomes(setting, base)}" for name, base in design.bases.items())
        yield Assigned(level.lever, level.word or "", setting.path, _written(setting), told)


def _becomes(setting: Setting, base: Scenario) -> str:
    """Write what stands in a scenario once a level is set: of a relative value what it comes to."""
    faults: list[Fault] = []
    return _written(resolved(setting, base, faults))


def _now(words: Mapping[str, str], path: str) -> str:
    """Write what a scenario says at a path; of a block, that it is there."""
    block = any(dotted.startswith(f"{path}.") for dotted in words)
    return "in force" if block else words.get(path, ABSENT)
