"""Probable label errors: confident learning per theme, on probabilities from models that had not seen the line.

Northcutt, Jiang, Chuang, "Confident Learning" (JAIR 2021), for a binary label a theme. A (line, theme) pair is ranked
by the probability of the label that it does not have. On planted errors that found more than ranking by normalised
margin, by distance from the model's threshold, or within each theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from labels.corpus import CorpusReport, text_hash
from labels.out_of_fold import OutOfFoldRow

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Suspect:
    """One label, with what speaks against it.

    labelled: whether the line has the theme. probability: the model's, of the theme. doubt: its probability that the
    label is wrong. confident: whether the theme's confident joint counts it as an error.
    """

    row: OutOfFoldRow
    theme: str
    labelled: bool
    probability: float
    doubt: float
    confident: bool


def current_rows(rows: Iterable[OutOfFoldRow], reports: Mapping[str, CorpusReport]) -> list[OutOfFoldRow]:
    """The rows with the labels of the corpus as it is now; without those whose line is gone or has another text."""
    current = []
    for row in rows:
        lines = reports[row.report].lines if row.report in reports else ()
        if 0 < row.line <= len(lines) and text_hash(lines[row.line - 1].text) == row.text_sha256:
            line = lines[row.line - 1]
            current.append(replace(row, role=line.role, themes=line.themes, considered=line.considered))
    return current


def rank_suspects(rows: Iterable[OutOfFoldRow], themes: Sequence[str]) -> list[Suspect]:
    """All judged (line, theme) pairs, the most doubtful first; those as doubtful in the order of the corpus."""
    rows = list(rows)
    suspects = [suspect for theme in themes for suspect in _of_theme(rows, theme)]
    return sorted(suspects, key=lambda one: (-one.doubt, one.row.report, one.row.line, one.theme))


def confident_errors(labels: Bools, probability: Floats) -> Bools:
    """(n,) which labels the confident joint counts as errors; labels and probability of one theme, both (n,).

    A label reaches its usual confidence where its probability is at least the mean one of the lines that have it. An
    error is a line where the other label reaches that, and its own does not or is the less probable one.

    >>> confident_errors(np.array([True, True, False, False]), np.array([0.9, 0.1, 0.2, 0.1])).tolist()
    [False, True, False, False]
    """
    usual = [_mean(1 - probability[~labels]), _mean(probability[labels])]
    other, other_usual = np.where(labels, 1 - probability, probability), np.where(labels, usual[0], usual[1])
    own, own_usual = 1 - other, np.where(labels, usual[1], usual[0])
    return np.asarray((other >= other_usual) & ((own < own_usual) | (other > own)))


def _of_theme(rows: Sequence[OutOfFoldRow], theme: str) -> list[Suspect]:
    judged = [row for row in rows if theme in (row.considered or ()) and theme in row.probabilities]
    labels = np.array([theme in row.themes for row in judged], dtype=np.bool_)
    probability = np.array([row.probabilities[theme] for row in judged], dtype=np.float64)
    doubt = np.where(labels, 1 - probability, probability).round(4)
    columns = (labels, probability, doubt, confident_errors(labels, probability))
    return [
        Suspect(row, theme, *values)
        for row, *values in zip(judged, *(column.tolist() for column in columns), strict=True)
    ]


def _mean(values: Floats) -> float:
    """Of no values 1: what nobody has is never counted."""
    return float(values.mean()) if len(values) else 1.0
