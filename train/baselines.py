"""Our model beside simpler systems: the same paragraphs to learn from, the same body lines to find themes of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from labels.errors import UserError, suggestion
from labels.scheme import Scheme
from model.features import Bools
from train.score import Scores, score_lines
from train.stock import FastText, Tutorial
from train.systems import OurModel, Predictor, System, TermCounting, UnavailableError
from train.trials import Part, Trial


@dataclass(frozen=True, slots=True)
class Entry:
    """How one system did in one trial; `scores` is None where it could not take part, for the reason `missing`."""

    trial: Trial
    name: str
    title: str
    scores: Scores | None
    missing: str = ""


def known_systems(scheme: Scheme, jobs: int = 2) -> list[System]:
    """All systems, ours first."""
    return [OurModel(scheme, jobs), Tutorial(), Tutorial(pairs=True), FastText(), TermCounting()]


def chosen_systems(systems: Sequence[System], only: Sequence[str]) -> list[System]:
    """Those named, in their own order, all where none is; raises UserError for an unknown name."""
    names = [system.name for system in systems]
    for name in only:
        if name not in names:
            raise UserError(f'system "{name}" is unknown; {suggestion(name, names)}')
    return [system for system in systems if not only or system.name in only]


def compare(trials: Sequence[Trial], systems: Sequence[System], step: Callable[[str], None]) -> list[Entry]:
    """Every system in every trial; `step` is called with what comes next, `fits(trials)` times a system."""
    return [entry for system in systems for entry in _entries(trials, system, step)]


def fits(trials: Sequence[Trial]) -> int:
    """How many folds the trials have in all."""
    return sum(len(trial.folds) for trial in trials)


def _entries(trials: Sequence[Trial], system: System, step: Callable[[str], None]) -> Iterator[Entry]:
    fitted: dict[bytes, Predictor] = {}  # trials on other reports all learn from the whole corpus
    for trial in trials:
        try:
            found = np.vstack([_body_themes(trial, number, system, fitted, step) for number in range(len(trial.folds))])
        except UnavailableError as error:
            yield Entry(trial, system.name, system.title, None, str(error))
            continue
        yield Entry(trial, system.name, system.title, score_trial(trial, found))


def _body_themes(
    trial: Trial, number: int, system: System, fitted: dict[bytes, Predictor], step: Callable[[str], None]
) -> Bools:
    fold = trial.folds[number]
    step(f"{system.title}  {trial.title}  {number + 1}/{len(trial.folds)}")
    key = fold.learn.tobytes()
    if key not in fitted:
        fitted[key] = system.fit(Part(trial.learn, fold.learn))
    asked = Part(trial.ask, fold.ask)
    return fitted[key](asked)[trial.ask.body[asked.rows]]


def score_trial(trial: Trial, found: Bools) -> Scores:
    """Score the themes found of `trial.body`, in its order, shape (b, K)."""
    examples, body = trial.ask.examples, trial.body
    return score_lines(trial.ids, examples.labels[body], found, examples.judged[body], examples.report_of[body])
