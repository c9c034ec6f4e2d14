"""The table for reviewers as a workbook: lists to choose from, all other cells protected, keys hidden, a guide."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from labels.errors import UserError
from labels.exchange import Entry, Format, Lost, Reply
from labels.exchange_guide import guide
from labels.exchange_table import Cells, Column, cells, choices, columns, cut, names, replies
from labels.files import write_whole
from labels.scheme import Scheme
from labels.spreadsheet import cell_text, coded, decoded, runs

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

SIZE_LIMIT: Final = 200_000_000  # bytes of all parts unpacked; a hundred thousand rows have some 150 million
ROW_LIMIT: Final = 200_000
_SHEET: Final = "审阅 review"
_GUIDE: Final = "说明 guide"
_WIDTHS: Final = {
    "no": 6,
    "report": 18,
    "line": 6,
    "heading": 24,
    "before": 24,
    "text": 64,
    "after": 24,
    "note": 24,
    "model": 26,
}
_OTHER_WIDTH: Final = 16
_CHARACTERS_A_LINE: Final = 30  # of a column 64 wide, in Chinese
_POINTS_A_LINE: Final = 17.0
_FEWEST_LINES: Final = 4  # those of the model's answer, and of the headings
_HIGHEST: Final = 400.0
_HEADER_FILL: Final = "E8EBF0"
_ANSWER_FILL: Final = "FFFBE6"


def write(entries: Sequence[Entry], path: Path, scheme: Scheme) -> list[str]:
    """Write the workbook; returns which texts had to be cut."""
    _check_library(path)
    from openpyxl import Workbook

    book = Workbook()
    sheet, order, lost = book.active, columns(scheme), []
    sheet.title = _SHEET
    _put(sheet, 1, [column.header for column in order])
    for number, entry in enumerate(entries, 1):
        row = cells(number, entry, scheme)
        _put(sheet, number + 1, [row[column.name] for column in order])
        _set_height(sheet, number + 1, row["text"])
        lost += cut(row, number + 1)
    _lay_out(sheet, order, scheme)
    _protect(sheet, order)
    _write_guide(book.create_sheet(_GUIDE), scheme)
    packed = io.BytesIO()
    book.save(packed)
    write_whole(path, packed.getvalue())
    return lost


def read(path: Path, scheme: Scheme) -> Iterator[Reply | Lost]:
    """The replies of the sheet that has our header; formulas count as the values they had when saved."""
    del scheme
    for title, lines in _sheets(path):
        _, header = next(lines, (0, []))
        if any(cell.endswith(" / state") for cell in header):
            found = names(header, f"{path}, {title}, row 1")
            yield from replies(_by_name(lines, found, path))
            return
    raise UserError(f"{path}: no sheet that `zhengfa labels export` made; keep its header row")


FORMAT: Final = Format(write, read, "spreadsheet")


def _check_library(path: Path) -> None:
    if find_spec("openpyxl") is None:
        raise UserError(f'{path}: .xlsx needs openpyxl; pip install "zhengfa-themes[documents]", or use .csv')


def _put(sheet: Worksheet, number: int, texts: Sequence[str]) -> None:
    for column, text in enumerate(texts, 1):
        cell = sheet.cell(number, column)
        cell.value = coded(cell_text(text))
        # Text whatever it begins with; the prefix is the mark of a typed apostrophe, which keeps it text when edited.
        cell.data_type, cell.quotePrefix = "s", runs(text)


def _set_height(sheet: Worksheet, number: int, text: str) -> None:
    lines = sum(1 + len(line) // _CHARACTERS_A_LINE for line in text.split("\n"))
    sheet.row_dimensions[number].height = min(max(_FEWEST_LINES, lines) * _POINTS_A_LINE, _HIGHEST)


def _lay_out(sheet: Worksheet, order: Sequence[Column], scheme: Scheme) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    colours = {theme.id: theme.colour.lstrip("#") for theme in scheme.themes}
    lists = choices(scheme)
    for number, column in enumerate(order, 1):
        letter, header = sheet.cell(1, number).column_letter, sheet.cell(1, number)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column.name, _OTHER_WIDTH)
        sheet.column_dimensions[letter].hidden = column.kind == "hidden"
        header.font = Font(bold=True, color="FFFFFF" if column.name in colours else "000000")
        header.fill = PatternFill("solid", fgColor=colours.get(column.name, _HEADER_FILL))
        header.alignment = Alignment(wrap_text=True, vertical="center")
        if column.name in lists and sheet.max_row > 1:
            options = ",".join(lists[column.name])
            rule = DataValidation("list", formula1=f'"{options}"', allow_blank=True, showErrorMessage=True)
            rule.errorTitle, rule.error = "请从列表中选 / choose from the list", options
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{sheet.max_row}")
    sheet.row_dimensions[1].height = _FEWEST_LINES * _POINTS_A_LINE
    sheet.freeze_panes = "A2"
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.fitToHeight = 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.auto_filter.ref = sheet.dimensions


def _protect(sheet: Worksheet, order: Sequence[Column]) -> None:
    from openpyxl.styles import Alignment, PatternFill, Protection

    wrapped, fill = Alignment(wrap_text=True, vertical="top"), PatternFill("solid", fgColor=_ANSWER_FILL)
    for row in sheet.iter_rows(min_row=2):
        for cell, column in zip(row, order, strict=True):
            cell.alignment = wrapped
            if column.kind in ("theme", "answer"):
                cell.fill, cell.protection = fill, Protection(locked=False)
    sheet.protection.sheet = True
    # In the file's own words these say what is forbidden.
    sheet.protection.formatColumns = sheet.protection.formatRows = False
    sheet.protection.autoFilter = sheet.protection.sort = False


def _write_guide(sheet: Worksheet, scheme: Scheme) -> None:
    from openpyxl.styles import Alignment, Font

    for number, (head, text) in enumerate(guide(scheme), 1):
        _put(sheet, number, [head, text])
        sheet.cell(number, 1).font = Font(bold=True)
        for cell in sheet[number]:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 30, 100
    sheet.protection.sheet = True


def _by_name(lines: Iterator[tuple[int, list[str]]], found: list[str], path: Path) -> Iterator[tuple[str, Cells]]:
    for number, row in lines:
        if any(cell.strip() for cell in row):
            padded = [*row, *[""] * (len(found) - len(row))]
            yield f"{path}, row {number}", dict(zip(found, padded, strict=False))


def _sheets(path: Path) -> Iterator[tuple[str, Iterator[tuple[int, list[str]]]]]:
    """Every sheet's title and its numbered rows of text."""
    _check_library(path)
    from openpyxl import load_workbook

    _check_archive(path)
    with _readable(path):
        book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
        sheets = book.worksheets
    for sheet in sheets:
        yield sheet.title, _rows(sheet, path)


def _rows(sheet: Any, path: Path) -> Iterator[tuple[int, list[str]]]:
    with _readable(path):
        for number, row in enumerate(sheet.iter_rows(values_only=True), 1):
            if number > ROW_LIMIT:
                raise UserError(f"{path}: more than {ROW_LIMIT:,} rows; split it")
            yield number, [_text(value) for value in row]


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    try:
        yield
    except UserError:
        raise
    except Exception as error:
        # openpyxl raises nearly anything for a damaged workbook.
        raise _damaged(path, error) from error


def _text(value: object) -> str:
    """A cell's value as text; a whole number has no point.

    >>> [_text(value) for value in (None, 1.0, True, "a_x000D_\\n")]
    ['', '1', 'true', 'a\\n']
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else decoded(str(value))


def _check_archive(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > SIZE_LIMIT:
                raise UserError(f"{path}: more than {SIZE_LIMIT:,} bytes unpacked; split it")
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); check the path and your rights") from error
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise _damaged(path, error) from error


def _damaged(path: Path, error: Exception) -> UserError:
    return UserError(f"{path}: not readable as an Excel workbook ({error}); save it as .xlsx anew")
