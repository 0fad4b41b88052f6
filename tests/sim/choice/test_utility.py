"""The offer sheet: prices as promised, shares that sum to one, and responses with the right sign."""

import csv
import itertools
from pathlib import Path
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from sim import County, living, load
from sim.answers import NOTHING, Array, Price, Terms
from sim.choice import utility
from sim.choice.utility import own_payment, tariff
from sim.mechanisms.base import Mechanism, Rules
from sim.money.paying import SPECIAL, deductible_of, pay_stay
from sim.words import APPEALS, NESTS, PLACES, STAY, TIERS, VISIT
from tests.sim.county_worlds import lived
from tests.sim.offer_sheets import Offers, offered

PLAIN = tuple(f"choice.nests.{nest}=1" for nest in ("village", "township", "clinic", "county", "tertiary"))
VILLAGE = 5
CLOSE = 2e-6
"""Weights are float32: a few of its steps."""


@pytest.fixture(scope="module")
def base() -> Offers:
    return offered()


def test_the_shares_of_every_row_sum_to_one_and_are_not_negative(base: Offers) -> None:
    villages = (0, VILLAGE, len(base.place.villages) - 1)
    for kind in base.kinds:
        setting = kind // (len(base.kinds) // 2)
        for village in villages:
            row = base.row(setting, kind, village)
            assert row.min() >= 0.0
            assert row.sum() == pytest.approx(1.0, abs=1e-12)


def test_no_formal_care_is_an_option_of_every_row(base: Offers) -> None:
    assert base.sheet.pull[:, -2].min() > 0.0
    assert np.all(base.sheet.pull[:, -1] == 0.0)


@pytest.mark.parametrize("setting", [VISIT, STAY])
def test_own_payment_falls_as_the_fund_share_rises(base: Offers, setting: int) -> None:
    paid = []
    for more in (-0.1, 0.0, 0.05, 0.3, 1.0):
        raised = np.full((1,) * 6, more)
        shares = (raised, NOTHING) if setting == VISIT else (NOTHING, raised)
        table = tariff(base.plan, base.place, base.place.facilities.grade, Terms(fund_share=shares))
        paid.append(own_payment(table, base.place))
    assert all(np.all(after[setting] <= before[setting] + 1e-9) for before, after in itertools.pairwise(paid))
    assert all(np.array_equal(after[1 - setting], before[1 - setting]) for before, after in itertools.pairwise(paid))
    counted = paid[0][setting][:, :, :, :1] if setting == VISIT else paid[0][setting]  # a spent ceiling pays nothing, whatever the share
    lowest = paid[-1][setting][:, :, :, :1] if setting == VISIT else paid[-1][setting]
    assert (lowest < counted - 1.0).mean() > 0.9


def test_nobody_is_promised_more_than_the_bill(base: Offers) -> None:
    terms = Terms(waived=(np.full((1,) * 6, 1e5), np.full((1,) * 6, 1e6)))
    table = tariff(base.plan, base.place, base.place.facilities.grade, terms)
    for own in own_payment(table, base.place):
        assert own.min() == own.max() == 0.0


def test_fund_shares_stay_between_nothing_and_all() -> None:
    base = offered("lujiang-2018")
    for more in (-3.0, 3.0):
        raised = np.full((1,) * 6, more)
        table = tariff(base.plan, base.place, base.place.facilities.grade, Terms(fund_share=(raised, raised)))
        visits, stays = np.split(table.fund_share[:, :-1], 2)
        unspent, spent = np.moveaxis(visits.reshape(32, 3, 2, 2, 2, -1), 3, 0)
        assert set(np.unique(unspent)) == set(np.unique(stays)) == {max(0.0, min(more, 1.0))}
        assert spent.max() == 0.0


def test_nothing_takes_a_share_below_its_floor(base: Offers) -> None:
    """And a floor above the share itself raises nothing."""
    taken = np.full((1,) * 6, -3.0)
    terms = Terms(fund_share=(taken, taken))
    stays = np.split(tariff(base.plan, base.place, base.place.facilities.grade, terms).fund_share[:, :-1], 2)[1]
    outside = base.place.facilities.place == PLACES.index("outside")
    residents = stays.reshape(32, 3, 2, 2, 2, -1)[:, 0][..., base.place.facilities.beds > 0]
    least = np.where(outside, 0.40, 0.45)[base.place.facilities.beds > 0]
    assert np.allclose(residents, least)
    low = offered(settings=("insurance.residents.inpatient.grade_2.in_county.fund_share=20 %",))
    row = low.place.facilities.row("lujiang_tcm")
    assert low.tariff.fund_share[low.kind(STAY, "lrti"), row] == pytest.approx(0.20)


BILLS = 2_000
"""Bills of one stay, evenly spread over their distribution."""


