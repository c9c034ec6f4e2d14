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

from model.features import ROWS, Ints
from model.passages import Passages

Floats = NDArray[np.float64]
TERM_CAP: Final = 4
TERM_SCALE: Final = 0.3


@dataclass(frozen=True, slots=True)
class Lexical:
    """One linear model over passages.

    idf: (v,) weight of each feature that the corpus knows. weights: (v, targets) of those features.
    dense: (themes + 2, targets) of the dense columns, see `dense_columns`. bias: (targets,).
    """

    idf: Floats
    weights: Floats
    dense: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class Known:
    """Occurrences of features the corpus knows: `feature` (k,) in [0, v), characters, passages' numbers."""

    feature: Ints
    start: Ints
    end: Ints
    sentence: Ints
    paragraph: Ints


@dataclass(frozen=True, slots=True)
class LexicalScores:
    """First-stage scores of a report: sentence (s, K + 1), line (n, K + 1), terms of sentences (s, K)."""

    known: Known
    sentence: Floats
    line: Floats
    sentence_dense: Floats
    line_dense: Floats
    terms: Ints


def vocabulary_index(rows: Ints) -> Ints:
    """(ROWS,) the number of each row's feature, -1 where the corpus does not know it."""
    index = np.full(ROWS, -1, dtype=np.int64)
    index[rows] = np.arange(len(rows))
    return index


def known_occurrences(passages: Passages, index: Ints) -> Known:
    """Keep the occurrences that the vocabulary `index` knows."""
    feature = index[passages.occurrences.rows]
    kept = np.flatnonzero(feature >= 0)
    sentence = passages.sentence_of[kept]
    return Known(
        feature=feature[kept],
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


def norms(model: Lexical, feature: Ints, passage: Ints, passages: int) -> Floats:
    """(p,) the root of the sum of squared weights of each passage; 1 for a passage without known features."""
    squares = np.bincount(passage, weights=model.idf[feature] ** 2, minlength=passages)
    return np.sqrt(np.where(squares == 0, 1, squares))


def scores(model: Lexical, feature: Ints, passage: Ints, dense: Floats) -> Floats:
    """(p, targets) scores of passages whose occurrences are `feature`, in the passages `passage`, both (k,)."""
    count = len(dense)
    weighted = model.weights[feature] * model.idf[feature, None]
    sums = [np.bincount(passage, weights=column, minlength=count) for column in weighted.T]
    lexical: Floats = np.column_stack(sums) / norms(model, feature, passage, count)[:, None]
    beside: Floats = (dense[:, :, None] * model.dense).sum(axis=1) + model.bias
    return lexical + beside
