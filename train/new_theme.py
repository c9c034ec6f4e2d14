"""How a theme without labels does: the labels of each theme are hidden in turn, and most of its terms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from labels.corpus import CorpusReport
from labels.scheme import Scheme
from model.features import Ints
from model.themes import score_themes
from train.decide import f1_at
from train.stack import Stack, stack_reports
from train.themes import train_themes

TERMS: Final = 20


@dataclass(frozen=True, slots=True)
class NewTheme:
    """F1 of one theme that had TERMS terms and so many labelled body lines: on the lines of the corpus whose label was
    hidden, and on other reports."""

    theme: str
    labelled: int
    hidden: float
    others: float


def hide_themes(
    reports: Sequence[CorpusReport], others: Sequence[CorpusReport], scheme: Scheme, labelled: int, *, seed: int = 0
) -> list[NewTheme]:
    """Train once a theme without its labels but for `labelled` random body lines."""
    found = []
    for theme in range(len(scheme.themes)):
        fewer = _with_few_terms(reports, scheme, theme)
        stack = stack_reports(reports, fewer)
        chance = np.random.default_rng([seed, theme])
        kept = chance.choice(np.flatnonzero(stack.body), labelled, replace=False)
        found.append(_hide(stack, stack_reports(others, fewer), fewer, theme, kept))
    return found


def _hide(stack: Stack, asked: Stack, scheme: Scheme, theme: int, kept: Ints) -> NewTheme:
    judged = stack.examples.judged.copy()
    judged[:, theme] = False
    judged[kept, theme] = True
    trained = train_themes(replace(stack, examples=replace(stack.examples, judged=judged)), scheme)
    rows, threshold = trained.out_of_fold, float(trained.model.decision.threshold[theme])
    hidden = stack.body[rows.paragraph] & ~judged[rows.paragraph, theme]
    labels = stack.examples.labels[rows.paragraph[hidden], theme]
    probability = [
        scores.probability[scores.frame.body, theme]
        for document in asked.documents
        for scores in [score_themes(trained.model, document.passages, [line.role for line in document.lines])]
    ]
    return NewTheme(
        theme=scheme.ids[theme],
        labelled=len(kept),
        hidden=f1_at(rows.probability[hidden, theme], labels, threshold),
        others=f1_at(np.concatenate(probability), asked.examples.labels[asked.body, theme], threshold),
    )


def _with_few_terms(reports: Sequence[CorpusReport], scheme: Scheme, theme: int) -> Scheme:
    """The scheme with only those TERMS terms of the theme that reports use most: the ones that people name first."""
    text = "\n".join(line.text for report in reports for line in report.lines)
    terms = sorted(scheme.themes[theme].terms, key=text.count, reverse=True)[:TERMS]
    chosen = replace(scheme.themes[theme], terms=tuple(terms))
    return Scheme((*scheme.themes[:theme], chosen, *scheme.themes[theme + 1 :]))
