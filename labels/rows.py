"""Rows of JSON Lines files, checked key by key: what is wrong is named with its file and line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import orjson

from labels.errors import UserError, suggestion

Kinds = Mapping[str, type | tuple[type, ...]]
_NAMES: Final = {str: "text", int: "a whole number", float: "a number", bool: "true or false", list: "a list"}


def read_rows(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (where, row) for every line that is not blank; UserError where it is no JSON object."""
    try:
        with path.open("rb") as file:
            for number, raw in enumerate(file, 1):
                if raw.strip():
                    yield f"{path}, line {number}", _row(raw, f"{path}, line {number}")
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror})") from error


def check_kinds(row: object, kinds: Kinds, where: str) -> dict[str, Any]:
    """Return `row` if it has exactly the keys of `kinds`, each of its kind."""
    checked = need_kinds(row, kinds, where)
    for key in checked:
        if key not in kinds:
            raise UserError(f'{where}: unknown key "{key}"; {suggestion(str(key), kinds)}')
    return checked


def need_kinds(row: object, kinds: Kinds, where: str) -> dict[str, Any]:
    """Return `row` if it has the keys of `kinds`, each of its kind, whatever else it has."""
    if not isinstance(row, dict):
        raise UserError(f"{where}: it is {row!r}; a JSON object is wanted")
    for key, kind in kinds.items():
        if key not in row:
            raise UserError(f'{where}: key "{key}" is missing')
        if not is_kind(row[key], kind):
            raise UserError(f"{where}: {key} is {row[key]!r}; {_name(kind)} is wanted")
    return row


def is_kind(value: object, kind: type | tuple[type, ...]) -> bool:
    """Whether a JSON value is of a kind; true and false are no numbers, a whole number is a number."""
    kinds = kind if isinstance(kind, tuple) else (kind,)
    if isinstance(value, bool):
        return bool in kinds
    return isinstance(value, kinds) or (float in kinds and isinstance(value, int))


def texts(value: object, where: str) -> tuple[str, ...]:
    """A tuple of the texts in a list."""
    if not isinstance(value, list) or not all(isinstance(entry, str) for entry in value):
        raise UserError(f"{where} is {value!r}; a list of text is wanted")
    return tuple(value)


def chances(value: object, where: str) -> dict[str, float]:
    """A dictionary of probabilities."""
    if not isinstance(value, dict) or not all(is_kind(chance, float) and 0 <= chance <= 1 for chance in value.values()):
        raise UserError(f"{where} is {value!r}; numbers from 0 to 1 are wanted")
    return {str(theme): float(chance) for theme, chance in value.items()}


def _row(raw: bytes, where: str) -> dict[str, Any]:
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise UserError(f"{where}: not JSON: {error}") from error
    if not isinstance(row, dict):
        raise UserError(f"{where}: it is {row!r}; a JSON object is wanted")
    return row


def _name(kind: type | tuple[type, ...]) -> str:
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return " or ".join(_NAMES.get(each, "null" if each is type(None) else "an object") for each in kinds)
