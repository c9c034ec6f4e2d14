"""How many labels an order saves: labelling the corpus over again in several orders, from 50 random lines on.

The model is one linear SVM a theme over the hashed features of the real one, so that a run takes seconds; it is the
same for every order, as are the first lines, the held-out reports and the sizes at which macro-F1 is measured.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from labels.corpus import CorpusReport
from labels.errors import UserError
from labels.scheme import Scheme
from model.lexical import Floats
from train.folds import FOLDS, report_folds
from train.measures import macro_f1
from train.orders import ORDERS, Order
from train.pool import Pool, fit, pool_of
from train.stack import stack_reports

START: Final = 50
BATCH: Final = 50
SIZES: Final = (50, 100, 150, 200, 300, 400, 600, 800, 1000, 1500, 2000)
_RESAMPLES: Final = 1000
Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Curve:
    """One order: its macro-F1 (seeds, sizes) on held-out body lines."""

    order: str
    f1: Floats


@dataclass(frozen=True, slots=True)
class Need:
    """How many labels an order needs for the macro-F1 that random order has with `labels`: its share of them."""

    labels: int
    share: float
    low: float
    high: float


def simulate(
    reports: Sequence[CorpusReport], scheme: Scheme, seeds: int, step: Step, sizes: Sequence[int] = SIZES
) -> list[Curve]:
    """The curve of every order, over as many seeds; each seed holds a fifth of the reports out and draws its own start.

    UserError where the corpus has fewer lines than the largest size.
    """
    stack = stack_reports(reports, scheme)
    folds = report_folds(stack.names)
    f1: dict[str, list[list[float]]] = {name: [] for name in ORDERS}
    for seed in range(seeds):
        pool = pool_of(stack, folds != seed % FOLDS)
        _check(pool, sizes)
        for name, (title, order) in ORDERS.items():
            step(f"{title}: {seed + 1}/{seeds}")
            f1[name].append(_run(pool, order, sizes, np.random.default_rng(seed)))
    return [Curve(name, np.array(rows)) for name, rows in f1.items()]


def needs(curve: Curve, random: Curve, sizes: Sequence[int] = SIZES) -> list[Need]:
    """For every size the labels that an order needs; 95 % intervals over seeds, drawn alike for both orders."""
    generator = np.random.default_rng(0)
    draws = generator.integers(len(curve.f1), size=(_RESAMPLES, len(curve.f1)))
    whole = _shares(curve.f1.mean(axis=0), random.f1.mean(axis=0), sizes)
    drawn = [_shares(curve.f1[draw].mean(axis=0), random.f1[draw].mean(axis=0), sizes) for draw in draws]
    low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
    columns = (whole.tolist(), low.tolist(), high.tolist())
    return [Need(*row) for row in zip(sizes, *columns, strict=True)]


def as_rows(curves: Sequence[Curve], sizes: Sequence[int] = SIZES) -> dict[str, Mapping[str, object]]:
    """Everything as JSON holds it."""
    return {curve.order: {"labels": list(sizes), "macro_f1": curve.f1.tolist()} for curve in curves}


def _run(pool: Pool, order: Order, sizes: Sequence[int], random: np.random.Generator) -> list[float]:
    labelled = random.choice(np.flatnonzero(pool.known), START, replace=False)
    asked = pool.body & ~pool.known
    f1 = []
    for size in sizes:
        scores = fit(pool, labelled)
        while len(labelled) < size:
            count = min(BATCH, size - len(labelled))
            labelled = np.concatenate([labelled, order(pool, scores, labelled, count, random)])
            scores = fit(pool, labelled)
        f1.append(macro_f1(pool.labels[asked], scores[asked] > 0))
    return f1


def _shares(f1: Floats, wanted: Floats, sizes: Sequence[int]) -> Floats:
    """(sizes,) labels needed for each wanted F1, over those that random order took; the curve's best so far counts."""
    best = np.maximum.accumulate(f1)
    return np.asarray(np.interp(wanted, best, sizes) / np.array(sizes))


def _check(pool: Pool, sizes: Sequence[int]) -> None:
    free = int(pool.known.sum())
    if free < max(sizes):
        raise UserError(f"{free} lines can be labelled, the simulation labels {max(sizes)}; give a larger corpus")
