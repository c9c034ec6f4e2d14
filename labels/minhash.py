"""Near-duplicates among very many lines: MinHash signatures, compared only where a band of them agrees.

Broder, "On the resemblance and containment of documents" (1997). A signature holds the least of 64 hashes over a
text's four-letter pieces; the share of equal places estimates the Jaccard index of the pieces (standard error 0.05 at
0.8). Lines are compared where 4 of the 64 agree in one of 16 bands: two lines of an index of 0.8 meet with a
probability of 0.9998. Figures count as one letter, so that yearly sentences with new figures are the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

import numpy as np
from numpy.typing import NDArray

SIMILAR: Final = 0.8
_PIECE: Final = 4
HASHES: Final = 64
# Letters that are compared: a report without line breaks must not take all memory.
_LONGEST: Final = 5000
_BAND: Final = 4
_FIGURES = re.compile(r"\d+")
_NO_LETTER = re.compile(r"[\W_]+")
_MIX: Final = np.uint64(0xBF58476D1CE4E5B9)
_FACTORS, _ADDENDS = np.random.default_rng(20_260_101).integers(1, 2**63, (2, HASHES, 1), np.uint64) * np.uint64(
    2
) + np.uint64(1)

Signature = NDArray[np.uint16]
Numbers = NDArray[np.int64]


def letters(text: str) -> str:
    """What makes a line the same line: its letters, every figure as one 0.

    >>> letters("（一）调解 1,206 件。"), letters("(一) 调解９７8件")
    ('一调解0件', '一调解0件')
    """
    return _FIGURES.sub("0", _NO_LETTER.sub("", _FIGURES.sub("0", unicodedata.normalize("NFKC", text).lower())))


def signature(text: str) -> Signature:
    """(64,) the signature of a text."""
    codes = np.frombuffer(letters(text)[:_LONGEST].encode("utf-32-le").ljust(4 * _PIECE, b"\0"), np.uint32).astype(
        np.uint64
    )
    pieces = np.zeros(len(codes) - _PIECE + 1, np.uint64)
    for offset in range(_PIECE):
        pieces = (pieces + codes[offset : offset + len(pieces)]) * _MIX
        pieces ^= pieces >> np.uint64(29)
    least = (_FACTORS * pieces + _ADDENDS).min(axis=1)
    return np.asarray(least * _MIX >> np.uint64(48), np.uint16)


def leaders(signatures: NDArray[np.uint16]) -> Numbers:
    """(n,) for each of the (n, 64) signatures the first one that it is a near-duplicate of; itself where it is new."""
    first = np.arange(len(signatures))
    for number, other in sorted(_pairs(signatures)):
        leader = first[other]
        if first[number] == number and _similarity(signatures, leader, number) >= SIMILAR:
            first[number] = leader
    return first


def _pairs(signatures: NDArray[np.uint16]) -> Iterator[tuple[int, int]]:
    """(later, earlier) lines that are similar: each line with the first and the last before it in every band."""
    for band in range(0, HASHES, _BAND):
        key = np.ascontiguousarray(signatures[:, band : band + _BAND]).view(np.uint64).ravel()
        order = np.argsort(key, kind="stable")
        new = np.append(True, key[order][1:] != key[order][:-1])[: len(order)]
        start = np.maximum.accumulate(np.where(new, np.arange(len(order)), 0))
        for earlier in (order[start], np.roll(order, 1)):
            later = np.flatnonzero(~new)
            similar = _similarity(signatures, earlier[later], order[later]) >= SIMILAR
            yield from zip(order[later][similar].tolist(), earlier[later][similar].tolist(), strict=True)


def _similarity(signatures: NDArray[np.uint16], one: Numbers | int, other: Numbers | int) -> NDArray[np.float64]:
    return np.asarray((signatures[one] == signatures[other]).mean(axis=-1))
