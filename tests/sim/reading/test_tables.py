"""Tables are read strictly, every fault with its line."""

from pathlib import Path

import pytest
from pydantic import ConfigDict, Field

from sim.language.messages import UserError
from sim.reading.tables import Row, read_table
from sim.scenario.tables import Fraction, Whole
from sim.scenario.tables import Row as DataRow

FIRST = "low,high,share,source,confidence\n"
BANDS = f"{FIRST}0,14,0.2,census,high\n15,99,0.8,census,high\n"


class Band(DataRow):
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


class Distance(Row):
    """A table with a column that may be left out, and with others that nobody reads."""

    model_config = ConfigDict(extra="ignore")
    start: str = Field(alias="from")
    kilometres: Whole = 0


def distances(tmp_path: Path, text: str) -> tuple[Distance, ...]:
    """Write such a table and read it."""
    return read_table(table(tmp_path, text), Distance)


def test_a_column_with_a_default_may_be_left_out_and_unknown_ones_are_not_read(tmp_path: Path) -> None:
    class Several(Distance):
        key = ("start",)

    rows = read_table(table(tmp_path, " note , from , kilometres\nold,a,3\nnew,b\n"), Several)
    assert [(row.start, row.kilometres) for row in rows] == [("a", 3), ("b", 0)]
    assert distances(tmp_path, "from,note,note\na,,\n")[0].kilometres == 0


def test_a_column_that_is_missing_among_unknown_ones_is_met_with_the_nearest_of_them(tmp_path: Path) -> None:
    with pytest.raises(UserError) as caught:
        distances(tmp_path, "form,kilometres\na,3\n")
    assert caught.value.text() == "bands.csv:1: the column 'from' is missing; the first line has form, kilometres; did you mean 'form'?"


def test_a_line_longer_than_the_first_is_refused_even_where_columns_are_not_read(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"bands\.csv:2: has 3 cells where the first line has 2"):
        distances(tmp_path, "from,kilometres\na,1,200\n")


def test_a_table_that_is_not_there_is_met_with_the_nearest_name(tmp_path: Path) -> None:
    table(tmp_path, BANDS)
    assert faults(tmp_path / "band.csv") == ["band.csv: there is no file 'band.csv'; did you mean 'bands.csv'?"]


def test_lines_may_end_as_any_machine_ends_them(tmp_path: Path) -> None:
    for end in ("\r\n", "\r"):
        path = tmp_path / f"{len(end)}.csv"
        path.write_bytes(BANDS.replace("\n", end).encode())
        assert [row.high for row in read_table(path, Band)] == [14, 99]
