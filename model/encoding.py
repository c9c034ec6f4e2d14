"""Which encoding bytes are in: a byte order mark, else strict UTF-8, else whatever reads best.

Bytes do not say their encoding, but read in a wrong one they turn into rare characters: of a report nearly all
characters are in the first levels of GB2312 and Big5, of the same bytes misread at most two in three.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Final

# The share of common characters, or of whole ones in UTF-8, from which an encoding is believed.
_READABLE: Final = 0.7
# Bytes that are judged, from the first one that is not ASCII: so many decide, however long the text is.
_SAMPLE: Final = 1 << 13
_NOT_ASCII: Final = re.compile(rb"[\x80-\xff]")

# UTF-32 before UTF-16, whose mark begins like it; the last is how GB18030 writes U+FEFF.
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"\x84\x31\x95\x33", "gb18030"),
)
# What is written as Big5 has the characters that Hong Kong and ETEN added to it.
_CODECS: Final = {"big5": "big5hkscs", "utf-8-sig": "utf-8"}
_ASCII: Final = tuple(map(chr, range(1, 128)))
_BYTEWISE: Final = ("utf-8", "gb18030", "big5")
_UTF16: Final = ("utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Reading:
    """Bytes read in an encoding. lost: how many U+FFFD stand in the text for bad bytes; bad_bytes: for how many."""

    encoding: str
    text: str
    lost: int
    bad_bytes: int


def read(raw: bytes) -> Reading | None:
    """Read bytes in the encoding that fits best, UTF-8 if none does; None if NUL bytes show that it is no text."""
    for mark, encoding in _MARKS:
        if raw.startswith(mark):
            return _reading(raw[len(mark) :], encoding)
    if b"\0" not in raw:
        try:
            return Reading("utf-8", raw.decode("utf-8"), 0, 0)
        except UnicodeDecodeError:
            pass
    encoding = _guess(raw)
    return _reading(raw, encoding) if encoding else None


def _reading(raw: bytes, encoding: str) -> Reading:
    codec = _CODECS.get(encoding, encoding)
    text, good = raw.decode(codec, "replace"), raw.decode(codec, "ignore")
    bad_bytes = len(raw) - len(good.encode(codec, "replace")) if len(good) < len(text) else 0
    return Reading(encoding, text, len(text) - len(good), bad_bytes)


def _guess(raw: bytes) -> str:
    """The encoding of bytes that are not whole UTF-8; empty if nothing explains their NUL bytes."""
    first = _NOT_ASCII.search(raw)
    start = first.start() & ~1 if first else 0
    sample = raw[start : start + _SAMPLE]
    has_nul = b"\0" in raw
    # Of equals the first wins.
    candidates = (*(() if has_nul else _BYTEWISE), *(() if len(raw) % 2 else _UTF16))
    scores = {encoding: _score(sample, encoding) for encoding in candidates}
    best = max(scores, key=lambda encoding: scores[encoding], default="")
    if best and scores[best] >= _READABLE:
        return best
    return "" if has_nul else "utf-8"


def _score(sample: bytes, encoding: str) -> float:
    return _whole(sample) if encoding == "utf-8" else _common(sample, encoding)


def _whole(sample: bytes) -> float:
    """The share of characters beyond ASCII that are whole UTF-8."""
    good = sample.decode("utf-8", "ignore")
    lost = len(sample.decode("utf-8", "replace")) - len(good)
    whole = sum(char > "\x7f" for char in good)
    return whole / max(whole + lost, 1)


def _common(sample: bytes, encoding: str) -> float:
    """The share of common characters; ASCII counts only in UTF-16, where half of its bytes are NUL."""
    counts = Counter(sample.decode(_CODECS.get(encoding, encoding), "replace"))
    plain = sum(counts.pop(char, 0) for char in _ASCII)
    total = sum(counts.values())
    common = sum(counts[char] for char in common_characters().intersection(counts))
    return (plain + common) / max(plain + total, 1) if encoding in _UTF16 else common / max(total, 1)


@cache
def common_characters() -> frozenset[str]:
    """The first levels of GB2312 and Big5 and the punctuation of both, which nearly all Chinese text is made of."""
    simplified = _table((0xA1, 0xA2, 0xA3, *range(0xB0, 0xD8)), range(0xA1, 0xFF))
    traditional = _table((0xA1, 0xA2, *range(0xA4, 0xC7)), (*range(0x40, 0x7F), *range(0xA1, 0xFF)))
    return frozenset(simplified.decode("gb2312", "ignore") + traditional.decode("big5", "ignore"))


def _table(rows: Iterable[int], cells: Iterable[int]) -> bytes:
    """All two-byte codes of a character set's rows and cells."""
    return bytes(byte for row in rows for cell in cells for byte in (row, cell))
