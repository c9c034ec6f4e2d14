"""A training run: corpus in, model folder out."""

from __future__ import annotations

import hashlib
import platform
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

import numpy as np
from threadpoolctl import threadpool_limits

from labels.corpus import COPIES, DEFAULT_CORPUS, CorpusReport, corpus_hash, load_corpus
from labels.errors import UserError
from labels.scheme import Scheme, load_scheme
from model.default import ARTIFACTS
from model.folder import read_manifest, save_model
from train.diagnosis import HeldOut, band_of_lines, calibration_of, held_out
from train.eras import years_of
from train.findings import Findings
from train.folds import report_folds
from train.held_out_reasons import held_out_reasons
from train.kept import FOLDER, kept
from train.learning_curve import learning_curve
from train.measures import f1_scores, macro_f1, precision_recall
from train.report import write_report
from train.roles import fit_roles
from train.saved_rows import write_rows
from train.second_stage import LEAST_POSITIVES
from train.stack import Stack, stack_reports
from train.succession import Predecessor, before_training, succeed
from train.themes import Trained, learnable, train_themes

SEED: Final = 0
LEAST_REPORTS: Final = 5
LEAST_FOLDS: Final = 2
LEAST_ROLES: Final = 2
_LIBRARIES: Final = ("numpy", "scipy", "scikit-learn", "rjieba", "jieba", "opencc-python-reimplemented")
_CODE: Final = tuple(Path(__file__).parent.parent / folder for folder in ("labels", "model", "train"))


@dataclass(frozen=True, slots=True)
class ThemeResult:
    """One theme, out of fold over body lines; not numbers where nobody judged it."""

    theme: str
    precision: float
    recall: float
    f1: float
    support: int
    threshold: float
    calibration: float


@dataclass(frozen=True, slots=True)
class Result:
    """What a training run reports: per theme and over all, where the model went, and how it stands to the one before.

    lines: the body lines that somebody judged. report: the page about it all.
    """

    themes: tuple[ThemeResult, ...]
    macro_f1: float
    exact: float
    sure: float
    reports: int
    lines: int
    folder: Path
    report: Path
    predecessor: Predecessor | None


def train(
    corpus: Path | None = None, out: Path | None = None, *, jobs: int = 2, force: bool = False, curve: bool = False
) -> Result:
    """Train on the labelled reports of `corpus` and write a model folder below `out` (artifacts by default).

    Roles are always learned from labels/copies, too, themes from them with the bundled corpus only: who brings a corpus
    says what themes are. The model comes into use unless it is worse than the one in use; with `force` it does even
    then. `curve`: whether to compute the learning curve for the report, too.
    """
    scheme = load_scheme()
    own, copies = load_corpus(corpus, scheme=scheme), load_corpus(COPIES, scheme=scheme)
    reports = own if corpus and corpus.resolve() != DEFAULT_CORPUS.resolve() else _joined(own, copies)
    out = _writable(out or ARTIFACTS)
    stack = stack_reports(reports, scheme)
    _check_enough(stack, corpus or DEFAULT_CORPUS)
    before = before_training(out)
    keep = partial(kept, FOLDER if out == ARTIFACTS else None, key=_key(reports, copies, scheme))
    # The last bits of a sum vary with the number of threads; for matrices this small one thread is also the fastest.
    with threadpool_limits(1):
        trained = keep("themes", work=lambda: train_themes(stack, scheme, seed=SEED, jobs=jobs))
        roles = keep("roles", work=lambda: fit_roles(own, copies, seed=SEED, jobs=jobs))
        points = None
        if curve:
            points = keep("curve", work=lambda: learning_curve(stack, scheme, trained, seed=SEED, jobs=jobs))
    held = held_out(stack, trained)
    themes, scores = _results(held, trained, scheme)
    folder = save_model(out, scheme, trained.model, roles, _facts(reports, copies, themes, scores))
    write_rows(folder, reports, trained.out_of_fold, scheme.ids, held_out_reasons(stack, trained))
    predecessor = succeed(folder, before, force=force)
    page = write_report(Findings(folder, read_manifest(folder), scheme, stack, trained, held, predecessor, points))
    return Result(
        themes=themes,
        macro_f1=scores["macro_f1"],
        exact=scores["exact"],
        sure=scores["sure"],
        reports=len(reports),
        lines=len(held.paragraph),
        folder=folder,
        report=page,
        predecessor=predecessor,
    )


def _joined(reports: Sequence[CorpusReport], copies: Sequence[CorpusReport]) -> list[CorpusReport]:
    """The bundled corpus and the copies, each of a name of its own: the rows of a model know a report by that."""
    taken = {report.name for report in reports} & {copy.name for copy in copies}
    if taken:
        path = DEFAULT_CORPUS / f"{min(taken)}.jsonl"
        raise UserError(f"{path}: {COPIES} has a report of that name, too; give yours another")
    return [*reports, *copies]


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


def _key(reports: Sequence[CorpusReport], copies: Sequence[CorpusReport], scheme: Scheme) -> str:
    """What the arrays depend on besides the seed."""
    hashes = (corpus_hash(reports), corpus_hash(copies), scheme.hash, _code_hash())
    return repr((*hashes, dict(_versions()), platform.python_version()))


def _facts(
    reports: Sequence[CorpusReport],
    copies: Sequence[CorpusReport],
    themes: Sequence[ThemeResult],
    scores: Mapping[str, float],
) -> dict[str, Any]:
    """What the manifest says of the training; the first seven together give the same arrays again, bit for bit."""
    return {
        "seed": SEED,
        "corpus_hash": corpus_hash(reports),
        "copies_hash": corpus_hash(copies),
        "code_hash": _code_hash(),
        "libraries": dict(_versions()),
        "python": platform.python_version(),
        "platform": f"{sys.platform}-{platform.machine()}",
        "reports": len(reports),
        "years": years_of(reports),
        "thresholds": {theme.theme: theme.threshold for theme in themes},
        "scores": dict(scores),
    }


def _results(held: HeldOut, trained: Trained, scheme: Scheme) -> tuple[tuple[ThemeResult, ...], dict[str, float]]:
    truth, found, known = held.labels & held.judged, held.found & held.judged, held.known
    measures = (*precision_recall(truth, found), f1_scores(truth, found))
    columns = zip(
        scheme.ids,
        *(np.where(known, measure, np.nan).tolist() for measure in measures),
        truth.sum(axis=0).tolist(),
        trained.model.decision.threshold.tolist(),
        (calibration_of(held, theme) for theme in range(len(known))),
        strict=True,
    )
    lines = band_of_lines(held)
    scores = {"macro_f1": macro_f1(truth[:, known], found[:, known]), "exact": lines.right, "sure": lines.sure}
    return tuple(ThemeResult(*column) for column in columns), scores


def _versions() -> Iterator[tuple[str, str]]:
    for library in _LIBRARIES:
        try:
            yield library, version(library)
        except PackageNotFoundError:
            continue


def _code_hash() -> str:
    """First 16 hex digits of a SHA-256 over all code that has a part in a model."""
    digest = hashlib.sha256()
    for folder in _CODE:
        for path in sorted(folder.glob("*.py")):
            digest.update(path.name.encode() + b"\n" + path.read_bytes())
    return digest.hexdigest()[:16]
