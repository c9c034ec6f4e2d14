"""Where a reviewed line belongs in the corpus: the name of its report's file, and its place among the lines there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Final

from labels.corpus import CorpusLine, text_hash
from labels.item import Item

_UNFIT = re.compile(r"[^\w.()（）·-]+")
_LONGEST: Final = 60  # characters of a file's name, so that its bytes stay below 255


def corpus_name(report: str, existing: Collection[str] = ()) -> str:
    """The corpus file (without .jsonl) of a report: its path with `-` between folders, so that a folder is a slice.

    A report that came from the corpus has the name of its file, one of the `existing`. Two reports never have one name:
    where the path cannot be read off the name, a part of its hash is added.

    >>> corpus_name("2018/苏州.txt"), corpus_name("a b.txt"), corpus_name("city-01", ["city-01"])
    ('2018-苏州', 'a_b.cd6c4a05', 'city-01')
    """
    if report in existing:
        return report
    name = "-".join(_UNFIT.sub("_", part) for part in report.removesuffix(".txt").split("/"))[:_LONGEST].lstrip(".")
    if name.replace("-", "/") + ".txt" == report:
        return name
    return f"{name}.{hashlib.sha256(report.encode()).hexdigest()[:8]}"


def line_place(lines: Sequence[CorpusLine], item: Item) -> int | None:
    """The index of an item's line: among those with its text the one nearest to its number; None where none has it."""
    places = [place for place, line in enumerate(lines) if text_hash(line.text) == item.text_sha256]
    return min(places, key=lambda place: abs((lines[place].line or place + 1) - item.line), default=None)


def context(items: Iterable[Item]) -> list[CorpusLine]:
    """All that items know of their report, in its order, as unjudged lines: their own, their neighbours, headings."""
    known: dict[tuple[int, str], CorpusLine] = {}
    items = list(items)
    for item in items:
        for number, role, text in _window(item):
            known.setdefault((number, text), _line(item, number, role, text))
    numbers = {number for number, _ in known}
    for item in items:
        for number, text in zip(item.heading_lines, item.heading_path, strict=True):
            if number > 0 and number not in numbers:
                known.setdefault((number, text), _line(item, number, "heading", text))
    return sorted(known.values(), key=_number)


def extended(lines: Sequence[CorpusLine], new: Iterable[CorpusLine]) -> list[CorpusLine]:
    """The lines of a file and those that are new to it, by their numbers in the report.

    Only a file that was made by review is extended, and only where it has no line of that number: another text there
    is an edit by hand.
    """
    result, numbers = list(lines), {line.line for line in lines}
    if numbers <= {None}:
        return result
    for line in new:
        if line.line not in numbers:
            result.insert(_behind(result, _number(line)), line)
    return result


def _behind(lines: Sequence[CorpusLine], number: int) -> int:
    """The index behind the last line with a number up to `number`, and behind what was added to it by hand."""
    place = 0
    for index, line in enumerate(lines):
        if line.line is not None and line.line > number:
            break
        place = index + 1
    return place


def _window(item: Item) -> Iterator[tuple[int, str, str]]:
    yield from ((line.line, line.role, line.text) for line in item.before)
    yield item.line, item.role, item.text
    yield from ((line.line, line.role, line.text) for line in item.after)


def _line(item: Item, number: int, role: str, text: str) -> CorpusLine:
    return CorpusLine(text=text, role=role, level=None, themes=(), considered=None, by=item.model, line=number)


def _number(line: CorpusLine) -> int:
    return line.line or 0
