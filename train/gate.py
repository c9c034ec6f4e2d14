"""Whether a new model may take the old one's place: only where the reports they share do not show it worse.

Both models' out-of-fold decisions on the same lines are compared against the labels of now. The
difference in macro-F1 has a 95 % interval by paired bootstrap: whole reports are drawn with
replacement, the same for both. The new model is worse if the whole interval lies below zero.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np

from labels.errors import UserError
from model.features import Bools, Ints
from train.bootstrap import counts_by_report, f1_of, interval_of, resampled_f1
from train.saved_rows import SavedRows, read_rows

LEAST_REPORTS: Final = 5  # a bootstrap over fewer says nothing


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """F1 of one theme before and after, with the 95 % interval of the difference."""

    theme: str
    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a model compares with `previous`, on `lines` of `reports`; no lines: not comparable, `note` says why.

    difference: new minus old macro-F1, with its 95 % interval. fixed, broken: lines that only one of them has right.
    """

    previous: str
    worse: bool
    difference: float
    low: float
    high: float
    lines: int
    reports: int
    themes: tuple[ThemeChange, ...] = ()
    fixed: int = 0
    broken: int = 0
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pairs:
    """The p body lines that both models decided and somebody has judged, for the K themes that both know.

    row: (p,) their numbers among the new model's rows. report: (p,). labels, judged, before, after: (p, K).
    """

    themes: tuple[str, ...]
    row: Ints
    report: Ints
    labels: Bools
    judged: Bools
    before: Bools
    after: Bools

    def changed(self) -> tuple[Ints, Ints]:
        """Numbers of the rows that only the new model has right, and that only the old one has."""
        was, is_now = (self._right(found) for found in (self.before, self.after))
        return self.row[is_now & ~was], self.row[was & ~is_now]

    def _right(self, found: Bools) -> Bools:
        right: Bools = ((found == self.labels) | ~self.judged).all(axis=1)
        return right


def compare(old: Path, new: Path, seed: int = 0) -> Verdict:
    """Compare two model folders; what cannot be read of the old one makes them not comparable."""
    fresh = read_rows(new)
    try:
        former = read_rows(old)
    except UserError as error:
        return _not_comparable(old.name, str(error))
    return judge(former.version, pair(former, fresh), seed)


def pair(old: SavedRows, new: SavedRows) -> Pairs:
    """Join the rows of two models; labels are those of the new one's corpus."""
    number_of = {place: number for number, place in enumerate(old.place)}
    theirs = np.array([number_of.get(place, -1) for place in new.place], dtype=np.int64)
    shared = np.flatnonzero((theirs >= 0) & new.body)
    judged: Bools = np.asarray(new.judged[shared].any(axis=0))
    themes = tuple(theme for theme, known in zip(new.themes, judged, strict=True) if known and theme in old.themes)
    in_new, in_old = ([rows.themes.index(theme) for theme in themes] for rows in (new, old))
    row = shared[new.judged[shared][:, in_new].any(axis=1)]
    _, report = np.unique([new.place[number][0] for number in row.tolist()], return_inverse=True)
    return Pairs(
        themes=themes,
        row=row,
        report=report.astype(np.int64),
        labels=new.labels[row][:, in_new],
        judged=new.judged[row][:, in_new],
        before=(old.probability >= old.threshold)[theirs[row]][:, in_old],
        after=(new.probability >= new.threshold)[row][:, in_new],
    )


def judge(previous: str, pairs: Pairs, seed: int = 0) -> Verdict:
    """The verdict on joined rows."""
    reports = len(np.unique(pairs.report))
    if reports < LEAST_REPORTS:
        return _not_comparable(previous, f"{reports} reports in common, {LEAST_REPORTS} are needed")
    counts = np.stack([_counts(pairs, pairs.before), _counts(pairs, pairs.after)], axis=1)
    (before, after), drawn = f1_of(counts.sum(axis=0)), resampled_f1(counts, seed)
    differences = drawn[:, 1] - drawn[:, 0]
    low, high = interval_of(differences.mean(axis=1))
    fixed, broken = pairs.changed()
    return Verdict(
        previous=previous,
        worse=high < 0,
        difference=float((after - before).mean()),
        low=low,
        high=high,
        lines=len(pairs.row),
        reports=reports,
        themes=tuple(
            ThemeChange(theme, float(before[number]), float(after[number]), *interval_of(differences[:, number]))
            for number, theme in enumerate(pairs.themes)
        ),
        fixed=len(fixed),
        broken=len(broken),
    )


def _not_comparable(previous: str, note: str) -> Verdict:
    return Verdict(previous, worse=False, difference=0.0, low=0.0, high=0.0, lines=0, reports=0, note=note)


def _counts(pairs: Pairs, found: Bools) -> Ints:
    return counts_by_report(pairs.report, pairs.labels & pairs.judged, found & pairs.judged)
