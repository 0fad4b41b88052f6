"""Data tables are read strictly, every fault with its line."""

from pathlib import Path

import pytest

from sim.language.messages import UserError
from sim.scenario.tables import Department, Facility, Fraction, Row, Whole, read_table

FIRST = "low,high,share,source,confidence\n"
BANDS = f"{FIRST}0,14,0.2,census,high\n15,99,0.8,census,high\n"


class Band(Row):
    """The smallest of tables."""

    key = ("low",)
    low: Whole
    high: Whole
    share: Fraction


def table(tmp_path: Path, text: str) -> Path:
    """Write a table."""
    path = tmp_path / "bands.csv"
    path.write_text(text, encoding="utf-8")
    return path


def faults(path: Path) -> list[str]:
    """Give the lines with which a table is refused."""
    with pytest.raises(UserError) as caught:
        read_table(path, Band)
    return caught.value.text().splitlines()


def test_a_table_is_read_into_rows(tmp_path: Path) -> None:
    rows = read_table(table(tmp_path, BANDS), Band)
    assert [(row.low, row.high, row.share) for row in rows] == [(0, 14, 0.2), (15, 99, 0.8)]


def test_the_order_of_the_columns_does_not_matter(tmp_path: Path) -> None:
    path = table(tmp_path, "source,confidence,share,high,low\ncensus,high,1,99,0\n")
    assert read_table(path, Band)[0].high == 99


def test_all_faults_of_the_rows_are_told_with_line_and_column(tmp_path: Path) -> None:
    text = FIRST + "0,14,nan,census,high\n0,x,2,census,sure\n15,99,-0.1,,low\n15,20\n0,14,0.2,c,low\n0,14,0.2,c,low\n"
    assert faults(table(tmp_path, text)) == [
        "bands.csv:2: share: 'nan' is no number",
        "bands.csv:3: confidence: 'sure' is not one of high, medium, low",
        "bands.csv:3: high: 'x' is no number",
        "bands.csv:3: share: 2 must be at most 1",
        "bands.csv:4: source: '' is no text; put words in quotes",
        "bands.csv:4: share: -0.1 must be at least 0",
        "bands.csv:5: has 2 cells where the first line has 5",
        "bands.csv:7: '0' is there twice",
    ]


def test_the_first_line_must_name_the_columns(tmp_path: Path) -> None:
    text = BANDS.replace("share", "shares").replace("confidence", "source")
    assert sorted(faults(table(tmp_path, text))) == [
        "bands.csv:1: the column 'confidence' is missing",
        "bands.csv:1: the column 'share' is missing",
        "bands.csv:1: the column 'source' is there twice",
        "bands.csv:1: there is no column 'shares' in this table; did you mean 'share'?",
    ]


@pytest.mark.parametrize("text", ["", FIRST, BANDS + '"\n'])
def test_a_table_without_rows_or_broken_is_refused(tmp_path: Path, text: str) -> None:
    assert len(faults(table(tmp_path, text))) >= 1


def test_a_table_that_is_no_text_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "bands.csv"
    path.write_bytes(b"\x89PNG\xff")
    assert faults(path)
    assert faults(tmp_path / "none.csv")


def test_a_table_changed_on_disk_is_read_again(tmp_path: Path) -> None:
    path = table(tmp_path, BANDS)
    assert read_table(path, Band)[0].share == 0.2
    path.write_text(BANDS.replace("0.2", "0.3"), encoding="utf-8")
    assert read_table(path, Band)[0].share == 0.3


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
