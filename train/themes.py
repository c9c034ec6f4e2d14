"""Fitting the theme model: the first stage, then the second on scores from groups that the first did not see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import compress
from typing import Final

import numpy as np
from joblib import delayed

from labels.scheme import Scheme
from model.context import DRAFT_FEATURES, FEATURES, context_features, place
from model.features import Bools, Ints
from model.lexical import Floats
from model.themes import Decision, Reading, Readings, ThemeModel, lexical_scores, score_themes, themed_pieces
from train.decide import THRESHOLD, sure_bands
from train.folds import style_groups
from train.lexical import FirstStage, fit_first_stage
from train.processes import side_by_side
from train.second_stage import LEAST_POSITIVES, Rows, fit_second_stage
from train.stack import Examples, Stack

SETTLED: Final = 100  # paragraphs with a theme and without it, from which it learns from labels alone
LABEL_WEIGHT: Final = 20.0  # of a label beside what stands in for one
SELF_TRAINED: Final = 2  # times that a theme which is not learned learns from what the model found


@dataclass(frozen=True, slots=True)
class OutOfFold:
    """What models that did not see a report's group say of its themed paragraphs.

    paragraph: (t,) their numbers in the stack. probability: (t, K), from a second stage that did not see the group
    either. group: (t,).
    """

    paragraph: Ints
    probability: Floats
    group: Ints


@dataclass(frozen=True, slots=True)
class Trained:
    """A fitted model and the out-of-fold rows behind its bands.

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
    return replace(
        examples,
        labels=np.where(stands, has, examples.labels),
        judged=examples.judged | stands,
        explained=examples.explained & ~stands,
        weight=np.where(examples.judged & ~learned, LABEL_WEIGHT, 1.0),
    )


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
    plan = _Plan(scheme, learned, held_out, jobs)

    def fit(has: Bools) -> Trained:
        examples = with_stand_ins(stack.examples, learned, has)
        chosen = [*(reports & ~held for held in held_out.values()), reports]
        first = side_by_side(jobs, (delayed(fit_first_stage)(examples, marks, seed) for marks in chosen))
        return _with_second_stage(stack, plan, first)

    trained = fit(stack.examples.line_dense[:, : len(learned)] > 0)
    for _ in range(0 if learned.all() else SELF_TRAINED):
        rows = trained.out_of_fold
        has = np.zeros(stack.examples.labels.shape, dtype=np.bool_)
        has[rows.paragraph] = rows.probability >= THRESHOLD
        trained = fit(has)
    return trained


@dataclass(frozen=True, slots=True)
class _Plan:
    """What one training fits: the themes that are learned (K,), and of each group the reports held out together."""

    scheme: Scheme
    learned: Bools
    held_out: dict[int, Bools]
    jobs: int


def _with_second_stage(stack: Stack, plan: _Plan, first: Sequence[FirstStage]) -> Trained:
    """Fit it on what the first stages say of the groups that they did not see; the last one has seen all."""
    held_out, learned = plan.held_out, plan.learned
    *unseen, last = [undecided(plan.scheme, learned, own) for own in first]
    of_group = dict(zip(held_out, unseen, strict=True))
    parts = [out_of_fold_features(stack, model, held_out[held]) for held, model in of_group.items()]
    paragraph = np.concatenate([numbers for numbers, _ in parts])
    features = np.concatenate([features for _, features in parts])
    group = np.repeat(list(held_out), [len(numbers) for numbers, _ in parts])
    rows = rows_of(stack, paragraph, features, group)
    second = fit_second_stage(rows, learned, jobs=plan.jobs)
    models = {held: _deciding(of_group[held], readings) for held, readings in second.held_out.items()}
    said = [held_out_probability(stack, model, held_out[held]) for held, model in models.items()]
    probability = np.concatenate([np.empty((0, len(learned))), *said])
    # A theme that is not learned is never sure.
    bands = sure_bands(probability, rows.labels, rows.judged & rows.frame.body[:, None] & learned)
    return Trained(
        model=_deciding(last, second.readings, bands),
        out_of_fold=OutOfFold(paragraph, probability, group),
        held_out={held: _deciding(model, second.held_out[held], bands) for held, model in models.items()},
    )


def held_out_probability(stack: Stack, model: ThemeModel, reports: Bools) -> Floats:
    """(t, K) probabilities of the themed paragraphs of the marked reports, read as any report is."""
    documents = [document for document in compress(stack.documents, reports) if len(document.frame.themed)]
    scores = (score_themes(model, own.passages, [line.role for line in own.lines]) for own in documents)
    return np.concatenate([np.empty((0, len(model.themes))), *(each.probability for each in scores)])


def rows_of(stack: Stack, paragraph: Ints, features: Floats, group: Ints) -> Rows:
    """What a second stage learns from of the `paragraph`s (t,) of whole reports."""
    examples = stack.examples
    return Rows(
        features=features,
        labels=examples.labels[paragraph],
        judged=examples.judged[paragraph],
        group=group,
        frame=place(paragraph, stack.body[paragraph], examples.report_of[paragraph]),
    )


def out_of_fold_features(
    stack: Stack, model: ThemeModel, reports: Bools, *, in_pieces: bool = False
) -> tuple[Ints, Floats]:
    """Numbers in the stack and the draft's features of the themed paragraphs of the marked reports, or of their pieces.

    What is learned from are whole paragraphs: a label says nothing of a piece.
    """
    start = np.searchsorted(stack.examples.report_of, np.arange(len(stack.documents)))
    numbers = [np.empty(0, dtype=np.int64)]
    features = [np.empty((0, len(model.themes), len(DRAFT_FEATURES)))]
    for report in np.flatnonzero(reports):
        document = stack.documents[report]
        if not len(document.frame.themed):
            continue
        passages, frame, row = document.passages, document.frame, np.arange(len(document.frame.themed))
        if in_pieces:
            passages, frame, row = themed_pieces(passages, frame)
        numbers.append(document.frame.themed[row] + start[report])
        features.append(context_features(passages, lexical_scores(model, passages), frame, model.learned))
    return np.concatenate(numbers), np.concatenate(features)


def undecided(scheme: Scheme, learned: Bools, first: FirstStage) -> ThemeModel:
    """The model of a first stage, whose last stage says nothing yet."""
    themes = len(learned)
    nothing = np.zeros(themes)
    draft, final = (
        Reading(np.zeros((2, themes, len(names))), np.zeros((2, themes))) for names in (DRAFT_FEATURES, FEATURES)
    )
    decision = Decision(Readings(draft, final), nothing, nothing, nothing)
    return ThemeModel(scheme.ids, learned, first.rows, first.sentence, first.line, decision)


def _deciding(model: ThemeModel, readings: Readings, bands: tuple[Floats, Floats] | None = None) -> ThemeModel:
    """The model with a last stage; without bands nothing is sure."""
    themes = len(model.themes)
    bands = bands or (np.full(themes, -1.0), np.full(themes, 2.0))
    return replace(model, decision=Decision(readings, np.full(themes, THRESHOLD), *bands))
