"""A row that is shown is the row by which patients choose, at the prices by which they pay."""

import numpy as np
import pytest

from results.telling.names import condition_name, condition_names
from results.telling.offers import Offer, Patient, condition_called, row, totals, village_called
from sim.county import County
from sim.language.messages import UserError
from sim.loading import load
from tests.sim.offer_sheets import offered


@pytest.fixture(scope="module")
def county() -> County:
    """Found a small county before its first day."""
    return County(load("lujiang-2020"), seed=1, scale=0.02)


@pytest.fixture(scope="module")
def bare() -> County:
    """Found a small county without mechanisms, as the sheets of `offer_sheets` are."""
    plan = load("lujiang-2018", ["mechanisms.family_doctor.coverage=0 %", "mechanisms.family_doctor.appeal=0"])
    return County(plan, seed=1, scale=0.02)


def by_facility(offers: tuple[Offer, ...]) -> dict[str | None, Offer]:
    return {offer.facility: offer for offer in offers}


@pytest.mark.parametrize("setting", ["visit", "stay"])
def test_the_shares_are_those_of_the_sheet(setting: str, bare: County) -> None:
    sheet, v = offered("lujiang-2018"), bare.place.villages.index("tongda_03")
    number = ("visit", "stay").index(setting)
    expected = sheet.row(number, sheet.kind(number, "diabetes"), v)
    shown = by_facility(row(bare, "tongda_03", Patient(setting, "diabetes")))
    assert sum(offer.share for offer in shown.values()) == pytest.approx(1.0)
    here = [(f, share) for f, share in zip(bare.place.option[v], expected, strict=False) if f >= 0 and bare.place.facilities.in_county[f]]
    assert len(here) > 8
    for f, share in here:  # against no care: the waits outside, which the plain sheet leaves out, do not touch this ratio
        given = shown.get(bare.place.facilities.names[f])
        assert (given.share if given else 0.0) / shown[None].share == pytest.approx(share / expected[-1], rel=1e-4)


def test_a_row_begins_near_home_and_ends_with_no_formal_care(county: County) -> None:
    shown = row(county, "tongda_03", Patient("visit", "diabetes"))
    assert np.array([offer.share for offer in shown]).min() > 0
    assert (shown[0].tier, shown[-1].facility) == ("village", None)
    assert shown[0].minutes < 15


def test_a_contract_draws_to_the_own_clinic_and_township(county: County) -> None:
    without, signed = (totals(row(county, "tongda_03", Patient("visit", "hypertension", contracted=yes))) for yes in (False, True))
    share = [{total.tier: total.share for total in one} for one in (without, signed)]
    assert share[1]["village"] > share[0]["village"]
    assert share[1]["county"] < share[0]["county"]


def test_a_referral_lowers_what_a_stay_outside_the_county_costs_the_patient(county: County) -> None:
    free, referred = (by_facility(row(county, "tongda_03", Patient("stay", "pneumonia", referred=yes))) for yes in (False, True))
    outside = free["hefei_provincial"]
    assert outside.pays_referred < outside.pays < outside.bill
    assert referred["hefei_provincial"].pays == pytest.approx(outside.pays_referred)
    assert referred["hefei_provincial"].share > outside.share


def test_the_payment_follows_the_schedule(county: County) -> None:
    offer = by_facility(row(county, "tongda_03", Patient("stay", "pneumonia")))["lujiang_people"]
    scope = offer.bill * county.plan.prices.scope.grade_2
    assert offer.pays == pytest.approx(offer.bill - (scope - 500) * 0.80, abs=0.01)


def test_an_emergency_goes_to_one_hospital(county: County) -> None:
    (offer,) = row(county, "tongda_03", Patient("stay", "acute_stroke"))
    assert offer.share == 1.0
    assert offer.able > 0.5


def test_who_is_insured_elsewhere_pays_more_in_the_county(county: County) -> None:
    here, away = (by_facility(row(county, "tongda_03", Patient("stay", "pneumonia", scheme))) for scheme in ("here_residents", "elsewhere"))
    assert away["lujiang_people"].pays > here["lujiang_people"].pays


def test_totals_add_up_a_row_by_tier(county: County) -> None:
    shown = row(county, "tongda_03", Patient("visit", "skin"))
    told = {total.tier: total for total in totals(shown)}
    inside = [offer for offer in shown if offer.tier == "county"]
    assert told["county"].share == pytest.approx(sum(offer.share for offer in inside))
    assert min(offer.pays for offer in inside) <= told["county"].pays <= max(offer.pays for offer in inside)


@pytest.mark.parametrize(("word", "key"), [("tongda_03", "tongda_03"), ("同大03村", "tongda_03")])
def test_a_village_is_found_by_key_or_name(word: str, key: str, county: County) -> None:
    assert village_called(county, word) == key


@pytest.mark.parametrize("word", ["tongda", "Tongda", "同大", "同大镇"])
def test_a_town_stands_for_its_largest_village(word: str, county: County) -> None:
    rows = [village for village in county.tables.villages if village.town == "tongda"]
    assert village_called(county, word) == max(rows, key=lambda village: village.weight).village


@pytest.mark.parametrize("word", ["hypertension", "高血压"])
def test_a_condition_is_found_by_key_or_name(word: str, county: County) -> None:
    assert condition_called(county, word) == "hypertension"


def test_unknown_words_are_answered_with_the_nearest(county: County) -> None:
    with pytest.raises(UserError, match="did you mean 'tongda'"):
        village_called(county, "tonda")
    with pytest.raises(UserError, match="did you mean 'hypertension'"):
        condition_called(county, "hypertention")


def test_every_condition_of_the_case_mix_has_a_name_and_no_other_has(county: County) -> None:
    assert set(condition_names()) == set(county.place.conditions.names)
    assert condition_name("yellow_fever", "zh") == "yellow_fever"
