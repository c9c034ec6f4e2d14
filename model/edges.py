"""The characters at a paragraph's edges, of a short one all, hashed: what the first pass of the roles reads."""

from __future__ import annotations

from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.clean import CleanText
from model.features import Ints, classes, mask_digits, stretches
from model.simplify import Codes

_EDGE: Final = 8
_SHORT: Final = 60
_SALTS: Final = tuple(np.uint64(salt * 0xC2B2AE3D27D4EB4F % 2**64) for salt in range(1, 8))
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)


def tokens(clean: CleanText, rows: int) -> tuple[Ints, Ints]:
    """Hashed characters: (m,) paragraph numbers, never falling, and (m,) rows below `rows`, a power of two.

    Of every paragraph its first one to three and last one to three characters; and the single
    characters, pairs and triples of its edges, of a short one all.
    """
    codes = mask_digits(clean.codes, classes()[clean.codes])
    start, end = clean.bounds[:-1], clean.bounds[1:] - 1
    shift = np.uint64(64 - (rows.bit_length() - 1))
    paragraphs, hashed = [], []
    for size in (1, 2, 3):
        has = np.flatnonzero(end - start >= size)
        for salt, at in ((_SALTS[0], start[has]), (_SALTS[1], end[has] - size)):
            paragraphs.append(has)
            hashed.append(_gram(codes, at, size, salt))
        paragraph, at = _within(start, end, size)
        paragraphs.append(paragraph)
        hashed.append(_gram(codes, at, size, _SALTS[2]))
    row = (np.concatenate(hashed) * _MIX >> shift).astype(np.int64)
    paragraph = np.concatenate(paragraphs)
    order = np.argsort(paragraph, kind="stable")
    return paragraph[order], row[order]


def _within(start: Ints, end: Ints, size: int) -> tuple[Ints, Ints]:
    """Where the n-grams of short paragraphs and of the edges of long ones start: paragraph numbers and characters."""
    grams = np.maximum(end - start - size + 1, 0)
    long = end - start > _SHORT
    # Of a long paragraph the grams at its beginning, then those at its end; a short one has no second stretch.
    counts = np.column_stack((np.where(long, _EDGE - size + 1, grams), np.where(long, _EDGE - size + 1, 0)))
    begins = np.column_stack((start, end - _EDGE)).ravel()
    paragraph = np.repeat(np.arange(len(start)), counts.sum(axis=1))
    return paragraph, stretches(begins, counts.ravel())


def _gram(codes: Codes, at: Ints, size: int, salt: np.uint64) -> NDArray[np.uint64]:
    hashes = np.full(len(at), salt + np.uint64(size))
    for offset in range(size):
        hashes = (hashes ^ codes[at + offset]) * np.uint64(0x9E3779B97F4A7C15)
        hashes ^= hashes >> np.uint64(29)
    return hashes
