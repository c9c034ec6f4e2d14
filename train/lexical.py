"""Fitting the first stage: linear SVMs on sentences, marked ones where there are marks, and on whole paragraphs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from scipy.sparse import csr_matrix, diags, hstack
from sklearn.svm import LinearSVC

from model.features import ROWS, Bools, Ints
from model.lexical import Floats, Lexical, cells_of
from train.stack import Examples

LEAST_DF: Final = 3
SENTENCE_C: Final = 0.3
LINE_C: Final = 0.8
TOLERANCE: Final = 0.1
# The fits that only choose sentences for the next one.
ROUGH_FITS: Final = 2
ROUGH_TOLERANCE: Final = 0.3
FEW: Final = 0.01  # part of the chosen sentences; another fit is not worth so small a change
# An SVM that sees few sentences with a theme among many without leans to the negative: in held-out paragraphs that have
# a theme, half of the sentences that score -0.4 to -0.6 are about it. Raised by so much, above 0 it is likely.
LEAN: Final = 0.4
ABSENT: Final = -1.0  # the score of a target that has nothing to learn from


@dataclass(frozen=True, slots=True)
class FirstStage:
    """rows: (v,) the feature rows that are known. sentence, line: the two linear models over them."""

    rows: Ints
    sentence: Lexical
    line: Lexical


def fit_first_stage(examples: Examples, reports: Bools, seed: int = 0) -> FirstStage:
    """Fit on the reports marked in `reports` (shape (documents,)); the last target is "has any theme"."""
    chosen = np.flatnonzero(reports[examples.report_of] & examples.themed)
    sentences = np.flatnonzero((reports[examples.report_of] & examples.themed)[examples.paragraph_of])
    counts, sums = examples.counts[sentences], examples.sums[chosen]
    frequency = np.bincount(counts.indices, minlength=ROWS)
    rows = np.flatnonzero(frequency >= LEAST_DF)
    # A third of the fit's time is waiting for memory; what is frequent stays in the cache where it stands together.
    rows = rows[np.argsort(-frequency[rows], kind="stable")]
    # Of the few that share a cell only the most frequent can be known.
    rows = rows[np.sort(np.unique(cells_of(rows), return_index=True)[1])]
    labels, judged = targets(examples)
    # What has any theme is nobody's own label.
    weights = np.column_stack((examples.weight, np.ones(len(labels))))
    rationale, explained = rationales(examples)
    number = np.full(len(examples.report_of), -1)
    number[chosen] = np.arange(len(chosen))
    bag = number[examples.paragraph_of[sentences]]
    sentence_idf, line_idf = _idf(counts, rows), _idf(sums, rows)
    instances = design(counts[:, rows], sentence_idf, examples.sentence_dense[sentences])
    whole = design(sums[:, rows], line_idf, examples.line_dense[chosen])
    fits_sentence, fits_line = [], []
    for target in range(labels.shape[1]):
        wanted, known, weight = labels[chosen, target], judged[chosen, target], weights[chosen, target]
        inside = known[bag]
        lessons = _Lessons(
            bag[inside],
            wanted[bag][inside],
            explained[chosen, target][bag][inside],
            rationale[sentences, target][inside],
            weight[bag][inside],
        )
        fits_sentence.append(_fit_instances(instances[inside], lessons, seed))
        fits_line.append(_fit(whole[known], wanted[known], weight[known], _svm(LINE_C, seed)))
    sentence, line = _lexical(sentence_idf, fits_sentence), _lexical(line_idf, fits_line)
    sentence.bias[:-1] += LEAN
    return FirstStage(rows, sentence, line)


def targets(examples: Examples) -> tuple[Bools, Bools]:
    """Labels and judged marks (n, themes + 1); "any theme" is judged where every theme is, or one is given."""
    any_theme = examples.labels.any(axis=1, keepdims=True)
    return (
        np.hstack((examples.labels, any_theme)),
        np.hstack((examples.judged, any_theme | examples.judged.all(axis=1, keepdims=True))),
    )


def rationales(examples: Examples) -> tuple[Bools, Bools]:
    """Rationales (s, themes + 1) and explained marks (n, themes + 1); "any theme" is explained where every theme is
    that a paragraph has."""
    explained = examples.explained & examples.labels
    every = (explained == examples.labels).all(axis=1, keepdims=True) & explained.any(axis=1, keepdims=True)
    own = examples.rationale & explained[examples.paragraph_of]
    return np.hstack((own, own.any(axis=1, keepdims=True))), np.hstack((explained, every))


@dataclass(frozen=True, slots=True)
class _Lessons:
    """What s sentences teach of one target, all (s,).

    bag: the paragraph of each. wanted, explained: whether that has the target, and whether somebody marked why.
    rationale: whether the sentence holds some of what was marked. weight: how much the label counts.
    """

    bag: Ints
    wanted: Bools
    explained: Bools
    rationale: Bools
    weight: Floats

    def positive(self, score: Floats) -> Bools:
        """Which sentences count as positive by their scores (s,)."""
        best = np.full(self.bag.max(initial=-1) + 1, -np.inf)
        np.maximum.at(best, self.bag, score)
        return self.wanted & np.where(self.explained, self.rationale, (score > 0) | (score == best[self.bag]))


def design(counts: csr_matrix, idf: Floats, dense: Floats) -> csr_matrix:
    """The matrix (p, v + themes + 2) whose product with a model's weights is its score without bias."""
    squares = np.asarray(counts @ idf**2).ravel()
    scale = 1 / np.sqrt(np.where(squares == 0, 1, squares))
    return csr_matrix(hstack((diags(scale) @ counts @ diags(idf), dense)))


