"""Paragraphs as readers want them: cut where evidence begins and ends, without what the title says already."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from labels.roles import THEMED_ROLES
from predict.annotation import LineRow, Report, ThemeScore

# Controls and bidirectional marks could hide or reorder what stands around them.
CONTROL: Final = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
# Evidence weaker than this part of the strongest of its theme is shown faintly.
_WEAK: Final = 0.34
_MOST_WORDS: Final = 8


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a paragraph; `theme` is what it speaks for most, with its weight in log-odds, None for nothing."""

    text: str
    theme: str | None = None
    weight: float = 0.0
    weak: bool = False


def pieces(line: LineRow, report: Report) -> Iterator[Piece]:
    """The paragraph, cut so that every piece has one owner: the theme of the strongest evidence over it."""
    text = report.text[line.start : line.end] or line.text
    owner: list[Piece | None] = [None] * len(text)
    for _, start, end, piece in sorted(_spans(line, len(text)), key=lambda span: span[:3]):
        owner[start:end] = [piece] * (end - start)
    start = 0
    for at in range(1, len(text) + 1):
        if at == len(text) or owner[at] is not owner[start]:
            found = owner[start] or Piece("")
            yield Piece(text[start:at], found.theme, found.weight, found.weak)
            start = at


def strongest_words(theme: ThemeScore) -> tuple[list[tuple[str, float]], float]:
    """The words that weighed most, each with its weight in log-odds, and the sum of all others."""
    weights: dict[str, float] = {}
    for word in theme.evidence:
        weights[word.term] = weights.get(word.term, 0) + word.weight
    ranked = sorted(weights.items(), key=lambda item: -abs(item[1]))
    return ranked[:_MOST_WORDS], sum(weight for _, weight in ranked[_MOST_WORDS:])


def below_title(report: Report) -> list[LineRow]:
    """The lines of a report whose title stands over them already."""
    if not report.row.meta.get("title"):
        return list(report.lines)
    before = len(list(takewhile(lambda line: line.role not in THEMED_ROLES, report.lines)))
    return [line for line in report.lines[:before] if line.role != "title"] + list(report.lines[before:])


def _spans(line: LineRow, length: int) -> Iterator[tuple[float, int, int, Piece]]:
    """Evidence as (weight, start, end, what it is), relative to the paragraph."""
    for theme in line.themes:
        strongest = max((word.weight for word in theme.evidence), default=0)
        for word in theme.evidence:
            start, end = max(word.start - line.start, 0), min(word.end - line.start, length)
            if word.weight > 0 and start < end:
                yield word.weight, start, end, Piece("", theme.id, word.weight, word.weight < _WEAK * strongest)
