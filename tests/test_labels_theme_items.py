"""Items asked before a theme changed: the reviewer sees them in the words of the present themes."""

from __future__ import annotations

import pytest

from labels.item import Evidence
from labels.store import Store
from labels.theme_changes import ThemeChange
from labels.theme_items import carry_item
from tests.review_data import an_item

ITEM = an_item(
    text="排查矛盾，打击犯罪。",
    themes=("security", "mediation"),
    probabilities={"party_building": 0.1, "security": 0.6, "mediation": 0.9},
    thresholds={"party_building": 0.5, "security": 0.4, "mediation": 0.3},
    evidence=(Evidence("mediation", "排查", 0, 2), Evidence("security", "犯罪", 7, 9)),
)
RENAME = ThemeChange("", "rename", ("security",), ("safety",))
MERGE = ThemeChange("", "merge", ("mediation", "security"), ("security",))
SPLIT = ThemeChange("", "split", ("security",), ("security", "cyber"))


@pytest.mark.parametrize(
    ("change", "themes", "probabilities", "evidence"),
    [
        (RENAME, "safety mediation", {"party_building": 0.1, "mediation": 0.9, "safety": 0.6}, "mediation safety"),
        (MERGE, "security", {"party_building": 0.1, "security": 0.9}, "security security"),
        (SPLIT, "mediation", {"party_building": 0.1, "mediation": 0.9}, "mediation"),
    ],
)
def test_an_item_is_carried(change, themes, probabilities, evidence):
    """Suggestion, probabilities, thresholds and words follow the theme; of a split theme nothing is claimed."""
    item = carry_item(ITEM, [change])
    assert " ".join(item.themes) == themes
    assert item.probabilities == probabilities
    assert set(item.thresholds) == set(probabilities)
    assert " ".join(one.theme for one in item.evidence) == evidence


@pytest.mark.parametrize("change", [RENAME, MERGE, SPLIT])
def test_an_item_is_carried_once(change):
    """An item of a model that knew the change already stays as it is."""
    known = dict.fromkeys(("party_building", *change.new), 0.5)
    item = an_item(themes=(), probabilities=known, thresholds=known)
    assert carry_item(item, [change]) == item
    assert carry_item(ITEM, [RENAME, RENAME]) == carry_item(ITEM, [RENAME])


def test_a_store_carries_its_items(tmp_path):
    """What a store gives out is in the words of the present themes, what it keeps is what was asked."""
    path = tmp_path / "review.db"
    Store.open(path).add_items([ITEM])
    assert Store(path, [RENAME]).items() == [carry_item(ITEM, [RENAME])]
    assert Store(path, ()).items() == [ITEM]
