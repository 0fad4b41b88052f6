"""Names of groups of people, as tables and pictures of comparisons call them."""

from results.telling.names import called
from sim.language.messages import say
from sim.scenario.scenario import Scenario


def group_names(base: Scenario, by: str, lang: str) -> dict[str, str]:
    """Name the groups of a kind: town, age or poor."""
    if by == "town":
        return {row.town: called(row.town, {row.town: row.town_zh}, lang) for row in base.tables.towns}
    if by == "age":
        return {age: say("compare.age", lang, age=age) for age in ("0-4", "5-14", "15-44", "45-64", "65+")}
    return {"true": say("compare.poor", lang), "false": say("compare.not_poor", lang)}
