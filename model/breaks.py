"""Text that lost its line breaks: a whole report in one line, as a table cell has it.

What is left of the breaks are runs of wide blanks and the markers 一、 （一） behind a full stop.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from model.lines import BLANKS

# A shorter line is a paragraph or a heading, whatever is in it.
LONG: Final = 200
# In a document of more lines than this the breaks were kept, and a marker inside a line is a run-in.
_FEW_LINES: Final = 3
_HEADING_LENGTH: Final = 60

_WIDE: Final = "\u2003\u3000\ue5e5"
_RUN: Final = re.compile(f"[ \t\u00a0\u2002{_WIDE}]{{2,}}")
_NUMBER: Final = "[一二三四五六七八九十]{1,3}"
_NUMBERED: Final = re.compile(f"{_NUMBER}[、）)]")
_HEADING: Final = re.compile(f"[（(]?{_NUMBER}[、）)]|[0-9]{{1,2}}[.．、]|第{_NUMBER}[章节条部]|[—●■◆★]")
_STOPS: Final = frozenset("。！？…!?")
_CLOSERS: Final = "”’」』）》】)"
_DIGITS: Final = {numeral: value for value, numeral in enumerate("一二三四五六七八九", 1)}


@dataclass(frozen=True, slots=True)
class _Marker:
    """A marker at the start of a sentence: its offset, whether in brackets, and its number."""

    at: int
    bracketed: bool
    number: int


def lost_breaks(line: str, lines_in_text: int) -> list[tuple[int, int]]:
    """Where the paragraphs of a line stand in it, without blanks at both ends; empty if it is only one.

    >>> lost_breaks("短行不分。　　二、短行", 1)
    []
    """
    if len(line) <= LONG:
        return []
    runs = list(_wide_runs(line))
    cuts = {0, len(line)}
    if _are_breaks(line, runs):
        cuts.update(end for _, end in runs)
    if runs or lines_in_text <= _FEW_LINES:
        cuts.update(_section_starts(line))
    pieces = list(_trimmed(line, sorted(cuts)))
    return pieces if len(pieces) > 1 else []


def _wide_runs(line: str) -> Iterator[tuple[int, int]]:
    """Runs of blanks inside the line that are as wide as two Chinese characters or wider."""
    if not any(blank in line for blank in (*_WIDE, "\u00a0", "    ")):
        return
    for match in _RUN.finditer(line):
        run = match.group()
        if len(run) + sum(map(run.count, _WIDE)) >= 4:
            yield match.span()


def _are_breaks(line: str, runs: list[tuple[int, int]]) -> bool:
    """Whether the runs of blanks were line breaks: if a quarter must have been, all; in a form or a list none."""
    befores = [0, *(end for _, end in runs)]
    return 4 * sum(_is_break(line, before, run) for before, run in zip(befores, runs, strict=False)) >= len(runs)


def _is_break(line: str, before: int, run: tuple[int, int]) -> bool:
    """Whether a run stands behind a full stop, before a marker or behind a numbered heading that starts at `before`."""
    start, end = run
    behind_heading = start - before <= _HEADING_LENGTH and _HEADING.match(line, before) is not None
    return behind_heading or _is_stop(line, start) or _HEADING.match(line, end) is not None


def _is_stop(line: str, end: int) -> bool:
    """Whether a sentence ends right before `end`."""
    before = line[max(end - 4, 0) : end].rstrip(_CLOSERS)
    return before[-1:] in _STOPS


def _section_starts(line: str) -> Iterator[int]:
    """Offsets of the markers that count up: each has the number before it or after it as a neighbour of its kind."""
    every = list(_markers(line))
    for bracketed in (False, True):
        markers = [marker for marker in every if marker.bracketed is bracketed]
        steps = [after.number == before.number + 1 for before, after in pairwise(markers)]
        for marker, is_next, has_next in zip(markers, [False, *steps], [*steps, False], strict=False):
            if is_next or has_next:
                yield marker.at


def _markers(line: str) -> Iterator[_Marker]:
    for match in _NUMBERED.finditer(line):
        start, end = match.span()
        bracketed = line[end - 1] != "、"
        start -= bracketed
        if bracketed and (start < 0 or line[start] not in "（("):
            continue
        before = line[max(start - 12, 0) : start].rstrip(BLANKS)
        if not start or not before or _is_stop(before, len(before)):
            yield _Marker(start, bracketed, _number(match.group()[:-1]))


def _number(numerals: str) -> int:
    """The value of a Chinese number up to 99, 0 for what is none.

    >>> _number("三"), _number("十"), _number("二十一"), _number("一一")
    (3, 10, 21, 0)
    """
    tens, ten, ones = numerals.rpartition("十")
    if len(tens) > 1 or len(ones) > 1:
        return 0
    return (10 * _DIGITS.get(tens, 1) if ten else 0) + _DIGITS.get(ones, 0)


def _trimmed(line: str, cuts: list[int]) -> Iterator[tuple[int, int]]:
    for start, end in pairwise(cuts):
        piece = line[start:end]
        bare = piece.strip(BLANKS)
        if bare:
            begin = start + piece.index(bare[0])
            yield begin, begin + len(bare)
