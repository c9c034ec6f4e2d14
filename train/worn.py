"""Reports as careless pages have them, which the role model learns from besides the reports as they are.

The corpus is tidy: its paragraphs end as books do, its headings are short, nothing is said twice. Pages and files are
not, and a role must not hang on it. What becomes of a report its name decides, so that every training does the same.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from itertools import cycle
from typing import Final

import numpy as np

from labels.corpus import CorpusLine, CorpusReport

# What becomes of the ends of paragraphs, and how often.
ENDS: Final = {
    "body": {"；": 0.21, "": 0.09, "，": 0.05},
    "heading": {"。": 0.05, "：": 0.03},
    "caption": {"。": 0.08, "": 0.07},
}
LEAST_WORN: Final = 40  # characters of a body paragraph; shorter ones without an end are headings to anybody
LONG_HEADINGS: Final = (30, 66)  # characters; of headings that sites show, one in ten has 40 and more
LEAST_CLAUSES: Final = 3
SPACED_TITLES: Final = 0.1
LONGEST_SPACED: Final = 20
PAGE_LINES: Final = (6, 15)
KEPT_STOPS: Final = 0.05
_NUMBER: Final = re.compile(r"[\W\d_]*(?:[第一二三四五六七八九十百]+[、.．，,章节编部分篇)）\s]+)?")
_CLAUSE: Final = re.compile(r"(?<![^，,。；])[\u4e00-\u9fff、“”]{6,20}(?![^，,。；])")
_Lines = Sequence[CorpusLine]
_Random = np.random.Generator


def worn(report: CorpusReport) -> CorpusReport:
    """The report with other ends of paragraphs: lists end them in semicolons, and copies lose the stop."""
    random = np.random.default_rng(list(report.name.encode()))
    return replace(report, lines=tuple(replace(line, text=_worn_end(line, random.random())) for line in report.lines))


def reshaped(report: CorpusReport) -> CorpusReport:
    """The report with long headings, contents, a line on every page or without stops; as it is where its name
    chose none of these, or it has too few headings."""
    random = np.random.default_rng([*report.name.encode(), 1])
    spaced, chance = random.random() < SPACED_TITLES, random.random()
    lines: _Lines = [_spaced(line, random) for line in report.lines] if spaced else report.lines
    for change, share in CHANGES.items():
        if chance < share:
            lines = change(lines, random)
            break
        chance -= share
    return replace(report, lines=tuple(lines))


def _worn_end(line: CorpusLine, chance: float) -> str:
    bare = line.text.removesuffix("。")
    if not bare or (line.role == "body" and (bare == line.text or len(bare) < LEAST_WORN)):
        return line.text
    for end, share in ENDS.get(line.role, {}).items():
        if chance < share:
            return bare + end
        chance -= share
    return line.text


def _spaced(line: CorpusLine, random: _Random) -> CorpusLine:
    """A short title with a blank or two behind every character."""
    if line.role != "title" or len(line.text) > LONGEST_SPACED:
        return line
    return replace(line, text=str(random.choice([" ", "  ", "　"])).join(line.text))


def lengthened(lines: _Lines, random: _Random) -> _Lines:
    """With long headings: behind each, or each of one level, stand clauses of paragraphs and one of another heading."""
    headings = [line for line in lines if line.role == "heading"]
    inner = _clauses(line.text for line in lines if line.role == "body")
    last = _clauses(_NUMBER.sub("", line.text, count=1) for line in headings)
    if min(len(inner), len(last)) < LEAST_CLAUSES:
        return lines
    chosen = random.choice([0, *sorted({line.level or 0 for line in headings})])
    more, end = (cycle(random.permutation(clauses).tolist()) for clauses in (inner, last))

    def long(line: CorpusLine) -> CorpusLine:
        if line.role != "heading" or chosen not in (0, line.level):
            return line
        parts, size = [line.text.rstrip("。：；"), next(end)], random.integers(*LONG_HEADINGS)
        while len("，".join(parts)) < size:
            parts.insert(-1, next(more))
        return replace(line, text="，".join(parts))

    return [long(line) for line in lines]


def _clauses(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(clause for text in texts for clause in _CLAUSE.findall(text)))


def with_contents(lines: _Lines, random: _Random) -> _Lines:
    """With a table of contents before the first heading or before all: headings and, mostly, their pages."""
    headings = [place for place, line in enumerate(lines) if line.role == "heading"]
    if len(headings) < LEAST_CLAUSES:
        return lines
    filling = str(random.choice(["", " ", "\t", "　　", "……", "…………………", ".............", " …… "]))
    form = str(random.choice(["{}", "{}", "（{}）", ""]))
    head = str(random.choice(["目录", "目 录", "目　　录", "目　录", "CONTENTS"]))
    pages = np.cumsum(random.integers(0, 3, len(headings))) + 1
    entries = [
        lines[place].text + (filling + form.format(page) if form else "")
        for place, page in zip(headings, pages.tolist(), strict=True)
    ]
    at = int(random.choice([0, min(headings[0], 2)]))
    return [*lines[:at], *map(_furniture, (head, *entries)), *lines[at:]]


def with_page_lines(lines: _Lines, random: _Random) -> _Lines:
    """With a line between some others wherever a page ended: its number, the report's title, or both."""
    title = next((line.text for line in lines if line.role == "title"), "")
    form = str(random.choice(["{title}", "{title}", "{title} {page}", "{page}", "— {page} —", "第{page}页 共9页"]))
    step, page = random.integers(*PAGE_LINES), 0
    mixed: list[CorpusLine] = []
    for place, line in enumerate(lines, 1):
        mixed.append(line)
        if place % step == 0 and place < len(lines):
            page += 1
            text = form.format(title=title, page=page).strip()
            mixed += [_furniture(text)] if text else []
    return mixed


def without_stops(lines: _Lines, random: _Random) -> _Lines:
    """With hardly a stop at the end of a paragraph."""

    def bare(line: CorpusLine) -> CorpusLine:
        kept = line.role != "body" or random.random() < KEPT_STOPS
        return line if kept else replace(line, text=line.text.rstrip("。；，"))

    return [bare(line) for line in lines]


def _furniture(text: str) -> CorpusLine:
    return CorpusLine(text=text, role="boilerplate", level=None, themes=(), considered=None)


# How often a report is changed in which way.
CHANGES: Final[dict[Callable[[_Lines, _Random], _Lines], float]] = {
    lengthened: 0.4,
    with_contents: 0.15,
    with_page_lines: 0.15,
    without_stops: 0.1,
}
