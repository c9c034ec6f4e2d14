"""Paragraphs, the unit of everything: where each stands in the source.

In ordinary text a non-blank line is a paragraph. Hard-wrapped text is re-joined, text that lost its line breaks gets
them back.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import NamedTuple

from model.breaks import LONG, lost_breaks
from model.lines import BLANKS, Lines, non_blank_lines, with_plain_breaks
from model.rewrap import paragraph_starts


# Made for every paragraph that is read: a tuple takes half the time of a frozen dataclass.
class Paragraph(NamedTuple):
    """One paragraph: source[start:end] is its text as it stood, without blanks at both ends.

    start, end: code-point offsets. line: the number of its first line among the non-blank lines, from 1.
    inferred: whether its bounds were guessed inside a line that had lost its breaks.
    """

    start: int
    end: int
    line: int
    inferred: bool = False


def split_paragraphs(text: str) -> list[Paragraph]:
    """The paragraphs of a text, in order; between them there are only blanks.

    >>> [text[p.start : p.end] for text in ["　　标题\\r\\n\\r\\n　　正文。"] for p in split_paragraphs(text)]
    ['标题', '正文。']
    """
    lines = non_blank_lines(text)
    starts = paragraph_starts(lines)
    if starts is not None:
        return list(_rejoined(lines, starts))
    broken = _broken(lines)
    if broken:
        return list(_rebroken(lines, broken))
    return list(map(Paragraph, lines.start, lines.end, range(1, len(lines.start) + 1)))


def joined(text: str, paragraph: Paragraph) -> str:
    """The paragraph as one line: inner line breaks go with the blanks around them, between Latin words one blank stays.

    >>> joined("平安\\n　建设 ABC\\r\\nDEF 120\\n00", Paragraph(0, 23, 1))
    '平安建设 ABC DEF 12000'
    """
    body = text[paragraph.start : paragraph.end]
    if "\n" not in body and "\r" not in body:
        return body
    lines = [bare for line in with_plain_breaks(body).split("\n") if (bare := line.strip(BLANKS))]
    parted = (before + " " * stays_apart(before[-1], after[0]) for before, after in pairwise(lines))
    return "".join([*parted, *lines[-1:]])


def stays_apart(before: str, after: str) -> bool:
    """Whether a line break between two characters is a blank: between Latin words, not inside a figure.

    >>> stays_apart("t", "c"), stays_apart("2", "c"), stays_apart("2", "0"), stays_apart("安", "c")
    (True, True, False, False)
    """
    both = before + after
    return both.isascii() and before.isalnum() and after.isalnum() and not both.isdigit()


def _rejoined(lines: Lines, starts: list[int]) -> Iterator[Paragraph]:
    for first, following in pairwise([*starts, len(lines.start)]):
        yield Paragraph(lines.start[first], lines.end[following - 1], first + 1)


def _broken(lines: Lines) -> dict[int, list[tuple[int, int]]]:
    """The lines that lost their breaks, by number from 0: where their paragraphs stand in them."""
    long = [at for at, size in enumerate(map(int.__sub__, lines.end, lines.start)) if size > LONG]
    found = ((at, lost_breaks(lines.flat[lines.start[at] : lines.end[at]], len(lines.start))) for at in long)
    return {at: pieces for at, pieces in found if pieces}


def _rebroken(lines: Lines, broken: Mapping[int, list[tuple[int, int]]]) -> Iterator[Paragraph]:
    for at, (start, end) in enumerate(zip(lines.start, lines.end, strict=True)):
        if at not in broken:
            yield Paragraph(start, end, at + 1)
        for piece_start, piece_end in broken.get(at, ()):
            yield Paragraph(start + piece_start, start + piece_end, at + 1, inferred=True)
