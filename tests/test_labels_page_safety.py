"""The review page in a real browser: what is answered is not lost, what is hostile does nothing."""

from __future__ import annotations

import random
import sqlite3

import pytest

from labels.item import Neighbour, write_queue
from tests.page_items import make_item

pytestmark = pytest.mark.slow
pytest_plugins = ("tests.page_visit",)
EVIL = (
    "<script>window.pwned=1</script><img src=x onerror=window.pwned=1> {{ window.pwned=1 }} ${window.pwned=1} "
    "</textarea>`'\"&lt; javascript:window.pwned=1 \u202e倒过来\u2066"
)


def test_a_reload_in_mid_item_loses_nothing(visit, server):
    """After a reload the same line is there with the themes, the role and the note as they were."""
    items = [make_item(number) for number in range(1, 5)]
    person = visit(server.queue(items))
    person.name("王芳")
    person.item()
    person.go("j")
    person.press("4", "n")
    person.page.keyboard.type("写到一半")
    person.page.reload()
    assert person.item() == items[1].item
    assert person.on() == ["security", "rule_of_law"]
    assert person.page.input_value("textarea") == "写到一半"
    assert server.events() == []
    person.go("Enter")
    (event,) = server.events()
    assert (event.reviewer, event.themes, event.note) == ("王芳", ("security", "rule_of_law"), "写到一半")


def test_two_browsers_at_once(visit, server):
    """Two people get different lines but for those that are for two, and see nothing of each other's answers."""
    items = [make_item(number) for number in range(1, 9)]
    address = server.queue(items, "--overlap", "4")
    one, other = visit(address), visit(address, "en-US")
    one.name("王芳")
    other.name("Li Ming")
    assert one.item() == other.item() == items[0].item
    one.press("3")
    one.go("Enter")
    assert other.on() == ["security"]
    other.go("Enter")
    for _ in range(4):
        one.go("Enter")
        other.go("Enter")
    done = {name: [event.item for event in server.events() if event.reviewer == name] for name in ("王芳", "Li Ming")}
    assert set(done["王芳"]) & set(done["Li Ming"]) == {items[0].item, items[4].item}
    assert set(done["王芳"]) | set(done["Li Ming"]) == {item.item for item in items}
    assert "Reviewed" in other.page.inner_text(".over")


def test_a_server_killed_while_saving(visit, server):
    """Killed while saving, the page says so; after the restart the answer is on disk once, and the page goes on."""
    items = [make_item(number) for number in range(1, 13)]
    person = visit(server.queue(items, "--name", "王芳"))
    moments = random.Random(5)
    for number in range(3):
        assert person.item() == items[number].item
        person.press("4", "Enter")
        person.page.wait_for_timeout(moments.choice([0, 1, 2, 4, 8]))
        server.kill()
        person.page.wait_for_function("document.querySelector('.toast.up')?.innerText.includes('断')")
        # The next line may be there already, from before the kill: it counts once the page has loaded anew.
        person.page.evaluate("window.beforeRestart = true")
        server.restart("--name", "王芳")
        person.page.wait_for_function(
            "next => !window.beforeRestart && document.querySelector('.desk')?.dataset.item === next",
            arg=items[number + 1].item,
        )
    assert [(event.item, event.themes) for event in server.events()] == [
        (item.item, ("security", "rule_of_law")) for item in items[:3]
    ]


def test_a_store_that_cannot_be_written(visit, server):
    """Where an answer cannot be saved the page says why, stays, and saves it at the next try."""
    items = [make_item(1), make_item(2)]
    person = visit(server.queue(items, "--name", "王芳"))
    person.item()
    with sqlite3.connect(server.store) as connection:
        connection.execute("CREATE TRIGGER full BEFORE INSERT ON events BEGIN SELECT RAISE(ABORT, 'disk full'); END")
    person.press("Enter")
    person.page.wait_for_function("document.querySelector('.toast.up')?.innerText.includes('queue.db')")
    assert (person.item(), server.events()) == (items[0].item, [])
    with sqlite3.connect(server.store) as connection:
        connection.execute("DROP TRIGGER full")
    assert person.go("Enter") == items[1].item
    assert len(server.events()) == 1


def test_hostile_text_runs_nothing(visit, server):
    """Markup, templates and scripts in any text are shown as text; what reorders text shows its code."""
    line = Neighbour(1, "body", EVIL)
    around = {"before": (line,), "after": (line,), "heading_path": (EVIL,), "report": EVIL, "meta": {"place": EVIL}}
    evil = make_item(2, text=EVIL, reason=f"{EVIL} / {EVIL}", stratum="<b>x\u202e</b>", **around)
    person = visit(server.queue([evil, make_item(3)]))
    dialogs: list[str] = []
    person.page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    person.name("<img src=x onerror=window.pwned=1>")
    person.item()
    person.press("n")
    person.page.keyboard.type("<script>window.pwned=1</script>")
    person.press("Enter", "f", "?")
    person.page.wait_for_selector(".help .guide h1")
    person.press("?")
    shown = person.page.inner_text(".line")
    assert "<script>window.pwned=1</script>" in shown
    assert "{{ window.pwned=1 }}" in shown
    assert "U+202E" in shown
    assert "\u202e" not in person.page.content()
    assert person.page.evaluate("window.pwned") is None
    assert person.page.query_selector_all(".desk script, .desk img, .desk b:not(.track b)") == []
    person.go("Enter")
    assert person.page.evaluate("window.pwned") is None
    assert (dialogs, person.errors) == ([], [])


def test_nothing_is_loaded_from_elsewhere(visit, server):
    """Every request of the page, its web socket and its guide go to the server that the page came from."""
    person = visit(server.queue([make_item(1), make_item(2)], "--name", "王芳"))
    person.item()
    person.press("?")
    person.page.wait_for_selector(".help .guide h1")
    person.press("?")
    person.go("Enter")
    home = server.address.removeprefix("http://")
    strangers = [url for url in person.requests if url.split("://")[1].split("/")[0] != home.rstrip("/")]
    assert len(person.requests) > 10
    assert [url for url in strangers if not url.startswith("data:")] == []


def test_another_address_demands_the_token(visit, server):
    """Bound to another address, the page opens with the token once, then by its cookie, and not without."""
    write_queue(server.folder / "queue.jsonl", [make_item(1)])
    address = server.start("queue.jsonl", "--port", "0", "--host", "127.0.0.2", "--name", "王芳")
    bare = address.partition("?")[0]
    stranger = visit(bare)
    assert "token" in stranger.page.inner_text("body")
    person = visit(address)
    person.item()
    assert person.page.url == bare
    person.page.reload()
    person.item()
