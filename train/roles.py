"""Fitting the role model: linear SVMs, a multinomial logistic regression on their out-of-fold scores, and a forest."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
from joblib import delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from labels.corpus import CorpusLine, CorpusReport
from labels.roles import ROLES
from model.clean import CleanText
from model.edges import tokens
from model.features import Bools, Ints
from model.forest import LEAF, Forest
from model.lexical import Floats
from model.looks import looks
from model.roles import SECOND, SURE, TOKEN_ROWS, RoleModel, first_pass, second_features, second_pass
from train.folds import report_folds
from train.processes import side_by_side
from train.stack import clean_report
from train.worn import reshaped, worn

FOLDS: Final = 3  # with 5 the roles are no better
FIRST_C: Final = 0.2
TOLERANCE: Final = 0.2
SECOND_C: Final = 0.3
TREES: Final = 60
LEAST_IN_LEAF: Final = 3
COLUMNS: Final = 0.4  # share of the columns among which a node chooses


@dataclass(frozen=True, slots=True)
class _Lines:
    """What the first pass learns from, n lines of all reports.

    tokens: (n, TOKEN_ROWS) weighted hashed characters. look: (n, LOOKS), mostly 0. roles: (n,) numbers of their roles.
    """

    tokens: csr_matrix
    look: csr_matrix
    roles: Ints


def fit_roles(
    reports: Sequence[CorpusReport], copies: Sequence[CorpusReport] = (), seed: int = 0, jobs: int = 1
) -> RoleModel:
    """Fit both passes on labelled reports, and the forest on the lines of which the second is not sure.

    The furniture of `copies`, reports as sites and files show them, is learned around other reports, too.
    """
    learned, folds = _learned(reports, copies)
    pages = [clean_report(report) for report in learned]
    own_looks = [looks(page) for page in pages]
    lines = _lines(learned, pages, own_looks)
    held_out = np.unique(folds)
    fold_of = np.repeat(folds, [len(look) for look in own_looks])
    chosen = [*(fold_of != fold for fold in held_out), np.ones(len(fold_of), dtype=np.bool_)]
    *models, first = side_by_side(jobs, (delayed(_first)(lines, own, seed) for own in chosen))
    unseen = dict(zip(held_out.tolist(), models, strict=True))
    features = np.vstack(
        [
            second_features(first_pass(page, look, unseen[fold]), look, page.pages)
            for page, look, fold in zip(pages, own_looks, folds.tolist(), strict=True)
        ]
    )
    weights, bias = _logistic(features, lines.roles, SECOND_C)
    model: RoleModel = replace(first, second_weights=weights, second_bias=bias)
    unsure = second_pass(features, model).max(axis=1) < SURE
    return replace(model, forest=_forest(features[unsure], lines.roles[unsure], seed, jobs))


def _learned(reports: Sequence[CorpusReport], copies: Sequence[CorpusReport]) -> tuple[list[CorpusReport], Ints]:
    """All reports as they are and worn, those that change reshaped, and one in the furniture of each copy, from its
    fold; and their folds."""
    every = [*reports, *copies]
    folds = report_folds([report.name for report in every], FOLDS).tolist()
    other = [(shape, fold) for report, fold in zip(every, folds, strict=True) if (shape := reshaped(report)) != report]
    hosts = [np.flatnonzero(np.equal(folds[: len(reports)], fold)) for fold in range(FOLDS)]
    for copy, fold in zip(copies, folds[len(reports) :], strict=True):
        random = np.random.default_rng(list(copy.name.encode()))
        if len(hosts[fold]):
            other.append((furnish(reports[int(random.choice(hosts[fold]))], copy), fold))
    learned = [*every, *map(worn, every), *(report for report, _ in other)]
    return learned, np.array([*folds, *folds, *(fold for _, fold in other)])


def furnish(report: CorpusReport, copy: CorpusReport) -> CorpusReport:
    """The report without its own boilerplate, spread over that of a copy as the copy's own lines are."""
    own = [line for line in report.lines if line.role != "boilerplate"]
    size = sum(line.role != "boilerplate" for line in copy.lines)
    lines: list[CorpusLine] = []
    placed = passed = 0
    for line in copy.lines:
        if line.role == "boilerplate":
            lines.append(line)
        else:
            passed += 1
            upto = round(passed / size * len(own))
            lines += own[placed:upto]
            placed = upto
    return CorpusReport(f"{report.name}-in-{copy.name}", tuple(lines))


