"""Source: the text of a report as it came, decoded and otherwise untouched, with what was lost on the way.

Of a document (model/documents.py) it is the extracted text, with the document's blocks.
"""

from __future__ import annotations

import hashlib
import os
import re
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from labels.errors import UserError
from model.blocks import NOTHING, Block, Said
from model.encoding import Reading, read
from model.lines import BLANKS

SIZE_LIMIT: Final = 8_000_000
# Bad bytes that are borne, per byte.
_BAD_SHARE: Final = 0.001
_REMEDY: Final = "save it as plain text in UTF-8 and give that"

# Beginnings of files that are no text; of two that fit, the first. Behind them what they seem to be.
_FORMATS: Final = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office document (.doc, .xls, .wps)"),
    (b"{\\rtf", "an RTF document"),
    (b"\x89PNG\r\n\x1a\n", "a picture (PNG)"),
    (b"\xff\xd8\xff", "a picture (JPEG)"),
    (b"GIF87a", "a picture (GIF)"),
    (b"GIF89a", "a picture (GIF)"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"Rar!\x1a\x07", "a RAR archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"SQLite format 3\0", "an SQLite database"),
)
_ZIPPED: Final = (
    (b"word/document.xml", "a Word document (.docx)"),
    (b"xl/workbook.xml", "an Excel workbook (.xlsx)"),
    (b"ppt/presentation.xml", "a PowerPoint file (.pptx)"),
    (b"content.xml", "an OpenDocument file (.odt, .ods)"),
)
# Tabs, line and page breaks and the end mark of DOS are in texts; other controls are in binary data.
_CONTROL: Final = re.compile("[\x01-\x08\x0e-\x19\x1c-\x1f\x7f]")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_UNPRINTABLE: Final = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Source:
    """A report's text, the one that all offsets speak of: byte order mark removed, line breaks as they were.

    name: how the report is called in output and messages. encoding: "str" for text that a program gave.
    lost: characters that came damaged and are U+FFFD in the text. sha256: of the bytes as given, in hex.
    format: the kind of document, "text" for plain text. blocks: its lines as the document lays them out, none of plain
    text. said: what it says of itself outside its text. converted_by: the program that made it readable.
    """

    name: str
    text: str
    encoding: str
    lost: int
    sha256: str
    format: str = "text"
    blocks: tuple[Block, ...] = ()
    said: Said = NOTHING
    converted_by: str | None = None
    warnings: tuple[str, ...] = ()


def decode(raw: bytes, name: str) -> Source:
    """Decode the bytes of a report; raises UserError if they are empty, blank, not text, or damaged beyond 0.1 %."""
    name = on_one_line(name)
    seems = _known_format(raw)
    if seems:
        raise UserError(f"{name}: it seems to be {seems}, not text; open it, {_REMEDY}")
    reading = read(raw)
    if reading is None:
        raise UserError(f"{name}: it holds NUL bytes, so it seems to be binary data or damaged UTF-16; {_REMEDY}")
    check_text(reading.text, name)
    _check_damage(reading, len(raw), name)
    return Source(name, reading.text, reading.encoding, reading.lost, hashlib.sha256(raw).hexdigest())


def read_source(path: Path, name: str | None = None, limit: int = SIZE_LIMIT) -> Source:
    """Read and decode one file of at most `limit` bytes; raises UserError if it can't be read or is no text."""
    name = on_one_line(str(path) if name is None else name)
    return decode(read_bytes(path, name, limit), name)


def read_bytes(path: Path, name: str, limit: int) -> bytes:
    """The bytes of one regular file, at most `limit`; raises UserError, with `name`, if they can't be read."""
    try:
        return _bytes_of(path, name, limit)
    except FileNotFoundError as error:
        raise UserError(f"{name}: there is no such file; check the path") from error
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise UserError(f"{name}: cannot read it ({reason}); check the path and your rights") from error


def source_from_text(text: str, name: str) -> Source:
    """Text that a program gave; each surrogate becomes U+FFFD. Raises UserError if it is empty, blank or not text."""
    name = on_one_line(name)
    text, lost = _SURROGATE.subn("\ufffd", text)
    check_text(text, name)
    return Source(name, text, "str", lost, hashlib.sha256(text.encode()).hexdigest())


def on_one_line(name: str) -> str:
    """The name without characters that break lines or hide."""
    return _UNPRINTABLE.sub("\ufffd", name)


def _bytes_of(path: Path, name: str, limit: int) -> bytes:
    # Not to wait for the writer of a pipe; what kind of file it is only the open file says for certain.
    flags = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags)
    try:
        status = os.fstat(descriptor)
        _check_kind(status.st_mode, name)
        with os.fdopen(descriptor, "rb", closefd=False) as file:
            # Asked for as many bytes as may come, Python takes the memory for all of them; a file may grow meanwhile.
            raw = file.read(min(status.st_size, limit) + 1)
            if len(raw) > status.st_size:
                raw += file.read(limit + 1 - len(raw))
    finally:
        os.close(descriptor)
    check_size(max(status.st_size, len(raw)), name, limit)
    return raw


def check_size(size: int, name: str, limit: int) -> None:
    """Raises UserError for more bytes than are read."""
    if size > limit:
        raise UserError(f"{name}: it has {size:,} bytes, at most {limit:,} are read; split it into single reports")


def _check_kind(mode: int, name: str) -> None:
    if stat.S_ISDIR(mode):
        raise UserError(f"{name}: it is a folder; give a file")
    if not stat.S_ISREG(mode):
        raise UserError(f"{name}: it is a pipe or a device; give a regular file")


def _known_format(raw: bytes) -> str:
    """What the beginning of the bytes says that they are, empty for nothing that is known."""
    seems = next((what for magic, what in _FORMATS if raw.startswith(magic)), "")
    if seems == "a ZIP archive":
        return next((what for entry, what in _ZIPPED if entry in raw), seems)
    return seems or ("a PDF document" if b"%PDF-" in raw[:1024] and b"%%EOF" in raw else "")


def check_text(text: str, name: str) -> None:
    """Raises UserError for a text that is empty, blank or full of controls."""
    if not text.strip(BLANKS):
        holds = "it holds only blanks" if text else "it is empty"
        raise UserError(f"{name}: {holds}; give a report that has text")
    controls = len(_CONTROL.findall(text))
    if "\0" in text or controls > max(2, len(text) // 100):
        found = "NUL characters" if "\0" in text else f"{controls:,} control characters"
        raise UserError(f"{name}: it holds {found}, so it seems to be binary data, not text; {_REMEDY}")


def _check_damage(reading: Reading, size: int, name: str) -> None:
    if reading.bad_bytes > _BAD_SHARE * size:
        raise UserError(
            f"{name}: read as {reading.encoding}, which fits best, {reading.bad_bytes:,} of {size:,} bytes are bad, "
            f"at most {_BAD_SHARE:.1%} may be; {_REMEDY}, or get it again from where it came"
        )
