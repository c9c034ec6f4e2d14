"""A forest of decision trees as arrays: what decides where a linear model is not sure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labels.errors import UserError
from model.features import Arrays
from model.lexical import Floats

LEAF: Final = -1
_DTYPES: Final = {"root": "i4", "feature": "i2", "threshold": "f8", "child": "i4", "share": "f4"}


@dataclass(frozen=True, slots=True)
class Forest:
    """All trees under one numbering of their n nodes, each before those below it.

    root: (trees,) nodes. feature: (n,) the column that a node asks for, or LEAF. threshold: (n,). child: (n, 2) the
    node to go on to where the column is at most the threshold, and where it is above; of a leaf its row in `share`,
    twice. share: (leaves, classes) of the examples that a leaf was made of.
    """

    root: NDArray[np.int32]
    feature: NDArray[np.int16]
    threshold: Floats
    child: NDArray[np.int32]
    share: NDArray[np.float32]

    def arrays(self) -> Arrays:
        """The forest as named arrays."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def shares(self, features: Floats) -> Floats:
        """(m, classes) the mean over the trees of the leaves that rows (m, columns) come to."""
        # As scikit-learn compares: columns in single precision, thresholds in double.
        values, trees = features.astype(np.float32), len(self.root)
        node = np.tile(self.root, len(values))
        walking = np.flatnonzero(self.feature[node] != LEAF)
        while len(walking):
            at = node[walking]
            above = values[walking // trees, self.feature[at]] > self.threshold[at]
            node[walking] = self.child[at, above.astype(np.int8)]
            walking = walking[self.feature[node[walking]] != LEAF]
        leaves = self.child[node, 0].reshape(-1, trees)
        shares: Floats = self.share[leaves].mean(axis=1, dtype=np.float64)
        return shares


def forest_from(arrays: Arrays, name: str, columns: int, classes: int) -> Forest:
    """The forest from its arrays; UserError, which calls it `name`, for one that is missing or wrong."""
    for part, dtype in _DTYPES.items():
        if part not in arrays:
            raise UserError(f"array {name}.{part} is missing")
        array, axes = arrays[part], 2 if part in ("child", "share") else 1
        if array.dtype != dtype or array.ndim != axes:
            raise UserError(f"array {name}.{part} is {array.dtype}{array.shape}; {axes} axes of {dtype} are wanted")
    forest = Forest(**{part: arrays[part] for part in _DTYPES})
    if not _is_sound(forest, columns, classes):
        raise UserError(f"arrays {name} are no forest of {classes} classes over {columns} columns")
    return forest


def _is_sound(forest: Forest, columns: int, classes: int) -> bool:
    """Whether every walk ends in a leaf with shares."""
    nodes, leaf = len(forest.feature), forest.feature == LEAF
    if (len(forest.threshold), *forest.child.shape, forest.share.shape[1]) != (nodes, nodes, 2, classes):
        return False
    inner, rows = forest.child[~leaf], forest.child[leaf, 0]
    return bool(
        np.isfinite(forest.threshold).all()
        and np.isfinite(forest.share).all()
        and ((forest.feature >= LEAF) & (forest.feature < columns)).all()
        and ((forest.root >= 0) & (forest.root < nodes)).all()
        and ((inner > np.flatnonzero(~leaf)[:, None]) & (inner < nodes)).all()
        and ((rows >= 0) & (rows < len(forest.share))).all()
    )
