"""The accounts in the report are those of the table, in both languages, and a county without groups says so."""

import re
from dataclasses import replace

from results.measuring.definitions import ABSENT
from results.report.accounts import LINES, accounts_section, said
from results.report.figures.accounts import accounts, balances
from results.report.figures.columns import rows
from sim.language.messages import say
from tests.results.report.pages import parsed, small_page
from tests.results.report.small_runs import small_run, without


def test_every_line_of_every_group_stands_in_the_page_in_both_languages() -> None:
    run = small_run()
    found = rows(run.tables["accounts"])
    assert len(found) == len(run.scenario.groups) == 2
    shown = parsed(small_page()).one("section", id="accounts").one("table").all("tr")[1:]
    for lang in ("en", "zh"):
        for line, row in zip(LINES, shown, strict=True):
            assert row.one("th").text(lang) == say(f"report.accounts.{line}", lang)
            assert [cell.text(lang) for cell in row.all("td")] == [said(line, of[line], lang) for of in found]


def test_the_page_says_how_long_a_year_of_account_is() -> None:
    lead = parsed(small_page()).one("section", id="accounts").one("p", class_="lead")
    assert "A year of account has 365 days" in lead.text("en")
    assert "核算年度按365天计" in lead.text("zh")


def test_numbers_are_written_as_people_read_them() -> None:
    assert said("insured_heads", 123.0, "en") == "123 people"
    assert said("balance_yuan", -12_345_678.9, "zh") == "-1,235万元"
    assert said("budget_yuan", None, "zh") == ABSENT


def test_without_groups_the_report_says_so() -> None:
    run = small_run()
    none = replace(run, tables=run.tables | {"accounts": run.tables["accounts"].slice(0, 0)})
    text = accounts_section(none)
    assert say("report.accounts.none", "en") in text and not re.search("<table", text)
    assert accounts_section(without(run, "accounts")) == text


def test_the_picture_shows_the_balances_of_the_table() -> None:
    run = small_run()
    table = {row["group"]: row for row in rows(run.tables["accounts"])}
    assert balances(run) == {key: row["balance_yuan"] for key, row in table.items()}
    for account in accounts(run):
        assert account.budget == table[account.group]["budget_yuan"]
        assert account.total == table[account.group]["spent_yuan"]
        assert account.spent["own"] == table[account.group]["own_yuan"]
