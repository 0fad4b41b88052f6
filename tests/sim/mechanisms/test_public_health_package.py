"""The public-health package: neutral without its numbers, spares the chronically ill stays, and is paid to the fen."""

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from results.outcomes import measures
from sim import County, load
from sim.language.messages import UserError
from sim.mechanisms.public_health_package import PublicHealthPackage
from tests.sim.mechanisms.small_counties import lived, shared, without

NAME = "public_health_package"
SET = f"mechanisms.{NAME}."
SHARES = {"county": 0.1, "township": 0.5, "village": 0.4}


@pytest.fixture(scope="module")
def county() -> County:
    return lived("lujiang-2020", days=40)


def mechanism(county: County) -> PublicHealthPackage:
    found = next(one for one in county.mechanisms if one.name == NAME)
    assert isinstance(found, PublicHealthPackage)
    return found


def paid(county: County, by: int) -> dict[str, int]:
    """Add up what was paid for public health, by payee (1) or month (3)."""
    found: Counter[str] = Counter()
    for row, fen in county.ledger.transfers.items():
        if row[2] == "public_health":
            assert row[0] == "county_government" and type(fen) is int and fen > 0
            found[row[by]] += fen
    return dict(found)


def test_without_its_numbers_it_changes_nothing() -> None:
    nothing = lived("lujiang-2020", [f"{SET}per_head=0 yuan", f"{SET}averts=0 %"])
    assert measures(nothing) == measures(lived("lujiang-2020", without(NAME)))
    assert paid(nothing, 1) == {}


@pytest.mark.parametrize("rule", ["per_head=0 yuan", "averts=0 %", "managed_share=0 %"])
def test_each_number_at_zero_averts_nothing(rule: str) -> None:
    some, none = shared(lived("lujiang-2020", [f"{SET}{rule}"], days=10), lived("lujiang-2020", without(NAME), days=10))
    assert some == none


def test_only_stays_for_chronic_illness_of_people_living_here_are_averted(county: County) -> None:
    kept = mechanism(county).need(county)
    chronic = county.place.conditions.of_urgency("chronic")
    assert np.allclose(
        kept[1, 0][:, chronic],
        1 - 0.02 * 0.6 * np.average([group.alignment for group in county.groups], weights=[group.residents for group in county.groups]),
        rtol=0,
        atol=1e-15,
    )
    kept[1, 0][:, chronic] = 1.0
    assert np.all(kept == 1.0)


def test_more_is_averted_the_more_members_act_for_the_group() -> None:
    loose, tight = (
        lived("lujiang-2020", [f"groups.{group}.governance={word}" for group in ("people", "tcm")], days=1)
        for word in ("loose", "one_entity")
    )
    assert 0 < mechanism(loose).averted(loose) < mechanism(tight).averted(tight) <= 0.02 * 0.6


def test_averted_stays_are_not_needed() -> None:
    """The same luck thins the same calendar: nobody needs a stay who did not before."""
    often, seldom = (lived("lujiang-2020", [f"{SET}averts={share} %", f"{SET}managed_share=100 %"]) for share in (0, 90))
    assert seldom.need_tally[1, 0] < often.need_tally[1, 0]


def test_each_group_is_paid_by_head_of_those_living_in_its_towns(county: County) -> None:
    people, due = county.people, 0
    for group in county.groups:
        heads = int(((people.lives == 0) & np.isin(people.town, group.town_rows)).sum())
        whole = heads * 6900 * 40 // 365
        tiers = {tier: paid(county, 1)[f"{group.name}.{tier}"] for tier in SHARES}
        assert sum(tiers.values()) == whole
        assert all(abs(fen - whole * SHARES[tier]) <= 4 for tier, fen in tiers.items())  # a fen a payment and tier
        due += whole
    assert sum(paid(county, 1).values()) == due
    assert set(paid(county, 3)) == {"2020-01", "2020-02"}


def test_a_package_that_begins_within_a_month_is_paid_from_its_day() -> None:
    county = lived("lujiang-2020", [f"{SET}from=2020-01-11"], days=31)
    heads = mechanism(county).heads["people"]
    assert (
        sum(fen for payee, fen in paid(county, 1).items() if payee.startswith("people."))
        == heads * 6900 * 31 // 365 - heads * 6900 * 10 // 365
    )


def test_without_groups_the_money_goes_to_the_tiers_and_all_is_averted_that_can_be(tmp_path: Path) -> None:
    path = tmp_path / "alone.yaml"
    path.write_text(
        "name: alone\ntitle: {en: Alone, zh: 无集团}\nextends: lujiang-2018\nmechanisms:\n  public_health_package:\n    source: assumed\n"
        "    per_head: 55 yuan\n    split: {source: assumed, county: 10 %, township: 50 %, village: 40 %}\n"
        "    managed_share: 60 %\n    averts: 2 %\n",
        encoding="utf-8",
    )
    county = lived(path, days=5)
    assert {payee.split(".")[0] for payee in paid(county, 1)} == {"no_group"}
    assert sum(paid(county, 1).values()) == int((county.people.lives == 0).sum()) * 5500 * 5 // 365
    assert mechanism(county).averted(county) == 0.02 * 0.6


def test_shares_of_tiers_that_do_not_make_a_whole_are_refused() -> None:
    with pytest.raises(UserError, match="100 %"):
        load("lujiang-2020", [f"{SET}split.village=50 %"])
