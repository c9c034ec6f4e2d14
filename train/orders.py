"""In which order lines are labelled: at random, as the review queue has them, and by doubt alone."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Final

import numpy as np

from labels.population import Population
from labels.strata import draw
from model.features import Ints
from model.lexical import Floats
from train.pool import THRESHOLD, Pool, novelty, probability

# From the pool, all scores (n, K), the labelled lines, and how many are wanted: which lines come next.
Order = Callable[[Pool, Floats, Ints, int, np.random.Generator], Ints]
# The parts of the queue that ask about new lines; label errors are asked about in lines that have labels already.
_PARTS: Final = {"conflict": 0.15, "novel": 0.1, "random": 0.2, "blind": 0.1}


def at_random(pool: Pool, scores: Floats, labelled: Ints, count: int, random: np.random.Generator) -> Ints:
    """Any lines that are left."""
    del scores
    return random.choice(_left(pool, labelled), count, replace=False)


def as_queued(pool: Pool, scores: Floats, labelled: Ints, count: int, random: np.random.Generator) -> Ints:
    """What `zhengfa labels queue` draws: doubtful, novel and contradictory lines, and three in ten at random."""
    left = _left(pool, labelled)
    sizes = {stratum: round(count * part) for stratum, part in _PARTS.items()}
    sizes["doubtful"] = count - sum(sizes.values())
    population = Population(
        place=[(str(report), 0) for report in pool.report[left].tolist()],
        themed=np.ones(len(left), dtype=np.bool_),
        body=pool.body[left],
        probability=probability(scores[left]),
        terms=pool.terms[left],
        novelty=novelty(pool, labelled)[left],
        size=pool.letters[left],
        cluster=np.arange(len(left)),
        draw=random.random(len(left)),
    )
    drawn = draw(population, np.full(scores.shape[1], THRESHOLD), sizes)
    return left[[one.line for one in drawn]]


def by_doubt(pool: Pool, scores: Floats, labelled: Ints, count: int, random: np.random.Generator) -> Ints:
    """The lines with the largest doubt, summed over the themes, one a report."""
    del random
    left = _left(pool, labelled)
    doubt = np.exp(-2 * np.abs(scores[left])).sum(axis=1)
    ranked = left[np.argsort(-doubt, kind="stable")]
    return np.array(list(_spread(ranked.tolist(), pool.report, count)), dtype=np.int64)


ORDERS: Final[dict[str, tuple[str, Order]]] = {
    "random": ("随机 / random", at_random),
    "queue": ("审阅队列 / the queue", as_queued),
    "doubt": ("只看疑难 / doubt alone", by_doubt),
}


def _left(pool: Pool, labelled: Ints) -> Ints:
    free = pool.known.copy()
    free[labelled] = False
    return np.flatnonzero(free)


def _spread(ranked: Sequence[int], report: Ints, count: int) -> Iterator[int]:
    """The first `count` of a ranking with at most one a report; then those passed over, in their order."""
    seen: set[int] = set()
    first: list[int] = []
    later: list[int] = []
    for line in ranked:
        own = int(report[line])
        (later if own in seen else first).append(line)
        seen.add(own)
    yield from (first + later)[:count]
