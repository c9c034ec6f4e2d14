"""A decision: the event that a person chose something for an item. Events are added, never changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from labels.errors import UserError, suggestion
from labels.roles import ROLES, THEMED_ROLES
from labels.rows import Kinds, chances, check_kinds, texts

ACTIONS: Final = ("decide", "skip", "undo", "adjudicate")
SOURCES: Final = ("page", "spreadsheet", "label_studio", "doccano", "api")


class State(StrEnum):
    """What is known of an item; each value is apart from the others everywhere."""

    NOT_REVIEWED = "not_reviewed"
    REVIEWED_NONE = "reviewed_none"
    REVIEWED_THEMES = "reviewed_themes"
    SKIPPED = "skipped"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True)
class Shown:
    """What of the model's answer the reviewer saw."""

    themes: tuple[str, ...]
    probabilities: dict[str, float]


@dataclass(frozen=True, slots=True)
class Decision:
    """One event.

    action: `decide` (role and themes hold), `skip`, `undo` (takes back this reviewer's last standing event on the
    item) or `adjudicate` (ends a dispute). considered: the themes that were judged; `themes` are among them.
    shown: None where the reviewer was blind. id and at (UTC, ISO 8601) are the store's when 0 and "".
    """

    reviewer: str
    item: str
    report: str
    line: int
    text_sha256: str
    action: str
    role: str
    themes: tuple[str, ...]
    considered: tuple[str, ...]
    note: str = ""
    shown: Shown | None = None
    model: str = ""
    source: str = "page"
    at: str = ""
    id: int = 0

    def as_row(self) -> dict[str, Any]:
        return asdict(self)


_DECISION: Final[Kinds] = {
    "reviewer": str,
    "item": str,
    "report": str,
    "line": int,
    "text_sha256": str,
    "action": str,
    "role": str,
    "themes": list,
    "considered": list,
    "note": str,
    "shown": (dict, type(None)),
    "model": str,
    "source": str,
    "at": str,
    "id": int,
}
_SHOWN: Final[Kinds] = {"themes": list, "probabilities": dict}


def decision_from(row: object, where: str) -> Decision:
    """The decision of a row as read from JSON; UserError names `where` and what is wrong."""
    checked = check_kinds(row, _DECISION, where)
    decision = Decision(
        **{
            **checked,
            "themes": texts(checked["themes"], f"{where}: themes"),
            "considered": texts(checked["considered"], f"{where}: considered"),
            "shown": None if checked["shown"] is None else _shown(checked["shown"], where),
        }
    )
    check_decision(decision, where)
    return decision


def check_decision(decision: Decision, where: str) -> None:
    """Raise UserError where a decision contradicts itself."""
    for key, value, known in (
        ("action", decision.action, ACTIONS),
        ("source", decision.source, SOURCES),
        ("role", decision.role, ROLES),
    ):
        if value not in known:
            raise UserError(f'{where}: {key} "{value}" is unknown; {suggestion(value, known)}')
    if not decision.reviewer.strip():
        raise UserError(f"{where}: no reviewer; a decision needs a name")
    _check_themes(decision, where)


def utc(at: str, where: str) -> str:
    """A time in one form: UTC, ISO 8601, microseconds; without an offset it counts as UTC."""
    try:
        time = datetime.fromisoformat(at)
    except ValueError as error:
        raise UserError(f'{where}: time "{at}" is not ISO 8601; write it like 2026-11-22T08:30:00Z') from error
    return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC).isoformat(timespec="microseconds")


def _shown(row: object, where: str) -> Shown:
    checked = check_kinds(row, _SHOWN, f"{where}, shown")
    return Shown(
        texts(checked["themes"], f"{where}: shown themes"),
        chances(checked["probabilities"], f"{where}: shown probabilities"),
    )


def _check_themes(decision: Decision, where: str) -> None:
    for key, themes in (("themes", decision.themes), ("considered", decision.considered)):
        if len(set(themes)) != len(themes):
            raise UserError(f"{where}: {key} names one twice: {', '.join(themes)}")
    missing = set(decision.themes) - set(decision.considered)
    if missing:
        raise UserError(f"{where}: {', '.join(sorted(missing))} is in themes but not in considered; add it there")
    if decision.themes and decision.role not in THEMED_ROLES:
        raise UserError(f"{where}: a {decision.role} has themes; only heading and body have themes")
