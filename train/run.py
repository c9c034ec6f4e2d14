"""A training run: corpus in, model folder out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import numpy as np
import orjson
from threadpoolctl import threadpool_limits

from labels.corpus import DEFAULT_CORPUS, CorpusReport, corpus_hash, load_corpus
from labels.errors import UserError
from labels.scheme import Scheme, load_scheme
from model.default import ARTIFACTS
from model.folder import make_current, save_model
from train.folds import report_folds
from train.measures import calibration_error, exact_match, f1_scores, macro_f1, precision_recall
from train.roles import fit_roles
from train.stack import Stack, stack_reports
from train.themes import LEAST_POSITIVES, OutOfFold, Trained, learnable, train_themes

SEED: Final = 0
LEAST_REPORTS: Final = 5
LEAST_FOLDS: Final = 2
LEAST_ROLES: Final = 2
_LIBRARIES: Final = ("numpy", "scipy", "scikit-learn", "rjieba", "jieba", "opencc-python-reimplemented")


@dataclass(frozen=True, slots=True)
class ThemeResult:
    """One theme, out of fold over body lines."""

    theme: str
    precision: float
    recall: float
    f1: float
    support: int
    threshold: float
    calibration: float


@dataclass(frozen=True, slots=True)
class Result:
    """What a training run reports: per theme and over all, and where the model went."""

    themes: tuple[ThemeResult, ...]
    macro_f1: float
    exact: float
    sure: float
    reports: int
    lines: int
    folder: Path


def train(corpus: Path | None = None, out: Path | None = None, *, jobs: int = 2) -> Result:
    """Train on the labelled reports of `corpus` and write a model folder below `out` (artifacts by default)."""
    scheme = load_scheme()
    reports = load_corpus(corpus, scheme=scheme)
    out = _writable(out or ARTIFACTS)
    stack = stack_reports(reports, scheme)
    _check_enough(stack, corpus or DEFAULT_CORPUS)
    # The last bits of a sum vary with the number of threads; for matrices this small one thread is also the fastest.
    with threadpool_limits(1):
        trained = train_themes(stack, scheme, seed=SEED, jobs=jobs)
        roles = fit_roles(reports, seed=SEED)
    themes, overall = _results(stack, trained, scheme)
    facts = {
        "seed": SEED,
        "corpus_hash": corpus_hash(reports),
        "reports": len(reports),
        "libraries": dict(_versions()),
        "python": f"{sys.version_info.major}.{sys.version_info.minor}",
        "scores": {"macro_f1": overall[0], "exact": overall[1], "sure": overall[2]},
    }
    folder = save_model(out, scheme, trained.model, roles, facts)
    write_out_of_fold(folder / "oof.jsonl", reports, trained.out_of_fold, scheme)
    make_current(folder)
    return Result(themes, *overall, len(reports), int(stack.body.sum()), folder)


def _writable(folder: Path) -> Path:
    """Make the folder before the work starts, so that a wrong path does not cost the work."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UserError(f"{folder}: models cannot go there ({error.strerror}); give another folder") from error
    return folder


def _check_enough(stack: Stack, corpus: Path) -> None:
    """Refuse a corpus from which nothing could be held out or learned."""
    found = f"{corpus}: it has {len(stack.documents)} reports"
    folds = report_folds(stack.names)
    if len(stack.documents) < LEAST_REPORTS or len(set(folds.tolist())) < LEAST_FOLDS:
        raise UserError(f"{found}; training holds some out in turn, so label {LEAST_REPORTS} or more")
    if not learnable(stack, np.ones(len(folds), dtype=np.bool_)).any():
        raise UserError(f"{found}, and no theme has {LEAST_POSITIVES} lines with it and as many without; label more")
    for fold in set(folds.tolist()):
        others = (document for document, own in zip(stack.documents, folds, strict=True) if own != fold)
        if len({line.role for document in others for line in document.lines}) < LEAST_ROLES:
            raise UserError(f"{found}, and too few have headings or titles beside body text; label more")


def write_out_of_fold(path: Path, reports: list[CorpusReport], rows: OutOfFold, scheme: Scheme) -> None:
    """Write the out-of-fold probabilities, a row a themed line in the corpus's order."""
    places = [(report.name, number, line) for report in reports for number, line in enumerate(report.lines, 1)]
    order = np.argsort(rows.paragraph)
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        for index in order.tolist():
            name, number, line = places[rows.paragraph[index]]
            row = {
                "report": name,
                "line": number,
                "themes": line.themes,
                "group": int(rows.group[index]),
                "probabilities": dict(zip(scheme.ids, rows.probability[index].tolist(), strict=True)),
            }
            file.write(orjson.dumps(row) + b"\n")
    part.replace(path)


def _results(
    stack: Stack, trained: Trained, scheme: Scheme
) -> tuple[tuple[ThemeResult, ...], tuple[float, float, float]]:
    rows, decision = trained.out_of_fold, trained.model.decision
    body = stack.body[rows.paragraph]
    truth, probability = stack.examples.labels[rows.paragraph][body], rows.probability[body]
    found = probability >= decision.threshold
    columns = zip(
        scheme.ids,
        *(column.tolist() for column in precision_recall(truth, found)),
        f1_scores(truth, found).tolist(),
        truth.sum(axis=0).tolist(),
        decision.threshold.tolist(),
        map(calibration_error, probability.T, truth.T),
        strict=True,
    )
    sure = ((probability <= decision.sure_below) | (probability >= decision.sure_above)).all(axis=1)
    themes = tuple(ThemeResult(*column) for column in columns)
    return themes, (macro_f1(truth, found), exact_match(truth, found), float(sure.mean()))


def _versions() -> Iterator[tuple[str, str]]:
    for library in _LIBRARIES:
        try:
            yield library, version(library)
        except PackageNotFoundError:
            continue
