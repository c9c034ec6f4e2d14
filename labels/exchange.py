"""Queues and decisions for other programs, and back: what travels, and the formats by the suffix of a file.

A new format is one file with a `FORMAT`, and a line here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Final

from labels.decision import Decision
from labels.errors import UserError
from labels.exchange_key import Key
from labels.item import Item, read_queue
from labels.scheme import Scheme
from labels.standing import Standing
from labels.store import Store

_FILES: Final = {
    ".json": "exchange_label_studio",
    ".jsonl": "exchange_doccano",
    ".zip": "exchange_doccano",
    ".csv": "exchange_csv",
    ".xlsx": "exchange_xlsx",
}
_SQLITE: Final = b"SQLite format 3\0"

# What a row says of its item. `unclear`: the format cannot tell whether somebody judged it.
DECIDED: Final = "decided"
SKIPPED: Final = "skipped"
ADJUDICATED: Final = "adjudicated"
OPEN: Final = "open"
UNCLEAR: Final = "unclear"
ACTION_OF: Final = {DECIDED: "decide", SKIPPED: "skip", ADJUDICATED: "adjudicate"}
STATE_OF: Final = {action: state for state, action in ACTION_OF.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """What is exported: an item, and one decision on it (None: none yet). reviewer: whom it is for, "" for anybody."""

    item: Item
    decision: Decision | None = None
    reviewer: str = ""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a row that came back says.

    reviewer: "" where the file does not name one. at: "" where it does not date the answer. past: the decision that
    the row was exported with, if it still says that and nothing else.
    """

    where: str
    key: Key
    state: str
    reviewer: str = ""
    role: str = ""
    themes: tuple[str, ...] = ()
    note: str = ""
    at: str = ""
    past: Decision | None = None


@dataclass(frozen=True, slots=True)
class Lost:
    """Something in a file that was not taken, and why; the message begins with its place."""

    message: str


@dataclass(frozen=True, slots=True)
class Format:
    """How entries are written and replies read.

    write: to a path, returns what was lost on the way (`中文 / English`). read: raises UserError for a file that is
    not of the format as a whole. source: what a decision's `source` will be. loses: what it never carries.
    """

    write: Callable[[Sequence[Entry], Path, Scheme], list[str]]
    read: Callable[[Path, Scheme], Iterator[Reply | Lost]]
    source: str
    loses: tuple[str, ...] = ()


def format_of(path: Path) -> Format:
    """The format of a file by its suffix; raises UserError with the known ones."""
    name = _FILES.get(path.suffix.lower())
    if name is None:
        raise UserError(
            f"{path}: its suffix means no format; .json is Label Studio, .jsonl doccano, .csv and .xlsx a spreadsheet"
        )
    found: Format = import_module(f"{__package__}.{name}").FORMAT
    return found


def entries(source: Path, reviewer: str = "") -> list[Entry]:
    """What a queue file or a store holds, in its order.

    Of a store: every last word and adjudication, or only the last words of `reviewer`, who does not see others'.
    """
    if not _is_store(source):
        return [Entry(item, None, reviewer) for item in read_queue(source)]
    store = Store.open(source, create=False)
    try:
        standings = store.standings()
        return [
            Entry(item, word, reviewer) for item in store.items() for word in _words(standings[item.item], reviewer)
        ]
    finally:
        store.close()


def _words(held: Standing, reviewer: str) -> Sequence[Decision | None]:
    if reviewer:
        return [held.latest.get(reviewer)]
    adjudicated = [held.adjudication] if held.adjudication else []
    words = sorted([*held.latest.values(), *adjudicated], key=lambda word: (word.at, word.id))
    return words or [None]


def _is_store(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE)) == _SQLITE
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); give a queue or a store of decisions") from error
