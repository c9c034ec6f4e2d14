"""Splitting a corpus by report: by the hash of its name, or by slice, each held out as a foreign style."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Final

import numpy as np

from model.features import Ints

FOLDS: Final = 5
# One more costs a fit of the first stage, and as many of the second as there are groups.
MOST_GROUPS: Final = 7


def report_folds(names: Sequence[str], folds: int = FOLDS) -> Ints:
    """The fold of each report, from the hash of its name: stable when reports are added."""
    return np.array([int(hashlib.sha256(name.encode()).hexdigest(), 16) % folds for name in names], dtype=np.int64)


def style_groups(slices: Sequence[str], names: Sequence[str]) -> Ints:
    """The group of each report so that no slice is split; by report where there are too few slices for that.

    Slices are dealt to at most MOST_GROUPS groups, the largest first, each to the smallest group.
    """
    distinct = sorted(set(slices), key=lambda name: (-list(slices).count(name), name))
    if len(distinct) < FOLDS:
        return report_folds(names)
    sizes = [0] * min(len(distinct), MOST_GROUPS)
    group_of = {}
    for name in distinct:
        group = sizes.index(min(sizes))
        group_of[name] = group
        sizes[group] += list(slices).count(name)
    return np.array([group_of[name] for name in slices], dtype=np.int64)
