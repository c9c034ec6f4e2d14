"""What labelled reports hold: counts per slice, theme and role, lengths, and who labelled them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from labels.corpus import CorpusLine, CorpusReport
from labels.roles import ROLES, THEMED_ROLES
from labels.scheme import Scheme


@dataclass(frozen=True, slots=True)
class ThemeCount:
    """Of one theme the headings and body lines that have it, that were judged without it, and that nobody judged."""

    theme: str
    present: int
    absent: int
    not_judged: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Of some reports. `none`, `several`: judged headings and body lines without a theme, and with more than one.

    roles: by role. letters: shortest, middle and longest body line, in characters; zeros without one. by: how many
    lines each coder labelled.
    """

    name: str
    reports: int
    lines: int
    roles: dict[str, int]
    themes: tuple[ThemeCount, ...]
    none: int
    several: int
    letters: tuple[int, float, int]
    by: dict[str, int]


def statistics_of(reports: Sequence[CorpusReport], scheme: Scheme, name: str = "") -> Statistics:
    """The counts over all lines of some reports."""
    lines = [line for report in reports for line in report.lines]
    roles = Counter(line.role for line in lines)
    themed = [line for line in lines if line.role in THEMED_ROLES]
    lengths = [len(line.text) for line in lines if line.role == "body"]
    return Statistics(
        name=name,
        reports=len(reports),
        lines=len(lines),
        roles={role: roles[role] for role in ROLES},
        themes=tuple(_count(theme, themed) for theme in scheme.ids),
        none=sum(not line.themes for line in themed if line.considered),
        several=sum(len(line.themes) > 1 for line in themed),
        letters=(min(lengths), float(median(lengths)), max(lengths)) if lengths else (0, 0.0, 0),
        by=dict(Counter(line.by for line in lines).most_common()),
    )


def statistics_by_slice(reports: Iterable[CorpusReport], scheme: Scheme) -> list[Statistics]:
    """The counts of every slice, in the order of their names."""
    by_slice: dict[str, list[CorpusReport]] = {}
    for report in reports:
        by_slice.setdefault(report.slice, []).append(report)
    return [statistics_of(own, scheme, name) for name, own in sorted(by_slice.items())]


def _count(theme: str, themed: Sequence[CorpusLine]) -> ThemeCount:
    judged = [line for line in themed if theme in (line.considered or ())]
    present = sum(theme in line.themes for line in judged)
    return ThemeCount(theme, present, len(judged) - present, len(themed) - len(judged))