def own_part(base: Offers, bill: int, kind: int, facility: int) -> int:
    """Let the till split a bill (fen) of residents without critical-illness insurance: what is left to the patient."""
    table, never = base.tariff, np.full_like(base.tariff.threshold, 1 << 50)
    waived = min(round(100 * float(table.waived[kind, facility])), bill)
    fixed, most = round(100 * float(table.deductible[kind, facility])), table.deductible_most[0, facility]
    first = deductible_of(bill - waived, fixed, table.deductible_share[kind, facility], most)
    share, scope, no_end = table.fund_share[kind, facility], table.scope[facility], 1 << 50
    bands = table.band_from, table.band_share
    return int(pay_stay(bill, scope, share, first, waived, 0, no_end, 0, 0, table.relief, never, *bands, 0)[4])


@pytest.mark.parametrize("name", ["tongda_township", "lujiang_tcm", "hefei_provincial", "elsewhere_hospital"])
@pytest.mark.parametrize("referred", [0, 1])
def test_the_offer_of_a_stay_is_what_its_mean_bill_leaves_to_the_patient(base: Offers, name: str, referred: int) -> None:
    """To the fen of the mean bill, and within 5 % of the mean over all bills, which deductibles and their ends bend."""
    facility = base.place.facilities.row(name)
    kind, group = base.kind(STAY, "pneumonia", referred=referred), base.place.conditions.names.index("pneumonia")
    shown = own_payment(base.tariff, base.place)[STAY][group, 0, 0, 0, referred, facility]
    mean, spread = base.tariff.stay_bill[group, referred, facility], base.tariff.stay_sd
    assert own_part(base, round(100 * mean), kind, facility) == pytest.approx(100 * shown, abs=2)  # two roundings
    quantiles = [NormalDist().inv_cdf((i + 0.5) / BILLS) for i in range(BILLS)]
    paid = [own_part(base, round(100 * mean * np.exp(spread * q - spread**2 / 2)), kind, facility) for q in quantiles]
    assert np.mean(paid) == pytest.approx(100 * shown, rel=0.05)


