"""An item of the review queue: one line of a report, in its place, with what the model said and why it is asked."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from labels.corpus import text_hash
from labels.errors import UserError
from labels.files import write_whole
from labels.roles import ROLES
from labels.rows import Kinds, chances, check_kinds, is_kind, read_rows, texts

__all__ = ["Evidence", "Item", "Neighbour", "item_from", "item_id", "read_queue", "text_hash", "write_queue"]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A line beside the item's, for the reader to see it in its place."""

    line: int
    role: str
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """A word that spoke for a theme; `text[start:end]` of the item is where it stands."""

    theme: str
    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Item:
    """One line to review.

    item: 16 hex digits, the same for the same text in the same place. heading_lines: the line of each heading of
    `heading_path`. before, after: up to 3 lines each, in the report's order. themes, probabilities, thresholds,
    evidence: the model's. reason: `中文 / English`. stratum: why it was drawn. inclusion: the probability with which
    its stratum's draw takes it, in (0, 1]. blind: the model's answer is not to be shown. meta: `year`, `place` where
    known. copies: how many lines of the run it stands for, itself and its near-duplicates.
    """

    item: str
    report: str
    line: int
    text: str
    text_sha256: str
    role: str
    section: int
    heading_path: tuple[str, ...]
    heading_lines: tuple[int, ...]
    before: tuple[Neighbour, ...]
    after: tuple[Neighbour, ...]
    themes: tuple[str, ...]
    probabilities: dict[str, float]
    thresholds: dict[str, float]
    evidence: tuple[Evidence, ...]
    reason: str
    stratum: str
    inclusion: float
    blind: bool
    model: str
    meta: dict[str, Any]
    copies: int = 1

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


_NEIGHBOUR: Final[Kinds] = {"line": int, "role": str, "text": str}
_EVIDENCE: Final[Kinds] = {"theme": str, "term": str, "start": int, "end": int}
_ITEM: Final[Kinds] = {
    "item": str,
    "report": str,
    "line": int,
    "text": str,
    "text_sha256": str,
    "role": str,
    "section": int,
    "heading_path": list,
    "heading_lines": list,
    "before": list,
    "after": list,
    "themes": list,
    "probabilities": dict,
    "thresholds": dict,
    "evidence": list,
    "reason": str,
    "stratum": str,
    "inclusion": float,
    "blind": bool,
    "model": str,
    "meta": dict,
    "copies": int,
}


def item_id(report: str, line: int, text_sha256: str) -> str:
    """The item of a text in its place, as 16 hex digits."""
    return hashlib.sha256(orjson.dumps([report, line, text_sha256])).hexdigest()[:16]


def item_from(row: object, where: str) -> Item:
    """The item of a row as read from JSON; UserError names `where` and what is wrong."""
    checked = check_kinds(row, _ITEM, where)
    item = Item(
        **{
            **checked,
            "heading_path": texts(checked["heading_path"], f"{where}: heading_path"),
            "heading_lines": _numbers(checked["heading_lines"], f"{where}: heading_lines"),
            "before": _neighbours(checked["before"], f"{where}, before"),
            "after": _neighbours(checked["after"], f"{where}, after"),
            "themes": texts(checked["themes"], f"{where}: themes"),
            "probabilities": chances(checked["probabilities"], f"{where}: probabilities"),
            "thresholds": chances(checked["thresholds"], f"{where}: thresholds"),
            "evidence": tuple(Evidence(**check_kinds(one, _EVIDENCE, where)) for one in checked["evidence"]),
        }
    )
    _check(item, where)
    return item


def read_queue(path: Path) -> list[Item]:
    """The items of a queue file in its order; an item stands in it once."""
    items: dict[str, Item] = {}
    for where, row in read_rows(path):
        item = item_from(row, where)
        if item.item in items:
            raise UserError(f"{where}: item {item.item} stands twice; take one out")
        items[item.item] = item
    if not items:
        raise UserError(f"{path}: no items here; make a queue: zhengfa labels queue RUN.jsonl --out {path}")
    return list(items.values())


def write_queue(path: Path, items: Iterable[Item]) -> None:
    """Write a queue whole or not at all; raises UserError if it cannot be written."""
    write_whole(path, b"".join(orjson.dumps(item) + b"\n" for item in items))


def _numbers(value: list[Any], where: str) -> tuple[int, ...]:
    if not all(is_kind(entry, int) for entry in value):
        raise UserError(f"{where} is {value!r}; a list of whole numbers is wanted")
    return tuple(value)


def _neighbours(rows: list[object], where: str) -> tuple[Neighbour, ...]:
    return tuple(Neighbour(**check_kinds(row, _NEIGHBOUR, where)) for row in rows)


def _check(item: Item, where: str) -> None:
    if item.role not in ROLES:
        raise UserError(f'{where}: role "{item.role}" is unknown; known: {", ".join(ROLES)}')
    if not 0 < item.inclusion <= 1:
        raise UserError(f"{where}: inclusion is {item.inclusion}; a probability above 0 is wanted")
    if item.copies < 1:
        raise UserError(f"{where}: copies is {item.copies}; 1 or more is wanted")
    _check_place(item, where)


def _check_place(item: Item, where: str) -> None:
    if text_hash(item.text) != item.text_sha256:
        raise UserError(f"{where}: text and text_sha256 do not belong together; make the queue again")
    if item.item != item_id(item.report, item.line, item.text_sha256):
        raise UserError(f"{where}: item is not that of its report, line and text; make the queue again")
    if len(item.heading_lines) != len(item.heading_path):
        raise UserError(f"{where}: heading_lines and heading_path differ in length; make the queue again")
    for one in item.evidence:
        if not 0 <= one.start < one.end <= len(item.text):
            raise UserError(f"{where}: evidence {one.start} to {one.end} lies outside the text; make the queue again")
