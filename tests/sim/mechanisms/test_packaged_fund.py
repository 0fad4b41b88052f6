"""The packaged fund: neutral where members act for themselves, retaining where for the group, settled period by period to the fen."""

import datetime
import math
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim import County, load
from sim.institutions.facilities import CountyHospital
from sim.language.messages import UserError
from sim.words import TIERS
from tests.sim.mechanisms.small_counties import lived, shared, without

SET = "mechanisms.packaged_fund."
ALIGNED = "governance.three_unchanged="
RICH = (f"{SET}package_share=100 %", "insurance.financing.per_head=1500 yuan")
"""So much is given that there is a surplus."""


@pytest.fixture(scope="module")
def county() -> County:
    return lived("lujiang-2020")


def test_where_members_act_for_themselves_nothing_changes_but_the_accounts() -> None:
    alone = [f"{ALIGNED}0", *without("public_health_package")]  # prevention follows the alignment too
    loose, none = shared(lived("lujiang-2020", alone), lived("lujiang-2020", [*alone, *without("packaged_fund")]))
    assert len(loose) > 50
    assert loose == none


def test_without_keeping_sending_saving_and_a_desk_nothing_changes_but_the_accounts() -> None:
    nothing = [f"{SET}{rule}=0 %" for rule in ("keep", "send_down", "thrift", "desk", "capability_gain")]
    silent, none = shared(lived("lujiang-2020", nothing), lived("lujiang-2020", [*nothing, *without("packaged_fund")]))
    assert silent == none


def test_the_desk_of_each_group_is_as_strict_as_its_governance() -> None:
    county = lived("lujiang-2020", ["groups.tcm.governance=loose"], days=1)
    people, tcm = [np.isin(county.place.village_town, group.town_rows) for group in county.groups]
    assert np.all(county.market.practice.strict[people] == 0.75)
    assert np.all(county.market.practice.strict[tcm] == 0.1)
    assert county.market.practice.strict[-1] == 0.0


def test_in_a_loose_alliance_less_is_kept_than_under_one_legal_entity() -> None:
    held = []
    for governance in ("loose", "one_entity"):
        county = lived("lujiang-2020", [f"groups.people.governance={governance}", f"{SET}keep=80 %"], days=1)
        held.append(county.market.practice.up[county.groups[0].lead_row])
    assert np.all(held[1] < held[0])


def test_a_package_of_nothing_is_all_overrun() -> None:
    county = lived("lujiang-2020", [f"{SET}package_share=0 %"], days=5)
    assert all(group.budget == 0 for group in county.groups)
    assert {row[2] for row in county.ledger.transfers} - {"posting_reward", "contract_fee"} == {
        "financing",
        "premium",
        "public_health",
        "overrun",
    }


def test_packages_are_by_head_and_cover_all_insured_of_the_groups_towns(county: County) -> None:
    year = county.plan.period.days / 365
    assert sum(group.insured_heads for group in county.groups) == int((county.people.insured_at == 0).sum())
    for group in county.groups:
        assert group.package_per_head == pytest.approx(668.80)
        assert abs(group.budget - 66_880 * year * group.insured_heads) <= group.insured_heads / 2


def settled(county: County) -> dict[str, int]:
    """Add up what each group was paid by the fund, less what it paid back."""
    total = {group.name: 0 for group in county.groups}
    for (payer, payee, kind, _), fen in county.ledger.transfers.items():
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
    thrifty = (f"{SET}keep=80 %", f"{SET}package_share=10 %", f"{SET}thrift=0 %")
    loose, tight = (lived("lujiang-2020", [f"{ALIGNED}{much}", *thrifty]) for much in (0, 1))
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
    made = [lived("lujiang-2020", [f"{ALIGNED}{much}", *own], days=1) for much in (0, 0.5, 1)]
    offers = [[county.market.practice.down_offer[group.lead_row].max() for group in county.groups] for county in made]
    assert np.all(np.diff(offers, axis=0) > 0)
    assert np.min(offers) > 0.0


def test_strain_follows_the_account(county: County) -> None:
    money = "insurance.financing.per_head=1500 yuan"
    rich, poor = (lived("lujiang-2020", [money, f"{SET}package_share={share} %"], days=62) for share in (100, 10))
    assert all(one.strain > other.strain for one, other in zip(poor.groups, rich.groups, strict=True))
    assert all(group.strain == 1.0 for group in poor.groups)


def test_money_between_institutions_is_whole_fen_and_never_negative(county: County) -> None:
    amounts: list[Any] = list(county.ledger.transfers.values())
    assert amounts
    assert all(type(fen) is int and fen > 0 for fen in amounts)


