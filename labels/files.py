"""Files that appear whole or not at all."""

from __future__ import annotations

import secrets
import shutil
from pathlib import Path

from labels.errors import UserError


def write_whole(path: Path, content: bytes) -> None:
    """Write a file beside its place and rename it into it; UserError if it cannot be written."""
    part = path.with_name(f".{secrets.token_hex(6)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(content)
        if path.exists():
            shutil.copymode(path, part)
        part.replace(path)
    except OSError as error:
        reason = error.strerror or error
        raise UserError(f"{path}: cannot write it ({reason}); check the path, your rights and the disk") from error
    finally:
        part.unlink(missing_ok=True)
