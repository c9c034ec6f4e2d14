"""Files that appear whole or not at all: written beside their place, then renamed into it."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO

from labels.errors import UserError


def write_whole(path: Path, content: bytes) -> None:
    """Give a file its content, whole or not at all; raises UserError if it cannot be written."""
    with replacing(path) as stream:
        stream.write(content)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A stream whose content takes the place of `path` when the block ends well, and vanishes when it does not.

    A link is followed; a pipe or device is written to as it is. Raises UserError if the file cannot be written.
    """
    path = path.resolve()
    try:
        if path.exists() and not path.is_file():
            with path.open("wb") as stream:
                yield stream
            return
        with _part(path) as (stream, part):
            yield stream
            stream.close()
            part.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error


@contextmanager
def replacing_all(folder: Path, names: Sequence[str]) -> Iterator[list[BinaryIO]]:
    """Streams for files of a folder, which is made if need be; all take their places at the end, or none does."""
    made = not folder.exists()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with ExitStack() as stack:
            opened = [stack.enter_context(_part(folder / name)) for name in names]
            yield [stream for stream, _ in opened]
            for stream, _ in opened:
                stream.close()
            for (_, part), name in zip(opened, names, strict=True):
                part.replace(folder / name)
    except OSError as error:
        raise cannot_write(folder, error) from error
    finally:
        if made and folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()


@contextmanager
def _part(path: Path) -> Iterator[tuple[BinaryIO, Path]]:
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        with part.open("xb") as stream:
            if path.exists():
                shutil.copymode(path, part)
            yield stream, part
    finally:
        part.unlink(missing_ok=True)


def cannot_write(path: Path, error: OSError) -> UserError:
    """What to say where a file or folder can't be written."""
    return UserError(f"{path}: cannot write it ({error.strerror or error}); check the path, your rights and the disk")
