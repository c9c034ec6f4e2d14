"""Documents: which reader a file needs, by its content and then its suffix, and what that makes of it.

A reader is a module with `extract(raw, name) -> Extract`; a new one is a file and a line here. Plain text needs none
and loads none.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path, PurePosixPath
from typing import Final

from labels.errors import UserError
from model.blocks import Extract
from model.source import SIZE_LIMIT, Source, check_size, check_text, decode, on_one_line, read_bytes

# Pictures make documents large; their text has the limit of a plain text.
DOCUMENT_LIMIT: Final = 64_000_000
_HEAD: Final = 1024
_HTML: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}>\s*)?(?:<!--|<!doctype\s+html|<html|<head|<body)", re.IGNORECASE
)
_MHTML: Final = re.compile(rb"(?:From: <Saved by|MIME-Version: ?1|Snapshot-Content-Location:)", re.IGNORECASE)
_OLE: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLE_WORD: Final = "WordDocument".encode("utf-16-le")
_OLE_LOCKED: Final = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of document: the suffixes of its files, the module that reads it, whether its content is this kind."""

    name: str
    suffixes: tuple[str, ...]
    module: str
    fits: Callable[[bytes], bool]


def _never(raw: bytes) -> bool:
    del raw
    return False


def _is_docx(raw: bytes) -> bool:
    return raw.startswith(b"PK\x03\x04") and b"word/" in raw and b"[Content_Types].xml" in raw


def _is_office(raw: bytes) -> bool:
    """Old Word and WPS files, locked ones too, RTF, Word's flat XML, OpenDocument text."""
    if raw.startswith(_OLE):
        return _OLE_WORD in raw or _OLE_LOCKED in raw
    flat = b"<?mso-application" in raw[:_HEAD] and b"Word.Document" in raw[:_HEAD]
    return raw.startswith(b"{\\rtf") or flat or b"mimetypeapplication/vnd.oasis.opendocument.text" in raw[:_HEAD]


def _is_pdf(raw: bytes) -> bool:
    return raw.startswith(b"%PDF-") or (b"%PDF-" in raw[:_HEAD] and b"%%EOF" in raw)


def _is_ofd(raw: bytes) -> bool:
    return raw.startswith(b"PK\x03\x04") and b"OFD.xml" in raw


# The first that fits the content is taken, else the first that has the suffix.
KINDS: Final = (
    Kind("pdf", (".pdf",), "pdf_source", _is_pdf),
    Kind("docx", (".docx", ".docm"), "docx_source", _is_docx),
    Kind("ofd", (".ofd",), "office_source", _is_ofd),
    Kind("office", (".doc", ".wps", ".rtf", ".odt"), "office_source", _is_office),
    Kind("mhtml", (".mht", ".mhtml"), "mhtml_source", lambda raw: _MHTML.match(raw) is not None),
    Kind("html", (".html", ".htm", ".shtml", ".xhtml"), "html_source", lambda raw: _HTML.match(raw) is not None),
    Kind("markdown", (".md", ".markdown"), "markdown_source", _never),
)
DOCUMENT_SUFFIXES: Final = tuple(suffix for kind in KINDS for suffix in kind.suffixes)
# Text under the suffix of a binary format is text that was named wrongly.
_OF_TEXT: Final = ("html", "markdown")


def kind_of(raw: bytes, name: str) -> Kind | None:
    """The kind of document that the bytes are, None for plain text and for what no reader knows.

    >>> kind_of(b"%PDF-1.7", "a.txt").name, kind_of(b"# 1", "a.md").name, kind_of(b"", "a.txt")
    ('pdf', 'markdown', None)
    """
    by_content = next((kind for kind in KINDS if kind.fits(raw)), None)
    if by_content:
        return by_content
    suffix = PurePosixPath(name).suffix.lower()
    return next((kind for kind in KINDS if suffix in kind.suffixes and kind.name in _OF_TEXT), None)


def read_document(path: Path, name: str | None = None) -> Source:
    """Read one file of any known kind; raises UserError if it can't be read or holds no text."""
    name = on_one_line(str(path) if name is None else name)
    return source_of(read_bytes(path, name, DOCUMENT_LIMIT), name)


def source_of(raw: bytes, name: str) -> Source:
    """The source of a document's bytes; `name` calls it and, where the content does not say, tells its kind."""
    name = on_one_line(name)
    kind = kind_of(raw, name)
    if kind is None:
        check_size(len(raw), name, SIZE_LIMIT)
        return decode(raw, name)
    extract = _extract(kind, raw, name)
    check_text(extract.text, name)
    return Source(
        name=name,
        text=extract.text,
        encoding=extract.encoding,
        lost=extract.text.count("\ufffd"),
        sha256=hashlib.sha256(raw).hexdigest(),
        format=kind.name,
        blocks=extract.blocks,
        said=extract.said,
        converted_by=extract.converted_by,
        warnings=extract.warnings,
    )


def _extract(kind: Kind, raw: bytes, name: str) -> Extract:
    try:
        extracted: Extract = import_module(f"{__package__}.{kind.module}").extract(raw, name)
    except ModuleNotFoundError as error:
        raise UserError(
            f'{name}: reading {kind.name} needs {error.name}; install it: pip install "zhengfa-themes[documents]"'
        ) from error
    return extracted
