"""The store of decisions: one SQLite file to which events are only added. What is acknowledged is on disk."""

from __future__ import annotations

import hashlib
import sqlite3
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import orjson

from labels.decision import Decision, State, check_decision, decision_from, utc
from labels.errors import UserError
from labels.item import Item, item_from
from labels.standing import Standing, standing, state_of
from labels.theme_changes import Judged, ThemeChange, carry, load_changes, since
from labels.theme_items import carry_item

_APPLICATION: Final = 0x5A48464C  # "ZHFL": what SQLite's header says of the file
_VERSION: Final = 1
_WAIT_SECONDS: Final = 30.0
_EVERY_EVENT: Final = "SELECT id, row FROM events ORDER BY at, id"
_EVENTS_OF_ITEM: Final = "SELECT id, row FROM events WHERE item = ? ORDER BY at, id"
_SCHEMA: Final = """
CREATE TABLE items (item TEXT PRIMARY KEY, row TEXT NOT NULL);
CREATE TABLE events (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    item TEXT NOT NULL REFERENCES items (item),
    reviewer TEXT NOT NULL,
    at TEXT NOT NULL,
    key TEXT UNIQUE,
    row TEXT NOT NULL
);
CREATE INDEX events_of_item ON events (item);
CREATE INDEX events_by_time ON events (at);
CREATE TRIGGER events_stay BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events are never changed'); END;
CREATE TRIGGER events_remain BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
"""


class _Own(threading.local):
    """What each thread has for itself: SQLite connections are not shared."""

    connection: sqlite3.Connection | None = None


class Store:
    """A file of items and decisions, safe with several processes and threads at once.

    Every thread has a connection of its own. A write waits for others up to 30 seconds, then raises UserError.
    Items and decisions are read in the words of the present themes: after the `changes` made since.
    """

    def __init__(self, path: Path, changes: Sequence[ThemeChange] | None = None) -> None:
        self.path = path
        self._changes = load_changes() if changes is None else changes
        self._own = _Own()

    @classmethod
    def open(cls, path: Path, *, create: bool = True) -> Store:
        """The store at `path`, made where there is none (UserError instead with `create=False`)."""
        if not create and not path.is_file():
            raise UserError(f"{path}: no store of decisions here; zhengfa review makes one")
        store = cls(path)
        with store._writing() if create else store._reading() as connection:
            if create:
                _make_tables(connection)
            _check_version(connection, path)
        return store

    def close(self) -> None:
        """Close this thread's connection; another call opens one anew."""
        if self._own.connection is not None:
            self._own.connection.close()
            self._own.connection = None

    def add_items(self, items: Iterable[Item]) -> int:
        """Add items; one that is known is renewed as long as nobody decided on it. Returns how many are new."""
        with self._writing() as connection:
            before = _count(connection)
            connection.executemany(
                "INSERT INTO items (item, row) VALUES (?, ?) ON CONFLICT (item) DO UPDATE SET row = excluded.row"
                " WHERE NOT EXISTS (SELECT 1 FROM events WHERE events.item = excluded.item)",
                ((item.item, orjson.dumps(item).decode()) for item in items),
            )
            return _count(connection) - before

    def items(self) -> list[Item]:
        """Every item, in the order they were first added."""
        with self._reading() as connection:
            rows = connection.execute("SELECT item, row FROM items ORDER BY rowid").fetchall()
        items = (item_from(orjson.loads(row), f"{self.path}, item {item}") for item, row in rows)
        return [carry_item(item, self._changes) for item in items]

    def record(self, decision: Decision) -> Decision:
        """Add an event as of now and return it with its id and time; it is on disk when this returns."""
        check_decision(decision, str(self.path))
        with self._writing() as connection:
            return self._add(connection, replace(decision, at=_now(connection)), None)

    def import_decisions(self, decisions: Iterable[Decision]) -> int:
        """Add decisions made elsewhere, all or none; returns how many were new.

        One whose reviewer, item, content and time came before is left out, as is one that only repeats what
        its reviewer's last word on the item says.
        """
        with self._writing() as connection:
            return sum(self._import(connection, decision) for decision in decisions)

    def events(self, item: str | None = None) -> list[Decision]:
        """Every event, or those of one item, the oldest first."""
        with self._reading() as connection:
            return self._events(connection, item)

    def standing(self, item: str) -> Standing:
        """What holds of one item."""
        return standing(self.events(item))

    def standings(self) -> dict[str, Standing]:
        """What holds of every item, in the order of `items`."""
        with self._reading() as connection:
            items = [item for (item,) in connection.execute("SELECT item FROM items ORDER BY rowid")]
            events = self._events(connection, None)
        by_item: dict[str, list[Decision]] = defaultdict(list)
        for event in events:
            by_item[event.item].append(event)
        return {item: standing(by_item[item]) for item in items}

    def state(self, item: str) -> State:
        """The state of one item."""
        return state_of(self.standing(item))

    def states(self) -> dict[str, State]:
        """The state of every item."""
        return {item: state_of(held) for item, held in self.standings().items()}

    def latest(self, item: str) -> dict[str, Decision]:
        """Every reviewer's own last word on an item (`decide` or `skip`); adjudications stand apart."""
        return self.standing(item).latest

    def _import(self, connection: sqlite3.Connection, decision: Decision) -> bool:
        where = f"{self.path}, import of {decision.report}, line {decision.line}"
        check_decision(decision, where)
        key, now = _key(decision), _now(connection)
        if connection.execute("SELECT 1 FROM events WHERE key = ?", (key,)).fetchone():
            return False
        last = standing(self._events(connection, decision.item)).latest.get(decision.reviewer)
        if last is not None and _content(last) == _content(decision):
            return False
        at = min(utc(decision.at, where), now) if decision.at else now
        self._add(connection, replace(decision, at=at), key)
        return True

    def _add(self, connection: sqlite3.Connection, decision: Decision, key: str | None) -> Decision:
        try:
            row = orjson.dumps(replace(decision, id=0)).decode()
        except orjson.JSONEncodeError as error:
            raise UserError(f"{self.path}: the decision holds text that is no Unicode ({error})") from error
        try:
            cursor = connection.execute(
                "INSERT INTO events (item, reviewer, at, key, row) VALUES (?, ?, ?, ?, ?)",
                (decision.item, decision.reviewer, decision.at, key, row),
            )
        except sqlite3.IntegrityError as error:
            raise UserError(f"{self.path}: item {decision.item} is not in this store; add its queue first") from error
        return replace(decision, id=int(cursor.lastrowid or 0))

    def _events(self, connection: sqlite3.Connection, item: str | None) -> list[Decision]:
        query, values = (_EVERY_EVENT, ()) if item is None else (_EVENTS_OF_ITEM, (item,))
        rows = connection.execute(query, values).fetchall()
        decisions = (decision_from(orjson.loads(row), f"{self.path}, event {id_}") for id_, row in rows)
        return [
            _carried(replace(decision, id=id_), self._changes)
            for decision, (id_, _) in zip(decisions, rows, strict=True)
        ]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._transaction("BEGIN") as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        # Taking the lock at the start leaves no moment in which two writers have read the same state.
        with self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[sqlite3.Connection]:
        try:
            connection = self._connection()
            connection.execute(begin)
            try:
                yield connection
            except BaseException:
                connection.rollback()
                raise
            connection.commit()
        except sqlite3.DatabaseError as error:
            raise UserError(f"{self.path}: the store cannot be used ({error})") from error

    def _connection(self) -> sqlite3.Connection:
        if self._own.connection is None:
            connection = sqlite3.connect(self.path, timeout=_WAIT_SECONDS, isolation_level=None)
            # The mode is written into the file: another program's stays as it is.
            (application,) = connection.execute("PRAGMA application_id").fetchone()
            if application == _APPLICATION or connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
                connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = FULL")
            connection.execute("PRAGMA foreign_keys = ON")
            self._own.connection = connection
        return self._own.connection


