"""Who may talk to the page's server: this machine alone, or whoever has the token; and no other web page."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, MutableMapping
from hmac import compare_digest
from http.cookies import CookieError, SimpleCookie
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode, urlsplit

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]

LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
COOKIE: Final = "zhengfa_review"
# NiceGUI's own page needs inline scripts and eval; that everything is 'self' keeps any request on this server.
_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
_HEADERS: Final[Headers] = [
    (b"content-security-policy", _POLICY.encode()),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
]
_REFUSED: Final = (
    "需要带令牌的网址，见启动服务器的终端。 / Open the address with its token, as the server's terminal shows it.\n"
)
_WRONG_HOST: Final = "主机名不对。 / Wrong host name.\n"


class Guard:
    """ASGI middleware around everything the server serves, web sockets too.

    hosts: host names by which the server may be called (any, where empty); a page of another site that resolves to
    this machine has another one. token: "" where none is wanted.
    """

    def __init__(self, app: App, hosts: frozenset[str], token: str) -> None:
        self._app = app
        self._hosts = hosts
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        if not self._is_ours(headers):
            await _refuse(scope, send, _WRONG_HOST)
        elif not self._token or _is_equal(_cookie(headers), self._token):
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "http" and _is_equal(_query(scope).get("token", ""), self._token):
            await self._admit(scope, send)
        else:
            await _refuse(scope, send, _REFUSED)

    def _is_ours(self, headers: dict[str, str]) -> bool:
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._hosts and (urlsplit(f"//{host}").hostname or "") not in self._hosts:
            return False
        return origin is None or urlsplit(origin).netloc == host

    async def _admit(self, scope: Scope, send: Send) -> None:
        """Put the token into a cookie and send the browser to the same address without it."""
        rest = urlencode([(key, value) for key, value in _query(scope).items() if key != "token"])
        target = scope["path"] + (f"?{rest}" if rest else "")
        cookie = f"{COOKIE}={self._token}; Path=/; HttpOnly; SameSite=Lax"
        headers = [(b"location", target.encode("latin-1", "replace")), (b"set-cookie", cookie.encode())]
        await _respond(send, 303, headers, b"")


def _is_equal(given: str, wanted: str) -> bool:
    return compare_digest(given.encode("utf-8", "surrogateescape"), wanted.encode())


def _cookie(headers: dict[str, str]) -> str:
    try:
        found = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def _query(scope: Scope) -> dict[str, str]:
    return dict(parse_qsl(scope.get("query_string", b"").decode("latin-1")))


def _with_headers(send: Send) -> Send:
    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", []), *_HEADERS]
        await send(message)

    return sending


async def _refuse(scope: Scope, send: Send, reason: str) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008})
    else:
        await _respond(send, 403, [(b"content-type", b"text/plain; charset=utf-8")], reason.encode())


async def _respond(send: Send, status: int, headers: Headers, body: bytes) -> None:
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *_HEADERS]})
    await send({"type": "http.response.body", "body": body})
