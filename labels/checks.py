"""What is wrong with labelled reports: rows that break the format, contradictions, leaks into held-out reports."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from labels.corpus import CorpusLine, check_role, parse_line, text_hash
from labels.errors import UserError
from labels.near_duplicates import NearPair, letters, near_pairs
from labels.roles import THEMED_ROLES
from labels.scheme import Scheme

LABELS: Final = Path(__file__).parent
HELD_OUT: Final = tuple(LABELS / name for name in ("heldout", "development", "foreign", "copies_heldout"))
# A shorter line is a set phrase (二、存在的问题): its place decides what it means, and every report may have it.
LEAST_LETTERS: Final = 16
_HASH = re.compile("[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands; lines count from 1."""

    path: Path
    line: int

    def __str__(self) -> str:
        return f"{self.path}, line {self.line}"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong, and where."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}"


@dataclass(frozen=True, slots=True)
class Row:
    """A row that could be read: a labelled line, or the hash of one whose text is kept elsewhere."""

    place: Place
    line: CorpusLine | None
    sha256: str


@dataclass(frozen=True, slots=True)
class Checked:
    """The rows of training and held-out reports, and what is wrong with them, in the order of the files."""

    corpus: tuple[Row, ...]
    held_out: tuple[Row, ...]
    findings: tuple[Finding, ...]


def check_labels(corpus: Path, held_out: Sequence[Path], scheme: Scheme) -> Checked:
    """Read every row and find what is wrong; raises UserError only where a folder has no reports."""
    findings: list[Finding] = []
    rows = list(_read(_reports(corpus), scheme, findings))
    held = [row for folder in held_out for row in _read(_reports(folder), scheme, findings)]
    findings += _contradictions_and_leaks(rows, held)
    findings += _hash_leaks(rows, held)
    findings.sort(key=lambda finding: (str(finding.place.path), finding.place.line))
    return Checked(tuple(rows), tuple(held), tuple(dict.fromkeys(findings)))


def _reports(folder: Path) -> list[Path]:
    paths = sorted(path for path in folder.glob("*.jsonl") if not path.stem.endswith(".sections"))
    if not paths:
        raise UserError(f"{folder}: no labelled reports (*.jsonl) here; give the folder that holds them")
    return paths


def _read(paths: Iterable[Path], scheme: Scheme, findings: list[Finding]) -> Iterator[Row]:
    for path in paths:
        try:
            raws = path.read_bytes().splitlines()
        except OSError as error:
            raise UserError(f"{path}: cannot read it ({error.strerror})") from error
        if not any(map(bytes.strip, raws)):
            findings.append(Finding(Place(path, 1), "the report has no lines; delete it or label it"))
        for number, raw in enumerate(raws, 1):
            place = Place(path, number)
            try:
                if raw.strip():
                    yield _row(raw, place, scheme)
            except UserError as error:
                findings.append(Finding(place, str(error).removeprefix(f"{place}: ")))


def _row(raw: bytes, place: Place, scheme: Scheme) -> Row:
    stand_off = _stand_off(raw)
    if stand_off is None:
        line = parse_line(raw, str(place), scheme)
        return Row(place, line, text_hash(line.text.strip()))
    check_role(stand_off.get("role"), str(place))
    themes = stand_off.get("themes")
    if not isinstance(themes, list):
        raise UserError(f"{place}: themes is {themes!r}; a list of theme ids is wanted")
    for theme in themes:
        scheme.check(str(theme), str(place))
    sha256 = str(stand_off["sha256"])
    if not _HASH.fullmatch(sha256):
        raise UserError(f'{place}: sha256 is "{sha256}"; the first 16 hex digits of the hash are wanted')
    return Row(place, None, sha256)


def _stand_off(raw: bytes) -> dict[str, object] | None:
    """A row of gold labels that holds a hash in place of the text; None for any other row."""
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError:
        return None
    return row if isinstance(row, dict) and "sha256" in row and "text" not in row else None


def _contradictions_and_leaks(corpus: Sequence[Row], held_out: Sequence[Row]) -> Iterator[Finding]:
    known = [(row, row.line) for row in (*corpus, *held_out) if row.line is not None]
    long = [(row, line) for row, line in known if _is_long(line)]
    learned = {row.place for row in corpus}
    for pair in near_pairs([line.text for _, line in long]):
        (left, left_line), (right, right_line) = long[pair.first], long[pair.second]
        if (left.place in learned) != (right.place in learned):
            yield Finding(left.place, f"{_likeness(pair)} as held-out {right.place}; take one of the two out")
        elif letters(left_line.text) == letters(right_line.text) and (about := _difference(left_line, right_line)):
            yield Finding(right.place, f"the same text as {left.place}, but {about}; decide which is right")


def _hash_leaks(corpus: Sequence[Row], held_out: Sequence[Row]) -> Iterator[Finding]:
    """Leaks into labels without text, which only the very same text can show."""
    places = {row.sha256: row.place for row in held_out if row.line is None}
    for row in corpus:
        if row.sha256 in places and row.line is not None and _is_long(row.line):
            yield Finding(row.place, f"the same text as held-out {places[row.sha256]}; take one of the two out")


def _is_long(line: CorpusLine) -> bool:
    return line.role in THEMED_ROLES and len(letters(line.text)) >= LEAST_LETTERS


def _likeness(pair: NearPair) -> str:
    return "the same text" if pair.similarity == 1 else f"nearly the same text ({pair.similarity:.2f})"


def _difference(left: CorpusLine, right: CorpusLine) -> str:
    """How two labels of one text differ; "" where they agree in what both judged."""
    if left.role != right.role:
        return f"{right.role}, not {left.role}"
    both = set(left.considered or ()) & set(right.considered or ())
    different = sorted((set(left.themes) ^ set(right.themes)) & both)
    return ", ".join(f"{'with' if theme in right.themes else 'without'} {theme}" for theme in different)
