"""The out-of-fold rows of a model's folder: what training writes is read; anything else is named by line."""

from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from labels.errors import UserError
from labels.out_of_fold import OutOfFoldRow, Reason, read_out_of_fold

ROW = {
    "report": "a-1",
    "line": 3,
    "text_sha256": "0123456789abcdef",
    "role": "body",
    "themes": ["security"],
    "considered": ["security", "mediation"],
    "group": 2,
    "probabilities": {"security": 0.1, "mediation": 0},
    "reasons": {"security": {"words": {"纠纷": -1.5}, "context": {"heading": -0.2}}},
}


def write(folder: Path, *rows: object) -> Path:
    (folder / "oof.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return folder


def test_rows_are_read(tmp_path: Path):
    """Labels, probabilities and reasons come back; a folder of an earlier version has no reasons."""
    earlier = {key: value for key, value in ROW.items() if key != "reasons"}
    row, old = read_out_of_fold(write(tmp_path, ROW, earlier | {"considered": None}))
    assert row == OutOfFoldRow(
        report="a-1",
        line=3,
        text_sha256="0123456789abcdef",
        role="body",
        themes=("security",),
        considered=("security", "mediation"),
        probabilities={"security": 0.1, "mediation": 0.0},
        reasons={"security": Reason({"纠纷": -1.5}, {"heading": -0.2})},
    )
    assert (old.reasons, old.considered) == ({}, None)


@pytest.mark.parametrize(
    "change",
    [
        {"report": 1},
        {"line": "3"},
        {"themes": None},
        {"considered": "all"},
        {"probabilities": {"security": True}},
        {"probabilities": []},
        {"reasons": 3},
        {"reasons": {"security": []}},
        {"reasons": {"security": {"words": {}}}},
        {"reasons": {"security": {"words": {"a": "b"}, "context": {}}}},
    ],
)
def test_a_damaged_row_is_named(tmp_path: Path, change: dict[str, object]):
    """A value of the wrong kind, one line further down: the line is named, and what to do."""
    with pytest.raises(UserError, match=r"oof\.jsonl, line 2: .*; train that model again$"):
        read_out_of_fold(write(tmp_path, ROW, ROW | change))
