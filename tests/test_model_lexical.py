"""Known features are told from those that merely share their cell."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.features import ROWS
from model.lexical import Vocabulary, cells_of

ROW = st.integers(0, ROWS - 1)


@given(st.lists(ROW, unique_by=lambda row: int(cells_of(np.array(row))), max_size=30), st.lists(ROW, max_size=30))
def test_a_vocabulary_finds_its_features_alone(known: list[int], others: list[int]) -> None:
    """What is found are the rows that it has, under their numbers; a neighbour in the same cell is not found."""
    rows = np.array(known, dtype=np.int64)
    asked = np.array([*others, *known, *(row ^ 1 for row in known)], dtype=np.int64)
    found, feature = Vocabulary.of(rows).find(asked)
    assert rows[feature].tolist() == asked[found].tolist()
    assert set(asked[found].tolist()) == set(known) & set(asked.tolist())
    assert found.tolist() == [place for place, row in enumerate(asked.tolist()) if row in known]
