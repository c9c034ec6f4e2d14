"""CSV for spreadsheets: what Excel opens right, what cannot run there."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.scheme import load_scheme
from predict.csv_tables import write, write_folder
from predict.formats import Legend
from predict.tables import tables
from tests.stand_in import stand_in_report

LEGEND = Legend(load_scheme(), ("省份",))
TEXT = """云江市2023年政法工作总结
一、维护平安稳定
开展扫黑除恶专项斗争，人民调解成功率98%。
=HYPERLINK("http://x","扫黑除恶")
-5%，命案下降。
——2024年，平安建设成效明显。
"""


def read(raw: bytes) -> list[dict[str, str]]:
    """Rows of a CSV file as a spreadsheet reads them."""
    return list(csv.DictReader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def lines(text: str) -> list[dict[str, str]]:
    """The table of lines of one report."""
    stream = io.BytesIO()
    write([stand_in_report(text)], stream, LEGEND)
    return read(stream.getvalue())


def test_a_file_is_the_table_of_lines_with_a_byte_order_mark():
    """One row a line; themes joined by semicolons, by id and by Chinese name; a probability per theme; the evidence."""
    stream = io.BytesIO()
    write([stand_in_report(TEXT)], stream, LEGEND)
    assert stream.getvalue().startswith(b"\xef\xbb\xbfreport,line,role,")
    assert b"\r\n" in stream.getvalue()
    row = read(stream.getvalue())[2]
    assert row["themes"] == "security;mediation"
    assert row["themes_zh"] == "平安稳定;矛盾化解与基层治理"
    assert float(row["p_security"]) > 0.5 > float(row["p_rule_of_law"])
    assert "扫黑除恶" in row["evidence"].split(";")
    assert row["heading_path"] == "一、维护平安稳定"


def test_cells_that_a_spreadsheet_would_run_are_quoted():
    """An apostrophe stands before = + - @ tab and line breaks; a Chinese dash and numbers stay as they are."""
    texts = [row["text"] for row in lines(TEXT)]
    assert texts[3:] == ['\'=HYPERLINK("http://x","扫黑除恶")', "'-5%，命案下降。", "——2024年，平安建设成效明显。"]


@given(st.text(alphabet='=+-@\t\r\n＝＋－＠",;平安a', min_size=1, max_size=20))
def test_no_text_cell_starts_like_a_formula(text: str):
    """Whatever a report's name is, no cell of any table begins with a character that starts a formula."""
    report = stand_in_report("开展扫黑除恶。")
    report = replace(
        report, row=replace(report.row, report=text, meta={**report.row.meta, "title": text, "省份": text})
    )
    stream = io.BytesIO()
    write(
        [replace(report, lines=tuple(replace(line, report=text, text=text) for line in report.lines))], stream, LEGEND
    )
    cells = [cell for row in read(stream.getvalue()) for cell in row.values()]
    assert not [
        cell for cell in cells if cell[:1] in tuple("=+@\t\r\n＝＋－＠") or (cell[:1] == "-" and not _is_number(cell))
    ]
    assert text in (cells[0], cells[0][1:])


def test_a_folder_has_four_tables_that_fit_together(tmp_path: Path):
    """reports, sections, lines, line_themes: every row has all columns, keys lead from one to the other."""
    report = stand_in_report(TEXT, "2018/云江.txt", {"省份": "云川"})
    write_folder([report, stand_in_report("平安。", "b.txt")], tmp_path / "out", LEGEND)
    found = {table.name: read((tmp_path / "out" / f"{table.name}.csv").read_bytes()) for table in tables(LEGEND)}
    assert {name: len(rows) for name, rows in found.items()}["reports"] == 2
    assert [row["省份"] for row in found["reports"]] == ["云川", ""]
    assert found["reports"][0]["place"] == "云江市"
    assert sum(float(found["reports"][0][f"share_{theme}"]) for theme in (*LEGEND.scheme.ids, "none")) == pytest.approx(
        1, abs=1e-3
    )
    assert {(row["report"], row["line"]) for row in found["line_themes"]} <= {
        (row["report"], row["line"]) for row in found["lines"]
    }
    assert {(row["report"], row["section"]) for row in found["lines"]} == {
        (row["report"], row["section"]) for row in found["sections"]
    }
    assert all(None not in row and None not in row.values() for rows in found.values() for row in rows)
    theme = found["line_themes"][0]
    assert len(theme["evidence"].split(";")) == len(theme["weights"].split(";"))


def test_a_line_break_inside_a_paragraph_stays_inside_its_cell():
    """A paragraph over two lines is one row."""
    report = stand_in_report("开展扫黑除恶。")
    stream = io.BytesIO()
    write([replace(report, lines=(replace(report.lines[0], text="开展扫黑\r\n除恶。"),))], stream, LEGEND)
    assert read(stream.getvalue())[0]["text"] == "开展扫黑\r\n除恶。"


def _is_number(cell: str) -> bool:
    try:
        float(cell)
    except ValueError:
        return False
    return True
