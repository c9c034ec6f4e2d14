"""JSON that is sound and wrong: rows of a seed with values taken out, put in, doubled and exchanged."""

from __future__ import annotations

from copy import deepcopy
from typing import Any, Final

import orjson

VALUES: Final = (
    *(None, True, False, 0, -1, 2**63 - 1, 1e308, 0.5, "", " ", "security", "body", "\u202e", "\n", "=1+1", [], {}),
    *([None], [[]], {"a": []}, ["security", "security"], "长" * 100, "2026-01-01", "0000-00-00", ["\x00"], [1e400]),
)


def rewritten(seed: bytes, data: bytes, *, lines: bool) -> bytes:
    """The rows of `seed`, JSON or, with `lines`, JSON Lines, changed where each three bytes of `data` say."""
    rows: Any = [orjson.loads(line) for line in seed.splitlines()] if lines else orjson.loads(seed)
    for at in range(0, len(data) - 2, 3):
        _change(rows, *data[at : at + 3])
    rows = rows if isinstance(rows, list) else [rows]
    return b"\n".join(orjson.dumps(row) for row in rows) if lines else orjson.dumps(rows)


def _change(rows: Any, where: int, how: int, what: int) -> None:
    places = list(_places(rows, 0))
    if not places:
        return
    holder, key = places[(where * 7 + how) % len(places)]
    value = deepcopy(VALUES[what % len(VALUES)])
    if how % 4 == 0 and isinstance(holder, dict):
        del holder[key]
    elif how % 4 == 1 and isinstance(holder, list) and len(holder) < 50:
        holder.append(orjson.loads(orjson.dumps(holder[key])))
    elif how % 4 == 2 and isinstance(holder, dict):
        holder[str(value)[:8]] = value
    else:
        holder[key] = value


def _places(value: Any, depth: int) -> Any:
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        if depth < 8:
            yield from _places(value[key], depth + 1)