def _lines(reports: Sequence[CorpusReport], pages: Sequence[CleanText], own_looks: Sequence[Floats]) -> _Lines:
    roles = [ROLES.index(line.role) for report in reports for line in report.lines]
    return _Lines(_token_matrix(pages, own_looks), csr_matrix(np.vstack(own_looks)), np.array(roles))


def _first(lines: _Lines, chosen: Bools, seed: int) -> RoleModel:
    """The first pass from the chosen lines (n,); its second weights are 0."""
    look = lines.look[chosen]
    # Not centred, what is 0 stays 0.
    scaler = StandardScaler(with_mean=False).fit(look)
    matrix = csr_matrix(hstack([lines.tokens[chosen], scaler.transform(look) / 3]))
    fit = LinearSVC(C=FIRST_C, dual=True, max_iter=2000, tol=TOLERANCE, random_state=seed)
    coefficients = _all_roles(fit.fit(matrix, lines.roles[chosen]))
    weights = coefficients[TOKEN_ROWS:] / scaler.scale_[:, None] / 3
    return RoleModel(
        coefficients[:TOKEN_ROWS].astype(np.float32),
        weights,
        _bias(fit),
        np.zeros((SECOND, len(ROLES))),
        np.zeros(len(ROLES)),
        _joined([]),
    )


def _token_matrix(pages: Sequence[CleanText], own_looks: Sequence[Floats]) -> csr_matrix:
    paragraphs, rows, values, offset = [], [], [], 0
    for page, look in zip(pages, own_looks, strict=True):
        paragraph, row = tokens(page, TOKEN_ROWS)
        count = np.bincount(paragraph, minlength=len(look))
        paragraphs.append(paragraph + offset)
        rows.append(row)
        values.append(1 / np.sqrt(np.maximum(count, 1))[paragraph])
        offset += len(look)
    places = (np.concatenate(paragraphs), np.concatenate(rows))
    return csr_matrix((np.concatenate(values), places), shape=(offset, TOKEN_ROWS))


def _logistic(features: Floats, roles: Ints, cost: float) -> tuple[Floats, Floats]:
    scaler = StandardScaler().fit(features)
    fit = LogisticRegression(C=cost, max_iter=300, tol=1e-3).fit(scaler.transform(features), roles)
    weights = _all_roles(fit) / scaler.scale_[:, None]
    return weights, _bias(fit) - scaler.mean_ @ weights


def _forest(features: Floats, roles: Ints, seed: int, jobs: int) -> Forest:
    """Extremely randomized trees (Geurts et al. 2006); none where there is nothing to tell apart."""
    if len(np.unique(roles)) < 2:
        return _joined([])
    trees = ExtraTreesClassifier(
        TREES, min_samples_leaf=LEAST_IN_LEAF, max_features=COLUMNS, random_state=seed, n_jobs=jobs
    )
    fit = trees.fit(features, roles)
    return _joined([(tree.tree_, fit.classes_) for tree in fit.estimators_])


def _joined(trees: Sequence[tuple[Any, Ints]]) -> Forest:
    """One forest of scikit-learn's trees, each with the roles that its classes are."""
    nodes = np.cumsum([0, *(tree.node_count for tree, _ in trees)])
    leaves = 0
    feature, threshold, child, share = [], [], [], [np.zeros((0, len(ROLES)))]
    for (tree, classes), start in zip(trees, nodes[:-1].tolist(), strict=True):
        leaf = tree.children_left == LEAF
        below = np.column_stack((tree.children_left, tree.children_right)) + start
        below[leaf] = leaves + np.arange(leaf.sum())[:, None]
        leaves += int(leaf.sum())
        shares = np.zeros((int(leaf.sum()), len(ROLES)))
        shares[:, classes] = tree.value[leaf, 0]
        feature.append(np.where(leaf, LEAF, tree.feature))
        threshold.append(tree.threshold)
        child.append(below)
        share.append(shares)
    return Forest(
        root=nodes[:-1].astype(np.int32),
        feature=np.concatenate([[], *feature]).astype(np.int16),
        threshold=np.concatenate([[], *threshold]),
        child=np.concatenate([np.empty((0, 2)), *child]).astype(np.int32),
        share=np.concatenate(share).astype(np.float32),
    )


def _all_roles(fit: LogisticRegression | LinearSVC) -> Floats:
    """(features, R) coefficients, zero for a role that the corpus does not have."""
    weights = np.zeros((fit.coef_.shape[1], len(ROLES)))
    weights[:, fit.classes_] = fit.coef_.T
    return weights


def _bias(fit: LogisticRegression | LinearSVC) -> Floats:
    bias = np.full(len(ROLES), -30.0)
    bias[fit.classes_] = fit.intercept_
    return bias
