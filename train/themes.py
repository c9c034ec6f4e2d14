"""Fitting the theme model: the first stage, then the second on scores from groups that the first did not see."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from labels.scheme import Scheme
from model.context import FEATURES, TERM_FEATURES, context_features
from model.features import Bools, Ints
from model.lexical import Floats
from model.themes import Decision, ThemeModel, lexical_scores, log_odds_of, probability_of
from train.decide import choose_cuts
from train.folds import style_groups
from train.lexical import FirstStage, fit_first_stage
from train.stack import Stack

SECOND_C: Final = 0.3
LEAST_POSITIVES: Final = 5


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What models that did not see a report's group say of its themed paragraphs.

    paragraph: (t,) their numbers in the stack. features: (t, K, F). probability: (t, K), from a
    second stage that did not see the group either. group: (t,).
    """

    paragraph: Ints
    features: Floats
    probability: Floats
    group: Ints


@dataclass(frozen=True, slots=True)
class Rows:
    """What the second stage learns from: features (t, K, F), body (t,), labels and judged (t, K)."""

    features: Floats
    body: Bools
    labels: Bools
    judged: Bools

    def marked(self, rows: Bools) -> Rows:
        """The rows that are marked, (t,)."""
        return Rows(self.features[rows], self.body[rows], self.labels[rows], self.judged[rows])


@dataclass(frozen=True, slots=True)
class Trained:
    """A fitted model and the out-of-fold rows behind its thresholds."""

    model: ThemeModel
    out_of_fold: OutOfFold


def learnable(stack: Stack, reports: Bools) -> Bools:
    """(K,) the themes with enough positives and a negative among the marked reports."""
    inside = reports[stack.examples.report_of] & stack.examples.themed
    positives = (stack.examples.labels & stack.examples.judged)[inside].sum(axis=0)
    negatives = (~stack.examples.labels & stack.examples.judged)[inside].sum(axis=0)
    enough: Bools = (positives >= LEAST_POSITIVES) & (negatives >= LEAST_POSITIVES)
    return enough


def train_themes(
    stack: Stack, scheme: Scheme, reports: Bools | None = None, *, seed: int = 0, jobs: int = 2
) -> Trained:
    """Fit both stages on the marked reports (all by default); each group of slices is held out in turn."""
    reports = np.ones(len(stack.documents), dtype=np.bool_) if reports is None else reports
    learned = learnable(stack, reports)
    groups = style_groups(stack.slices, stack.names)
    held_out = [reports & (groups == group) for group in np.unique(groups[reports])]
    fits = Parallel(jobs)(  # processes: liblinear draws from one random state a process
        delayed(fit_first_stage)(stack.examples, marks, seed)
        for marks in [*(reports & ~held for held in held_out), reports]
    )
    models = [_assemble(scheme, learned, first, _undecided(len(scheme.ids))) for first in fits]
    parts = [out_of_fold_features(stack, model, held) for model, held in zip(models, held_out, strict=False)]
    paragraph = np.concatenate([part[0] for part in parts])
    features = np.concatenate([part[1] for part in parts])
    group = groups[stack.examples.report_of[paragraph]]
    rows = Rows(features, stack.body[paragraph], stack.examples.labels[paragraph], stack.examples.judged[paragraph])
    probability = _held_out_probability(rows, learned, group)
    weights, bias = fit_second_stage(rows, learned)
    cuts = choose_cuts(probability, rows.labels, rows.judged & rows.body[:, None])
    decision = Decision(weights, bias, cuts.threshold, cuts.sure_below, cuts.sure_above)
    model = _assemble(scheme, learned, fits[-1], decision)
    return Trained(model, OutOfFold(paragraph, features, probability, group))


def out_of_fold_features(stack: Stack, model: ThemeModel, reports: Bools) -> tuple[Ints, Floats]:
    """Numbers in the stack and second-stage features of the themed paragraphs of the marked reports."""
    start = np.searchsorted(stack.examples.report_of, np.arange(len(stack.documents)))
    numbers = [np.empty(0, dtype=np.int64)]
    features = [np.empty((0, len(model.themes), len(FEATURES)))]
    for report in np.flatnonzero(reports):
        document = stack.documents[report]
        if not len(document.frame.themed):
            continue
        lexical = lexical_scores(model, document.passages)
        numbers.append(document.frame.themed + start[report])
        features.append(context_features(document.passages, lexical, document.frame, model.learned))
    return np.concatenate(numbers), np.concatenate(features)


def _held_out_probability(rows: Rows, learned: Bools, group: Ints) -> Floats:
    """(t, K) probabilities, each group's from a second stage that did not see the group."""
    probability = np.zeros(rows.labels.shape)
    for held in np.unique(group):
        inside = group != held
        weights, bias = fit_second_stage(rows.marked(inside), learned)
        outside = rows.marked(~inside)
        probability[~inside] = probability_of(log_odds_of(outside.features, outside.body, weights, bias))
    return probability


def fit_second_stage(rows: Rows, learned: Bools) -> tuple[Floats, Floats]:
    """Weights (2, K, F) and bias (2, K) of body paragraphs and of headings.

    A theme without labels gets what terms alone say of the learned ones; a kind with too few examples
    of a theme learns from both.
    """
    themes = len(learned)
    weights, bias = np.zeros((2, themes, len(FEATURES))), np.zeros((2, themes))
    by_term = [FEATURES.index(name) for name in TERM_FEATURES]
    known = rows.judged & learned
    for theme in range(themes):
        if not learned[theme]:
            weights[:, theme, by_term], bias[:, theme] = _logistic(rows.features[known][:, by_term], rows.labels[known])
            continue
        for kind, own in enumerate((rows.body, ~rows.body)):
            chosen = _enough(rows.judged[:, theme], own, rows.labels[:, theme])
            weights[kind, theme], bias[kind, theme] = _logistic(
                rows.features[chosen, theme], rows.labels[chosen, theme]
            )
    return weights, bias


def _enough(judged: Bools, own: Bools, labels: Bools) -> Bools:
    """The judged rows of one kind, or of both where that kind has too few with the theme or without."""
    rows = judged & own
    few = min(int(labels[rows].sum()), int((~labels[rows]).sum())) < LEAST_POSITIVES
    return judged if few else rows


def _logistic(features: Floats, labels: Bools) -> tuple[Floats, float]:
    positives, negatives = int(labels.sum()), int((~labels).sum())
    if not positives or not negatives:
        return np.zeros(features.shape[1]), float(np.log((positives + 1) / (negatives + 1)))
    scaler = StandardScaler().fit(features)
    fit = LogisticRegression(C=SECOND_C, max_iter=3000, tol=1e-6).fit(scaler.transform(features), labels)
    weights = fit.coef_[0] / scaler.scale_
    return weights, float(fit.intercept_[0] - scaler.mean_ @ weights)


def _assemble(scheme: Scheme, learned: Bools, first: FirstStage, decision: Decision) -> ThemeModel:
    return ThemeModel(scheme.ids, learned, first.rows, first.sentence, first.line, decision)


def _undecided(themes: int) -> Decision:
    """What stands for the last stage while there is none."""
    nothing = np.zeros(themes)
    return Decision(np.zeros((2, themes, len(FEATURES))), np.zeros((2, themes)), nothing, nothing, nothing)
