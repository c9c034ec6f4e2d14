"""Theme terms in a text: every place where a term of the scheme stands, found on whole arrays.

A term is looked for only where its first two characters stand, and then by its hash; the few
terms that hold a digit (12345, 12348) are found in the text, before features mask figures.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.features import Hashes, Ints, pair_hashes, spans_hash
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
        alternatives = "|".join(sorted(map(re.escape, self._numbered), key=len, reverse=True))
        self._numbers = re.compile(rf"(?<![0-9])(?:{alternatives})(?![0-9])") if self._numbered else None
        self._prefixes = np.zeros(1 << _PREFIX_BITS, dtype=np.bool_)
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
        self._prefixes[_prefix(codes, start)] = True

    def find(self, text: str, codes: Codes) -> TermMatches:
        """All terms in `text`, whose code points are `codes`."""
        found = [self._find_numbers(text)]
        at = np.arange(max(len(codes) - 1, 0), dtype=np.int64)
        at = at[self._prefixes[_prefix(codes, at)]]
        for length, known, themes in self._by_length:
            here = at[at + length <= len(codes)]
            hashes = spans_hash(codes, here, here + length)
            index = np.minimum(np.searchsorted(known, hashes), len(known) - 1)
            hit = known[index] == hashes
            found.append((themes[index[hit]], here[hit], here[hit] + length))
        theme, start, end = (np.concatenate(columns) for columns in zip(*found, strict=True))
        order = np.lexsort((end, start))
        return TermMatches(theme[order], start[order], end[order])

    def _find_numbers(self, text: str) -> tuple[Ints, Ints, Ints]:
        matches = list(self._numbers.finditer(text)) if self._numbers else []
        return (
            np.array([self._numbered[match.group()] for match in matches], dtype=np.int64),
            np.array([match.start() for match in matches], dtype=np.int64),
            np.array([match.end() for match in matches], dtype=np.int64),
        )


def _prefix(codes: Codes, at: Ints) -> NDArray[np.int64]:
    return (pair_hashes(codes, at) * _PREFIX_MIX >> np.uint64(64 - _PREFIX_BITS)).astype(np.int64)
