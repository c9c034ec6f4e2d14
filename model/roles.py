"""Roles of paragraphs: two linear passes over the look of each paragraph, its neighbours and its run, and a forest.

The first pass sees the paragraph (its shape, its place on the page, hashed characters of its
beginning, its end and, where it is short, all of it). The second sees the first pass's
probabilities of the paragraph, its neighbours, its run of short lines and the page. Where it is not sure, a forest
decides on what the second pass saw: what a short line between two pictures is, no sum of its features tells.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labels.errors import UserError
from labels.roles import ROLES, THEMED_ROLES
from model.clean import CleanText
from model.edges import tokens
from model.features import Arrays, Ints
from model.forest import Forest, forest_from
from model.lexical import Floats, sums_by
from model.looks import LOOKS, looks

TOKEN_ROWS: Final = 1 << 16
SURE: Final = 0.99  # the second pass's probability from which it decides alone
# What the forest's shares count: a paragraph of the report that is taken for furniture loses its themes, which is worse
# than furniture among them.
_COST: Final = np.array([2.0 if role in THEMED_ROLES else 1.0 for role in ROLES])
SHARPNESS: Final = 2.0  # from margins of the first pass to something like probabilities
_AROUND: Final = (-2, -1, 1, 2)
SECOND: Final = len(ROLES) * (1 + len(_AROUND) + 3) + LOOKS
_SHAPES: Final = {
    "token_weights": (TOKEN_ROWS, len(ROLES)),
    "look_weights": (LOOKS, len(ROLES)),
    "first_bias": (len(ROLES),),
    "second_weights": (SECOND, len(ROLES)),
    "second_bias": (len(ROLES),),
}


@dataclass(frozen=True, slots=True)
class RoleModel:
    """Weights of both passes, R roles, and the forest that decides where the second is not sure.

    token_weights: (TOKEN_ROWS, R) hashed characters. look_weights: (LOOKS, R). first_bias: (R,).
    second_weights: (SECOND, R). second_bias: (R,).
    """

    token_weights: NDArray[np.float32]
    look_weights: Floats
    first_bias: Floats
    second_weights: Floats
    second_bias: Floats
    forest: Forest

    def arrays(self) -> Arrays:
        """The model as named arrays."""
        forest = {f"forest.{name}": array for name, array in self.forest.arrays().items()}
        return {name: getattr(self, name) for name in _SHAPES} | forest

    @classmethod
    def from_arrays(cls, arrays: Arrays) -> RoleModel:
        """The model from named arrays; raises UserError for a missing or misshapen one."""
        for name, shape in _SHAPES.items():
            if name not in arrays:
                raise UserError(f"array roles.{name} is missing")
            if arrays[name].shape != shape or arrays[name].dtype.kind != "f" or not np.isfinite(arrays[name]).all():
                raise UserError(
                    f"array roles.{name} is {arrays[name].dtype}{arrays[name].shape}; finite floats {shape} are wanted"
                )
        trees = {name.removeprefix("forest."): array for name, array in arrays.items() if name.startswith("forest.")}
        forest = forest_from(trees, "roles.forest", SECOND, len(ROLES))
        return cls(**{name: arrays[name] for name in _SHAPES}, forest=forest)


def predict_roles(clean: CleanText, model: RoleModel) -> list[str]:
    """The role of every paragraph."""
    look = looks(clean)
    features = second_features(first_pass(clean, look, model), look, clean.pages)
    second = second_pass(features, model)
    role = second.argmax(axis=1)
    unsure = np.flatnonzero(second.max(axis=1) < SURE)
    if len(unsure) and len(model.forest.root):
        role[unsure] = (model.forest.shares(features[unsure]) * _COST).argmax(axis=1)
    return [ROLES[number] for number in role.tolist()]


def first_pass(clean: CleanText, look: Floats, model: RoleModel) -> Floats:
    """Probabilities (n, R) from the paragraphs themselves; `look` as given by `looks`."""
    paragraph, row = tokens(clean, TOKEN_ROWS)
    count = np.bincount(paragraph, minlength=len(look))
    added = np.take(model.token_weights, row, axis=0)
    lexical = sums_by(added, paragraph, len(look)) / np.sqrt(np.maximum(count, 1))[:, None]
    return probabilities(SHARPNESS * (lexical + _product(look, model.look_weights) + model.first_bias))


def second_features(first: Floats, look: Floats, pages: Ints) -> Floats:
    """Features (n, SECOND) of the second pass from the probabilities (n, R) of the first; `pages`: see `CleanText`."""
    around = [np.zeros_like(first) for _ in _AROUND]
    before, after = np.empty_like(first), np.empty_like(first)
    for start, end in pairwise(pages.tolist()):
        own, count = first[start:end], end - start
        for offset, shifted in zip(_AROUND, around, strict=True):
            low, high = max(-offset, 0), count - max(offset, 0)
            if low < high:
                shifted[start + low : start + high] = own[low + offset : high + offset]
        before[start:end] = np.cumsum(own, axis=0) - own
        after[start:end] = own.sum(axis=0) - before[start:end] - own
    run = _run_means(first, look, pages)
    return np.hstack((np.log(first + 1e-4), *around, run, np.log1p(before), np.log1p(after), look))


def second_pass(features: Floats, model: RoleModel) -> Floats:
    """Probabilities (n, R) from features (n, SECOND)."""
    return probabilities(_product(features, model.second_weights) + model.second_bias)


def _run_means(first: Floats, look: Floats, pages: Ints) -> Floats:
    """Mean probabilities over each run of paragraphs that are all long or all short."""
    long = look[:, 0] > 0
    change = np.concatenate(([False], long[1:] != long[:-1]))
    change[pages[:-1]] = True
    run: Ints = np.cumsum(change) - 1
    size = np.bincount(run)
    return np.column_stack([np.bincount(run, weights=column) / size for column in first.T])[run]


def _product(features: Floats, weights: Floats) -> Floats:
    """The matrix product, each row of which depends on its own row of features alone: in BLAS's its last bits don't."""
    product: Floats = np.einsum("ij,kj->ik", features, np.ascontiguousarray(weights.T))
    return product


def probabilities(scores: Floats) -> Floats:
    """Softmax by row."""
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=1, keepdims=True)
    return shares
