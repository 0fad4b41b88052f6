"""The tables of a run are declared column by column, and add up to the measures of the same name."""

import csv
import io

import numpy as np
import pytest

from results.measuring.dictionary import HEADER, dictionary, in_run_folders, tables
from results.outcomes import TABLES, measures
from results.tables import facilities
from sim import County
from tests.sim.county_worlds import lived


@pytest.fixture(scope="module")
def county() -> County:
    return lived(days=40)


def total(county: County, table: str, column: str) -> float:
    """Add up a column of a table."""
    made = next(one for one in TABLES if one.__name__ == table)(county)
    return float(np.sum(made.column(column).to_numpy(zero_copy_only=False)))


def test_every_column_is_declared_and_no_other(county: County) -> None:
    assert {table.__name__: table(county).column_names for table in TABLES} == {
        name: list(tables()[name]["columns"]) for name in in_run_folders()
    }


def test_the_dictionary_has_a_row_a_column_in_both_languages() -> None:
    rows = list(csv.DictReader(io.StringIO(dictionary().removeprefix("\ufeff"))))
    assert tuple(rows[0]) == HEADER
    assert len(rows) == sum(len(declared["columns"]) for declared in (tables()[name] for name in in_run_folders()))
    assert all(row["label_en"] and row["label_zh"] and row["unit"] for row in rows)


def test_tables_add_up_to_the_measures(county: County) -> None:
    found = measures(county)
    days = [f"visits_{tier}" for tier in ("village", "clinic", "township", "county", "municipal", "provincial")]
    assert sum(total(county, "daily", column) for column in days) == found["visits"] == total(county, "facilities", "visits")
    assert (
        total(county, "daily", "forgone_visits") == found["forgone_care_share__numerator"] == total(county, "residents", "visits_forgone")
    )
    assert (
        total(county, "daily", "forgone_admissions")
        == found["forgone_admission_share__numerator"]
        == total(county, "residents", "stays_forgone")
    )
    for direction in ("up", "down"):
        moved = found[f"referrals_{direction}"]
        assert total(county, "daily", f"referrals_{direction}") == moved > 0
        assert total(county, "facilities", f"sent_{direction}") == total(county, "facilities", f"received_{direction}") == moved
    assert total(county, "referrals", "count") == found["referrals_up"] + found["referrals_down"]
    place = facilities(county).to_pandas()
    township = place[place.tier == "township"]
    assert (township.admissions + township.received_down).sum() == found["township_admission_share_with_recovery__numerator"]
    assert township.admissions.sum() == found["township_admission_share__numerator"]
    assert total(county, "insured", "people") == found["insured"]
    assert total(county, "residents", "people") == found["residents"]


def test_who_comes_to_a_ward_has_gone_or_lies_there() -> None:
    county = lived(["period.run_in_days=0"], days=40)
    held = int(county.inpatients.in_beds.count[0])
    came = total(county, "facilities", "admissions") + total(county, "facilities", "received_down")
    assert came == total(county, "facilities", "discharges") + held
    assert total(county, "facilities", "admissions") == measures(county)["admissions"]
