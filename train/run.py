"""A training run: corpus in, model folder out."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from labels.corpus import CorpusReport, corpus_hash, load_corpus
from labels.scheme import Scheme, load_scheme
from model.default import ARTIFACTS
from model.folder import make_current, save_model
from train.measures import calibration_error, exact_match, f1_scores, macro_f1, precision_recall
from train.roles import fit_roles
from train.stack import Stack, stack_reports
from train.themes import OutOfFold, Trained, train_themes

SEED: Final = 0
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
    stack = stack_reports(reports, scheme)
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
    folder = save_model(out or ARTIFACTS, scheme, trained.model, roles, facts)
    write_out_of_fold(folder / "oof.jsonl", reports, trained.out_of_fold, scheme)
    make_current(folder)
    return Result(themes, *overall, len(reports), int(stack.body.sum()), folder)


def write_out_of_fold(path: Path, reports: list[CorpusReport], rows: OutOfFold, scheme: Scheme) -> None:
    """Write the out-of-fold probabilities, a row a themed line in the corpus's order."""
    places = [(report.name, number, line) for report in reports for number, line in enumerate(report.lines, 1)]
    order = np.argsort(rows.paragraph)
    with path.with_suffix(".part").open("wb") as file:
        for index in order.tolist():
            name, number, line = places[rows.paragraph[index]]
            file.write(
                orjson.dumps(
                    _row(
                        name,
                        number,
                        line.themes,
                        int(rows.group[index]),
                        dict(zip(scheme.ids, rows.probability[index].tolist(), strict=True)),
                    )
                )
                + b"\n"
            )
    path.with_suffix(".part").replace(path)


def _row(
    report: str, line: int, themes: tuple[str, ...], group: int, probabilities: dict[str, float]
) -> dict[str, Any]:
    return {"report": report, "line": line, "themes": themes, "group": group, "probabilities": probabilities}


def _results(
    stack: Stack, trained: Trained, scheme: Scheme
) -> tuple[tuple[ThemeResult, ...], tuple[float, float, float]]:
    rows, decision = trained.out_of_fold, trained.model.decision
    body = stack.body[rows.paragraph]
    truth, probability = stack.examples.labels[rows.paragraph][body], rows.probability[body]
    found = probability >= decision.threshold
    precision, recall = precision_recall(truth, found)
    f1 = f1_scores(truth, found)
    sure = ((probability <= decision.sure_below) | (probability >= decision.sure_above)).all(axis=1)
    themes = tuple(
        ThemeResult(
            theme=name,
            precision=float(precision[number]),
            recall=float(recall[number]),
            f1=float(f1[number]),
            support=int(truth[:, number].sum()),
            threshold=float(decision.threshold[number]),
            calibration=calibration_error(probability[:, number], truth[:, number]),
        )
        for number, name in enumerate(scheme.ids)
    )
    return themes, (macro_f1(truth, found), exact_match(truth, found), float(sure.mean()))


def _versions() -> Iterator[tuple[str, str]]:
    for library in _LIBRARIES:
        try:
            yield library, version(library)
        except PackageNotFoundError:
            continue
