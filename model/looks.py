"""How a paragraph looks: its shape, its place on the page, its neighbours; and its characters, hashed."""

from __future__ import annotations

import re
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from model.clean import CleanText
from model.features import DIGIT, LETTER, Ints, classes, pair_hashes
from model.lexical import Floats
from model.simplify import TABLE_SIZE, Codes

_LONG: Final = 45  # characters from which a paragraph that ends a sentence is taken for prose
_EDGE: Final = 8
_SHORT: Final = 60
_LENGTHS: Final = (5, 9, 14, 20, 28, 40, 60, 100)
_FORMS: Final = (
    re.compile(r"第?[一二三四五六七八九十]{1,3}(?:、|是|,|\.| |章|部分|篇)"),
    re.compile(r"\([一二三四五六七八九十]{1,3}\)"),
    re.compile(r"\(?[0-9]{1,2}(?:\.(?![0-9])|、|\)|,)"),
    re.compile(r"[—\-]{1,3}"),
    re.compile(r"[●■◆▲★◎○□△▶►·>※]"),
    re.compile(r"[【\[〔<《]"),
    re.compile(r"[(]"),
    re.compile(r"[0-9]{4}[年\-./]"),
    re.compile(r".{0,6}?[:|]"),
)
_ENDINGS: Final = "。!?;:,、”)】》—…"
_NEIGHBOURS: Final = (-3, -2, -1, 1, 2, 3)
_PER_NEIGHBOUR: Final = 5
_OWN: Final = 3 + len(_LENGTHS) + len(_FORMS) + len(_ENDINGS) + 1 + 9
_PLACE: Final = 21 + 6
LOOKS: Final = _OWN + _PLACE + len(_NEIGHBOURS) * _PER_NEIGHBOUR
_SALTS: Final = tuple(np.uint64(salt * 0xC2B2AE3D27D4EB4F % 2**64) for salt in range(1, 8))
_MIX: Final = np.uint64(0xD6E8FEB86659FD93)


def looks(clean: CleanText) -> Floats:
    """Features (n, LOOKS) of the n paragraphs of a page; the first column is 1 for prose."""
    lengths = np.diff(clean.bounds) - 1
    last = np.zeros(len(lengths), dtype=np.int64)
    filled = lengths > 0
    last[filled] = clean.codes[clean.bounds[1:][filled] - 2]
    stops = _sums(_is(clean.codes, "。"), clean.bounds)
    own = _own(clean, lengths, last, stops)
    prose = (lengths >= _LONG) & (stops > 0)
    place = np.hstack((_place(clean, prose), _peers(clean, prose, lengths, last)))
    summary = np.column_stack(
        (prose, np.log1p(lengths), stops > 0, own[:, 3 + len(_LENGTHS) :][:, : len(_FORMS)].max(axis=1), lengths < 15)
    )
    return np.hstack((prose[:, None], own, place, *(_shifted(summary, offset) for offset in _NEIGHBOURS)))


def _own(clean: CleanText, lengths: Ints, last: Ints, stops: Ints) -> Floats:
    kinds = classes()[clean.codes]
    digits = _sums(kinds == DIGIT, clean.bounds)
    letters = _sums(kinds == LETTER, clean.bounds)
    blanks = _sums(_is(clean.codes, " \u3000"), clean.bounds)
    commas = _sums(_is(clean.codes, ",、"), clean.bounds)
    latin = _sums((clean.codes < 0x250) & (kinds == LETTER), clean.bounds)
    starts = clean.bounds[:-1].tolist()
    forms = [[form.match(clean.text, start) is not None for form in _FORMS] for start in starts]
    ends = last[:, None] == np.array([ord(char) for char in _ENDINGS])
    size = np.maximum(lengths, 1)
    return np.column_stack(
        (
            np.log1p(lengths),
            np.log1p(lengths) ** 2 / 5,
            *(lengths <= most for most in _LENGTHS),
            np.array(forms, dtype=np.float64).reshape(-1, len(_FORMS)),
            ends,
            ~ends.any(axis=1),
            stops > 0,
            np.log1p(stops),
            np.log1p(commas),
            (commas > 0) & (lengths < _LONG),
            digits > 0,
            digits / size,
            blanks / size,
            latin / size,
            letters / size,
        )
    )


def _place(clean: CleanText, prose: NDArray[np.bool_]) -> Floats:
    count = len(prose)
    at = np.arange(count)
    before: Ints = np.cumsum(prose) - prose
    after: Ints = prose.sum() - np.cumsum(prose)
    run, place_in_run, left_in_run = _runs(prose)
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
            _overlap(clean, prose),
            _overlap(clean, prose) * (after == 0),
        )
    )


