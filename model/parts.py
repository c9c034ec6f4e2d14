"""Long texts in parts: whatever is in 8 MB, reading it takes the memory of one part.

A report of usual length is one part. Parts end where a line ends; a line longer than a part is cut behind a sentence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from model.lines import BLANKS
from model.paragraphs import Paragraph, split_paragraphs

LONGEST: Final = 1 << 17
MOST_LINES: Final = 1 << 12
# Ligatures that NFKC takes apart into 18 and 8 characters: of a text full of them a part is shorter.
_LIGATURES: Final = "\ufdfa\ufdfb"
_BREAK: Final = re.compile("[\r\n]")
_STOP: Final = re.compile("[。！？!?；;]")


def is_long(text: str) -> bool:
    """Whether a text is read in more than one part."""
    lines = text.count("\n") + text.count("\r") if len(text) > MOST_LINES else 0
    return len(text) > longest(text) or lines > MOST_LINES


def longest(text: str) -> int:
    """How many characters of a text a part may have."""
    return LONGEST // 8 if sum(map(text.count, _LIGATURES)) > len(text) // 64 else LONGEST


def parts(text: str) -> Iterator[tuple[int, int]]:
    """Where the parts of a text begin and end; joined they are the text."""
    start, most = 0, longest(text)
    while start < len(text):
        end = _end(text, start, start + most)
        yield start, end
        start = end


def paragraphs_by_part(text: str) -> Iterator[list[Paragraph]]:
    """The paragraphs of a long text, part by part, those without any left out; numbers are those of the whole text."""
    line, in_line = 0, False
    for start, end in parts(text):
        part = text[start:end]
        if not part.strip(BLANKS):
            in_line = in_line and not _BREAK.search(part)
            continue
        in_line = in_line and not _BREAK.search(part, 0, len(part) - len(part.lstrip(BLANKS)))
        found = [
            own._replace(start=own.start + start, end=own.end + start, line=own.line + line - in_line)
            for own in split_paragraphs(part)
        ]
        found[0] = found[0]._replace(inferred=found[0].inferred or in_line)
        line, in_line = found[-1].line, part[-1] not in "\r\n"
        yield found


def _end(text: str, start: int, most: int) -> int:
    """Where the part that begins at `start` ends, `most` at the latest."""
    lines = islice(_BREAK.finditer(text, start, most), MOST_LINES)
    ends = [match.end() for match in lines]
    if len(ends) == MOST_LINES:
        return _whole_break(text, ends[-1])
    if most >= len(text):
        return len(text)
    if ends:
        return _whole_break(text, ends[-1])
    stops = [match.end() for match in _STOP.finditer(text, start, most)]
    return stops[-1] if stops else most


def _whole_break(text: str, end: int) -> int:
    return end + (text[end - 1 : end + 1] == "\r\n")