def test_special_chronic_visits_are_promised_what_stays_are(base: Offers) -> None:
    visits, stays = (half.reshape(32, 3, 2, 2, 2, -1) for half in np.split(base.tariff.fund_share[:, :-1], 2))
    special = np.isin(base.place.conditions.names, base.plan.insurance.residents.special_chronic)
    assert np.array_equal(base.tariff.purse[0] == SPECIAL, special)
    assert np.array_equal(visits[special, 0, :, 0], stays[special, 0, :, 0])
    assert np.all(visits[special, 0, :, 1] == 0)
    assert not base.tariff.deductible[: len(base.kinds) // 2].reshape(32, 3, -1)[special, 0].any()


def test_a_wider_gap_moves_stays_into_the_county(base: Offers) -> None:
    wide = offered(settings=("insurance.unreferred_cut=30 pp",))
    outside = base.place.facilities.place != PLACES.index("in_county")
    kind = base.kind(STAY, "lrti")
    assert wide.share(STAY, kind, VILLAGE, outside) < base.share(STAY, kind, VILLAGE, outside)


def quality(word: str) -> list[float]:
    """Give rising qualities of one kind of option, the scenario's own among them."""
    return sorted({0.05, 0.3, 0.5, 0.7, 0.85, 1.0, getattr(load("lujiang-2020").choice.quality, word)})


@pytest.mark.parametrize("word", APPEALS[:-1])
def test_better_quality_at_an_option_never_lowers_its_share(word: str) -> None:
    """The gate that says how much price counts is one number a row; a gate for each option would reward poor quality."""
    sheets = [offered(settings=(f"choice.quality.{word}={value}",)) for value in quality(word)]
    mine = sheets[0].place.facilities.appeal == APPEALS.index(word)
    for setting in (VISIT, STAY):
        for condition in sheets[0].place.conditions.names:
            kind = sheets[0].kind(setting, condition)
            shares = [sheet.share(setting, kind, VILLAGE, mine) for sheet in sheets]
            assert np.all(np.diff(shares) >= -CLOSE), (condition, shares)


def test_price_counts_more_where_primary_care_is_nearly_as_good() -> None:
    """A dearer county hospital loses more where the township centre is good."""
    lost = []
    for value in (0.3, 0.5):
        near = (f"choice.quality.township={value}",)
        before, after = offered(settings=near), offered(settings=(*near, "prices.visit.county=444 yuan"))
        county = before.place.facilities.tier == TIERS.index("county")
        kind = before.kind(VISIT, "lrti")
        old, new = before.share(VISIT, kind, VILLAGE, county), after.share(VISIT, kind, VILLAGE, county)
        lost.append(np.log(old / (1 - old)) - np.log(new / (1 - new)))
    assert 0.0 < lost[0] < lost[1]


def split_table(folder: Path, name: str) -> Path:
    """Write the facilities with one of them as two halves at the same place."""
    with load("lujiang-2020").places.facilities.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    whole = next(row for row in rows if row["facility"] == name)
    half = {**whole, **{column: str(int(whole[column]) // 2) for column in ("doctors", "beds")}}
    rows = [row for row in rows if row is not whole] + [{**half, "facility": f"{name}_east"}, {**half, "facility": f"{name}_west"}]
    path = folder / "facilities.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(whole))
        writer.writeheader()
        writer.writerows(rows)
    return path


def test_two_halves_of_a_hospital_draw_what_the_whole_drew(tmp_path: Path, base: Offers) -> None:
    """Waits are held: nobody has waited yet. Without size in the nest two halves would draw more than the whole."""
    name = "lujiang_maternal"
    halves = offered(settings=(f"places.facilities={split_table(tmp_path, name)}",))
    whole = np.array(base.place.facilities.names) == name
    pair = np.char.startswith(np.array(halves.place.facilities.names), f"{name}_")
    assert (int(whole.sum()), int(pair.sum())) == (1, 2)
    drawn = []
    for setting, condition in ((VISIT, "gynaecology"), (VISIT, "lrti"), (STAY, "obstetrics"), (STAY, "lrti")):
        kind = base.kind(setting, condition)
        for village in (0, VILLAGE, 100):
            drawn.append(base.share(setting, kind, village, whole))
            assert halves.share(setting, kind, village, pair) == pytest.approx(drawn[-1], rel=1e-4)
    assert max(drawn) > 0.01


class Subsidy(Mechanism[Rules]):
    """A fee of a hundred yuan that one facility does not ask for."""

    name, Rules = "subsidy", Rules
    at = "lujiang_tcm"

    def price(self, county: County) -> Price:
        """Waive it at one place."""
        here: Array = 100.0 * (np.arange(len(county.place.facilities.names)) == county.place.facilities.row(self.at))
        return Price(waived=(here[None, None, None, None, None, :], NOTHING))


def first_choices(*mechanisms: Mechanism[Any]) -> tuple[County, NDArray[np.int64]]:
    """Let a small county under a plain logit choose on the morning of its first day."""
    county = County(load("lujiang-2018", ["period.days=1", *PLAIN]), seed=1, scale=0.1)
    county.mechanisms += mechanisms
    county._refresh()
    county._open()
    here, clinics, wards, _ = county.kept
    living.morning(county.today, here, clinics, wards)
    count = int(county.outpatients.cases.count[0])
    return county, county.outpatients.cases.facility[:count].astype(np.int64)


def test_a_subsidy_at_one_facility_moves_people_only_to_it() -> None:
    (county, before), (_, after) = first_choices(), first_choices(Subsidy(Rules(source="assumed")))
    moved = before != after
    assert moved.sum() > 20
    assert np.all(after[moved] == county.place.facilities.row(Subsidy.at))


def test_skill_never_takes_ability_away_and_nobody_treats_at_no_place(base: Offers) -> None:
    taught = offered(skill=np.full((1, 1, 1), 0.3))
    assert np.all(taught.able >= base.able)
    assert np.all(taught.able[:, :-2].min(initial=1.0, where=taught.able[:, :-2] > 0.0) >= 0.3 - 1e-7)
    assert not taught.able[:, -2:].any()


def test_emergencies_are_taken_to_public_hospitals_and_migrants_to_theirs(base: Offers) -> None:
    house, taken = base.place.facilities, base.sheet.emergency[:, :, base.place.conditions.of_urgency("emergent")]
    assert np.all(house.public[taken])
    assert np.all(house.tier[taken] >= TIERS.index("county"))
    assert {house.names[f] for f in np.unique(taken[:, -1])} == {"elsewhere_hospital"}


def test_waits_at_stations_weigh_on_every_leaf_as_the_plain_twin_has_it() -> None:
    """Where nobody serves a group its leaf is nothing, whatever the wait."""
    county = lived(days=10, scale=0.01)
    plan, place, standing = county.plan, county.place, county.market._standing
    spread = np.array([getattr(plan.choice.nests, NESTS[nest]) for nest in place.facilities.nest])
    dislike = (utility._taste(plan, place, "wait_hour")[VISIT] / 60.0, utility._taste(plan, place, "wait_day")[STAY])
    wanted = standing.reshape(2, len(place.conditions.names), -1, standing.shape[1]).copy()
    for setting, waits in enumerate(county.expected_waits()):
        factor = np.exp(-dislike[setting][:, None] * waits / spread).astype(np.float32)
        wanted[setting, :, :, :-2] *= factor[:, None, :]
    assert (county.outpatients.expected > 0).any()
    assert not np.array_equal(wanted.reshape(standing.shape), standing)
    assert np.array_equal(county.market.sheet.pull, wanted.reshape(standing.shape))
