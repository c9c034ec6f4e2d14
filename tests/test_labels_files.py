"""Files that appear whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from labels.errors import UserError
from labels.files import replacing, replacing_all


def half_written(error: BaseException) -> Iterator[bytes]:
    """Something to write that breaks off."""
    yield b"half"
    raise error


def test_a_file_is_replaced_only_at_the_end(tmp_path: Path):
    """Until the block ends the old content is there; after an error it still is, and nothing else."""
    path = tmp_path / "a.txt"
    path.write_text("old")
    path.chmod(0o640)
    with replacing(path) as stream:
        stream.write(b"new")
        assert path.read_text() == "old"
    assert path.read_text() == "new"
    assert path.stat().st_mode & 0o777 == 0o640
    with pytest.raises(ZeroDivisionError), replacing(path) as stream:
        stream.writelines(half_written(ZeroDivisionError()))
    assert path.read_text() == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_is_followed(tmp_path: Path):
    """Writing to a link replaces what it points to, not the link."""
    (tmp_path / "real.txt").write_text("old")
    (tmp_path / "link.txt").symlink_to("real.txt")
    with replacing(tmp_path / "link.txt") as stream:
        stream.write(b"new")
    assert (tmp_path / "link.txt").is_symlink()
    assert (tmp_path / "real.txt").read_text() == "new"


def test_files_of_a_folder_come_together(tmp_path: Path):
    """All or none of them; a folder made for them goes away again, one that was there keeps its other files."""
    with pytest.raises(KeyboardInterrupt), replacing_all(tmp_path / "new", ["a", "b"]) as (first, _):
        first.writelines(half_written(KeyboardInterrupt()))
    assert not (tmp_path / "new").exists()
    (tmp_path / "old").mkdir()
    (tmp_path / "old/mine").write_text("mine")
    with replacing_all(tmp_path / "old", ["a", "b"]) as streams:
        for stream in streams:
            stream.write(b"x")
    assert sorted(path.name for path in (tmp_path / "old").iterdir()) == ["a", "b", "mine"]


def test_what_cannot_be_written_is_said_in_one_line(tmp_path: Path):
    """A folder where a file should be, or a file where a folder should be, names the path and the reason."""
    (tmp_path / "file").write_text("x")
    with pytest.raises(UserError, match="file/a: cannot write it"), replacing(tmp_path / "file/a"):
        pass
    with pytest.raises(UserError, match="cannot write it"), replacing(tmp_path):
        pass
    with pytest.raises(UserError, match="file: cannot write it"), replacing_all(tmp_path / "file", ["a"]):
        pass
