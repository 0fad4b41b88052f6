"""What a run is said to have brought agrees with what was counted, paid and lived, to the fen."""

import io
from collections import Counter
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from numpy.typing import NDArray

from results.measuring.definitions import Value, definition, definitions, names
from results.outcomes import TABLES, books, daily, facilities, flows, measures
from results.tables import patient_days
from sim import County, load
from sim.money.ledger import Ledger
from sim.words import PAYERS, SCHEMES

DAYS, HALF = 40, 20
SETTINGS = [f"period.days={DAYS}", "period.start=2019-07-10"]
"""The packaged fund begins on the first of August: a dated rule that falls on the first of a month."""
PARTS = ("__numerator", "__denominator")
KINDS = {"visit": "visits", "admission": "admissions", "sent_down": "referrals_down"}


@dataclass
class Lived:
    """A small county that has lived its days, its measures, and the bed days used when half of them were gone."""

    county: County
    measures: dict[str, Value]
    half: NDArray[np.float64]

    def parts(self, name: str) -> tuple[Value, Value]:
        """Give numerator and denominator."""
        return self.measures[f"{name}__numerator"], self.measures[f"{name}__denominator"]


def live() -> Lived:
    county = County(load("lujiang-2020", SETTINGS), seed=1, scale=0.02)
    half = np.zeros(0)
    for day in county.days():
        if day.number + 1 == HALF:
            half = patient_days(county)
    return Lived(county, measures(county), half)


@pytest.fixture(scope="module")
def lived() -> Lived:
    return live()


def fen(table: pa.Table, column: str) -> NDArray[np.int64]:
    return np.rint(table[column].to_numpy() * 100).astype(np.int64)


def test_every_number_is_a_measure_of_the_table_or_a_part_of_one(lived: Lived) -> None:
    known = {*names(), *(name + part for name in names() for part in PARTS)}
    assert set(lived.measures) <= known
    assert all(value is None or type(value) in (int, float) for value in lived.measures.values())


def test_every_share_has_its_parts_and_is_their_quotient(lived: Lived) -> None:
    for name in lived.measures.keys() & definitions().keys():
        if definition(name).unit == "share":
            over, under = lived.parts(name)
            assert 0 <= over <= under, name
    ratios = [name for name in lived.measures if f"{name}__numerator" in lived.measures]
    for name in ratios:
        over, under = lived.parts(name)
        assert lived.measures[name] == (over / under if under else None), name


