"""Theme terms in a text: every place where a term of the scheme stands, found on whole arrays.

A term is looked for only where its first two characters stand, and then by its hash. Terms that
hold a digit (12345, 12348) are found before features mask figures, and are no part of a longer number.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.features import DIGIT, Hashes, Ints, classes, pair_hashes, pairs_of, span_hashes, spans_hash
from model.simplify import Codes, codes_of

_BITS: Final = 16
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)


@dataclass(frozen=True, slots=True)
class TermMatches:
    """Terms found: `theme` (t,) the number of the theme, characters `start` to `end`, in the order of `start`."""

    theme: Ints
    start: Ints
    end: Ints


class TermFinder:
    """Finds the terms of every theme; overlapping and nested terms all count."""

    def __init__(self, terms_by_theme: Sequence[Sequence[str]]) -> None:
        pairs = [(term, theme) for theme, terms in enumerate(terms_by_theme) for term in terms]
        size = np.array([len(term) for term, _ in pairs], dtype=np.int64)
        start = np.cumsum(size) - size
        codes = codes_of("".join(term for term, _ in pairs))
        hashes = spans_hash(codes, start, start + size)
        order = np.argsort(hashes)
        self._hashes = hashes[order]
        self._theme = np.array([theme for _, theme in pairs], dtype=np.int64)[order]
        self._numbered = np.array([bool(re.search("[0-9]", term)) for term, _ in pairs], dtype=np.bool_)[order]
        self._known = np.zeros(1 << _BITS, dtype=np.bool_)
        self._known[_cell(hashes)] = True
        # By hash of the first two characters, a bit for each length that terms with such a beginning have.
        self._lengths = np.array(sorted(set(size.tolist())), dtype=np.int64)
        self._bits = (1 << self._lengths).astype(np.uint16)
        self._beginnings = np.zeros(1 << _BITS, dtype=np.uint16)
        np.bitwise_or.at(self._beginnings, _cell(pair_hashes(codes, start)), (1 << size).astype(np.uint16))

    def find(self, codes: Codes) -> TermMatches:
        """All terms in the text of `codes`."""
        start, end = self._likely(codes)
        hashes = span_hashes(codes).of(start, end)
        known = np.flatnonzero(self._known[_cell(hashes)])
        start, end, hashes = start[known], end[known], hashes[known]
        term = np.minimum(np.searchsorted(self._hashes, hashes), len(self._hashes) - 1)
        found = (self._hashes[term] == hashes) & ~(self._numbered[term] & _in_number(codes, start, end))
        return TermMatches(self._theme[term[found]], start[found], end[found])

    def _likely(self, codes: Codes) -> tuple[Ints, Ints]:
        """Where terms may stand, by start, then by end: their first two characters do."""
        lengths = self._beginnings[_cell(pairs_of(codes))]
        at = np.flatnonzero(lengths != 0)
        row, column = np.nonzero((lengths[at, None] & self._bits) != 0)
        start, end = at[row], at[row] + self._lengths[column]
        inside = end <= len(codes)
        return start[inside], end[inside]


def _in_number(codes: Codes, start: Ints, end: Ints) -> NDArray[np.bool_]:
    """Whether a digit stands right before or behind each span."""
    digit = np.concatenate((classes()[codes] == DIGIT, [False]))
    return digit[start - 1] | digit[end]


def _cell(hashes: Hashes) -> NDArray[np.int64]:
    return (hashes * _MIX >> np.uint64(64 - _BITS)).astype(np.int64)
