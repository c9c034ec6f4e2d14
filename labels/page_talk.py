"""What the server says to a reviewer's browser: one message in, one message out, nothing of the network."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable
from typing import Any, Final

from labels.decision import Decision, Shown
from labels.errors import UserError
from labels.item import Item
from labels.page_desk import Desk, StaleAnswerError
from labels.page_guide import guide_html
from labels.page_round import Entry, Filters, Round
from labels.page_view import Json, choices_view, item_view, own_view, progress_view
from labels.roles import ROLES, THEMED_ROLES
from labels.scheme import Scheme

LONGEST_NAME: Final = 60
LONGEST_NOTE: Final = 2000


class Talk:
    """One browser tab's conversation. Messages come from outside and are checked; replies are JSON.

    A reply may hold: `view`, `notice` (a key of the page's wordings), `error` (a text), `settled` (the browser need
    not keep its answer any more), `forget` (the item whose draft is done with), `guide`.
    """

    def __init__(self, shared: Round, scheme: Scheme, name: str = "") -> None:
        self._round = shared
        self._desk: Desk = shared.desk
        self._scheme = scheme
        self._fixed_name = name

    def answer(self, message: Any) -> Json:
        """Reply to one message of the page."""
        return reply_to(message, self._answer)

    def leave(self) -> None:
        """The tab is gone: what it had open is free for others."""
        self._round.hold(self, "", None)

    def _answer(self, message: dict[str, Any]) -> Json:
        self._reviewer = self._fixed_name or checked_name(message.get("name"))
        self._filters = _filters(message.get("filters"))
        self._wants_choices = bool(message.get("choices"))
        handlers = {
            "open": self._open,
            "move": self._move,
            "next": self._next,
            "filter": self._filter,
            "decide": self._write,
            "skip": self._write,
            "undo": self._undo,
        }
        handler = handlers.get(str(message.get("do")))
        if handler is None:
            raise UserError("the page asks for something unknown; reload it")
        return handler(message)

    def _open(self, message: dict[str, Any]) -> Json:
        self._desk.reload()
        pending = message.get("pending")
        if isinstance(pending, dict) and pending.get("do") in ("decide", "skip"):
            return self._write(pending)
        entries = self._entries()
        at = next((entry for entry in self._fitting(entries) if entry.item.item == message.get("at")), None)
        return self._show(at or self._following(entries, -1), entries)

    def _move(self, message: dict[str, Any]) -> Json:
        entries = self._entries()
        fitting = self._fitting(entries)
        at = self._number(message)
        if message.get("by") == -1:
            fitting = fitting[::-1]
            at = len(self._desk.items) if at is None else at
            wanted = next((entry for entry in fitting if entry.number < at), None)
        else:
            wanted = next((entry for entry in fitting if entry.number > (-1 if at is None else at)), None)
        here = next((entry for entry in entries if entry.number == at), None)
        return self._show(wanted or here, entries)

    def _next(self, message: dict[str, Any]) -> Json:
        entries = self._entries()
        at = self._number(message)
        return self._show(self._following(entries, -1 if at is None else at), entries)

    def _filter(self, message: dict[str, Any]) -> Json:
        entries = self._entries()
        fitting, at = self._fitting(entries), self._number(message)
        here = next((entry for entry in fitting if entry.number == at), None)
        first = fitting[0] if fitting and self._filters != Filters() else None
        return self._show(here or self._following(entries, -1) or first, entries)

    def _write(self, message: dict[str, Any]) -> Json:
        try:
            item = self._desk.item(message.get("item"))
            decision = decision_of(item, message, self._reviewer, self._scheme)
        except UserError as error:
            return self._open({}) | {"settled": True, "error": str(error)}
        seen = message.get("seen")
        try:
            self._desk.record(decision, seen if isinstance(seen, int) else 0)
        except StaleAnswerError:
            return self._show_item(item) | {"settled": True, "forget": item.item, "notice": "stale"}
        # A store that cannot be written raises UserError: the page stays and the browser keeps the answer.
        entries = self._entries()
        reply = self._show(self._following(entries, self._desk.place[item.item]), entries)
        notice = "skipped" if decision.action == "skip" else "kept"
        return reply | {"settled": True, "forget": item.item, "notice": notice}

    def _undo(self, message: dict[str, Any]) -> Json:
        undone = self._desk.undo(self._reviewer)
        if undone is None:
            return self._filter(message) | {"notice": "nothing"}
        return self._show_item(self._desk.item(undone.item)) | {"notice": "undone", "forget": undone.item}

    def _entries(self) -> list[Entry]:
        return self._round.entries(self._reviewer)

    def _fitting(self, entries: list[Entry]) -> list[Entry]:
        return [entry for entry in entries if entry.fits(self._filters)] if self._filters != Filters() else entries

    def _following(self, entries: list[Entry], after: int) -> Entry | None:
        return self._round.following(self._reviewer, self._fitting(entries), after)

    def _number(self, message: dict[str, Any]) -> int | None:
        return self._desk.place.get(str(message.get("at")))

    def _show_item(self, item: Item) -> Json:
        entries = self._entries()
        return self._show(next((entry for entry in entries if entry.item.item == item.item), None), entries)

    def _show(self, entry: Entry | None, entries: list[Entry]) -> Json:
        self._round.hold(self, self._reviewer, entry.number if entry else None)
        return {"view": self._view(entry, entries)}

    def _view(self, entry: Entry | None, entries: list[Entry]) -> Json:
        fitting = self._fitting(entries)
        before = bisect_right(fitting, entry.number, key=lambda one: one.number) if entry else 0
        return {
            "item": item_view(entry.item, self._scheme) if entry else None,
            "mine": own_view(entry.own) if entry else None,
            "place": {"at": before, "of": len(fitting)},
            "progress": progress_view(entries),
            "choices": choices_view(entries, self._scheme) if self._wants_choices else {},
            "undoable": self._desk.undoable(self._reviewer) is not None,
        }


def reply_to(message: Any, answer: Callable[[dict[str, Any]], Json]) -> Json:
    """The answer to a message of any page; every page shows the guide, and says what its user can mend."""
    message = message if isinstance(message, dict) else {}
    if message.get("do") == "guide":
        return {"guide": guide_html("zh" if message.get("ui") == "zh" else "en")}
    try:
        return answer(message)
    except UserError as error:
        return {"error": str(error)}


def decision_of(item: Item, message: dict[str, Any], reviewer: str, scheme: Scheme) -> Decision:
    """The decision in a `decide` or `skip` message; UserError where it makes no sense."""
    skip = message.get("do") == "skip"
    role, themes = _role(message, item, skip), _themes(message, scheme, skip)
    return Decision(
        reviewer=reviewer,
        item=item.item,
        report=item.report,
        line=item.line,
        text_sha256=item.text_sha256,
        action="skip" if skip else "decide",
        role=role,
        themes=themes if role in THEMED_ROLES else (),
        considered=() if skip else scheme.ids,
        note=_note(message.get("note")),
        shown=None if item.blind else Shown(item.themes, item.probabilities),
        model=item.model,
    )


def checked_name(name: object) -> str:
    """A reviewer's name; UserError where it cannot be one."""
    stripped = name.strip() if isinstance(name, str) else ""
    if not 0 < len(stripped) <= LONGEST_NAME or not stripped.isprintable():
        raise UserError(
            f"the reviewer's name is {str(name)[:20]!r}; 1 to {LONGEST_NAME} printable characters are wanted"
        )
    return stripped


def _filters(chosen: object) -> Filters:
    wanted = chosen if isinstance(chosen, dict) else {}
    return Filters(*(str(wanted.get(name) or "") for name in ("stratum", "theme", "state")))


def _role(message: dict[str, Any], item: Item, skip: bool) -> str:
    role = item.role if skip else message.get("role")
    if role not in ROLES:
        raise UserError(f"the page sent an unknown role, {str(role)[:20]!r}; reload it")
    return str(role)


def _themes(message: dict[str, Any], scheme: Scheme, skip: bool) -> tuple[str, ...]:
    chosen = () if skip else message.get("themes")
    if not isinstance(chosen, list | tuple) or set(map(str, chosen)) - set(scheme.ids):
        raise UserError("the page sent an unknown theme; reload it")
    return tuple(theme for theme in scheme.ids if theme in chosen)


def _note(note: object) -> str:
    return note.strip()[:LONGEST_NOTE] if isinstance(note, str) else ""
