"""SIGTERM ends the program by an exception."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest

from labels.files import replacing
from predict.signals import ending_well


def test_terminated_amid_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    """The file of before stays whole, nothing stays beside it, one line is said, the status is the shell's."""
    before = signal.getsignal(signal.SIGTERM)
    (tmp_path / "out").write_text("old")
    with pytest.raises(SystemExit, match="143"):
        be_terminated(tmp_path / "out")
    assert [path.read_text() for path in tmp_path.iterdir()] == ["old"]
    assert capsys.readouterr().err == "zhengfa: 已终止 / terminated\n"
    assert signal.getsignal(signal.SIGTERM) == before


def be_terminated(path: Path) -> None:
    """Get SIGTERM with a file half-written."""
    with ending_well(), replacing(path) as stream:
        stream.write(b"half")
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(5)