# periods


def test_two_years_are_settled_twice_each_for_its_own_days() -> None:
    county = lived("lujiang-2020", ["period.days=730", "period.run_in_days=7"])
    per_head = [round(66_880 * (days / 365)) for days in (366, 364)]
    months = sorted({month for _, _, kind, month in county.ledger.transfers if kind in ("overrun", "surplus")})
    assert months == ["2020-12", "2021-12"]
    for group in county.groups:
        assert [one.period for one in group.settled] == [range(366), range(366, 730)]
        assert [one.budget for one in group.settled] == [fen * group.insured_heads for fen in per_head]
        assert sum(one.spent for one in group.settled) == int(county.books.claims[group.town_rows].sum())
        assert (group.budget, group.spent) == group.settled[-1][1:]
        balances = [one.budget - one.spent for one in group.settled]
        assert settled(county)[group.name] == sum(fen if fen >= 0 else -(-fen // 2) for fen in balances)


def test_a_run_that_ends_with_the_year_is_settled_once() -> None:
    county = lived("lujiang-2020", ["period.start=2020-12-22"], days=10)
    assert county.date == datetime.date(2021, 1, 1)
    assert [one.period for one in county.groups[0].settled] == [range(10)]


def test_a_package_that_lapses_is_settled_for_its_days_and_no_more() -> None:
    county = lived("lujiang-2020", ["period.start=2020-12-22", f"{SET}from=2020-12-25", f"{SET}until=2021-01-04"], days=20)
    for group in county.groups:
        assert [one.period for one in group.settled] == [range(3, 10), range(10, 13)]
        assert [one.budget for one in group.settled] == [round(66_880 * (days / 365)) * group.insured_heads for days in (7, 3)]
        assert sum(one.spent for one in group.settled) < int(county.books.claims[group.town_rows].sum())


def test_a_package_that_lapses_with_the_year_is_settled_once() -> None:
    county = lived("lujiang-2020", ["period.start=2020-12-22", f"{SET}until=2021-01-01"], days=20)
    assert [one.period for one in county.groups[0].settled] == [range(10)]


def test_rules_that_change_inside_the_year_settle_what_was_under_the_old_ones(tmp_path: Path) -> None:
    text = "name: changed\nextends: lujiang-2020\n"
    text += f"changes: [{{source: assumed, from: 2020-01-05, set: {{{SET}package_share: 50 %}}}}]\n"
    path = tmp_path / "changed.yaml"
    path.write_text(text, encoding="utf-8")
    county = lived(path, days=10)
    for group in county.groups:
        heads = group.insured_heads
        assert [one.budget for one in group.settled] == [round(66_880 * (4 / 365)) * heads, round(35_200 * (6 / 365)) * heads]


def test_a_new_year_brings_the_package_of_its_own_financing(tmp_path: Path) -> None:
    """840 after 770 yuan a head: 95 % of 840 less a tenth of 70 less 60."""
    text = "name: dearer\nextends: lujiang-2020\nperiod: {start: 2020-12-22}\nchanges:\n- {source: assumed, from: 2021-01-01, set: "
    text += "{insurance.financing.per_head: 840 yuan, insurance.financing.previous: 770 yuan}}\n"
    path = tmp_path / "dearer.yaml"
    path.write_text(text, encoding="utf-8")
    group = lived(path, days=20).groups[0]
    assert [one.budget for one in group.settled] == [round(fen * (10 / 365)) * group.insured_heads for fen in (66_880, 73_435)]
    assert group.package_per_head == pytest.approx(734.35)


def test_where_there_are_no_groups_a_package_pays_nobody(tmp_path: Path) -> None:
    path = tmp_path / "alone.yaml"
    path.write_text("name: alone\nextends: lujiang-2020\ngroups: null\n", encoding="utf-8")
    assert not {row for row in lived(path, days=5).ledger.transfers if row[2] in ("surplus", "overrun", "pay", "capability", "relief")}


# division


@pytest.mark.parametrize("share", [1, 50, 100])
def test_services_move_budgets_from_group_to_group_and_lose_no_fen(county: County, share: int) -> None:
    moved = lived("lujiang-2020", [f"{SET}volume_share={share} %", f"{ALIGNED}0"])
    by_head = lived("lujiang-2020", [f"{ALIGNED}0"])
    assert sum(group.budget for group in moved.groups) == sum(group.budget for group in by_head.groups)
    assert [group.budget for group in moved.groups] != [group.budget for group in by_head.groups]


def test_what_is_kept_is_divided_and_used_whole() -> None:
    county = lived("lujiang-2020", [*RICH, f"{SET}appraised=70 %"])
    rows = county.ledger.transfers
    for group in county.groups:
        kept = sum(fen for (_, payee, kind, _), fen in rows.items() if kind == "surplus" and payee.startswith(f"{group.name}."))
        used = sum(fen for (payer, _, kind, _), fen in rows.items() if payer.startswith(f"{group.name}.") and kind != "overrun")
        assert kept == used == group.budget - group.spent > 0
        assert group.invested == sum(fen for (_, payee, _, _), fen in rows.items() if payee == f"{group.name}.capability")


@pytest.mark.parametrize("field", ["split", "use"])
def test_shares_that_do_not_make_a_whole_are_refused(field: str) -> None:
    parts = {"split": "county", "use": "pay"}
    with pytest.raises(UserError, match=rf"packaged_fund\.{field}: the shares \(.*\) sum to 70 %; they must sum to 100 %"):
        load("lujiang-2020", [f"{SET}{field}.{parts[field]}=30 %"])


# capability


def test_a_surplus_put_into_capability_lets_townships_treat_more_from_the_next_year_on() -> None:
    new_year = ("period.start=2020-12-12", f"{SET}use.pay=0 %", f"{SET}use.ability=100 %", f"{SET}use.relief=0 %")
    able = {}
    for gain in (0, 20):
        for days in (20, 21):
            county = lived("lujiang-2020", [*RICH, *new_year, f"{SET}capability_gain={gain} %"], days=days)
            assert all(group.invested > 0 for group in county.groups)
            able[gain, days] = county.market.able[1, :-2]
    township = county.place.facilities.tier == TIERS.index("township")
    common = county.place.conditions.level[1] == 2
    assert np.array_equal(able[20, 20], able[0, 20])
    gained = able[20, 21] - able[0, 21]
    assert np.all(gained[np.ix_(township & county.place.facilities.in_county, common)] > 0)
    assert np.all(gained[~township] == 0)
    assert np.all(gained[:, ~common] == 0)


def test_without_a_surplus_nothing_is_put_into_capability() -> None:
    county = lived("lujiang-2020", [f"{SET}package_share=10 %"])
    assert all(group.invested == 0 for group in county.groups)
    assert not {kind for _, _, kind, _ in county.ledger.transfers} & {"surplus", "pay", "capability", "relief"}


# thrift


def test_thrift_takes_its_share_off_the_bills_of_the_groups_hospitals_alone() -> None:
    plain, thrifty = (
        lived("lujiang-2020", [f"{SET}thrift={share} %", f"{ALIGNED}1", f"{SET}package_share=10 %"], days=1) for share in (0, 10)
    )
    ratio = thrifty.market.tariff.stay_bill / plain.market.tariff.stay_bill
    leads = [group.lead_row for group in thrifty.groups]
    assert np.allclose(ratio[:, :, leads], [1.0 - 0.1 * thrifty.facilities[lead].saves for lead in leads])  # type: ignore[attr-defined]
    assert all(thrifty.facilities[lead].saves > 0 for lead in leads)  # type: ignore[attr-defined]
    assert np.all(np.delete(ratio, leads, axis=2) == 1.0)
    assert np.array_equal(thrifty.market.tariff.visit_bill, plain.market.tariff.visit_bill)


def test_patients_who_feel_thrift_leave_for_other_hospitals() -> None:
    """Both counties save alike; in one the patients mind. Tolerance: two independent counts of the leads' admissions."""
    save = (f"{SET}thrift=20 %", f"{ALIGNED}1", f"{SET}package_share=10 %")
    admitted = []
    for felt in (0, 1):
        county = lived("lujiang-2020", [*save, f"{SET}thrift_felt={felt}"], days=60)
        leads = [group.lead_row for group in county.groups]
        admitted.append(int(county.inpatients.counts.admissions[:, leads].sum()))
    assert admitted[0] - admitted[1] > 3 * math.sqrt(sum(admitted))


# what hospitals decide


def test_a_hospital_decides_between_its_own_income_and_the_groups_balance(county: County) -> None:
    for group in county.groups:
        lead: Any = county.facilities[group.lead_row]
        assert lead.releases == group.alignment == 0.75
        assert lead.retains == lead.saves == 0.75 * group.strain
        assert lead.courts == pytest.approx(0.25 * min(lead.idle / 0.3, 1.0))
    alone = [one for one in county.facilities if isinstance(one, CountyHospital) and one.group is None]
    assert alone
    assert {(one.courts, one.retains, one.saves, one.releases) for one in alone} == {(0.0, 0.0, 0.0, 0.0)}
