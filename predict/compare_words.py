"""Words that set a group of paragraphs apart: weighted log-odds with an informative Dirichlet prior.

Monroe, Colaresi and Quinn, "Fightin' Words", Political Analysis 16 (2008), 372-403, equations 16, 20 and 22. The prior
has the frequencies of all paragraphs together, and as many words as a report has on average.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.clean import clean
from model.words import segmenter
from predict.compare import Z95, Comparison, Paragraph, Words

MOST_WORDS: Final = 20
_FEWEST: Final = 3  # times that a word has to stand in a group
_WORD: Final = re.compile("[\u4e00-\u9fff]{2,}|[0-9]{5}")

_FIGURE: Final = re.compile(
    "[一二三四五六七八九十百千万亿两几半多余]+[个年月日天元人名件起次家种项条万亿余多位场处]*|[今去当本全]年"
)

Counts = NDArray[np.int64]
Floats = NDArray[np.float64]
_Located = tuple[str, Paragraph]


@dataclass(frozen=True, slots=True)
class WordScore:
    """A word of a group: its log-odds against the rest with a 95 % interval, z, how often and in how many places."""

    word: str
    log_odds: float
    low: float
    high: float
    z: float
    count: int
    places: int


@dataclass(frozen=True, slots=True)
class Group:
    """What is set apart from all other paragraphs. by: "theme", "place" or "year"; key: which one."""

    by: str
    key: str
    words: tuple[WordScore, ...]


class Vocabulary:
    """Numbers words as they come."""

    def __init__(self, terms: tuple[str, ...]) -> None:
        self._cut = segmenter(terms)
        self._numbers: dict[str, int] = {}

    def words(self, text: str) -> Words:
        """The words of a paragraph; figures, single characters and marks are none."""
        cut = (word for word in self._cut(clean(text)) if _WORD.fullmatch(word) and not _FIGURE.fullmatch(word))
        return np.array([self._numbers.setdefault(word, len(self._numbers)) for word in cut], dtype=np.int32)

    @property
    def listed(self) -> list[str]:
        return list(self._numbers)


def set_apart(comparison: Comparison) -> tuple[Group, ...]:
    """What sets apart each theme, each place where there are several, and each year where there are several."""
    tally = _Tally(comparison)
    groups = [tally.group("theme", theme) for theme in comparison.scheme.ids]
    if len(comparison.places) > 1:
        groups += [tally.group("place", place) for place in comparison.places]
    if len(comparison.spans) > 1:
        groups += [tally.group("year", when.names[1]) for when in comparison.spans]
    return tuple(groups)


def log_odds(group: Counts, rest: Counts, prior: Floats) -> tuple[Floats, Floats]:
    """Log-odds of each word in a group against the rest, and their standard errors, each (words,).

    >>> ratio, error = log_odds(np.array([9, 1]), np.array([1, 9]), np.array([1.0, 1.0]))
    >>> [float(round(value, 3)) for value in (ratio[0], error[0], ratio[1])]
    [3.219, 0.775, -3.219]
    """
    ours, theirs = group + prior, rest + prior
    ratio = np.log(ours / (ours.sum() - ours)) - np.log(theirs / (theirs.sum() - theirs))
    return ratio, np.sqrt(1 / ours + 1 / theirs)


def prior_of(counts: Counts, reports: int) -> Floats:
    """The prior's words: frequencies of `counts`, as many as one of the reports has on average."""
    # A word that no report has left would have odds of nothing.
    prior: Floats = np.maximum(counts, 1e-6) / max(reports, 1)
    return prior


class _Tally:
    """Counts of words over all paragraphs, and those of groups on demand."""

    def __init__(self, comparison: Comparison) -> None:
        self._comparison = comparison
        self._groups: dict[tuple[str, str], list[_Located]] = {}
        located = [(cell.place, paragraph) for cell in comparison.cells for paragraph in cell.paragraphs]
        for cell in comparison.cells:
            for paragraph in cell.paragraphs:
                keys = [("theme", theme) for theme in paragraph.themes]
                for key in (*keys, ("place", cell.place), ("year", cell.when.names[1])):
                    self._groups.setdefault(key, []).append((cell.place, paragraph))
        self._all = self._count(located)
        self._prior = prior_of(self._all, len(comparison.members))
        self._places = self._in_places(located)
        self._named = _names_of_places(comparison.places, comparison.vocabulary)

    def group(self, by: str, key: str) -> Group:
        inside = self._groups.get((by, key), [])
        places = self._places if by == "place" else self._in_places(inside)
        return Group(by, key, tuple(self._scores(self._count(inside), places)))

    def _scores(self, counts: Counts, places: Counts) -> Iterator[WordScore]:
        if not counts.any() or not (self._all - counts).any():
            return
        ratio, error = log_odds(counts, self._all - counts, self._prior)
        scores = ratio / error
        wanted = (scores >= Z95) & (counts >= _FEWEST) & ~self._named
        for at in sorted(np.flatnonzero(wanted).tolist(), key=lambda number: -scores[number])[:MOST_WORDS]:
            spread = Z95 * error[at]
            yield WordScore(
                word=self._comparison.vocabulary[at],
                log_odds=round(float(ratio[at]), 3),
                low=round(float(ratio[at] - spread), 3),
                high=round(float(ratio[at] + spread), 3),
                z=round(float(scores[at]), 2),
                count=int(counts[at]),
                places=int(places[at]),
            )

    def _count(self, located: Iterable[_Located]) -> Counts:
        return count_words((paragraph for _, paragraph in located), len(self._comparison.vocabulary))

    def _in_places(self, located: Iterable[_Located]) -> Counts:
        """In how many places each word stands."""
        by_place: dict[str, list[Words]] = {}
        for place, paragraph in located:
            by_place.setdefault(place, []).append(paragraph.words)
        places = np.zeros(len(self._comparison.vocabulary), dtype=np.int64)
        for words in by_place.values():
            places[np.unique(np.concatenate(words))] += 1
        return places


def count_words(paragraphs: Iterable[Paragraph], size: int) -> Counts:
    """How often each word of a vocabulary of that size stands in paragraphs."""
    words = [paragraph.words for paragraph in paragraphs]
    return np.bincount(np.concatenate(words), minlength=size) if words else np.zeros(size, dtype=np.int64)


def _names_of_places(places: Sequence[str], vocabulary: Sequence[str]) -> NDArray[np.bool_]:
    """Which words are a place's own name: they would say only where a report comes from."""
    joined = "\n".join(places)
    return np.array([word in joined for word in vocabulary], dtype=np.bool_)
