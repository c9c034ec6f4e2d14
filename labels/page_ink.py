"""Text of reports for the page: pieces of plain text, evidence marked, what is invisible shown by its code."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Final

from labels.item import Evidence

# Controls and bidirectional marks could hide or reorder what stands around them.
_CONTROL: Final = re.compile(
    "([\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff])"
)
_BREAK: Final = re.compile("[ \t\u3000]*[\r\n]+[ \t\u3000]*")

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
            yield _BREAK.sub(_joint, part), theme, ""


def _joint(match: re.Match[str]) -> str:
    # A wrapped line is one paragraph; between Latin words the break was a blank.
    text, start, end = match.string, *match.span()
    before, after = text[start - 1 : start], text[end : end + 1]
    return " " if before.isascii() and before.isalnum() and after.isascii() and after.isalnum() else ""
