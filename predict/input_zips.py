"""Reports in a ZIP archive, read member by member; nothing is written, so no member's name can lead anywhere."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from labels.errors import UserError
from model.documents import DOCUMENT_LIMIT
from model.packages import DAMAGED, read_member
from model.source import on_one_line
from predict.inputs import REPORT_SUFFIXES, Document, Failure, reason

_UTF8_NAME: Final = 0x800
_MOST_MEMBERS: Final = 200_000
# A text shrinks to a tenth; what shrinks to less than a three-hundredth is made to fill a disk.
_MOST_SHRUNK: Final = 300
_SMALL: Final = 1_000_000
_ARCHIVES: Final = (".zip", ".rar", ".7z", ".gz", ".tgz", ".tar")


def members(path: Path, prefix: str) -> Iterator[Document | Failure]:
    """The reports in an archive in its order, each called by `prefix` and its path inside; others are left out.

    A member that can't be read is a failure, and so is an archive inside the archive.
    """
    try:
        with zipfile.ZipFile(path) as archive:
            if len(archive.filelist) > _MOST_MEMBERS:
                yield Failure(f"{path}: it has {len(archive.filelist):,} members, at most {_MOST_MEMBERS:,} are read")
                return
            yield from _reports(archive, path, prefix)
    except FileNotFoundError:
        yield Failure(f"{path}: there is no such file; check the path")
    except DAMAGED as error:
        yield Failure(f"{path}: this ZIP archive can't be read ({error}); get it again, or pack it anew")


def _reports(archive: zipfile.ZipFile, path: Path, prefix: str) -> Iterator[Document | Failure]:
    found = 0
    names: dict[str, int] = {}
    for info in archive.infolist():
        inside = _inside(info)
        lower = inside.lower()
        if info.is_dir() or not inside or _is_hidden(inside) or not lower.endswith((*REPORT_SUFFIXES, *_ARCHIVES)):
            continue
        found += 1
        names[inside] = names.get(inside, 0) + 1
        unique = inside if names[inside] == 1 else f"{inside}#{names[inside]}"
        yield _report(archive, info, f"{prefix}{unique}", f"{path}/{inside}")
    if not found:
        yield Failure(f"{path}: no reports ({', '.join(REPORT_SUFFIXES)}) in this archive; give the one that has them")


def _report(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, where: str) -> Document | Failure:
    if where.lower().endswith(_ARCHIVES):
        return Failure(f"{where}: an archive inside an archive is not read; unpack it and give the folder")
    if info.file_size > max(_SMALL, _MOST_SHRUNK * info.compress_size):
        return Failure(
            f"{where}: it would unpack to {info.file_size:,} bytes from {info.compress_size:,}; it is not read"
        )
    try:
        return Document(name, raw=read_member(archive, info, where, DOCUMENT_LIMIT))
    except UserError as error:
        return Failure(reason(error))


def _inside(info: zipfile.ZipInfo) -> str:
    """A member's path with `/`, without what leads out of the archive."""
    parts = _decoded(info).replace("\\", "/").split("/")
    return "/".join(part for part in parts if part not in ("", ".", "..") and not part.endswith(":"))


def _decoded(info: zipfile.ZipInfo) -> str:
    """A member's name; Chinese Windows writes it in GBK and says nothing, which zipfile takes for code page 437."""
    if info.flag_bits & _UTF8_NAME:
        return on_one_line(info.filename)
    try:
        raw = info.filename.encode("cp437")
    except UnicodeEncodeError:
        return on_one_line(info.filename)
    for encoding in ("utf-8", "gb18030", "big5hkscs"):
        try:
            return on_one_line(raw.decode(encoding))
        except UnicodeDecodeError:
            continue
    return on_one_line(info.filename)


def _is_hidden(inside: str) -> bool:
    return any(part.startswith((".", "__MACOSX", "~$")) for part in inside.split("/"))
