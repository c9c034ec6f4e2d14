"""How a paragraph looks: its shape, its place on the page, its neighbours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.clean import LEAST_PROSE, CleanText
from model.features import DIGIT, LETTER, Ints, classes, pair_hashes
from model.lexical import Floats
from model.simplify import TABLE_SIZE, Codes

_LONGEST_LINE: Final = 80  # and any other: hardly a heading or a caption is longer
_LENGTHS: Final = (5, 9, 14, 20, 28, 40, 60, 100)
_DIGITS: Final = "0123456789"
# How paragraphs begin, each with the characters that may come first.
_FORMS: Final = (
    ("第一二三四五六七八九十", re.compile(r"第?[一二三四五六七八九十]{1,3}(?:、|是|,|\.| |章|部分|篇)")),
    ("(", re.compile(r"\([一二三四五六七八九十]{1,3}\)")),
    (f"({_DIGITS}", re.compile(r"\(?[0-9]{1,2}(?:\.(?![0-9])|、|\)|,)")),
    ("—-", re.compile(r"[—\-]{1,3}")),
    ("●■◆▲★◎○□△▶►·>※", re.compile(r"[●■◆▲★◎○□△▶►·>※]")),
    ("【[〔<《", re.compile(r"[【\[〔<《]")),
    ("(", re.compile(r"[(]")),
    (_DIGITS, re.compile(r"[0-9]{4}[年\-./]")),
)
_OPENERS: Final = "".join(openers for openers, _ in _FORMS)
_BY_OPENER: Final = {
    ord(char): [(column, form) for column, (openers, form) in enumerate(_FORMS) if char in openers] for char in _OPENERS
}
_LABEL: Final = re.compile(r".{0,6}?[:|]")
_HEAD: Final = 7
_LEAST_TWIN: Final = 3  # letters; paragraphs with fewer say the same by chance
_STOP, _COMMA, _BLANK, _FIGURE, _LATIN, _FOREIGN = range(1, 7)
_KINDS: Final = 7
_ENDINGS: Final = "。!?;:,、”)】》—…"
_NEIGHBOURS: Final = (-3, -2, -1, 1, 2, 3)
_PER_NEIGHBOUR: Final = 5
_OWN: Final = 3 + len(_LENGTHS) + len(_FORMS) + 1 + len(_ENDINGS) + 1 + 9
_PLACE: Final = 21 + 6 + 4
LOOKS: Final = _OWN + _PLACE + len(_NEIGHBOURS) * _PER_NEIGHBOUR
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)
_PAGE: Final = np.uint64(0xC2B2AE3D27D4EB4F)


def looks(clean: CleanText) -> Floats:
    """Features (n, LOOKS) of the n paragraphs of some reports; the first column is 1 for prose."""
    lengths = np.diff(clean.bounds) - 1
    last = np.zeros(len(lengths), dtype=np.int64)
    filled = lengths > 0
    last[filled] = clean.codes[clean.bounds[1:][filled] - 2]
    counts = _counts(clean, lengths)
    stops = counts[:, _STOP]
    own = _own(clean, lengths, last, counts)
    prose = ((lengths >= LEAST_PROSE) & (stops > 0)) | (lengths >= _LONGEST_LINE)
    page = _page(clean)
    letter = classes()[clean.codes] == LETTER
    place = np.hstack(
        (
            _place(clean, prose, lengths, letter, page),
            _peers(clean, prose, lengths, last, page),
            _twins(clean, prose, letter, page),
        )
    )
    summary = np.column_stack(
        (
            prose,
            np.log1p(lengths),
            stops > 0,
            own[:, 3 + len(_LENGTHS) :][:, : len(_FORMS) + 1].max(axis=1),
            lengths < 15,
        )
    )
    around = (_shifted(summary, offset, page) for offset in _NEIGHBOURS)
    return np.hstack((prose[:, None], own, place, *around))


@dataclass(frozen=True, slots=True)
class _Page:
    """Where each of n paragraphs stands, all (n,): in which report, as which of its paragraphs, of how many."""

    number: Ints
    at: Ints
    count: Ints


def _page(clean: CleanText) -> _Page:
    sizes = np.diff(clean.pages)
    number = clean.page_of
    return _Page(number, np.arange(len(number)) - clean.pages[number], sizes[number])


def _counts(clean: CleanText, lengths: Ints) -> Ints:
    """(n, _KINDS) how many characters of each kind every paragraph has."""
    paragraph = np.repeat(np.arange(0, _KINDS * len(lengths), _KINDS), lengths + 1)
    return np.bincount(paragraph + _kinds()[clean.codes], minlength=_KINDS * len(lengths)).reshape(-1, _KINDS)


@cache
def _kinds() -> NDArray[np.uint8]:
    """The kind of every code point, as far as it is counted; a Latin letter is none of the other letters."""
    table = np.zeros(TABLE_SIZE, dtype=np.uint8)
    table[classes() == LETTER] = _FOREIGN
    table[:0x250][classes()[:0x250] == LETTER] = _LATIN
    table[classes() == DIGIT] = _FIGURE
    for kind, characters in ((_STOP, "。"), (_COMMA, ",、"), (_BLANK, " \u3000")):
        table[[ord(char) for char in characters]] = kind
    return table


def _own(clean: CleanText, lengths: Ints, last: Ints, counts: Ints) -> Floats:
    stops, commas, digits, latin = (counts[:, kind] for kind in (_STOP, _COMMA, _FIGURE, _LATIN))
    ends = last[:, None] == np.array([ord(char) for char in _ENDINGS])
    size = np.maximum(lengths, 1)
    return np.column_stack(
        (
            np.log1p(lengths),
            np.log1p(lengths) ** 2 / 5,
            *(lengths <= most for most in _LENGTHS),
            _forms(clean),
            ends,
            ~ends.any(axis=1),
            stops > 0,
            np.log1p(stops),
            np.log1p(commas),
            (commas > 0) & (lengths < LEAST_PROSE),
            digits > 0,
            digits / size,
            counts[:, _BLANK] / size,
            latin / size,
            (counts[:, _FOREIGN] + latin) / size,
        )
    )


def _forms(clean: CleanText) -> Floats:
    """(n, FORMS + 1) which form each paragraph begins with, and whether a short label stands at its beginning."""
    starts = clean.bounds[:-1]
    forms = np.zeros((len(starts), len(_FORMS) + 1))
    first, text = clean.codes[starts], clean.text
    for number in np.flatnonzero(_is(first, _OPENERS)).tolist():
        for column, form in _BY_OPENER[int(first[number])]:
            forms[number, column] = form.match(text, starts[number]) is not None
    head = np.minimum(starts[:, None] + np.arange(_HEAD), len(clean.codes) - 1)
    for number in np.flatnonzero(_is(clean.codes[head], ":|").any(axis=1)).tolist():
        forms[number, -1] = _LABEL.match(text, starts[number]) is not None
    return forms


def _place(clean: CleanText, prose: NDArray[np.bool_], lengths: Ints, letter: NDArray[np.bool_], page: _Page) -> Floats:
    at, count = page.at, page.count
    seen: Ints = np.cumsum(np.concatenate(([0], prose)))
    before = seen[:-1] - seen[clean.pages[page.number]]
    after = seen[clean.pages[page.number + 1]] - seen[1:]
    run, place_in_run, left_in_run = _runs(prose, page)
    overlap = _overlap(clean, prose, lengths, letter, page)
    return np.column_stack(
        (
            at == 0,
            at == 1,
            at == 2,
            at < 5,
            np.log1p(at),
            count - at == 1,
            count - at == 2,
            count - at <= 4,
            np.log1p(count - at),
            at / count,
            np.log1p(before),
            np.log1p(after),
            before == 0,
            (after == 0) & ~prose,
            np.log1p(run) * ~prose,
            np.log1p(place_in_run) * ~prose,
            np.log1p(left_in_run) * ~prose,
            (left_in_run == 0) & ~prose & (after > 0),
            (after == 0) * np.log1p(run) * ~prose,
            overlap,
            overlap * (after == 0),
        )
    )


def _peers(clean: CleanText, prose: NDArray[np.bool_], lengths: Ints, last: Ints, page: _Page) -> Floats:
    """How many other short paragraphs are like each: headings of one report are built alike.

    Of those that stand alone between prose: with about its length, with its first, with its last character.
    """
    first = clean.codes[clean.bounds[:-1]].astype(np.int64)
    before = np.concatenate(([True], prose[:-1])) | (page.at == 0)
    behind = np.concatenate((prose[1:], [False])) & (page.at < page.count - 1)
    alone = ~prose & behind & (lengths > 1)
    pages = len(clean.pages) - 1
    # Two cells more on both sides, so that a neighbour in length is never of the next page.
    size = np.minimum(lengths, 99) + 2 + page.number * 104
    counts = np.bincount(size[alone], minlength=pages * 104)
    alike = sum(counts[size + offset] for offset in range(-2, 3)) - alone
    same_first = _same(first % 4096 + page.number * 4096, alone)
    same_last = _same(last % 4096 + page.number * 4096, alone)
    marks = np.column_stack((np.log1p(alike), np.log1p(same_first), np.log1p(same_last))) * ~prose[:, None]
    return np.column_stack((marks, alone, alone & before, marks[:, 1] * alone))


def _same(keys: Ints, counted: NDArray[np.bool_]) -> Ints:
    """(n,) how many others that are `counted` have the same key."""
    return np.bincount(keys[counted], minlength=int(keys.max()) + 1)[keys] - counted


def _twins(clean: CleanText, prose: NDArray[np.bool_], letter: NDArray[np.bool_], page: _Page) -> Floats:
    """Whether others with the same letters stand before each paragraph and behind it, whether before alone, how many.

    Contents say every heading before it comes, with other figures; pages say their own head again and again.
    """
    # The order of the letters does not matter: hardly two paragraphs have the same ones in another.
    mixed = (clean.codes.astype(np.uint64) + 1) * np.uint64(0x9E3779B97F4A7C15)
    mixed = (mixed ^ (mixed >> np.uint64(32))) * _MIX
    own = ~prose & (np.add.reduceat(letter, clean.bounds[:-1], dtype=np.int64) >= _LEAST_TWIN)
    key = np.add.reduceat(mixed * letter, clean.bounds[:-1]) + page.number.astype(np.uint64) * _PAGE
    marks = np.zeros((len(prose), 4))
    if not own.any():
        return marks
    # Numpy's own function for distinct values imports much.
    place = np.flatnonzero(own)[np.argsort(key[own], kind="stable")]
    first = np.flatnonzero(np.concatenate(([True], key[place[1:]] != key[place[:-1]])))
    size = np.diff(np.append(first, len(place)))
    before = np.arange(len(place)) - np.repeat(first, size)
    size = np.repeat(size, size)
    behind = size - 1 - before
    marks[place] = np.column_stack((before > 0, behind > 0, (before > 0) & (behind == 0), np.log1p(size - 1)))
    return marks


def _runs(prose: NDArray[np.bool_], page: _Page) -> tuple[Ints, Ints, Ints]:
    """Length of each paragraph's run, how many stand before and behind it in the run."""
    change = np.concatenate(([True], prose[1:] != prose[:-1])) | (page.at == 0)
    number = np.cumsum(change) - 1
    first = np.flatnonzero(change)
    size = np.bincount(number)
    place = np.arange(len(prose)) - first[number]
    return size[number], place, size[number] - 1 - place


