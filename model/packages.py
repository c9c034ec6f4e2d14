"""ZIP packages of XML, as office documents are: members read up to a limit, XML without entities or network."""

from __future__ import annotations

import io
import lzma
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from labels.errors import UserError

if TYPE_CHECKING:
    from lxml.etree import _Element

# Unpacked bytes of one part; the text of the longest report is a tenth of it.
PART_LIMIT: Final = 32_000_000
_MOST_MEMBERS: Final = 20_000
DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    EOFError,
    OSError,
    ValueError,
    NotImplementedError,
    RuntimeError,
)


@dataclass(frozen=True, slots=True)
class Package:
    """An open package and what it is called in messages."""

    archive: zipfile.ZipFile
    name: str

    def xml(self, part: str) -> _Element | None:
        """The root of a part, None where there is none; raises UserError for one that is damaged, huge or a trap."""
        raw = self.read(part)
        return None if raw is None else parsed(raw, f"{self.name}: its part {part}")

    def read(self, part: str) -> bytes | None:
        """The bytes of a part, None where there is none."""
        try:
            info = self.archive.getinfo(part.lstrip("/"))
        except KeyError:
            return None
        return read_member(self.archive, info, f"{self.name}: its part {part}", PART_LIMIT)


def open_package(raw: bytes, name: str) -> Package:
    """Open the package in `raw`; raises UserError if it is damaged."""
    try:
        archive = zipfile.ZipFile(io.BytesIO(raw))
    except DAMAGED as error:
        raise UserError(f"{name}: it is damaged ({error}); get it again, or open it and save it anew") from error
    if len(archive.filelist) > _MOST_MEMBERS:
        raise UserError(f"{name}: it has {len(archive.filelist):,} parts, which no report has; save it anew")
    return Package(archive, name)


def read_member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, where: str, limit: int) -> bytes:
    """The bytes of one member, never more than `limit`, whatever size it claims; raises UserError."""
    if info.flag_bits & 1:
        raise UserError(f"{where} is locked with a password; unlock it first")
    try:
        with archive.open(info) as member:
            raw = member.read(limit + 1)
    except DAMAGED as error:
        raise UserError(f"{where} is damaged ({error}); get it again") from error
    if len(raw) > limit:
        raise UserError(f"{where} unpacks to more than {limit:,} bytes, which no report needs; it is not read")
    return raw


def parsed(raw: bytes, where: str) -> _Element:
    """The root of an XML document; raises UserError if it is not well-formed, too deep, or has a document type."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        root = etree.fromstring(raw, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UserError(f"{where} is no sound XML ({error}); open the document and save it anew") from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UserError(f"{where} declares entities, as office programs never do; it is not read")
    return root
