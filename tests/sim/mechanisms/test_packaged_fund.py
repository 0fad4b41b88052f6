"""The packaged fund: neutral in a loose alliance, retaining in a tight one, and settled to the fen."""

import math
from typing import Any

import numpy as np
import pytest

from sim import County
from sim.words import TIERS
from tests.sim.mechanisms.small_counties import lived, shared, without

SET = "mechanisms.packaged_fund."
MONEY = ("fund_balance_per_head",)
"""The fund's income is the package where there is one."""


@pytest.fixture(scope="module")
def county() -> County:
    return lived("lujiang-2020")


def test_a_loose_alliance_changes_nothing_but_the_accounts() -> None:
    loose, none = shared(lived("lujiang-2020", [f"{SET}alignment=0"]), lived("lujiang-2020", without("packaged_fund")), *MONEY)
    assert len(loose) > 50
    assert loose == none


def test_a_package_of_nothing_is_all_overrun() -> None:
    county = lived("lujiang-2020", [f"{SET}package_share=0 %"], days=5)
    assert all(group.budget == 0 for group in county.groups)
    assert {row[2] for row in county.transfers.rows} - {"posting_reward"} == {"overrun"}


def test_packages_are_by_head_and_cover_all_insured_of_the_groups_towns(county: County) -> None:
    year = county.plan.period.days / 365
    assert sum(group.insured_heads for group in county.groups) == int((county.people.insured_at == 0).sum())
    for group in county.groups:
        assert group.package_per_head == pytest.approx(668.80)
        assert abs(group.budget - 66_880 * year * group.insured_heads) <= group.insured_heads / 2


def settled(county: County) -> dict[str, int]:
    """Add up what each group was paid, less what it paid."""
    total = {group.name: 0 for group in county.groups}
    for (payer, payee, kind, _), fen in county.transfers.rows.items():
        if kind not in ("surplus", "overrun"):
            continue
        name, sign = (payee, 1) if payer == "residents_fund" else (payer, -1)
        total[name.split(".")[0]] += sign * fen
    return total


@pytest.mark.parametrize("share", [20, 95, 100])
def test_the_settlement_closes(share: int) -> None:
    county = lived("lujiang-2020", [f"{SET}package_share={share} %", f"{SET}overrun_shared=50 %"], days=10)
    for group in county.groups:
        balance = group.budget - group.spent
        wanted = balance if balance >= 0 else -(-balance // 2)
        assert settled(county)[group.name] == wanted
        assert group.spent > 0


def test_what_is_spent_is_what_the_fund_paid_for_the_groups_people(county: County) -> None:
    assert sum(group.spent for group in county.groups) == int(county.books.paid[0].sum())


def test_a_tight_group_under_strain_keeps_cases_and_sends_fewer_up() -> None:
    loose, tight = (lived("lujiang-2020", [f"{SET}alignment={much}", f"{SET}keep=80 %", f"{SET}package_share=10 %"]) for much in (0, 1))
    hospital = loose.place.facilities.in_county & (loose.place.facilities.tier == TIERS.index("county"))
    member = hospital & np.logical_or.reduce([group.members for group in loose.groups])
    assert np.all(tight.market.practice.up[member] < loose.market.practice.up[member])
    assert np.array_equal(tight.market.practice.up[~member], loose.market.practice.up[~member])
    beyond = [int(one.inpatients.counts.beyond[one.place.facilities.in_county].sum()) for one in (loose, tight)]
    assert beyond[1] - beyond[0] > -5 * math.sqrt(sum(beyond))
    ups = [int(one.inpatients.counts.up[member].sum()) for one in (loose, tight)]
    assert ups[1] < ups[0]


def test_a_tight_group_offers_more_patients_to_recover_further_down() -> None:
    """The highest offer counts, so the rise is seen where no referral rules offer more."""
    own = (f"{SET}keep=0 %", *without("referral_rules"))
    offers = [lived("lujiang-2020", [f"{SET}alignment={much}", *own], days=1).market.practice.down_offer for much in (0, 0.5, 1)]
    assert np.all(offers[0] <= offers[1])
    assert np.all(offers[1] <= offers[2])
    assert offers[2].max() > offers[1].max() > offers[0].max() > 0.0


def test_strain_follows_the_account(county: County) -> None:
    money = "insurance.financing.per_head=1500 yuan"
    rich, poor = (lived("lujiang-2020", [money, f"{SET}package_share={share} %"], days=62) for share in (100, 10))
    assert all(one.strain > other.strain for one, other in zip(poor.groups, rich.groups, strict=True))
    assert all(group.strain == 1.0 for group in poor.groups)


def test_money_between_institutions_is_whole_fen_and_never_negative(county: County) -> None:
    amounts: list[Any] = list(county.transfers.rows.values())
    assert amounts
    assert all(type(fen) is int and fen > 0 for fen in amounts)
