"""Thresholds and bands from out-of-fold probabilities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from model.features import Bools
from model.lexical import Floats

SURE_PRECISION: Final = 0.97
_PLATEAU: Final = 0.003


@dataclass(frozen=True, slots=True)
class Cuts:
    """Per theme, all (K,): the threshold, and the probabilities below and above which a decision is sure."""

    threshold: Floats
    sure_below: Floats
    sure_above: Floats


def choose_cuts(probability: Floats, labels: Bools, judged: Bools) -> Cuts:
    """Choose them on out-of-fold rows; all arguments have shape (t, K)."""
    thresholds, below, above = [], [], []
    for theme in range(probability.shape[1]):
        rows = judged[:, theme]
        threshold = best_threshold(probability[rows, theme], labels[rows, theme])
        low, high = sure_band(probability[rows, theme], labels[rows, theme], threshold)
        thresholds.append(threshold)
        below.append(low)
        above.append(high)
    return Cuts(np.array(thresholds), np.array(below), np.array(above))


def best_threshold(probability: Floats, labels: Bools) -> float:
    """The middle of the plateau of thresholds whose F1 is within a hair of the best; 0.5 without positives."""
    if not labels.any():
        return 0.5
    grid = np.arange(0.05, 0.951, 0.01)
    f1 = np.array([f1_at(probability, labels, threshold) for threshold in grid])
    best = int(f1.argmax())
    low = high = best
    while low > 0 and f1[low - 1] >= f1[best] - _PLATEAU:
        low -= 1
    while high < len(grid) - 1 and f1[high + 1] >= f1[best] - _PLATEAU:
        high += 1
    return float(np.round((grid[low] + grid[high]) / 2, 4))


def f1_at(probability: Floats, labels: Bools, threshold: float) -> float:
    """F1 of the decision `probability >= threshold`; 0 where nothing is there to find."""
    has = probability >= threshold
    both = int((has & labels).sum())
    return 2 * both / max(int(has.sum()) + int(labels.sum()), 1)


def sure_band(probability: Floats, labels: Bools, threshold: float) -> tuple[float, float]:
    """The widest band below and above the threshold in which decisions are right SURE_PRECISION of the time."""
    order = np.argsort(probability, kind="stable")
    ordered, truth = probability[order], labels[order]
    seen = np.arange(1, len(order) + 1)
    right_below = np.cumsum(~truth) / seen
    right_above = (np.cumsum(truth[::-1]) / seen)[::-1]
    low = np.flatnonzero((right_below >= SURE_PRECISION) & (ordered < threshold))
    high = np.flatnonzero((right_above >= SURE_PRECISION) & (ordered >= threshold))
    return (float(ordered[low[-1]]) if len(low) else -1.0, float(ordered[high[0]]) if len(high) else 2.0)
