"""The lines that a model gets most wrong, and what it looked at."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from model.evidence import Explanation, explain
from model.features import Bools, Ints
from model.themes import ThemeModel, score_themes
from train.diagnosis import HeldOut
from train.stack import Document, Stack

MOST_LINES: Final = 30
_LEAST_PROBABILITY: Final = 1e-4


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a line, as characters of its text, and what it adds to the log-odds."""

    start: int
    end: int
    weight: float


@dataclass(frozen=True, slots=True)
class Fault:
    """One wrong decision: `missed`, or else given wrongly.

    probability: of the model that had not seen the line. final: of the one in the folder, which has; words and
    context are that model's.
    """

    theme: int
    missed: bool
    probability: float
    final: float
    words: tuple[Word, ...]
    context: dict[str, float]


@dataclass(frozen=True, slots=True)
class WrongLine:
    """A line with its labels and what it got, both as numbers of themes, and its wrong decisions, the worst first."""

    report: str
    line: int
    text: str
    labels: tuple[int, ...]
    found: tuple[int, ...]
    faults: tuple[Fault, ...]


def most_wrong(held: HeldOut) -> Ints:
    """Rows with a wrong decision, the most surprising first: by the largest -log(probability of the label)."""
    right = np.where(held.labels, held.probability, 1 - held.probability)
    wrong = held.missed | held.extra
    surprise = (-np.log(np.maximum(right, _LEAST_PROBABILITY)) * wrong).max(axis=1)
    order: Ints = np.argsort(-surprise, kind="stable")[: int(wrong.any(axis=1).sum())]
    return order


def describe(rows: Ints, held: HeldOut, stack: Stack, model: ThemeModel) -> list[WrongLine]:
    """Those rows of `held` with the reasons for what is wrong on them, in the same order."""
    start = np.searchsorted(stack.examples.report_of, np.arange(len(stack.documents)))
    lines: dict[int, WrongLine] = {}
    for report in np.unique(held.report[rows]).tolist():
        own = rows[held.report[rows] == report]
        inside = held.paragraph[own] - start[report]
        described = _of_report(stack.documents[report], inside, own, held, model)
        lines |= dict(zip(own.tolist(), described, strict=True))
    return [lines[row] for row in rows.tolist()]


def _of_report(document: Document, inside: Ints, rows: Ints, held: HeldOut, model: ThemeModel) -> Iterator[WrongLine]:
    scores = score_themes(model, document.passages, [line.role for line in document.lines])
    at = np.searchsorted(scores.frame.themed, inside)
    wrong = np.zeros_like(scores.has)
    wrong[at] = (held.missed | held.extra)[rows]
    # Explanations are wanted where the decision was wrong, not where the theme is given.
    reasons = explain(model, replace(scores, has=wrong))
    for place, paragraph, row in zip(at.tolist(), inside.tolist(), rows.tolist(), strict=True):
        start = sum(len(line.text) + 1 for line in document.lines[:paragraph])
        faults = tuple(
            Fault(
                theme=theme,
                missed=bool(held.labels[row, theme]),
                probability=float(held.probability[row, theme]),
                final=float(scores.probability[place, theme]),
                words=_words(reasons[place, theme], document, start),
                context=reasons[place, theme].context,
            )
            for theme in np.flatnonzero(wrong[place]).tolist()
        )
        yield WrongLine(
            report=document.name,
            line=paragraph + 1,
            text=document.lines[paragraph].text,
            labels=_numbers(held.labels[row]),
            found=_numbers(held.found[row]),
            faults=tuple(sorted(faults, key=lambda fault: _right(fault.missed, fault.probability))),
        )


def _right(missed: bool, probability: float) -> float:
    """The probability that was given to what is right."""
    return probability if missed else 1 - probability


def _words(reason: Explanation, document: Document, line_start: int) -> tuple[Word, ...]:
    """The words of a reason as characters of the line that begins at `line_start` of the joined lines."""
    origin = document.passages.clean.origin
    return tuple(
        Word(int(origin[start]) - line_start, int(origin[end - 1]) + 1 - line_start, weight)
        for start, end, weight in reason.words
    )


def _numbers(marks: Bools) -> tuple[int, ...]:
    return tuple(np.flatnonzero(marks).tolist())
