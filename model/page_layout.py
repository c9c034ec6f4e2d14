"""Layout of a printed page: pieces of text with their boxes in, lines in reading order out, columns one by one.

Lengths are in the page's own unit, y runs down; `em` is the width of a Chinese character.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median
from typing import Final

# Pieces of a row further apart, in em, are cells.
_CELL_GAP: Final = 1.5
# What makes one side of a gutter a column of prose, not of a table: enough pieces, wide, and most of them full.
_COLUMN_PIECES: Final = 4
_COLUMN_EMS: Final = 8
_FULL: Final = 0.75
_FULL_SHARE: Final = 0.5
_MOST_GUTTERS: Final = 80


@dataclass(frozen=True, slots=True)
class Piece:
    """Text set in one go, on one baseline."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    em: float

    @property
    def middle(self) -> float:
        """Half its height."""
        return (self.top + self.bottom) / 2


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of a page or column; cells of a row are parted by tabs. column: 0 for the page, else its number."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    em: float
    page: int
    column: int = 0

    @property
    def middle(self) -> float:
        """Half its height."""
        return (self.top + self.bottom) / 2


def page_lines(pieces: Sequence[Piece], page: int) -> list[PageLine]:
    """The lines of a page in the order in which it is read."""
    lines: list[PageLine] = []
    waiting = [(list(pieces), False)]
    column = 0
    while waiting:
        group, in_column = waiting.pop()
        gutter = _gutter(group)
        if gutter is not None:
            waiting.extend(reversed(_parts(group, gutter)))
            continue
        column += in_column
        lines.extend(replace(line, column=column if in_column else 0) for line in _rows(group, page))
    return lines


def _gutter(pieces: Sequence[Piece]) -> float | None:
    """Where a white stripe parts most of the pieces into two columns of prose."""
    if len(pieces) < 2 * _COLUMN_PIECES:
        return None
    em = median(piece.em for piece in pieces)
    ends = sorted({round(2 * piece.right / em) for piece in pieces})[:_MOST_GUTTERS]
    gutters = [(end + 1) * em / 2 for end in ends]
    best = max(gutters, key=lambda gutter: _in_columns(pieces, gutter))
    return best if _in_columns(pieces, best) >= 2 * _COLUMN_PIECES else None


def _in_columns(pieces: Sequence[Piece], gutter: float) -> int:
    """How many pieces stand in columns beside a gutter."""
    bands = _bands(pieces, gutter)
    return sum(len(left) + len(right) for left, right in bands if _is_column(left) and _is_column(right))


def _bands(pieces: Sequence[Piece], gutter: float) -> list[tuple[list[Piece], list[Piece]]]:
    """The pieces left and right of a gutter, between those that cross it."""
    crossing = sorted(piece.middle for piece in pieces if piece.left < gutter < piece.right)
    bands: list[tuple[list[Piece], list[Piece]]] = [([], []) for _ in range(len(crossing) + 1)]
    for piece in pieces:
        if not piece.left < gutter < piece.right:
            bands[bisect(crossing, piece.middle)][piece.left >= gutter].append(piece)
    return bands


def _is_column(pieces: Sequence[Piece]) -> bool:
    if len(pieces) < _COLUMN_PIECES:
        return False
    width = max(piece.right for piece in pieces) - min(piece.left for piece in pieces)
    full = sum(piece.right - piece.left >= _FULL * width for piece in pieces)
    return width >= _COLUMN_EMS * median(piece.em for piece in pieces) and full >= _FULL_SHARE * len(pieces)


def _parts(pieces: Sequence[Piece], gutter: float) -> list[tuple[list[Piece], bool]]:
    """The page cut along a gutter, in reading order: what crosses it, what stands left of it, what right of it."""
    crossing = sorted((piece for piece in pieces if piece.left < gutter < piece.right), key=lambda piece: piece.middle)
    parts: list[tuple[list[Piece], bool]] = []
    over: list[Piece] = []
    for number, (left, right) in enumerate(_bands(pieces, gutter)):
        if _is_column(left) and _is_column(right):
            parts += [(over, False), (left, True), (right, True)]
            over = []
        else:
            over = [*over, *left, *right]
        over = [*over, *crossing[number : number + 1]]
    return [part for part in [*parts, (over, False)] if part[0]]


def _rows(pieces: Sequence[Piece], page: int) -> list[PageLine]:
    """Lines from the top down; pieces at about the same height are one."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: piece.middle):
        if rows and piece.middle - rows[-1][0].middle < 0.5 * min(piece.em, rows[-1][0].em):
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return [_line(sorted(row, key=lambda piece: piece.left), page) for row in rows]


def _line(row: Sequence[Piece], page: int) -> PageLine:
    text = row[0].text
    for before, piece in pairwise(row):
        gap = piece.left - before.right
        text += ("\t" if gap > _CELL_GAP * piece.em else " " if gap > 0.5 * piece.em else "") + piece.text
    return PageLine(
        text=text,
        left=row[0].left,
        top=min(piece.top for piece in row),
        right=max(piece.right for piece in row),
        bottom=max(piece.bottom for piece in row),
        em=max(row, key=lambda piece: len(piece.text)).em,
        page=page,
    )
