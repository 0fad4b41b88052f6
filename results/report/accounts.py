"""The accounts of the hospital groups as a table: what was given, spent and where, what is left, and how far luck may move that."""

from collections.abc import Mapping, Sequence
from typing import Any

from results.measuring.accounts import COLUMNS
from results.measuring.definitions import ABSENT, FULL_YEAR, words, written_gap
from results.report.figures.columns import rows
from results.report.figures.names import group_name
from results.report.markup import LANGUAGES, both, section, table, tag, told
from results.report.units import shortened
from results.store.run import Run

OFF_THE_PAGE = ("group", "spent_sd_yuan", "overrun_chance", "worst_5_percent_balance_yuan")
"""What knows of luck alone, while assumptions move the balance by far more, is no figure to print."""
LINES = tuple(name for name, _ in COLUMNS if name not in OFF_THE_PAGE)
"""Columns of the table `accounts` that are shown, as lines."""


def accounts_section(run: Run) -> str:
    """Write the accounts of the groups, or that there are none."""
    title, found = told("report.accounts.title"), rows(run.tables["accounts"]) if "accounts" in run.tables else []
    if not found:
        return section("accounts", title, tag("p", both(told("report.accounts.none")), class_="lead"))
    lead = tag("p", both(told("report.accounts.lead")), class_="lead")
    names = [{lang: group_name(run, row["group"], lang) for lang in LANGUAGES} for row in found]
    lines = [(both(told(f"report.accounts.{line}")), *(cell(line, row) for row in found)) for line in LINES]
    whole = table(title, [told("report.accounts.line"), *names], lines, kind="accounts", figures=range(1, len(found) + 1))
    return section("accounts", title, lead + whole + bridge(run, found) + tag("p", both(told("report.accounts.risk")), class_="note"))


def bridge(run: Run, found: Sequence[Mapping[str, Any]]) -> str:
    """Lead from the groups' balances to that of the whole fund, per insured person; '' where the year or a balance is not whole."""
    balances, heads, fund = [row["balance_yuan"] for row in found], run.measures.get("insured"), run.measures.get("fund_balance_per_head")
    if None in balances or not heads or fund is None or run.scenario.period.days != FULL_YEAR:
        return ""
    groups = sum(balances) / heads
    parts = {"fund": fund, "groups": groups, "rest": fund - groups}
    said = {key: {lang: written_gap("fund_balance_per_head", value, lang) for lang in LANGUAGES} for key, value in parts.items()}
    return tag("p", both(told("report.accounts.bridge", **said)), class_="note")


def cell(line: str, row: Mapping[str, Any]) -> str:
    """Write one number of an account as HTML."""
    return both({lang: said(line, row[line], lang) for lang in LANGUAGES})


def said(line: str, value: float | None, lang: str) -> str:
    """Write one number of an account in words; what is not known is absent."""
    if value is None:
        return ABSENT
    return shortened(value, lang, words("units", "people" if line == "insured_heads" else "yuan", lang))
