"""Traditional to simplified characters, exactly as opencc-python-reimplemented's `t2s` does it.

That library replaces, inside a stretch without punctuation, the longest dictionary phrase anywhere
first (the leftmost of equal length), then the characters that are left. All its phrases keep their
length, so simplification is a table look-up on code points; phrases matter only near the few
characters whose simplification depends on the phrase (乾, 著, 鍾 ...).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labels.errors import UserError

TABLE_SIZE: Final = 0x110000
# The separators of OpenCC's phrase extraction: no phrase crosses one.
_SEPARATORS: Final = re.compile(
    r"[\s,.?!*　，。、；：？！…“”‘’『』「」﹁﹂—－（）《》〈〉～．／＼"
    r"︒︑︔︓︿﹀︹︺︙︐［﹇］﹈︕︖︰︳︴︽︾︵︶｛︷｝︸﹃﹄【︻】︼-]+"
)

Codes = NDArray[np.uint32]


@dataclass(frozen=True, slots=True)
class Simplifier:
    """How to simplify.

    table: (TABLE_SIZE,) the simplified code of every code. ambiguous: (TABLE_SIZE,) whether its phrases
    matter. phrases: by falling length, the length and what each becomes. beginnings: their first two characters.
    """

    table: Codes
    ambiguous: NDArray[np.bool_]
    phrases: tuple[tuple[int, dict[str, str]], ...]
    beginnings: frozenset[str]

    def apply(self, codes: Codes) -> Codes:
        """Simplify code points, shape (n,); returns a new array of the same shape."""
        simple = self.table[codes]
        hits = np.flatnonzero(self.ambiguous[codes])
        if not len(hits):
            return simple
        text, end = text_of(codes), 0
        for hit in hits.tolist():
            if hit < end:
                continue
            start, end = _segment(text, hit)
            for at, value in self._matches(text[start:end]):
                simple[start + at : start + at + len(value)] = [ord(char) for char in value]
        return simple

    def _matches(self, stretch: str) -> Iterator[tuple[int, str]]:
        likely = [at for at in range(len(stretch) - 1) if stretch[at : at + 2] in self.beginnings]
        taken = bytearray(len(stretch))
        for length, phrases in self.phrases if likely else ():
            for at in likely:
                value = phrases.get(stretch[at : at + length])
                if value and not any(taken[at : at + length]):
                    yield at, value
                    taken[at : at + length] = b"\1" * length


@cache
def simplifier() -> Simplifier:
    """The simplifier of this process, built from the dictionaries of opencc-python-reimplemented."""
    table = np.arange(TABLE_SIZE, dtype=np.uint32)
    for key, value in _dictionary("TSCharacters.txt").items():
        table[ord(key)] = ord(value)
    phrases = {key: value for key, value in _dictionary("TSPhrases.txt").items() if not _SEPARATORS.search(key)}
    ambiguous = np.zeros(TABLE_SIZE, dtype=np.bool_)
    for key, value in phrases.items():
        for char, chosen in zip(key, value, strict=True):
            ambiguous[ord(char)] |= table[ord(char)] != ord(chosen)
    lengths = sorted({len(key) for key in phrases}, reverse=True)
    by_length = tuple((length, _of_length(phrases, length)) for length in lengths)
    return Simplifier(table, ambiguous, by_length, frozenset(key[:2] for key in phrases))


def simplify(text: str) -> str:
    """Simplify a string.

    >>> simplify("乾隆年間，辦案幹警調解")
    '乾隆年间，办案干警调解'
    """
    return text_of(simplifier().apply(codes_of(text)))


def codes_of(text: str) -> Codes:
    """Code points of `text`, shape (n,), uint32."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def text_of(codes: Codes) -> str:
    """The string of code points, the inverse of `codes_of`."""
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def _of_length(phrases: dict[str, str], length: int) -> dict[str, str]:
    return {key: value for key, value in phrases.items() if len(key) == length}


def _segment(text: str, at: int) -> tuple[int, int]:
    following = _SEPARATORS.search(text, at)
    start = at
    while start and not _SEPARATORS.match(text[start - 1]):
        start -= 1
    return start, following.start() if following else len(text)


def _dictionary(name: str) -> dict[str, str]:
    spec = find_spec("opencc")
    if spec is None or spec.origin is None:
        raise UserError("the package opencc-python-reimplemented is not installed; pip install it")
    lines = (Path(spec.origin).parent / "dictionary" / name).read_text("utf-8").splitlines()
    pairs = (line.split("\t") for line in lines)
    return {key: values.split(" ")[0] for key, values in pairs}
