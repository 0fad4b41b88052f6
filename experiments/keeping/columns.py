"""What the columns of an experiment's tables mean: label in both languages, unit, whom they count, and which direction is hoped for."""

from collections.abc import Iterator, Sequence

from experiments.design.experiment import Bundle
from experiments.design.variants import Design
from results.measuring import dictionary
from results.measuring.codes import Code, codes_of
from results.measuring.definitions import definitions, words
from results.telling.meaning import called_below
from sim.language.messages import say
from sim.scenario.varying import unit_of

PARTS = ("__numerator", "__denominator")
UNITS = {
    "share": "share 0..1",
    "points": "share 0..1",
    "money": "yuan",
    "time": "min",
    "stay": "d",
    "distance": "km",
    "number": "",
    "count": "",
}
"""Kind of quantity -> the model's own unit, in which a column of a lever is counted."""


def dictionary_of(design: Design, measures: Sequence[str]) -> str:
    """Write the dictionary of an experiment's folder as CSV.

    measures : those that the table of runs has
    """
    kept = dictionary.rows_of(design.said.keep)
    return dictionary.as_csv([*_fixed(), *_levers(design), *_measures(measures), *kept])


def codebook_of(design: Design) -> str:
    """Write what every coded word in the kept tables means as CSV; of several scenarios' places each is named once."""
    bases = design.bases.values()
    rows = dict.fromkeys(code for base in bases for code in codes_of(design.said.keep, base.tables))
    return dictionary.as_csv(rows, Code._fields)


def _fixed() -> Iterator[dictionary.Row]:
    """Tell of the columns every table of runs has."""
    for name in ("run", "scenario", "seed", "status", "error", "seconds", "made_by"):
        yield _row(name, say(f"column.{name}", "en"), say(f"column.{name}", "zh"), "s" if name == "seconds" else "")


def _levers(design: Design) -> Iterator[dictionary.Row]:
    """Tell of the columns of levers and uncertainties."""
    rules = next(iter(design.bases.values())).rules
    settable = next(iter(design.bases.values())).settable
    for name in design.columns:
        unit = unit_of(name, rules) if name in settable else None
        labels = [called_below(name, rules, lang) if name in settable else bundle_title(design, name, lang) for lang in ("en", "zh")]
        yield _row(name, *labels, UNITS[unit.name] if unit is not None else "")


def bundle_title(design: Design, name: str, lang: str) -> str:
    """Call a lever that bundles settings by its title, or by its name."""
    bundle = design.said.levers.get(name)
    return (bundle.called(None, lang) if isinstance(bundle, Bundle) else None) or name


def _measures(measures: Sequence[str]) -> Iterator[dictionary.Row]:
    """Tell of the columns of measures, and of what they are quotients of."""
    known = definitions()
    for name in measures:
        whole = next((name.removesuffix(part) for part in PARTS if name.endswith(part)), name)
        meant = known.get(whole)
        if meant is None:
            yield _row(name, name, name, "")
        elif whole == name:
            unit = "share 0..1" if meant.in_percent else words("units", meant.unit, "en")
            yield _row(name, meant.title["en"], meant.title["zh"], unit, meant.good)
        else:
            part = (meant.numerator if name.endswith(PARTS[0]) else meant.denominator) or {"en": "", "zh": ""}
            yield _row(name, f"{meant.title['en']}: {part['en']}", f"{meant.title['zh']}：{part['zh']}", "")


def _row(column: str, english: str, chinese: str, unit: str, good: str = "none") -> dictionary.Row:
    """Make one row of the table of runs."""
    return dictionary.Row("runs", say("column.rows", "en"), say("column.rows", "zh"), column, english, chinese, unit, "", "", good)
