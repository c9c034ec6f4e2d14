"""Office files are ZIP packages: here they get the same bytes for the same content, whenever they are written."""

from __future__ import annotations

import re
from collections.abc import Callable
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

_KEPT_IN_MEMORY: Final = 32_000_000
_CORE: Final = "docProps/core.xml"
_WRITTEN_AT: Final = re.compile(rb"<dcterms:(created|modified)[^>]*>[^<]*</dcterms:\1>")
_CHUNK: Final = 1 << 20
# XML has no place for these.
_NOT_XML: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def write_package(save: Callable[[IO[bytes]], object], stream: BinaryIO, *, keep_dates: bool = False) -> None:
    """Write to `stream` the package that `save` writes, without the time of writing in it.

    keep_dates: leave the dates in its properties, which are those of a document that came in.
    """
    with SpooledTemporaryFile(max_size=_KEPT_IN_MEMORY) as draft:
        save(draft)
        draft.seek(0)
        with ZipFile(draft) as source, ZipFile(stream, "w", ZIP_DEFLATED) as target:
            for member in source.infolist():
                _copy(source, target, member, strip=not keep_dates)


def xml_text(text: str) -> str:
    """Text that XML can hold: what it can't becomes U+FFFD.

    >>> xml_text("a\\0b\\ud800")
    'a\\ufffdb\\ufffd'
    """
    return _NOT_XML.sub("\ufffd", text)


def _copy(source: ZipFile, target: ZipFile, member: ZipInfo, *, strip: bool) -> None:
    entry = ZipInfo(member.filename)
    entry.compress_type = ZIP_DEFLATED
    entry.file_size = member.file_size
    with source.open(member) as old, target.open(entry, "w") as new:
        if strip and member.filename == _CORE:
            new.write(_WRITTEN_AT.sub(b"", old.read()))
        else:
            while chunk := old.read(_CHUNK):
                new.write(chunk)
