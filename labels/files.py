"""Files that are written whole, then renamed into place: a reader never sees half of one."""

from __future__ import annotations

from pathlib import Path

from labels.errors import UserError


def write_whole(path: Path, content: bytes) -> None:
    """Give the file at `path` this content, all of it or none; raises UserError where it can't be written."""
    part = path.with_name(f"{path.name}.part")
    try:
        part.write_bytes(content)
        part.replace(path)
    except OSError as error:
        raise UserError(f"{path}: cannot write it ({error.strerror}); check path, rights and disk") from error
    finally:
        part.unlink(missing_ok=True)
