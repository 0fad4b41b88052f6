"""Words of the pages of experiments: values with their intervals, names of levers, points and scenarios, in both languages."""

from collections.abc import Callable

from experiments.comparing.intervals import Estimate
from experiments.design.experiment import Bundle
from experiments.design.levers import Cell
from experiments.design.variants import Design, Variant
from experiments.keeping.columns import bundle_title
from results.measuring.definitions import ABSENT, definition, with_unit, written
from results.measuring.definitions import words as table_words
from results.report.markup import LANGUAGES
from results.telling.meaning import called_below, label
from sim.reading.units import COUNT, NUMBER
from sim.scenario.varying import unit_of


def each(say: Callable[[str], str]) -> dict[str, str]:
    """Say something in every language."""
    return {lang: say(lang) for lang in LANGUAGES}


def with_half(name: str, found: Estimate, lang: str) -> str:
    """Write a mean with half its interval: '86.4 % ±0.1'."""
    if found.mean is None or found.half is None:
        return written(name, found.mean, lang)
    meant = definition(name)
    factor, decimals = (100, meant.decimals + 1) if meant.in_percent else (1, meant.decimals)
    return f"{written(name, found.mean, lang)} ±{found.half * factor:,.{decimals}f}"


def axis_of(name: str, lang: str) -> str:
    """Write the unit of an axis."""
    meant = definition(name)
    return table_words("units", meant.unit, lang)


def factor_of(name: str) -> float:
    """Say by what a value is multiplied on an axis: shares are in percent."""
    return 100.0 if definition(name).in_percent else 1.0


def lever_name(design: Design, name: str, lang: str) -> str:
    """Call a lever: by what the scenario calls it, a bundle by its title or its name."""
    base = next(iter(design.bases.values()))
    if name not in base.settable:
        return bundle_title(design, name, lang)
    return called_below(name, base.rules, lang) if lang == "zh" else name


def lever_label(design: Design, name: str, lang: str) -> str:
    """Call a lever in a few words."""
    base = next(iter(design.bases.values()))
    return label(name, base.rules, lang) if name in base.settable else lever_name(design, name, lang)


def _titled(design: Design, name: str, word: str, lang: str) -> str:
    """Call one setting of a bundle by its title, or by its name."""
    bundle = design.said.levers.get(name)
    return (bundle.called(word, lang) if isinstance(bundle, Bundle) else None) or word


def cell_words(design: Design, name: str, cell: Cell, lang: str) -> str:
    """Write what a lever is set to."""
    if cell is None:
        return ABSENT
    base = next(iter(design.bases.values()))
    unit = unit_of(name, base.rules) if name in base.settable else None
    if isinstance(cell, bool | str) or unit is None:
        return str(cell).lower() if isinstance(cell, bool) else _titled(design, name, str(cell), lang)
    if unit in (NUMBER, COUNT):
        return f"{cell:g}"
    from sim.reading.units import unit_in

    word = unit_in(unit.word, lang)
    return with_unit(f"{cell / unit.words[unit.word]:.4g}", word, lang)


def point_words(design: Design, variant: Variant, lang: str) -> str:
    """Name a variant by what its levers are set to, and by its scenario where there are several."""
    told = [
        f"{lever_label(design, name, lang)} {cell_words(design, name, cell, lang)}"
        for name, cell in zip(design.columns, variant.cells, strict=True)
    ]
    several = [variant.scenario] if len(design.bases) > 1 or not told else []
    return " · ".join([*several, *told])
