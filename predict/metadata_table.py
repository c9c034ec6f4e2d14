"""A user's table of metadata: one row a report, known columns checked, others passed through."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from labels.errors import UserError, suggestion
from model.source import decode
from predict.dates import is_iso
from predict.metadata import ORGANS
from predict.spans import PERIODS

Table = dict[str, dict[str, str]]

_YEAR: Final = re.compile("(?:19|20)[0-9]{2}")
_RESERVED: Final = frozenset(("from",))


def load_metadata(path: Path) -> Table:
    """Rows of a CSV or TSV table by the report they speak of, without empty cells.

    The first row names the columns: `report` (or `path`), any of title, source, date, place, year,
    period, organ, and whatever else shall stand in the output. Raises UserError that names file, row
    (as a spreadsheet counts, the first is 1) and column.
    """
    rows = _rows(path)
    header = _header(next(rows, (1, []))[1], path)
    table: Table = {}
    numbers: dict[str, int] = {}
    for number, cells in rows:
        where = f"{path}, row {number}"
        if len(cells) > len(header):
            raise UserError(
                f"{where}: it has {len(cells)} cells, the first row only {len(header)}; quote cells with commas"
            )
        row = {column: cell.strip() for column, cell in zip(header, cells, strict=False) if cell.strip()}
        report = report_name(row.pop("report", ""))
        if not report:
            raise UserError(f"{where}: column report is empty; write the name of the report there")
        if report in table:
            raise UserError(f"{where}: report {report} has a row already, {numbers[report]}; keep one of them")
        table[report] = {column: _checked(column, value, where) for column, value in row.items()}
        numbers[report] = number
    return table


def report_name(name: str) -> str:
    """A name as the reports of a folder have it: `/` between folders, no `./` before it.

    >>> report_name(".\\\\2018\\\\suzhou.txt")
    '2018/suzhou.txt'
    """
    return name.strip().replace("\\", "/").removeprefix("./")


def unknown_reports(table: Mapping[str, object], seen: Iterable[str], path: Path) -> str | None:
    """A warning that names rows of the table which no report has, or None."""
    names = list(seen)
    known = set(names)
    unknown = [report for report in table if report not in known]
    if not unknown:
        return None
    listed = ", ".join(unknown[:3]) + (", …" if len(unknown) > 3 else "")
    count = "1 row names no report" if len(unknown) == 1 else f"{len(unknown)} rows name no report"
    return f"{path}: {count} that was read: {listed}; {suggestion(unknown[0], names[:1000])}"


def _rows(path: Path) -> Iterator[tuple[int, list[str]]]:
    try:
        text = decode(path.read_bytes(), str(path)).text
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); check the path") from error
    head = text.partition("\n")[0]
    delimiter = max("\t,;", key=head.count)
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), 1):
            if any(map(str.strip, cells)):
                yield number, cells
    except csv.Error as error:
        raise UserError(f"{path}: not a table that can be read ({error}); save it as CSV in UTF-8") from error


def _header(cells: list[str], path: Path) -> list[str]:
    names = [cell.strip() for cell in cells]
    columns = ["report" if name == "path" and "report" not in names else name for name in names]
    if "report" not in columns:
        raise UserError(
            f'{path}, row 1: no column "report" (or "path"); columns: {", ".join(filter(None, names)) or "none"}'
        )
    for number, name in enumerate(columns, 1):
        if not name or name in _RESERVED or columns.index(name) != number - 1:
            problem = f'"{name}" is used by the program' if name in _RESERVED else f'"{name}" is empty or stands twice'
            raise UserError(f"{path}, row 1, column {number}: {problem}; give the column another name")
    return columns


def _checked(column: str, value: str, where: str) -> str:
    wanted = {"year": "a year such as 2024", "date": "2025, 2025-02 or 2025-02-21"}
    if (column == "year" and not _YEAR.fullmatch(value)) or (column == "date" and not is_iso(value)):
        raise UserError(f'{where}, column {column}: "{value}" came; {wanted[column]} is wanted')
    for name, known in (("period", PERIODS), ("organ", ORGANS)):
        if column == name and value not in known:
            raise UserError(f'{where}, column {column}: "{value}" is unknown; {suggestion(value, known)}')
    return value
