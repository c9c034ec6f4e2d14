"""Fitting the theme model: the first stage, then the second on scores from groups that the first did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from scipy.optimize import minimize
from scipy.special import expit
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
from train.stack import Examples, Stack

SECOND_C: Final = 0.1
LEAST_POSITIVES: Final = 5
SETTLED: Final = 100  # paragraphs with a theme and without it, from which it learns from labels alone
SELF_TRAINED: Final = 2  # times that a theme which is not learned learns from what the model found
# How strongly few labels are held to the prior: precision of its Gaussian over standardized weights and over the bias.
PRIOR_WEIGHTS: Final = 4.0
PRIOR_BIAS: Final = 0.3


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
    """A fitted model and the out-of-fold rows behind its thresholds.

    held_out: of every group the model that did not see it, both stages, which gave the group's rows.
    """

    model: ThemeModel
    out_of_fold: OutOfFold
    held_out: dict[int, ThemeModel]


def learnable(stack: Stack, reports: Bools, least: int = LEAST_POSITIVES) -> Bools:
    """(K,) the themes that so many paragraphs of the marked reports have, and so many have not."""
    inside = reports[stack.examples.report_of] & stack.examples.themed
    labels, judged = stack.examples.labels[inside], stack.examples.judged[inside]
    enough: Bools = ((labels & judged).sum(axis=0) >= least) & ((~labels & judged).sum(axis=0) >= least)
    return enough


def settled(stack: Stack, reports: Bools) -> Bools:
    """(K,) the themes that learn from labels alone: judged SETTLED times both ways, or about as often as any theme."""
    inside = reports[stack.examples.report_of] & stack.examples.themed
    judged = stack.examples.judged[inside].sum(axis=0)
    able = learnable(stack, reports)
    enough: Bools = learnable(stack, reports, SETTLED) | (able & (judged >= judged.max() / 2))
    return enough if enough.any() else able


def with_stand_ins(examples: Examples, learned: Bools, has: Bools) -> Examples:
    """Where nobody judged a theme that is not learned, a paragraph has it as `has` (n, K) says."""
    stands = examples.themed[:, None] & ~examples.judged & ~learned
    return replace(examples, labels=np.where(stands, has, examples.labels), judged=examples.judged | stands)


def train_themes(
    stack: Stack, scheme: Scheme, reports: Bools | None = None, *, seed: int = 0, jobs: int = 2
) -> Trained:
    """Fit both stages on the marked reports (all by default); each group of slices is held out in turn.

    For themes that are not learned terms stand in for labels, and then, twice, what the model itself found held out.
    """
    reports = np.ones(len(stack.documents), dtype=np.bool_) if reports is None else reports
    learned = settled(stack, reports)
    groups = style_groups(stack.slices, stack.names)
    held_out = {group: reports & (groups == group) for group in np.unique(groups[reports]).tolist()}

    def fit(has: Bools) -> Trained:
        examples = with_stand_ins(stack.examples, learned, has)
        chosen = [*(reports & ~held for held in held_out.values()), reports]
        # processes: liblinear draws from one random state a process
        first = Parallel(jobs)(delayed(fit_first_stage)(examples, marks, seed) for marks in chosen)
        return _with_second_stage(stack, scheme, learned, held_out, first)

    trained = fit(stack.examples.line_dense[:, : len(learned)] > 0)
    for _ in range(0 if learned.all() else SELF_TRAINED):
        rows = trained.out_of_fold
        has = np.zeros(stack.examples.labels.shape, dtype=np.bool_)
        has[rows.paragraph] = rows.probability >= trained.model.decision.threshold
        trained = fit(has)
    return trained


def _with_second_stage(
    stack: Stack, scheme: Scheme, learned: Bools, held_out: dict[int, Bools], first: Sequence[FirstStage]
) -> Trained:
    """Fit it on what the first stages say of the groups that they did not see; the last one has seen all."""
    models = [_assemble(scheme, learned, own, _undecided(len(scheme.ids))) for own in first[:-1]]
    parts = [out_of_fold_features(stack, model, held) for model, held in zip(models, held_out.values(), strict=True)]
    paragraph = np.concatenate([part[0] for part in parts])
    features = np.concatenate([part[1] for part in parts])
    group = np.repeat(list(held_out), [len(part[0]) for part in parts])
    rows = Rows(features, stack.body[paragraph], stack.examples.labels[paragraph], stack.examples.judged[paragraph])
    stages = _held_out_stages(rows, learned, group)
    probability = _probability_of_stages(rows, group, stages)
    # A theme that is not learned has too few labels to choose by: its threshold is 0.5, and it is never sure.
    cuts = choose_cuts(probability, rows.labels, rows.judged & rows.body[:, None] & learned)
    bounds = (cuts.threshold, cuts.sure_below, cuts.sure_above)
    return Trained(
        model=_assemble(scheme, learned, first[-1], Decision(*fit_second_stage(rows, learned), *bounds)),
        out_of_fold=OutOfFold(paragraph, features, probability, group),
        held_out={
            held: _assemble(scheme, learned, own, Decision(*stages[held], *bounds))
            for held, own in zip(held_out, first, strict=False)
            if held in stages
        },
    )


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
    return _probability_of_stages(rows, group, _held_out_stages(rows, learned, group))


def _held_out_stages(rows: Rows, learned: Bools, group: Ints) -> dict[int, tuple[Floats, Floats]]:
    """Of every group the second stage that did not see it."""
    return {held: fit_second_stage(rows.marked(group != held), learned) for held in np.unique(group).tolist()}


def _probability_of_stages(rows: Rows, group: Ints, stages: dict[int, tuple[Floats, Floats]]) -> Floats:
    probability = np.zeros(rows.labels.shape)
    for held, stage in stages.items():
        own = rows.marked(group == held)
        probability[group == held] = probability_of(log_odds_of(own.features, own.body, *stage))
    return probability


def fit_second_stage(rows: Rows, learned: Bools) -> tuple[Floats, Floats]:
    """Weights (2, K, F) and bias (2, K) of body paragraphs and of headings.

    A theme that is not learned gets what the features say of the learned ones, mended by the labels that it has;
    a kind with too few examples of a theme learns from both.
    """
    themes = len(learned)
    weights, bias = np.zeros((2, themes, len(FEATURES))), np.zeros((2, themes))
    for kind, own in enumerate((rows.body, ~rows.body)):
        for theme in np.flatnonzero(learned).tolist():
            chosen = _enough(rows.judged[:, theme], own, rows.labels[:, theme])
            weights[kind, theme], bias[kind, theme] = _logistic(
                rows.features[chosen, theme], rows.labels[chosen, theme]
            )
        for theme in np.flatnonzero(~learned).tolist():
            prior = _prior(rows, rows.judged & learned & own[:, None], theme)
            weights[kind, theme], bias[kind, theme] = _mended(prior, rows.marked(own), theme)
    return weights, bias


def _prior(rows: Rows, known: Bools, theme: int) -> tuple[Floats, float]:
    """What the features say of the themes where they are known (t, K); only those of terms for a theme that the corpus
    speaks of nowhere, so that its first stage learned nothing and has the same score for all."""
    spoken = bool(np.ptp(rows.features[:, theme, FEATURES.index("sentence")]))
    chosen = [number for number, name in enumerate(FEATURES) if spoken or name in TERM_FEATURES]
    weights = np.zeros(len(FEATURES))
    weights[chosen], bias = _logistic(rows.features[known][:, chosen], rows.labels[known])
    return weights, bias


def _mended(prior: tuple[Floats, float], rows: Rows, theme: int) -> tuple[Floats, float]:
    """The weights and bias that are likeliest by the theme's labels and a Gaussian around the prior.

    Centred there, labels from doubtful lines alone can't undo it: among those no feature tells much.
    """
    judged = rows.judged[:, theme]
    if not judged.any():
        return prior
    features, labels = rows.features[:, theme], rows.labels[judged, theme]
    scaler = StandardScaler().fit(features)
    columns = np.column_stack((scaler.transform(features[judged]), np.ones(len(labels))))
    odds = features[judged] @ prior[0] + prior[1]
    precision = np.append(np.full(features.shape[1], PRIOR_WEIGHTS), PRIOR_BIAS)

    def loss(shift: Floats) -> tuple[float, Floats]:
        shifted = odds + columns @ shift
        unlikely = np.logaddexp(0, shifted).sum() - shifted[labels].sum()
        slope = columns.T @ (expit(shifted) - labels) + precision * shift
        return float(unlikely + precision @ shift**2 / 2), slope

    shift = minimize(loss, np.zeros(len(precision)), jac=True, method="L-BFGS-B").x
    own = shift[:-1] / scaler.scale_
    return prior[0] + own, float(prior[1] + shift[-1] - scaler.mean_ @ own)


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
