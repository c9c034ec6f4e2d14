"""Roll-up: from the themes of sentences to the shares of a section or a report, with their uncertainty.

Everything here works on a matrix of weights, shape (paragraphs, themes + 1): how many body
characters of a paragraph each theme has, the last column for characters without a theme.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

RESAMPLES: Final = 1000
# A theme has to reach this part of the text that has themes to be the primary one.
PRIMARY_SHARE: Final = 0.25
_SEED: Final = 20_260_101
_DIGITS: Final = 4
# Weights in this unit are whole numbers for sentences of one to seven themes; sums of whole
# numbers are exact in any order, so neither the platform nor BLAS can change a digit.
_UNIT: Final = 420
# More paragraphs than this are dealt into as many groups before they are drawn from, which keeps the
# product of matrices below the size where BLAS starts threads (they cost more than they save here).
_MOST_DRAWN: Final = 200
_BOUNDS: Final = (RESAMPLES // 40 - 1, RESAMPLES - RESAMPLES // 40)
# In units of the last digit; many times what 32 bits of a ratio can be off.
_NEXT_TO: Final = 0.01

Weights = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Share:
    """Share of a report's body characters, with a 95 % bootstrap interval over its paragraphs."""

    share: float
    low: float
    high: float


def weigh(chars: NDArray[np.int64], found: NDArray[np.bool_], paragraph: NDArray[np.int64], size: int) -> Weights:
    """Weights of `size` paragraphs, shape (size, themes + 1), from their b body sentences.

    chars: (b,) characters of each. found: (b, themes) which themes it has; several share it equally.
    paragraph: (b,) where it stands.

    >>> found = np.array([[True, False], [True, True], [False, False]])
    >>> weigh(np.array([10, 6, 4]), found, np.array([0, 0, 1]), 2).tolist()
    [[13.0, 3.0, 0.0], [0.0, 0.0, 4.0]]
    """
    nothing = ~found.any(axis=1)
    parts = np.column_stack((found, nothing)) * (chars / np.maximum(found.sum(axis=1), 1))[:, None]
    sums = [np.bincount(paragraph, weights=part, minlength=size) for part in parts.T]
    # Of no weights at all numpy makes integers.
    return np.column_stack(sums).astype(np.float64)


def dealt(parts: Iterable[Weights], themes: int) -> Weights:
    """Weights of one long report, given in parts, as few paragraphs that have its shares and its intervals."""
    groups, count = np.zeros((_MOST_DRAWN, themes + 1)), 0
    for part in parts:
        whole = _whole(part)
        whole = whole[whole.any(axis=1)]
        np.add.at(groups, (count + np.arange(len(whole))) % _MOST_DRAWN, whole)
        count += len(whole)
    few: Weights = groups[:count] / _UNIT
    return few


def shares(weights: Weights) -> NDArray[np.float64]:
    """Share of each theme and of no theme, shape (themes + 1,), rounded; zeros where there is no text."""
    return np.round(_ratios(_whole(weights).sum(axis=0)), _DIGITS)


