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

_READING: Final = re.compile(
    r"(?<=[\u4e00-\u9fff])[(（]([a-zü\u00e0-\u00fc\u0101-\u01dc\u1e3f\u0300-\u030c]{1,12})[)）]", re.IGNORECASE
)


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


def damage(text: str) -> Iterator[tuple[int, int]]:
    """Start and end of every bracketed reading that stands behind its own character."""
    for match in _READING.finditer(text):
        if is_reading(match[1], text[match.start() - 1]):
            yield match.span()
