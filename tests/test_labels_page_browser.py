"""The review page in a real browser: every key, reloads, two people, a killed server, hostile text."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labels.item import Neighbour, write_queue
from labels.store import Store
from tests.page_items import make_item

pytestmark = pytest.mark.slow
ROOT = Path(__file__).parent.parent
EVIL = (
    "<script>window.pwned=1</script><img src=x onerror=window.pwned=1> {{ window.pwned=1 }} ${window.pwned=1} "
    "</textarea>`'\"&lt; javascript:window.pwned=1 \u202e倒过来\u2066"
)


@pytest.fixture(scope="module")
def browser():
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium here")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield opened
        opened.close()


class Server:
    """`zhengfa review` as a process of its own, on a queue of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.store = folder / "queue.db"
        self._process: subprocess.Popen[str] | None = None
        self.address = ""

    def start(self, *arguments: str) -> str:
        environment = {name: value for name, value in os.environ.items() if name != "PYTEST_CURRENT_TEST"}
        self._process = subprocess.Popen(
            [sys.executable, ROOT / "zhengfa.py", "review", *arguments],
            cwd=self.folder,
            env=environment | {"PYTHONIOENCODING": "utf-8"},
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert self._process.stdout is not None
        self.address = self._process.stdout.readline().strip()
        return self.address

    def queue(self, items, *arguments: str) -> str:
        write_queue(self.folder / "queue.jsonl", items)
        return self.start("queue.jsonl", "--port", "0", *arguments)

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()
            assert self._process.stdout is not None
            self._process.stdout.close()
            self._process = None

    def restart(self, *arguments: str) -> None:
        port = self.address.rpartition(":")[2].rstrip("/")
        self.start("queue.jsonl", "--port", port, *arguments)

    def events(self):
        store = Store.open(self.store)
        try:
            return store.events()
        finally:
            store.close()


@pytest.fixture
def server(tmp_path) -> Iterator[Server]:
    running = Server(tmp_path)
    yield running
    running.kill()


class Visitor:
    """A person at the page."""

    def __init__(self, browser, address: str, language: str = "zh-CN") -> None:
        self.context = browser.new_context(viewport={"width": 1280, "height": 860}, locale=language)
        self.page = self.context.new_page()
        self.requests: list[str] = []
        self.errors: list[str] = []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("websocket", lambda socket: self.requests.append(socket.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.goto(address)

    def name(self, name: str) -> None:
        self.page.fill(".who input", name)
        self.page.keyboard.press("Enter")

    def item(self) -> str:
        return self.page.wait_for_selector(".desk").get_attribute("data-item")

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def on(self) -> list[str]:
        return self.page.eval_on_selector_all(".switch.on", "all => all.map(one => one.dataset.theme)")

    def go(self, key: str) -> str:
        """Press a key that leads to another line and wait for it; the new line, "" where none is left."""
        before = self.item()
        self.press(key)
        self.page.wait_for_function(
            "before => !document.querySelector('.page.busy') && (document.querySelector('.over') ||"
            " document.querySelector('.desk')?.dataset.item !== before)",
            arg=before,
        )
        return self.page.eval_on_selector(".page", "page => page.querySelector('.desk')?.dataset.item || ''")


@pytest.fixture
def visit(browser):
    """Open the page as another person; every visit ends with the test."""
    visitors: list[Visitor] = []

    def visiting(address: str, language: str = "zh-CN") -> Visitor:
        visitors.append(Visitor(browser, address, language))
        return visitors[-1]

    yield visiting
    for visitor in visitors:
        visitor.context.close()


def test_every_key(visit, server):
    """1-4, 0, Enter, s, u, n, r, j, k, f, l and ? do what the help says, and only what the help says."""
    items = [make_item(number) for number in range(1, 7)]
    person = visit(server.queue(items, "--name", "王芳"))
    page = person.page
    assert (person.item(), person.on()) == (items[0].item, ["security"])

    person.press("1", "3", "4", "2")
    assert person.on() == ["party_building", "mediation", "rule_of_law"]
    person.press("0")
    assert person.on() == ["none"]
    person.press("3", "9")
    assert person.on() == ["mediation"]
    assert person.go("Enter") == items[1].item

    person.press("n")
    page.keyboard.type("s1u0j?")
    person.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    assert (page.input_value("textarea"), person.item(), person.on()) == ("s1u0j?", items[1].item, ["security"])
    person.press("r")
    assert page.get_attribute(".roles .on", "data-role") == "caption"
    assert person.on() == ["none"]
    person.press("r", "r", "r", "r", "r")
    assert (page.get_attribute(".roles .on", "data-role"), person.on()) == ("body", ["security"])
    assert person.go("Enter") == items[2].item

    assert person.go("s") == items[3].item
    assert person.go("j") == items[4].item
    assert person.go("k") == items[3].item
    assert person.go("u") == items[2].item
    assert person.go("u") == items[1].item
    assert page.input_value("textarea") == ""

    person.press("?")
    page.wait_for_selector(".help .guide h1")
    person.press("1", "Enter", "?")
    assert page.query_selector(".help") is None
    assert person.on() == ["security"]
    person.press("f")
    page.click("[data-filter='state:reviewed_themes']")
    page.wait_for_function("document.querySelector('.place').innerText.includes('1')")
    assert person.item() == items[0].item
    person.press("Escape")
    person.press("l")
    assert page.inner_text(".acts .go").startswith("Next")
    assert [(event.action, event.themes, event.note) for event in server.events()] == [
        ("decide", ("mediation",), ""),
        ("decide", ("security",), "s1u0j?"),
        ("skip", (), ""),
        ("undo", (), ""),
        ("undo", ("security",), "s1u0j?"),
    ]
    assert person.errors == []


def test_keys_of_an_input_method(visit, server):
    """With an input method on, letters that arrive as "Process" work; the Enter that ends a word does nothing."""
    items = [make_item(number) for number in range(1, 4)]
    person = visit(server.queue(items, "--name", "王芳"))
    person.item()
    send = (
        "([where, init]) => document.querySelector(where)"
        ".dispatchEvent(new KeyboardEvent('keydown', {bubbles: true, ...init}))"
    )
    person.press("n")
    person.page.evaluate(send, ["textarea", {"key": "Enter", "isComposing": True}])
    assert person.page.evaluate("document.activeElement.tagName") == "TEXTAREA"
    person.press("Escape")
    person.page.evaluate(send, ["body", {"key": "Enter", "isComposing": True}])
    person.page.evaluate(send, ["body", {"key": "Enter", "ctrlKey": True}])
    person.page.evaluate(send, ["body", {"key": "Enter", "repeat": True}])
    assert (person.item(), server.events()) == (items[0].item, [])
    person.page.evaluate(send, ["body", {"key": "Process", "code": "KeyS", "keyCode": 229}])
    person.page.wait_for_selector(f".desk[data-item='{items[1].item}']")
    assert [event.action for event in server.events()] == ["skip"]


def test_two_enters_answer_one_line(visit, server):
    """A second Enter before the next line is there answers nothing that nobody has seen."""
    items = [make_item(number) for number in range(1, 4)]
    person = visit(server.queue(items, "--name", "王芳"))
    person.item()
    person.page.evaluate(
        "for (const _ of [1, 2, 3])"
        " document.body.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true}))"
    )
    person.page.wait_for_selector(f".desk[data-item='{items[1].item}']")
    assert [event.item for event in server.events()] == [items[0].item]


def test_a_blind_line_wants_a_choice(visit, server):
    """Without a suggestion nothing is chosen or marked, and Enter alone does not record "no theme"."""
    person = visit(server.queue([make_item(1, blind=True, stratum="blind")], "--name", "王芳"))
    person.item()
    assert person.on() == []
    assert person.page.query_selector_all("mark, .chance") == []
    person.press("Enter")
    person.page.wait_for_selector(".toast.up")
    assert server.events() == []
    person.press("0", "Enter")
    person.page.wait_for_selector(".over")
    assert [(event.themes, event.shown) for event in server.events()] == [((), None)]


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
        server.restart("--name", "王芳")
        person.page.wait_for_selector(f".desk[data-item='{items[number + 1].item}']", timeout=15_000)
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


@pytest.mark.parametrize(("language", "button"), [("zh-CN", "接受"), ("de-DE", "Accept")])
def test_language_of_the_browser(visit, server, language, button):
    """The page speaks the browser's language, Chinese or English, and remembers another choice."""
    person = visit(server.queue([make_item(1)], "--name", "王芳"), language)
    person.item()
    assert person.page.inner_text(".acts .go").startswith(button)
    person.press("l")
    other = person.page.inner_text(".acts .go")
    assert not other.startswith(button)
    person.page.reload()
    person.item()
    assert person.page.inner_text(".acts .go") == other


def test_five_thousand_items(visit, server):
    """With 5,000 lines the page opens, moves, filters and records as with five."""
    person = visit(server.queue([make_item(number) for number in range(1, 5001)], "--name", "王芳"))
    person.item()
    for _ in range(5):
        person.go("Enter")
    person.press("f")
    person.page.click("[data-filter='theme:security']")
    person.page.wait_for_function("document.querySelector('.chip.on[data-filter]')")
    assert "5000" in person.page.inner_text(".place")
    assert person.page.inner_text(".meter .done") == "5/5000"
    assert len(server.events()) == 5


def test_practice_tells_right_from_wrong(visit, server):
    """An answer in practice is followed by the corpus's, which stays until Enter."""
    person = visit(server.start("--practice", "--port", "0", "--name", "新人"))
    first = person.item()
    person.press("1", "2", "3", "4", "Enter")
    assert person.page.wait_for_selector(".verdict").inner_text() == "与语料不同"
    assert person.page.query_selector_all(".switch.should_not") != []
    assert person.item() == first
    assert person.go("Enter") != first
    assert person.page.inner_text(".meter .done") == "1/40"


def test_the_lead_ends_a_dispute(visit, server):
    """A disagreement is shown side by side, the lead's word ends it, and undo opens it again."""
    items = [make_item(1), make_item(2)]
    address = server.queue(items, "--overlap", "2")
    one, other = visit(address), visit(address)
    one.name("王芳")
    one.item()
    one.go("Enter")
    other.name("李明")
    other.item()
    other.press("3")
    other.go("Enter")
    server.kill()
    lead = visit(server.start("queue.jsonl", "--port", "0", "--lead", "--name", "主编"))
    lead.page.wait_for_selector(".figures")
    assert "75%" not in lead.page.inner_text("[data-figure=agreement] tr[data-theme=mediation]")
    assert "0%" in lead.page.inner_text("[data-figure=agreement] tr[data-theme=mediation]")
    lead.page.click("[data-tab=disputes]")
    assert lead.item() == items[0].item
    assert lead.page.inner_text(".sides thead").split() == ["主题", "王芳", "李明"]
    lead.page.click("[data-take='李明']")
    assert lead.on() == ["security", "mediation"]
    lead.press("Enter")
    lead.page.wait_for_selector(".over")
    lead.press("u")
    assert lead.item() == items[0].item
    assert [event.action for event in server.events()] == ["decide", "decide", "adjudicate", "undo"]
    assert lead.errors == []
