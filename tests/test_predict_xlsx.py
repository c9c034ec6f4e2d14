"""XLSX: what readers of Excel see, and that nothing in a report runs there."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from zipfile import ZipFile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.scheme import Scheme, load_scheme
from labels.spreadsheet import CELL_LIMIT
from predict import xlsx_sheet
from predict.annotation import Report
from predict.formats import Legend
from predict.xlsx import write
from tests.stand_in import stand_in_report

LEGEND = Legend(load_scheme(), ("省份",))
TEXT = """云江市2023年政法工作总结
一、维护平安稳定
开展扫黑除恶专项斗争，人民调解成功率98%。
=HYPERLINK("http://x","扫黑除恶")
版权所有
"""
LINES, SECTIONS, REPORTS, ABOUT = "段落 Lines", "章节 Sections", "报告 Reports", "说明 About"


def raw(*reports: Report, legend: Legend = LEGEND) -> bytes:
    stream = io.BytesIO()
    write(iter(reports), stream, legend)
    return stream.getvalue()


def book(*reports: Report, legend: Legend = LEGEND) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(raw(*reports, legend=legend)))


def cells(sheet, column: str) -> list:
    """The cells of a column, by the English line of its header, without the header."""
    headers = [str(cell.value).split("\n")[-1] for cell in sheet[1]]
    return [row[headers.index(column)] for row in sheet.iter_rows(min_row=2)]


def with_texts(*texts: str) -> Report:
    """A report whose lines hold just these texts."""
    report = stand_in_report("平安。")
    return replace(report, lines=tuple(replace(report.lines[0], text=text) for text in texts))


def test_sheets_are_ready_to_be_worked_with():
    """Three sheets and what they mean; each with a filter down to its last row and a header that stays in sight."""
    found = book(stand_in_report(TEXT, metadata={"省份": "云川"}))
    assert found.sheetnames == [LINES, SECTIONS, REPORTS, ABOUT]
    assert [found[name].max_row for name in found.sheetnames[:3]] == [6, 3, 2]
    assert found[LINES].auto_filter.ref.endswith("6")
    assert all(found[name].freeze_panes.endswith("2") for name in found.sheetnames[:3])
    assert cells(found[REPORTS], "省份")[0].value == "云川"
    assert cells(found[REPORTS], "security share")[0].number_format == "0.0%"


def test_themes_have_their_colours():
    """The themes of a line are bold on their tint, the others plain; a header has its theme's colour."""
    sheet = book(stand_in_report(TEXT))[LINES]
    has, has_not = cells(sheet, "security")[2], cells(sheet, "rule_of_law")[2]
    assert (has.font.bold, has_not.font.bold) == (True, False)
    assert has.fill.fgColor.rgb not in ("00000000", has_not.fill.fgColor.rgb)
    colours = {cell.fill.fgColor.rgb[2:].lower() for cell in sheet[1]}
    assert {theme.colour[1:].lower() for theme in LEGEND.scheme.themes} <= colours


def test_what_readers_see_is_chinese_and_english(five_themes: Scheme):
    """Headers, roles and doubts have both languages; a fifth theme has its columns."""
    report = stand_in_report(TEXT)
    found = book(replace(report, lines=(replace(report.lines[2], band="review"),)), legend=Legend(five_themes))
    assert found[LINES]["F1"].value == "文字\nText"
    assert cells(found[LINES], "Role")[0].value == "正文 / body"
    assert cells(found[LINES], "To check")[0].value == "待核 / check"
    assert cells(found[LINES], "prisons")
    assert found[ABOUT].max_row > 6


@given(st.text(alphabet="=+-@\t\r\n＝＋－＠\",;平\0\x1b\ud800\ufffe'", max_size=12))
@settings(max_examples=40)
def test_no_text_is_a_formula(text: str):
    """Whatever a text looks like it is stored as a text, and one that begins like a formula stays one when edited."""
    written = raw(with_texts(text))
    sheet = openpyxl.load_workbook(io.BytesIO(written))[LINES]
    cell = cells(sheet, "Text")[0]
    assert b"<f>" not in b"".join(ZipFile(io.BytesIO(written)).read(name) for name in sheet_names(written))
    if text.strip("\0\ud800"):
        assert cell.data_type == "s" or cell.value is None
    if text[:1] in tuple("=+-@＝＋－＠"):
        assert cell.quotePrefix
        assert cell.value[:1] == text[:1]


def sheet_names(written: bytes) -> list[str]:
    return [name for name in ZipFile(io.BytesIO(written)).namelist() if name.startswith("xl/worksheets/")]


def test_a_text_that_no_cell_holds_is_cut_and_says_so():
    """Excel's limit counts UTF-16 units: a character outside the basic plane is two, and is not cut through."""
    long, wide, fits = (
        cell.value for cell in cells(book(with_texts("平" * 40_000, "𠮷" * 20_000, "安" * CELL_LIMIT))[LINES], "Text")
    )
    assert fits == "安" * CELL_LIMIT
    for text in (long, wide):
        assert text.endswith("cut, too long）")
        assert CELL_LIMIT - 1 <= len(text.encode("utf-16-le")) // 2 <= CELL_LIMIT


def test_more_rows_than_a_sheet_holds_go_on_in_another(monkeypatch: pytest.MonkeyPatch):
    """No row is lost where a sheet is full."""
    monkeypatch.setattr(xlsx_sheet, "MOST_ROWS", 4)
    found = book(stand_in_report(TEXT), stand_in_report(TEXT, "b.txt"))
    sheets = [name for name in found.sheetnames if name.startswith(LINES)]
    assert sheets == [LINES, f"{LINES} 2", f"{LINES} 3", f"{LINES} 4"]
    assert [len(cells(found[name], "Text")) for name in sheets] == [3, 3, 3, 1]


def test_the_same_reports_give_the_same_bytes():
    """No time of writing is in the file."""
    report = stand_in_report(TEXT)
    first = raw(report)
    assert first == raw(report)
    assert b"dcterms" not in ZipFile(io.BytesIO(first)).read("docProps/core.xml").replace(b"xmlns:dcterms", b"")


@pytest.mark.slow
def test_libreoffice_opens_it(tmp_path: Path, office):
    """LibreOffice reads the workbook and shows the hostile text as text."""
    (tmp_path / "a.xlsx").write_bytes(raw(stand_in_report(TEXT)))
    office(tmp_path / "a.xlsx", "csv")
    assert '=HYPERLINK(""http://x"",""扫黑除恶"")' in (tmp_path / "a.csv").read_text("utf-8")
