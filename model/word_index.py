"""The segmenter's dictionary as two arrays: the words of one short text are found without reading the rest.

Words are cut by the likeliest way through those of the dictionary that stand in the text. So a segmenter that knows
these alone, and how many there are in all, cuts the same; it is made in a twelfth of the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from model.features import Hashes, spans_hash, stretches
from model.simplify import codes_of
from model.words import TERM_FREQUENCY

LONGEST_WORD: Final = 16  # characters; no word of the dictionary is longer
# Stands for all words that are not in a text. Private characters are no part of any word.
_REST: Final = "\ue000\ue001"


@dataclass(frozen=True, slots=True)
class WordIndex:
    """Every word of the dictionary: its hash (w,), ascending, and its frequency (w,)."""

    hash: Hashes
    frequency: NDArray[np.int32]

    def words_in(self, text: str) -> Iterator[tuple[str, int]]:
        """The words that stand anywhere in `text`, with their frequencies; then one for the frequency of the rest."""
        codes = codes_of(text)
        lengths = np.arange(1, LONGEST_WORD + 1)
        counts = np.maximum(len(codes) + 1 - lengths, 0)
        start = stretches(np.zeros_like(counts), counts)
        end = start + np.repeat(lengths, counts)
        hashes, first = np.unique(spans_hash(codes, start, end), return_index=True)
        at = np.minimum(np.searchsorted(self.hash, hashes), len(self.hash) - 1)
        known = self.hash[at] == hashes
        spans, frequencies = first[known], self.frequency[at[known]]
        words = (text[i:j] for i, j in zip(start[spans].tolist(), end[spans].tolist(), strict=True))
        yield from zip(words, frequencies.tolist(), strict=True)
        yield _REST, int(self.frequency.sum(dtype=np.int64) - frequencies.sum(dtype=np.int64))


@cache
def word_index(terms: tuple[str, ...]) -> WordIndex:
    """The index of jieba's dictionary and of the terms that it lacks."""
    frequencies = {word: int(frequency) for word, frequency, *_ in _entries()}
    frequencies = dict.fromkeys(terms, TERM_FREQUENCY) | frequencies
    ends = np.cumsum([len(word) for word in frequencies])
    hashes = spans_hash(codes_of("".join(frequencies)), np.concatenate(([0], ends[:-1])), ends)
    order = np.argsort(hashes)
    return WordIndex(hashes[order], np.array(list(frequencies.values()), dtype=np.int32)[order])


def _entries() -> Iterator[list[str]]:
    import jieba

    jieba_any: Any = jieba
    with jieba_any.Tokenizer().get_dict_file() as file:
        for line in file:
            yield line.decode().split()
