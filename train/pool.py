"""Lines as a simulation sees them: TF-IDF rows for a fast linear model, and what an order may look at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.preprocessing import normalize
from sklearn.svm import LinearSVC

from labels.near_duplicates import letters
from model.features import Bools, Ints
from model.lexical import Floats
from model.themes import probability_of
from train.lexical import ABSENT, LEAST_DF
from train.stack import Stack

THRESHOLD: Final = 0.5
_SCALE: Final = 2.0  # from a linear SVM's score to a log-odds, by the look of its margins


@dataclass(frozen=True, slots=True)
class Pool:
    """n headings and body lines, K themes.

    rows: (n, f) TF-IDF and dense columns; the inverse document frequencies are those of `known` lines, which needs
    no labels. counts: (n, v) occurrences of words. labels, terms: (n, K). report, letters: (n,). body, known: (n,)
    whether it is body text, and whether it can be labelled (else it is measured on).
    """

    rows: csr_matrix
    counts: csr_matrix
    labels: Bools
    terms: Ints
    report: Ints
    letters: Ints
    body: Bools
    known: Bools


def pool_of(stack: Stack, known_reports: Bools) -> Pool:
    """The lines that were judged for every theme; reports outside the marked ones (documents,) are measured on."""
    examples = stack.examples
    chosen = np.flatnonzero(examples.themed & examples.judged.all(axis=1))
    known = known_reports[examples.report_of[chosen]]
    counts, frequent = _frequent(examples.sums[chosen], known)
    idf = np.log((1 + known.sum()) / (1 + frequent)) + 1
    lines = [line for document in stack.documents for line in document.lines]
    return Pool(
        rows=csr_matrix(hstack([normalize(counts @ diags(idf)), csr_matrix(examples.line_dense[chosen])])),
        counts=counts,
        labels=examples.labels[chosen],
        terms=_terms(stack)[chosen],
        report=examples.report_of[chosen],
        letters=np.array([len(letters(lines[number].text)) for number in chosen.tolist()], dtype=np.int64),
        body=stack.body[chosen],
        known=known,
    )


def fit(pool: Pool, labelled: Ints) -> Floats:
    """(n, K) scores of all lines by one linear SVM a theme, learned from the labelled lines alone."""
    scores = np.full(pool.labels.shape, ABSENT)
    for theme, labels in enumerate(pool.labels[labelled].T):
        if 0 < labels.sum() < len(labels):
            model = LinearSVC(random_state=0, max_iter=300).fit(pool.rows[labelled], labels)
            scores[:, theme] = model.decision_function(pool.rows)
    return scores


def probability(scores: Floats) -> Floats:
    """(n, K) probabilities; THRESHOLD where the score is 0."""
    return probability_of(_SCALE * scores)


def novelty(pool: Pool, labelled: Ints) -> Floats:
    """(n,) the share of each line's words that no labelled line has."""
    seen = np.asarray(pool.counts[labelled].sum(axis=0)).ravel() > 0
    every = np.asarray(pool.counts.sum(axis=1)).ravel()
    return np.asarray(1 - (pool.counts @ seen.astype(np.float64)) / np.maximum(every, 1))


def _frequent(sums: csr_matrix, known: Bools) -> tuple[csr_matrix, Ints]:
    """The columns that stand in LEAST_DF known lines or more, and in how many."""
    frequency = np.bincount(sums[known].indices, minlength=sums.shape[1])
    columns = np.flatnonzero(frequency >= LEAST_DF)
    return csr_matrix(sums[:, columns]), frequency[columns]


def _terms(stack: Stack) -> Ints:
    """(lines, K) how many terms of each theme stand in each line."""
    themes = stack.examples.labels.shape[1]
    parts = []
    for document in stack.documents:
        paragraph = document.passages.paragraph_of[document.passages.term_sentence]
        cells = paragraph * themes + document.passages.terms.theme
        parts.append(np.bincount(cells, minlength=len(document.lines) * themes).reshape(-1, themes))
    return np.concatenate(parts)
