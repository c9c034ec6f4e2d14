"""What a new model changed between two runs over the same reports: counted by theme, year, place and shard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from predict.runs import Told

# What a line without a theme counts for.
_NOTHING: Final = frozenset(("none",))


@dataclass(slots=True)
class ThemeChange:
    """One theme: lines that have it before and after, that gained or lost it, and its share summed over reports."""

    before: int = 0
    after: int = 0
    gained: int = 0
    lost: int = 0
    share_before: float = 0.0
    share_after: float = 0.0


@dataclass(slots=True)
class Change:
    """Some reports of both runs. `flipped`: lines whose themes are others now. `primary`: reports whose primary is."""

    reports: int = 0
    lines: int = 0
    flipped: int = 0
    primary: int = 0
    themes: dict[str, ThemeChange] = field(default_factory=dict)

    def add(self, before: Told, after: Told, flips: list[tuple[set[str], set[str]]]) -> None:
        """Count one report; `flips` are its lines' themes, before and after."""
        self.reports += 1
        self.lines += len(flips)
        self.flipped += sum(old != new for old, new in flips)
        self.primary += before.primary != after.primary
        for theme in {**before.shares, **after.shares}:
            change = self.themes.setdefault(theme, ThemeChange())
            change.share_before += before.shares.get(theme, 0.0)
            change.share_after += after.shares.get(theme, 0.0)
        for old, new in flips:
            had, has = old or _NOTHING, new or _NOTHING
            for theme in had | has:
                self._add_line(theme, theme in had, theme in has)

    def _add_line(self, theme: str, before: bool, after: bool) -> None:
        change = self.themes.setdefault(theme, ThemeChange())
        change.before += before
        change.after += after
        change.gained += after > before
        change.lost += before > after


@dataclass(slots=True)
class Diff:
    """What changed between two runs.

    only_before, only_after: reports that one run lacks. other_text: reports whose text itself was changed, which
    are not compared. shards: by file of the first run, how many of its lines flipped, where any did.
    """

    models: tuple[set[str], set[str]] = field(default_factory=lambda: (set(), set()))
    only_before: int = 0
    only_after: int = 0
    other_text: int = 0
    all: Change = field(default_factory=Change)
    years: dict[int | None, Change] = field(default_factory=dict)
    places: dict[str | None, Change] = field(default_factory=dict)
    shards: dict[str, int] = field(default_factory=dict)


def compare_runs(paired: Iterable[tuple[Told | None, Told | None]]) -> Diff:
    """Count what changed in the reports of two runs."""
    diff = Diff()
    for before, after in paired:
        for side, told in enumerate((before, after)):
            if told is not None:
                diff.models[side].add(told.model)
        if before is None:
            diff.only_after += 1
        elif after is None or before.sha256 != after.sha256:
            diff.only_before += after is None
            diff.other_text += after is not None
            diff.shards.setdefault(before.shard, 0)
        else:
            _add(diff, before, after)
    return diff


def _add(diff: Diff, before: Told, after: Told) -> None:
    places = {**before.lines, **after.lines}
    flips = [(set(before.lines.get(place, ())), set(after.lines.get(place, ()))) for place in places]
    for change in (
        diff.all,
        diff.years.setdefault(after.year, Change()),
        diff.places.setdefault(after.place, Change()),
    ):
        change.add(before, after, flips)
    flipped = sum(old != new for old, new in flips)
    if flipped or before.shares != after.shares:
        diff.shards[before.shard] = diff.shards.get(before.shard, 0) + flipped
