"""Tables for a terminal, where a Chinese character is as wide as two others."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from unicodedata import combining, east_asian_width

_GAP: Final = "  "


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as text: the first column to the left, the others to the right.

    >>> print(aligned([["主题", "F1"], ["b", "0.912"]]))
    主题     F1
    b     0.912
    """
    widths = [max(map(cells, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def cells(text: str) -> int:
    """Cells of a terminal that a text takes: Chinese characters take two, combining marks none.

    >>> cells("政法ab"), cells("e\\u0301")
    (6, 1)
    """
    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    blanks = [" " * (wide - cells(cell)) for cell, wide in zip(row, widths, strict=True)]
    first, *others = (
        cell + blank if number == 0 else blank + cell
        for number, (cell, blank) in enumerate(zip(row, blanks, strict=True))
    )
    return _GAP.join([first, *others]).rstrip()
