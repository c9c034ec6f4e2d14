"""Reports for a comparison: annotated just now, or read from the JSON Lines that `zhengfa annotate` wrote."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from labels.errors import UserError, suggestion
from labels.scheme import Scheme
from model.rollup import Share
from predict.annotation import Report
from predict.compare import Member, Paragraph, When
from predict.compare_words import Vocabulary
from predict.metadata import with_table
from predict.metadata_table import Table

_ROWS: Final = (".jsonl", ".ndjson")
_REMEDY: Final = "give the JSON Lines that `zhengfa annotate` wrote, or the reports themselves"


def is_annotated(path: str) -> bool:
    """Whether a file holds rows of `zhengfa annotate`, not a table of texts."""
    if not path.lower().endswith(_ROWS) or not Path(path).is_file():
        return False
    with Path(path).open("rb") as file:
        first = file.readline(1 << 20)
    try:
        row = orjson.loads(first)
    except orjson.JSONDecodeError:
        return first.startswith(b'{"kind":"report"')
    return isinstance(row, dict) and row.get("kind") == "report" and "shares" in row


class Members:
    """Makes members of a comparison, all with one vocabulary.

    A row of `metadata` goes over what an annotation that was read says of its report.
    """

    def __init__(self, scheme: Scheme, metadata: Table | None = None) -> None:
        self._scheme, self._metadata = scheme, metadata or {}
        self.vocabulary = Vocabulary(scheme.terms)
        self.models: list[str] = []

    def of_report(self, report: Report) -> Member:
        """The member that a report is."""
        row = report.row
        lines = [
            (line.line, line.text, {theme.id: (theme.probability, theme.score) for theme in line.themes})
            for line in report.lines
            if line.role == "body"
        ]
        return self._member(row.report, row.meta, row.shares, lines, row.model)

    def of_file(self, path: Path) -> Iterator[Member]:
        """The members in a file of rows; raises UserError that names the line it can't use."""
        row: dict[str, Any] | None = None
        lines: list[tuple[int, str, Any]] = []
        for number, read in _rows(path):
            try:
                if read["kind"] == "report":
                    if row is not None:
                        yield self._of_row(row, lines)
                    row, lines = read, []
                    self._check(read, f"{path}, line {number}")
                elif read["kind"] == "line" and read["role"] == "body":
                    themes = {theme["id"]: (theme["probability"], theme["score"]) for theme in read["themes"]}
                    lines.append((read["line"], read["text"], themes))
            except (KeyError, TypeError, ValueError, AttributeError) as error:
                raise UserError(
                    f"{path}, line {number}: it is no row of an annotation ({error!r}); {_REMEDY}"
                ) from error
        if row is not None:
            yield self._of_row(row, lines)

    def _check(self, row: Mapping[str, Any], where: str) -> None:
        known = (*self._scheme.ids, "none")
        for theme in row["shares"]:
            if theme not in known:
                raise UserError(
                    f'{where}: theme "{theme}" is unknown; {suggestion(theme, known)}; '
                    "give the model that annotated it with --model"
                )
        if not isinstance(row["report"], str) or not isinstance(row["meta"], Mapping) or "model" not in row:
            raise TypeError("a report has a name, meta and a model")

    def _of_row(self, row: Mapping[str, Any], lines: Iterable[tuple[int, str, Any]]) -> Member:
        shares = {
            theme: Share(float(share["share"]), float(share["low"]), float(share["high"]))
            for theme, share in row["shares"].items()
        }
        meta = with_table(row["meta"], self._metadata.get(row["report"]))
        return self._member(row["report"], meta, shares, lines, str(row["model"]))

    def _member(
        self,
        report: str,
        meta: Mapping[str, Any],
        shares: Mapping[str, Share],
        lines: Iterable[tuple[int, str, Mapping[str, tuple[float, float]]]],
        model: str,
    ) -> Member:
        self.models.append(model)
        none = Share(0.0, 0.0, 0.0)
        paragraphs = tuple(
            Paragraph(report, line, text, themes, self.vocabulary.words(text)) for line, text, themes in lines
        )
        place = str(meta.get("place") or meta.get("title") or report)
        every = {theme: shares.get(theme, none) for theme in (*self._scheme.ids, "none")}
        return Member(report, place, When.of(_year(meta.get("year")), meta.get("period")), every, paragraphs)


def _rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    try:
        with path.open("rb") as file:
            for number, line in enumerate(file, 1):
                if line.strip():
                    yield number, _row(line, f"{path}, line {number}")
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); check the path") from error


def _row(line: bytes, where: str) -> dict[str, Any]:
    try:
        row = orjson.loads(line)
    except orjson.JSONDecodeError as error:
        raise UserError(f"{where}: it is no JSON ({error}); {_REMEDY}") from error
    if not isinstance(row, dict):
        raise UserError(f"{where}: it is no row of an annotation; {_REMEDY}")
    return row


def _year(value: object) -> int | None:
    return value if isinstance(value, int) and 1900 <= value <= 2100 else None
