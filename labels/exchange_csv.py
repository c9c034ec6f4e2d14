"""The table for reviewers as CSV: UTF-8 with a byte order mark; read back in the encoding a spreadsheet saved it in."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

from labels.errors import UserError
from labels.exchange import Entry, Format, Lost, Reply
from labels.exchange_table import Cells, cells, columns, cut, names, replies
from labels.files import write_whole
from labels.scheme import Scheme
from labels.spreadsheet import from_plain, plain_text

SIZE_LIMIT: Final = 500_000_000
# Excel saves "CSV UTF-8", "Unicode text", or plain CSV in the machine's old encoding.
_ENCODINGS: Final = ("utf-8-sig", "utf-16", "gb18030")


def write(entries: Sequence[Entry], path: Path, scheme: Scheme) -> list[str]:
    """Write the table; returns which texts had to be cut."""
    order, lost = columns(scheme), []
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow([column.header for column in order])
    for number, entry in enumerate(entries, 1):
        row = cells(number, entry, scheme)
        writer.writerow([plain_text(row[column.name]) for column in order])
        lost += cut(row, number + 1)
    write_whole(path, b"\xef\xbb\xbf" + text.getvalue().encode())
    return lost


def read(path: Path, scheme: Scheme) -> Iterator[Reply | Lost]:
    """The replies of a table, whatever its delimiter."""
    del scheme
    lines = _rows(_text(path), path)
    _, header = next(lines, (0, []))
    found = names(header, f"{path}, line 1")
    yield from replies(_by_name(lines, found, path))


FORMAT: Final = Format(write, read, "spreadsheet")


def _by_name(lines: Iterator[tuple[int, list[str]]], found: list[str], path: Path) -> Iterator[tuple[str, Cells]]:
    for number, row in lines:
        if any(cell.strip() for cell in row):
            padded = [*row, *[""] * (len(found) - len(row))]
            named = zip(found, padded, strict=False)
            yield f"{path}, line {number}", {name: from_plain(cell) for name, cell in named}


def _rows(text: str, path: Path) -> Iterator[tuple[int, list[str]]]:
    """Every row with the number of its first line."""
    csv.field_size_limit(SIZE_LIMIT)
    header = text.partition("\n")[0]
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=max(",;\t", key=header.count))
    first = 1
    try:
        for row in reader:
            yield first, row
            first = reader.line_num + 1
    except csv.Error as error:
        raise UserError(f"{path}, line {first}: not CSV ({error}); is a quotation mark not closed?") from error


def _text(path: Path) -> str:
    """The file's text in the first encoding in which the header is ours."""
    try:
        with path.open("rb") as file:
            raw = file.read(SIZE_LIMIT + 1)
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); check the path and your rights") from error
    if len(raw) > SIZE_LIMIT:
        raise UserError(f"{path}: more than {SIZE_LIMIT:,} bytes; split it")
    for encoding in _ENCODINGS:
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "状态 / state" in text.partition("\n")[0]:
            return text
    raise UserError(f"{path}: not a table that `zhengfa labels export` made; keep its header row, save as CSV UTF-8")
