"""Theme terms in a text: every place where a term of the scheme stands, found on whole arrays.

A term is looked for only where its first two characters stand, and then by its hash; the few
terms that hold a digit (12345, 12348) are found in the text, before features mask figures.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.features import Hashes, Ints, pair_hashes, pairs_of, span_hashes, spans_hash
from model.simplify import Codes, codes_of

_PREFIX_BITS: Final = 16
_PREFIX_MIX: Final = np.uint64(0xD6E8FEB86659FD93)


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
        worded = [(term, theme) for term, theme in pairs if not re.search("[0-9]", term)]
        self._numbered = {term: theme for term, theme in pairs if re.search("[0-9]", term)}
        # By hash of the first two characters, a bit for each length that terms with such a beginning have.
        self._prefixes = np.zeros(1 << _PREFIX_BITS, dtype=np.uint16)
        self._by_length: list[tuple[int, Hashes, Ints]] = []
        for length in sorted({len(term) for term, _ in worded}):
            self._add_length(length, [(term, theme) for term, theme in worded if len(term) == length])

    def _add_length(self, length: int, pairs: list[tuple[str, int]]) -> None:
        codes = codes_of("".join(term for term, _ in pairs))
        start = np.arange(len(pairs), dtype=np.int64) * length
        hashes = spans_hash(codes, start, start + length)
        order = np.argsort(hashes)
        themes = np.array([theme for _, theme in pairs], dtype=np.int64)
        self._by_length.append((length, hashes[order], themes[order]))
        self._prefixes[_prefix_of(pair_hashes(codes, start))] |= np.uint16(1 << length)

    def find(self, text: str, codes: Codes) -> TermMatches:
        """All terms in `text`, whose code points are `codes`."""
        found = [self._find_numbers(text)]
        lengths = self._prefixes[_prefix_of(pairs_of(codes))]
        at = np.flatnonzero(lengths)
        lengths = lengths[at]
        spans = span_hashes(codes)
        for length, known, themes in self._by_length:
            here = at[(lengths & np.uint16(1 << length) != 0) & (at <= len(codes) - length)]
            hashes = spans.of(here, here + length)
            index = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            hit = known[index] == hashes
            found.append((themes[index[hit]], here[hit], here[hit] + length))
        theme, start, end = (np.concatenate(columns) for columns in zip(*found, strict=True))
        order = np.lexsort((end, start))
        return TermMatches(theme[order], start[order], end[order])

    def _find_numbers(self, text: str) -> tuple[Ints, Ints, Ints]:
        found = [(theme, *span) for term, theme in self._numbered.items() for span in _numbers(text, term)]
        theme, start, end = zip(*found, strict=True) if found else ((), (), ())
        return np.array(theme, dtype=np.int64), np.array(start, dtype=np.int64), np.array(end, dtype=np.int64)


def _numbers(text: str, term: str) -> Iterator[tuple[int, int]]:
    """Where a term with digits stands that is no part of a longer number."""
    start = text.find(term)
    while start >= 0:
        end = start + len(term)
        if not (_is_digit(text[start - 1 : start]) or _is_digit(text[end : end + 1])):
            yield start, end
        start = text.find(term, end)


def _is_digit(char: str) -> bool:
    return "0" <= char <= "9"


def _prefix_of(hashes: Hashes) -> NDArray[np.int64]:
    return (hashes * _PREFIX_MIX >> np.uint64(64 - _PREFIX_BITS)).astype(np.int64)
