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

from model.lines import BLANKS
from model.normal import normalised
from model.paragraphs import Paragraph, stays_apart
from model.pinyin import damage
from model.simplify import TABLE_SIZE, Codes, codes_of, simplifier, text_of

NEWLINE: Final = 10
# Soft hyphen, zero-width characters, bidirectional controls, byte order mark.
_INVISIBLE: Final = (
    "\u00ad\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)
_LOST: Final = 0xFFFD
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
# Putting n marks in order takes n² steps, so a cluster ends after as many as no writing has.
_CLUSTER: Final = re.compile(r"[\s\S][^\u0000-\u007f\u3001-\u3029\u3400-\u4dbf\u4e00-\u9fff]{0,255}")

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
    text = _laid_out(source, paragraphs)
    lost = int(np.count_nonzero(text.codes == _LOST))
    if np.count_nonzero(_tables().breaks[text.codes]) > len(paragraphs):
        text = _unwrap(text)
    text = _kept(text, ~_tables().invisible[text.codes])
    text, pinyin = _undamaged(text)
    text = _compatible(text)
    codes = simplifier().apply(text.codes, text_of(text.codes))
    bounds = np.concatenate(([0], np.flatnonzero(text.ends) + 1))
    return CleanText(text_of(codes), codes, text.origin, bounds, pinyin, lost)


def clean(text: str) -> str:
    """Clean one piece of text.

    >>> clean("政法工作現(xiàn)代化，辦結１２３件")
    '政法工作现代化,办结123件'
    """
    return clean_paragraphs(text, [Paragraph(0, len(text), 1)]).text[:-1]


@dataclass(frozen=True, slots=True)
class _Tables:
    """By code point, all (TABLE_SIZE,): whether it is a blank, a line break or invisible; its NFKC.

    unstable: whether NFKC is more than one character for one.
    """

    blank: NDArray[np.bool_]
    breaks: NDArray[np.bool_]
    invisible: NDArray[np.bool_]
    compatible: Codes
    unstable: NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class _Text:
    """Text on its way, n characters: codes, where in the source each stood, whether it is the end of a paragraph."""

    codes: Codes
    origin: Offsets
    ends: NDArray[np.bool_]


@cache
def _tables() -> _Tables:
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
    return _Tables(_marked(BLANKS), _marked("\r\n"), _marked(_INVISIBLE), compatible, unstable)


def _marked(characters: str) -> NDArray[np.bool_]:
    table = np.zeros(TABLE_SIZE, dtype=np.bool_)
    table[[ord(char) for char in characters]] = True
    return table


def _laid_out(source: str, paragraphs: Sequence[Paragraph]) -> _Text:
    pieces = [source[paragraph.start : paragraph.end] for paragraph in paragraphs]
    starts = np.array([paragraph.start for paragraph in paragraphs], dtype=np.int64)
    lengths = np.array([len(piece) + 1 for piece in pieces], dtype=np.int64)
    codes = codes_of("\n".join([*pieces, ""]))
    after = np.cumsum(lengths)
    origin = np.arange(len(codes), dtype=np.int64) + np.repeat(starts - (after - lengths), lengths)
    ends = np.zeros(len(codes), dtype=np.bool_)
    ends[after - 1] = True
    return _Text(codes, origin, ends)


def _kept(text: _Text, keep: NDArray[np.bool_]) -> _Text:
    return text if keep.all() else _Text(text.codes[keep], text.origin[keep], text.ends[keep])


def _unwrap(text: _Text) -> _Text:
    """Drop line breaks inside paragraphs with the blanks around them, or make them one blank (see `stays_apart`)."""
    codes, blank = text.codes.copy(), _tables().blank[text.codes] & ~text.ends
    edges = np.flatnonzero(np.diff(blank, prepend=False, append=False))
    keep = np.ones(len(codes), dtype=np.bool_)
    inner = np.flatnonzero(_tables().breaks[codes] & ~text.ends)
    for run in np.unique(np.searchsorted(edges, inner, side="right") // 2).tolist():
        start, end = edges[2 * run : 2 * run + 2].tolist()
        keep[start:end] = False
        if start and not text.ends[start - 1] and stays_apart(chr(codes[start - 1]), chr(codes[end])):
            keep[start] = True
            codes[start] = ord(" ")
    return _kept(_Text(codes, text.origin, text.ends), keep)


def _undamaged(text: _Text) -> tuple[_Text, int]:
    """The text without bracketed readings, and how many there were."""
    spans = list(damage(text_of(text.codes)))
    keep = np.ones(len(text.codes), dtype=np.bool_)
    for start, end in spans:
        keep[start:end] = False
    return _kept(text, keep), len(spans)


def _compatible(text: _Text) -> _Text:
    """NFKC of everything."""
    tables = _tables()
    if not tables.unstable[text.codes].any():
        return _Text(tables.compatible[text.codes], text.origin, text.ends)
    chars: list[str] = []
    sources: list[int] = []
    for match in _CLUSTER.finditer(text_of(text.codes)):
        normal, indexes = normalised(match.group())
        chars.append(normal)
        sources.extend(match.start() + index for index in indexes)
    picked = np.array(sources, dtype=np.int64)
    flat = codes_of("".join(chars))
    return _Text(flat, text.origin[picked], text.ends[picked] & (flat == NEWLINE))
