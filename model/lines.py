"""Physical lines: what breaks a line, what counts as blank, and where the non-blank lines of a text stand."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

# Every character that leaves no ink: controls, blanks of any width, zero-width and bidirectional marks, byte order
# mark, and U+E5E5, which GB18030 gives for the wide blank A3A0 of old Chinese pages.
BLANKS: Final = "".join(
    chr(code)
    for codes in (
        range(0x21),
        range(0x7F, 0xA1),
        (0xAD, 0x034F, 0x061C, 0x115F, 0x1160, 0x1680, 0x180E, 0x2800, 0x3000, 0x3164, 0xE5E5, 0xFEFF, 0xFFA0),
        range(0x2000, 0x2010),
        range(0x2028, 0x2030),
        range(0x205F, 0x2070),
    )
    for code in codes
)


@dataclass(frozen=True, slots=True)
class Lines:
    """The non-blank lines of a text, as parallel lists; all numbers are code-point offsets into the text.

    flat: the text with every line break as one newline at the same offset (of \\r\\n the \\r is a blank).
    left: where the line begins, with its indentation. start, end: the line without blanks at both ends.
    after_blank: whether a blank line stands right before it.
    """

    flat: str
    left: list[int]
    start: list[int]
    end: list[int]
    after_blank: list[bool]


def with_plain_breaks(text: str) -> str:
    """The text with \\r\\n and \\r as newlines, no character moved; nothing else breaks a line.

    >>> with_plain_breaks("a\\r\\nb\\rc")
    'a \\nb\\nc'
    """
    return text.replace("\r\n", " \n").replace("\r", "\n") if "\r" in text else text


def non_blank_lines(text: str) -> Lines:
    """Find the lines of a text that hold more than blanks."""
    flat = with_plain_breaks(text)
    left: list[int] = []
    start: list[int] = []
    end: list[int] = []
    after_blank: list[bool] = []
    offset, blank_before = 0, False
    for line in flat.split("\n"):
        bare = line.strip(BLANKS)
        if bare:
            # Before its first occurrence there are only blanks.
            begin = offset + line.index(bare[0])
            left.append(offset)
            start.append(begin)
            end.append(begin + len(bare))
            after_blank.append(blank_before)
        blank_before = not bare
        offset += len(line) + 1
    return Lines(flat, left, start, end, after_blank)
