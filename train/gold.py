"""Gold labels to measure against: stand-off files beside real reports, or labelled reports with their text."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from labels.corpus import CorpusReport, load_corpus
from labels.errors import UserError
from labels.scheme import Scheme
from model.source import Source, read_source, source_from_text


@dataclass(frozen=True, slots=True)
class GoldLine:
    """The labels of one line; `line` counts non-blank lines from 1, `sha256` is of the stripped line (16 hex)."""

    line: int
    sha256: str
    role: str
    level: int | None
    themes: frozenset[str]


@dataclass(frozen=True, slots=True)
class GoldReport:
    """One report with its gold labels. `primary`: heading line (0: the lead) → primary theme, only where judged."""

    source: Source
    lines: tuple[GoldLine, ...]
    primary: dict[int, str]


def load_gold(gold: Path, reports: Path | None, scheme: Scheme) -> list[GoldReport]:
    """Read gold labels: of the texts in `reports`, or with their own text (the corpus format) where that is None."""
    if reports is None:
        return [_with_text(report) for report in load_corpus(gold, scheme=scheme)]
    names = sorted(path.stem for path in gold.glob("*.jsonl") if not path.stem.endswith(".sections"))
    if not names:
        raise UserError(f"{gold}: no gold labels (*.jsonl) here")
    return [_stand_off(gold, reports, name, scheme) for name in names]


def _with_text(report: CorpusReport) -> GoldReport:
    text = "\n".join(line.text for line in report.lines)
    lines = tuple(
        GoldLine(number, _hash(line.text), line.role, line.level, frozenset(line.themes))
        for number, line in enumerate(report.lines, 1)
    )
    return GoldReport(source_from_text(text, report.name), lines, {})


def _stand_off(gold: Path, reports: Path, name: str, scheme: Scheme) -> GoldReport:
    source = read_source(reports / f"{name}.txt", f"{name}.txt")
    texts = [line.strip() for line in source.text.replace("\r\n", "\n").replace("\r", "\n").split("\n") if line.strip()]
    lines = []
    for where, row in _rows(gold / f"{name}.jsonl"):
        themes = frozenset(scheme.check(theme, where) for theme in row["themes"])
        line = GoldLine(row["line"], row["sha256"], row["role"], row.get("level"), themes)
        if not 1 <= line.line <= len(texts) or _hash(texts[line.line - 1]) != line.sha256:
            raise UserError(
                f"{where}: line {line.line} of {source.name} is not the text that was labelled; label it again"
            )
        lines.append(line)
    sections = gold / f"{name}.sections.jsonl"
    rows = _rows(sections) if sections.is_file() else iter(())
    primary = {row["heading_line"]: scheme.check(row["primary"], where) for where, row in rows if row["primary"]}
    return GoldReport(source, tuple(lines), primary)


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        raws = path.read_bytes().splitlines()
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror})") from error
    for number, raw in enumerate(raws, 1):
        where = f"{path}, line {number}"
        try:
            yield where, orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise UserError(f"{where}: not JSON: {error}") from error


def _hash(text: str) -> str:
    return hashlib.sha256(text.strip().encode()).hexdigest()[:16]
