"""Clean text: what features see, with a map from every character back to the source.

Order: inner line breaks and invisible characters go, then bracketed pinyin damage, then NFKC,
then traditional to simplified. The paragraphs of a report are cleaned in one piece, joined by
newlines, so that each step is one vectorised pass.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.paragraphs import Paragraph
from model.pinyin import damage
from model.simplify import TABLE_SIZE, Codes, codes_of, simplifier, text_of

NEWLINE: Final = 10
# Soft hyphen, zero-width characters, bidirectional controls, byte order mark.
_INVISIBLE: Final = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_LOST: Final = 0xFFFD
_INNER_BREAK: Final = re.compile("[ \t\u00a0\u3000]*[\r\n][ \t\u00a0\u3000\r\n]*")
# Code points whose NFKC is looked up character by character; of the others, CJK ideographs, Hangul
# syllables and private use are their own NFKC, and the rest takes the slow way.
_LOOKED_UP: Final = (
    range(0x80, 0x3400),
    range(0xA000, 0xAC00),
    range(0xF900, 0x10000),
    range(0x1D400, 0x1D800),
    range(0x1F000, 0x20000),
)
_OWN_NFKC: Final = (
    range(0x80),
    range(0x3400, 0xA000),
    range(0xAC00, 0xD7A4),
    range(0xE000, 0xF900),
    range(0x20000, 0x2F800),
)
# A Han character, ASCII or CJK punctuation never composes with what stands before it.
_CLUSTER: Final = re.compile(r"[\s\S][^\u0000-\u007f\u3001-\u3029\u3400-\u4dbf\u4e00-\u9fff]*")

Offsets = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CleanText:
    """The clean text of a report.

    text: paragraphs joined by newlines, n characters in all.
    codes: (n,) its code points. origin: (n,) where in the source each character stood.
    bounds: (paragraphs + 1,) paragraph i is text[bounds[i] : bounds[i + 1] - 1].
    pinyin, lost: how many readings were taken out, how many characters the source had lost.
    """

    text: str
    codes: Codes
    origin: Offsets
    bounds: Offsets
    pinyin: int
    lost: int


def clean_paragraphs(source: str, paragraphs: Sequence[Paragraph]) -> CleanText:
    """Clean the paragraphs of one report; every paragraph keeps its place, even if nothing of it is left."""
    pieces = [source[paragraph.start : paragraph.end] for paragraph in paragraphs]
    starts = np.array([paragraph.start for paragraph in paragraphs], dtype=np.int64)
    lengths = np.array([len(piece) + 1 for piece in pieces], dtype=np.int64)
    text = "\n".join([*pieces, ""])
    codes = codes_of(text)
    ends = np.cumsum(lengths)
    origin = np.arange(len(codes), dtype=np.int64) + np.repeat(starts - (ends - lengths), lengths)
    ends_of_paragraphs = np.zeros(len(codes), dtype=np.bool_)
    ends_of_paragraphs[ends - 1] = True
    lost = int(np.count_nonzero(codes == _LOST))

    keep = ~_tables().invisible[codes]
    if np.count_nonzero(codes == NEWLINE) > len(pieces) or "\r" in text:
        codes = _unwrap(codes, text, ends_of_paragraphs, keep)
    codes, origin, ends_of_paragraphs = _kept(keep, codes, origin, ends_of_paragraphs)
    spans = list(damage(text_of(codes)))
    if spans:
        keep = np.ones(len(codes), dtype=np.bool_)
        for start, end in spans:
            keep[start:end] = False
        codes, origin, ends_of_paragraphs = _kept(keep, codes, origin, ends_of_paragraphs)
    codes, origin, ends_of_paragraphs = _compatible(codes, origin, ends_of_paragraphs)
    codes = simplifier().apply(codes, text_of(codes))
    bounds = np.concatenate(([0], np.flatnonzero(ends_of_paragraphs) + 1))
    return CleanText(text_of(codes), codes, origin, bounds, len(spans), lost)


def clean(text: str) -> str:
    """Clean one piece of text.

    >>> clean("政法工作現(xiàn)代化，辦結１２３件")
    '政法工作现代化,办结123件'
    """
    return clean_paragraphs(text, [Paragraph(0, len(text), 1)]).text[:-1]


@dataclass(frozen=True, slots=True)
class _Tables:
    invisible: NDArray[np.bool_]
    compatible: Codes
    unstable: NDArray[np.bool_]


@cache
def _tables() -> _Tables:
    invisible = np.zeros(TABLE_SIZE, dtype=np.bool_)
    invisible[[ord(char) for char in _INVISIBLE]] = True
    compatible = np.arange(TABLE_SIZE, dtype=np.uint32)
    unstable = np.ones(TABLE_SIZE, dtype=np.bool_)
    for stable in _OWN_NFKC:
        unstable[stable.start : stable.stop] = False
    alphabet = [chr(code) for codes in _LOOKED_UP for code in codes]
    normals = unicodedata.normalize("NFKC", "\n".join(alphabet)).split("\n")
    for char, normal in zip(alphabet, normals, strict=True):
        if len(normal) == 1 and not unicodedata.combining(char):
            compatible[ord(char)] = ord(normal)
            unstable[ord(char)] = False
    unstable[0x1100:0x1200] = True  # Hangul jamo compose though they are no combining marks
    return _Tables(invisible, compatible, unstable)


def _kept(
    keep: NDArray[np.bool_], codes: Codes, origin: Offsets, ends: NDArray[np.bool_]
) -> tuple[Codes, Offsets, NDArray[np.bool_]]:
    if keep.all():
        return codes, origin, ends
    return codes[keep], origin[keep], ends[keep]


def _unwrap(codes: Codes, text: str, ends: NDArray[np.bool_], keep: NDArray[np.bool_]) -> Codes:
    """Drop line breaks inside paragraphs, or make them one blank between Latin letters; marks `keep`, returns codes."""
    codes = codes.copy()
    for match in _INNER_BREAK.finditer(text):
        start, end = match.span()
        if ends[start:end].any():
            continue
        keep[start:end] = False
        if text[start - 1].isascii() and text[end].isascii() and text[start - 1].isalnum() and text[end].isalnum():
            keep[start] = True
            codes[start] = ord(" ")
    return codes


def _compatible(codes: Codes, origin: Offsets, ends: NDArray[np.bool_]) -> tuple[Codes, Offsets, NDArray[np.bool_]]:
    """NFKC of everything."""
    tables = _tables()
    if not tables.unstable[codes].any():
        return tables.compatible[codes], origin, ends
    chars: list[str] = []
    sources: list[int] = []
    for match in _CLUSTER.finditer(text_of(codes)):
        normal = unicodedata.normalize("NFKC", match.group())
        chars.append(normal)
        last = match.end() - 1
        sources.extend(min(match.start() + index, last) for index in range(len(normal)))
    picked = np.array(sources, dtype=np.int64)
    flat = codes_of("".join(chars))
    return flat, origin[picked], ends[picked] & (flat == NEWLINE)
