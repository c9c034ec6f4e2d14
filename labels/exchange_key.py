"""The key that travels with a row through another program and says which item an answer is for.

It is one text of plain ASCII, so that it survives a spreadsheet that saves in an old encoding, and begins with a
brace, so that no spreadsheet takes it for a number, a date or a formula.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any, Final

import orjson

from labels.decision import Decision, Shown, decision_from
from labels.errors import UserError
from labels.item import Item, item_id
from labels.roles import ROLES
from labels.rows import Kinds, chances, check_kinds, texts
from labels.scheme import Scheme

_KEY: Final[Kinds] = {
    "item": str,
    "report": str,
    "line": int,
    "text_sha256": str,
    "role": str,
    "considered": list,
    "shown": (dict, type(None)),
    "model": str,
}
_SHOWN: Final[Kinds] = {"themes": list, "probabilities": dict}


@dataclass(frozen=True, slots=True)
class Key:
    """An item by place and text, and what its reviewer was asked and shown (None: nothing, the item is blind)."""

    item: str
    report: str
    line: int
    text_sha256: str
    role: str
    considered: tuple[str, ...]
    shown: Shown | None
    model: str

    @property
    def suggested(self) -> tuple[str, ...]:
        """The themes that the reviewer found filled in."""
        return self.shown.themes if self.shown else ()


def key_of(item: Item, scheme: Scheme) -> Key:
    """The key of an item whose reviewer may choose any theme of the scheme."""
    shown = None if item.blind else Shown(item.themes, item.probabilities)
    place = (item.item, item.report, item.line, item.text_sha256)
    return Key(*place, item.role, scheme.ids, shown, item.model)


def packed(value: Key | Decision) -> str:
    """A key or a decision as one line of ASCII."""
    return json.dumps(asdict(value), separators=(",", ":"))


def key_from(text: object, where: str) -> Key:
    """The key that `packed` wrote; raises UserError where it is damaged or its parts do not belong together."""
    row = check_kinds(_unpacked(text, where, "key"), _KEY, f"{where}, key")
    key = Key(
        **{
            **row,
            "considered": texts(row["considered"], f"{where}, key: considered"),
            "shown": _shown(row["shown"], f"{where}, key: shown"),
        }
    )
    if key.item != item_id(key.report, key.line, key.text_sha256) or key.role not in ROLES:
        raise UserError(f"{where}: its key was edited; export again and carry the answer over")
    return key


def past_from(text: object, key: Key, where: str) -> Decision | None:
    """The decision a row was exported with, None if it had none; UserError where it is another item's."""
    if text is None or text == "":
        return None
    past = decision_from(_unpacked(text, where, "past decision"), f"{where}, past decision")
    if (past.item, past.report, past.line, past.text_sha256) != (key.item, key.report, key.line, key.text_sha256):
        raise UserError(f"{where}: its past decision is of another item; export again")
    return past


def _unpacked(text: object, where: str, what: str) -> Any:
    if not isinstance(text, str) or not text.strip():
        raise UserError(f"{where}: it has no {what}; keep the rows as they were exported")
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise UserError(f"{where}: its {what} is damaged ({error}); export again and carry the answer over") from error


def _shown(row: dict[str, Any] | None, where: str) -> Shown | None:
    if row is None:
        return None
    checked = check_kinds(row, _SHOWN, where)
    return Shown(texts(checked["themes"], where), chances(checked["probabilities"], where))
