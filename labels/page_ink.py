"""Text of reports for the page: pieces of plain text, evidence marked, what is invisible shown by its code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from labels.flowing import flowing
from labels.item import Evidence

# Controls and bidirectional marks could hide or reorder what stands around them.
_CONTROL: Final = re.compile(
    "([\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff])"
)

Piece = tuple[str, str, str]  # text, theme or "", "control" or ""


def ink(text: str, evidence: Iterable[Evidence] = ()) -> list[Piece]:
    r"""Cut `text` into pieces that have one theme or none each.

    >>> ink("扫黑除恶\u202e好", [Evidence("security", "扫黑", 0, 2)])
    [('扫黑', 'security', ''), ('除恶', '', ''), ('U+202E', '', 'control'), ('好', '', '')]
    """
    owner = [""] * len(text)
    for word in evidence:
        owner[word.start : word.end] = [word.theme] * (word.end - word.start)
    pieces: list[Piece] = []
    for theme, run in groupby(range(len(text)), lambda at: owner[at]):
        places = list(run)
        pieces += _visible(text[places[0] : places[-1] + 1], theme)
    return pieces


def plain(text: str) -> str:
    r"""Text for where no pieces can stand, such as an attribute: each control is a replacement character.

    >>> plain("a\u202eb") == "a\ufffdb"
    True
    """
    return _CONTROL.sub("\ufffd", text)


def _visible(text: str, theme: str) -> Iterator[Piece]:
    for number, part in enumerate(_CONTROL.split(text)):
        if number % 2:
            yield f"U+{ord(part):04X}", theme, "control"
        elif part:
            yield flowing(part), theme, ""
