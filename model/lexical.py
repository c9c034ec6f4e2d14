"""Linear scores of sentences and of whole paragraphs from their words, character pairs and terms.

Both are TF-IDF models as scikit-learn's linear SVM left them. A passage is the sum of its
occurrences' inverse document frequencies, divided by the root of the sum of their squares (so a
feature that stands twice counts twice in both), beside a few dense columns.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.features import BITS, Ints
from model.passages import Passages

Floats = NDArray[np.float64]
Singles = NDArray[np.float32]
TERM_CAP: Final = 4
TERM_SCALE: Final = 0.3
_CELL_BITS: Final = 20


@dataclass(frozen=True, slots=True)
class Lexical:
    """One linear model over passages.

    idf: (v,) weight of each feature that the corpus knows. weights: (v, targets) of those features; both in single
    precision, since what is summed is read once for each word.
    dense: (themes + 2, targets) of the dense columns, see `dense_columns`. bias: (targets,).
    """

    idf: Singles
    weights: Singles
    dense: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Known:
    """Occurrences of features the corpus knows, sentence by sentence.

    feature: (k,) in [0, v). start, end: their characters. sentence, paragraph: the passages' numbers.
    """

    feature: Ints
    start: Ints
    end: Ints
    sentence: Ints
    paragraph: Ints


@dataclass(frozen=True, slots=True)
class PassageScores:
    """Scores of p passages.

    scores: (p, K + 1). norm: (p,) the root of the sum of squared weights; 1 without known features.
    dense: (p, K + 2) the dense columns.
    """

    scores: Floats
    norm: Floats
    dense: Floats


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """First-stage scores of s sentences and n paragraphs; terms: (s, K). added: (k, 2 (K + 2)) summands of `known`."""

    known: Known
    added: Singles
    sentence: PassageScores
    line: PassageScores
    terms: Ints


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The features that the corpus knows.

    rows: (v + 1,) their rows, each in a cell of its own, then -1. cells: (2^20,) the number of the feature in each,
    v for none.
    """

    rows: Ints
    cells: NDArray[np.int32]

    @classmethod
    def of(cls, rows: Ints) -> Vocabulary:
        """The vocabulary of `rows` (v,)."""
        cells = np.full(1 << _CELL_BITS, len(rows), dtype=np.int32)
        cells[cells_of(rows)] = np.arange(len(rows), dtype=np.int32)
        return cls(np.append(rows, -1), cells)

    def find(self, rows: Ints) -> tuple[Ints, Ints]:
        """Which of the features in `rows` are known, and their numbers."""
        feature = self.cells[cells_of(rows)]
        known = np.flatnonzero(self.rows[feature] == rows)
        return known, feature[known].astype(np.int64)


def cells_of(rows: Ints) -> Ints:
    """The cell of each row: a table of all rows would not fit where memory is fast."""
    cells: Ints = rows >> (BITS - _CELL_BITS)
    return cells


def known_occurrences(passages: Passages, vocabulary: Vocabulary) -> Known:
    """Keep the occurrences that the vocabulary knows."""
    kept, feature = vocabulary.find(passages.occurrences.rows)
    order = np.argsort(passages.sentence_of[kept], kind="stable")
    kept = kept[order]
    sentence = passages.sentence_of[kept]
    return Known(
        feature=feature[order],
        start=passages.occurrences.start[kept],
        end=passages.occurrences.end[kept],
        sentence=sentence,
        paragraph=passages.paragraph_of[sentence],
    )


def term_counts(passages: Passages, themes: int) -> Ints:
    """(s, themes) how many terms of each theme a sentence holds."""
    cells = passages.term_sentence * themes + passages.terms.theme
    return np.bincount(cells, minlength=len(passages.paragraph_of) * themes).reshape(-1, themes)


def dense_columns(terms: Ints, figures: NDArray[np.bool_]) -> Floats:
    """(p, themes + 2): capped log term counts of each theme, whether there is no term, whether there is a figure."""
    counts = np.log1p(np.minimum(terms, TERM_CAP))
    nothing = (terms.sum(axis=1) == 0) / 2
    columns: Floats = TERM_SCALE * np.column_stack((counts, nothing, figures))
    return columns


def summands(*models: Lexical) -> Singles:
    """(v, models * (targets + 1)) what an occurrence of each feature adds to each score, and to its squared norm."""
    rows, targets = models[0].weights.shape
    added = np.empty((rows, len(models), targets + 1), dtype=np.float32)
    for number, model in enumerate(models):
        np.multiply(model.weights, model.idf[:, None], out=added[:, number, :-1])
        np.square(model.idf, out=added[:, number, -1])
    return added.reshape(rows, -1)


def scores_of(model: Lexical, sums: Singles, dense: Floats) -> PassageScores:
    """Scores of p passages from the sums (p, targets + 1) of what the occurrences in each add."""
    norm: Floats = np.sqrt(np.where(sums[:, -1] == 0, 1, sums[:, -1]), dtype=np.float64)
    beside = np.einsum("pd,dt->pt", dense, model.dense) + model.bias
    return PassageScores(sums[:, :-1] / norm[:, None] + beside, norm, dense)


def sums_by(added: Singles, passage: Ints, passages: int) -> Singles:
    """(p, columns) sums of `added` (k, columns) by passage; `passage` (k,) never falls."""
    sums = np.zeros((passages, added.shape[1]), dtype=added.dtype)
    first = np.flatnonzero(np.diff(passage, prepend=-1))
    if len(first):
        # numpy goes through all rows once a column: half as often where it takes two for a complex number.
        kind = np.result_type(added, np.complex64) if added.shape[1] % 2 == 0 else added.dtype
        sums.view(kind)[passage[first]] = np.add.reduceat(added.view(kind), first, axis=0)
    return sums
