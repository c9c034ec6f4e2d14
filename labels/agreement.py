"""How far coders agree beyond chance: Cohen's kappa, Krippendorff's alpha, MASI for sets, with intervals.

Every statistic is a function of one table of value pairs that is a sum over units; so a bootstrap
replicate is a reweighted sum, and units that share a report are drawn together.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations, permutations
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Distance = Callable[[Any, Any], float]
REPLICATES: Final = 2000
_CHUNK: Final = 200  # replicates at once, so that ten thousand reports fit into memory


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its 95 % percentile interval; all three are nan where the figure is undefined."""

    value: float
    low: float
    high: float


def defined(figure: float) -> float | None:
    """A figure with four digits, None for nan, as JSON wants it."""
    return None if np.isnan(figure) else round(float(figure), 4)


def nominal(left: object, right: object) -> float:
    """The distance of values that are only equal or not."""
    return float(left != right)


def masi(left: frozenset[str] | set[str], right: frozenset[str] | set[str]) -> float:
    """Distance of two sets, 1 - Jaccard * monotonicity (Passonneau, LREC 2006).

    Monotonicity is 1 for equal sets, 2/3 where one holds the other, 1/3 where they overlap, else 0.

    >>> masi({"security"}, {"security", "mediation"})
    0.6666666666666667
    >>> masi(set(), set()), masi(set(), {"security"})
    (0.0, 1.0)
    """
    if left == right:
        return 0.0
    common = len(left & right)
    monotonicity = 2 / 3 if left <= right or right <= left else 1 / 3
    return 1 - common / len(left | right) * monotonicity


def cohen_kappa(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """(p_o - p_e) / (1 - p_e) of two coders' values for the same units (Cohen 1960).

    nan without units, or where both coders used one and the same value throughout.

    >>> round(cohen_kappa([1, 1, 0, 0], [1, 0, 0, 0]), 3)
    0.5
    """
    return float(_kappa(_confusion(a, b, _together(a))[0]))


def krippendorff_alpha(values: Sequence[Sequence[Hashable | None]], distance: Distance = nominal) -> float:
    """1 - observed / expected disagreement, for coders x units; None: missing (Krippendorff 2011).

    Units with fewer than two values do not count. nan where no two values can differ.

    >>> round(krippendorff_alpha([[1, 2, 3, None], [1, 2, 2, 3]]), 3)
    0.545
    """
    units = list(zip(*values, strict=True))
    tables, distances = _coincidences(units, _together(units), distance)
    return float(_alpha(tables[0], distances))


def set_alpha(values: Sequence[Sequence[frozenset[str] | None]]) -> float:
    """Krippendorff's alpha of theme sets with the MASI distance, coders x units.

    >>> round(set_alpha([[frozenset("ab"), frozenset("c")], [frozenset("a"), frozenset("c")]]), 3)
    0.571
    """
    return krippendorff_alpha(values, masi)


def alpha_estimate(
    values: Sequence[Sequence[Hashable | None]],
    distance: Distance = nominal,
    groups: Sequence[Hashable] | None = None,
    *,
    seed: int = 0,
) -> Estimate:
    """Krippendorff's alpha with a bootstrap interval; units of one group (a report) are drawn together."""
    units = list(zip(*values, strict=True))
    tables, distances = _coincidences(units, groups or range(len(units)), distance)
    return _estimate(tables, lambda table: _alpha(table, distances), seed)


def mean_kappa_estimate(
    values: Sequence[Sequence[Hashable | None]], groups: Sequence[Hashable] | None = None, *, seed: int = 0
) -> Estimate:
    """Cohen's kappa, the mean over all pairs of coders (Light 1971), each as heavy as the units that it shares.

    values: coders x units, None: missing. A pair whose kappa is undefined does not count.
    """
    units = range(len(values[0]))
    return _estimate(_pair_tables(values, groups or units), _mean_kappa, seed)


def mean_share_estimate(
    values: Sequence[Sequence[Hashable | None]], groups: Sequence[Hashable] | None = None, *, seed: int = 0
) -> Estimate:
    """Observed agreement over all pairs of coders of a unit; values: coders x units, None: missing."""
    units = range(len(values[0]))
    return _estimate(_pair_tables(values, groups or units), lambda tables: _share(tables.sum(axis=-3)), seed)


def _same_length(a: Sequence[Hashable], b: Sequence[Hashable]) -> None:
    if len(a) != len(b):
        raise ValueError(f"two coders of the same units have equally many values, not {len(a)} and {len(b)}")


def _together(units: Sequence[object]) -> list[int]:
    return [0] * len(units)


def _confusion(a: Sequence[Hashable], b: Sequence[Hashable], groups: Sequence[Hashable]) -> Floats:
    """(groups, V, V): how often each pair of values stands in each group; one empty group without units."""
    _same_length(a, b)
    value, group = _numbers([*a, *b]), _numbers(groups)
    tables = np.zeros((max(len(group), 1), len(value), len(value)))
    for left, right, own in zip(a, b, groups, strict=True):
        tables[group[own], value[left], value[right]] += 1
    return tables


def _coincidences(
    units: Sequence[Sequence[Hashable | None]], groups: Sequence[Hashable], distance: Distance
) -> tuple[Floats, Floats]:
    """(groups, V, V) coincidences: of each unit its ordered pairs over (values - 1); and (V, V) distances."""
    value, group = _numbers([one for unit in units for one in unit if one is not None]), _numbers(groups)
    tables = np.zeros((max(len(group), 1), len(value), len(value)))
    for unit, own in zip(units, groups, strict=True):
        given = [value[one] for one in unit if one is not None]
        for left, right in permutations(given, 2):
            tables[group[own], left, right] += 1 / (len(given) - 1)
    distances = [[distance(left, right) for right in value] for left in value]
    return tables, np.array(distances, dtype=np.float64).reshape(len(value), len(value))


def _pair_tables(values: Sequence[Sequence[Hashable | None]], groups: Sequence[Hashable]) -> Floats:
    """(groups, pairs of coders, V, V): how often each pair of values stands in each group."""
    value, group = _numbers(one for coder in values for one in coder if one is not None), _numbers(groups)
    pairs = list(combinations(values, 2))
    tables = np.zeros((max(len(group), 1), len(pairs), len(value), len(value)))
    for number, (a, b) in enumerate(pairs):
        for left, right, own in zip(a, b, groups, strict=True):
            if left is not None and right is not None:
                tables[group[own], number, value[left], value[right]] += 1
    return tables


def _numbers(values: Iterable[Hashable]) -> dict[Hashable, int]:
    return {value: number for number, value in enumerate(dict.fromkeys(values))}


def _share(table: Floats) -> Floats:
    """(…) from (…, V, V)."""
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.trace(table, axis1=-2, axis2=-1) / table.sum(axis=(-2, -1)))


