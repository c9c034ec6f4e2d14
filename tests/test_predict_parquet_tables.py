"""Parquet: the tables with their types, the same schema for every shard."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from labels.scheme import Scheme, load_scheme
from predict import parquet_tables
from predict.formats import FOLDER_TABLES, Legend, write_reports
from predict.parquet_tables import arrow_schema, write
from predict.tables import flat_rows, tables
from tests.stand_in import stand_in_report

LEGEND = Legend(load_scheme(), ("省份",))
TEXT = """云江市2023年政法工作总结
一、维护平安稳定
开展扫黑除恶专项斗争，人民调解成功率98%。
天气晴好。
"""


def read(*texts: str) -> pa.Table:
    """The table of lines of some reports."""
    stream = io.BytesIO()
    write((stand_in_report(text, f"{number}.txt") for number, text in enumerate(texts)), stream, LEGEND)
    return pq.read_table(pa.BufferReader(stream.getvalue()))


def test_cells_keep_their_types():
    """Numbers are numbers, lists are lists, what is unknown is null."""
    row = read(TEXT).to_pylist()[2]
    assert row["themes"] == ["security", "mediation"]
    assert row["heading_path"] == ["一、维护平安稳定"]
    assert (row["line"], row["inferred"]) == (3, False)
    assert row["p_security"] > 0.5 > row["p_rule_of_law"]
    assert read(TEXT).to_pylist()[0]["p_security"] == 0.03


def test_a_folder_holds_the_same_rows_as_csv(tmp_path: Path):
    """Four tables, each with every row and column of its flat form."""
    reports = [stand_in_report(TEXT, "2018/云江.txt", {"省份": "云川"}), stand_in_report("平安。", "b.txt")]
    write_reports(reports, tmp_path / "out", LEGEND, "parquet")
    assert sorted(path.stem for path in (tmp_path / "out").iterdir()) == sorted(FOLDER_TABLES)
    for table in tables(LEGEND):
        found = pq.read_table(tmp_path / "out" / f"{table.name}.parquet")
        assert found.column_names == [column.name for column in table.columns]
        assert found.num_rows == sum(len(list(flat_rows(table, report))) for report in reports)
    first = pq.read_table(tmp_path / "out/reports.parquet").to_pylist()[0]
    assert (first["place"], first["year"], first["省份"]) == ("云江市", 2023, "云川")


@pytest.mark.parametrize("texts", [[], ["天气晴好。"], [TEXT]])
def test_the_schema_does_not_depend_on_the_rows(texts: list[str]):
    """A shard without rows, or with nothing but nulls, can be read with all others as one table."""
    assert read(*texts).schema.equals(arrow_schema(tables(LEGEND)[2]))


def test_columns_follow_the_scheme(five_themes: Scheme):
    """A fifth theme brings its columns to every table that has themes."""
    names = [set(arrow_schema(table).names) for table in tables(Legend(five_themes))]
    assert all("share_prisons" in columns for columns in names[:2])
    assert "p_prisons" in names[2]


def test_rows_are_written_in_groups(monkeypatch: pytest.MonkeyPatch):
    """Rows leave memory group by group, in the order of the reports."""
    monkeypatch.setattr(parquet_tables, "GROUP_ROWS", 5)
    stream = io.BytesIO()
    write((stand_in_report(TEXT, f"{number}.txt") for number in range(4)), stream, LEGEND)
    written = pq.ParquetFile(pa.BufferReader(stream.getvalue()))
    assert [written.metadata.row_group(group).num_rows for group in range(written.num_row_groups)] == [8, 8]
    assert written.read().column("report").to_pylist() == [f"{number}.txt" for number in range(4) for _ in range(4)]


def test_a_name_that_is_no_text_can_be_written():
    """A file name with bytes of another encoding does not stop a run."""
    report = stand_in_report("平安。")
    broken = replace(
        report, lines=tuple(replace(line, report="a\udcff.txt", heading_path=("\ud800",)) for line in report.lines)
    )
    stream = io.BytesIO()
    write([broken], stream, LEGEND)
    row = pq.read_table(pa.BufferReader(stream.getvalue())).to_pylist()[0]
    assert (row["report"], row["heading_path"]) == ("a?.txt", ["?"])


def test_nothing_is_left_of_a_run_that_broke_off(tmp_path: Path):
    """An error among the reports leaves no half table."""

    def reports():
        yield stand_in_report(TEXT)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_reports(reports(), tmp_path / "out", LEGEND, "parquet")
    assert list(tmp_path.iterdir()) == []
