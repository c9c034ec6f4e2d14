"""Reports in the rows of a table: CSV, TSV, JSON Lines or Parquet, read row by row whatever the table's size."""

from __future__ import annotations

import codecs
import csv
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import count, takewhile
from pathlib import Path
from typing import Final, TextIO, TypeGuard

import orjson

from labels.errors import UserError, suggestion
from model.source import SIZE_LIMIT, decode
from predict.inputs import Columns, Document, Failure, reason
from predict.seen import Seen

# So many bytes tell the encoding, and how long rows are.
_SAMPLE: Final = 1 << 18
_CODECS: Final = {"utf-8": "utf-8-sig", "big5": "big5hkscs"}

_Row = dict[str, object]


@dataclass(frozen=True, slots=True)
class _Open:
    """A table that is being read: its rows to come, and how many of its bytes have been read."""

    rows: Iterator[_Row | Failure]
    position: Callable[[], int]


def rows(table: Path, prefix: str, columns: Columns) -> Iterator[Document | Failure]:
    """The reports of a table, each called by `prefix` and its id. What is wrong with a row is that row's failure."""
    naming = _Naming(table, prefix, columns)
    number = 0
    try:
        with _opened(table, columns) as read:
            for row in read.rows:
                number += 1
                yield row if isinstance(row, Failure) else naming.document(row, number)
                # A row goes before the next one is read: it may hold a report of the largest size.
                del row
    except UserError as error:
        yield Failure(reason(error))
    except UnicodeDecodeError:
        yield Failure(f"{table}: behind row {number} it is not in the encoding it begins in; save it as UTF-8")
    except OSError as error:
        yield Failure(f"{table}: cannot read it ({error.strerror or error}); check the path and your rights")
    else:
        if not number:
            yield Failure(f"{table}: it has no rows; give a table that has some")


def estimated_rows(table: Path, columns: Columns) -> int | None:
    """About how many rows a table has, by its first ones and its size; None for one that can't be read."""
    if table.suffix.lower() == ".parquet":
        from predict.input_parquet import count_rows

        return count_rows(table)
    try:
        with _opened(table, columns) as read:
            seen = sum(1 for _ in takewhile(lambda _: read.position() < 4 * _SAMPLE, read.rows))
            return round(seen * table.stat().st_size / max(read.position(), 1))
    except (OSError, ValueError, UserError):
        return None


@contextmanager
def _opened(table: Path, columns: Columns) -> Iterator[_Open]:
    if table.suffix.lower() == ".parquet":
        from predict.input_parquet import parquet_rows

        yield _Open(parquet_rows(table, columns), lambda: 0)
        return
    encoding, errors = _encoding(table)
    with table.open(encoding=encoding, errors=errors, newline="") as file:
        read = _json_rows if table.suffix.lower() == ".jsonl" else _cells
        yield _Open(read(file, table, columns), partial(_position, file))


def _position(file: TextIO) -> int:
    # The text stream itself does not tell while it is iterated over.
    return os.lseek(file.fileno(), 0, os.SEEK_CUR)


class _Naming:
    """Makes documents of rows and sees to it that no two have the same id."""

    def __init__(self, table: Path, prefix: str, columns: Columns) -> None:
        self._table, self._prefix, self._columns = table, prefix, columns
        self._seen = Seen()

    def document(self, row: _Row, number: int) -> Document | Failure:
        """The report in a row, or why there is none; `number` counts rows of data from 1."""
        where, text = f"{self._table}, row {number}", row.get(self._columns.text)
        if not isinstance(text, str) or not text.strip():
            return Failure(f"{where}: column {self._columns.text} has no text")
        if self._columns.id is None:
            return Document(f"{self._prefix}{number}", text=text)
        value = row.get(self._columns.id)
        name = "" if value is None else str(value).strip()
        if not name:
            return Failure(f"{where}: column {self._columns.id} is empty; every report needs an id")
        first = self._seen.first(name, number)
        if first != number:
            return Failure(f"{where}: id {name} stands in row {first} already; ids must differ")
        return Document(self._prefix + name, text=text)


def _encoding(table: Path) -> tuple[str, str]:
    """A table's encoding by its beginning, and what to do with bytes that do not fit it."""
    with table.open("rb") as file:
        sample = file.read(_SAMPLE)
    if len(sample) == _SAMPLE and b"\0" not in sample:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    source = decode(sample, str(table))
    marked = sample.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    encoding = "utf-16" if marked else _CODECS.get(source.encoding, source.encoding)
    # What begins as clean UTF-8 and goes on as something else is two files in one.
    return encoding, "strict" if encoding == "utf-8-sig" and not source.lost else "replace"


def check_columns(table: Path, columns: Columns, header: list[str]) -> None:
    """Raise UserError if a table has no column of that name."""
    for wanted, option in ((columns.text, "--text-column"), (columns.id, "--id-column")):
        if wanted is not None and wanted not in header:
            raise UserError(f'{table}: no column "{wanted}"; {suggestion(wanted, header)}; name it with {option}')


def _cells(file: TextIO, table: Path, columns: Columns) -> Iterator[_Row | Failure]:
    csv.field_size_limit(SIZE_LIMIT)
    header_line = file.readline(SIZE_LIMIT)
    file.seek(0)
    delimiter = "\t" if table.suffix.lower() == ".tsv" else max(",;\t", key=header_line.count)
    records = _records(file, table, delimiter)
    header = next(records, [])
    check_columns(table, columns, header)
    # `map`, unlike the variable of a loop, lets go of a row before it asks for the next one.
    yield from map(dict, map(partial(zip, header), filter(None, records)))


def _records(file: TextIO, table: Path, delimiter: str) -> Iterator[list[str]]:
    lines = 0
    while True:
        # A reader keeps a buffer as large as its largest cell, four bytes a character: each record has its own.
        reader = csv.reader(file, delimiter=delimiter)
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            line = lines + reader.line_num
            raise UserError(f"{table}: line {line} is not CSV ({error}); is a quotation mark not closed?") from error
        lines += reader.line_num
        del reader
        yield cells
        del cells


def _json_rows(file: TextIO, table: Path, columns: Columns) -> Iterator[_Row | Failure]:
    del columns
    lines = iter(partial(file.readline, SIZE_LIMIT), "")
    return filter(_is_there, map(partial(_json_row, table), lines, count(1)))


def _is_there(row: _Row | Failure | None) -> TypeGuard[_Row | Failure]:
    return row is not None


def _json_row(table: Path, line: str, number: int) -> _Row | Failure | None:
    """The row in a line, None for a blank one; raises UserError for one that is too long."""
    if len(line) == SIZE_LIMIT:
        raise UserError(f"{table}: line {number} has more than {SIZE_LIMIT:,} characters; is it JSON Lines?")
    if not line.strip():
        return None
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        return Failure(f"{table}: line {number} is not JSON ({error})")
    return row if isinstance(row, dict) else Failure(f"{table}: line {number} is no JSON object")
