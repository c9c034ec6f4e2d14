"""Sections: a heading and the paragraphs under it up to the next heading; the lead is section 0."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """One section, paragraphs first to last (exclusive) with its heading.

    heading: the paragraph that is its heading, None for the lead. level: that of the heading, 0 for the lead.
    path: the headings above it and its own, from the top.
    """

    index: int
    heading: int | None
    level: int
    path: tuple[int, ...]
    first: int
    last: int


def find_sections(roles: Sequence[str], levels: Sequence[int | None], first: int = 0) -> list[Section]:
    """The sections of a report, in order; every paragraph is in exactly one. The number of its first is `first`.

    >>> [(s.level, s.path, s.first, s.last) for s in find_sections(["body", "heading", "body"], [None, 1, None])]
    [(0, (), 0, 1), (1, (1,), 1, 3)]
    """
    headings = [first + place for place, role in enumerate(roles) if role == "heading"]
    ends = [*headings, first + len(roles)]
    sections = [Section(0, None, 0, (), first, ends[0])]
    path: list[int] = []
    for index, heading in enumerate(headings, 1):
        level = levels[heading - first] or 1
        path = [*path[: level - 1], heading]
        sections.append(Section(index, heading, level, tuple(path), heading, ends[index]))
    return sections
