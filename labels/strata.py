"""Which lines are worth a person's minute: strata, each a ranking of lines with the reason for each.

Two strata are drawn at random from all lines (each near-duplicate once), before any other: what they show holds for the
run as a whole. The others take what they rank highest among the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice, zip_longest
from typing import Final

import numpy as np

from labels.population import Floats, Population

# Of the lines drawn at random, the part from those that have no themes for their role: it shows wrong roles.
UNTHEMED: Final = 0.1
# Nearer to the threshold than this the model is unsure, which is no conflict.
SURE: Final = 0.5
# A shorter line is novel by chance.
LEAST_LETTERS: Final = 20


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line by its number in the population. kind: which reason; theme: the number of the theme it is about."""

    line: int
    stratum: str
    kind: str
    theme: int | None = None
    inclusion: float = 1.0


Ranking = Iterator[Drawn]


def draw(population: Population, thresholds: Floats, sizes: dict[str, int]) -> list[Drawn]:
    """The lines of all strata; `sizes` says how many of each, what one can't fill goes to the doubtful."""
    drawn = list(_random(population, sizes["random"], sizes["blind"]))
    taken = set(population.cluster[[one.line for one in drawn]].tolist()) if drawn else set()
    rankings: tuple[tuple[str, Callable[[Population, Floats], Ranking]], ...] = (
        ("conflict", conflicting),
        ("novel", novel),
    )
    for stratum, ranking in rankings:
        drawn += _take(ranking(population, thresholds), sizes[stratum], population, taken)
    rest = sum(sizes.values()) - len(drawn)
    return drawn + list(_take(doubtful(population, thresholds), rest, population, taken))


def distance(probability: Floats, thresholds: Floats) -> Floats:
    """How far each probability is from its threshold: 0 at it, 1 at a probability of 1, -1 at 0. Shape kept.

    >>> distance(np.array([[0.7, 0.1]]), np.array([0.4, 0.5])).tolist()
    [[0.5, -0.8]]
    """
    above = probability >= thresholds
    room = np.where(above, np.maximum(1 - thresholds, 1e-6), np.maximum(thresholds, 1e-6))
    return np.round((probability - thresholds) / room, 6)


def doubtful(population: Population, thresholds: Floats) -> Ranking:
    """Lines with the most doubt, summed over the themes: of every report one, then the others.

    The reason names the theme that is nearest to its threshold. Simulated on the bundled corpus, this order saves more
    labels than the nearest theme alone, or than taking the themes in turn.
    """
    near = np.abs(distance(population.probability, thresholds))
    nearest = near.argmin(axis=1).tolist()
    ranking = _ranked((near - 1).sum(axis=1), population, "doubtful", None)
    yield from _one_a_report((replace(one, theme=nearest[one.line]) for one in ranking), population)


def conflicting(population: Population, thresholds: Floats) -> Ranking:
    """Lines to which the model surely denies a theme whose terms they have, or surely gives one without its terms."""
    far = distance(population.probability, thresholds)
    for_terms = np.where((far <= -SURE) & (population.terms > 0), -population.terms + far, np.inf)
    no_terms = np.where((far >= SURE) & (population.terms == 0), -far, np.inf)
    yield from _in_turn(
        _ranked(order[:, theme], population, "conflict", theme, kind)
        for theme in range(len(thresholds))
        for order, kind in ((for_terms, "terms_without_theme"), (no_terms, "theme_without_terms"))
    )


def novel(population: Population, thresholds: Floats) -> Ranking:
    """Body lines of which the corpus knows the fewest words."""
    del thresholds
    long = population.body & (population.size >= LEAST_LETTERS) & (population.novelty > 0)
    yield from _ranked(np.where(long, -population.novelty, np.inf), population, "novel", None)


def _random(population: Population, shown: int, blind: int) -> Iterator[Drawn]:
    """Two simple random samples without a line in common, each from lines with themes and from lines without."""
    lines = population.representatives()
    for pool, part in (
        (lines[population.themed[lines]], 1 - UNTHEMED),
        (lines[~population.themed[lines]], UNTHEMED),
    ):
        at = 0
        for stratum, size in (("random", shown), ("blind", blind)):
            count = min(_part(size, part), len(pool) - at)
            inclusion = count / len(pool) if len(pool) else 0.0
            yield from (Drawn(int(line), stratum, stratum, None, inclusion) for line in pool[at : at + count])
            at += count


def _part(size: int, part: float) -> int:
    """Whole numbers that add up to `size` for a part and its rest; the smaller one has at least 1 of 5."""
    smaller = max(round(size * UNTHEMED), int(size >= 5))
    return smaller if part == UNTHEMED else size - smaller


def _ranked(order: Floats, population: Population, stratum: str, theme: int | None, kind: str = "") -> Ranking:
    """Lines by `order` (infinite: not at all), those with themes only; equals by their draw."""
    order = np.where(population.themed, order, np.inf)
    for line in np.lexsort((population.draw, order)).tolist():
        if not np.isfinite(order[line]):
            return
        yield Drawn(line, stratum, kind or stratum, theme)


def _one_a_report(ranking: Ranking, population: Population) -> Ranking:
    """The first line of every report, then those passed over, each in the order of the ranking."""
    seen: set[str] = set()
    later: list[Drawn] = []
    for one in ranking:
        report, _ = population.place[one.line]
        if report in seen:
            later.append(one)
        else:
            seen.add(report)
            yield one
    yield from later


def _in_turn(rankings: Iterable[Ranking]) -> Ranking:
    return (one for one in chain.from_iterable(zip_longest(*rankings)) if one is not None)


def _take(ranking: Ranking, count: int, population: Population, taken: set[int]) -> Iterator[Drawn]:
    """The first of a ranking whose near-duplicates are not taken yet."""

    def new() -> Iterator[Drawn]:
        for one in ranking:
            cluster = int(population.cluster[one.line])
            if cluster not in taken:
                taken.add(cluster)
                yield one

    return islice(new(), max(count, 0))