def _make_tables(connection: sqlite3.Connection) -> None:
    """Make the tables of a file that has none."""
    if connection.execute("SELECT 1 FROM sqlite_master").fetchone() is None:
        for statement in _SCHEMA.split(";\n"):
            connection.execute(statement)
        connection.execute(f"PRAGMA application_id = {_APPLICATION}")
        connection.execute(f"PRAGMA user_version = {_VERSION}")


def _check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse a file that is another program's or a later version's."""
    (application,), (version,) = (
        connection.execute(f"PRAGMA {name}").fetchone() for name in ("application_id", "user_version")
    )
    if application != _APPLICATION:
        raise UserError(f"{path}: a database, but no store of decisions; choose another file")
    if version != _VERSION:
        raise UserError(f"{path}: a store of version {version}; this program knows version {_VERSION}: renew it")


def _now(connection: sqlite3.Connection) -> str:
    """The time of an event that comes now: never before the last one's, even where the clock went back."""
    now = datetime.now(UTC).isoformat(timespec="microseconds")
    (last,) = connection.execute("SELECT max(at) FROM events").fetchone()
    return max(now, last or now)


def _count(connection: sqlite3.Connection) -> int:
    (count,) = connection.execute("SELECT count(*) FROM items").fetchone()
    return int(count)


def _carried(decision: Decision, changes: Sequence[ThemeChange]) -> Decision:
    judged = carry(Judged(decision.themes, decision.considered), since(changes, decision.at))
    return replace(decision, themes=judged.themes, considered=judged.considered or ())


def _content(decision: Decision) -> tuple[str, str, tuple[str, ...], tuple[str, ...], str]:
    themes, considered = tuple(sorted(decision.themes)), tuple(sorted(decision.considered))
    return decision.action, decision.role, themes, considered, decision.note


def _key(decision: Decision) -> str:
    """What an import is known by: reviewer, item, content, and the time where the import has one."""
    parts = [decision.reviewer, decision.item, *_content(decision), decision.at]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()
