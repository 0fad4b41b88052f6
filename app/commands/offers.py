"""`tiercare offers`: one row of the offer sheet, as a planner can be shown it."""

import argparse
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from app.asking import scenario_called
from app.commands.command import Command
from app.parser import Parser, only, part, whole
from sim.language.messages import nearest, refuse, say
from sim.words import SCHEMES, SETTINGS

if TYPE_CHECKING:
    from rich.table import Table

    from results.telling.offers import Offer, Patient, Total
    from sim.county import County

SMALL = "0.05"
"""Share of the people simulated where nothing is lived: the offers of the first day are the same at any scale."""

LEAST = 0.005
"""Share below which a whole percent would read as nothing."""


def options(parser: Parser) -> None:
    """Add what `offers` takes."""
    lang = parser.lang
    parser.takes("scenario", "SCENARIO", say("cli.run.scenario", lang))
    parser.option("--village", "V", say("cli.offers.village", lang))
    parser.option("--condition", "C", say("cli.offers.condition", lang))
    parser.option("--setting", "visit|stay", say("cli.offers.setting", lang))
    parser.option("--scheme", "S", say("cli.offers.scheme", lang))
    parser.switch("--contract", say("cli.offers.contract", lang))
    parser.switch("--referred", say("cli.offers.referred", lang))
    parser.option("--after", "DAYS", say("cli.offers.after", lang))
    parser.option("--scale", "F", say("cli.offers.scale", lang))
    parser.option("--seed", "N", say("cli.run.seed", lang))
    parser.repeated("--set", "a.b.c=VALUE", say("cli.run.set", lang))


def act(given: argparse.Namespace, lang: str) -> int:
    """Show one row."""
    name = only(given.scenario, "SCENARIO", "tiercare offers")
    for option, value in (("--village V", given.village), ("--condition C", given.condition)):
        if value is None:
            raise refuse("cli.wants_option", "tiercare offers", option=option)
    days = whole(given.after, "--after", 0, 0)
    scale = part(given.scale or (None if days else SMALL), "--scale")
    setting, scheme = one_of(given.setting, "--setting", SETTINGS), one_of(given.scheme, "--scheme", SCHEMES)
    county = founded(name, given.set, whole(given.seed, "--seed", 0, 1), scale, days)
    from results.telling.offers import Patient, condition_called, row, village_called

    village = village_called(county, given.village)
    patient = Patient(setting, condition_called(county, given.condition, lang), scheme, given.contract, given.referred)
    live(county, days, lang)
    offers = row(county, village, patient)
    if given.json:
        from results.store.plain import as_json

        sys.stdout.write(as_json(as_plain(county, village, patient, offers)))
    else:
        print_page(county, village, patient, offers, lang)
    return 0


def one_of(word: str | None, option: str, known: Sequence[str]) -> str:
    """Take one of some words, the first where the option was not given; raises UserError with the nearest."""
    if word is not None and word not in known:
        raise refuse("cli.not_one_of", option, value=word, known=", ".join(known), near=nearest(word, known))
    return word or known[0]


def founded(name: str, settings: Sequence[str], seed: int, scale: float, days: int) -> "County":
    """Assemble the county; raises UserError where it has fewer days than are to be lived."""
    scenario = scenario_called(name, tuple(settings))
    most = scenario.period.run_in_days + scenario.period.days - 1
    if days > most:
        raise refuse("offers.too_long", "--after", value=days, most=most)
    from sim.county import County

    return County(scenario, seed=seed, scale=scale)


def live(county: "County", days: int, lang: str) -> None:
    """Live some days and show how far it is."""
    from app.screen.progress import watcher

    if days:
        with watcher(lang) as shown:
            shown.phase(say("offers.living", lang), days)
            for lived, _ in enumerate(county.days(), 1):
                shown.at(lived)
                if lived == days:
                    break


def as_plain(county: "County", village: str, patient: "Patient", offers: Sequence["Offer"]) -> dict[str, Any]:
    """Give the row as plain values."""
    from results.telling.offers import totals

    return {
        "scenario": county.plan.name,
        "date": county.date.isoformat(),
        "village": village,
        **patient._asdict(),
        "offers": [offer._asdict() for offer in offers],
        "totals": [total._asdict() for total in totals(offers)],
    }


def print_page(county: "County", village: str, patient: "Patient", offers: Sequence["Offer"], lang: str) -> None:
    """Print who is asked, the options as a table, and where such patients go in one sentence."""
    from app.screen.screen import console
    from results.telling.names import condition_name, village_name
    from results.telling.offers import totals

    page, whole = console(), county.plan
    named = {"village": village_name(county, village, lang), "condition": condition_name(patient.condition, lang)}
    setting = say(f"offers.{patient.setting}", lang)
    page.print(
        say("offers.heading", lang, title=whole.title.say(lang), setting=setting, date=county.date, **named), style="bold", markup=False
    )
    page.print(who(patient, lang))
    page.print(table(offers, patient, lang))
    page.print(sentence(totals(offers), lang))
    if county.market.sheet.emergent[county.place.conditions.names.index(patient.condition)]:
        page.print(say("offers.emergency", lang), style="dim")
    if county.today == -whole.period.run_in_days:
        page.print(say("offers.at_start", lang), style="dim")
    page.print(say("offers.meant", lang), style="dim")


def who(patient: "Patient", lang: str) -> str:
    """Say who is asked."""
    contract = say("offers.contracted" if patient.contracted else "offers.not_contracted", lang)
    referred = say("offers.referred" if patient.referred else "offers.not_referred", lang)
    return say("offers.who", lang, scheme=say(f"offers.{patient.scheme}", lang), contract=contract, referred=referred)


def table(offers: Iterable["Offer"], patient: "Patient", lang: str) -> "Table":
    """Lay out the options: where, way, wait, what it can treat, bill, payment, payment with a referral, share."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    laid = Table(box=SIMPLE_HEAD, pad_edge=False)
    laid.add_column(say("offers.column.where", lang))
    for key in ("minutes", "wait", "able", "bill", "pays", "pays_referred", "share"):
        laid.add_column(say(f"offers.column.{key}", lang), justify="right")
    wait = ("offers.minutes", ".0f") if patient.setting == "visit" else ("offers.days", ".1f")
    for offer in offers:
        if offer.facility is None:
            laid.add_row(say("offers.none", lang), *[""] * 6, f"{100 * offer.share:.1f} %")
            continue
        yuan = (say("offers.yuan", lang, count=f"{amount:,.0f}") for amount in (offer.bill, offer.pays, offer.pays_referred))
        expected = say(wait[0], lang, count=format(offer.wait, wait[1]))
        able, way = f"{100 * offer.able:.0f} %", say("offers.minutes", lang, count=f"{offer.minutes:.0f}")
        laid.add_row(offer.name[lang], way, expected, able, *yuan, f"{100 * offer.share:.1f} %")
    return laid


def sentence(totals: Iterable["Total"], lang: str) -> str:
    """Say in one sentence how many go where, and what they pay there."""
    told = []
    for total in totals:
        words = {"share": f"{100 * total.share:.0f}" if total.share >= LEAST else "<1", "tier": say(f"offers.tier.{total.tier}", lang)}
        pays = say("offers.yuan", lang, count=f"{total.pays:,.0f}")
        told.append(say("offers.total_none", lang, **words) if total.tier == "none" else say("offers.total", lang, **words, pays=pays))
    return say("offers.sum", lang, totals=say("offers.comma", lang).join(told))


COMMAND = Command("offers", "cli.offers", "cli.offers.examples", options, act)