def _overlap(
    clean: CleanText, prose: NDArray[np.bool_], lengths: Ints, letter: NDArray[np.bool_], page: _Page
) -> Floats:
    """Share of each paragraph's character pairs that some prose of the page holds; tails of other pages share few."""
    at = np.flatnonzero(letter[:-1] & letter[1:])
    paragraph = np.repeat(np.arange(len(lengths)), lengths + 1)[at]
    bits = (pair_hashes(clean.codes, at) * _MIX >> np.uint64(48)).astype(np.int64)
    bits += (page.number << 16)[paragraph]
    seen = np.zeros((len(clean.pages) - 1) << 16, dtype=np.bool_)
    seen[bits[prose[paragraph]]] = True
    every = np.bincount(paragraph, minlength=len(prose))
    shared = np.bincount(paragraph[seen[bits]], minlength=len(prose))
    return shared / np.maximum(every, 1)


def _is(codes: Codes, characters: str) -> NDArray[np.bool_]:
    return _table(characters)[codes]


@cache
def _table(characters: str) -> NDArray[np.bool_]:
    table = np.zeros(TABLE_SIZE, dtype=np.bool_)
    table[[ord(char) for char in characters]] = True
    return table


def _shifted(values: Floats, offset: int, page: _Page) -> Floats:
    """Values of the paragraph `offset` further down, zeros beyond the page."""
    origin = np.flatnonzero((page.at + offset >= 0) & (page.at + offset < page.count))
    shifted = np.zeros_like(values, dtype=np.float64)
    shifted[origin] = values[origin + offset]
    return shifted
