"""Many files replaced together: all of them or none, also where the power fails in between.

First every new content goes into a folder beside the files, then a journal that names them takes its place in one
step; from then on the change counts as made, and whatever a crash leaves undone is done by `finish`. Without a journal
nothing was made, and `finish` takes the rest away.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import orjson

from labels.errors import UserError

FOLDER: Final = ".theme-change"
_JOURNAL: Final = "journal.json"


def replace_all(home: Path, contents: Mapping[Path, bytes]) -> None:
    """Give every file its new content. `home`: the folder that holds the journal meanwhile."""
    prepare(home, contents)
    finish(home)


def check_finished(home: Path) -> None:
    """Raise UserError where a change of this folder was interrupted."""
    if (home / FOLDER).is_dir():
        raise UserError(f"{home / FOLDER}: a change was interrupted; finish it first: zhengfa labels theme resume")


def prepare(home: Path, contents: Mapping[Path, bytes]) -> None:
    """All but the last step; when this returns, the change counts as made and `finish` makes it so."""
    folder = home / FOLDER
    check_finished(home)
    try:
        folder.mkdir(parents=True)
        entries = [_staged(folder, number, *entry) for number, entry in enumerate(contents.items())]
        _write(folder / "journal.part", orjson.dumps(entries))
        (folder / "journal.part").replace(folder / _JOURNAL)
        _sync_folder(folder)
    except OSError as error:
        shutil.rmtree(folder, ignore_errors=True)
        raise UserError(
            f"{error.filename or folder}: cannot write it ({error.strerror}); nothing was changed"
        ) from error


def finish(home: Path) -> bool:
    """Make an interrupted change whole, or take its beginnings away; says whether there was one that counts.

    UserError where somebody changed a file in between; then nothing more is changed.
    """
    folder = home / FOLDER
    if not (folder / _JOURNAL).is_file():
        shutil.rmtree(folder, ignore_errors=True)
        return False
    entries = orjson.loads((folder / _JOURNAL).read_bytes())
    for entry in entries:
        _check(folder, entry)
    for entry in entries:
        if (folder / entry["staged"]).exists():
            (folder / entry["staged"]).replace(entry["path"])
            _sync_folder(Path(entry["path"]).parent)
    shutil.rmtree(folder)
    return True


def _staged(folder: Path, number: int, path: Path, content: bytes) -> dict[str, str]:
    staged = str(number)
    _write(folder / staged, content)
    if path.exists():
        shutil.copymode(path, folder / staged)
    return {"staged": staged, "path": str(path.resolve()), "before": _hash(path)}


def _check(folder: Path, entry: Mapping[str, str]) -> None:
    path = Path(entry["path"])
    if (folder / entry["staged"]).exists() and _hash(path) != entry["before"]:
        raise UserError(f"{path}: somebody changed it since; put it back as it was, or delete {folder} to give up")


def _hash(path: Path) -> str:
    """ "" where there is no file."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""


def _write(path: Path, content: bytes) -> None:
    with path.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
