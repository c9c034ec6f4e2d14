"""Trials: which reports are learned from and which are asked about, so that no report is both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import compress
from typing import Final

import numpy as np

from labels.corpus import CorpusLine, CorpusReport
from labels.scheme import Scheme
from model.features import Bools, Ints
from model.lines import with_plain_breaks
from train.folds import report_folds, style_groups
from train.gold import GoldReport
from train.stack import Stack

LEAST_GROUPS: Final = 3


@dataclass(frozen=True)
class Part:
    """Some reports of a stack, marked in `reports` (documents,), with t headings and body paragraphs in all."""

    stack: Stack
    reports: Bools

    @cached_property
    def rows(self) -> Ints:
        """(t,) their numbers in the stack, in its order."""
        examples = self.stack.examples
        return np.flatnonzero(examples.themed & self.reports[examples.report_of])

    @property
    def labels(self) -> Bools:
        """(t, K) their themes."""
        return self.stack.examples.labels[self.rows]

    @property
    def judged(self) -> Bools:
        """(t, K) the themes that somebody looked for."""
        return self.stack.examples.judged[self.rows]

    @property
    def texts(self) -> list[str]:
        """Their texts as they came, t of them."""
        chosen = compress(self.stack.documents, self.reports)
        return [document.lines[number].text for document in chosen for number in document.frame.themed.tolist()]


@dataclass(frozen=True, slots=True)
class Fold:
    """Marks of the reports that are learned from, in one stack, and that are asked about, in the same or another."""

    learn: Bools
    ask: Bools


@dataclass(frozen=True, slots=True)
class Trial:
    """One way to measure; `name` is for programs, `title` for people, `ids` are those of the themes."""

    name: str
    title: str
    ids: tuple[str, ...]
    learn: Stack
    ask: Stack
    folds: tuple[Fold, ...]

    @property
    def body(self) -> Ints:
        """(b,) numbers in the asked stack of the body paragraphs that are counted, fold after fold."""
        return np.concatenate([self.body_of(fold) for fold in self.folds])

    def body_of(self, fold: Fold) -> Ints:
        """Those of one fold."""
        rows = Part(self.ask, fold.ask).rows
        return rows[self.ask.body[rows]]


def corpus_trials(stack: Stack, ids: tuple[str, ...]) -> list[Trial]:
    """Cross-validation by report, and with slices held out; none of a corpus too small to be split."""
    splits = (
        ("reports", "按报告交叉验证 / cross-validation by report", report_folds(stack.names)),
        ("slices", "留出整个语料分组 / whole slices held out", style_groups(stack.slices, stack.names)),
    )
    return [
        Trial(name, title, ids, stack, stack, tuple(_held_out(groups)))
        for name, title, groups in splits
        if len(np.unique(groups)) >= LEAST_GROUPS
    ]


def other_trial(name: str, title: str, ids: tuple[str, ...], learn: Stack, ask: Stack) -> Trial:
    """All reports of one stack are learned from, all of another are asked about."""
    every = (np.ones(len(stack.documents), dtype=np.bool_) for stack in (learn, ask))
    return Trial(name, title, ids, learn, ask, (Fold(*every),))


def _held_out(groups: Ints) -> Iterator[Fold]:
    for held in np.unique(groups):
        yield Fold(groups != held, groups == held)


def gold_as_corpus(gold: Sequence[GoldReport], scheme: Scheme) -> list[CorpusReport]:
    """Gold reports with their gold roles and themes, a paragraph a line, so that only tagging is compared."""
    return [_labelled(report, scheme) for report in gold]


def _labelled(report: GoldReport, scheme: Scheme) -> CorpusReport:
    texts = [bare for line in with_plain_breaks(report.source.text).split("\n") if (bare := line.strip())]
    lines = [
        CorpusLine(
            text=texts[line.line - 1],
            role=line.role,
            level=line.level,
            themes=tuple(theme for theme in scheme.ids if theme in line.themes),
            considered=scheme.ids,
        )
        for line in report.lines
    ]
    return CorpusReport(report.source.name, tuple(lines))