def test_what_has_no_mechanism_is_absent(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("tcm_visit_share", "satisfaction", "hypertension_managed_share", "township_income_ratio"):
        assert name not in lived.measures
    assert lived.measures["contract_share"] == pytest.approx(0.3834, abs=0.005)
    monkeypatch.setattr(lived.county, "mechanisms", [])
    monkeypatch.setattr(lived.county, "groups", [])
    without = measures(lived.county)
    gone = {name for name in lived.measures if name not in without}
    assert gone == {
        name for name in lived.measures if name.startswith(("contract_", "posted_")) or name.endswith(("_within_group", "_other_group"))
    }


def test_a_share_of_nothing_is_none(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lived.county.contracts, "ended", 0)
    monkeypatch.setattr(lived.county.clock, "today", 0)
    found = measures(lived.county)
    assert [found[name] for name in ("contract_renewal_share", "visits_per_resident", "bed_occupancy_county")] == [None] * 3


def test_the_five_bases_of_the_share_inside_lie_in_each_other(lived: Lived) -> None:
    share = "in_county_admission_share_"
    for part, whole in (
        ("insured_present", "insured"),
        ("insured", "insured_all"),
        ("insured_all", "registered"),
        ("resident", "registered"),
    ):
        small, large = lived.parts(share + part), lived.parts(share + whole)
        assert small[0] <= large[0], part
        assert small[1] <= large[1], part
    assert lived.parts(share + "insured_present")[1] < lived.parts(share + "insured")[1]
    assert lived.parts(share + "registered")[1] == lived.measures["admissions"]


def test_rates_are_scaled_to_a_year(lived: Lived) -> None:
    here = lived.county.outpatients.counts.visits[:3].sum()
    assert lived.measures["visits_per_resident"] == pytest.approx(here / lived.measures["residents"] * 365 / DAYS)
    assert "visits_per_resident__numerator" not in lived.measures
    people = lived.county.people
    spent = lived.county.books.paid[0].sum() / 100 / np.sum(people.insured_at == 0) * 365 / DAYS
    assert lived.measures["fund_spent_per_head"] == pytest.approx(spent)
    budget = 770 - 60  # financing less the premium, whatever packages say
    assert lived.measures["fund_spent_per_head"] + lived.measures["fund_balance_per_head"] == pytest.approx(budget)


def test_patients_funds_and_waivers_pay_the_whole_bill(lived: Lived) -> None:
    patients, whole = lived.parts("out_of_pocket_share")
    funds, _ = lived.parts("effective_reimbursement_share")
    waived = lived.county.books.paid[PAYERS.index("waiver")].sum() / 100
    assert patients + funds + waived == pytest.approx(whole, rel=1e-12)
    assert sum(lived.parts(f"effective_reimbursement_share_{s}")[0] for s in ("inpatient", "outpatient")) == pytest.approx(funds, rel=1e-12)


def test_referrals_fall_into_three_kinds(lived: Lived) -> None:
    for name in ("referrals_up", "referrals_down"):
        assert lived.measures[name] == sum(lived.measures[f"{name}_{kind}"] for kind in ("within_group", "other_group", "outside"))
    assert lived.measures["referrals_up_within_group"] > 0


def test_travel_is_that_of_everyone_living_here(lived: Lived) -> None:
    place, people = lived.county.place, lived.county.people
    townships = place.minutes[:, place.facilities.of_kind("township")].min(axis=1)
    minutes = [float(townships[v]) for v in people.village[people.lives == 0]]
    assert lived.measures["mean_travel_minutes"] == pytest.approx(sum(minutes) / len(minutes))
    assert lived.parts("within_15_minutes_share") == (sum(m <= 15 for m in minutes), len(minutes))


def test_every_emergency_admission_is_noted_with_its_home(lived: Lived) -> None:
    noted = lived.county.history.emergencies
    assert noted.sum(axis=0).tolist() == lived.county.inpatients.counts.admissions[:, :, 2].sum(axis=0).tolist()
    assert lived.parts("emergency_minutes")[1] == noted[:-1].sum() > 0


def test_bed_days_agree_with_the_census_at_midnight(lived: Lived) -> None:
    """A stay of x days sees x midnights, give or take less than one: half a day of spread a stay, and four such spreads of their sum."""
    inside = lived.county.place.facilities.in_county
    census = daily(lived.county)["in_beds"].to_numpy()
    stays = lived.county.inpatients.counts.discharges[inside].sum() + census[-1]
    for days, until in ((lived.half, HALF), (patient_days(lived.county), DAYS)):
        assert abs(days[inside].sum() - census[:until].sum()) < 4 * 0.5 * np.sqrt(stays)


def test_days_add_up_to_the_run(lived: Lived) -> None:
    table = daily(lived.county)
    assert table.schema.field("date").type == pa.date32()
    assert [str(table["date"][i]) for i in (0, DAYS - 1)] == ["2019-07-10", "2019-08-18"]
    sums = {name: sum(table[name].to_pylist()) for name in table.column_names if name != "date"}
    assert sum(sums[name] for name in sums if name.startswith("visits_")) == lived.measures["visits"]
    inside, insured = lived.parts("in_county_admission_share_insured")
    assert (sums["admissions_insured_in_county"], sums["admissions_insured"]) == (inside, insured)
    assert fen(table, "bills_yuan").sum() == lived.county.books.paid.sum()
    for name in ("referrals_up", "referrals_down"):
        assert sums[name] == lived.measures[name]


def test_facilities_add_up_to_the_county(lived: Lived) -> None:
    table = facilities(lived.county)
    assert table["facility"].to_pylist() == list(lived.county.place.facilities.names)
    for name in ("visits", "admissions"):
        assert sum(table[name].to_pylist()) == lived.measures[name]
    assert sum(fen(table, f"{payer}_yuan").sum() for payer in PAYERS) == lived.county.books.paid.sum()
    outside = [row for row in table.to_pylist() if row["place"] != "in_county"]
    assert outside
    assert all(row["beds"] is None and row["mean_wait_minutes"] is None and row["town"] is None for row in outside)


def test_flows_are_what_happened_and_add_up(lived: Lived) -> None:
    rows = flows(lived.county).to_pylist()
    assert all(row["count"] > 0 for row in rows)
    assert len({(row["town"], row["facility"], row["condition"], row["kind"]) for row in rows}) == len(rows)
    sums: Counter[str] = Counter()
    for row in rows:
        sums[row["kind"]] += row["count"]
    assert sums == {kind: lived.measures[name] for kind, name in KINDS.items()}


def test_books_hold_every_fen(lived: Lived) -> None:
    table = books(lived.county)
    amounts, kinds = fen(table, "yuan"), np.array(table["kind"].to_pylist())
    assert amounts.min() > 0
    for setting, kind in enumerate(("visit", "stay")):
        assert amounts[kinds == kind].sum() == lived.county.books.paid[:, setting].sum()
    assert amounts[~np.isin(kinds, ("visit", "stay"))].sum() == sum(lived.county.ledger.transfers.values()) > 0


def test_books_of_a_month_hold_the_days_of_the_month(lived: Lived) -> None:
    table, days = books(lived.county), daily(lived.county)
    bills = np.isin(table["kind"].to_pylist(), ("visit", "stay"))
    for month in ("2019-07", "2019-08"):
        of_month = bills & (np.array(table["month"].to_pylist()) == month)
        own_days = np.array([str(date).startswith(month) for date in days["date"]])
        assert fen(table, "yuan")[of_month].sum() == fen(days, "bills_yuan")[own_days].sum() > 0


def test_a_refund_is_a_row_the_other_way(lived: Lived, monkeypatch: pytest.MonkeyPatch) -> None:
    paid = np.zeros_like(lived.county.books.paid)
    paid[PAYERS.index("patient"), 0, 3] = -250
    monkeypatch.setattr(Ledger, "months", {"2019-07": paid})
    monkeypatch.setattr(lived.county.ledger, "transfers", {})
    clinic = lived.county.place.facilities.names[3]
    assert books(lived.county).to_pylist() == [{"payer": clinic, "payee": "patient", "kind": "visit", "month": "2019-07", "yuan": 2.5}]


@pytest.mark.slow
def test_equal_runs_give_equal_bytes(lived: Lived) -> None:
    again = live()
    assert again.measures == lived.measures
    for table in TABLES:
        one, two = io.BytesIO(), io.BytesIO()
        pq.write_table(table(lived.county), one)
        pq.write_table(table(again.county), two)
        assert one.getvalue() == two.getvalue()


def test_the_ceiling_stands_beside_the_share_and_leaves_out_what_no_facility_here_can_treat(lived: Lived) -> None:
    """Of the same admissions as the share; of people living elsewhere exactly those who came are in it."""
    county, found = lived.county, lived.measures
    for who in ("insured", "insured_all", "insured_present", "resident", "registered"):
        assert found[f"in_county_ceiling_{who}__denominator"] == found[f"in_county_admission_share_{who}__denominator"]
        ceiling = found[f"in_county_ceiling_{who}"]
        assert ceiling is not None and 0.8 < ceiling < 1.0
    admitted = county.inpatients.counts.admissions.sum(axis=2)
    elsewhere = len(SCHEMES)  # rows of those living here come first
    came = admitted[elsewhere:, county.place.facilities.in_county].sum(axis=1)
    assert came.sum() > 0
    assert county.history.within[elsewhere:].tolist() == came.tolist()
    assert (county.history.within[:elsewhere] <= admitted[:elsewhere].sum(axis=1)).all()
