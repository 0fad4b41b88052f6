"""Names of groups of people, as tables and pictures of comparisons call them."""

from results.report.figures.people import AGES
from results.telling.names import called
from sim.language.messages import say
from sim.people.equity import WAYS
from sim.scenario.scenario import Scenario


def group_names(base: Scenario, by: str, lang: str) -> dict[str, str]:
    """Name the groups of a kind: town, minutes_to_county_hospital, age, long_term_ill or poor."""
    if by == "town":
        return {row.town: called(row.town, {row.town: row.town_zh}, lang) for row in base.tables.towns}
    if by == "age":
        return {age: say("compare.age", lang, age=age) for age in AGES}
    if by == "minutes_to_county_hospital":
        return {way: say("compare.way", lang, way=way) for way in WAYS}
    yes, no = {"poor": ("poor", "not_poor"), "long_term_ill": ("ill", "not_ill")}[by]
    return {"true": say(f"compare.{yes}", lang), "false": say(f"compare.{no}", lang)}
