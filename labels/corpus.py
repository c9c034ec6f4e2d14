"""The labelled corpus: one JSON Lines file a report, one line a paragraph, checked at every load."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from labels.errors import UserError, suggestion
from labels.files import write_whole
from labels.rationales import NO_RATIONALES, Rationales, parse_rationales
from labels.roles import ROLES, THEMED_ROLES
from labels.scheme import Scheme

# Reports as document sites, portals and files show them, with all that these add.
COPIES: Final = Path(__file__).with_name("copies")
DEFAULT_CORPUS: Final = Path(__file__).with_name("corpus")
_KEYS: Final = ("text", "role", "level", "themes", "considered", "rationales", "by", "at", "line")


@dataclass(frozen=True, slots=True)
class CorpusLine:
    """One labelled paragraph.

    `considered` are the themes that somebody judged on this line (None: none was), so a theme
    that is added later does not turn old lines into negatives. `line`: its number in the report that it was reviewed
    in, where the file may hold only some of the report's lines. `rationales`: of the themes for which somebody marked
    them, the passages of the text that give it the theme.
    """

    text: str
    role: str
    level: int | None
    themes: tuple[str, ...]
    considered: tuple[str, ...] | None
    by: str = ""
    at: str = ""
    line: int | None = None
    rationales: Rationales = field(default_factory=lambda: NO_RATIONALES)

    def as_row(self) -> dict[str, Any]:
        considered = None if self.considered is None else list(self.considered)
        line = {} if self.line is None else {"line": self.line}
        return {
            "text": self.text,
            "role": self.role,
            "level": self.level,
            "themes": list(self.themes),
            "considered": considered,
            **({"rationales": self.rationales} if self.rationales else {}),
            "by": self.by,
            "at": self.at,
            **line,
        }


@dataclass(frozen=True, slots=True)
class CorpusReport:
    """One labelled report: `name` is the file's stem, `slice` what stands before its last hyphen."""

    name: str
    lines: tuple[CorpusLine, ...]

    @property
    def slice(self) -> str:
        return self.name.rpartition("-")[0] or self.name


def load_corpus(folder: Path | None = None, *, scheme: Scheme) -> list[CorpusReport]:
    """Read every report of `folder` in the order of its name; raises UserError naming file and line."""
    folder = folder or DEFAULT_CORPUS
    paths = sorted(folder.glob("*.jsonl")) if folder.is_dir() else []
    if not paths:
        raise UserError(f"{folder}: no labelled reports (*.jsonl) here; give the folder that holds them")
    return [load_report(path, scheme=scheme) for path in paths]


def load_report(path: Path, *, scheme: Scheme) -> CorpusReport:
    """Read one labelled report."""
    try:
        rows = path.read_bytes().splitlines()
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror})") from error
    lines = tuple(
        parse_line(row, f"{path}, line {number}", scheme) for number, row in enumerate(rows, 1) if row.strip()
    )
    if not lines:
        raise UserError(f"{path}: it has no lines; delete it or label it")
    return CorpusReport(path.stem, lines)


def write_report(path: Path, lines: Iterable[CorpusLine]) -> None:
    """Write one labelled report whole or not at all; raises UserError if it cannot be written."""
    write_whole(path, b"".join(orjson.dumps(line.as_row()) + b"\n" for line in lines))


def text_hash(text: str) -> str:
    """First 16 hex digits of the SHA-256 of a text: what a line is known by where its text is not at hand."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def corpus_hash(reports: Iterable[CorpusReport]) -> str:
    """First 16 hex digits of a SHA-256 over every report's name and rows."""
    digest = hashlib.sha256()
    for report in reports:
        digest.update(report.name.encode() + b"\n")
        for line in report.lines:
            digest.update(orjson.dumps(line.as_row()) + b"\n")
    return digest.hexdigest()[:16]


def parse_line(raw: bytes, where: str, scheme: Scheme) -> CorpusLine:
    """The labelled paragraph of one row; raises UserError that begins with `where`."""
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise UserError(f"{where}: not JSON: {error}") from error
    _check_keys(row, where)
    text, role = _text(row.get("text"), where), check_role(row.get("role"), where)
    themes = tuple(_themes(row, "themes", where, scheme))
    line = CorpusLine(
        text=text,
        role=role,
        level=_level(row.get("level"), role, where),
        themes=themes,
        considered=None if row.get("considered") is None else tuple(_themes(row, "considered", where, scheme)),
        by=str(row.get("by") or ""),
        at=str(row.get("at") or ""),
        line=_number(row.get("line"), where),
        rationales=parse_rationales(row.get("rationales"), themes, len(text), where),
    )
    for theme in row.get("rationales") or ():
        scheme.check(theme, f"{where}: rationales")
    _check_themes(line, where)
    return line


def _check_keys(row: object, where: str) -> None:
    if not isinstance(row, dict):
        raise UserError(f"{where}: it is {row!r}; a JSON object is wanted")
    for key in row:
        if key not in _KEYS:
            raise UserError(f'{where}: unknown key "{key}"; {suggestion(key, _KEYS)}')


def check_role(role: object, where: str) -> str:
    """Return `role` if it is known, else raise with the place `where` it was found."""
    if not isinstance(role, str) or role not in ROLES:
        raise UserError(f'{where}: role "{role}" is unknown; {suggestion(str(role), ROLES)}')
    return role


def _text(text: object, where: str) -> str:
    if not isinstance(text, str) or not text.strip():
        raise UserError(f"{where}: text is {text!r}; a paragraph is wanted")
    return text


def _level(level: object, role: str, where: str) -> int | None:
    if level is None:
        return None
    if role != "heading" or not isinstance(level, int) or isinstance(level, bool) or not 1 <= level <= 6:
        raise UserError(f"{where}: level is {level!r}; a heading has 1 to 6, any other role null")
    return level


def _number(line: object, where: str) -> int | None:
    if line is not None and (not isinstance(line, int) or isinstance(line, bool) or line < 1):
        raise UserError(f"{where}: line is {line!r}; the number of a line, or no such key, is wanted")
    return line


def _themes(row: dict[str, Any], key: str, where: str, scheme: Scheme) -> Iterator[str]:
    themes = row.get(key)
    if not isinstance(themes, list) or len(set(map(str, themes))) != len(themes):
        raise UserError(f"{where}: {key} is {themes!r}; a list of different theme ids is wanted")
    for theme in themes:
        yield scheme.check(str(theme), where)


def _check_themes(line: CorpusLine, where: str) -> None:
    if line.themes and line.role not in THEMED_ROLES:
        raise UserError(
            f"{where}: a {line.role} has themes {', '.join(line.themes)}; only heading and body have themes"
        )
    missing = set(line.themes) - set(line.considered or ())
    if missing:
        raise UserError(f"{where}: {', '.join(sorted(missing))} is in themes but not in considered; add it there")
