"""Paragraphs of printed pages: lines joined across lines, columns and pages; running heads and page numbers told apart.

A line goes on with the paragraph before it where that line is full, and this one is neither indented nor set apart.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from statistics import median
from typing import Final

from model.blocks import Place
from model.page_layout import PageLine
from model.paragraphs import stays_apart

# Running heads stand in this part of the page's height at its top and bottom.
_MARGIN: Final = 0.13
_NUMERAL: Final = "(?:[0-9]{1,4}|[ivxIVX]{1,6}|[一二三四五六七八九十]{1,4})"
_PAGE_NUMBER: Final = re.compile(
    rf"[\s\-—–－·•第]*{_NUMERAL}[\s\-—–－·•页頁]*(?:[/／,，共]?\s*第?[共总]?\s*[0-9]{{1,4}}\s*[页頁]?)?[\s\-—–－]*"
)
_LEADERS: Final = re.compile(r"[.．·…]{4,}\s*[0-9]{1,4}$|[.．·…]{12,}")
_FIGURES: Final = re.compile("[0-9]+")
_SENTENCE_END: Final = frozenset("。！？…；!?;")
_MARKER: Final = re.compile(r"(?:[（(]?[0-9一二三四五六七八九十]{1,3}[）)、.．]|[①-⑳●■◆•▪○\-])")
# What no line is cut in: words, figures, a character with its stops and, to some programs, the figure behind them;
# curved quotation marks hold on to both sides.
_UNCUT: Final = re.compile(
    r"[（《【(\[]{0,3}(?:[!-~]{1,40}|.)"
    r"(?:[“”‘’]{1,2}[，。；：、！？]?(?:[!-~]{1,40}|.)?|[，。；：、！？）》】·,.;:!?)\]]{1,2}(?:[!-~]{1,40})?){0,4}"
)
_WIDE: Final = re.compile("[\u2e80-\uffff]")
_INDENT: Final = 1.2  # em
# Where indentation marks paragraphs, a line in mid-sentence may leave so many em free before an odd break.
_ROOM: Final = 5
_STEP: Final = 1.25  # times the usual distance of two lines of a paragraph
_EM: Final = 0.1  # by how much sizes of one paragraph may differ
_FEW: Final = 8  # lines, below which a page's edges are those of the document


@dataclass(frozen=True, slots=True)
class _Edges:
    """Where lines of a column usually begin and end, and how many em they usually are apart."""

    left: float
    right: float
    step: float


def page_blocks(pages: Sequence[Sequence[PageLine]], heights: Sequence[float]) -> Iterator[tuple[str, Place]]:
    """The paragraphs of a document in reading order, each with its place; `pages` hold their lines.

    What stands around the text of a page comes behind the paragraph that runs over it.
    """
    running = _running(pages, heights)
    inside = [[line for line in page if line not in running] for page in pages]
    edges = _Columns(inside)
    around = [(line, why) for page in pages for line in page if (why := running.get(line))]
    for paragraph in _paragraphs([line for page in inside for line in page], edges):
        while around and around[0][0].page < paragraph[0].page:
            yield _around(*around.pop(0))
        yield _joined(paragraph), _place(paragraph)
    for line, why in around:
        yield _around(line, why)


def _around(line: PageLine, why: str) -> tuple[str, Place]:
    return line.text, Place("boilerplate", why=why, page=line.page)


def _running(pages: Sequence[Sequence[PageLine]], heights: Sequence[float]) -> dict[PageLine, str]:
    """Lines that are page numbers, or stand at the edge of several pages alike, each with what it is."""
    edge = [
        line
        for page, height in zip(pages, heights, strict=True)
        for line in page
        if line.bottom < _MARGIN * height or line.top > (1 - _MARGIN) * height
    ]
    alike = Counter(key for _, keys in groupby(edge, key=lambda line: line.page) for key in set(map(_key, keys)))
    least = max(2, len(pages) // 4)
    found = {line: "running head" for line in edge if alike[_key(line)] >= least}
    return {**found, **{line: "page number" for line in edge if _PAGE_NUMBER.fullmatch(line.text)}}


def _key(line: PageLine) -> tuple[str, int]:
    """What is the same of a running head on several pages: its words and its height."""
    return _FIGURES.sub("0", "".join(line.text.split())), round(line.middle / (2 * line.em))


class _Columns:
    """The edges of each page's columns; of a page with few lines, those of all pages."""

    def __init__(self, pages: Iterable[Sequence[PageLine]]) -> None:
        lines = [line for page in pages for line in page]
        self._whole = _edges([line for line in lines if not line.column] or lines) if lines else _Edges(0, 0, 0)
        groups: dict[tuple[int, int], list[PageLine]] = {}
        for line in lines:
            groups.setdefault((line.page, line.column), []).append(line)
        self._own = {
            key: _edges(group) if key[1] else self._widened(_edges(group))
            for key, group in groups.items()
            if key[1] or len(group) >= _FEW
        }
        self.indents = self._indents(lines)

    def of(self, line: PageLine) -> _Edges:
        return self._own.get((line.page, line.column), self._whole)

    def _widened(self, edges: _Edges) -> _Edges:
        """A page of short lines does not show its right edge."""
        return replace(edges, right=self._whole.right) if edges.right < 0.9 * self._whole.right else edges

    def _indents(self, lines: Sequence[PageLine]) -> bool:
        """Whether a line behind a full stop far from the right edge is nearly always indented."""
        starts = [
            after.left - self.of(after).left >= _INDENT * after.em
            for before, after in pairwise(lines)
            if before.text[-1] in _SENTENCE_END and self.of(before).right - before.right > _ROOM * before.em
        ]
        return sum(starts) >= 0.8 * len(starts)


