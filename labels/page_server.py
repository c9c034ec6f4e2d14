"""The page's server: NiceGUI on loopback, one Vue component a page, one message each way for a decision."""

from __future__ import annotations

import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

from labels.errors import UserError
from labels.page_guard import LOOPBACK, Guard

if TYPE_CHECKING:
    from fastapi import FastAPI
    from nicegui.element import Element
    from nicegui.events import GenericEventArguments

ASSETS: Final = Path(__file__).with_name("page")
USUAL_PORT: Final = 8421
_RECONNECT_SECONDS: Final = 30.0
_EVERY_ADDRESS: Final = ("0.0.0.0", "::")  # noqa: S104 what a user may ask for
_SEAL: Final = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="6" fill="#b3261e"/>'
    '<text x="16" y="21" font-size="13" text-anchor="middle" fill="#fff8f0" font-family="serif">政法</text></svg>'
)


class Conversation(Protocol):
    """One browser tab's talk with the server."""

    def answer(self, message: Any) -> dict[str, Any]: ...

    def leave(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Site:
    """A page: the Vue component `<component>.js` of the folder `page`, its props, a conversation for every tab."""

    component: str
    title: str
    boot: dict[str, Any]
    converse: Callable[[], Conversation]


def serve(site: Site, host: str, port: int | None, announce: Callable[[str], None]) -> None:
    """Serve a page until interrupted; `announce` gets its address once it can be opened.

    host: other than loopback, every visitor needs the token that stands in the announced address.
    port: None takes the usual one, or a free one where that is in use. Raises UserError where the address is taken.
    """
    try:
        import nicegui  # noqa: F401 the rest needs it too
        import uvicorn
    except ImportError as error:
        raise UserError("the review page needs NiceGUI: pip install 'zhengfa-themes[review]'") from error

    listening = _listen(host, port)
    token = "" if host in LOOPBACK else secrets.token_urlsafe(24)
    config = uvicorn.Config(
        _application(site, token),
        log_level="error",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=1,
    )
    announce(_address(listening, host, token))
    try:
        uvicorn.Server(config).run(sockets=[listening])
    finally:
        listening.close()


def _application(site: Site, token: str) -> FastAPI:
    from fastapi import FastAPI
    from nicegui import app, ui

    web = FastAPI(openapi_url=None)
    app.add_static_files("/page", ASSETS, max_cache_age=0)
    page = _element_class(site.component)

    @ui.page("/", title=site.title)
    def show() -> None:
        ui.add_head_html('<link rel="stylesheet" href="/page/page.css">')
        _connect(page(), site)

    ui.run_with(
        web,
        title=site.title,
        favicon=_SEAL,
        tailwind=False,
        reconnect_timeout=_RECONNECT_SECONDS,
        binding_refresh_interval=None,
        show_welcome_message=False,
    )
    web.add_middleware(Guard, hosts=frozenset() if token else LOOPBACK, token=token)
    return web


def _connect(element: Element, site: Site) -> None:
    """Let a tab's element and a conversation of its own talk."""
    talk = site.converse()

    def hear(event: GenericEventArguments) -> None:
        try:
            reply = talk.answer(event.args)
        except Exception:
            element.run_method("hear", {"error": "服务器出错了，详见它的终端。 / The server failed; see its terminal."})
            raise
        element.run_method("hear", reply)

    element.props["boot"] = site.boot
    element.on("say", hear)
    element.client.on_disconnect(talk.leave)


def _element_class(component: str) -> type[Element]:
    from nicegui.element import Element

    class Page(Element, component=ASSETS / f"{component}.js"):
        """The one element of the page."""

    return Page


def _listen(host: str, port: int | None) -> socket.socket:
    """A listening socket; where no port was asked for, a free one if the usual one is taken."""
    try:
        return _bound(host, USUAL_PORT if port is None else port)
    except OSError as error:
        if port is not None:
            raise UserError(f"{host}:{port}: cannot listen there ({error.strerror}); choose another --port") from error
    try:
        return _bound(host, 0)
    except OSError as error:
        raise UserError(f"{host}: cannot listen there ({error.strerror}); choose another --host") from error


def _bound(host: str, port: int) -> socket.socket:
    family, kind, protocol, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    listening = socket.socket(family, kind, protocol)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(address)
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _address(listening: socket.socket, host: str, token: str) -> str:
    port = listening.getsockname()[1]
    if host in _EVERY_ADDRESS:
        host = socket.gethostname()
    shown = f"[{host}]" if ":" in host else host
    return f"http://{shown}:{port}/" + (f"?token={token}" if token else "")
