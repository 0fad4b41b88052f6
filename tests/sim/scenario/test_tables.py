"""The rows of a scenario's data tables."""

from pathlib import Path

import pytest

from sim.language.messages import UserError
from sim.reading.tables import read_table
from sim.scenario.tables import Department, Facility


def test_negative_beds_are_refused_and_lists_are_split(tmp_path: Path) -> None:
    header = ",".join(Facility.model_fields)
    path = tmp_path / "facilities.csv"
    path.write_text(f"{header}\ns,low,a,A,甲,township,township,grade_1,in_county,public,t,t,5,-3,50,2,31,117\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"facilities\.csv:2: beds: -3 is no whole number of 0 or more"):
        read_table(path, Facility)
    path = tmp_path / "departments.csv"
    path.write_text(
        "kind,department,ward,doctor_share,bed_share,groups,source,confidence\ntownship,general,true,1,1,urti; lrti,s,low\n",
        encoding="utf-8",
    )
    (row,) = read_table(path, Department)
    assert row.groups == ("urti", "lrti")
    assert row.ward
