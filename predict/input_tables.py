"""Reports in the rows of a table: CSV, TSV or JSON Lines, read row by row whatever the table's size."""

from __future__ import annotations

import codecs
import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

import orjson

from labels.errors import UserError, suggestion
from model.source import SIZE_LIMIT, decode
from predict.inputs import Columns, Document, Failure, reason

# So many bytes tell the encoding.
_SAMPLE: Final = 1 << 18
_CODECS: Final = {"utf-8": "utf-8-sig", "big5": "big5hkscs"}

_Row = dict[str, object]


def rows(table: Path, prefix: str, columns: Columns) -> Iterator[Document | Failure]:
    """The reports of a table, each called by `prefix` and its id. What is wrong with a row is that row's failure."""
    naming = _Naming(table, prefix, columns)
    number = 0
    try:
        encoding, errors = _encoding(table)
        with table.open(encoding=encoding, errors=errors, newline="") as file:
            read = _json_rows if table.suffix.lower() == ".jsonl" else _cells
            for row in read(file, table, columns):
                number += 1
                yield row if isinstance(row, Failure) else naming.document(row, number)
    except UserError as error:
        yield Failure(reason(error))
    except UnicodeDecodeError:
        yield Failure(f"{table}: behind row {number} it is not in the encoding it begins in; save it as UTF-8")
    except OSError as error:
        yield Failure(f"{table}: cannot read it ({error.strerror}); check the path and your rights")
    else:
        if not number:
            yield Failure(f"{table}: it has no rows; give a table that has some")


class _Naming:
    """Makes documents of rows and sees to it that no two have the same id."""

    def __init__(self, table: Path, prefix: str, columns: Columns) -> None:
        self._table, self._prefix, self._columns = table, prefix, columns
        # Of millions of ids only hashes are kept.
        self._first: dict[int, int] = {}

    def document(self, row: _Row, number: int) -> Document | Failure:
        """The report in a row, or why there is none; `number` counts rows of data from 1."""
        where, text = f"{self._table}, row {number}", row.get(self._columns.text)
        if not isinstance(text, str) or not text.strip():
            return Failure(f"{where}: column {self._columns.text} has no text")
        name = str(number)
        if self._columns.id is not None:
            name = str(row.get(self._columns.id) or "").strip()
        if not name:
            return Failure(f"{where}: column {self._columns.id} is empty; every report needs an id")
        first = self._first.setdefault(hash(name), number)
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


def _cells(file: TextIO, table: Path, columns: Columns) -> Iterator[_Row | Failure]:
    csv.field_size_limit(SIZE_LIMIT)
    header_line = file.readline(SIZE_LIMIT)
    file.seek(0)
    delimiter = "\t" if table.suffix.lower() == ".tsv" else max(",;\t", key=header_line.count)
    reader = csv.reader(file, delimiter=delimiter)
    try:
        header = next(reader, [])
        for wanted, option in ((columns.text, "--text-column"), (columns.id, "--id-column")):
            if wanted is not None and wanted not in header:
                raise UserError(f'{table}: no column "{wanted}"; {suggestion(wanted, header)}; name it with {option}')
        for cells in reader:
            if cells:
                yield dict(zip(header, cells, strict=False))
    except csv.Error as error:
        raise UserError(
            f"{table}: line {reader.line_num} is not CSV ({error}); is a quotation mark not closed?"
        ) from error


def _json_rows(file: TextIO, table: Path, columns: Columns) -> Iterator[_Row | Failure]:
    del columns
    number = 0
    while line := file.readline(SIZE_LIMIT):
        number += 1
        if len(line) == SIZE_LIMIT:
            raise UserError(f"{table}: line {number} has more than {SIZE_LIMIT:,} characters; is it JSON Lines?")
        if not line.strip():
            continue
        try:
            row = orjson.loads(line)
        except orjson.JSONDecodeError as error:
            yield Failure(f"{table}: line {number} is not JSON ({error})")
            continue
        yield row if isinstance(row, dict) else Failure(f"{table}: line {number} is no JSON object")
