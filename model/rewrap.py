"""Hard-wrapped text: every line cut at about the same width, as in old mails, telnet exports and copied PDFs.

The whole document is the evidence. Prose cut at a right edge piles up there, little goes beyond it, and what stands at
the edge is the middle of a sentence. A list of headlines has no such pile and few commas; verses and items
end in punctuation; ordinary paragraphs are longer than any edge. Editors cut by cells, 1 for a half-width character
and 2 for a Chinese one; programs cut by characters. Each is a ruler, and the one with the sharper pile is right.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from model.lines import Lines

# Which share of all lines must stand at the edge.
_SHARE_AT_EDGE: Final = 0.2
# How many times more lines stand at the edge than in a stretch of the same width before it.
_PILE: Final = 3
# Which share may stand beyond it: what a site adds between wrapped lines is not wrapped.
_SHARE_BEYOND: Final = 0.25
# Cells a sentence, at most, on the mean: lists and headlines have no full stops at all.
_SENTENCE: Final = 400
# Cells from which on a different indentation is meant.
_INDENT: Final = 2

_SENTENCE_END: Final = frozenset("。！？…!?")
_CLOSERS: Final = frozenset("”’」』）》】)]\"'")
_ANY_END: Final = frozenset("。！？；…!?;，、：,.:—") | _CLOSERS
_CLAUSES: Final = re.compile("[，。；：,;]")
_GAP: Final = re.compile("[ \u00a0\u3000]{3}|\t|\u3000\u3000")
_NUMBER: Final = "[一二三四五六七八九十]{1,3}"
_BULLET: Final = rf"[①-⑳●■◆★▲▪•·*#>|\-]|——|[（(](?:{_NUMBER}|[0-9]{{1,2}})[）)]|{_NUMBER}、|第{_NUMBER}[章节条，、]"
_MARKER: Final = re.compile(rf"{_BULLET}|[0-9０-９]{{1,2}}[.．、）)]")
# Rows of a table or a log begin with a figure; so does one line in twenty of cut prose, one in three where it is full
# of figures.
_ROW: Final = re.compile(rf"{_BULLET}|[0-9０-９]")
# What a wrapper doesn't cut: a Latin word or a figure; a Chinese character with the brackets and stops it carries.
_UNCUT: Final = re.compile(r"[“‘「『（《【(\[]{0,3}(?:[!-~]{1,40}|.)[，。；：、！？”’」』）》】,.;:!?)\]]{0,4}")


@dataclass(frozen=True, slots=True)
class _Ruler:
    """What widths are counted in, and the right edges that are looked for: 20 to 80 Chinese characters, with play.

    before: how far before the edge lines may end: a wide character or one with its comma did not fit. beyond: how far
    they may hang over it. least: how many lines must stand at it.
    """

    width: Callable[[str], int]
    narrowest: int
    widest: int
    before: int
    beyond: int
    least: int


def _cells(line: str) -> int:
    # GBK has a byte a cell: 2 for what is wide in Chinese text, 1 for ASCII and, replaced by "?", for what it lacks.
    return len(line.encode("gbk", "replace"))


_RULERS: Final = (_Ruler(_cells, 38, 162, 3, 2, 4), _Ruler(len, 19, 81, 1, 2, 6))


@dataclass(frozen=True, slots=True)
class _Measured:
    """Widths of all lines by one ruler; `full` of them end at the right edge or one before it."""

    ruler: _Ruler
    widths: list[int]
    edge: int
    full: int


@dataclass(frozen=True, slots=True)
class _Layout:
    """A document that may be wrapped; lists have one entry a line, what speaks of the line before is nothing in [0].

    edge: the right edge. widths: of the line, with its indentation or without. flush: no blank line before it, and
    indented like most lines that follow a full one. room: what stays free on the line before, were the line's first
    word there.
    """

    lines: Lines
    ruler: _Ruler
    edge: int
    widths: list[int]
    flush: list[bool]
    room: list[int]

    @property
    def widest(self) -> int:
        """How wide a line may be that the wrapper made."""
        return self.edge + self.ruler.beyond


def paragraph_starts(lines: Lines) -> list[int] | None:
    """The numbers (from 0) of the lines that start a paragraph, or None if the text is not hard-wrapped."""
    layout = _layout(lines)
    if layout is None:
        return None
    cut = _cut_lines(layout)
    if not _is_cut_prose(layout, cut):
        return None
    marked = _starts_are_marked(layout)
    play = layout.ruler.before if marked else _play(layout, cut)
    play_behind_stop = play if marked else 0
    return [0, *(at for at in range(1, len(lines.start)) if not _continues(layout, at, play, play_behind_stop))]


def _layout(lines: Lines) -> _Layout | None:
    # Some indent and then cut, some cut and then indent.
    lefts = (lines.left, lines.start) if lines.left != lines.start else (lines.left,)
    tried = (_measured(lines, left, ruler) for left in lefts for ruler in _RULERS if _may_fit(lines, ruler))
    best = max(filter(None, tried), key=lambda measured: measured.full, default=None)
    if best is None:
        return None
    ruler, widths, edge = best.ruler, best.widths, best.edge
    room = [0, *(edge - widths[at - 1] - _first_word(lines, at, ruler) for at in range(1, len(widths)))]
    return _Layout(lines, ruler, edge, widths, _flush(lines, widths, edge - ruler.before), room)


def _may_fit(lines: Lines, ruler: _Ruler) -> bool:
    count = len(lines.start)
    too_long = sum(map((ruler.widest + ruler.beyond).__lt__, map(int.__sub__, lines.end, lines.start)))
    return count > ruler.least and too_long <= _SHARE_BEYOND * count


def _measured(lines: Lines, lefts: list[int], ruler: _Ruler) -> _Measured | None:
    widths = [ruler.width(lines.flat[left:end]) for left, end in zip(lefts, lines.end, strict=True)]
    edge = _right_edge(widths, ruler)
    return _Measured(ruler, widths, edge, sum(edge - 1 <= width <= edge for width in widths)) if edge else None


def _first_word(lines: Lines, at: int, ruler: _Ruler) -> int:
    word = _UNCUT.match(lines.flat, lines.start[at], lines.end[at])
    return ruler.width(word.group()) if word else 0


def _right_edge(widths: list[int], ruler: _Ruler) -> int:
    """The right edge, 0 if the widths have none."""
    histogram = Counter(widths)
    before = ruler.before

    def lines_in(low: int, high: int) -> int:
        return sum(histogram[width] for width in range(low, high + 1))

    edges = [edge for edge in histogram if ruler.narrowest <= edge <= ruler.widest]
    at_edge, edge = max(((lines_in(edge - before, edge), -edge) for edge in edges), default=(0, 0))
    edge = -edge
    slope = lines_in(edge - 2 * before, edge - before - 1)
    beyond = sum(width > edge + ruler.beyond for width in widths)
    # A few lines are no pile where others go beyond it.
    least = ruler.least + 2 * min(beyond, ruler.least)
    piled = at_edge >= max(least + _PILE * slope, _SHARE_AT_EDGE * len(widths))
    return edge if piled and beyond <= _SHARE_BEYOND * len(widths) else 0


def _flush(lines: Lines, widths: list[int], full: int) -> list[bool]:
    indents = [
        _cells(lines.flat[left:start].replace("\t", "    "))
        for left, start in zip(lines.left, lines.start, strict=True)
    ]
    following = (
        indent
        for width, indent, after_blank in zip(widths, indents[1:], lines.after_blank[1:], strict=False)
        if width >= full and not after_blank
    )
    margin = max(Counter(following).items(), key=lambda item: (item[1], -item[0]), default=(0, 0))[0]
    return [
        not after_blank and abs(indent - margin) < _INDENT
        for indent, after_blank in zip(indents, lines.after_blank, strict=True)
    ]


def _cut_lines(layout: _Layout) -> list[int]:
    """Numbers of the lines that end at the edge with a line behind them that looks like their continuation."""
    narrow = layout.edge - layout.ruler.before
    return [
        at
        for at, (width, flush) in enumerate(zip(layout.widths, layout.flush[1:], strict=False))
        if flush and narrow <= width <= layout.widest
    ]


def _is_cut_prose(layout: _Layout, cut: list[int]) -> bool:
    """Whether the lines at the edge read as prose cut in mid-sentence."""
    lines, flat = layout.lines, layout.lines.flat
    if len(cut) < max(layout.ruler.least, _SHARE_AT_EDGE * len(lines.start)):
        return False
    within = [at for at, width in enumerate(layout.widths) if width <= layout.widest]
    stops = sum(flat.count(stop, lines.start[at], lines.end[at]) for at in within for stop in "。！？")
    return (
        stops * _SENTENCE >= sum(layout.widths[at] for at in within)
        and _share(cut, lambda at: flat[lines.end[at] - 1] in _ANY_END) <= 0.4
        and _share(cut, lambda at: bool(_CLAUSES.search(flat, lines.start[at], lines.end[at]))) >= 0.5
        and _share(cut, lambda at: bool(_GAP.search(flat, lines.start[at], lines.end[at]))) <= 0.1
        and _share(cut, lambda at: bool(_ROW.match(flat, lines.start[at + 1]))) <= 0.4
    )


def _share(numbers: list[int], is_so: Callable[[int], bool]) -> float:
    return sum(map(is_so, numbers)) / len(numbers)


def _play(layout: _Layout, cut: list[int]) -> int:
    """How many cells the wrapper may leave free: none if nearly every cut line is as full as it can be."""
    return 0 if _share(cut, lambda at: layout.room[at + 1] < 0) >= 0.85 else layout.ruler.before


def _starts_are_marked(layout: _Layout) -> bool:
    """Whether a blank line or indentation stands before nearly every line that follows a short one."""
    starts = [
        not flush
        for width, flush in zip(layout.widths, layout.flush[1:], strict=False)
        if width < layout.edge - 2 * layout.ruler.before
    ]
    return sum(starts) > 0.8 * len(starts)


def _continues(layout: _Layout, at: int, play: int, play_behind_stop: int) -> bool:
    """Whether line `at` goes on with the paragraph of the line before it."""
    lines, flat = layout.lines, layout.lines.flat
    if not layout.flush[at] or max(layout.widths[at - 1 : at + 1]) > layout.widest:
        return False
    if not _ends_sentence(flat, lines.start[at - 1], lines.end[at - 1]):
        return layout.room[at] < play
    return layout.room[at] < play_behind_stop and not _MARKER.match(flat, lines.start[at])


def _ends_sentence(flat: str, start: int, end: int) -> bool:
    last = end - 1
    while last > start and flat[last] in _CLOSERS and end - last < 4:
        last -= 1
    return flat[last] in _SENTENCE_END