def intervals(weights: Weights) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Bounds (low, high) of the 95 % bootstrap interval over paragraphs, each (themes + 1,), rounded.

    The percentile interval of 1000 resamples of the paragraphs that have text; a single paragraph
    tells nothing about how paragraphs differ, so its interval is its share.
    """
    (bounds,) = _intervals([_whole(weights)])
    return bounds[:, 0], bounds[:, 1]


def _intervals(reports: Sequence[Weights]) -> NDArray[np.float64]:
    """`intervals` of r reports, given as whole numbers: (r, themes + 1, 2)."""
    drawn = np.stack([_drawn(whole[whole.any(axis=1)]) for whole in reports])
    ratios = (drawn / np.maximum(drawn.sum(axis=1, keepdims=True), 1)).reshape(-1, RESAMPLES)
    # Sorting half as many bits takes a third of the time; only bounds next to where rounding turns need all.
    bounds = np.sort(ratios.astype(np.float32), axis=1)[:, _BOUNDS].astype(np.float64)
    turning = np.abs(bounds * 10**_DIGITS % 1 - 0.5) < _NEXT_TO
    unsure = np.flatnonzero(turning.any(axis=1))
    bounds[unsure] = np.partition(ratios[unsure], _BOUNDS, axis=1)[:, _BOUNDS]
    return np.round(bounds, _DIGITS).reshape(len(reports), -1, 2)


def _drawn(whole: Weights) -> Weights:
    """Sums of all resamples of the paragraphs with text, shape (themes + 1, RESAMPLES)."""
    if not len(whole):
        return np.zeros((whole.shape[1], RESAMPLES))
    few = _grouped(whole) if len(whole) > _MOST_DRAWN else whole
    drawn: Weights = few.T @ _draws(len(few)).astype(np.float64)
    return drawn


def primary(theme_shares: Sequence[float], ids: Sequence[str], heading: Sequence[str] = ()) -> str | None:
    """The theme with the largest share, the first of equals; `theme_shares` are those of `ids`, without none.

    None where no theme reaches a quarter of the text that has themes. Where no body text has a
    theme to weigh, give shares of zero: the first theme of the `heading` is taken.

    >>> primary([0.1, 0.3], ["security", "mediation"])
    'mediation'
    >>> primary([0.0, 0.0], ["security", "mediation"], heading=["security"])
    'security'
    """
    themed = sum(theme_shares)
    if not themed:
        return next(iter(heading), None)
    largest = max(theme_shares)
    return ids[list(theme_shares).index(largest)] if largest >= PRIMARY_SHARE * themed else None


def report_shares(weights: Weights, ids: Sequence[str]) -> dict[str, Share]:
    """Shares of a report by theme id, then `none`, each with its interval."""
    (only,) = shares_of_reports([weights], ids)
    return only


def shares_of_reports(reports: Sequence[Weights], ids: Sequence[str]) -> list[dict[str, Share]]:
    """`report_shares` of each of some reports, given by their weights."""
    whole, names = [_whole(weights) for weights in reports], [*ids, "none"]
    share = np.round(_ratios(np.stack([own.sum(axis=0) for own in whole], axis=1)), _DIGITS).T
    columns = np.concatenate((share[:, :, None], _intervals(whole)), axis=2).tolist()
    return [{theme: Share(*own) for theme, own in zip(names, rows, strict=True)} for rows in columns]


def shares_of_groups(weights: Weights, first: NDArray[np.int64], last: NDArray[np.int64]) -> NDArray[np.float64]:
    """`shares` of groups of paragraphs, shape (g, themes + 1); they follow each other from `first` to `last`, (g,)."""
    sums = np.zeros((len(first), weights.shape[1]))
    filled = np.flatnonzero(last > first)
    sums[filled] = np.add.reduceat(_whole(weights), first[filled], axis=0)
    return np.round(_ratios(sums.T).T, _DIGITS)


def _whole(weights: Weights) -> Weights:
    return np.rint(weights * _UNIT)


def _ratios(sums: Weights) -> Weights:
    """Each sum as a part of its column's total, shape kept."""
    totals = sums.sum(axis=0)
    ratios: Weights = np.divide(sums, totals, out=np.zeros_like(sums), where=totals > 0)
    return ratios


def _grouped(whole: Weights) -> Weights:
    """Deal the paragraphs round robin into groups: the spread of the shares stays, the cost is bounded."""
    rounds = -(-len(whole) // _MOST_DRAWN)
    padded = np.zeros((rounds * _MOST_DRAWN, whole.shape[1]))
    padded[: len(whole)] = whole
    groups: Weights = padded.reshape(rounds, _MOST_DRAWN, -1).sum(axis=0)
    return groups


@lru_cache(maxsize=_MOST_DRAWN)
def _draws(paragraphs: int) -> NDArray[np.uint8]:
    """How often each paragraph is drawn in each resample, shape (paragraphs, RESAMPLES)."""
    chances = np.full(paragraphs, 1 / paragraphs)
    drawn = np.random.default_rng([_SEED, paragraphs]).multinomial(paragraphs, chances, size=RESAMPLES)
    return np.ascontiguousarray(np.minimum(drawn, 255).T.astype(np.uint8))
