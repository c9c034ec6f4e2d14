"""XLSX: a sheet of paragraphs, a sheet of sections, a sheet of the reports' shares, and what they mean.

Nothing in a report becomes a formula: texts are stored as texts, and one that begins like a formula is marked as
text, so that it stays one when somebody edits its cell. Rows go to disk as they come.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, BinaryIO, Final

from predict.annotation import Report
from predict.extras import extra
from predict.formats import Format, Legend
from predict.package import write_package
from predict.tables import tables
from predict.xlsx_about import add_about
from predict.xlsx_sheet import Sheet

_TITLES: Final = {"lines": "段落 Lines", "sections": "章节 Sections", "reports": "报告 Reports"}


def write(reports: Iterable[Report], stream: BinaryIO, legend: Legend) -> None:
    """Write the workbook."""
    book: Any = extra("openpyxl").Workbook(write_only=True)
    book.properties.creator = "zhengfa-themes"
    chosen = {table.name: table for table in tables(legend)}
    sheets = [Sheet(book, chosen[name], title, legend.scheme) for name, title in _TITLES.items()]
    for report in reports:
        for sheet in sheets:
            sheet.add(report)
    for sheet in sheets:
        sheet.close()
    add_about(book, legend.scheme)
    write_package(book.save, stream)


FORMAT: Final = Format(write)
