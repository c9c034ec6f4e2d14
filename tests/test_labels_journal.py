"""Many files change together: wherever the process dies, all of them are old, or `finish` makes all of them new."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from labels import journal
from labels.errors import UserError
from labels.journal import check_finished, finish, prepare, replace_all

ROOT = Path(__file__).parent.parent
# Dies without a word before the n-th rename or write, as at a loss of power.
DYING = """
import os, sys
from pathlib import Path
home, last = Path(sys.argv[1]), int(sys.argv[2])
from labels.journal import replace_all
steps = 0
def counted(function):
    def step(*arguments, **named):
        global steps
        steps += 1
        if steps == last:
            os._exit(9)
        return function(*arguments, **named)
    return step
Path.replace, os.fsync = counted(Path.replace), counted(os.fsync)
replace_all(home, {home / "a.txt": b"new a", home / "b.txt": b"new b", home / "c.txt": b"new c"})
"""
OLD, NEW = ("old a", "old b", None), ("new a", "new b", "new c")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Two files; the third is to be made."""
    for name in "ab":
        (tmp_path / f"{name}.txt").write_text(f"old {name}")
    return tmp_path


def contents(home: Path) -> tuple[str | None, ...]:
    paths = [home / f"{name}.txt" for name in "abc"]
    return tuple(path.read_text() if path.exists() else None for path in paths)


def test_all_files_change(home: Path):
    """Every file has its new content and its rights, and nothing is left beside them."""
    (home / "a.txt").chmod(0o640)
    replace_all(home, {home / f"{name}.txt": f"new {name}".encode() for name in "abc"})
    assert contents(home) == NEW
    assert (home / "a.txt").stat().st_mode & 0o777 == 0o640
    assert sorted(path.name for path in home.iterdir()) == ["a.txt", "b.txt", "c.txt"]


def test_a_death_at_any_step_is_repaired(home: Path):
    """Killed before every single write and rename in turn: afterwards all is old or, once finished, all is new."""
    outcomes = []
    for step in range(1, 40):
        for name in "ab":
            (home / f"{name}.txt").write_text(f"old {name}")
        (home / "c.txt").unlink(missing_ok=True)
        arguments = [sys.executable, "-c", DYING, home, str(step)]
        done = subprocess.run(arguments, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
        if done.returncode == 0:
            break
        before = contents(home)
        made = finish(home)
        outcomes.append(made)
        assert contents(home) == (NEW if made else OLD)
        assert made or before == OLD
        assert not (home / journal.FOLDER).exists()
    assert done.returncode == 0
    assert set(outcomes) == {False, True}
    assert outcomes == sorted(outcomes)


def test_a_file_changed_in_between_is_not_lost(home: Path):
    """Where somebody edited a file after the interruption, nothing more is changed, and the file is named."""
    prepare(home, {home / "a.txt": b"new a", home / "b.txt": b"new b"})
    (home / "b.txt").write_text("mine")
    with pytest.raises(UserError, match=r"b\.txt: somebody changed it since"):
        finish(home)
    assert contents(home) == ("old a", "mine", None)


def test_an_interrupted_change_is_named(home: Path):
    """Until it is finished no other change begins, and the remedy is named."""
    check_finished(home)
    prepare(home, {home / "a.txt": b"new a"})
    for action in (lambda: check_finished(home), lambda: replace_all(home, {home / "b.txt": b"x"})):
        with pytest.raises(UserError, match="finish it first: zhengfa labels theme resume"):
            action()
    assert finish(home)
    assert contents(home) == ("new a", "old b", None)
    assert not finish(home)


def test_what_cannot_be_written_changes_nothing(home: Path):
    """A place that does not exist stops the change before it counts."""
    with pytest.raises(UserError, match="nothing was changed"):
        replace_all(home / "a.txt", {home / "b.txt": b"x"})
    assert contents(home) == OLD
