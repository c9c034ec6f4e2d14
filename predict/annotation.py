"""What an annotation is: the rows that every output format writes, in the order of the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar, overload

import orjson

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
class LineRow:
    """One paragraph. `start`, `end`: code-point offsets into the source; `line`: its number among non-blank lines."""

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
    """One report as a whole."""

    report: str
    sha256: str
    encoding: str
    chars: int
    model: str
    meta: dict[str, Any]
    quality: dict[str, int]
    shares: dict[str, Share]
    primary: str | None
    warnings: tuple[str, ...] = ()
    schema: int = SCHEMA
    kind: str = "report"


Row = TypeVar("Row", LineRow, SectionRow)


class Rows(Sequence[Row]):
    """Rows that came as JSON Lines and are made when somebody asks for one; equal to a tuple of the same rows."""

    __slots__ = ("_kind", "_made", "encoded")
    _kind: type[Row]

    def __init__(self, encoded: bytes, kind: type[Row]) -> None:
        self.encoded = encoded
        self._kind = kind
        self._made: tuple[Row, ...] | None = None

    @overload
    def __getitem__(self, index: int) -> Row: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Row, ...]: ...
    def __getitem__(self, index: int | slice) -> Row | tuple[Row, ...]:
        return self._rows[index]

    def __len__(self) -> int:
        return self.encoded.count(b"\n") if self._made is None else len(self._made)

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows)

    def __eq__(self, other: object) -> bool:
        return self._rows == (tuple(other) if isinstance(other, Rows) else other)

    def __hash__(self) -> int:
        return hash(self.encoded)

    def __repr__(self) -> str:
        return repr(self._rows)

    def __reduce__(self) -> tuple[type[Rows[Row]], tuple[bytes, type[Row]]]:
        return type(self), (self.encoded, self._kind)

    @property
    def _rows(self) -> tuple[Row, ...]:
        if self._made is None:
            read = _line if self._kind is LineRow else _section
            self._made = tuple(read(orjson.loads(row)) for row in self.encoded.splitlines())
        return self._made


@dataclass(frozen=True, slots=True)
class Report:
    """An annotated report: its own row, its sections, its lines; `text` is the whole source."""

    row: ReportRow
    sections: Sequence[SectionRow]
    lines: Sequence[LineRow]
    text: str = field(repr=False, default="")


def _section(row: dict[str, Any]) -> Any:
    return SectionRow(**{**row, "heading_path": tuple(row["heading_path"]), "themes": tuple(row["themes"])})


def _line(row: dict[str, Any]) -> Any:
    themes = tuple(
        ThemeScore(**{**theme, "evidence": tuple(Evidence(**word) for word in theme["evidence"])})
        for theme in row["themes"]
    )
    return LineRow(**{**row, "heading_path": tuple(row["heading_path"]), "themes": themes})
