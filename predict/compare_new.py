"""What is new in a place against the year before: shares that moved, words and paragraphs that were not there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.rollup import Share
from predict.compare import Cell, Comparison, Paragraph, When, change
from predict.compare_words import count_words, log_odds, prior_of

_MOST_WORDS: Final = 10
_MOST_PARAGRAPHS: Final = 3
_FEWEST: Final = 2
_SHORTEST: Final = 25  # characters; a shorter paragraph is new by accident
_NEW: Final = 0.5
_MOST_SHARED: Final = 15


@dataclass(frozen=True, slots=True)
class NewWord:
    """A word that the year before did not have; `z` of its log-odds between the years."""

    word: str
    count: int
    z: float


@dataclass(frozen=True, slots=True)
class NewParagraph:
    """A paragraph unlike all of the year before: `new` is the part of its words, weighted by rarity, that none has."""

    paragraph: Paragraph
    new: float


@dataclass(frozen=True, slots=True)
class News:
    """What is new in a cell."""

    cell: Cell
    before: Cell
    changes: Mapping[str, Share]
    words: tuple[NewWord, ...]
    paragraphs: tuple[NewParagraph, ...]


def news(comparison: Comparison) -> tuple[News, ...]:
    """What is new in every cell that has one of the year before."""
    rarity = _rarity(comparison)
    every = (paragraph for cell in comparison.cells for paragraph in cell.paragraphs)
    prior = prior_of(count_words(every, len(comparison.vocabulary)), len(comparison.members))
    found = []
    for cell in comparison.cells:
        before = comparison.before(cell)
        if before is not None:
            changes = {theme: change(cell.shares[theme], before.shares[theme]) for theme in cell.shares}
            words = _words(cell, before, comparison.vocabulary, prior)
            found.append(News(cell, before, changes, words, _paragraphs(cell, before, rarity)))
    return tuple(found)


def new_in_places(found: Sequence[News]) -> dict[When, list[tuple[str, int]]]:
    """Words that are new in at least two places at once, by time, each with the number of places."""
    by_time: dict[When, dict[str, int]] = {}
    for one in found:
        words = by_time.setdefault(one.cell.when, {})
        for word in one.words:
            words[word.word] = words.get(word.word, 0) + 1
    ranked = {when: sorted(words.items(), key=lambda item: (-item[1], item[0])) for when, words in by_time.items()}
    shared = {when: [item for item in words if item[1] > 1][:_MOST_SHARED] for when, words in sorted(ranked.items())}
    return {when: words for when, words in shared.items() if words}


def _words(cell: Cell, before: Cell, vocabulary: Sequence[str], prior: NDArray[np.float64]) -> tuple[NewWord, ...]:
    now, then = (count_words(one.paragraphs, len(vocabulary)) for one in (cell, before))
    ratio, error = log_odds(now, then, prior)
    scores = ratio / error
    wanted = np.flatnonzero((then == 0) & (now >= _FEWEST)).tolist()
    ranked = sorted(wanted, key=lambda at: (-scores[at], vocabulary[at]))
    return tuple(NewWord(vocabulary[at], int(now[at]), round(float(scores[at]), 2)) for at in ranked[:_MOST_WORDS])


def _paragraphs(cell: Cell, before: Cell, rarity: NDArray[np.float64]) -> tuple[NewParagraph, ...]:
    known = [set(paragraph.words.tolist()) for paragraph in before.paragraphs]
    found = [
        NewParagraph(paragraph, round(_novelty(set(paragraph.words.tolist()), known, rarity), 3))
        for paragraph in cell.paragraphs
        if len(paragraph.text) >= _SHORTEST and len(paragraph.words)
    ]
    new = sorted((one for one in found if one.new >= _NEW), key=lambda one: -one.new)
    return tuple(new[:_MOST_PARAGRAPHS])


def _novelty(words: set[int], known: Iterable[set[int]], rarity: NDArray[np.float64]) -> float:
    total = _weight(words, rarity)
    return 1 - max((_weight(words & other, rarity) for other in known), default=0.0) / total if total else 0.0


def _weight(words: set[int], rarity: NDArray[np.float64]) -> float:
    return float(rarity[sorted(words)].sum()) if words else 0.0


def _rarity(comparison: Comparison) -> NDArray[np.float64]:
    """How rare each word is: the logarithm of paragraphs by those that have it."""
    paragraphs = [paragraph for cell in comparison.cells for paragraph in cell.paragraphs]
    having = np.zeros(len(comparison.vocabulary))
    for paragraph in paragraphs:
        having[np.unique(paragraph.words)] += 1
    return np.log((len(paragraphs) + 1) / np.maximum(having, 1))
