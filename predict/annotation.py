"""What an annotation is: the rows that every output format writes, in the order of the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from model.rollup import Share

SCHEMA: Final = 1


@dataclass(frozen=True, slots=True)
class Evidence:
    """A stretch of the source that speaks for a theme (or against it: `weight` in log-odds, signed)."""

    term: str
    weight: float
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class ThemeScore:
    """A theme that a line has. `score` (log-odds) = sum of evidence weights + sum of `context` + `rest`."""

    id: str
    probability: float
    threshold: float
    score: float
    evidence: tuple[Evidence, ...]
    context: dict[str, float]
    rest: float


@dataclass(frozen=True, slots=True)
class ModelSaid:
    """What the model would have said of a line that a person decided on."""

    role: str
    themes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LineRow:
    """One paragraph. `start`, `end`: code-point offsets into the source; `line`: its number among non-blank lines.

    page: of a PDF, from 1. paragraph: number of its w:p in a DOCX, from 0. role_by: what in the document says its role.
    """

    report: str
    line: int
    start: int
    end: int
    role: str
    section: int
    heading_path: tuple[str, ...]
    text: str
    text_sha256: str
    themes: tuple[ThemeScore, ...]
    probabilities: dict[str, float]
    margin: float
    novelty: float
    terms: dict[str, int]
    band: str
    decided_by: str = "model"
    inferred: bool = False
    model_said: ModelSaid | None = None
    page: int | None = None
    paragraph: int | None = None
    role_by: str = ""
    kind: str = "line"


@dataclass(frozen=True, slots=True)
class SectionRow:
    """A heading and the paragraphs under it up to the next heading; section 0 is the lead."""

    report: str
    section: int
    heading_line: int
    level: int
    heading_path: tuple[str, ...]
    start: int
    end: int
    shares: dict[str, float]
    themes: tuple[str, ...]
    primary: str | None
    kind: str = "section"


@dataclass(frozen=True, slots=True)
class ReportRow:
    """One report as a whole. format: the kind of document it came in. converted_by: the program that converted it."""

    report: str
    sha256: str
    encoding: str
    chars: int
    model: str
    meta: dict[str, Any]
    quality: dict[str, float]
    shares: dict[str, Share]
    primary: str | None
    warnings: tuple[str, ...] = ()
    format: str = "text"
    converted_by: str | None = None
    schema: int = SCHEMA
    kind: str = "report"


@dataclass(frozen=True, slots=True)
class Report:
    """An annotated report: its own row, its sections, its lines; `text` is the whole source, `origin` its file."""

    row: ReportRow
    sections: Sequence[SectionRow]
    lines: Sequence[LineRow]
    text: str = field(repr=False, default="")
    origin: Path | None = field(repr=False, compare=False, default=None)
