"""JSON Lines: a row for the report, its sections, its lines, in that order; UTF-8 throughout.

Keys stand in a fixed order. Some appear only where they say something: of a report `warnings`, `format` (of a document
that is no plain text) and `converted_by`; of a line `inferred` (its breaks were guessed), `page`, `paragraph`,
`role_by`, and `model_said` (role, themes) where a person decided.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import Any, BinaryIO, Final, TypeVar

import orjson

from predict.annotation import LineRow, Report, ReportRow, SectionRow
from predict.encoded_rows import Rows
from predict.formats import Format, Legend

_Row = TypeVar("_Row", LineRow, SectionRow)
_BETWEEN_ROWS: Final = b'},{"kind":'


def rows(report: Report) -> Iterator[dict[str, Any]]:
    """The rows of a report as dictionaries (nested dataclasses are left to orjson)."""
    yield _report(report.row)
    yield from map(_section, report.sections)
    yield from map(_line, report.lines)


def encode(report: Report) -> bytes:
    """The rows of a report, each with a newline behind it."""
    return b"".join(chunks(report))


def chunks(report: Report) -> Iterator[bytes]:
    """The same in pieces: a long report's rows are more than should be in memory at once."""
    first = orjson.dumps(_report(report.row), option=orjson.OPT_SERIALIZE_NUMPY | orjson.OPT_APPEND_NEWLINE)
    yield first
    yield from _encoded(report.sections, _section)
    yield from _encoded(report.lines, _line)


def write(reports: Iterable[Report], stream: BinaryIO, legend: Legend) -> None:
    """Write every report's rows."""
    del legend
    stream.writelines(chain.from_iterable(map(chunks, reports)))


FORMAT: Final = Format(write)


def _encoded(found: Sequence[_Row], as_dictionary: Callable[[_Row], dict[str, Any]]) -> Iterator[bytes]:
    if isinstance(found, Rows):
        yield from found.chunks()
        return
    # One call for all rows takes a third of the time of one for each. The bytes between two rows stand nowhere
    # else: a quotation mark inside a string has a backslash before it, and no list within a row holds a `kind`.
    array = orjson.dumps(list(map(as_dictionary, found)), option=orjson.OPT_SERIALIZE_NUMPY)
    yield array[1:-1].replace(_BETWEEN_ROWS, b'}\n{"kind":') + b"\n" * bool(found)


def _report(row: ReportRow) -> dict[str, Any]:
    document = {"format": row.format} if row.format != "text" else {}
    said = {"warnings": row.warnings, "converted_by": row.converted_by}
    return {
        "kind": row.kind,
        "report": row.report,
        "sha256": row.sha256,
        "encoding": row.encoding,
        "chars": row.chars,
        "model": row.model,
        "schema": row.schema,
        "meta": row.meta,
        "quality": row.quality,
        "shares": row.shares,
        "primary": row.primary,
        **document,
        **{key: value for key, value in said.items() if value},
    }


def _section(row: SectionRow) -> dict[str, Any]:
    return {
        "kind": row.kind,
        "report": row.report,
        "section": row.section,
        "heading_line": row.heading_line,
        "level": row.level,
        "heading_path": row.heading_path,
        "start": row.start,
        "end": row.end,
        "shares": row.shares,
        "themes": row.themes,
        "primary": row.primary,
    }


def _line(row: LineRow) -> dict[str, Any]:
    # Plain text, the bulk of all lines, has none of these.
    rare = {} if row.page is row.paragraph is None and not (row.inferred or row.role_by) else _rare(row)
    model_said = {} if row.model_said is None else {"model_said": row.model_said}
    return {
        "kind": row.kind,
        "report": row.report,
        "line": row.line,
        "start": row.start,
        "end": row.end,
        "role": row.role,
        "section": row.section,
        "heading_path": row.heading_path,
        "text": row.text,
        "text_sha256": row.text_sha256,
        "themes": row.themes,
        "probabilities": row.probabilities,
        "margin": row.margin,
        "novelty": row.novelty,
        "terms": row.terms,
        "band": row.band,
        "decided_by": row.decided_by,
        **rare,
        **model_said,
    }


def _rare(row: LineRow) -> dict[str, Any]:
    said = {"inferred": row.inferred, "page": row.page, "paragraph": row.paragraph, "role_by": row.role_by}
    return {key: value for key, value in said.items() if value is not None and value is not False and value != ""}