def _edges(lines: Sequence[PageLine]) -> _Edges:
    em = median(line.em for line in lines)
    lefts = Counter(round(line.left / (em / 2)) for line in lines)
    least = 1 if len(lines) < _FEW else max(2, len(lines) // 20)
    left = min((at for at in lefts if lefts[at] + lefts[at + 1] >= least), default=min(lefts))
    rights = sorted(line.right for line in lines)
    steps = sorted(
        (after.middle - before.middle) / after.em for before, after in pairwise(lines) if _follows(before, after)
    )
    # Paragraphs may stand further apart, so the smaller distances are those of lines.
    step = steps[len(steps) // 4] if steps else 2.0
    return _Edges(left * em / 2, rights[-1 - len(rights) // 20], step)


def _follows(before: PageLine, after: PageLine) -> bool:
    return (
        (before.page, before.column) == (after.page, after.column)
        and after.middle > before.middle
        and abs(before.em - after.em) <= _EM * before.em
    )


def _paragraphs(lines: Sequence[PageLine], columns: _Columns) -> Iterator[list[PageLine]]:
    paragraph: list[PageLine] = []
    for line in lines:
        if paragraph and not _continues(paragraph, line, columns):
            yield paragraph
            paragraph = []
        paragraph.append(line)
    if paragraph:
        yield paragraph


def _continues(paragraph: Sequence[PageLine], line: PageLine, columns: _Columns) -> bool:
    """Whether a line goes on with a paragraph."""
    before = paragraph[-1]
    if "\t" in line.text or "\t" in before.text or _LEADERS.search(before.text):
        return False
    if abs(line.em - before.em) > _EM * before.em and _WIDE.search(line.text) and _WIDE.search(before.text):
        return False
    edges, own = columns.of(before), columns.of(line)
    if _follows(before, line) and line.middle - before.middle > _STEP * edges.step * line.em:
        return False
    in_sentence = columns.indents and before.text[-1] not in _SENTENCE_END and not _MARKER.match(line.text)
    least = _ROOM * line.em if in_sentence else 0
    if edges.right - before.right >= max(_first_word(line) + 0.5 * line.em, least):
        return False
    return not _is_indented(paragraph, line, edges, own)


def _is_indented(paragraph: Sequence[PageLine], line: PageLine, edges: _Edges, own: _Edges) -> bool:
    """Whether a line begins a paragraph by its indentation; a list's and a centred title's lines do not."""
    before, indent = paragraph[-1], line.left - own.left
    if indent < _INDENT * line.em:
        return False
    if indent > 2.5 * line.em and _is_centred(before, edges) and _is_centred(line, own):
        return False
    hanging = line.left - paragraph[0].left
    if _MARKER.match(paragraph[0].text) and 0.5 * line.em < hanging < 4 * line.em:
        return False
    # Under a second line that is indented, too, stands a block that is indented as a whole.
    is_in_block = len(paragraph) > 1 and abs(line.left - before.left) < 0.5 * line.em
    return not is_in_block or before.text[-1] in _SENTENCE_END or _MARKER.match(line.text) is not None


def _is_centred(line: PageLine, edges: _Edges) -> bool:
    return abs((line.left + line.right) - (edges.left + edges.right)) < 2 * line.em


def _first_word(line: PageLine) -> float:
    """The width of what could not have been cut from the beginning of a line."""
    found = _UNCUT.match(line.text)
    word = found.group() if found else ""
    return sum(0.5 if char < "\u2000" else 1.0 for char in word) * line.em


def _joined(paragraph: Sequence[PageLine]) -> str:
    text = paragraph[0].text
    for line in paragraph[1:]:
        text += " " * stays_apart(text[-1], line.text[0]) + line.text
    return text


def _place(paragraph: Sequence[PageLine]) -> Place:
    page, text = paragraph[0].page, paragraph[0].text
    if len(paragraph) == 1 and _LEADERS.search(text):
        return Place("boilerplate", why="in a table of contents", page=page)
    return Place(page=page)
