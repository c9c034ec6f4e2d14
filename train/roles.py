"""Fitting the role model: linear SVMs, then a multinomial logistic regression on their out-of-fold scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from joblib import Parallel, delayed
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from labels.corpus import CorpusLine, CorpusReport
from labels.roles import ROLES
from model.clean import CleanText
from model.features import Ints
from model.lexical import Floats
from model.looks import looks, tokens
from model.roles import SECOND, TOKEN_ROWS, RoleModel, first_pass, second_features
from train.folds import report_folds
from train.stack import clean_report

FIRST_C: Final = 0.2
SECOND_C: Final = 0.3
# The corpus ends its paragraphs as books do; pages don't. What becomes of their ends, and how often, in a worn copy.
LEAST_WORN: Final = 40  # characters of a body paragraph; shorter ones without an end are headings to anybody
WORN: Final = {
    "body": {"；": 0.21, "": 0.09, "，": 0.05},
    "heading": {"。": 0.05, "：": 0.03},
    "caption": {"。": 0.08, "": 0.07},
}


@dataclass(frozen=True, slots=True)
class _Page:
    clean: CleanText
    look: Floats
    roles: Ints


def fit_roles(reports: Sequence[CorpusReport], seed: int = 0, jobs: int = 1) -> RoleModel:
    """Fit both passes on labelled reports."""
    reports = [*reports, *map(worn, reports)]
    pages = [_page(report) for report in reports]
    folds = report_folds([report.name for report in reports])
    outputs: list[Floats] = [np.empty(0)] * len(pages)
    held_out = np.unique(folds)
    chosen = [*(np.flatnonzero(folds != fold) for fold in held_out), np.arange(len(pages))]
    *models, first = Parallel(jobs)(delayed(_first)([pages[number] for number in own], seed) for own in chosen)
    for fold, model in zip(held_out, models, strict=True):
        for number in np.flatnonzero(folds == fold):
            outputs[number] = first_pass(pages[number].clean, pages[number].look, model)
    features = np.vstack(
        [second_features(output, page.look, page.clean.pages) for output, page in zip(outputs, pages, strict=True)]
    )
    weights, bias = _logistic(features, np.concatenate([page.roles for page in pages]), SECOND_C)
    return RoleModel(first.token_weights, first.look_weights, first.first_bias, weights, bias)


def worn(report: CorpusReport) -> CorpusReport:
    """The report as a careless page has it: some paragraphs end in other marks than full stops, or in none.

    Lists end their paragraphs in semicolons and copies lose the stop: a role must not hang on it. The report's name
    decides which, so that every training does the same.
    """
    random = np.random.default_rng(list(report.name.encode()))
    return replace(report, lines=tuple(replace(line, text=_worn(line, random.random())) for line in report.lines))


def _worn(line: CorpusLine, chance: float) -> str:
    bare = line.text.removesuffix("。")
    if not bare or (line.role == "body" and (bare == line.text or len(bare) < LEAST_WORN)):
        return line.text
    for end, share in WORN.get(line.role, {}).items():
        if chance < share:
            return bare + end
        chance -= share
    return line.text


def _page(report: CorpusReport) -> _Page:
    clean = clean_report(report)
    return _Page(clean, looks(clean), np.array([ROLES.index(line.role) for line in report.lines]))


def _first(pages: Sequence[_Page], seed: int) -> RoleModel:
    look = np.vstack([page.look for page in pages])
    scaler = StandardScaler().fit(look)
    matrix = csr_matrix(hstack([_token_matrix(pages), scaler.transform(look) / 3]))
    roles = np.concatenate([page.roles for page in pages])
    fit = LinearSVC(C=FIRST_C, dual=True, max_iter=2000, tol=0.02, random_state=seed).fit(matrix, roles)
    coefficients = _all_roles(fit)
    weights = coefficients[TOKEN_ROWS:] / scaler.scale_[:, None] / 3
    bias = _bias(fit) - scaler.mean_ @ weights
    return RoleModel(
        coefficients[:TOKEN_ROWS].astype(np.float32),
        weights,
        bias,
        np.zeros((SECOND, len(ROLES))),
        np.zeros(len(ROLES)),
    )


def _token_matrix(pages: Sequence[_Page]) -> csr_matrix:
    paragraphs, rows, values, offset = [], [], [], 0
    for page in pages:
        paragraph, row = tokens(page.clean, TOKEN_ROWS)
        count = np.bincount(paragraph, minlength=len(page.roles))
        paragraphs.append(paragraph + offset)
        rows.append(row)
        values.append(1 / np.sqrt(np.maximum(count, 1))[paragraph])
        offset += len(page.roles)
    places = (np.concatenate(paragraphs), np.concatenate(rows))
    return csr_matrix((np.concatenate(values), places), shape=(offset, TOKEN_ROWS))


def _logistic(features: Floats, roles: Ints, cost: float) -> tuple[Floats, Floats]:
    scaler = StandardScaler().fit(features)
    fit = LogisticRegression(C=cost, max_iter=300, tol=1e-3).fit(scaler.transform(features), roles)
    weights = _all_roles(fit) / scaler.scale_[:, None]
    return weights, _bias(fit) - scaler.mean_ @ weights


def _all_roles(fit: LogisticRegression | LinearSVC) -> Floats:
    """(features, R) coefficients, zero for a role that the corpus does not have."""
    weights = np.zeros((fit.coef_.shape[1], len(ROLES)))
    weights[:, fit.classes_] = fit.coef_.T
    return weights


def _bias(fit: LogisticRegression | LinearSVC) -> Floats:
    bias = np.full(len(ROLES), -30.0)
    bias[fit.classes_] = fit.intercept_
    return bias
