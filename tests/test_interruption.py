"""Interrupted at any moment, short of disk, bereft of its input: there is the old file or the new one, never half."""

from __future__ import annotations

import json
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import zhengfa
from predict.inputs import Document, documents

ROOT = Path(__file__).parent.parent
OLD = b"the old file\n"
TEXT = "某市2023年政法工作总结\n一、维护稳定\n全市打掉团伙3个，人民调解成功率98%。\n" * 200


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    folder = tmp_path / "reports"
    folder.mkdir()
    for number in range(12):
        (folder / f"{number:02}.txt").write_text(TEXT, "utf-8")
    return folder


def command(model: Path, reports: Path, out: Path) -> list[str]:
    return [
        sys.executable,
        str(ROOT / "zhengfa.py"),
        "annotate",
        str(reports),
        "--out",
        str(out),
        "--model",
        str(model),
    ]


@pytest.mark.slow
@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_stopped_at_any_moment(small_model: Path, reports: Path, tmp_path: Path, end: signal.Signals):
    """Twelve random moments from start to end: the file that stood there stands there, or the whole new one."""
    chance, out = random.Random(end), tmp_path / "out.jsonl"
    start = time.monotonic()
    subprocess.run(command(small_model, reports, tmp_path / "whole.jsonl"), check=True, capture_output=True)
    whole, seconds = (tmp_path / "whole.jsonl").read_bytes(), time.monotonic() - start
    seen = set()
    for _ in range(12):
        out.write_bytes(OLD)
        process = subprocess.Popen(command(small_model, reports, out), stderr=subprocess.PIPE, stdout=subprocess.PIPE)
        time.sleep(chance.uniform(0.1, 1.1) * seconds)
        process.send_signal(end)
        process.communicate(timeout=60)
        seen.add(out.read_bytes())
        if end != signal.SIGKILL:
            assert [path.name for path in tmp_path.iterdir() if path.suffix == ".part"] == []
    assert seen <= {OLD, whole}
    assert OLD in seen


def test_a_disk_that_is_full(small_model: Path, reports: Path, tmp_path: Path):
    """No room for the new file: one line that says so, the old file stands, nothing is left beside it."""
    out = tmp_path / "out.jsonl"
    out.write_bytes(OLD)
    done = subprocess.run(
        command(small_model, reports, out), capture_output=True, text=True, preexec_fn=_small_files, check=False
    )
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert "out.jsonl: cannot write it (File too large); check the path, your rights and the disk" in done.stderr
    assert out.read_bytes() == OLD
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out.jsonl", "reports"]


def _small_files() -> None:
    # Beyond so many bytes a write fails as it does on a full disk.
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
def test_a_device_that_is_full(small_model: Path, reports: Path, capsys: pytest.CaptureFixture[str]):
    """The reason of the system stands in the message."""
    assert zhengfa.main([*command(small_model, reports, Path("/dev/full"))[2:], "--format", "jsonl"]) == 2
    assert "/dev/full: cannot write it (No space left on device)" in capsys.readouterr().err


def test_an_input_that_vanishes(small_model: Path, reports: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """A report that is deleted while others are read fails alone, by its name; the others are written."""

    def vanishing(*given: object) -> Iterator[object]:
        for number, found in enumerate(documents(*given)):
            if number == 3:
                assert isinstance(found, Document)
                assert found.path
                found.path.unlink()
            yield found

    monkeypatch.setattr("predict.command.documents", vanishing)
    assert zhengfa.main(command(small_model, reports, tmp_path / "out.jsonl")[2:]) == 3
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_bytes().splitlines()]
    assert [row["report"] for row in rows if row["kind"] == "report"] == [f"{n:02}.txt" for n in range(12) if n != 3]
