"""Who may talk to the server: host names, origins, the token."""

from __future__ import annotations

import asyncio
import socket

import pytest

from labels.errors import UserError
from labels.page_guard import COOKIE, LOOPBACK, Guard
from labels.page_server import _address, _listen

TOKEN = "wuJ4-secret"


def ask(guard, headers, *, query=b"", kind="http"):
    """Status, headers and whether the guarded application was reached."""
    sent = []

    async def run():
        async def receive():
            return {"type": f"{kind}.request"}

        async def send(message):
            sent.append(message)

        raw = [(name.encode(), value.encode()) for name, value in headers.items()]
        await guard({"type": kind, "path": "/", "query_string": query, "headers": raw}, receive, send)

    asyncio.run(run())
    first = sent[0]
    found = {name.decode(): value.decode() for name, value in first.get("headers", [])}
    return first.get("status", first.get("code")), found


async def application(scope, _receive, send):
    await send({"type": f"{scope['type']}.response.start", "status": 200, "headers": []})


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "127.0.0.1:8421"}, 200),
        ({"host": "localhost:8421"}, 200),
        ({"host": "[::1]:8421"}, 200),
        ({"host": "127.0.0.1:8421", "origin": "http://127.0.0.1:8421"}, 200),
        ({"host": "evil.example"}, 403),
        ({"host": "evil.example:8421", "origin": "http://evil.example:8421"}, 403),
        ({"host": "127.0.0.1:8421", "origin": "http://evil.example"}, 403),
        ({"host": "127.0.0.1:8421", "origin": "http://127.0.0.1:9000"}, 403),
        ({"host": "127.0.0.1:8421", "origin": "null"}, 403),
        ({}, 403),
    ],
)
def test_loopback_answers_this_machine_alone(headers, status):
    """A page of another site, also one whose name resolves to this machine, gets nothing."""
    assert ask(Guard(application, LOOPBACK, ""), headers)[0] == status


@pytest.mark.parametrize("origin", ["http://evil.example", "null"])
def test_web_sockets_are_guarded_too(origin):
    """Another site's page cannot open a web socket."""
    status, _ = ask(Guard(application, LOOPBACK, ""), {"host": "localhost", "origin": origin}, kind="websocket")
    assert status == 1008


@pytest.mark.parametrize(
    ("cookie", "query", "status"),
    [
        ("", b"", 403),
        ("", b"token=wrong", 403),
        ("", b"token=", 403),
        ("", f"token={TOKEN}".encode(), 303),
        (f"{COOKIE}={TOKEN}", b"", 200),
        (f"{COOKIE}={TOKEN}x", b"", 403),
        (f"{COOKIE}=", b"", 403),
        ("a=b; ;=;", b"", 403),
        ("a=\udcff", b"", 403),
    ],
)
def test_a_token_opens_the_page(cookie, query, status):
    """Without the right token nothing is served; the address gives it once, then the cookie holds it."""
    headers = {"host": "10.0.0.5:8421"} | ({"cookie": cookie.encode("utf-8", "replace").decode()} if cookie else {})
    assert ask(Guard(application, frozenset(), TOKEN), headers, query=query)[0] == status


def test_the_token_leaves_the_address():
    """The answer to the first visit sets a cookie that scripts cannot read and sends on without the token."""
    _, headers = ask(Guard(application, frozenset(), TOKEN), {"host": "h"}, query=f"token={TOKEN}&a=1".encode())
    assert headers["location"] == "/?a=1"
    assert headers["set-cookie"] == f"{COOKIE}={TOKEN}; Path=/; HttpOnly; SameSite=Lax"


def test_a_token_in_the_address_opens_no_web_socket():
    """A web socket needs the cookie."""
    guard = Guard(application, frozenset(), TOKEN)
    assert ask(guard, {"host": "h"}, query=f"token={TOKEN}".encode(), kind="websocket")[0] == 1008


def test_pages_may_load_from_this_server_only():
    """The browser itself is told to fetch nothing from elsewhere."""
    _, headers = ask(Guard(application, LOOPBACK, ""), {"host": "localhost"})
    assert headers["content-security-policy"].startswith("default-src 'self';")
    assert "http" not in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"


def test_a_taken_port_is_an_error_only_if_asked_for():
    """A port that was asked for and is taken is named; without one a free port is found."""
    with _listen("127.0.0.1", 0) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UserError, match=f"127.0.0.1:{port}: cannot listen there .*; choose another --port"):
            _listen("127.0.0.1", port)
        assert _address(taken, "127.0.0.1", "") == f"http://127.0.0.1:{port}/"
        assert _address(taken, "0.0.0.0", "t") == f"http://{socket.gethostname()}:{port}/?token=t"
        assert _address(taken, "::1", "t") == f"http://[::1]:{port}/?token=t"
