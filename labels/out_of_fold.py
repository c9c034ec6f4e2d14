"""What models that had not seen a labelled line said of it: `oof.jsonl`, which training leaves in a model's folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import orjson

from labels.errors import UserError

ROWS_FILE: Final = "oof.jsonl"
_PARTS: Final = ("words", "context")
_REMEDY: Final = "train that model again"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the model doubts a label: words, and context by name, with what each adds to the theme's log-odds."""

    words: dict[str, float]
    context: dict[str, float]


@dataclass(frozen=True, slots=True)
class OutOfFoldRow:
    """One heading or body line.

    considered: None where nobody judged it. probabilities: of every theme. reasons: by theme, where the model doubts
    the label; empty in the folders of earlier versions.
    """

    report: str
    line: int
    text_sha256: str
    role: str
    themes: tuple[str, ...]
    considered: tuple[str, ...] | None
    probabilities: dict[str, float]
    reasons: dict[str, Reason] = field(default_factory=dict)


def read_out_of_fold(folder: Path) -> list[OutOfFoldRow]:
    """The rows of a model's folder; raises UserError where they are missing or damaged."""
    path = folder / ROWS_FILE
    try:
        raws = path.read_bytes().splitlines()
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); give the folder of a trained model") from error
    return [_row(raw, f"{path}, line {number}") for number, raw in enumerate(raws, 1)]


def _row(raw: bytes, where: str) -> OutOfFoldRow:
    try:
        row = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise UserError(f"{where}: not JSON ({error}); {_REMEDY}") from error
    if not isinstance(row, dict) or list(_wrong(row)):
        raise UserError(f"{where}: not a row with place, labels and probabilities; {_REMEDY}")
    return OutOfFoldRow(
        report=row["report"],
        line=row["line"],
        text_sha256=row["text_sha256"],
        role=row["role"],
        themes=tuple(map(str, row["themes"])),
        considered=None if row["considered"] is None else tuple(map(str, row["considered"])),
        probabilities={str(theme): float(value) for theme, value in row["probabilities"].items()},
        reasons=dict(_reasons(row.get("reasons", {}), where)),
    )


def _reasons(found: object, where: str) -> Iterator[tuple[str, Reason]]:
    try:
        for theme, parts in dict(found).items():  # type: ignore[call-overload]
            words, context = ({str(name): float(weight) for name, weight in parts[key].items()} for key in _PARTS)
            yield theme, Reason(words, context)
    except (TypeError, ValueError, KeyError, AttributeError) as error:
        raise UserError(f"{where}: reasons are not words and context with numbers; {_REMEDY}") from error


def _wrong(row: dict[str, Any]) -> Iterator[str]:
    """The keys with a value of the wrong kind."""
    kinds = {
        "report": str,
        "line": int,
        "text_sha256": str,
        "role": str,
        "themes": list,
        "considered": list | None,
        "probabilities": dict,
    }
    yield from (key for key, kind in kinds.items() if not isinstance(row.get(key, ...), kind))
    probabilities = row.get("probabilities")
    if isinstance(probabilities, dict) and not all(map(_is_number, probabilities.values())):
        yield "probabilities"


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
