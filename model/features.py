"""Features of clean text: hashed words and character pairs, all as arrays.

An occurrence of a feature is a row number below `ROWS`, of which two features hardly ever share one, and the
characters it covers. Substrings are hashed without making strings: prefix sums of c[i]·B^i modulo 2^64 give the
polynomial hash of any span in two look-ups (Karp and Rabin, 1987; B odd, so it has an inverse).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.simplify import TABLE_SIZE, Codes

BITS: Final = 22
ROWS: Final = 1 << BITS
_BASE: Final = 0x9E3779B97F4A7C15
_MIX: Final = 0xD6E8FEB86659FD93
_WORD, _PAIR, _FIGURE = (np.uint64(salt * 0xA24BAED4963EE407 % 2**64) for salt in range(1, 4))
OTHER, LETTER, DIGIT = 0, 1, 2

Hashes = NDArray[np.uint64]
Ints = NDArray[np.int64]
Arrays = dict[str, NDArray[Any]]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Occurrences:
    """Feature occurrences in a text: `rows` (m,) in [0, ROWS), covering characters start to end, both (m,)."""

    rows: Ints
    start: Ints
    end: Ints


@cache
def classes() -> NDArray[np.uint8]:
    """The class of every code point, shape (0x110000,): OTHER, LETTER (any script) or DIGIT (0-9)."""
    table = np.zeros(TABLE_SIZE, dtype=np.uint8)
    for low, high in (
        (0x41, 0x5B),
        (0x61, 0x7B),
        (0xC0, 0x250),
        (0x370, 0x530),
        (0x3040, 0x3100),
        (0x3400, 0xA000),
        (0x20000, 0x30000),
        (0xAC00, 0xD7A4),
    ):
        table[low:high] = LETTER
    table[0x3007] = LETTER
    table[0x30:0x3A] = DIGIT
    return table


class _Powers:
    """B^i and B^-i modulo 2^64, grown on demand."""

    def __init__(self) -> None:
        self.up = self.down = np.ones(1, dtype=np.uint64)

    def upto(self, size: int) -> tuple[Hashes, Hashes]:
        if len(self.up) < size:
            self.up = _powers(_BASE, 2 * size)
            self.down = _powers(pow(_BASE, -1, 2**64), 2 * size)
        return self.up[:size], self.down[:size]


_powers_of_process = _Powers()


def _powers(base: int, size: int) -> Hashes:
    factors = np.full(size, base, dtype=np.uint64)
    factors[0] = 1
    return np.multiply.accumulate(factors)


@dataclass(frozen=True, slots=True)
class SpanHashes:
    """What gives the hash of any span of a text of n characters; `sums` and `down` (n + 1,)."""

    sums: Hashes
    down: Hashes

    def of(self, start: Ints, end: Ints) -> Hashes:
        """64-bit hashes of the text from every `start` to its `end`; equal text, equal hash."""
        hashes: Hashes = (self.sums[end] - self.sums[start]) * self.down[start]
        return hashes


def span_hashes(codes: Codes) -> SpanHashes:
    """The hashes of all spans of `codes`."""
    up, down = _powers_of_process.upto(len(codes) + 1)
    sums = np.zeros(len(codes) + 1, dtype=np.uint64)
    np.cumsum((codes + np.uint64(1)) * up[:-1], out=sums[1:])
    return SpanHashes(sums, down)


def spans_hash(codes: Codes, start: Ints, end: Ints) -> Hashes:
    """64-bit hashes of codes[start:end] for arrays of starts and ends; equal text, equal hash."""
    return span_hashes(codes).of(start, end)


def rows_of(hashes: Hashes, salt: np.uint64) -> Ints:
    """Row numbers of hashes of one kind of feature."""
    mixed = (hashes ^ salt) * np.uint64(_MIX)
    mixed ^= mixed >> np.uint64(32)
    mixed *= np.uint64(_MIX)
    return (mixed >> np.uint64(64 - BITS)).astype(np.int64)


@dataclass(frozen=True, slots=True)
class Words:
    """The words of a text that are not punctuation: characters start to end, both (w,)."""

    start: Ints
    end: Ints


def find_words(codes: Codes, words: list[str]) -> Words:
    """Places of the segmenter's `words`, which joined are the text of `codes`."""
    lengths = np.fromiter(map(len, words), dtype=np.int64, count=len(words))
    end = np.cumsum(lengths)
    start = end - lengths
    real = classes()[codes[start]] != OTHER
    return Words(start[real], end[real])


def occurrences(codes: Codes, words: Words) -> Occurrences:
    """Words first, then character pairs, each in the order of the text.

    Digits count as one class: a figure is known by its unit (the word or character behind it), not
    by its value. No pair holds punctuation, a line break or two digits.
    """
    kinds = classes()[codes]
    masked = mask_digits(codes, kinds)
    hashes = spans_hash(masked, words.start, words.end)
    hashes[kinds[words.start] == DIGIT] = _FIGURE
    pairs, pair_rows = _pairs(masked, kinds)
    return Occurrences(
        np.concatenate((rows_of(hashes, _WORD), pair_rows)),
        np.concatenate((words.start, pairs)),
        np.concatenate((words.end, pairs + 2)),
    )


def _pairs(codes: Codes, kinds: NDArray[np.uint8]) -> tuple[Ints, Ints]:
    """Starts and rows of character pairs."""
    left, right = kinds[:-1], kinds[1:]
    # The classes of two that make a pair multiply to 1 or 2: OTHER is 0, DIGIT with DIGIT is 4.
    at = np.flatnonzero((left * right - np.uint8(1)) < np.uint8(DIGIT))
    return at, rows_of(pair_hashes(codes, at), _PAIR)


def mask_digits(codes: Codes, kinds: NDArray[np.uint8]) -> Codes:
    """The code points with every digit as 0; `kinds` are their classes."""
    masked = codes.copy()
    masked[np.flatnonzero(kinds == DIGIT)] = ord("0")
    return masked


def stretches(start: Ints, count: Ints) -> Ints:
    """Whole numbers from every `start`, `count` of each, one stretch behind the other.

    >>> stretches(np.array([5, 20]), np.array([2, 3])).tolist()
    [5, 6, 20, 21, 22]
    """
    begins = np.cumsum(count) - count
    return np.repeat(start - begins, count) + np.arange(count.sum())


def pairs_of(codes: Codes) -> Hashes:
    """Hashes of every two characters that stand together, shape (n - 1,)."""
    return codes[:-1] * np.uint64(_BASE) + codes[1:]


def pair_hashes(codes: Codes, at: Ints) -> Hashes:
    """Hashes of the two characters at every place of `at`."""
    return codes[at] * np.uint64(_BASE) + codes[at + 1]
