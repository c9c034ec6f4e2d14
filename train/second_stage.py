"""Fitting the second stage: a draft of every report, then the final reading, which knows the draft."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from joblib import delayed
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from model.context import DRAFT_FEATURES, FEATURES, TERM_FEATURES, Frame, draft_features
from model.features import Bools, Ints
from model.lexical import Floats
from model.themes import Reading, Readings, log_odds_of, probability_of
from train.processes import side_by_side

SECOND_C: Final = 0.1
LEAST_POSITIVES: Final = 5
# How strongly few labels are held to the prior: precision of its Gaussian over standardized weights and over the bias.
PRIOR_WEIGHTS: Final = 16.0
PRIOR_BIAS: Final = 1.0


@dataclass(frozen=True, slots=True)
class Rows:
    """What the second stage learns from, t rows, each scored by a first stage that did not see its group.

    features: (t, K, F). labels, judged: (t, K). group: (t,). frame: where they stand.
    """

    features: Floats
    labels: Bools
    judged: Bools
    group: Ints
    frame: Frame


@dataclass(frozen=True, slots=True)
class SecondStage:
    """The readings that learned from all rows, and of each group those that did not see it."""

    readings: Readings
    held_out: dict[int, Readings]


def fit_second_stage(rows: Rows, learned: Bools, jobs: int = 1) -> SecondStage:
    """Fit both readings, once on all rows and once without each group.

    The final reading learns from drafts of readings that saw neither the paragraph's group nor the one held out, so
    that what it says of that group is what it would say of a stranger's report.
    """
    groups = np.unique(rows.group).tolist()
    every = np.ones(len(FEATURES), dtype=np.bool_)
    fits = _fit_without([(), *((group,) for group in groups)], rows, learned, every, jobs)
    return SecondStage(fits[()], {group: fits[group,] for group in groups})


def fit_readings(rows: Rows, learned: Bools, used: Bools) -> Readings:
    """Both readings from all rows alone; features that are not marked in `used`, (FEATURES,), get no weight."""
    return _fit_without([()], rows, learned, used, 1)[()]


def _fit_without(
    wanted: Sequence[tuple[int, ...]], rows: Rows, learned: Bools, used: Bools, jobs: int
) -> dict[tuple[int, ...], Readings]:
    """Both readings without each of the wanted groups."""
    of_draft, of_final = np.split(used, [len(DRAFT_FEATURES)])
    rows = replace(rows, features=rows.features * of_draft)
    groups = [(), *((group,) for group in np.unique(rows.group).tolist())]
    left_out = sorted({tuple(sorted({*without, *group})) for without in wanted for group in groups})
    fits = side_by_side(jobs, (delayed(_fit)(rows, learned, without) for without in left_out))
    drafts = dict(zip(left_out, fits, strict=True))
    finals = side_by_side(jobs, (delayed(_final)(rows, drafts, learned, of_final, without) for without in wanted))
    return {without: Readings(drafts[without], final) for without, final in zip(wanted, finals, strict=True)}


def _final(
    rows: Rows, drafts: Mapping[tuple[int, ...], Reading], learned: Bools, used: Bools, without: tuple[int, ...]
) -> Reading:
    """The final reading from the rows of all groups but those."""
    draft = np.zeros(rows.labels.shape)
    for group in np.unique(rows.group).tolist():
        own, unseen = rows.group == group, tuple(sorted({group, *without}))
        draft[own] = _probability(drafts[unseen], rows.features[own], rows.frame.body[own])
    more = draft_features(draft, rows.frame, learned) * used
    every = replace(rows, features=np.concatenate((rows.features, more), axis=2))
    return _fit(every, learned, without)


def _probability(reading: Reading, features: Floats, body: Bools) -> Floats:
    return probability_of(log_odds_of(reading, features, body))


def _fit(rows: Rows, learned: Bools, without: tuple[int, ...]) -> Reading:
    """A reading from the rows of all groups but those.

    A theme that is not learned gets what the features say of the learned ones, mended by the labels that it has;
    a kind with too few examples of a theme learns from both.
    """
    kept, body = ~np.isin(rows.group, without), rows.frame.body
    shape = (2, *rows.features.shape[1:])
    reading = Reading(np.zeros(shape), np.zeros(shape[:2]))
    for kind, own in enumerate((kept & body, kept & ~body)):
        for theme in range(len(learned)):
            features, labels, judged = rows.features[:, theme], rows.labels[:, theme], rows.judged[:, theme] & kept
            if learned[theme]:
                chosen = _enough(judged, own, labels)
                weights, bias = _logistic(features[chosen], labels[chosen])
            else:
                prior = _prior(rows, rows.judged & learned & own[:, None], theme)
                weights, bias = _mended(prior, features[own], labels[own], judged[own])
            reading.weights[kind, theme], reading.bias[kind, theme] = weights, bias
    return reading


def _prior(rows: Rows, known: Bools, theme: int) -> tuple[Floats, float]:
    """What the features say of the themes where they are known (t, K); only those of terms for a theme that the corpus
    speaks of nowhere, so that its first stage learned nothing and has the same score for all."""
    spoken = bool(np.ptp(rows.features[:, theme, FEATURES.index("sentence")]))
    names = FEATURES[: rows.features.shape[2]]
    chosen = [number for number, name in enumerate(names) if spoken or name in TERM_FEATURES]
    weights = np.zeros(len(names))
    weights[chosen], bias = _logistic(rows.features[known][:, chosen], rows.labels[known])
    return weights, bias


def _mended(prior: tuple[Floats, float], features: Floats, labels: Bools, judged: Bools) -> tuple[Floats, float]:
    """The weights and bias that are likeliest by the theme's labels and a Gaussian around the prior.

    Centred there, labels from doubtful lines alone can't undo it: among those no feature tells much.
    """
    if not judged.any():
        return prior
    labels = labels[judged]
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
    # Few features and many rows: Newton's steps take a third of the time of a quasi-Newton method.
    fit = LogisticRegression(C=SECOND_C, solver="newton-cholesky", tol=1e-6).fit(scaler.transform(features), labels)
    weights = fit.coef_[0] / scaler.scale_
    return weights, float(fit.intercept_[0] - scaler.mean_ @ weights)
