"""Comparing reports: what is known of each, and the cells of places and years that they fall into."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final

import numpy as np
from numpy.typing import NDArray

from labels.scheme import Scheme
from model.rollup import Share
from predict.column_names import PERIOD_NAMES, Names

Z95: Final = 1.96
_MOST_PARAGRAPHS: Final = 6
_MOST_OF_A_PLACE: Final = 2
_PERIODS: Final = tuple(PERIOD_NAMES)

Words = NDArray[np.int32]


@dataclass(frozen=True, slots=True, order=True)
class When:
    """The span of time that a report is about; a year of 0 is unknown and comes last."""

    rank: int
    year: int
    period: str

    @classmethod
    def of(cls, year: int | None, period: str | None) -> When:
        """A year without a period is a whole one.

        >>> sorted([When.of(None, None), When.of(2019, "H1"), When.of(2018, None)])[0].names
        ('2018年', '2018')
        """
        period = period if period in _PERIODS else "year"
        order = (year or 9999) * 10 + _PERIODS.index(period)
        return cls(order, year or 0, period)

    @property
    def names(self) -> Names:
        """What it is called."""
        if not self.year:
            return "年份不明", "no year"
        chinese, english = PERIOD_NAMES[self.period] if self.period != "year" else ("", "")
        return f"{self.year}年{chinese}", f"{self.year} {english}".strip()

    @property
    def before(self) -> When | None:
        """The same part of the year before."""
        return When.of(self.year - 1, self.period) if self.year else None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A body paragraph; `themes`: probability and log-odds of each that it has; `words`: numbers in the vocabulary."""

    report: str
    line: int
    text: str
    themes: Mapping[str, tuple[float, float]]
    words: Words


@dataclass(frozen=True, slots=True)
class Member:
    """One report of the comparison; `place` is its own name where no place is known."""

    report: str
    place: str
    when: When
    shares: Mapping[str, Share]
    paragraphs: tuple[Paragraph, ...]

    @property
    def chars(self) -> int:
        """Characters of its body."""
        return sum(len(paragraph.text) for paragraph in self.paragraphs)


@dataclass(frozen=True, slots=True)
class Cell:
    """The reports of one place about one span of time, and the shares of their themes together."""

    place: str
    when: When
    members: tuple[Member, ...]
    shares: Mapping[str, Share]

    @property
    def paragraphs(self) -> list[Paragraph]:
        """All body paragraphs, in order."""
        return [paragraph for member in self.members for paragraph in member.paragraphs]


@dataclass(frozen=True)
class Comparison:
    """All cells, by place in the order of their names, then by time; and the words that paragraphs are made of."""

    scheme: Scheme
    cells: tuple[Cell, ...]
    vocabulary: Sequence[str]
    models: tuple[str, ...] = field(default=())

    @cached_property
    def places(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(cell.place for cell in self.cells))

    @cached_property
    def spans(self) -> tuple[When, ...]:
        return tuple(sorted({cell.when for cell in self.cells}))

    @cached_property
    def by_key(self) -> dict[tuple[str, When], Cell]:
        return {(cell.place, cell.when): cell for cell in self.cells}

    @cached_property
    def members(self) -> list[Member]:
        return [member for cell in self.cells for member in cell.members]

    @property
    def themes(self) -> tuple[str, ...]:
        """Ids of the themes, then `none`."""
        return (*self.scheme.ids, "none")

    def before(self, cell: Cell) -> Cell | None:
        """The cell of the same place a year earlier, if there is one."""
        when = cell.when.before
        return self.by_key.get((cell.place, when)) if when else None


def compare(members: Iterable[Member], scheme: Scheme, vocabulary: Sequence[str], models: Iterable[str]) -> Comparison:
    """Put reports side by side; one without body text has no shares, and counts as missing."""
    grouped: dict[tuple[str, When], list[Member]] = {}
    for member in members:
        if member.paragraphs and any(share.share for share in member.shares.values()):
            grouped.setdefault((member.place, member.when), []).append(member)
    cells = (Cell(*key, tuple(inside), together(inside)) for key, inside in grouped.items())
    ordered = sorted(cells, key=lambda cell: (cell.place, cell.when))
    return Comparison(scheme, tuple(ordered), vocabulary, tuple(dict.fromkeys(models)))


def together(members: Sequence[Member]) -> dict[str, Share]:
    """Shares of several reports, weighted by their body text; the interval takes the reports for independent."""
    if len(members) == 1:
        return dict(members[0].shares)
    total = sum(member.chars for member in members)
    parts = [(member.chars / total, member.shares) for member in members]
    return {theme: _combined([(part, shares[theme]) for part, shares in parts]) for theme in members[0].shares}


def strongest(comparison: Comparison, theme: str) -> list[tuple[Cell, Paragraph]]:
    """The paragraphs that speak most clearly of a theme, of every place at most two."""
    having = [(cell, one) for cell in comparison.cells for one in cell.paragraphs if theme in one.themes]
    taken: dict[str, int] = {}
    found = []
    for cell, paragraph in sorted(having, key=lambda item: (item[1].themes[theme], item[1].text), reverse=True):
        taken[cell.place] = taken.get(cell.place, 0) + 1
        if taken[cell.place] <= _MOST_OF_A_PLACE:
            found.append((cell, paragraph))
    return found[:_MOST_PARAGRAPHS]


def change(now: Share, then: Share) -> Share:
    """How far a share moved, with a 95 % interval; both are taken for independent and nearly normal.

    >>> change(Share(0.4, 0.3, 0.5), Share(0.2, 0.1, 0.3))
    Share(share=0.2, low=0.0586, high=0.3414)
    """
    moved, spread = now.share - then.share, Z95 * math.hypot(_error(now), _error(then))
    return Share(round(moved, 4), round(moved - spread, 4), round(moved + spread, 4))


def _combined(parts: Iterable[tuple[float, Share]]) -> Share:
    listed = list(parts)
    share = sum(part * one.share for part, one in listed)
    spread = Z95 * math.hypot(*(part * _error(one) for part, one in listed))
    return Share(round(share, 4), round(max(share - spread, 0.0), 4), round(min(share + spread, 1.0), 4))


def _error(share: Share) -> float:
    return (share.high - share.low) / (2 * Z95)
