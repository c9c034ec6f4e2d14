"""What models that had not seen a labelled line said of it: `oof.jsonl`, which training leaves in a model's folder."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import orjson

from labels.errors import UserError

ROWS_FILE: Final = "oof.jsonl"
_REMEDY: Final = "train that model again"


@dataclass(frozen=True, slots=True)
class OutOfFoldRow:
    """One heading or body line; `considered` is None where nobody judged it, `probabilities` has every theme."""

    report: str
    line: int
    text_sha256: str
    role: str
    themes: tuple[str, ...]
    considered: tuple[str, ...] | None
    probabilities: dict[str, float]


def read_out_of_fold(folder: Path) -> list[OutOfFoldRow]:
    """The rows of a model's folder; raises UserError where they are missing or damaged."""
    path = folder / ROWS_FILE
    try:
        raws = path.read_bytes().splitlines()
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); give the folder of a trained model") from error
    return [_row(raw, f"{path}, line {number}") for number, raw in enumerate(raws, 1)]


def read_thresholds(folder: Path) -> dict[str, float]:
    """From which probability on the model of a folder gives each theme."""
    path = folder / "manifest.json"
    try:
        thresholds = orjson.loads(path.read_bytes()).get("thresholds")
    except (OSError, orjson.JSONDecodeError, AttributeError) as error:
        raise UserError(f"{path}: cannot read it ({error}); {_REMEDY}") from error
    if not isinstance(thresholds, dict) or not all(map(_is_number, thresholds.values())):
        raise UserError(f"{path}: it has no thresholds; {_REMEDY}")
    return thresholds


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
    )


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
