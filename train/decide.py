"""What has a theme, and which of those decisions are sure."""

from __future__ import annotations

from typing import Final

import numpy as np

from model.features import Bools
from model.lexical import Floats

# More likely than not is enough: probabilities mean what they say, and a threshold chosen for F1 on the rows at hand
# follows their chance.
THRESHOLD: Final = 0.5
SURE_PRECISION: Final = 0.97


def sure_bands(probability: Floats, labels: Bools, judged: Bools) -> tuple[Floats, Floats]:
    """(K,) and (K,) the probabilities below and above which decisions are sure, from out-of-fold rows (t, K)."""
    columns = zip(probability.T, labels.T, judged.T, strict=True)
    bands = np.array([sure_band(chance[rows], has[rows]) for chance, has, rows in columns])
    return bands[:, 0], bands[:, 1]


def sure_band(probability: Floats, labels: Bools) -> tuple[float, float]:
    """The widest band below and above THRESHOLD in which decisions are right SURE_PRECISION of the time, of (t,) rows.

    Beyond every probability where there is none.
    """
    order = np.argsort(probability, kind="stable")
    ordered, truth = probability[order], labels[order]
    seen = np.arange(1, len(order) + 1)
    right_below = np.cumsum(~truth) / seen
    right_above = (np.cumsum(truth[::-1]) / seen)[::-1]
    low = np.flatnonzero((right_below >= SURE_PRECISION) & (ordered < THRESHOLD))
    high = np.flatnonzero((right_above >= SURE_PRECISION) & (ordered >= THRESHOLD))
    return (float(ordered[low[-1]]) if len(low) else -1.0, float(ordered[high[0]]) if len(high) else 2.0)
