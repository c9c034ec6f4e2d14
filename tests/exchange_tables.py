"""Tables for reviewers, and what people do to them in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl

from labels.exchange import Entry, format_of
from labels.exchange_import import Taken, Terms, import_file
from labels.scheme import Scheme
from labels.store import Store
from tests.exchange_items import queue_item

QUEUE = [queue_item("全市打掉团伙3个。"), queue_item("调解纠纷120件。", 3), queue_item("盲审。", 4, blind=True)]
Edit = Callable[[list[dict[str, str]]], None]


def exported(path: Path, scheme: Scheme, reviewer: str = "") -> Path:
    format_of(path).write([Entry(item, None, reviewer) for item in QUEUE], path, scheme)
    return path


def edit_csv(path: Path, edit: Edit, encoding: str = "utf-8-sig", delimiter: str = ",") -> None:
    rows = list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))
    names = [cell.rpartition(" / ")[2] for cell in rows[0]]
    named = [dict(zip(names, row, strict=True)) for row in rows[1:]]
    edit(named)
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows([rows[0], *(row.values() for row in named)])
    path.write_bytes(text.getvalue().encode(encoding))


def edit_xlsx(path: Path, edit: Edit) -> None:
    book = openpyxl.load_workbook(path)
    sheet = book.worksheets[0]
    names = [str(cell.value).rpartition(" / ")[2] for cell in sheet[1]]
    rows: list[dict[str, Any]] = [
        dict(zip(names, (cell.value for cell in row), strict=True)) for row in sheet.iter_rows(min_row=2)
    ]
    edit(rows)
    for number, row in enumerate(rows, 2):
        for column, value in enumerate(row.values(), 1):
            sheet.cell(number, column).value = value
    book.save(path)


def answer(rows: list[dict[str, str]]) -> None:
    """The first row is accepted, the second gets another theme, the third, blind, none."""
    rows[0]["state"] = "已审 / reviewed"
    rows[1] |= {"security": "", "mediation": "是", "state": "reviewed", "note": "改"}
    rows[2]["state"] = "已审"


def take(path: Path, store: Store, scheme: Scheme, reviewer: str = "王芳") -> Taken:
    return import_file(path, store, Terms(scheme, reviewer))
