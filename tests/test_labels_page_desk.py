"""The desk and the rounds: what is recorded, who gets what, and that an answer counts once."""

from __future__ import annotations

import pytest

from labels.decision import Decision
from labels.page_desk import Desk, StaleAnswerError
from labels.page_round import Filters, Round
from labels.store import Store
from tests.page_items import THEMES, make_item


@pytest.fixture
def store(tmp_path):
    store = Store.open(tmp_path / "q.db")
    store.add_items(make_item(number) for number in range(1, 9))
    yield store
    store.close()


@pytest.fixture
def desk(store):
    return Desk(store, store.items())


def decision(item, reviewer="王芳", themes=("security",), action="decide"):
    return Decision(
        reviewer=reviewer,
        item=item.item,
        report=item.report,
        line=item.line,
        text_sha256=item.text_sha256,
        action=action,
        role="body",
        themes=themes,
        considered=THEMES if action == "decide" else (),
    )


def test_a_recorded_answer_is_in_the_store(desk, store):
    """What `record` returns another connection reads."""
    kept = desk.record(decision(desk.items[0]), 0)
    assert kept.written
    assert Store(store.path).events() == [kept.decision]


def test_an_answer_sent_twice_is_written_once(desk, store):
    """The second arrival of the same answer is acknowledged and adds no event."""
    first = desk.record(decision(desk.items[0]), 0)
    again = desk.record(decision(desk.items[0]), 0)
    assert (again.written, again.decision) == (False, first.decision)
    assert len(store.events()) == 1


def test_an_answer_to_an_outdated_page_is_refused(desk, store):
    """An answer given while another window changed it does not overwrite the other."""
    first = desk.record(decision(desk.items[0]), 0)
    with pytest.raises(StaleAnswerError):
        desk.record(decision(desk.items[0], themes=()), 0)
    changed = desk.record(decision(desk.items[0], themes=()), first.decision.id)
    assert [event.id for event in store.events()] == [first.decision.id, changed.decision.id]


def test_answers_of_another_process_count(desk, store):
    """What another process wrote is seen before an answer to it is recorded."""
    Store(store.path).record(decision(desk.items[0]))
    with pytest.raises(StaleAnswerError):
        desk.record(decision(desk.items[0], themes=()), 0)


def test_undo_goes_back_through_the_own_answers(desk, store):
    """Undo takes back the latest answer, then the one before, never another person's."""
    desk.record(decision(desk.items[0]), 0)
    desk.record(decision(desk.items[1], action="skip", themes=()), 0)
    desk.record(decision(desk.items[2], "李明"), 0)
    assert [desk.undo("王芳").item, desk.undo("王芳").item] == [desk.items[1].item, desk.items[0].item]
    assert desk.undo("王芳") is None
    assert desk.answers("李明").keys() == {2}
    assert Desk(store, store.items()).answers("王芳") == {}


def test_undo_of_a_changed_answer_brings_the_former_back(desk):
    """An answer that was corrected falls back to what it was."""
    first = desk.record(decision(desk.items[0]), 0).decision
    desk.record(decision(desk.items[0], themes=()), first.id)
    desk.undo("王芳")
    assert desk.own("王芳", desk.items[0].item) == first


@pytest.mark.parametrize(("overlap", "capacity"), [(0, [1] * 8), (3, [2, 1, 1, 2, 1, 1, 2, 1]), (2, [2, 1] * 4)])
def test_every_kth_item_is_for_two(store, overlap, capacity):
    """Overlap counts from the first item of each stratum."""
    assert Desk(store, store.items(), overlap).capacity == capacity


def test_overlap_reaches_every_stratum(tmp_path):
    """The first item of each stratum is for two, however the strata alternate."""
    items = [make_item(number, stratum="random" if number % 2 else "doubtful") for number in range(1, 9)]
    store = Store.open(tmp_path / "strata.db")
    store.add_items(items)
    assert Desk(store, items, 4).capacity == [2, 2, 1, 1, 1, 1, 1, 1]


def test_two_reviewers_share_the_queue(store):
    """An item that one has done or has open does not go to the other, unless it is for two."""
    desk = Desk(store, store.items(), 4)
    rounds = Round(desk)
    desk.record(decision(desk.items[0]), 0)
    desk.record(decision(desk.items[1]), 0)
    rounds.hold("tab", "王芳", 2)
    entries = rounds.entries("李明")
    assert [entry.number for entry in entries] == [0, 2, 3, 4, 5, 6, 7]
    assert rounds.following("李明", entries, -1).number == 0
    assert rounds.following("李明", entries, 0).number == 3
    rounds.hold("tab", "", None)
    assert rounds.following("李明", entries, 0).number == 2


def test_a_skipped_item_is_free_for_others(desk):
    """Skipping is no answer: the item stays in everybody else's list."""
    desk.record(decision(desk.items[0], action="skip", themes=()), 0)
    rounds = Round(desk)
    assert rounds.entries("李明")[0].state == "todo"
    assert rounds.entries("王芳")[0].state == "skipped"


@pytest.mark.parametrize(
    ("filters", "numbers"),
    [
        (Filters(), [0, 1, 2, 3]),
        (Filters(stratum="blind"), [3]),
        (Filters(theme="security"), [1, 2]),
        (Filters(theme="none"), [0]),
        (Filters(state="todo"), [1, 2, 3]),
        (Filters(state="reviewed_none"), [0]),
        (Filters(theme="mediation"), []),
    ],
)
def test_filters(tmp_path, filters, numbers):
    """A line is found by the reviewer's themes, else by the model's, and a blind one by neither."""
    items = [*(make_item(number) for number in range(1, 4)), make_item(4, blind=True, stratum="blind")]
    store = Store.open(tmp_path / "f.db")
    store.add_items(items)
    desk = Desk(store, items)
    desk.record(decision(items[0], themes=()), 0)
    assert [entry.number for entry in Round(desk).entries("王芳") if entry.fits(filters)] == numbers