def _peers(clean: CleanText, prose: NDArray[np.bool_], lengths: Ints, last: Ints) -> Floats:
    """How many other short paragraphs are like each: headings of one report are built alike.

    Of those that stand alone between prose: with about its length, with its first, with its last character.
    """
    first = clean.codes[clean.bounds[:-1]].astype(np.int64)
    before = np.concatenate(([True], prose[:-1]))
    behind = np.concatenate((prose[1:], [False]))
    alone = ~prose & behind & (lengths > 1)
    size = np.minimum(lengths, 99)
    counts = np.bincount(size[alone], minlength=104)
    alike = sum(counts[np.maximum(size + offset, 0)] for offset in range(-2, 3)) - alone
    same_first = np.bincount(first[alone] % 4096, minlength=4096)[first % 4096] - alone
    same_last = np.bincount(last[alone] % 4096, minlength=4096)[last % 4096] - alone
    marks = np.column_stack((np.log1p(alike), np.log1p(same_first), np.log1p(same_last))) * ~prose[:, None]
    return np.column_stack((marks, alone, alone & before, marks[:, 1] * alone))


def _runs(prose: NDArray[np.bool_]) -> tuple[Ints, Ints, Ints]:
    """Length of each paragraph's run, how many stand before and behind it in the run."""
    change = np.concatenate(([True], prose[1:] != prose[:-1]))
    number = np.cumsum(change) - 1
    first = np.flatnonzero(change)
    size = np.bincount(number)
    place = np.arange(len(prose)) - first[number]
    return size[number], place, size[number] - 1 - place


def _overlap(clean: CleanText, prose: NDArray[np.bool_]) -> Floats:
    """Share of each paragraph's character pairs that some prose of the page holds; tails of other pages share few."""
    kinds = classes()[clean.codes]
    at = np.flatnonzero((kinds[:-1] == LETTER) & (kinds[1:] == LETTER))
    paragraph = np.searchsorted(clean.bounds, at, side="right") - 1
    bits = (pair_hashes(clean.codes, at) * _MIX >> np.uint64(48)).astype(np.int64)
    seen = np.zeros(1 << 16, dtype=np.bool_)
    seen[bits[prose[paragraph]]] = True
    every = np.bincount(paragraph, minlength=len(prose))
    shared = np.bincount(paragraph, weights=seen[bits], minlength=len(prose))
    return shared / np.maximum(every, 1)


def tokens(clean: CleanText, rows: int) -> tuple[Ints, Ints]:
    """Hashed characters: (m,) paragraph numbers and (m,) rows below `rows`, a power of two.

    Of every paragraph its first one to three and last one to three characters; and the single
    characters, pairs and triples of its edges, of a short one all.
    """
    codes = np.where(classes()[clean.codes] == DIGIT, np.uint32(ord("0")), clean.codes).astype(np.uint64)
    start, end = clean.bounds[:-1], clean.bounds[1:] - 1
    shift = np.uint64(64 - (rows.bit_length() - 1))
    paragraphs, hashed = [], []
    for size in (1, 2, 3):
        has = np.flatnonzero(end - start >= size)
        for salt, at in ((_SALTS[0], start[has]), (_SALTS[1], end[has] - size)):
            paragraphs.append(has)
            hashed.append(_gram(codes, at, size, salt))
        at = np.flatnonzero(_within(clean, size))
        paragraphs.append(np.searchsorted(clean.bounds, at, side="right") - 1)
        hashed.append(_gram(codes, at, size, _SALTS[2]))
    row = np.concatenate(hashed) * _MIX >> shift
    return np.concatenate(paragraphs), row.astype(np.int64)


def _within(clean: CleanText, size: int) -> NDArray[np.bool_]:
    """Where an n-gram may start: inside a short paragraph, or inside the edges of a long one."""
    lengths = np.diff(clean.bounds) - 1
    place = np.arange(len(clean.codes)) - np.repeat(clean.bounds[:-1], lengths + 1)
    left = np.repeat(lengths, lengths + 1) - place
    short = np.repeat(lengths <= _SHORT, lengths + 1)
    inside: NDArray[np.bool_] = (left >= size) & (short | (place <= _EDGE - size) | (left <= _EDGE))
    return inside


def _gram(codes: NDArray[np.uint64], at: Ints, size: int, salt: np.uint64) -> NDArray[np.uint64]:
    hashes = np.full(len(at), salt + np.uint64(size))
    for offset in range(size):
        hashes = (hashes ^ codes[at + offset]) * np.uint64(0x9E3779B97F4A7C15)
        hashes ^= hashes >> np.uint64(29)
    return hashes


def _is(codes: Codes, characters: str) -> NDArray[np.bool_]:
    return _table(characters)[codes]


@cache
def _table(characters: str) -> NDArray[np.bool_]:
    table = np.zeros(TABLE_SIZE, dtype=np.bool_)
    table[[ord(char) for char in characters]] = True
    return table


def _sums(marks: NDArray[np.bool_], bounds: Ints) -> Ints:
    """(n,) how many characters of each paragraph are marked."""
    return np.add.reduceat(marks.astype(np.int64), bounds[:-1])


def _shifted(values: Floats, offset: int) -> Floats:
    """Values of the paragraph `offset` further down, zeros beyond the page."""
    shifted = np.zeros_like(values, dtype=np.float64)
    if offset > 0:
        shifted[:-offset] = values[offset:]
    else:
        shifted[-offset:] = values[:offset]
    return shifted
