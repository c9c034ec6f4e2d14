"""Where a model errs, in numbers: curves, bins and matrices over out-of-fold rows."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

import numpy as np
from sklearn.metrics import average_precision_score, precision_recall_curve

from model.features import Bools, Ints
from model.lexical import Floats
from train.measures import calibration_error
from train.stack import Stack
from train.themes import Trained

BINS: Final = 15
_MOST_POINTS: Final = 160


@dataclass(frozen=True, slots=True)
class HeldOut:
    """The b body lines that somebody judged, as models that had not seen them decided; K themes.

    paragraph: (b,) their numbers in the stack. report: (b,). All else has shape (b, K).
    """

    paragraph: Ints
    report: Ints
    labels: Bools
    judged: Bools
    probability: Floats
    found: Bools
    sure: Bools

    @property
    def known(self) -> Bools:
        """(K,) the themes that somebody judged on some line; nothing can be counted of the others."""
        return np.asarray(self.judged.any(axis=0))

    @property
    def right(self) -> Bools:
        """Decisions that are right or that nobody judged."""
        right: Bools = (self.found == self.labels) | ~self.judged
        return right

    @property
    def missed(self) -> Bools:
        """Themes that a line has and did not get."""
        return self.labels & self.judged & ~self.found

    @property
    def extra(self) -> Bools:
        """Themes that a line got and does not have."""
        return self.found & self.judged & ~self.labels

    @property
    def hit(self) -> Bools:
        """Themes that a line has and got."""
        return self.labels & self.judged & self.found


@dataclass(frozen=True, slots=True)
class Curve:
    """A precision-recall curve, both (m,), by rising recall, and the average precision."""

    recall: Floats
    precision: Floats
    average: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """Bins of equal width that hold lines, all (m,): how many, their mean probability, their share of positives."""

    count: Ints
    predicted: Floats
    observed: Floats


@dataclass(frozen=True, slots=True)
class Confusion:
    """Counts of lines.

    instead: (K + 1, K + 1), row: the theme missed (last: the line has none), column: the theme given wrongly on the
    same line (last: none was given). beside: (K, K), row: missed, column: rightly given on the same line.
    together: (K, K) labels on the same line, the diagonal all lines of a theme.
    """

    instead: Ints
    beside: Ints
    together: Ints


@dataclass(frozen=True, slots=True)
class Band:
    """Decisions of one theme, or of whole lines: shares that are sure, right, right where sure, right elsewhere."""

    sure: float
    right: float
    right_sure: float
    right_unsure: float


def held_out(stack: Stack, trained: Trained) -> HeldOut:
    """The judged body lines among the out-of-fold rows, in the order of the corpus."""
    rows, decision = trained.out_of_fold, trained.model.decision
    examples = stack.examples
    judged = examples.judged[rows.paragraph] & stack.body[rows.paragraph][:, None]
    kept = np.flatnonzero(judged.any(axis=1))
    kept = kept[np.argsort(rows.paragraph[kept], kind="stable")]
    paragraph, probability = rows.paragraph[kept], rows.probability[kept]
    return HeldOut(
        paragraph=paragraph,
        report=examples.report_of[paragraph],
        labels=examples.labels[paragraph],
        judged=judged[kept],
        probability=probability,
        found=probability >= decision.threshold,
        sure=(probability <= decision.sure_below) | (probability >= decision.sure_above),
    )


def curve_of(held: HeldOut, theme: int) -> Curve | None:
    """The precision-recall curve of a theme, thinned out to what can be drawn; None without positives."""
    labels, probability = _judged(held, theme)
    if not labels.any():
        return None
    precision, recall, _ = precision_recall_curve(labels, probability)
    average = float(average_precision_score(labels, probability))
    corners = np.flatnonzero(np.diff(recall, prepend=-1) != 0)[::-1]
    step = max(len(corners) // _MOST_POINTS, 1)
    kept = np.unique(np.concatenate((corners[::step], corners[-1:])))[::-1]
    return Curve(recall[kept], precision[kept], average)


def reliability(held: HeldOut, theme: int) -> Reliability:
    """A theme's probabilities in BINS equal bins."""
    labels, probability = _judged(held, theme)
    number = np.minimum((probability * BINS).astype(np.int64), BINS - 1)
    count = np.bincount(number, minlength=BINS)
    filled = np.flatnonzero(count)
    predicted, observed = (np.bincount(number, weights=values, minlength=BINS) for values in (probability, labels))
    return Reliability(count[filled], (predicted[filled] / count[filled]), observed[filled] / count[filled])


def calibration_of(held: HeldOut, theme: int) -> float:
    """The expected calibration error of a theme; not a number where nobody judged it."""
    labels, probability = _judged(held, theme)
    return calibration_error(probability, labels) if len(labels) else math.nan


def confusion(held: HeldOut) -> Confusion:
    """Which themes are given for, missed beside, and found together with which."""
    labels = held.labels & held.judged
    nothing_wanted = ~held.labels.any(axis=1, keepdims=True) & held.judged.all(axis=1, keepdims=True)
    nothing_given = ~held.found.any(axis=1, keepdims=True)
    instead = _lines_with(np.hstack((held.missed, nothing_wanted)), np.hstack((held.extra, nothing_given)))
    instead[-1, -1] = 0  # nothing wanted, nothing given: right
    return Confusion(instead, _lines_with(held.missed, held.hit), _lines_with(labels, labels))


def band_of(held: HeldOut, theme: int) -> Band:
    """How far the decisions on one theme can be trusted."""
    rows = held.judged[:, theme]
    return _band(held.sure[rows, theme], held.right[rows, theme])


def band_of_lines(held: HeldOut) -> Band:
    """The same of whole lines: sure where every theme is, right where every theme is."""
    sure = (held.sure | ~held.judged).all(axis=1)
    return _band(np.asarray(sure), np.asarray(held.right.all(axis=1)))


def _lines_with(rows: Bools, columns: Bools) -> Ints:
    """Of marks (b, R) and (b, C), the lines (R, C) that have both."""
    lines: Ints = rows.T.astype(np.int64) @ columns.astype(np.int64)
    return lines


def _band(sure: Bools, right: Bools) -> Band:
    return Band(_share(sure), _share(right), _share(right[sure]), _share(right[~sure]))


def _share(marks: Bools) -> float:
    return float(marks.mean()) if len(marks) else math.nan


def _judged(held: HeldOut, theme: int) -> tuple[Bools, Floats]:
    rows = held.judged[:, theme]
    return held.labels[rows, theme], held.probability[rows, theme]
