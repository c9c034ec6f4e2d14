"""Reports in the rows of a table: CSV, TSV or JSON Lines, read row by row whatever the table's size."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Final, TextIO

import orjson

from labels.errors import UserError, suggestion
from model.source import SIZE_LIMIT, decode
from predict.inputs import Columns, Document, Failure

# So many bytes tell the encoding.
_SAMPLE: Final = 1 << 18

_Row = dict[str, object]


def rows(table: Path, prefix: str, columns: Columns) -> Iterator[Document | Failure]:
    """The reports of a table, each called by `prefix` and its id. What is wrong with a row is that row's failure."""
    seen: dict[int, int] = {}
    number = 0
    try:
        with table.open(encoding=_encoding(table), errors="strict", newline="") as file:
            read = _json_rows if table.suffix.lower() == ".jsonl" else _cells
            for number, row in enumerate(read(file, table, columns), 1):  # noqa: B007 it is told where reading stops
                yield _document(row, number, f"{table}, row {number}", prefix, columns, seen)
    except UserError as error:
        yield Failure(str(error))
    except UnicodeDecodeError:
        yield Failure(f"{table}: behind row {number} it is not in the encoding it begins in; save it as UTF-8")
    except OSError as error:
        yield Failure(f"{table}: cannot read it ({error.strerror}); check the path and your rights")
    else:
        if not number:
            yield Failure(f"{table}: it has no rows; give a table that has some")


def _encoding(table: Path) -> str:
    with table.open("rb") as file:
        sample = file.read(_SAMPLE)
    if len(sample) == _SAMPLE:
        sample = sample[: sample.rfind(b"\n") + 1] or sample
    encoding = decode(sample, str(table)).encoding
    return {"utf-8": "utf-8-sig", "utf-16-le": "utf-16", "utf-16-be": "utf-16", "big5": "big5hkscs"}.get(encoding, encoding)


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
        raise UserError(f"{table}: line {reader.line_num} is not CSV ({error}); is a quotation mark not closed?") from error


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


def _document(
    row: _Row | Failure, number: int, where: str, prefix: str, columns: Columns, seen: dict[int, int]
) -> Document | Failure:
    if isinstance(row, Failure):
        return row
    text = row.get(columns.text)
    if not isinstance(text, str) or not text.strip():
        return Failure(f"{where}: column {columns.text} has no text")
    name = str(number) if columns.id is None else str(row.get(columns.id) or "").strip()
    if not name:
        return Failure(f"{where}: column {columns.id} is empty; every report needs an id")
    # Of millions of ids only hashes are kept.
    first = seen.setdefault(hash(name), number)
    if first != number:
        return Failure(f"{where}: id {name} stands in row {first} already; ids must differ")
    return Document(prefix + name, text=text)
