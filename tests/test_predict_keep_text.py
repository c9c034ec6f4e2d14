"""Saved texts: offsets refer to them, and no report's name leads out of the folder."""

from __future__ import annotations

import argparse
from pathlib import Path

import orjson
import pytest

from labels.errors import UserError
from predict.command import add_commands, annotate
from predict.keep_text import text_name
from predict.tagger import Tagger
from tests.test_predict_command import run


def test_offsets_refer_to_the_saved_text(tmp_path: Path):
    """Every line of every report is found at its offsets in the file that was saved."""
    (tmp_path / "a.html").write_text("<p>　　一、平安建设</p><p>扫黑除恶专项斗争。</p>", "utf-8")
    (tmp_path / "b.txt").write_bytes("平安建设\r\n扫黑除恶。\r\n".encode("gb18030"))
    out = tmp_path / "all.jsonl"
    assert run(tmp_path / "a.html", tmp_path / "b.txt", "--out", out, "--keep-text", tmp_path / "kept") == 0
    texts = {"a.html": tmp_path / "kept/a.html.txt", "b.txt": tmp_path / "kept/b.txt"}
    found = [row for row in map(orjson.loads, out.read_bytes().splitlines()) if row["kind"] == "line"]
    assert len(found) == 4
    for row in found:
        text = texts[row["report"]].read_bytes().decode()
        assert text[row["start"] : row["end"]] == row["text"]


@pytest.mark.parametrize("name", ["../../x", "/etc/passwd", "a/../../b", "..", ".", "", "a\0b", "C:\\x", "政" * 500])
def test_names_stay_in_the_folder(name: str):
    """Ids of tables and names in archives may be anything."""
    path = Path("/kept") / text_name(name)
    assert path.resolve().is_relative_to("/kept")
    assert all(len(part.encode()) < 200 for part in path.parts)
    assert "\0" not in str(path)


def test_reports_below_the_least_quality_are_left_out(
    tmp_path: Path, small_tagger: Tagger, capsys: pytest.CaptureFixture[str]
):
    """They are listed with their score and not written; where none is left, nothing was done."""
    (tmp_path / "good.txt").write_text("全市公安机关严厉打击各类违法犯罪。\n", "utf-8")
    (tmp_path / "poor.txt").write_text("全市公安机关严厉打击\ufffd\ufffd\ufffd\ufffd\ufffd。\n", "utf-8")

    def status(*names: str) -> int:
        parser = argparse.ArgumentParser()
        add_commands(parser.add_subparsers())
        paths = [str(tmp_path / name) for name in names]
        out = ["--out", str(tmp_path / "a.jsonl"), "--min-quality", "0.9"]
        return annotate(parser.parse_args(["annotate", *paths, *out]), lambda _: small_tagger)

    assert status("good.txt", "poor.txt") == 3
    assert "poor.txt: its quality 0." in capsys.readouterr().err
    written = [orjson.loads(row) for row in (tmp_path / "a.jsonl").read_bytes().splitlines()]
    assert {row["report"] for row in written} == {"good.txt"}
    with pytest.raises(UserError, match=r"^poor\.txt: its quality 0\.[0-9]+ is below 0\.9; get a better copy"):
        status("poor.txt")


@pytest.mark.parametrize("least", ["-0.1", "1.5", "nan"])
def test_a_least_quality_that_no_report_can_have(tmp_path: Path, least: str):
    """It lies between 0 and 1."""
    with pytest.raises(UserError, match=r"it must be from 0 to 1$"):
        run(tmp_path / "a.txt", f"--min-quality={least}")