def _kappa(table: Floats) -> Floats:
    """(…) from (…, V, V)."""
    total = table.sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        chance = (table.sum(axis=-1) * table.sum(axis=-2)).sum(axis=-1) / total**2
        # Below rounding both coders used one value throughout, and there is no chance left to beat.
        return np.where(chance > 1 - 1e-12, np.nan, (_share(table) - chance) / (1 - chance))


def _mean_kappa(tables: Floats) -> Floats:
    """(…) from (…, pairs, V, V)."""
    kappa = _kappa(tables)
    weight = np.where(np.isnan(kappa), 0, tables.sum(axis=(-2, -1)))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray(np.nansum(kappa * weight, axis=-1) / weight.sum(axis=-1))


def _alpha(table: Floats, distances: Floats) -> Floats:
    """(…) from (…, V, V)."""
    of_value = table.sum(axis=-1)
    expected = np.einsum("...i,...j,ij->...", of_value, of_value, distances)
    observed = (table * distances).sum(axis=(-2, -1))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(expected > 0, 1 - (of_value.sum(axis=-1) - 1) * observed / expected, np.nan)


def _estimate(of_group: Floats, statistic: Callable[[Floats], Floats], seed: int) -> Estimate:
    value = float(statistic(of_group.sum(axis=0)))
    if np.isnan(value) or len(of_group) < 2:
        return Estimate(value, np.nan, np.nan)
    rng = np.random.default_rng(seed)
    sums = (_resampled(of_group, rng) for _ in range(REPLICATES // _CHUNK))
    low, high = np.nanquantile(np.concatenate([statistic(one) for one in sums]), [0.025, 0.975])
    return Estimate(value, float(low), float(high))


def _resampled(of_group: Floats, rng: np.random.Generator) -> Floats:
    """(_CHUNK, …) sums over groups drawn with replacement."""
    size = len(of_group)
    weights = rng.multinomial(size, np.full(size, 1 / size), size=_CHUNK).astype(np.float64)
    sums: Floats = np.tensordot(weights, of_group, axes=1)
    return sums
