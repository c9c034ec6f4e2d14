"""Bootstrap over reports, from counts per report: fast, and the same draw for all models compared."""

from __future__ import annotations

import numpy as np

from model.features import Bools, Ints
from model.lexical import Floats
from train.measures import RESAMPLES


def counts_by_report(report: Ints, wanted: Bools, given: Bools) -> Ints:
    """(reports, 2, K) of each report: themes found rightly, and found plus wanted; marks have shape (rows, K).

    No rows at all count as one report without any.

    >>> counts_by_report(np.array([0, 0]), np.array([[True], [True]]), np.array([[True], [False]])).tolist()
    [[[1], [3]]]
    """
    reports = int(report.max(initial=0)) + 1
    counts = np.zeros((reports, 2, wanted.shape[1]), dtype=np.int64)
    np.add.at(counts[:, 0], report, wanted & given)
    np.add.at(counts[:, 1], report, wanted.astype(np.int64) + given)
    return counts


def f1_of(counts: Ints) -> Floats:
    """F1 (…, K) from counts (…, 2, K); 1 where there is nothing to find and nothing was found."""
    total = counts[..., 1, :]
    return np.where(total == 0, 1.0, 2 * counts[..., 0, :] / np.maximum(total, 1))


def resampled_f1(counts: Ints, seed: int = 0) -> Floats:
    """F1 (RESAMPLES, …, K) of resamples of the reports; counts: (reports, …, 2, K), what is beside is drawn alike."""
    random, reports = np.random.default_rng(seed), len(counts)
    even = np.full(reports, 1 / reports)
    return f1_of(np.stack([np.tensordot(random.multinomial(reports, even), counts, 1) for _ in range(RESAMPLES)]))


def interval_of(values: Floats) -> tuple[float, float]:
    """The 95 % percentile interval of resampled values (RESAMPLES,)."""
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)
