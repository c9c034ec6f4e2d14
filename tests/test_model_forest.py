"""Forests as arrays: scikit-learn's answers, and nothing that is no forest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.ensemble import ExtraTreesClassifier

from labels.errors import UserError
from labels.roles import ROLES
from model.features import Arrays
from model.folder import load_model
from model.forest import LEAF, Forest, forest_from
from train.roles import _joined

COLUMNS = 7


@pytest.fixture(scope="module")
def fit() -> ExtraTreesClassifier:
    """Trees that know four of the roles."""
    random = np.random.default_rng(0)
    features = random.normal(size=(300, COLUMNS))
    roles = np.digitize(features[:, 0] * features[:, 1] + features[:, 2], [-1, 0, 1])
    return ExtraTreesClassifier(9, random_state=0).fit(features, roles + 1)


@pytest.fixture(scope="module")
def forest(fit: ExtraTreesClassifier) -> Forest:
    return _joined([(tree.tree_, fit.classes_) for tree in fit.estimators_])


def test_the_shares_are_scikit_learn_s(fit: ExtraTreesClassifier, forest: Forest):
    """Also on a threshold, and for any row by itself; roles that it never met have no share."""
    rows = np.random.default_rng(1).normal(size=(200, COLUMNS))
    rows[:50] = np.float32(forest.threshold[forest.feature != LEAF][:50, None])
    shares = forest.shares(rows)
    assert shares[:, 1:5] == pytest.approx(fit.predict_proba(rows), abs=1e-7)
    assert not shares[:, [0, 5]].any()
    assert np.array_equal(shares, np.vstack([forest.shares(row[None]) for row in rows]))
    assert forest.shares(rows[:0]).shape == (0, len(ROLES))


def test_arrays_come_back(forest: Forest, small_model):
    """A forest made of its own arrays is the same; so is one without trees, and a trained model has trees."""
    for one in (forest, _joined([]), load_model(small_model).roles.forest):
        again = forest_from(one.arrays(), "f", 10_000, len(ROLES))
        assert all(np.array_equal(array, one.arrays()[name]) for name, array in again.arrays().items())
    assert len(again.root) > 0


@pytest.mark.parametrize("name", ["root", "feature", "threshold", "child", "share"])
def test_every_array_is_wanted(forest: Forest, name: str):
    """Whichever is missing or of another kind, it is named."""
    arrays = forest.arrays()
    wrong = {"missing": {}, "complex128": {name: arrays[name].astype(complex)}, "axes": {name: arrays[name][None]}}
    for fault, change in wrong.items():
        others = {key: array for key, array in arrays.items() if key != name}
        with pytest.raises(UserError, match=rf"^array f\.{name} is .*{fault}"):
            forest_from({**others, **change}, "f", COLUMNS, len(ROLES))


@given(
    name=st.sampled_from(["root", "feature", "child"]),
    place=st.integers(0, 10_000),
    value=st.integers(-(2**15), 2**15 - 1),
)
def test_no_walk_is_endless(forest: Forest, name: str, place: int, value: int):
    """With any number changed it is refused, or every row still comes to a leaf."""
    arrays: Arrays = {key: array.copy() for key, array in forest.arrays().items()}
    arrays[name].flat[place % arrays[name].size] = value
    try:
        changed = forest_from(arrays, "f", COLUMNS, len(ROLES))
    except UserError:
        return
    assert changed.shares(np.zeros((3, COLUMNS))).shape == (3, len(ROLES))


@pytest.mark.parametrize("value", [np.nan, np.inf])
def test_numbers_are_finite(forest: Forest, value: float):
    """A threshold or a share that is no number is refused."""
    for name in ("threshold", "share"):
        array = forest.arrays()[name].copy()
        array.flat[0] = value
        with pytest.raises(UserError, match="are no forest"):
            forest_from({**forest.arrays(), name: array}, "f", COLUMNS, len(ROLES))
