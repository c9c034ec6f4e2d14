"""The conversation with a reviewer's browser, message by message."""

from __future__ import annotations

import json
import sqlite3

import pytest

from labels.item import item_id
from labels.page_desk import Desk
from labels.page_round import Round
from labels.page_talk import Talk
from labels.store import Store
from tests.page_items import THEMES, make_item

NAME = {"name": "王芳"}


@pytest.fixture
def items():
    return [*(make_item(number) for number in range(1, 5)), make_item(5, blind=True, stratum="blind")]


@pytest.fixture
def store(tmp_path, items):
    store = Store.open(tmp_path / "q.db")
    store.add_items(items)
    yield store
    store.close()


@pytest.fixture
def talk(store, items, scheme):
    return Talk(Round(Desk(store, items)), scheme)


def say(talk, do, **message):
    reply = talk.answer({"do": do, **NAME, **message})
    json.dumps(reply)
    return reply


def decide(talk, item, themes=("security",), **message):
    return say(talk, "decide", item=item.item, seen=0, role="body", themes=list(themes), note="", **message)


def shown(reply):
    return reply["view"]["item"] and reply["view"]["item"]["item"]


def test_the_first_item_is_shown_with_what_the_model_says(talk, items):
    """A new reviewer sees the first line, the suggestion, its probabilities, its place and the progress."""
    view = say(talk, "open")["view"]
    assert view["item"]["item"] == items[0].item
    assert view["item"]["suggested"] == ["security"]
    assert view["item"]["chances"]["security"] == 0.62
    assert view["item"]["reason"] == {"zh": "概率接近门槛", "en": "close to its threshold"}
    assert view["place"] == {"at": 1, "of": 5}
    assert view["progress"] == {"total": 5, "done": 0, "none": 0, "skipped": 0}
    assert view["mine"] is None


def test_a_blind_item_holds_nothing_of_the_model(talk, items):
    """What the reviewer must not see is not sent: no theme, no probability, no mark, not even by a filter."""
    reply = say(talk, "open", at=items[4].item, choices=True)
    text = json.dumps(reply["view"]["item"])
    assert shown(reply) == items[4].item
    assert not any(theme in text for theme in THEMES)
    by_theme = {choice["id"]: choice["count"] for choice in reply["view"]["choices"]["theme"]}
    assert by_theme == {"security": 4}


def test_what_was_shown_is_recorded(talk, items, store):
    """The event says which answer of the model the reviewer saw, and for a blind line that they saw none."""
    decide(talk, items[0])
    decide(talk, items[4])
    first, blind = store.events()
    assert first.shown.themes == ("security",)
    assert first.shown.probabilities == items[0].probabilities
    assert first.considered == THEMES
    assert blind.shown is None


def test_after_an_answer_the_next_waiting_item_comes(talk, items):
    """An answer is acknowledged and the following undecided line shown; after the last one, the first left over."""
    reply = decide(talk, items[1])
    assert (reply["settled"], reply["forget"], shown(reply)) == (True, items[1].item, items[2].item)
    for item in items[2:]:
        reply = decide(talk, item)
    assert shown(reply) == items[0].item
    reply = decide(talk, items[0], themes=[])
    assert (shown(reply), reply["view"]["progress"]) == (None, {"total": 5, "done": 5, "none": 1, "skipped": 0})


def test_an_answer_kept_by_the_browser_is_taken_up(talk, items, store):
    """An answer that was never acknowledged comes with the next opening, and again, and is written once."""
    pending = {"do": "decide", "item": items[0].item, "seen": 0, "role": "body", "themes": ["mediation"], "note": ""}
    for _ in range(2):
        reply = say(talk, "open", at=items[0].item, pending=pending)
        assert (reply["settled"], shown(reply)) == (True, items[1].item)
    assert [event.themes for event in store.events()] == [("mediation",)]


def test_moving_back_shows_the_own_answer(talk, items):
    """Moving goes through the list in its order, stops at its ends, and shows what the reviewer said."""
    decide(talk, items[0])
    back = say(talk, "move", at=items[1].item, by=-1)["view"]
    assert (back["item"]["item"], back["mine"]["themes"]) == (items[0].item, ("security",))
    assert shown(say(talk, "move", at=items[0].item, by=-1)) == items[0].item
    assert shown(say(talk, "move", at=items[4].item, by=1)) == items[4].item
    assert shown(say(talk, "move", at="", by=-1)) == items[4].item


def test_undo_returns_to_the_item(talk, items, store):
    """Undo shows the line it took back; without anything to undo it says so and stays."""
    decide(talk, items[0])
    reply = say(talk, "undo")
    assert (reply["notice"], shown(reply), reply["view"]["mine"]) == ("undone", items[0].item, None)
    reply = say(talk, "undo", at=items[2].item)
    assert (reply["notice"], shown(reply)) == ("nothing", items[2].item)
    assert [event.action for event in store.events()] == ["decide", "undo"]


