"""Themes that were renamed, merged or split, in order: old labels are read in the words of the present scheme.

`theme_changes.jsonl` stands beside `themes.toml`. Items and decisions keep what was said when it was said; whoever
reads them carries them over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final, Literal

from labels.errors import UserError
from labels.rows import Kinds, check_kinds, read_rows, texts

CHANGES: Final = "theme_changes.jsonl"
DEFAULT_CHANGES: Final = Path(__file__).with_name(CHANGES)
Action = Literal["rename", "merge", "split"]
_ACTIONS: Final = ("rename", "merge", "split")
_KINDS: Final[Kinds] = {"at": str, "action": str, "old": list, "new": list}


@dataclass(frozen=True, slots=True)
class ThemeChange:
    """One change. at: UTC, ISO 8601. A rename has one old and one new id, a merge one new, a split one old."""

    at: str
    action: Action
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What was said of a line: its themes, and those that were looked for (None: nobody wrote down which)."""

    themes: tuple[str, ...]
    considered: tuple[str, ...] | None


def load_changes(path: Path = DEFAULT_CHANGES) -> tuple[ThemeChange, ...]:
    """Every change, the oldest first; none where there is no file."""
    return tuple(_change(row, where) for where, row in read_rows(path)) if path.is_file() else ()


def carry(judged: Judged, changes: Iterable[ThemeChange]) -> Judged:
    """The same judgement after the changes.

    Merged: present where one of the old themes was, absent where all were judged absent, else not judged. Split: absent
    where the old theme was; where it was present nobody knows which of the new ones, so they are not judged.

    >>> merge = ThemeChange("", "merge", ("security", "mediation"), ("safety",))
    >>> carry(Judged((), ("security",)), [merge]), carry(Judged(("security",), ("security",)), [merge])
    (Judged(themes=(), considered=()), Judged(themes=('safety',), considered=('safety',)))
    >>> split = ThemeChange("", "split", ("security",), ("police", "state"))
    >>> carry(Judged((), ("security",)), [split]), carry(Judged(("security",), ("security",)), [split])
    (Judged(themes=(), considered=('police', 'state')), Judged(themes=(), considered=()))
    """
    for change in changes:
        judged = _carried(judged, change)
    return judged


def since(changes: Sequence[ThemeChange], at: str) -> tuple[ThemeChange, ...]:
    """The changes after a time; all of them where it is "" (nobody knows)."""
    return tuple(change for change in changes if change.at > at)


def is_undecided(judged: Judged, change: ThemeChange) -> bool:
    """Whether a line has a theme that was split, so that somebody must say which of the new ones it has."""
    return change.action == "split" and bool(set(change.old) & set(judged.themes))


def as_row(change: ThemeChange) -> dict[str, object]:
    """The change as JSON holds it."""
    return asdict(change)


def _carried(judged: Judged, change: ThemeChange) -> Judged:
    present = bool(set(change.old) & set(judged.themes))
    themes = _replaced(judged.themes, change.old, change.new if present and change.action != "split" else ())
    if judged.considered is None:
        return Judged(themes, None)
    if change.action == "split":
        known = not present and set(change.old) <= set(judged.considered)
    else:
        known = present or set(change.old) <= set(judged.considered)
    return Judged(themes, _replaced(judged.considered, change.old, change.new if known else ()))


def _replaced(ids: Sequence[str], old: Sequence[str], new: Sequence[str]) -> tuple[str, ...]:
    """`ids` with `new` in the place of the first of `old`, and without the others; an id stands once."""
    at = next((number for number, one in enumerate(ids) if one in old), len(ids))
    before, after = ids[:at], (one for one in ids[at:] if one not in old)
    return tuple(dict.fromkeys([*before, *new, *after]))


def _change(row: dict[str, object], where: str) -> ThemeChange:
    checked = check_kinds(row, _KINDS, where)
    if checked["action"] not in _ACTIONS:
        raise UserError(f'{where}: action "{checked["action"]}" is unknown; known: {", ".join(_ACTIONS)}')
    old, new = texts(checked["old"], f"{where}: old"), texts(checked["new"], f"{where}: new")
    return ThemeChange(checked["at"], checked["action"], old, new)
