"""Pinyin damage: pages whose copy protection or converter put a reading behind a character, 現(xiàn)代化.

`pinyin.txt` lists toneless syllables and the characters (U+4E00-U+9FFF) read so; it was made once
from the dictionary of pypinyin (MIT licence), which prediction does not need.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np

from model.simplify import Codes, text_of

# Some converters leave a blank behind the reading: 會(huì )議.
_READING: Final = re.compile(
    r"[(（]([a-zü\u00e0-\u00fc\u0101-\u01dc\u1e3f\u0300-\u030c]{1,12})[ \u00a0]?[)）]", re.IGNORECASE
)
_LONGEST: Final = 15


@cache
def _characters() -> dict[str, frozenset[str]]:
    lines = Path(__file__).with_name("pinyin.txt").read_text("utf-8").splitlines()
    return {syllable: frozenset(characters) for syllable, characters in (line.split(" ") for line in lines)}


def is_reading(letters: str, character: str) -> bool:
    """Whether `letters`, with or without tone marks, are a reading of `character`.

    >>> is_reading("xiàn", "現"), is_reading("zhi", "质"), is_reading("lǜ", "律"), is_reading("App", "件")
    (True, True, True, False)
    """
    marks = unicodedata.normalize("NFD", letters.lower())
    plain = "".join(
        "v" if mark == "\u0308" else mark for mark in marks if not "\u0300" <= mark <= "\u030c" or mark == "\u0308"
    )
    return character in _characters().get(plain.replace("uv", "v"), ())


def damage(codes: Codes) -> Iterator[tuple[int, int]]:
    """Start and end of every bracketed reading in the text of `codes` that stands behind its own character."""
    brackets = np.flatnonzero((codes == ord("(")) | (codes == ord("（")))
    brackets = brackets[(brackets > 0) & (brackets < len(codes) - 2)]
    character, letter = codes[brackets - 1], codes[brackets + 1]
    # No digit and no Chinese character or mark begins a reading.
    likely = (character >= 0x4E00) & (character < 0xA000) & (letter > ord("9")) & (letter < 0x2200)
    for bracket in brackets[likely].tolist():
        around = text_of(codes[bracket - 1 : bracket + _LONGEST])
        match = _READING.match(around, 1)
        if match and is_reading(match[1], around[0]):
            yield bracket, bracket + match.end() - 1
