"""NFKC that knows where each of its characters came from."""

from __future__ import annotations

import unicodedata
from itertools import pairwise


def normalised(text: str) -> tuple[str, list[int]]:
    """NFKC of a text of some hundred characters at most, and for each character of it the index it came from.

    >>> normalised("㈠e\\u0301。")
    ('(一)é。', [0, 0, 0, 1, 3])
    """
    normal = unicodedata.normalize("NFKC", text)
    if len(text) == 1:
        return normal, [0] * len(normal)
    starts = [index for index, char in enumerate(text) if not (index and _joins(char))]
    spans = list(pairwise([*starts, len(text)]))
    pieces = [unicodedata.normalize("NFKC", text[start:end]) for start, end in spans]
    if "".join(pieces) != normal:
        # Some scripts compose beyond their marks; a place nearby has to do.
        return normal, [min(index, len(text) - 1) for index in range(len(normal))]
    return normal, [
        min(start + index, end - 1)
        for (start, end), piece in zip(spans, pieces, strict=True)
        for index in range(len(piece))
    ]


def _joins(char: str) -> bool:
    """Whether a character may become one with what stands before it: a combining mark, a Hangul vowel or final."""
    return unicodedata.combining(char) != 0 or "\u1160" <= char < "\u1200"
