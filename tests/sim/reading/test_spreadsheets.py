"""Every table survives the spreadsheet it is edited in, and what cannot be read is refused in words that say what to do."""

import csv
import io
import zipfile
from collections.abc import Callable
from pathlib import Path

import networkx as nx
import pytest

from sim.language.messages import UserError
from sim.loading import load
from sim.place.roads import Road, read_roads
from sim.reading.cells import cell_count, cell_list, cell_number, cell_truth
from sim.reading.tables import Row, read_table
from sim.scenario.merging import shipped_tables
from sim.scenario.scenario import ROWS
from tests.sim.reading.test_tables import BANDS, Band

Lines = list[list[str]]


def shown(cell: str) -> str:
    """Show a cell as a spreadsheet does: TRUE and FALSE, numbers without the noughts that say nothing."""
    if cell in ("true", "false"):
        return cell.upper()
    try:
        return f"{float(cell):.11g}"
    except ValueError:
        return cell


def saved(lines: Lines, end: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    """Save lines as CSV."""
    file = io.StringIO()
    csv.writer(file, lineterminator=end, quoting=quoting).writerows(lines)  # type: ignore[arg-type]
    return file.getvalue()


def excel_utf8(lines: Lines) -> bytes:
    """Save as Excel's 'CSV UTF-8': a mark before the first letter, CRLF."""
    return saved(lines, "\r\n").encode("utf-8-sig")


def excel_in_china(lines: Lines) -> bytes:
    """Save as Excel's plain CSV on a Chinese Windows."""
    return saved(lines, "\r\n").encode("gb18030")


def with_a_touched_margin(lines: Lines) -> bytes:
    """Save a sheet whose cells beyond the table were touched: empty columns and lines at the end."""
    wide = [[*line, "", ""] for line in lines]
    return saved([*wide, [""] * len(wide[0]), [""] * len(wide[0])], "\r\n").encode("utf-8-sig")


def libre_office(lines: Lines) -> bytes:
    """Save as LibreOffice does where all text is to be quoted."""
    return saved(lines, "\n", csv.QUOTE_ALL).encode("utf-8")


def model_of(name: str) -> type[Row]:
    """Give the row class of a shipped table: that of the field which names it in a scenario."""
    fields = {"roads": Road, **{path[-1]: model for path, model in ROWS.items()}}
    return fields[name.removesuffix(".csv").split("_", 1)[-1] if name != "case_mix.csv" else "case_mix"]


@pytest.mark.parametrize("save", [excel_utf8, excel_in_china, with_a_touched_margin, libre_office])
@pytest.mark.parametrize("name", sorted(shipped_tables()))
def test_every_shipped_table_reads_the_same_after_a_spreadsheet(tmp_path: Path, name: str, save: Callable[[Lines], bytes]) -> None:
    shipped = shipped_tables()[name]
    with shipped.open(encoding="utf-8", newline="") as file:
        header, *rows = csv.reader(file)
    path = tmp_path / name
    path.write_bytes(save([header, *([shown(cell) for cell in row] for row in rows)]))
    if model_of(name) is Road:
        assert list(read_roads(path).edges(data=True)) == list(read_roads(shipped).edges(data=True))
    else:
        assert read_table(path, model_of(name)) == read_table(shipped, model_of(name))


def refusals(path: Path, content: bytes) -> list[str]:
    """Give the lines with which a table is refused."""
    path.write_bytes(content)
    with pytest.raises(UserError) as caught:
        read_table(path, Band)
    assert all(fault.text("zh") for fault in caught.value.faults)
    return caught.value.text().splitlines()


def test_a_workbook_is_refused_with_what_to_do(tmp_path: Path) -> None:
    book = io.BytesIO()
    with zipfile.ZipFile(book, "w") as parts:
        parts.writestr("xl/workbook.xml", "<workbook/>")
    for content in (book.getvalue(), bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 512):
        (line,) = refusals(tmp_path / "bands.xlsx", content)
        assert "save the sheet as CSV" in line
    towns = tmp_path / "towns.xlsx"
    towns.write_bytes(book.getvalue())
    own = tmp_path / "own.yaml"
    own.write_text("name: own\ntitle: {en: Own, zh: 自有}\nextends: lujiang-2020\npopulation: {towns: towns.xlsx}\n", encoding="utf-8")
    with pytest.raises(UserError) as caught:
        load(own)
    assert "CSV UTF-8（逗号分隔）" in caught.value.text("zh")


def test_text_in_no_known_encoding_is_refused_and_broken_utf_8_is_not_read_as_another(tmp_path: Path) -> None:
    utf_16 = BANDS.encode("utf-16")
    broken = BANDS.replace("census", "第七次全国人口普查").encode().replace("查".encode(), "查".encode() + b"\xb2\xbb", 1)
    for content in (utf_16, BANDS.encode("utf-16-le"), broken):
        assert "save it as text in UTF-8, from a spreadsheet as 'CSV UTF-8'" in refusals(tmp_path / "bands.csv", content)[0]


@pytest.mark.parametrize(("mark", "seen"), [(";", ";"), ("\t", "\\t"), ("，", "，")])
def test_other_marks_between_the_cells_are_named(tmp_path: Path, mark: str, seen: str) -> None:
    assert f"are separated by '{seen}'" in refusals(tmp_path / "bands.csv", BANDS.replace(",", mark).encode())[0]


def test_cells_that_could_be_read_in_two_ways_or_hold_no_value_are_refused(tmp_path: Path) -> None:
    text = BANDS + '40,"1,200",0.5,c,low\n50,60,"0,5",c,low\n70,1e999,0.1,c,low\n80,90,inf,#REF!,low\n81,1_000,0.1,c,low\n82,90,50%,c,low\n'
    two_ways = "could be read in more than one way; write plain digits with a point before the decimals, for example 40000 or 12.5"
    assert refusals(tmp_path / "bands.csv", text.encode()) == [
        f"bands.csv:4: high: '1,200' {two_ways}",
        f"bands.csv:5: share: '0,5' {two_ways}",
        "bands.csv:6: high: 1e999 is not a finite number",
        "bands.csv:7: source: '#REF!' is what a spreadsheet writes where a formula failed; write the value",
        "bands.csv:8: high: '1_000' is no number",
        "bands.csv:9: share: '50%' is no number",
    ]


def test_full_width_signs_and_spaces_around_are_read_right() -> None:
    assert cell_number("１２．５") == 12.5
    assert cell_number(" -3e2\u3000") == -300
    assert cell_count("４０") == 40
    assert cell_list("urti；lrti; chd ") == ("urti", "lrti", "chd")


@pytest.mark.parametrize(("words", "truth"), [(("true", "TRUE", "True", "1", "是", "yes"), True), (("false", "FALSE", "0", "否"), False)])
def test_true_and_false_are_read_as_people_and_spreadsheets_write_them(words: tuple[str, ...], truth: bool) -> None:
    assert [cell_truth(word) for word in words] == [truth] * len(words)


@pytest.mark.parametrize("rows", ["baihu,baihu_01,1,200\n", "baihu,baihu_01,12,5\n"])
def test_a_road_with_a_cell_too_many_is_refused(tmp_path: Path, rows: str) -> None:
    path = tmp_path / "roads.csv"
    path.write_text(f"from,to,minutes\n{rows}", encoding="utf-8")
    with pytest.raises(UserError, match=r"roads\.csv:2: has 4 cells where the first line has 3"):
        read_roads(path)


def test_a_road_table_may_not_name_a_column_twice(tmp_path: Path) -> None:
    path = tmp_path / "roads.csv"
    path.write_text("from,to,minutes,minutes\nbaihu,baihu_01,12,5\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"roads\.csv:1: the column 'minutes' is there twice"):
        read_roads(path)


def test_roads_between_thousands_and_formulas_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "roads.csv"
    path.write_text('from,to,minutes\na,b,"1,200"\na,c,1_0\na,d,#N/A\na,e,１２\n', encoding="utf-8")
    with pytest.raises(UserError) as caught:
        read_roads(path)
    assert [fault.place for fault in caught.value.faults] == ["roads.csv:2: minutes", "roads.csv:3: minutes", "roads.csv:4: minutes"]


def test_scenarios_and_roads_in_graphml_may_be_written_on_a_chinese_windows_too(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_bytes("name: own\ntitle: {en: Own, zh: 自有情景}\nextends: lujiang-2020\n".encode("gb18030"))
    assert load(own).title.zh == "自有情景"
    nx.write_graphml(nx.Graph([("泥河", "龙桥", {"minutes": 12.0})]), tmp_path / "roads.graphml")
    text = (tmp_path / "roads.graphml").read_text(encoding="utf-8").replace("encoding='utf-8'", "encoding='GB18030'")
    (tmp_path / "roads.graphml").write_bytes(text.encode("gb18030"))
    assert sorted(read_roads(tmp_path / "roads.graphml")) == ["泥河", "龙桥"]
