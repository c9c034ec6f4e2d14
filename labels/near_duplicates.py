"""Texts that are the same but for a few characters: near-duplicates, found without comparing all with all."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

SIMILAR: Final = 0.8
_SIZE: Final = 4


@dataclass(frozen=True, slots=True)
class NearPair:
    """Two texts by their numbers, `first` before `second`, and the Jaccard index of their four-letter pieces."""

    first: int
    second: int
    similarity: float


def letters(text: str) -> str:
    """A text's letters and figures alone, of one width and case: what makes it the same text.

    >>> letters("（一）Ａ组，调解 12 件。")
    '一a组调解12件'
    """
    return "".join(char for char in unicodedata.normalize("NFKC", text).lower() if char.isalnum())


def near_pairs(texts: Sequence[str], least: float = SIMILAR) -> Iterator[NearPair]:
    """Every pair of texts with a Jaccard index of `least` or more.

    Prefix filtering (Bayardo, Ma, Srikant, WWW 2007): with pieces in one order, rarest first, two sets that are
    similar enough share a piece among the first few of each; so only such pairs are compared.

    >>> list(near_pairs(["全市排查纠纷", "今年打击犯罪", "全市排查纠纷！"]))
    [NearPair(first=0, second=2, similarity=1.0)]
    """
    pieces = [_pieces(letters(text)) for text in texts]
    frequency = Counter(piece for own in pieces for piece in own)
    holders: defaultdict[str, list[int]] = defaultdict(list)
    for number, own in enumerate(pieces):
        ordered = sorted(own, key=lambda piece: (frequency[piece], piece))
        prefix = ordered[: len(own) - _ceil(least * len(own)) + 1]
        for other in sorted({holder for piece in prefix for holder in holders[piece]}):
            common = len(own & pieces[other])
            similarity = common / (len(own) + len(pieces[other]) - common)
            if similarity >= least:
                yield NearPair(other, number, similarity)
        for piece in prefix:
            holders[piece].append(number)


def _pieces(text: str) -> frozenset[str]:
    """Overlapping pieces of four letters; a shorter text is one piece, an empty one none."""
    return frozenset(text[at : at + _SIZE] for at in range(max(len(text) - _SIZE + 1, 1))) if text else frozenset()


def _ceil(number: float) -> int:
    return -int(-(number - 1e-9) // 1)
