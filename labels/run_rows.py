"""What `zhengfa annotate` wrote as JSON Lines, read report by report, whatever the file's size."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from labels.corpus import text_hash
from labels.errors import UserError
from labels.item import Evidence
from labels.roles import ROLES
from labels.rows import Kinds, chances, is_kind, need_kinds, read_rows, texts

_META: Final = ("year", "place")


@dataclass(frozen=True, slots=True)
class RunLine:
    """One annotated line; `evidence` are the words that spoke for its themes, with places within `text`."""

    line: int
    role: str
    section: int
    heading_path: tuple[str, ...]
    text: str
    text_sha256: str
    themes: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    probabilities: dict[str, float]
    novelty: float
    terms: dict[str, int]
    decided_by: str


@dataclass(frozen=True, slots=True)
class RunReport:
    """One annotated report. heading_lines: of each section the lines of the headings of its path."""

    report: str
    model: str
    meta: dict[str, Any]
    heading_lines: dict[int, tuple[int, ...]]
    lines: tuple[RunLine, ...]
    where: str


_REPORT: Final[Kinds] = {"report": str, "model": str, "meta": dict}
_SECTION: Final[Kinds] = {"report": str, "section": int, "heading_line": int, "heading_path": list}
_LINE: Final[Kinds] = {
    "report": str,
    "line": int,
    "start": int,
    "role": str,
    "section": int,
    "heading_path": list,
    "text": str,
    "text_sha256": str,
    "themes": list,
    "probabilities": dict,
    "novelty": float,
    "terms": dict,
    "decided_by": str,
}
_THEME: Final[Kinds] = {"id": str, "evidence": list}
_WORD: Final[Kinds] = {"term": str, "weight": float, "start": int, "end": int}


def read_runs(paths: Sequence[Path]) -> Iterator[RunReport]:
    """The reports of annotate's outputs; UserError where a file is none, or where two hold a report of one name."""
    seen: dict[str, str] = {}
    for path in paths:
        for report in _reports(path):
            if report.report in seen:
                raise UserError(
                    f"{report.where}: report {report.report} stands in {seen[report.report]}, too; give each once"
                )
            seen[report.report] = report.where
            yield report


def _reports(path: Path) -> Iterator[RunReport]:
    gathered: list[tuple[str, dict[str, Any]]] = []
    for where, row in read_rows(path):
        if row.get("kind") == "report" and gathered:
            yield _report(gathered)
            gathered.clear()
        gathered.append((where, row))
    if not gathered:
        raise UserError(f"{path}: no rows here; make some: zhengfa annotate REPORTS --out {path}")
    yield _report(gathered)


def _report(rows: Sequence[tuple[str, dict[str, Any]]]) -> RunReport:
    where, head = rows[0]
    if head.get("kind") != "report":
        raise UserError(f"{where}: not a row of annotate's JSON Lines; make them: zhengfa annotate … --out run.jsonl")
    need_kinds(head, _REPORT, where)
    for place, row in rows:
        if row.get("report") != head["report"]:
            raise UserError(f"{place}: a row of {row.get('report')} among those of {head['report']}; annotate again")
    sections = [need_kinds(row, _SECTION, place) for place, row in rows if row.get("kind") == "section"]
    return RunReport(
        report=head["report"],
        model=head["model"],
        meta={key: head["meta"][key] for key in _META if head["meta"].get(key) is not None},
        heading_lines=dict(_heading_lines(sections, where)),
        lines=tuple(_line(row, place) for place, row in rows if row.get("kind") == "line"),
        where=where,
    )


def _heading_lines(sections: Sequence[dict[str, Any]], where: str) -> Iterator[tuple[int, tuple[int, ...]]]:
    """Of each section the lines of its path: the last heading before it that closes each part of the path."""
    line_of: dict[tuple[str, ...], int] = {}
    for section in sections:
        path = texts(section["heading_path"], f"{where}: heading_path")
        line_of[path] = section["heading_line"]
        yield section["section"], tuple(line_of.get(path[:depth], 0) for depth in range(1, len(path) + 1))


def _line(row: dict[str, Any], where: str) -> RunLine:
    need_kinds(row, _LINE, where)
    if row["role"] not in ROLES:
        raise UserError(f'{where}: role "{row["role"]}" is unknown; known: {", ".join(ROLES)}')
    if text_hash(row["text"]) != row["text_sha256"]:
        raise UserError(f"{where}: text and text_sha256 do not belong together; annotate again")
    themes = [need_kinds(theme, _THEME, where) for theme in row["themes"]]
    return RunLine(
        line=row["line"],
        role=row["role"],
        section=row["section"],
        heading_path=texts(row["heading_path"], f"{where}: heading_path"),
        text=row["text"],
        text_sha256=row["text_sha256"],
        themes=tuple(theme["id"] for theme in themes),
        evidence=tuple(_evidence(themes, row["start"], len(row["text"]), where)),
        probabilities=chances(row["probabilities"], f"{where}: probabilities"),
        novelty=float(row["novelty"]),
        terms=_counts(row["terms"], f"{where}: terms"),
        decided_by=row["decided_by"],
    )


def _counts(value: dict[str, Any], where: str) -> dict[str, int]:
    if not all(is_kind(count, int) for count in value.values()):
        raise UserError(f"{where} is {value!r}; whole numbers are wanted")
    return value


def _evidence(themes: Sequence[dict[str, Any]], start: int, length: int, where: str) -> Iterator[Evidence]:
    for theme in themes:
        for word in theme["evidence"]:
            need_kinds(word, _WORD, where)
            first, last = word["start"] - start, word["end"] - start
            if word["weight"] > 0 and 0 <= first < last <= length:
                yield Evidence(theme["id"], word["term"], first, last)
