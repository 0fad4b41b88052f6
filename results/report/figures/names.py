"""Call places and facilities by the names of the language chosen."""

from collections.abc import Mapping

from results.report.figures.columns import Row
from results.report.figures.picture import shortened
from results.store.run import Run
from sim.language.messages import say


def town_names(run: Run) -> dict[str, dict[str, str]]:
    """Name every town: key -> language -> name. The tables hold the Chinese name; in English the key is the name."""
    return {town.town: {"en": plain(town.town), "zh": town.town_zh} for town in run.scenario.tables.towns}


def plain(key: str) -> str:
    """Turn a key into a name: 'yefu_shan' is Yefu Shan."""
    return key.replace("_", " ").title()


def group_name(run: Run, key: str, lang: str) -> str:
    """Name a group by its title, or its key where it has none."""
    title = run.scenario.groups[key].title
    return plain(key) if title is None else str(getattr(title, lang))


def facility_name(row: Row, lang: str) -> str:
    """Give the full name of a facility."""
    return str(row[f"name_{lang}"])


def short_name(row: Row, towns: Mapping[str, Mapping[str, str]], lang: str) -> str:
    """Give a name that fits beside a bar: in English township centres go by their town; in Chinese everything is called as it is called."""
    if lang == "zh":
        return facility_name(row, lang)
    if row["tier"] == "township" and row["town"] in towns:
        return say("figures.township_of", lang, town=towns[row["town"]][lang])
    if "count" in row:  # many taken together: the number in brackets stays
        return facility_name(row, lang)
    return shortened(facility_name(row, lang))


def tier_name(tier: str, lang: str) -> str:
    """Name a tier."""
    return say(f"figures.tier.{tier}", lang)


def group_of(run: Run) -> dict[str, str]:
    """Say which group each facility belongs to: facility -> group; those of no group are left out."""
    table = run.tables["facilities"]
    return {name: group for name, group in zip(*(table[column].to_pylist() for column in ("facility", "group")), strict=True) if group}
