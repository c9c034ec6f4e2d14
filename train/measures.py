"""How good a tagging is: F1 per theme, exact match, calibration, and intervals by bootstrap over reports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np

from model.features import Bools, Ints
from model.lexical import Floats

RESAMPLES: Final = 1000
_BINS: Final = 15


def f1_scores(truth: Bools, found: Bools) -> Floats:
    """(K,) F1 of each theme over rows (t, K); 1 where there is nothing to find and nothing was found."""
    both = (truth & found).sum(axis=0)
    total = truth.sum(axis=0) + found.sum(axis=0)
    return np.where(total == 0, 1.0, 2 * both / np.maximum(total, 1))


def precision_recall(truth: Bools, found: Bools) -> tuple[Floats, Floats]:
    """(K,) precision and recall of each theme."""
    both = (truth & found).sum(axis=0)
    return both / np.maximum(found.sum(axis=0), 1), both / np.maximum(truth.sum(axis=0), 1)


def macro_f1(truth: Bools, found: Bools) -> float:
    """Mean of the themes' F1."""
    return float(f1_scores(truth, found).mean())


def exact_match(truth: Bools, found: Bools) -> float:
    """Share of rows whose themes are all right."""
    return float((truth == found).all(axis=1).mean())


def calibration_error(probability: Floats, labels: Bools) -> float:
    """Expected calibration error, 15 equal-width bins (Naeini et al. 2015); both (t,)."""
    bins = np.minimum((probability * _BINS).astype(np.int64), _BINS - 1)
    gap = np.abs(np.bincount(bins, weights=probability - labels, minlength=_BINS))
    return float(gap.sum() / len(labels))


def interval(
    measure: Callable[[Bools, Bools], float], truth: Bools, found: Bools, report: Ints, seed: int = 0
) -> tuple[float, float]:
    """95 % bootstrap interval of a measure, reports (t,) drawn with replacement."""
    values = [measure(truth[rows], found[rows]) for rows in resamples(report, seed)]
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def resamples(report: Ints, seed: int = 0, count: int = RESAMPLES) -> list[Ints]:
    """Row numbers of `count` resamples by report."""
    random = np.random.default_rng(seed)
    rows_of = [np.flatnonzero(report == name) for name in np.unique(report)]
    return [
        np.concatenate([rows_of[drawn] for drawn in random.integers(len(rows_of), size=len(rows_of))])
        for _ in range(count)
    ]
