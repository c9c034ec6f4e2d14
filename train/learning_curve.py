"""How good the model would be with fewer reports: trained on nested samples, each scored out of fold.

Thresholds, too, come from the rows of other groups here; chosen on the very rows they are scored
on they would flatter small samples.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np

from labels.scheme import Scheme
from model.features import Bools
from train.bootstrap import counts_by_report, f1_of, interval_of, resampled_f1
from train.decide import THRESHOLD
from train.folds import style_groups
from train.stack import Stack
from train.themes import Trained, learnable, train_themes

SHARES: Final = (0.1, 0.2, 0.4, 0.7)
LEAST_REPORTS: Final = 10


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One size: macro-F1 with its 95 % interval over reports, and F1 of every theme."""

    reports: int
    lines: int
    macro_f1: float
    low: float
    high: float
    themes: tuple[float, ...]


def learning_curve(
    stack: Stack, scheme: Scheme, whole: Trained, *, seed: int = 0, jobs: int = 2
) -> tuple[CurvePoint, ...]:
    """Train on 10, 20, 40 and 70 % of the reports; `whole` is the model of all. Sizes too small to split are left."""
    points = [
        _point(stack, train_themes(stack, scheme, marks, seed=seed, jobs=jobs))
        for marks in _samples(stack, seed)
        if _can_hold_out(stack, marks)
    ]
    return (*points, _point(stack, whole))


def _samples(stack: Stack, seed: int) -> Iterator[Bools]:
    """Marks (documents,) of growing samples, each holding the one before, slices in proportion."""
    random, slices = np.random.default_rng(seed), np.array(stack.slices)
    rank = np.empty(len(slices))
    for name in np.unique(slices):
        own = np.flatnonzero(slices == name)
        rank[own] = (random.permutation(len(own)) + random.random()) / len(own)
    order = np.argsort(rank, kind="stable")
    for share in SHARES:
        marks = np.zeros(len(slices), dtype=np.bool_)
        marks[order[: round(share * len(slices))]] = True
        yield marks


def _can_hold_out(stack: Stack, marks: Bools) -> bool:
    """Whether a sample has reports to hold out in turn, and something to learn."""
    groups = style_groups(stack.slices, stack.names)[marks]
    return len(groups) >= LEAST_REPORTS and len(np.unique(groups)) > 1 and bool(learnable(stack, marks).any())


def _point(stack: Stack, trained: Trained) -> CurvePoint:
    rows, examples = trained.out_of_fold, stack.examples
    labels = examples.labels[rows.paragraph]
    judged = examples.judged[rows.paragraph] & stack.body[rows.paragraph][:, None]
    found = rows.probability >= THRESHOLD
    _, report = np.unique(examples.report_of[rows.paragraph], return_inverse=True)
    counts = counts_by_report(report.astype(np.int64), labels & judged, found & judged)
    themes, known = f1_of(counts.sum(axis=0)), judged.any(axis=0)
    low, high = interval_of(resampled_f1(counts)[:, known].mean(axis=1))
    lines = int(judged.any(axis=1).sum())
    return CurvePoint(len(counts), lines, float(themes[known].mean()), low, high, tuple(themes.tolist()))
