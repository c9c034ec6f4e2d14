"""How a theme without labels does: the labels of each theme are hidden in turn, and most of its terms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from labels.corpus import CorpusReport
from labels.scheme import Scheme
from model.features import Bools, Ints
from model.lexical import Floats
from model.themes import score_themes
from train.decide import THRESHOLD
from train.measures import f1_scores
from train.stack import Stack, stack_reports
from train.themes import OutOfFold, Trained, train_themes

TERMS: Final = 20
AT_RANDOM: Final = 0.3


@dataclass(frozen=True, slots=True)
class NewTheme:
    """F1 of one theme that had TERMS terms and so many labelled body lines, some of them with the theme: on the body
    lines of the corpus whose label was hidden, and on those of other reports."""

    theme: str
    labelled: int
    positives: int
    hidden: float
    others: float


def hide_themes(
    reports: Sequence[CorpusReport], others: Sequence[CorpusReport], scheme: Scheme, labelled: int, jobs: int = 2
) -> Iterator[tuple[NewTheme, NewTheme]]:
    """Of every theme how it does without its labels, and then with `labelled` lines that a queue would draw."""
    for theme in range(len(scheme.themes)):
        fewer = _with_few_terms(reports, scheme, theme)
        trial = _Trial(stack_reports(reports, fewer), stack_reports(others, fewer), fewer, theme, jobs)
        nothing = np.empty(0, dtype=np.int64)
        without = trial.train(nothing)
        queued = trial.queued(without.out_of_fold, labelled)
        yield trial.measure(without, nothing), trial.measure(trial.train(queued), queued)


@dataclass(frozen=True, slots=True)
class _Trial:
    """One hidden theme, by its number: what is learned from, and other reports that are asked about."""

    stack: Stack
    asked: Stack
    scheme: Scheme
    theme: int
    jobs: int

    def train(self, labelled: Ints) -> Trained:
        """Train with the theme's labels of some lines alone, by their numbers in the stack."""
        judged = self._judged(labelled)
        # Who labels a line of a queue marks no passages.
        explained = self.stack.examples.explained & (np.arange(judged.shape[1]) != self.theme)
        examples = replace(self.stack.examples, judged=judged, explained=explained)
        return train_themes(replace(self.stack, examples=examples), self.scheme, jobs=self.jobs)

    def queued(self, rows: OutOfFold, count: int) -> Ints:
        """Body lines as the review queue mixes them: AT_RANDOM of them drawn from all, the rest with a probability near
        0.5, of every report one at first. Doubtful lines alone say nothing of the many that the model denies."""
        body = self.stack.body[rows.paragraph]
        lines, probability = rows.paragraph[body], rows.probability[body, self.theme]
        random = np.random.default_rng(0).choice(lines, round(AT_RANDOM * count), replace=False)
        ranked = lines[np.argsort(np.abs(probability - 0.5), kind="stable")]
        ranked = ranked[~np.isin(ranked, random)]
        first = np.zeros(len(ranked), dtype=np.bool_)
        first[np.unique(self.stack.examples.report_of[ranked], return_index=True)[1]] = True
        return np.concatenate((random, ranked[first], ranked[~first]))[:count]

    def measure(self, trained: Trained, labelled: Ints) -> NewTheme:
        """Score the lines whose label the training did not have."""
        rows, theme = trained.out_of_fold, self.theme
        hidden = self.stack.body[rows.paragraph] & ~np.isin(rows.paragraph, labelled)
        probability = [
            scores.probability[scores.frame.body, theme]
            for document in self.asked.documents
            for scores in [score_themes(trained.model, document.passages, [line.role for line in document.lines])]
        ]
        labels = self.stack.examples.labels[:, theme]
        return NewTheme(
            theme=self.scheme.ids[theme],
            labelled=len(labelled),
            positives=int(labels[labelled].sum()),
            hidden=_f1(rows.probability[hidden, theme], labels[rows.paragraph[hidden]]),
            others=_f1(np.concatenate(probability), self.asked.examples.labels[self.asked.body, theme]),
        )

    def _judged(self, labelled: Ints) -> Bools:
        judged = self.stack.examples.judged.copy()
        judged[:, self.theme] = False
        judged[labelled, self.theme] = True
        return judged


def _f1(probability: Floats, labels: Bools) -> float:
    return float(f1_scores(labels[:, None], probability[:, None] >= THRESHOLD)[0])


def _with_few_terms(reports: Sequence[CorpusReport], scheme: Scheme, theme: int) -> Scheme:
    """The scheme with only those TERMS terms of the theme that reports use most: the ones that people name first."""
    text = "\n".join(line.text for report in reports for line in report.lines)
    terms = sorted(scheme.themes[theme].terms, key=text.count, reverse=True)[:TERMS]
    chosen = replace(scheme.themes[theme], terms=tuple(terms))
    return Scheme((*scheme.themes[:theme], chosen, *scheme.themes[theme + 1 :]))
