"""What leaves for another program comes back as it was: decisions, their times, their states; and never twice."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from labels.decision import Decision, State
from labels.errors import UserError
from labels.exchange import entries, format_of
from labels.exchange_import import Terms, import_file
from labels.item import write_queue
from labels.scheme import Scheme
from labels.store import Store
from labels.theme_changes import ThemeChange
from tests.exchange_items import decision_on, hard_queue, reviewed_store

CARRY_ALL = ("a.json", "a.csv", "a.xlsx")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = reviewed_store(tmp_path / "first.db")
    yield store
    store.close()


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    """A store that has the queue and no decision."""
    store = Store.open(tmp_path / "second.db")
    store.add_items(hard_queue())
    yield store
    store.close()


def export(store: Store, path: Path, scheme: Scheme, reviewer: str = "") -> Path:
    format_of(path).write(entries(store.path, reviewer), path, scheme)
    return path


def words(store: Store) -> set[Decision]:
    """Every last word and adjudication, without the ids that each store gives itself."""
    held = store.standings().values()
    every = [*(word for one in held for word in one.latest.values()), *(one.adjudication for one in held)]
    return {hashable(word) for word in every if word}


def hashable(word: Decision) -> Decision:
    shown = word.shown and (word.shown.themes, tuple(word.shown.probabilities.items()))
    return replace(word, id=0, shown=shown)


@pytest.mark.parametrize("name", CARRY_ALL)
def test_a_store_travels_whole(store: Store, other: Store, scheme: Scheme, tmp_path: Path, name: str):
    """Every last word arrives in another store as it was: who, when, what was shown, chosen, written; every state."""
    path = export(store, tmp_path / name, scheme)
    taken = import_file(path, other, Terms(scheme))
    assert taken.lost == []
    assert words(other) == words(store)
    assert other.states() == store.states()
    assert set(store.states().values()) == set(State)
    assert taken.events == {"new": 9}
    assert taken.rows == {"reviewed_themes": 6, "reviewed_none": 2, "skipped": 1, "not_reviewed": 3}


@pytest.mark.parametrize("name", [*CARRY_ALL, "a.jsonl"])
def test_a_file_that_was_out_while_a_theme_changed(
    store: Store, other: Store, scheme: Scheme, tmp_path: Path, name: str
):
    """What a file says in the words of a theme that was renamed since is taken in the new words, nothing is lost."""
    path = export(store, tmp_path / name, scheme)
    renamed = Scheme(tuple(replace(one, id="safety") if one.id == "security" else one for one in scheme.themes))
    change = ThemeChange("2999-01-01T00:00:00Z", "rename", ("security",), ("safety",))
    taken = import_file(path, other, Terms(renamed, changes=(change,)))
    assert taken.lost == []
    said = {theme for word in words(other) for theme in (*word.themes, *word.considered)}
    assert "safety" in said
    assert said <= set(renamed.ids)
    assert len(words(other)) == len(words(store))


@pytest.mark.parametrize("name", CARRY_ALL)
def test_import_is_idempotent(store: Store, other: Store, scheme: Scheme, tmp_path: Path, name: str):
    """What is known stays: into the store it came from nothing is added, into another one nothing twice."""
    path = export(store, tmp_path / name, scheme)
    before = store.events()
    assert import_file(path, store, Terms(scheme)).events == {"known": 9}
    assert store.events() == before
    for _ in range(2):
        taken = import_file(path, other, Terms(scheme))
    assert taken.events == {"known": 9}
    assert len(other.events()) == 9


@pytest.mark.parametrize("name", [*CARRY_ALL, "a.jsonl"])
def test_an_untouched_queue_decides_nothing(other: Store, scheme: Scheme, tmp_path: Path, name: str):
    """A file that nobody worked on brings no decision, whatever the model filled in."""
    write_queue(tmp_path / "queue.jsonl", hard_queue())
    format_of(Path(name)).write(entries(tmp_path / "queue.jsonl"), tmp_path / name, scheme)
    taken = import_file(tmp_path / name, other, Terms(scheme, "王芳"))
    assert (taken.events, taken.lost) == ({}, [])
    assert taken.rows == {"unclear" if name == "a.jsonl" else "not_reviewed": len(hard_queue())}
    assert other.events() == []


@pytest.mark.parametrize("name", CARRY_ALL)
def test_a_reviewer_gets_only_own_words(store: Store, scheme: Scheme, tmp_path: Path, name: str):
    """Exported for one person, a file shows nothing of what others decided."""
    path = export(store, tmp_path / name, scheme, "李强")
    replies = list(format_of(path).read(path, scheme))
    assert len(replies) == len(hard_queue())
    assert {reply.reviewer for reply in replies if reply.past} == {"李强"}
    assert sum(reply.state == "open" for reply in replies) == len(hard_queue()) - 2


def test_too_long_a_text_is_named(store: Store, scheme: Scheme, tmp_path: Path):
    """What a cell cannot hold is cut, and the export says where; formats without such a limit cut nothing."""
    found = entries(store.path)
    for name, cut in (("a.xlsx", 2), ("a.csv", 2), ("a.json", 0), ("a.jsonl", 0)):
        lost = format_of(Path(name)).write(found, tmp_path / name, scheme)
        assert len(lost) == cut, name
        assert all("text is too long for a cell, cut" in line for line in lost)


@pytest.mark.parametrize("name", CARRY_ALL)
def test_items_of_another_queue_are_lost_by_name(store: Store, scheme: Scheme, tmp_path: Path, name: str):
    """Decisions on items that the store does not have are listed with what to do; the others are taken."""
    path = export(store, tmp_path / name, scheme)
    few = Store.open(tmp_path / "few.db")
    few.add_items(hard_queue()[:1])
    taken = import_file(path, few, Terms(scheme))
    assert taken.events == {"new": 1}
    assert len(taken.lost) == 8
    assert all(message.endswith("its item is not in this store; add its queue with --queue") for message in taken.lost)


def test_a_later_word_on_the_page_outranks_an_older_file(store: Store, scheme: Scheme, tmp_path: Path):
    """A file that is imported again after its reviewer changed their mind on the page changes nothing back."""
    item = hard_queue()[0]
    path = export(store, tmp_path / "a.json", scheme)
    store.record(decision_on(item, "rule_of_law"))
    assert import_file(path, store, Terms(scheme)).events == {"known": 9}
    assert store.latest(item.item)["王芳"].themes == ("rule_of_law",)


def test_an_unknown_suffix(tmp_path: Path):
    """The message names what each suffix means."""
    with pytest.raises(UserError, match=r"a\.xls: its suffix means no format; \.json is Label Studio"):
        format_of(tmp_path / "a.xls")


def test_a_source_that_is_missing(tmp_path: Path):
    """What cannot be read is named."""
    with pytest.raises(UserError, match=r"no\.jsonl: cannot read it \(No such file or directory\); give a queue or"):
        entries(tmp_path / "no.jsonl")
