"""There and back through a real Label Studio, over its API and through its page: `make interop`."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from labels.exchange import entries
from labels.exchange_import import Terms, import_file
from labels.exchange_label_studio import FORMAT
from labels.scheme import Scheme
from labels.store import Store
from tests.exchange_items import hard_queue, reviewed_store

PROGRAM = Path(__file__).parent.parent / ".cache/label-studio/bin/label-studio"
START_SECONDS = 240
WHO, PASSWORD = "reviewer@example.org", secrets.token_hex(12)
QUIET = {
    "COLLECT_ANALYTICS": "false",
    "LATEST_VERSION_CHECK": "false",
    "FEATURE_FLAGS_OFFLINE": "true",
    "SENTRY_DSN": "",
    "FRONTEND_SENTRY_DSN": "",
    "LABEL_STUDIO_ENABLE_LEGACY_API_TOKEN": "true",
}
Row = dict[str, Any]


@dataclass(frozen=True)
class Server:
    """A running Label Studio, and how to speak to it."""

    address: str
    token: str

    def call(self, method: str, path: str, body: object = None) -> Any:
        data = None if body is None else json.dumps(body).encode()
        headers = {"Authorization": f"Token {self.token}", "Content-Type": "application/json"}
        request = urllib.request.Request(self.address + path, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read() or b"null")

    def project(self, config: str, tasks: list[Row]) -> int:
        number = int(self.call("POST", "/api/projects", {"title": "zhengfa", "label_config": config})["id"])
        made = self.call("POST", f"/api/projects/{number}/import", tasks)
        assert made["task_count"] == len(tasks)
        return number

    def export(self, project: int, path: Path) -> list[Row]:
        rows = self.call("GET", f"/api/projects/{project}/export?exportType=JSON&download_all_tasks=true")
        path.write_text(json.dumps(rows), "utf-8")
        return list(rows)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """Label Studio on loopback with an empty database; it ends with the tests."""
    home, token = tmp_path_factory.mktemp("label-studio"), secrets.token_hex(20)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    who = {"LABEL_STUDIO_USERNAME": WHO, "LABEL_STUDIO_PASSWORD": PASSWORD, "LABEL_STUDIO_USER_TOKEN": token}
    environment = {**os.environ, **QUIET, **who, "LABEL_STUDIO_BASE_DATA_DIR": str(home)}
    environment.pop("PYTHONPATH", None)
    command = [PROGRAM, "start", "--no-browser", "--internal-host", "127.0.0.1", "--port", str(port)]
    with (home / "log.txt").open("wb") as log:
        process = subprocess.Popen(
            command, env=environment, cwd=home, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
        try:
            yield wait_for(Server(f"http://127.0.0.1:{port}", token), process, home / "log.txt")
        finally:
            os.killpg(process.pid, signal.SIGTERM)
            process.wait(30)


def wait_for(server: Server, process: subprocess.Popen[bytes], log: Path) -> Server:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            server.call("GET", "/health")
        except (urllib.error.URLError, ConnectionError):
            time.sleep(1)
        else:
            return server
    raise AssertionError(f"Label Studio did not start: {log.read_text('utf-8', 'replace')[-2000:]}")


def region(control: str, kind: str, *values: str) -> Row:
    name = "choices" if kind == "choices" else "text"
    return {"from_name": control, "to_name": "text", "type": kind, "value": {name: [*values]}}


@pytest.fixture
def sent(tmp_path: Path, scheme: Scheme, server: Server) -> tuple[Store, int, list[Row]]:
    """A reviewed store, the project it was exported to, and the project's tasks."""
    store = reviewed_store(tmp_path / "first.db")
    FORMAT.write(entries(store.path), tmp_path / "tasks.json", scheme)
    tasks = json.loads((tmp_path / "tasks.json").read_bytes())
    project = server.project((tmp_path / "tasks.config.xml").read_text("utf-8"), tasks)
    return store, project, server.export(project, tmp_path / "sent.json")


