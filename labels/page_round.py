"""Who gets which item: everyone their own, every k-th two people, nobody one that others have done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from labels.decision import Decision
from labels.item import Item
from labels.page_desk import Desk

NONE = "none"
TODO = "todo"
STATES = (TODO, "reviewed_themes", "reviewed_none", "skipped")


@dataclass(frozen=True, slots=True)
class Filters:
    """What a reviewer wants to see; "" is everything."""

    stratum: str = ""
    theme: str = ""
    state: str = ""


class Entry(NamedTuple):
    """An item in a reviewer's list: its place in the queue and the reviewer's last word on it."""

    number: int
    item: Item
    own: Decision | None

    @property
    def state(self) -> str:
        if self.own is None:
            return TODO
        if self.own.action == "skip":
            return "skipped"
        return "reviewed_themes" if self.own.themes else "reviewed_none"

    @property
    def themes(self) -> tuple[str, ...] | None:
        """The themes to find it by: the reviewer's, else the model's unless they are hidden (None)."""
        if self.own is not None and self.own.action == "decide":
            return self.own.themes
        return None if self.item.blind else self.item.themes

    def fits(self, filters: Filters) -> bool:
        themes = self.themes
        of_theme = (NONE,) if themes == () else themes or ()
        return (
            filters.stratum in ("", self.item.stratum)
            and filters.state in ("", self.state)
            and (not filters.theme or filters.theme in of_theme)
        )


class Round:
    """The lists of all reviewers, and who has which item open."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self._open: dict[object, tuple[str, int]] = {}

    def hold(self, visitor: object, reviewer: str, number: int | None) -> None:
        """Note that a visitor (one browser tab) has an item open; None: no item any more."""
        self._open.pop(visitor, None)
        if number is not None:
            self._open[visitor] = (reviewer, number)

    def entries(self, reviewer: str) -> list[Entry]:
        """The reviewer's list: what they answered, and what still wants a person."""
        answers = self.desk.answers(reviewer)
        return [
            Entry(number, item, answers.get(number))
            for number, item in enumerate(self.desk.items)
            if number in answers or self.desk.others(reviewer, number) < self.desk.capacity[number]
        ]

    def following(self, reviewer: str, entries: Sequence[Entry], after: int) -> Entry | None:
        """The first entry after place `after`, then from the start, that waits for this reviewer."""
        later = (entry for entry in entries if entry.number > after)
        return next(
            (entry for entry in chain(later, entries) if entry.own is None and self._is_free(reviewer, entry.number)),
            None,
        )

    def _is_free(self, reviewer: str, number: int) -> bool:
        elsewhere = set(self._holders(reviewer, number))
        return self.desk.others(reviewer, number) + len(elsewhere) < self.desk.capacity[number]

    def _holders(self, reviewer: str, number: int) -> Iterator[str]:
        """Other people who have the item open and have not answered it."""
        for name, held in self._open.values():
            if held == number and name != reviewer and self.desk.own(name, self.desk.items[number].item) is None:
                yield name
