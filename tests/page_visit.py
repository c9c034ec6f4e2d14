"""A real browser at the review page, and the page's server as a process of its own: fixtures for tests."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from labels.item import write_queue
from labels.store import Store

ROOT = Path(__file__).parent.parent


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
        return self.page.get_attribute(".desk", "data-item")

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
