"""Text in the cells of a spreadsheet: nothing runs as a formula, nothing breaks the file, nothing is too long."""

from __future__ import annotations

import re
from typing import Final

CELL_LIMIT: Final = 32_767  # characters (UTF-16 units) that Excel keeps of a cell
_CUT: Final = "…（截断 / cut）"
_STARTS: Final = "-=+@\t\r\n＝＋－＠"
FORMULA_STARTS: Final = frozenset(_STARTS)  # a spreadsheet takes a text for a formula that begins so
# Apostrophes before a formula count, too, so that taking one away gives back the text as it was.
_FORMULA: Final = re.compile(f"'*[{_STARTS}]")
# What XML 1.0 cannot hold; bidirectional marks could make a cell read as something that it is not.
_ILLEGAL: Final = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]")
# Excel reads _x000D_ in a cell as a character by its code, and writes some so.
_CODE: Final = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_CODED: Final = re.compile("_x([0-9A-Fa-f]{4})_")


def too_long(text: str) -> bool:
    """Whether a cell would not keep the whole text."""
    return len(text) > CELL_LIMIT // 2 and len(text.encode("utf-16-le", "replace")) > 2 * CELL_LIMIT


def cell_text(text: str) -> str:
    """Text that a cell can hold, at most `CELL_LIMIT` UTF-16 units of it; controls become U+FFFD.

    >>> cell_text("平安\\0建设\\u202e"), len(cell_text("长" * 40_000))
    ('平安\\ufffd建设\\ufffd', 32767)
    """
    return shortened(_ILLEGAL.sub("\ufffd", text.replace("\r\n", "\n").replace("\r", "\n")), _CUT)


def shortened(text: str, ending: str) -> str:
    """A text that a cell keeps whole, with the ending where something was cut off."""
    if not too_long(text):
        return text
    return text.encode("utf-16-le")[: 2 * (CELL_LIMIT - len(ending))].decode("utf-16-le", "ignore") + ending


def runs(text: str) -> bool:
    """Whether a spreadsheet would take a text for a formula.

    >>> runs("=1+1"), runs("——2024年")
    (True, False)
    """
    return _FORMULA.match(text) is not None


def plain_text(text: str) -> str:
    """The same for a cell of a CSV file: an apostrophe stands before what would be taken for a formula.

    >>> [plain_text(text) for text in ("=1+1", "-5%", "——2024年")]
    ["'=1+1", "'-5%", '——2024年']
    """
    return cell_text(f"'{text}" if runs(text) else text)


def from_plain(text: str) -> str:
    """A text as it was before `plain_text`.

    >>> [from_plain(plain_text(text)) for text in ("=1+1", "'=1", "it's", "''a", "")]
    ['=1+1', "'=1", "it's", "''a", '']
    """
    return text[1:] if text[:1] == "'" and runs(text) else text


def coded(text: str) -> str:
    """Text for a cell of a workbook, in which `_x0041_` stays those seven characters.

    >>> coded("_x0041_"), decoded(coded("_x0041_")), decoded("a_x000D_\\nb")
    ('_x005F_x0041_', '_x0041_', 'a\\nb')
    """
    return _CODE.sub("_x005F_", text)


def decoded(text: str) -> str:
    """Text of a cell of a workbook; a carriage return before a line feed goes."""
    return _CODED.sub(_character, text).replace("\r\n", "\n").replace("\r", "\n")


def _character(match: re.Match[str]) -> str:
    return chr(int(match.group(1), 16))
