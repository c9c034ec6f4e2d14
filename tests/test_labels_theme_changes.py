"""Themes change and old labels follow: what is known stays known, what nobody can know is not judged."""

from __future__ import annotations

import pytest

from labels.errors import UserError
from labels.store import Store
from labels.theme_changes import Judged, ThemeChange, carry, is_undecided, load_changes, since
from tests.review_data import a_decision, an_item

RENAME = ThemeChange("2026-01-01", "rename", ("security",), ("safety",))
MERGE = ThemeChange("2026-02-01", "merge", ("safety", "mediation"), ("safety",))
SPLIT = ThemeChange("2026-03-01", "split", ("safety",), ("safety", "disputes"))


@pytest.mark.parametrize(
    ("change", "themes", "considered", "expected"),
    [
        (RENAME, "security", "security mediation", ("safety", "safety mediation")),
        (RENAME, "mediation", "security mediation", ("mediation", "safety mediation")),
        (RENAME, "security", None, ("safety", None)),
        (MERGE, "safety mediation", "safety mediation", ("safety", "safety")),
        (MERGE, "mediation", "law mediation", ("safety", "law safety")),
        (MERGE, "", "safety mediation", ("", "safety")),
        (MERGE, "", "law mediation", ("", "law")),
        (SPLIT, "", "law safety", ("", "law safety disputes")),
        (SPLIT, "law safety", "law safety", ("law", "law")),
        (SPLIT, "law", "law", ("law", "law")),
    ],
)
def test_a_judgement_is_carried(change, themes, considered, expected):
    """Present and judged absent follow the theme; one merged half-judged or split where present is open again."""
    after = carry(Judged(tuple(themes.split()), None if considered is None else tuple(considered.split())), [change])
    given = None if after.considered is None else " ".join(after.considered)
    assert (" ".join(after.themes), given) == expected


def test_changes_are_carried_in_turn():
    """Several changes are one after the other; only those after the judgement count."""
    changes = (RENAME, MERGE, SPLIT)
    assert carry(Judged((), ("security", "mediation")), changes).considered == ("safety", "disputes")
    assert since(changes, "2026-01-15") == (MERGE, SPLIT)
    assert since(changes, "") == changes
    assert carry(Judged(("safety",), ("safety",)), since(changes, "2026-03-02")).themes == ("safety",)


def test_only_a_split_theme_leaves_a_line_open():
    """A line that has the split theme has to be read again; others not."""
    assert is_undecided(Judged(("safety",), None), SPLIT)
    assert not is_undecided(Judged((), ("safety",)), SPLIT)
    assert not is_undecided(Judged(("safety",), None), MERGE)


def test_a_store_speaks_of_the_present_themes(tmp_path):
    """A decision is read after the changes made since, one made later as it stands; the file keeps what was said."""
    item = an_item()
    path = tmp_path / "review.db"
    store = Store(path, [ThemeChange("2026-02-01T00:00:00", "rename", ("mediation",), ("disputes",))])
    Store.open(path).add_items([item])
    for reviewer, at in (("王", "2026-01-01T00:00:00Z"), ("李", "2026-03-01T00:00:00Z")):
        decision = a_decision(item, "mediation", reviewer=reviewer, considered=("mediation", "security"), at=at)
        assert store.import_decisions([decision, decision]) == 1
    assert [(one.themes, one.considered) for one in store.events()] == [
        (("disputes",), ("disputes", "security")),
        (("mediation",), ("mediation", "security")),
    ]
    assert [one.themes for one in Store(path, ()).events()] == [("mediation",)] * 2


def test_the_table_is_checked(tmp_path):
    """No file means no changes; an unknown action is named with its line."""
    path = tmp_path / "theme_changes.jsonl"
    assert load_changes(path) == ()
    path.write_text('{"at": "", "action": "drop", "old": ["a"], "new": []}\n', "utf-8")
    with pytest.raises(UserError, match=r'line 1: action "drop" is unknown; known: rename, merge, split$'):
        load_changes(path)
