"""Scores of found themes over many reports, each with its bootstrap interval; resamples are shared by all systems."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from model.features import Bools, Ints
from model.lexical import Floats
from train.bootstrap import f1_of
from train.evaluate import Figure
from train.measures import resamples


@dataclass(frozen=True, slots=True)
class Scores:
    """One system in one trial.

    names: of the measures: macro-F1, exact match, then F1 of each theme. values: (1 + B, measures), over
    all reports and over B resamples of them, the same for every system of the trial. counts: (measures,) lines.
    """

    names: tuple[str, ...]
    values: Floats
    counts: Ints

    def figures(self) -> list[Figure]:
        """Every measure with its 95 % interval."""
        return _figures(self.names, self.values, self.counts)

    def lead_over(self, other: Scores) -> Figure:
        """How much higher the macro-F1 is than another system's, from the paired resamples."""
        return _figures(self.names[:1], (self.values - other.values)[:, :1], self.counts)[0]


def score_lines(ids: tuple[str, ...], truth: Bools, found: Bools, judged: Bools, report: Ints) -> Scores:
    """Score t body lines: all but `report` (t,) have shape (t, K); a theme counts where it was judged."""
    _, number = np.unique(report, return_inverse=True)
    whole = judged.all(axis=1)
    right = (truth == found).all(axis=1) & whole
    wanted, given = truth & judged, found & judged
    columns = np.column_stack((wanted & given, wanted.astype(np.int64) + given, right, whole))
    tallies = np.zeros((int(number.max(initial=0)) + 1, columns.shape[1]), dtype=np.int64)
    np.add.at(tallies, number, columns)
    values = _measures(_weights(len(tallies)) @ tallies, len(ids))
    names = ("macro-F1", "exact match", *(f"F1 {name}" for name in ids))
    counts = np.array([len(truth), whole.sum(), *judged.sum(axis=0)])
    return Scores(names, values, counts)


def _weights(reports: int) -> Ints:
    """(1 + B, reports) how often each report is counted: once each, then as often as it was drawn."""
    drawn = resamples(np.arange(reports))
    once = np.ones(reports, dtype=np.int64)
    return np.vstack([once, *(np.bincount(sample, minlength=reports) for sample in drawn)])


def _measures(sums: Ints, themes: int) -> Floats:
    """(…, 2 + K) from sums (…, 2 K + 2) of what `score_lines` counts."""
    f1 = f1_of(sums[:, : 2 * themes].reshape(-1, 2, themes))
    exact = sums[:, -2] / np.maximum(sums[:, -1], 1)
    return np.column_stack((f1.mean(axis=1), exact, f1))


def _figures(names: tuple[str, ...], values: Floats, counts: Ints) -> list[Figure]:
    low, high = np.quantile(values[1:], [0.025, 0.975], axis=0)
    columns = (values[0].tolist(), low.tolist(), high.tolist(), counts.tolist())
    return [Figure(name, *row) for name, *row in zip(names, *columns, strict=False)]