def test_skip_records_no_themes(talk, items, store):
    """A skipped line is no reviewed line: no theme counts as judged."""
    reply = say(talk, "skip", item=items[0].item, seen=0, note="看不清")
    (event,) = store.events()
    assert (event.action, event.themes, event.considered, event.note) == ("skip", (), (), "看不清")
    assert reply["view"]["progress"] == {"total": 5, "done": 0, "none": 0, "skipped": 1}


def test_a_role_without_themes_drops_them(talk, items, store):
    """A line that is a caption has no themes, whatever the page sends."""
    say(talk, "decide", item=items[0].item, seen=0, role="caption", themes=["security"], note="")
    (event,) = store.events()
    assert (event.role, event.themes) == ("caption", ())


def test_filters_keep_to_their_lines(talk, items):
    """Under a filter the next line is one that fits; where none does, nothing is shown."""
    only_blind = {"stratum": "blind", "theme": "", "state": ""}
    reply = say(talk, "filter", at=items[0].item, filters=only_blind)
    assert (shown(reply), reply["view"]["place"]) == (items[4].item, {"at": 1, "of": 1})
    reply = say(talk, "filter", at=items[0].item, filters={"stratum": "", "theme": "mediation", "state": ""})
    assert shown(reply) is None


def test_a_conflict_of_windows_shows_the_line_again(talk, items, store):
    """An answer to an outdated page is not written; the page shows what stands."""
    decide(talk, items[0])
    reply = decide(talk, items[0], themes=["mediation"])
    assert (reply["notice"], shown(reply), reply["view"]["mine"]["themes"]) == ("stale", items[0].item, ("security",))
    assert len(store.events()) == 1


@pytest.mark.parametrize(
    ("message", "error"),
    [
        ({}, "the reviewer's name is 'None'; 1 to 60 printable characters are wanted"),
        ({"name": "  "}, "the reviewer's name is '  '; 1 to 60 printable characters are wanted"),
        ({"name": "a\u202eb", "do": "open"}, "printable"),
        ({**NAME, "do": "drop"}, "the page asks for something unknown; reload it"),
        ({**NAME, "do": "decide", "item": "x"}, "item 'x' is not in this queue; reload the page"),
        (["not", "a", "message"], "name"),
    ],
)
def test_messages_that_make_no_sense(talk, store, message, error):
    """What is not a message of the page gets one line of an error and writes nothing."""
    assert error in talk.answer(message)["error"]
    assert store.events() == []


@pytest.mark.parametrize("wrong", [{"role": "poem"}, {"themes": ["sports"]}, {"themes": "security"}, {"role": None}])
def test_answers_that_make_no_sense(talk, items, store, wrong):
    """An impossible answer is refused, and the browser told not to keep it."""
    reply = say(talk, "decide", **{"item": items[0].item, "seen": 0, "role": "body", "themes": [], "note": ""} | wrong)
    assert reply["settled"]
    assert "reload it" in reply["error"]
    assert store.events() == []


def test_a_store_that_fails_keeps_the_answer_in_the_browser(talk, items, store, monkeypatch):
    """Where nothing could be written the page stays where it is and is not told to forget."""
    say(talk, "open")
    monkeypatch.setattr("labels.store._WAIT_SECONDS", 0.05)
    store.close()
    with sqlite3.connect(store.path, isolation_level=None) as blocker:
        blocker.execute("BEGIN IMMEDIATE")
        reply = decide(talk, items[0])
        blocker.execute("ROLLBACK")
    assert "the store cannot be used" in reply["error"]
    assert "settled" not in reply
    assert "view" not in reply


def test_a_fixed_name_outranks_the_page(store, items, scheme):
    """With --name every answer is that person's, whatever the browser claims."""
    decide(Talk(Round(Desk(store, items)), scheme, "周岚"), items[0])
    assert store.events()[0].reviewer == "周岚"


def test_two_tabs_get_different_lines(store, items, scheme):
    """Two people who start at once are given different lines, and neither sees the other's answer."""
    shared = Round(Desk(store, items))
    one, other = Talk(shared, scheme), Talk(shared, scheme)
    first = say(one, "open")
    second = other.answer({"do": "open", "name": "李明"})
    assert (shown(first), shown(second)) == (items[0].item, items[1].item)
    decide(one, items[0])
    assert items[0].item not in json.dumps(other.answer({"do": "next", "name": "李明", "at": ""}))


def test_the_same_line_for_two_shows_no_answer(store, items, scheme):
    """A line for two comes to the second person as if nobody had judged it."""
    shared = Round(Desk(store, items, 2))
    decide(Talk(shared, scheme), items[0], themes=["mediation"])
    view = Talk(shared, scheme).answer({"do": "open", "name": "李明"})["view"]
    assert (view["item"]["item"], view["mine"]) == (items[0].item, None)
    assert view["item"]["suggested"] == ["security"]


def test_item_ids_are_what_the_store_knows(items):
    """The page speaks of items by the id that everything else uses."""
    assert items[0].item == item_id("cx/2023.txt", 1, items[0].text_sha256)
