"""Clean text: what features see, with a map from every character back to the source.

Order: inner line breaks and invisible characters go, then bracketed pinyin damage, then NFKC,
then blanks inside prose, then traditional to simplified. The paragraphs of a report, or of several, are cleaned in one
piece, joined by newlines, so that each step is one vectorised pass.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import compress
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.lines import BLANKS
from model.normal import normalised
from model.paragraphs import Paragraph, stays_apart
from model.pinyin import damage
from model.simplify import TABLE_SIZE, Codes, codes_of, simplifier, text_of

NEWLINE: Final = 10
_STOP: Final = ord("。")
LEAST_PROSE: Final = 45  # characters from which a paragraph with a full stop is taken for prose
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
_STARTERS: Final = (range(0x80), range(0x3001, 0x302A), range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
# Putting n marks in order takes n² steps, so a cluster ends after as many as no writing has.
_LONGEST_CLUSTER: Final = 256

Offsets = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class CleanText:
    """The clean text of r reports.

    text: paragraphs joined by newlines, n characters in all.
    codes: (n,) its code points. origin: (n,) where in the source of its report each character stood.
    bounds: (paragraphs + 1,) paragraph i is text[bounds[i] : bounds[i + 1] - 1].
    pages: (r + 1,) the paragraphs of report i are pages[i] to pages[i + 1], exclusive.
    pinyin, lost: (r,) how many readings were taken out, how many characters the source had lost.
    """

    text: str
    codes: Codes
    origin: Offsets
    bounds: Offsets
    pages: Offsets
    pinyin: Offsets
    lost: Offsets

    @property
    def page_of(self) -> Offsets:
        """(paragraphs,) the report of each paragraph."""
        return np.repeat(np.arange(len(self.pages) - 1), np.diff(self.pages))

    def page(self, number: int) -> CleanText:
        """The clean text of one of the reports."""
        first, last = self.pages[number], self.pages[number + 1]
        start, end = int(self.bounds[first]), int(self.bounds[last])
        return CleanText(
            text=self.text[start:end],
            codes=self.codes[start:end],
            origin=self.origin[start:end],
            bounds=self.bounds[first : last + 1] - start,
            pages=np.array([0, last - first]),
            pinyin=self.pinyin[number : number + 1],
            lost=self.lost[number : number + 1],
        )


def clean_paragraphs(source: str, paragraphs: Sequence[Paragraph]) -> CleanText:
    """Clean the paragraphs of one report; every paragraph keeps its place, even if nothing of it is left."""
    texts = [source[paragraph.start : paragraph.end] for paragraph in paragraphs]
    starts = np.array([paragraph.start for paragraph in paragraphs], dtype=np.int64)
    return clean_texts(texts, starts, np.array([0, len(texts)]))


def clean_texts(texts: Sequence[str], starts: Offsets, pages: Offsets) -> CleanText:
    """Clean paragraphs of several reports, given as their texts, where they start in their sources, and `pages`."""
    text, tables = _laid_out(texts, starts), _tables()
    lost = _by_page(text, pages, np.flatnonzero(text.codes == _LOST))
    if np.count_nonzero(tables.breaks[text.codes]) > len(texts):
        text = _unwrap(text)
    text = _kept(text, tables.invisible[text.codes])
    spans = list(damage(text.codes))
    pinyin = _by_page(text, pages, np.array([start for start, _ in spans], dtype=np.int64))
    text = _closed_up(_compatible(_without(text, spans)))
    codes = simplifier().apply(text.codes)
    bounds = np.concatenate(([0], np.flatnonzero(text.ends) + 1))
    return CleanText(text_of(codes), codes, text.origin, bounds, pages, pinyin, lost)


def clean(text: str) -> str:
    """Clean one piece of text.

    >>> clean("政法工作現(xiàn)代化，辦結１２３件")
    '政法工作现代化,办结123件'
    """
    return clean_paragraphs(text, [Paragraph(0, len(text), 1)]).text[:-1]


@dataclass(frozen=True, slots=True)
class _Tables:
    """By code point, all (TABLE_SIZE,): whether it is a blank, a line break or invisible; its NFKC.

    unstable: whether NFKC is more than one character for one. starter: whether it never composes with what is before.
    script: 2 for a Han character or a mark of Chinese punctuation, 1 for a figure, else 0.
    """

    blank: NDArray[np.bool_]
    breaks: NDArray[np.bool_]
    invisible: NDArray[np.bool_]
    compatible: Codes
    unstable: NDArray[np.bool_]
    starter: NDArray[np.bool_]
    script: NDArray[np.uint8]


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
    single = np.fromiter(map(len, normals), dtype=np.int64) == 1
    single &= np.fromiter(map(unicodedata.combining, alphabet), dtype=np.int64) == 0
    looked_up = codes_of("".join(alphabet))[single]
    compatible[looked_up] = codes_of("".join(compress(normals, single.tolist())))
    unstable[looked_up] = False
    unstable[0x1100:0x1200] = True  # Hangul jamo compose though they are no combining marks
    starter = np.zeros(TABLE_SIZE, dtype=np.bool_)
    for codes in _STARTERS:
        starter[codes.start : codes.stop] = True
    script = np.zeros(TABLE_SIZE, dtype=np.uint8)
    script[0x4E00:0xA000] = 2
    script[[ord(mark) for mark in "。、,;:?!()《》“”‘’"]] = 2
    script[ord("0") : ord("9") + 1] = 1
    return _Tables(_marked(BLANKS), _marked("\r\n"), _marked(_INVISIBLE), compatible, unstable, starter, script)


def _marked(characters: str) -> NDArray[np.bool_]:
    table = np.zeros(TABLE_SIZE, dtype=np.bool_)
    table[[ord(char) for char in characters]] = True
    return table


def _laid_out(texts: Sequence[str], starts: Offsets) -> _Text:
    lengths = np.fromiter(map(len, texts), dtype=np.int64, count=len(texts)) + 1
    codes = codes_of("\n".join([*texts, ""]))
    after = np.cumsum(lengths)
    origin = np.arange(len(codes), dtype=np.int64) + np.repeat(starts - (after - lengths), lengths)
    ends = np.zeros(len(codes), dtype=np.bool_)
    ends[after - 1] = True
    return _Text(codes, origin, ends)


def _by_page(text: _Text, pages: Offsets, places: Offsets) -> Offsets:
    """(r,) how many of `places` stand in each report."""
    if not len(places):
        return np.zeros(len(pages) - 1, dtype=np.int64)
    last = np.flatnonzero(text.ends)[pages[1:] - 1]
    return np.bincount(np.searchsorted(last, places), minlength=len(last))


def _kept(text: _Text, gone: NDArray[np.bool_]) -> _Text:
    if not gone.any():
        return text
    keep = ~gone
    return _Text(text.codes[keep], text.origin[keep], text.ends[keep])


def _without(text: _Text, spans: Sequence[tuple[int, int]]) -> _Text:
    gone = np.zeros(len(text.codes), dtype=np.bool_)
    for start, end in spans:
        gone[start:end] = True
    return _kept(text, gone)


def _unwrap(text: _Text) -> _Text:
    """Drop line breaks inside paragraphs with the blanks around them, or make them one blank (see `stays_apart`)."""
    codes, blank = text.codes.copy(), _tables().blank[text.codes] & ~text.ends
    edges = np.flatnonzero(np.diff(blank, prepend=False, append=False))
    gone = np.zeros(len(codes), dtype=np.bool_)
    inner = np.flatnonzero(_tables().breaks[codes] & ~text.ends)
    for run in _distinct(np.searchsorted(edges, inner, side="right") // 2).tolist():
        start, end = edges[2 * run : 2 * run + 2].tolist()
        gone[start:end] = True
        if start and not text.ends[start - 1] and stays_apart(chr(codes[start - 1]), chr(codes[end])):
            gone[start] = False
            codes[start] = ord(" ")
    return _kept(_Text(codes, text.origin, text.ends), gone)


def _compatible(text: _Text) -> _Text:
    """NFKC of everything: by table, but for stretches with a character that composes or becomes several."""
    tables = _tables()
    codes = tables.compatible[text.codes]
    unstable = np.flatnonzero(tables.unstable[text.codes])
    if not len(unstable):
        return _Text(codes, text.origin, text.ends)
    spans = _stretches(np.flatnonzero(tables.starter[text.codes]), unstable, len(codes))
    slow = [_normalised(text.codes[start:end], start) for start, end in spans]
    edges = [0, *(edge for span in spans for edge in span), len(codes)]
    fast = [slice(start, end) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    flat = np.concatenate([part for at, (own, _) in zip(fast, slow, strict=False) for part in (codes[at], own)])
    every = np.arange(len(codes))
    picked = np.concatenate([part for at, (_, own) in zip(fast, slow, strict=False) for part in (every[at], own)])
    flat, picked = np.concatenate((flat, codes[fast[-1]])), np.concatenate((picked, every[fast[-1]]))
    return _Text(flat, text.origin[picked], text.ends[picked] & (flat == NEWLINE))


def _closed_up(text: _Text) -> _Text:
    """Without the blanks between Han characters, marks and figures that converters leave in prose.

    Elsewhere a blank says something: it parts the names in a list, a title's two halves, columns.
    """
    blanks = _tables().blank[text.codes] & ~text.ends
    blank = np.flatnonzero(blanks)
    if not len(blank):
        return text
    paragraph_end = np.flatnonzero(text.ends)
    lengths = np.diff(paragraph_end, prepend=-1) - 1
    stops = np.searchsorted(paragraph_end, np.flatnonzero(text.codes == _STOP))
    prose = (lengths >= LEAST_PROSE) & (np.bincount(stops, minlength=len(lengths)) > 0)
    blank = blank[prose[np.searchsorted(paragraph_end, blank)]]
    filled = np.flatnonzero(~blanks)
    # A paragraph that is prose begins and ends with something else.
    after = np.searchsorted(filled, blank)
    left, right = (_tables().script[text.codes[filled[at]]] for at in (np.maximum(after - 1, 0), after))
    gone = np.zeros(len(text.codes), dtype=np.bool_)
    gone[blank[(left > 0) & (right > 0) & (left + right > 2)]] = True
    return _kept(text, gone)


def _stretches(starters: Offsets, unstable: Offsets, size: int) -> list[tuple[int, int]]:
    """Where the stretches from one starter to the next stand that hold an unstable character."""
    bounds = np.concatenate(([0], starters, [size]))
    number = _distinct(np.searchsorted(bounds, unstable, side="right"))
    return list(zip(bounds[number - 1].tolist(), bounds[number].tolist(), strict=True))


def _distinct(rising: Offsets) -> Offsets:
    """The different values of an array that never falls; numpy's own function imports much."""
    return rising[np.diff(rising, prepend=-1) > 0]


def _normalised(codes: Codes, start: int) -> tuple[Codes, Offsets]:
    """NFKC of the stretch of text that begins at `start`, and where each of its characters came from."""
    chars: list[str] = []
    sources: list[int] = []
    stretch = text_of(codes)
    for first in range(0, len(stretch), _LONGEST_CLUSTER):
        cluster = stretch[first : first + _LONGEST_CLUSTER]
        normal, indexes = normalised(cluster)
        chars.append(normal)
        sources.extend(start + first + index for index in indexes)
    return codes_of("".join(chars)), np.array(sources, dtype=np.int64)
