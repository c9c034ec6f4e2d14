"""One table as a sheet: header, filter, frozen panes, widths, the colours of themes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from labels.scheme import Scheme
from predict.annotation import Report
from predict.colours import ink_on, theme_colours
from predict.column_names import column_name, theme_column
from predict.extras import extra
from predict.tables import Column, Scalar, Table, flat_rows
from predict.xlsx_cells import WRAPPED, Cells, Look, Looks, height, lay_out

# What a sheet of Excel can hold, the header included.
MOST_ROWS: Final = 1_048_576
_HEADER: Final = Look(bold=True, wrap=True, fill="#efece4", middle=True)
# In digits of the default font.
_WIDTHS: Final[dict[str, float]] = {
    "report": 20,
    "line": 6,
    "role": 12,
    "section": 8,
    "heading_path": 26,
    "text": 78,
    "themes_zh": 20,
    "evidence": 28,
    "band": 12,
    "decided_by": 11,
    "primary": 30,
    "title": 40,
    "source": 16,
    "date": 11,
    "place": 12,
    "year": 7,
    "period": 16,
    "organ": 9,
    "level": 6,
    "warnings": 30,
    "chars": 11,
    "lines": 8,
    "sections": 8,
}
_WIDTH: Final = 14
_BOUND_WIDTH: Final = 13
# For programs, not for readers: folded away behind a + over the columns.
_OFFSETS: Final = ("start", "end", "text_sha256", "inferred", "heading_line")
_QUALITY: Final = ("pinyin", "lost", "foreign")
_FOLDED: Final = frozenset(
    ("themes", "margin", "novelty", *_OFFSETS, *_QUALITY, "encoding", "sha256", "schema", "model")
)
# Points; names of themes with what their column holds take more lines.
_HEADER_HEIGHTS: Final = {"reports": 66, "sections": 66}
_FIRST_FREE: Final = {"lines": "C2", "sections": "B2", "reports": "C2"}


class Sheet:
    """A table in a workbook that is written row by row; what one sheet can't hold goes on in another."""

    def __init__(self, book: Any, table: Table, title: str, scheme: Scheme) -> None:
        self._book, self._table, self._title, self._scheme = book, table, title, scheme
        self._looks = Looks(table.columns, scheme)
        self._wrapped = [(at, _width(column)) for at, column in enumerate(table.columns) if column.name in WRAPPED]
        self._sheets = 0
        self._open()

    def add(self, report: Report) -> None:
        """Add the rows of a report."""
        for row in flat_rows(self._table, report):
            if self._rows == MOST_ROWS:
                self.close()
                self._open()
            self._append(row)

    def close(self) -> None:
        """Finish the sheet: its filter reaches down to the last row."""
        last = extra("openpyxl.utils").get_column_letter(len(self._table.columns))
        self._sheet.auto_filter.ref = f"A1:{last}{self._rows}"
        for number, column in enumerate(self._table.columns, 1):
            self._add_bars(number, column)
        self._sheet.close()

    def _open(self) -> None:
        self._sheets += 1
        self._sheet = self._book.create_sheet(self._title + (f" {self._sheets}" if self._sheets > 1 else ""))
        self._cells = Cells(self._sheet)
        self._rows = 1
        self._arrange()
        self._sheet.append(
            [
                self._cells.cell("\n".join(filter(None, column_name(column.name, self._scheme))), self._header(column))
                for column in self._table.columns
            ]
        )

    def _append(self, row: Sequence[Scalar]) -> None:
        self._rows += 1
        # The sheet would keep a row's height for ever.
        self._sheet.row_dimensions[self._rows].height = height((row[at], width) for at, width in self._wrapped)
        shown = zip(self._looks.values(row), self._looks.of(row), strict=True)
        self._sheet.append([self._cells.cell(value, look) for value, look in shown])
        del self._sheet.row_dimensions[self._rows]

    def _arrange(self) -> None:
        sheet, letter = self._sheet, extra("openpyxl.utils").get_column_letter
        for number, column in enumerate(self._table.columns, 1):
            dimension = sheet.column_dimensions[letter(number)]
            dimension.width = _width(column)
            if column.name in _FOLDED:
                dimension.outlineLevel, dimension.hidden = 1, True
        sheet.freeze_panes = _FIRST_FREE.get(self._table.name, "A2")
        sheet.row_dimensions[1].height = _HEADER_HEIGHTS.get(self._table.name, 48)
        lay_out(sheet)
        sheet.print_title_rows = "1:1"

    def _header(self, column: Column) -> Look:
        of_theme = theme_column(column.name, self._scheme)
        if of_theme is None:
            return _HEADER
        colour = theme_colours(self._scheme)[of_theme[1]]
        return Look(bold=True, wrap=True, fill=colour, ink=ink_on(colour), middle=True)

    def _add_bars(self, number: int, column: Column) -> None:
        """Bars behind the shares, in the colours of their themes."""
        of_theme = theme_column(column.name, self._scheme)
        if of_theme is None or of_theme[0] != "share" or self._rows < 2:
            return
        letter = extra("openpyxl.utils").get_column_letter(number)
        colour = theme_colours(self._scheme)[of_theme[1]].lstrip("#")
        rule = extra("openpyxl.formatting.rule").DataBarRule("num", 0, "num", 1, f"FF{colour}")
        self._sheet.conditional_formatting.add(f"{letter}2:{letter}{self._rows}", rule)


def _width(column: Column) -> float:
    return _WIDTHS.get(column.name, _BOUND_WIDTH if column.name.startswith(("low_", "high_")) else _WIDTH)
