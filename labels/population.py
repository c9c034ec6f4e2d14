"""All lines of a run as columns: what drawing from them needs, without their texts."""

from __future__ import annotations

import hashlib
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labels.errors import UserError
from labels.item import item_id
from labels.minhash import HASHES, leaders, letters, signature
from labels.roles import THEMED_ROLES
from labels.run_rows import RunLine, RunReport

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Numbers = NDArray[np.int64]

_MOST_TERMS: Final = 9
_LOWER_BITS: Final = 2**24


@dataclass(frozen=True, slots=True)
class Population:
    """The n lines that can be drawn, K themes.

    place: (report, number of the line's row in it) of each. themed, body: (n,) by the model's role. probability:
    (n, K), zero for lines without themes. terms: (n, K) how many terms. novelty, size (letters): (n,). cluster: (n,)
    the first of its near-duplicates. draw: (n,) a number from 0 to 1 by which lines are drawn, uniform and fixed by
    seed, place and text.
    """

    place: list[tuple[str, int]]
    themed: Bools
    body: Bools
    probability: Floats
    terms: Numbers
    novelty: Floats
    size: Numbers
    cluster: Numbers
    draw: Floats

    def representatives(self) -> Numbers:
        """Of every cluster one line, in random order: a simple random sample is a beginning of it."""
        order = np.lexsort((self.draw, self.cluster))
        first = np.append(True, self.cluster[order][1:] != self.cluster[order][:-1])[: len(order)]
        chosen = order[first]
        # By the first line's lower bits: the least draw itself would put large clusters first.
        lot = self.draw[self.cluster[chosen]] * _LOWER_BITS % 1
        return np.asarray(chosen[np.argsort(lot, kind="stable")])

    def copies(self) -> Numbers:
        """(n,) how many lines are in each line's cluster."""
        return np.asarray(np.bincount(self.cluster, minlength=len(self.cluster))[self.cluster])


def population(
    reports: Iterable[RunReport], themes: Sequence[str], model: str, labelled: Container[str], seed: int
) -> Population:
    """The lines of a run that nobody labelled: neither decided by a person nor, by text hash, in `labelled`.

    UserError where the run is not of `model`.
    """
    place: list[tuple[str, int]] = []
    signatures, tables = [np.empty((0, HASHES), np.uint16)], [np.empty((0, 5 + 2 * len(themes)))]
    for report in reports:
        _check_model(report, model)
        new = [(number, line) for number, line in enumerate(report.lines) if _is_new(line, labelled)]
        if new:
            place += [(report.report, number) for number, _ in new]
            # An array a report: as objects of Python, millions of lines would not fit into memory.
            signatures.append(np.array([signature(line.text) for _, line in new]))
            tables.append(np.array([_columns(report, line, themes, seed) for _, line in new], dtype=np.float64))
    table = np.concatenate(tables)
    return Population(
        place=place,
        themed=table[:, 0] > 0,
        body=table[:, 1] > 0,
        novelty=table[:, 2],
        size=table[:, 3].astype(np.int64),
        draw=table[:, 4],
        probability=table[:, 5 : 5 + len(themes)],
        terms=table[:, 5 + len(themes) :].astype(np.int64),
        cluster=leaders(np.concatenate(signatures)),
    )


def _is_new(line: RunLine, labelled: Container[str]) -> bool:
    return line.decided_by == "model" and line.text_sha256 not in labelled


def _check_model(report: RunReport, model: str) -> None:
    if report.model != model:
        raise UserError(
            f"{report.where}: {report.report} was annotated by {report.model}, the model here is {model}; "
            "annotate again, or give the other model's folder: --model DIR"
        )


def _columns(report: RunReport, line: RunLine, themes: Sequence[str], seed: int) -> list[float]:
    return [
        line.role in THEMED_ROLES and bool(line.probabilities),
        line.role == "body",
        line.novelty,
        len(letters(line.text)),
        _uniform(f"{seed} {item_id(report.report, line.line, line.text_sha256)}"),
        *(line.probabilities.get(theme, 0.0) for theme in themes),
        *(min(line.terms.get(theme, 0), _MOST_TERMS) for theme in themes),
    ]


def _uniform(key: str) -> float:
    """A number in [0, 1) as good as drawn at random, always the same for the same key."""
    return int.from_bytes(hashlib.sha256(key.encode()).digest()[:6]) / 2**48
