"""Fund: what visits and stays are billed, and who pays it, down to nothing left over."""

from typing import Any, NamedTuple

from results.measuring.definitions import with_unit
from results.report.figures.columns import summed
from results.report.figures.picture import (
    AMBER,
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PINK,
    SKY,
    Figure,
    Picture,
    layout,
    name_axis,
    picture,
    sampled,
    value_axis,
)
from results.report.units import Unit, unit
from results.store.run import Run
from sim.language.messages import say
from sim.words import PAYERS

COLOURS = {
    "residents_fund": GREEN,
    "critical_illness": "#66C2A5",
    "medical_relief": SKY,
    "waiver": AMBER,
    "employees_fund": BLUE,
    "elsewhere_fund": PINK,
    "patient": ORANGE,
}
SETTINGS = ("visit", "stay")


class Step(NamedTuple):
    """One step of the waterfall, yuan."""

    key: str
    start: float
    end: float
    visit: float
    stay: float

    @property
    def amount(self) -> float:
        """Say how large the step is."""
        return abs(self.end - self.start)


def fund(run: Run) -> list[Picture]:
    """Draw who pays the bills."""
    found = steps(run)
    return [picture("fund", lambda lang: draw(found, lang), sampled(run))] if found else []


def steps(run: Run) -> list[Step]:
    """Follow the bills from nothing up to all of them, and down again payer by payer to nothing; in whole fen, so that it closes."""
    paid = {key: round(yuan * 100) for key, yuan in summed(run.tables["books"], ("payer", "kind"), "yuan").items()}
    bills = [sum(paid.get((payer, setting), 0) for payer in PAYERS) for setting in SETTINGS]
    level = sum(bills)
    if not level:
        return []
    found = [Step("visits", 0, bills[0] / 100, bills[0] / 100, 0), Step("stays", bills[0] / 100, level / 100, 0, bills[1] / 100)]
    found.append(Step("bills", 0, level / 100, bills[0] / 100, bills[1] / 100))
    for payer in (payer for payer in COLOURS if payer in PAYERS):
        visit, stay = (paid.get((payer, setting), 0) for setting in SETTINGS)
        if visit + stay:
            found.append(Step(payer, level / 100, (level - visit - stay) / 100, visit / 100, stay / 100))
            level -= visit + stay
    return found


def draw(found: list[Step], lang: str) -> Figure:
    """Draw the steps as hanging bars, joined by thin lines."""
    money = unit("yuan", [step.end for step in found], lang)
    whole = found[2].amount
    names = [say(f"figures.fund.{step.key}", lang) for step in found]
    bar = {
        "type": "bar",
        "x": names,
        "base": [exact(min(step.start, step.end), money) for step in found],
        "y": [exact(step.amount, money) for step in found],
        "text": [f"{money.bare(step.amount)}<br>{with_unit(f'{step.amount / whole * 100:.1f}', '%', lang)}" for step in found],
        "textposition": "outside",
        "cliponaxis": False,
        "constraintext": "none",
        "textangle": 0,
        "marker": {"color": [COLOURS.get(step.key, GREY) for step in found]},
        "hovertext": [hover(step, name, money, lang) for step, name in zip(found, names, strict=True)],
        "hoverinfo": "text",
    }
    plain = layout(430, shapes=joints(found, money), margin={"l": 8, "r": 16, "t": 24, "b": 40}, bargap=0.32)
    plain["xaxis"] = name_axis(names, autorange=True, tickangle=0)
    plain["yaxis"] = value_axis(say("figures.axis.in", lang, unit=money.word), range=[0, exact(whole * 1.13, money)])
    return {"data": [bar], "layout": plain}


def exact(yuan: float, money: Unit) -> float:
    """Count money in a unit without losing a fen."""
    return round(yuan / money.size, 8)


def hover(step: Step, name: str, money: Unit, lang: str) -> str:
    """Say what a step is, and how much of it is for visits and for stays."""
    parts = {"amount": money.written(step.amount), "visit": money.written(step.visit), "stay": money.written(step.stay)}
    return say("figures.fund.hover", lang, name=name.replace("<br>", ""), yuan=f"{step.amount:,.0f}", **parts)


def joints(found: list[Step], money: Unit) -> list[dict[str, Any]]:
    """Join the end of each bar to the next."""
    drawn = []
    for i, step in enumerate(found[:-1]):
        y = exact(step.end, money)
        drawn.append({"type": "line", "x0": i + 0.34, "x1": i + 0.66, "y0": y, "y1": y, "line": {"color": GREY, "width": 1}})
    return drawn
