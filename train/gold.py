"""Gold labels to measure against: stand-off files beside real reports, or labelled reports with their text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from labels.corpus import CorpusReport, check_role, load_corpus, text_hash
from labels.errors import UserError
from labels.scheme import Scheme
from model.lexical import Floats
from model.lines import BLANKS, with_plain_breaks
from model.source import Source, read_source, source_from_text
from train.labelled_shares import labelled_shares


@dataclass(frozen=True, slots=True)
class GoldLine:
    """The labels of one line; `line` counts non-blank lines from 1, `sha256` is of the stripped line (16 hex).

    judged: whether somebody judged its themes.
    """

    line: int
    sha256: str
    role: str
    level: int | None
    themes: frozenset[str]
    judged: bool = True


@dataclass(frozen=True, slots=True)
class GoldReport:
    """One report with its gold labels.

    primary: heading line (0: the lead) → primary theme, only where judged. shares: (themes + 1,) of its body text by
    theme, then none; None where nobody marked the passages.
    """

    source: Source
    lines: tuple[GoldLine, ...]
    primary: dict[int, str]
    shares: Floats | None = None


def load_gold(gold: Path, reports: Path | None, scheme: Scheme) -> list[GoldReport]:
    """Read gold labels: of the texts in `reports`, or with their own text (the corpus format) where that is None."""
    if reports is None:
        labelled = load_corpus(gold, scheme=scheme)
        return list(map(_with_text, labelled, labelled_shares(labelled, scheme)))
    names = sorted(path.stem for path in gold.glob("*.jsonl") if not path.stem.endswith(".sections"))
    if not names:
        raise UserError(f"{gold}: no gold labels (*.jsonl) here; give the folder that holds them")
    return [_stand_off(gold, reports, name, scheme) for name in names]


def _with_text(report: CorpusReport, shares: Floats | None) -> GoldReport:
    text = "\n".join(line.text for line in report.lines)
    lines = tuple(
        GoldLine(
            number,
            text_hash(line.text.strip(BLANKS)),
            line.role,
            line.level,
            frozenset(line.themes),
            line.considered is not None,
        )
        for number, line in enumerate(report.lines, 1)
    )
    return GoldReport(source_from_text(text, report.name), lines, {}, shares)


def _stand_off(gold: Path, reports: Path, name: str, scheme: Scheme) -> GoldReport:
    source = read_source(reports / f"{name}.txt", f"{name}.txt")
    texts = [bare for line in with_plain_breaks(source.text).split("\n") if (bare := line.strip(BLANKS))]
    lines = tuple(_line(row, where, scheme) for where, row in _rows(gold / f"{name}.jsonl"))
    for line in lines:
        if line.line > len(texts) or text_hash(texts[line.line - 1]) != line.sha256:
            raise UserError(
                f"{gold / name}.jsonl: line {line.line} of {source.name} is not the text that was labelled; "
                "label it again or take the text that was"
            )
    sections = gold / f"{name}.sections.jsonl"
    return GoldReport(source, lines, dict(_primaries(sections, scheme)) if sections.is_file() else {})


def _line(row: dict[str, Any], where: str, scheme: Scheme) -> GoldLine:
    role, level, themes = check_role(row.get("role"), where), row.get("level"), row.get("themes")
    if not isinstance(themes, list):
        raise UserError(f"{where}: themes is {themes!r}; a list of theme ids is wanted")
    if level is not None and type(level) is not int:
        raise UserError(f"{where}: level is {level!r}; a number or null is wanted")
    return GoldLine(
        line=_number(row, "line", 1, where),
        sha256=str(row.get("sha256")),
        role=role,
        level=level,
        themes=frozenset(scheme.check(str(theme), where) for theme in themes),
    )


def _primaries(path: Path, scheme: Scheme) -> Iterator[tuple[int, str]]:
    for where, row in _rows(path):
        heading_line = _number(row, "heading_line", 0, where)
        if row.get("primary") is not None:
            yield heading_line, scheme.check(str(row["primary"]), where)


def _number(row: dict[str, Any], key: str, least: int, where: str) -> int:
    value = row.get(key)
    if type(value) is not int or value < least:
        raise UserError(f"{where}: {key} is {value!r}; a line number of {least} or more is wanted")
    return value


def _rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    try:
        raws = path.read_bytes().splitlines()
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror})") from error
    for number, raw in enumerate(raws, 1):
        where = f"{path}, line {number}"
        try:
            row = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise UserError(f"{where}: not JSON: {error}") from error
        if not isinstance(row, dict):
            raise UserError(f"{where}: it is {row!r}; a JSON object is wanted")
        yield where, row
