"""Parquet for pandas, DuckDB, R and Spark: the tables with their types, lists as lists, zstd.

One file holds the table of lines; a folder gets reports.parquet, sections.parquet, lines.parquet and
line_themes.parquet. Every file of a scheme has the same columns and types, whatever its reports hold, so that
shards can be read as one table. A whole archive goes through in the memory of one group of rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any, BinaryIO, Final

from labels.files import replacing_all
from predict.annotation import SCHEMA, Report
from predict.extras import extra
from predict.formats import FOLDER_TABLES, Format, Legend
from predict.tables import Cell, Table, lines_table, tables

# Rows that stand together; some 15 MB of text in the table of lines.
GROUP_ROWS: Final = 32_768


def write(reports: Iterable[Report], stream: BinaryIO, legend: Legend) -> None:
    """Write the table of lines."""
    write_tables(reports, [lines_table(legend)], [stream])


def write_folder(reports: Iterable[Report], folder: Path, legend: Legend) -> None:
    """Write all tables into a folder, each as a file of its own."""
    with replacing_all(folder, [f"{name}.parquet" for name in FOLDER_TABLES]) as streams:
        write_tables(reports, tables(legend), streams)


FORMAT: Final = Format(write, write_folder)


def write_tables(reports: Iterable[Report], chosen: Iterable[Table], streams: Iterable[BinaryIO]) -> None:
    """Write each of the tables to its stream, all from one pass over the reports."""
    with ExitStack() as stack:
        writers = [_Writer(table, stream) for table, stream in zip(chosen, streams, strict=True)]
        for writer in writers:
            stack.callback(writer.close)
        for report in reports:
            for writer in writers:
                writer.add(report)
        for writer in writers:
            writer.flush()


def arrow_schema(table: Table) -> Any:
    """The table's `pyarrow.Schema`: every column can be null."""
    arrow = extra("pyarrow")
    types = {
        "text": arrow.string(),
        "integer": arrow.int64(),
        "number": arrow.float64(),
        "flag": arrow.bool_(),
        "texts": arrow.list_(arrow.string()),
        "numbers": arrow.list_(arrow.float64()),
        "path": arrow.list_(arrow.string()),
    }
    fields = [arrow.field(column.name, types[column.kind]) for column in table.columns]
    return arrow.schema(fields, {"zhengfa.table": table.name, "zhengfa.schema": str(SCHEMA)})


class _Writer:
    """Gathers a table's rows and writes a group of them at a time."""

    def __init__(self, table: Table, stream: BinaryIO) -> None:
        self._table = table
        self._schema = arrow_schema(table)
        self._file = extra("pyarrow.parquet").ParquetWriter(stream, self._schema, compression="zstd")
        self._rows: list[tuple[Cell, ...]] = []

    def add(self, report: Report) -> None:
        self._rows.extend(self._table.rows(report))
        if len(self._rows) >= GROUP_ROWS:
            self.flush()

    def flush(self) -> None:
        if self._rows:
            self._file.write_table(self._arrow_table())
            self._rows.clear()

    def close(self) -> None:
        self._file.close()

    def _arrow_table(self) -> Any:
        columns = zip(*self._rows, strict=True)
        arrays = [_array(column, field.type) for column, field in zip(columns, self._schema, strict=True)]
        return extra("pyarrow").Table.from_arrays(arrays, schema=self._schema)


def _array(cells: Sequence[Cell], type_: Any) -> Any:
    try:
        return extra("pyarrow").array(cells, type_)
    except UnicodeEncodeError:
        # A file's name may hold bytes that are no text.
        return extra("pyarrow").array(list(_sound(cells)), type_)


def _sound(cells: Iterable[Cell]) -> Iterator[Any]:
    for cell in cells:
        if isinstance(cell, str):
            yield cell.encode(errors="replace").decode()
        else:
            yield list(_sound(cell)) if isinstance(cell, tuple) else cell
