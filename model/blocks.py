"""Blocks: the paragraphs of a document as it lays them out, with what it says of each.

A reader (html_source, docx_source, pdf_source …) hands over the extracted text, one block a line, and the blocks. What
a block says of its role stands beside the role model, never among its trained features (see model/hints.py).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from labels.errors import UserError
from model.lines import BLANKS

# Extracted characters that are read, as many as of a plain text in bytes.
TEXT_LIMIT: Final = 8_000_000
# A tab parts the cells of a row; every other control would break lines or is none of a text.
_UNWANTED: Final = re.compile("[\x00-\x08\x0a-\x1f\x7f-\x9f\u2028\u2029]+")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands and what the document says of it.

    role: the role that the document states, None where it states none. level: of a heading, 1 on top.
    why: what states the role, in English. page: from 1. paragraph: number of the w:p in a DOCX's document, from 0.
    """

    role: str | None = None
    level: int | None = None
    why: str = ""
    page: int | None = None
    paragraph: int | None = None


NOWHERE: Final = Place()


@dataclass(frozen=True, slots=True)
class Block:
    """One line of an extracted text, text[start:end], and its place."""

    start: int
    end: int
    place: Place


@dataclass(frozen=True, slots=True)
class Said:
    """What a document says of itself outside its text; None where it does not."""

    title: str | None = None
    source: str | None = None
    date: str | None = None


NOTHING: Final = Said()


@dataclass(frozen=True, slots=True)
class Extract:
    """What a reader takes out of a document. encoding: as in Source, "str" where the format knows no other."""

    text: str
    blocks: tuple[Block, ...]
    said: Said = NOTHING
    encoding: str = "str"
    warnings: tuple[str, ...] = ()
    converted_by: str | None = None


class BlockWriter:
    """Gathers blocks into an extracted text; raises UserError where it grows beyond the limit."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._lines: list[str] = []
        self._blocks: list[Block] = []
        self._size = 0

    def add(self, text: str, place: Place = NOWHERE) -> None:
        """Add a block; one without ink is left out."""
        line = _UNWANTED.sub(" ", text).strip(BLANKS)
        if not line:
            return
        line = _SURROGATE.sub("\ufffd", line)
        self._blocks.append(Block(self._size, self._size + len(line), place))
        self._lines.append(line)
        self._size += len(line) + 1
        if self._size > TEXT_LIMIT:
            raise UserError(f"{self._name}: it has more than {TEXT_LIMIT:,} characters of text; split it into reports")

    def extract(self) -> Extract:
        """What was gathered."""
        return Extract("".join(f"{line}\n" for line in self._lines), tuple(self._blocks))
