"""Tables for a terminal, where a Chinese character is as wide as two others; and a line that says how far work is."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence
from typing import Final, TextIO

_ERASE: Final = "\r\x1b[2K"
_GAP: Final = "  "


def aligned(rows: Sequence[Sequence[str]]) -> str:
    """Rows of cells as text: the first column to the left, the others to the right.

    >>> print(aligned([["主题", "F1"], ["b", "0.912"]]))
    主题     F1
    b     0.912
    """
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def width(text: str) -> int:
    """Columns of a terminal that a text takes."""
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text)


def stepper(stream: TextIO) -> Callable[[str], None]:
    """A function that shows a text in place of the one before, and takes it away for ""; silent off a terminal."""

    def step(text: str) -> None:
        if stream.isatty():
            stream.write(_ERASE + text)
            stream.flush()

    return step


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    blanks = [" " * (wide - width(cell)) for cell, wide in zip(row, widths, strict=True)]
    first, *others = (
        cell + blank if number == 0 else blank + cell
        for number, (cell, blank) in enumerate(zip(row, blanks, strict=True))
    )
    return _GAP.join([first, *others]).rstrip()
