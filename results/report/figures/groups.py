"""Groups: the accounts of the hospital groups beside one another, in sum and per head."""

from collections.abc import Mapping, Sequence
from typing import Any

from results.measuring.definitions import FULL_YEAR
from results.report.figures.accounts import OPEN, WHERE, Account, accounts
from results.report.figures.names import group_name
from results.report.figures.picture import (
    AMBER,
    GREY,
    SKY,
    Figure,
    Picture,
    Sentence,
    bars,
    hatched,
    heading,
    layout,
    name_axis,
    picture,
    sampled,
    value_axis,
)
from results.report.units import unit
from results.store.run import Run
from sim.language.messages import say

LOOKS = (hatched(SKY, ""), hatched(AMBER, "/"), hatched("#56A36C", "."), hatched("#9E5FB0", "-"))
REST = hatched(GREY, "x")
ROW = 30
"""Height of a bar, pixels."""


def groups(run: Run) -> list[Picture]:
    """Draw the accounts of the groups, if the scenario has any."""
    if not run.scenario.groups:
        return []
    found = accounts(run)
    names = {lang: {key: group_name(run, key, lang) for key in run.scenario.groups} for lang in ("en", "zh")}
    yearly = FULL_YEAR / max(len(run.tables["daily"]), 1)
    note = "figures.groups.by_people" if "claims" in run.tables else "figures.groups.by_members"
    return [picture("groups", lambda lang: draw(found, names[lang], yearly, lang), [Sentence(note), *sampled(run)])]


def lines(account: Account) -> dict[str, float]:
    """List the lines of an account: what was given, what was spent and where, what is left."""
    found = {} if account.budget is None else {"budget": account.budget}
    found |= {} if account.total is None else {"spent": account.total}
    found |= {where: account.spent[where] for where in WHERE if where in account.spent}
    return found if account.balance is None else found | {"balance": account.balance}


def draw(found: Sequence[Account], names: Mapping[str, str], yearly: float, lang: str) -> Figure:
    """Draw sums on the left and, where heads are known, yuan per head and year on the right."""
    listed = {account.group: lines(account) for account in found}
    order = [key for key in ("budget", "spent", *WHERE, "balance") if any(key in of for of in listed.values())]
    shown = {key: say(f"figures.groups.{key}", lang) for key in order}
    heads = {account.group: account.heads for account in found if account.heads}
    money = unit("yuan", [amount for of in listed.values() for amount in of.values()], lang)
    sums = {key: {line: amount / money.size for line, amount in of.items()} for key, of in listed.items()}
    each = {key: {line: amount * yearly / heads[key] for line, amount in of.items()} for key, of in listed.items() if key in heads}
    data = panel(sums, shown, names, "", money.decimals, lang)
    plain = layout(ROW * len(order) * len(found) + 140, barmode="group", showlegend=True, bargap=0.25, bargroupgap=0.06)
    plain["yaxis"] = name_axis(list(shown.values()))
    plain["xaxis"] = scale(sums, money.word, [0, 0.56 if each else 0.96])
    plain["annotations"] = [heading(say("figures.groups.sums", lang, unit=money.word), 0)]
    if each:
        data += [trace | {"showlegend": False} for trace in panel(each, shown, names, "2", 0, lang)]
        word = say("figures.groups.per_head_unit", lang)
        plain["xaxis2"] = scale(each, word, [0.64, 0.97])
        plain["annotations"].append(heading(say("figures.groups.per_head", lang, unit=word), 0.64))
    plain["legend"]["y"] = 1 + 28 / (ROW * len(order) * len(found))
    plain["margin"]["t"] = 72
    return {"data": data, "layout": plain}


def scale(amounts: Mapping[str, Mapping[str, float]], word: str, domain: list[float]) -> dict[str, Any]:
    """Give an axis with room for what is written beside the bars, on both sides."""
    every = [amount for of in amounts.values() for amount in of.values()]
    high, low = max([0.0, *every]), min([0.0, *every])
    width = high - low
    return value_axis(word, domain=domain, range=[round(low - 0.14 * width * (low < 0), 2), round(high + 0.16 * width, 2)])


def panel(
    amounts: Mapping[str, Mapping[str, float]], shown: Mapping[str, str], names: Mapping[str, str], axis: str, decimals: int, lang: str
) -> list[dict[str, Any]]:
    """Lay one trace of bars for each account."""
    traces = []
    for i, (key, of) in enumerate(amounts.items()):
        name = say("figures.groups.unattributed", lang) if key == OPEN else names[key]
        rounded = [round(of[line], decimals) for line in shown if line in of]
        labels = [label for line, label in shown.items() if line in of]
        written = [f"{amount:,.{decimals}f}" for amount in rounded]
        said = [f"{name}<br>{label.replace('<br>', '')}: {text}" for label, text in zip(labels, written, strict=True)]
        look = REST if key == OPEN else LOOKS[i % len(LOOKS)]
        traces.append(bars(labels, rounded, written, said, xaxis=f"x{axis}", name=name, legendgroup=key or "rest", marker=look))
    return traces
