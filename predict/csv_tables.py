"""CSV for spreadsheets: UTF-8 with a byte order mark, so that a Chinese Excel opens it right.

One file holds the table of lines; a folder gets reports.csv, sections.csv, lines.csv and
line_themes.csv. A text cell that a spreadsheet would run as a formula (its first character is one
of `= + - @`, their full-width forms, a tab or a line break) gets an apostrophe before it: a line
such as `-5%` reads `'-5%`, while `——2024年` stays as it is. Numbers are left alone. Programs that want the text to
the letter read the JSON Lines.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import BinaryIO, Final

from labels.files import replacing_all
from labels.spreadsheet import FORMULA_STARTS
from predict.annotation import Report
from predict.formats import FOLDER_TABLES, Format, Legend
from predict.tables import Scalar, Table, flat_rows, lines_table, tables

# Rows that are encoded at once: a long report has a million.
_TOGETHER: Final = 4096
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"


def write(reports: Iterable[Report], stream: BinaryIO, legend: Legend) -> None:
    """Write the table of lines."""
    _write_tables(reports, [lines_table(legend)], [stream])


def write_folder(reports: Iterable[Report], folder: Path, legend: Legend) -> None:
    """Write all tables into a folder, each as a file of its own."""
    chosen = tables(legend)
    with replacing_all(folder, [f"{name}.csv" for name in FOLDER_TABLES]) as streams:
        _write_tables(reports, chosen, streams)


FORMAT: Final = Format(write, write_folder)


def _write_tables(reports: Iterable[Report], chosen: Iterable[Table], streams: Iterable[BinaryIO]) -> None:
    open_tables = list(zip(chosen, streams, strict=True))
    for table, stream in open_tables:
        stream.write(BYTE_ORDER_MARK + encode_rows([[column.name for column in table.columns]]))
    for report in reports:
        for table, stream in open_tables:
            rows = flat_rows(table, report)
            while some := list(islice(rows, _TOGETHER)):
                stream.write(encode_rows(some))
        # A report goes before the next one is made: a long one is heavy.
        del report, rows


def encode_rows(rows: Iterable[Iterable[Scalar]]) -> bytes:
    """Rows as CSV, every text in them safe."""
    text = io.StringIO(newline="")
    csv.writer(text).writerows(map(_safe, cell) for cell in rows)
    return text.getvalue().encode()


def _safe(cell: Scalar) -> Scalar:
    """A cell that no spreadsheet takes for a formula.

    >>> [_safe(cell) for cell in ("=1+1", "-5%", "——2024年", -0.5, "")]
    ["'=1+1", "'-5%", '——2024年', -0.5, '']
    """
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in FORMULA_STARTS else cell
