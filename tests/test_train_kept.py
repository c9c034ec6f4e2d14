"""What was fitted is kept under a key of all it depends on."""

from __future__ import annotations

from pathlib import Path

from train.kept import _MOST, kept


def test_nothing_is_done_twice(tmp_path: Path):
    """The same key gives what was done before; another key, or another thing, is done."""
    done: list[int] = []

    def work() -> int:
        done.append(len(done))
        return len(done)

    assert [kept(tmp_path, "themes", key, work) for key in "aab"] == [1, 1, 2]
    assert kept(tmp_path, "roles", "a", work) == 3
    assert kept(tmp_path, "themes", "a", work) == 1
    assert len(done) == 3


def test_without_a_folder_nothing_is_kept(tmp_path: Path):
    """Then all is done each time."""
    done: list[int] = []
    for _ in range(2):
        kept(None, "themes", "a", lambda: done.append(1))
    assert len(done) == 2
    assert not list(tmp_path.iterdir())


def test_the_oldest_is_forgotten(tmp_path: Path):
    """What is kept does not grow without end."""
    for number in range(_MOST + 4):
        kept(tmp_path, "themes", str(number), lambda: "x" * 1000)
    assert len(list(tmp_path.rglob("output.pkl"))) <= _MOST
