"""Ablation: variants of our model on the same folds, every first stage fitted once for all variants that share it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

import numpy as np
from joblib import Parallel, delayed

from labels.errors import UserError, suggestion
from labels.scheme import Scheme
from model.context import FEATURES, Frame, place
from model.features import Bools, Ints
from model.lexical import Floats
from model.themes import likeliest, probability_of, read_twice
from train.baselines import Entry, score_trial
from train.decide import THRESHOLD
from train.folds import report_folds, style_groups
from train.lexical import fit_first_stage
from train.processes import side_by_side
from train.second_stage import Rows, fit_readings
from train.stack import Stack
from train.themes import out_of_fold_features, rows_of, settled, undecided
from train.trials import Fold, Trial
from train.variants import VARIANTS, Reader, Variant

FULL: Final = VARIANTS[0].name

# From a way of reading to the trials on what was read that way.
Trials = Callable[[Reader], Sequence[Trial]]
Step = Callable[[str], None]
# Numbers (t,) in a stack and second-stage features (t, K, F) of paragraphs that a first stage did not see; by the
# first stage, by the trial whose stack it is ("" for the one that all learn from), and by whether they are in pieces.
_Seen = dict[tuple[bytes, str, bool], tuple[Ints, Floats]]


@dataclass(frozen=True, slots=True)
class _Task:
    """A first stage to fit: on which reports, and which themes the model around it has learned."""

    learn: Bools
    learned: Bools

    @property
    def key(self) -> bytes:
        return self.learn.tobytes() + self.learned.tobytes()


@dataclass(frozen=True, slots=True)
class _Rows:
    """What the second stages of one fold learn from, and what they are asked about: pieces (a, K, F) of paragraphs.

    paragraph: (a,) the number of each piece's paragraph, counted from 0.
    """

    learned: Bools
    learn: Rows
    asked: Floats
    frame: Frame
    paragraph: Ints


def chosen_variants(only: Sequence[str]) -> list[Variant]:
    """The full model and the variants named, all where none is; raises UserError for an unknown name."""
    names = [variant.name for variant in VARIANTS]
    for name in only:
        if name not in names:
            raise UserError(f'variant "{name}" is unknown; {suggestion(name, names)}')
    return [variant for variant in VARIANTS if not only or variant.name in (FULL, *only)]


def ablate(trials: Trials, variants: Sequence[Variant], scheme: Scheme, jobs: int, step: Step) -> list[Entry]:
    """Every variant in every trial; `step` is called with what is being done."""
    entries: list[Entry] = []
    for reader, group in groupby(variants, key=lambda variant: variant.reader):
        entries += _ablate(trials(reader), list(group), scheme, jobs, step)
    return entries


def _ablate(
    trials: Sequence[Trial], variants: Sequence[Variant], scheme: Scheme, jobs: int, step: Step
) -> Iterator[Entry]:
    seen = _fit_all(trials, variants, scheme, jobs, step)
    for variant in variants:
        for trial in trials:
            step(f"{variant.title}  {trial.title}")
            rows = (_rows(trial, fold, variant, seen) for fold in trial.folds)
            found = side_by_side(jobs, (delayed(_body_themes)(fold, variant.without) for fold in rows))
            yield Entry(trial, variant.name, variant.title, score_trial(trial, np.vstack(found)))


def _fit_all(trials: Sequence[Trial], variants: Sequence[Variant], scheme: Scheme, jobs: int, step: Step) -> _Seen:
    tasks = _distinct_tasks(trials, {variant.by_report for variant in variants})
    examples = trials[0].learn.examples
    fits = Parallel(jobs, return_as="generator")(delayed(fit_first_stage)(examples, task.learn) for task in tasks)
    seen: _Seen = {}
    for number, (task, first) in enumerate(zip(tasks, fits, strict=True), 1):
        model = undecided(scheme, task.learned, first)
        for name, stack, asked in _questions(task, trials):
            for pieces in (False, True):
                seen[task.key, name, pieces] = out_of_fold_features(stack, model, asked, in_pieces=pieces)
        step(f"{variants[0].title}  第一级 / first stages  {number}/{len(tasks)}")
    return seen


def _questions(task: _Task, trials: Sequence[Trial]) -> Iterator[tuple[str, Stack, Bools]]:
    """What a first stage is asked: the reports of its stack that it did not see; if it saw all, those of others."""
    if not task.learn.all():
        yield "", trials[0].learn, ~task.learn
        return
    for trial in trials:
        if trial.ask is not trial.learn:
            yield trial.name, trial.ask, trial.folds[0].ask


def _distinct_tasks(trials: Sequence[Trial], ways: set[bool]) -> list[_Task]:
    folds = {fold.learn.tobytes(): (trial.learn, fold) for trial in trials for fold in trial.folds}
    tasks = [task for stack, fold in folds.values() for way in sorted(ways) for task in _tasks(stack, fold, way)]
    return list({task.key: task for task in tasks}.values())


def _tasks(stack: Stack, fold: Fold, by_report: bool) -> Iterator[_Task]:
    """All first stages of a fold: one without each held-out group, the last with all that may be learned from."""
    learned = settled(stack, fold.learn)
    for held in _held_out(stack, fold, by_report):
        yield _Task(fold.learn & ~held, learned)
    yield _Task(fold.learn, learned)


def _held_out(stack: Stack, fold: Fold, by_report: bool) -> list[Bools]:
    groups = report_folds(stack.names) if by_report else style_groups(stack.slices, stack.names)
    return [fold.learn & (groups == group) for group in np.unique(groups[fold.learn])]


def _rows(trial: Trial, fold: Fold, variant: Variant, seen: _Seen) -> _Rows:
    examples, held_out = trial.learn.examples, _held_out(trial.learn, fold, variant.by_report)
    *tasks, last = _tasks(trial.learn, fold, variant.by_report)
    parts = [
        _kept(seen[task.key, "", False], held[examples.report_of]) for task, held in zip(tasks, held_out, strict=True)
    ]
    paragraph = np.concatenate([numbers for numbers, _ in parts])
    group = np.repeat(np.arange(len(parts)), [len(numbers) for numbers, _ in parts])
    where, asked = "" if trial.ask is trial.learn else trial.name, trial.ask.examples.report_of
    numbers, features = _kept(seen[last.key, where, variant.in_pieces], fold.ask[asked])
    return _Rows(
        learned=last.learned,
        learn=rows_of(trial.learn, paragraph, np.concatenate([features for _, features in parts]), group),
        asked=features,
        frame=place(numbers, trial.ask.body[numbers], asked[numbers]),
        paragraph=np.cumsum(np.diff(numbers, prepend=-1) != 0) - 1,
    )


def _kept(seen: tuple[Ints, Floats], wanted: Bools) -> tuple[Ints, Floats]:
    numbers, features = seen
    return numbers[wanted[numbers]], features[wanted[numbers]]


def _body_themes(rows: _Rows, without: Collection[str]) -> Bools:
    """(b, K) themes of the body paragraphs, by a second stage without the features of those names."""
    used = np.array([name not in without for name in FEATURES])
    readings = fit_readings(rows.learn, rows.learned, used)
    _, odds = read_twice(readings, rows.asked, rows.frame, rows.learned)
    odds, deciding = likeliest(odds, rows.paragraph)
    found: Bools = (probability_of(odds) >= THRESHOLD)[rows.frame.body[deciding[:, 0]]]
    return found