def test_decisions_go_there_and_back(sent: tuple[Store, int, list[Row]], tmp_path: Path, scheme: Scheme):
    """Every text, key and decision of a store is the same after Label Studio, in another store, too."""
    store, _, tasks = sent
    assert [task["data"]["text"] for task in tasks] == [item.text for item in hard_queue()]
    assert import_file(tmp_path / "sent.json", store, Terms(scheme)).events == {"known": 9}
    other = Store.open(tmp_path / "other.db")
    other.add_items(hard_queue())
    taken = import_file(tmp_path / "sent.json", other, Terms(scheme))
    assert (taken.lost, taken.events) == ([], {"new": 9})
    assert other.states() == store.states()
    assert [(word.reviewer, word.at, word.themes, word.note) for word in other.events()] == [
        (word.reviewer, word.at, word.themes, word.note) for word in store.events()
    ]


def test_answers_over_the_api(sent: tuple[Store, int, list[Row]], server: Server, tmp_path: Path, scheme: Scheme):
    """Themes, none, a skip, a role, a note, a change and a draft made there arrive as what they are, and once."""
    store, project, tasks = sent
    items = hard_queue()
    answers = {
        0: {"result": [region("theme", "choices", "rule_of_law", "party_building")]},
        1: {"result": []},
        2: {"result": [region("theme", "choices", "security")], "was_cancelled": True},
        5: {"result": [region("role", "choices", "caption"), region("note", "textarea", "图注？")]},
    }
    for number, answer in answers.items():
        server.call("POST", f"/api/tasks/{tasks[number]['id']}/annotations", answer)
    draft = {"result": [region("theme", "choices", "security")]}
    server.call("POST", f"/api/tasks/{tasks[6]['id']}/drafts", draft)
    ours = next(one for one in tasks[8]["annotations"])
    change = {
        "result": [
            {**one, "value": {"choices": ["mediation"]}} for one in ours["result"] if one["from_name"] == "theme"
        ]
    }
    server.call("PATCH", f"/api/annotations/{ours['id']}", change)
    server.export(project, tmp_path / "back.json")
    taken = import_file(tmp_path / "back.json", store, Terms(scheme))
    assert taken.events == {"known": 8, "new": 5}
    assert len(taken.lost) == 1
    assert "task 7: a draft nobody submitted" in taken.lost[0]
    (who,) = {event.reviewer for event in store.events() if event.source == "label_studio"}
    words = [store.latest(items[number].item)[who] for number in (0, 1, 2, 5, 8)]
    assert [(word.action, set(word.themes), word.role, word.note) for word in words] == [
        ("decide", {"rule_of_law", "party_building"}, "body", ""),
        ("decide", set(), "body", ""),
        ("skip", set(), "body", ""),
        ("decide", set(), "caption", "图注？"),
        ("decide", {"mediation"}, "body", ""),
    ]
    assert import_file(tmp_path / "back.json", store, Terms(scheme)).events == {"known": 13}


def test_answers_on_the_page(sent: tuple[Store, int, list[Row]], server: Server, tmp_path: Path, scheme: Scheme):
    """In the browser the prediction is filled in, choices read in Chinese, and ids are exported; markup is text."""
    from playwright.sync_api import sync_playwright

    store, project, tasks = sent
    number = 7
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_page()
        dialogs: list[str] = []
        page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
        page.goto(f"{server.address}/user/login/")
        page.fill("input[name=email]", WHO)
        page.fill("input[name=password]", PASSWORD)
        page.click("button[type=submit]")
        page.wait_for_url(lambda url: "login" not in url, timeout=60_000)
        page.goto(f"{server.address}/projects/{project}/data?task={tasks[number]['id']}")
        page.get_by_text("矛盾化解").first.wait_for(timeout=60_000)
        assert page.get_by_text("<script>alert(1)</script>&amp;").count() > 0
        page.get_by_text("/ mediation").first.click()
        page.get_by_role("button", name="Submit").click()
        page.wait_for_timeout(2_000)
        browser.close()
    assert dialogs == []
    rows = server.export(project, tmp_path / "page.json")
    ((annotation,),) = (row["annotations"] for row in rows if row["id"] == tasks[number]["id"])
    assert [one["value"]["choices"] for one in annotation["result"] if one["from_name"] == "theme"] == [
        ["security", "mediation"]
    ]
    assert import_file(tmp_path / "page.json", store, Terms(scheme)).events == {"known": 9, "new": 1}
    (word,) = store.latest(hard_queue()[number].item).values()
    assert (word.themes, word.role) == (("security", "mediation"), "body")
    assert word.shown is not None
    assert word.shown.themes == ("security",)
