"""Places of a page's lines: which stand beside the report, which are hidden, headings, captions, rows of tables."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby
from typing import Final

from model.blocks import NOWHERE, Place
from model.html_walk import PageLine, PageWalk

_CELL: Final = 60  # characters; a longer cell is laid out by the table, no datum
_LINKED: Final = 0.9
_LINKS_IN_LIST: Final = 3
_ROWS_IN_TABLE: Final = 2  # one row is a layout: of a byline, of navigation
_PROSE: Final = 45  # characters from which a line with a full stop is no navigation, wherever it stands
_TITLE_LENGTH: Final = 8
_TITLE_PARTS: Final = re.compile(r"\s*[-_|—–]+\s*|\s{2,}")


def placed_lines(walk: PageWalk) -> Iterator[tuple[str, Place]]:
    """The lines that a reader of the page sees, each with its place."""
    lines = list(_rows(_shown(walk.lines)))
    in_list = _runs([_is_linked(line) for line in lines], _LINKS_IN_LIST)
    in_table = _runs([line.is_row for line in lines], _ROWS_IN_TABLE)
    title = _title(lines, walk.title)
    for number, line in enumerate(lines):
        if number == title:
            yield line.text, Place("title", why="the page's title")
        else:
            yield line.text, _place(line, in_list[number], in_table[number])


def _shown(lines: Sequence[PageLine]) -> list[PageLine]:
    """Without hidden lines, unless one hidden element holds most of the page: that a script shows, as WeChat's does."""
    sizes: Counter[int] = Counter()
    for line in lines:
        sizes[line.hidden] += len(line.text)
    shown = {0, *(element for element, size in sizes.items() if 2 * size > sizes.total())}
    return [line for line in lines if line.hidden in shown]


def _rows(lines: Iterable[PageLine]) -> Iterator[PageLine]:
    """Lines with every row of data as one, its cells parted by tabs; what a table only lays out stays."""
    for row, grouped in groupby(lines, key=lambda line: line.row):
        group = list(grouped)
        cells = Counter(line.cell for line in group)
        is_data = row and len(cells) > 1 and max(cells.values()) == 1 and all(len(each.text) <= _CELL for each in group)
        if is_data:
            yield replace(
                group[0],
                text="\t".join(line.text for line in group),
                links=sum(line.links for line in group),
                is_row=True,
            )
        else:
            yield from group


def _is_linked(line: PageLine) -> bool:
    return line.links >= _LINKED * len("".join(line.text.split()))


def _runs(marks: Sequence[bool], least: int) -> list[bool]:
    """The marks that stand in runs of at least so many."""
    kept: list[bool] = []
    for is_marked, run in groupby(marks):
        count = sum(1 for _ in run)
        kept.extend([is_marked and count >= least] * count)
    return kept


def _title(lines: Sequence[PageLine], page_title: str) -> int | None:
    """The number of the line that is the report's title in the page's own: its longest part, or most of it."""
    parts = [part.strip() for part in _TITLE_PARTS.split(page_title) if part]
    wanted = {"".join(text.split()) for text in (page_title, max(parts, key=len, default=""))}
    for number, line in enumerate(lines):
        bare = "".join(line.text.split())
        if bare in wanted and len(bare) >= _TITLE_LENGTH and not line.around and not line.links:
            return number
    return None


def _place(line: PageLine, in_link_list: bool, in_table: bool) -> Place:
    is_prose = len(line.text) >= _PROSE and "。" in line.text
    if line.around and not is_prose:
        return Place("boilerplate", why=f"in {line.around}")
    if in_link_list:
        return Place("boilerplate", why="in a list of links")
    if line.caption:
        return Place("caption", why="figcaption")
    if line.heading > 1 or (line.heading and not line.links):
        return Place("heading", line.heading, why=f"h{line.heading}")
    return Place("body", why="a row of a table") if in_table else NOWHERE