def _idf(counts: csr_matrix, rows: Ints) -> Floats:
    frequency = np.bincount(counts.indices, minlength=ROWS)[rows]
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + frequency)) + 1)


def _svm(cost: float, seed: int, tolerance: float = TOLERANCE) -> LinearSVC:
    return LinearSVC(C=cost, dual=True, max_iter=2000, tol=tolerance, random_state=seed)


def _fit(matrix: csr_matrix, wanted: Bools, weight: Floats, svm: LinearSVC) -> LinearSVC | None:
    """A linear SVM over columns that count the more, the more their share differs between rows with the target and
    without (NB-SVM, Wang and Manning 2012); its coefficients are for `matrix` as it is."""
    if len(np.unique(wanted)) < 2:
        return None
    contrast = _contrast(matrix, wanted)
    svm.fit(
        csr_matrix((matrix.data * contrast[matrix.indices], matrix.indices, matrix.indptr), matrix.shape),
        wanted,
        weight,
    )
    svm.coef_ *= contrast
    return svm


def _contrast(matrix: csr_matrix, wanted: Bools) -> Floats:
    """(columns,) root of the absolute log ratio of a column's smoothed shares of both kinds of rows; mean square 1."""
    columns, positive = matrix.shape[1], int(wanted.sum())
    every = np.bincount(matrix.indices, minlength=columns)
    wanted_entries = matrix.indices[np.repeat(wanted, np.diff(matrix.indptr))]
    having = np.bincount(wanted_entries, minlength=columns)
    ratio = (having + 1) / (positive + 2) * (len(wanted) - positive + 2) / (every - having + 1)
    contrast = np.sqrt(np.abs(np.log(ratio)))
    size = np.sqrt(np.mean(contrast**2))
    return contrast / size if size else np.ones(columns)


def _fit_instances(matrix: csr_matrix, lessons: _Lessons, seed: int) -> LinearSVC | None:
    """Of a paragraph that has the theme, the sentences with a rationale count as positive.

    Where nobody marked any, a multi-instance SVM chooses (mi-SVM, Andrews et al. 2003): the best-scoring sentence and
    all positive-scoring ones count, until hardly any change, at most ROUGH_FITS times; all of them at first."""
    labels = lessons.positive(np.ones(len(lessons.bag)))
    for _ in range(ROUGH_FITS):
        model = _fit(matrix, labels, lessons.weight, _svm(SENTENCE_C, seed, ROUGH_TOLERANCE))
        if model is None:
            return None
        before, labels = labels, lessons.positive(model.decision_function(matrix))
        if np.count_nonzero(labels != before) <= FEW * np.count_nonzero(labels):
            break
    return _fit(matrix, labels, lessons.weight, _svm(SENTENCE_C, seed))


def _lexical(idf: Floats, fits: list[LinearSVC | None]) -> Lexical:
    width = len(idf)
    columns = max((fit.coef_.shape[1] for fit in fits if fit is not None), default=width)
    weights = np.column_stack([np.zeros(columns) if fit is None else fit.coef_.ravel() for fit in fits])
    bias = np.array([ABSENT if fit is None else float(fit.intercept_[0]) for fit in fits])
    return Lexical(idf.astype(np.float32), weights[:width].astype(np.float32), weights[width:], bias)
