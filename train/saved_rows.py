"""The out-of-fold rows in a model's folder: what models that had not seen a line said of it, for later comparison."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import orjson

from labels.corpus import CorpusReport, text_hash
from labels.errors import UserError
from labels.files import replacing
from model.features import Bools
from model.folder import read_manifest
from model.lexical import Floats
from train.held_out_reasons import Reasons
from train.themes import OutOfFold

ROWS_FILE: Final = "oof.jsonl"
_REMEDY: Final = "train that model again"


@dataclass(frozen=True, slots=True)
class SavedRows:
    """The t headings and body lines of a model's corpus, K themes.

    place: (report, text hash, how many lines of the report had this text before) of each: what the row is known by
    when lines were added or moved. body: (t,). labels, judged: (t, K). probability: (t, K). threshold: (K,).
    """

    version: str
    themes: tuple[str, ...]
    place: tuple[tuple[str, str, int], ...]
    body: Bools
    labels: Bools
    judged: Bools
    probability: Floats
    threshold: Floats


def write_rows(
    folder: Path, reports: Sequence[CorpusReport], rows: OutOfFold, themes: Sequence[str], reasons: Reasons
) -> None:
    """Write the rows into a model's folder, in the order of the corpus; `reasons` where the model doubts a label."""
    lines = [(report.name, number, line) for report in reports for number, line in enumerate(report.lines, 1)]
    with replacing(folder / ROWS_FILE) as file:
        for index in np.argsort(rows.paragraph, kind="stable").tolist():
            name, number, line = lines[rows.paragraph[index]]
            row = {
                "report": name,
                "line": number,
                "text_sha256": text_hash(line.text),
                "role": line.role,
                "themes": line.themes,
                "considered": line.considered,
                "group": int(rows.group[index]),
                "probabilities": dict(zip(themes, rows.probability[index].tolist(), strict=True)),
                "reasons": reasons.get(int(rows.paragraph[index]), {}),
            }
            file.write(orjson.dumps(row) + b"\n")


def read_rows(folder: Path) -> SavedRows:
    """Read the rows of a model folder; raises UserError where they are missing, damaged or of an older kind."""
    manifest, path = read_manifest(folder), folder / ROWS_FILE
    thresholds = manifest.get("thresholds")
    if not isinstance(thresholds, dict) or not thresholds or not all(map(_is_number, thresholds.values())):
        raise UserError(f"{folder}: its manifest has no thresholds; {_REMEDY}")
    themes = tuple(map(str, thresholds))
    rows = list(_rows(path, themes))
    if not rows:
        raise UserError(f"{path}: it has no rows; {_REMEDY}")
    return SavedRows(
        version=manifest["version"],
        themes=themes,
        place=tuple(_places(rows)),
        body=np.array([row["role"] == "body" for row in rows], dtype=np.bool_),
        labels=_marks(rows, "themes", themes),
        judged=_marks(rows, "considered", themes),
        probability=np.array([[row["probabilities"][theme] for theme in themes] for row in rows], np.float64),
        threshold=np.array(list(thresholds.values()), dtype=np.float64),
    )


def _rows(path: Path, themes: Sequence[str]) -> Iterator[dict[str, Any]]:
    try:
        raws = path.read_bytes().splitlines()
    except OSError as error:
        raise UserError(f"{path}: cannot read it ({error.strerror}); {_REMEDY}") from error
    for number, raw in enumerate(raws, 1):
        try:
            row = orjson.loads(raw)
        except orjson.JSONDecodeError as error:
            raise UserError(f"{path}, line {number}: not JSON ({error}); {_REMEDY}") from error
        if not _is_whole(row, themes):
            raise UserError(f"{path}, line {number}: not a row with text hash and probabilities; {_REMEDY}")
        yield row


def _is_whole(row: object, themes: Sequence[str]) -> bool:
    if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in ("report", "text_sha256", "role")):
        return False
    probabilities, considered = row.get("probabilities"), row.get("considered", False)
    return (
        isinstance(probabilities, dict)
        and all(_is_number(probabilities.get(theme)) for theme in themes)
        and isinstance(row.get("themes"), list)
        and (considered is None or isinstance(considered, list))
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float)


def _places(rows: Sequence[dict[str, Any]]) -> Iterator[tuple[str, str, int]]:
    seen: dict[tuple[str, str], int] = {}
    for row in rows:
        text = row["report"], row["text_sha256"]
        seen[text] = seen.get(text, -1) + 1
        yield *text, seen[text]


def _marks(rows: Sequence[dict[str, Any]], key: str, themes: Sequence[str]) -> Bools:
    return np.array([[theme in (row[key] or ()) for theme in themes] for row in rows], dtype=np.bool_)
