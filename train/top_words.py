"""The words and character pairs that speak loudest for and against each theme, named from the corpus.

Features are hashed, so a weight has no name of its own: the name is what stands most often in the
corpus where that row is looked up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from model.features import ROWS, Bools, Ints
from model.lexical import Floats
from model.themes import ThemeModel
from train.stack import Document

MOST_WORDS: Final = 20
_CANDIDATES: Final = 4 * MOST_WORDS
_DIGITS: Final = re.compile("[0-9]+")


@dataclass(frozen=True, slots=True)
class TopWord:
    """A word or pair, the weight it brings to a sentence before scaling (idf x weight), and how often it stands."""

    text: str
    weight: float
    count: int


@dataclass(frozen=True, slots=True)
class TopWords:
    """Of one theme, the strongest first."""

    speak_for: tuple[TopWord, ...]
    against: tuple[TopWord, ...]


def top_words(model: ThemeModel, documents: Sequence[Document]) -> list[TopWords]:
    """Of every theme of the model."""
    weights = model.sentence.weights[:, :-1] * model.sentence.idf[:, None]
    columns = [(_strongest(column), _strongest(-column)) for column in weights.T]
    wanted = np.zeros(ROWS, dtype=np.bool_)
    for pair in columns:
        wanted[model.rows[np.concatenate(pair)]] = True
    names = _names(documents, wanted)
    return [
        TopWords(_ranked(model.rows, column, best, names), _ranked(model.rows, column, worst, names))
        for column, (best, worst) in zip(weights.T, columns, strict=True)
    ]


def _strongest(column: Floats) -> Ints:
    """Numbers of the largest positive weights, the largest first."""
    order = np.argsort(-column, kind="stable")[:_CANDIDATES]
    return order[column[order] > 0]


def _ranked(rows: Ints, column: Floats, chosen: Ints, names: dict[int, tuple[str, int]]) -> tuple[TopWord, ...]:
    """Features under their names, those of one name added up; a pair inside a stronger word is left out."""
    words: dict[str, TopWord] = {}
    for number in chosen.tolist():
        text, count = names.get(int(rows[number]), ("", 0))
        if text in words:
            known = words[text]
            words[text] = TopWord(text, known.weight + float(column[number]), max(known.count, count))
        elif text and not any(text in stronger for stronger in words):
            words[text] = TopWord(text, float(column[number]), count)
    return tuple(sorted(words.values(), key=lambda word: -abs(word.weight))[:MOST_WORDS])


def _names(documents: Sequence[Document], wanted: Bools) -> dict[int, tuple[str, int]]:
    """The most frequent text of every wanted row, and how often the row stands in the corpus."""
    texts: Counter[tuple[int, str]] = Counter()
    for document in documents:
        found, text = document.passages.occurrences, document.passages.clean.text
        hits = np.flatnonzero(wanted[found.rows])
        spans = zip(found.rows[hits].tolist(), found.start[hits].tolist(), found.end[hits].tolist(), strict=True)
        texts.update((row, text[start:end]) for row, start, end in spans)
    names: dict[int, tuple[str, int]] = {}
    for (row, text), count in sorted(texts.items(), key=lambda item: (-item[1], item[0])):
        name, total = names.get(row, (_DIGITS.sub("#", text), 0))
        names[row] = name, total + count
    return names
