"""A queue as a table for a reviewer with only a spreadsheet: its columns, its rows, and what they say when they return.

A header is `中文 / name`; the part behind the stroke is the column's name. Themes have a column each, `key` and `was`
are for the way back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from labels.decision import Decision
from labels.errors import UserError
from labels.exchange import ADJUDICATED, OPEN, STATE_OF, Entry, Lost, Reply
from labels.exchange_key import Key, key_from, key_of, packed, past_from
from labels.exchange_words import (
    ROLE_LABELS,
    STATE_LABELS,
    YES,
    heading,
    is_yes,
    meant,
    said_by_model,
    theme_labels,
)
from labels.item import Neighbour
from labels.scheme import Scheme
from labels.spreadsheet import cell_text, too_long

_BEFORE: Final = {
    "no": "序号",
    "report": "报告",
    "line": "行",
    "heading": "所在小标题",
    "before": "上文",
    "text": "段落",
    "after": "下文",
    "reason": "为何要看",
    "model": "模型的判断",
}
_BEHIND: Final = {"role": "角色", "state": "状态", "note": "备注", "reviewer": "审阅人"}
_HIDDEN: Final = {"key": "勿改", "was": "勿改"}
NEEDED: Final = (*_BEHIND, *_HIDDEN)

_BESIDE: Final = 40  # characters

Cells = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: kind is `shown` (protected), `theme` or `answer` (for the reviewer), or `hidden`."""

    name: str
    header: str
    kind: str


def columns(scheme: Scheme) -> list[Column]:
    """The columns in their order."""
    themes = [Column(theme, label, "theme") for theme, label in theme_labels(scheme).items()]
    return [*_columns(_BEFORE, "shown"), *themes, *_columns(_BEHIND, "answer"), *_columns(_HIDDEN, "hidden")]


def cells(number: int, entry: Entry, scheme: Scheme) -> dict[str, str]:
    """The cells of a row by column, as plain text; `number` is the row's, from 1."""
    item, key = entry.item, key_of(entry.item, scheme)
    return {
        "no": str(number),
        "report": item.report,
        "line": str(item.line),
        "heading": heading(item),
        "before": _beside(item.before[-1:]),
        "text": item.text,
        "after": _beside(item.after[:1]),
        "reason": "" if item.blind else item.reason,
        "model": said_by_model(item, scheme),
        **_answer(key, entry.decision, entry.reviewer),
        "key": packed(key),
        "was": packed(entry.decision) if entry.decision else "",
    }


def replies(rows: Iterable[tuple[str, Cells]]) -> Iterator[Reply | Lost]:
    """What rows say, each with its place; a row that is damaged or contradicts itself is lost."""
    for where, row in rows:
        try:
            yield _reply(row, where)
        except UserError as error:
            yield Lost(str(error))


def names(header: Sequence[str], where: str) -> list[str]:
    """The names of columns by their header; raises UserError where one that is needed is not among them."""
    found = [cell.rpartition(" / ")[2].strip() for cell in header]
    missing = [name for name in NEEDED if name not in found]
    if missing:
        raise UserError(f"{where}: no column {', '.join(missing)}; keep the header row and all columns as exported")
    return found


def cut(row: Cells, number: int) -> list[str]:
    """Which cells of a row are longer than a spreadsheet keeps."""
    long = [name for name, text in row.items() if too_long(text)]
    return [
        f"第 {number} 行 {name} 太长，单元格里已截断 / row {number}: {name} is too long for a cell, cut"
        for name in long
    ]


def _reply(row: Cells, where: str) -> Reply:
    key = key_from(row["key"], where)
    past = past_from(row["was"], key, where)
    said, filled_in = _said(row, key, where), _said(_answer(key, past, row["reviewer"]), key, where)
    if past and said == filled_in and row["reviewer"].strip() == cell_text(past.reviewer).strip():
        return Reply(where, key, said["state"], past.reviewer, past=past, **_content(said))
    if said["state"] == OPEN and (past or said != filled_in):
        change = "its status was taken out" if past else "it was changed, but its status is empty"
        raise UserError(f"{where}: {change}; choose {STATE_LABELS['decided']} or {STATE_LABELS['skipped']}")
    return Reply(where, key, said["state"], row["reviewer"].strip(), **_content(said))


def _said(row: Cells, key: Key, where: str) -> dict[str, Any]:
    missing = [theme for theme in key.considered if theme not in row]
    if missing:
        raise UserError(f"{where}: no column for theme {', '.join(missing)}; keep all columns as exported")
    return {
        "state": meant(row["state"], STATE_LABELS, where, "status") if row["state"].strip() else OPEN,
        "role": meant(row["role"], ROLE_LABELS, where, "role") if row["role"].strip() else key.role,
        "themes": tuple(theme for theme in key.considered if is_yes(row[theme], f"{where}, {theme}")),
        "note": cell_text(row["note"]).strip(),
    }


def _content(said: Mapping[str, Any]) -> dict[str, Any]:
    return {name: said[name] for name in ("role", "themes", "note")}


def _answer(key: Key, decision: Decision | None, reviewer: str) -> dict[str, str]:
    """The cells for the reviewer, with a decision or with what the model suggests."""
    themes = decision.themes if decision else key.suggested
    return {
        **{theme: YES if theme in themes else "" for theme in key.considered},
        "role": ROLE_LABELS[decision.role if decision else key.role],
        "state": STATE_LABELS[STATE_OF[decision.action]] if decision else "",
        "note": decision.note if decision else "",
        "reviewer": decision.reviewer if decision else reviewer,
    }


def choices(scheme: Scheme) -> dict[str, list[str]]:
    """The words of every drop-down list, by column."""
    states = [label for state, label in STATE_LABELS.items() if state != ADJUDICATED]
    return {**{theme: [YES, "否"] for theme in scheme.ids}, "role": [*ROLE_LABELS.values()], "state": states}


def _columns(headers: Mapping[str, str], kind: str) -> list[Column]:
    return [Column(name, f"{chinese} / {name}", kind) for name, chinese in headers.items()]


def _beside(lines: Sequence[Neighbour]) -> str:
    """The nearest line, shortened to what fits a narrow column."""
    return "".join(line.text if len(line.text) <= _BESIDE else f"{line.text[:_BESIDE]}…" for line in lines)
