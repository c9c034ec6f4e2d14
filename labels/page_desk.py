"""The desk: the items under review and what each reviewer has said of them, kept in step with the store."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from labels.decision import Decision
from labels.errors import UserError
from labels.item import Item
from labels.store import Store


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of an answer: the reviewer's standing event, and whether this call wrote it."""

    decision: Decision
    written: bool


class StaleAnswerError(Exception):
    """The reviewer's answer has changed since the page showed it, from another window or by an import."""


class Desk:
    """Items in the order of the queue; every answer is on disk before a method returns.

    The desk's own memory spares reading the store for every move; `reload` takes in what others wrote.
    """

    def __init__(self, store: Store, items: Sequence[Item], overlap: int = 0) -> None:
        self.store = store
        self.items = tuple(items)
        self.place = {item.item: number for number, item in enumerate(self.items)}
        self.capacity = _capacities(self.items, overlap)
        self.reload()

    def reload(self) -> None:
        """Read every event anew."""
        self._stacks: dict[tuple[str, str], list[Decision]] = defaultdict(list)
        self._names: list[set[str]] = [set() for _ in self.items]
        for event in self.store.events():
            if event.item in self.place:
                self._take_in(event)

    def own(self, reviewer: str, item: str) -> Decision | None:
        """The reviewer's last word on an item, `decide` or `skip`."""
        stack = self._stacks.get((reviewer, item), [])
        return next((event for event in reversed(stack) if event.action != "adjudicate"), None)

    def reviewers(self) -> list[str]:
        """Whoever has an answer standing, by name."""
        return sorted({name for (name, _), stack in self._stacks.items() if stack})

    def others(self, reviewer: str, number: int) -> int:
        """How many other people have decided on the item at place `number`."""
        if not self._names[number]:
            return 0  # most lines of a long queue
        item = self.items[number].item
        held = (self.own(name, item) for name in self._names[number] if name != reviewer)
        return sum(event is not None and event.action == "decide" for event in held)

    def answers(self, reviewer: str) -> dict[int, Decision]:
        """The reviewer's last words by the item's place."""
        numbers = (number for number, names in enumerate(self._names) if reviewer in names)
        held = ((number, self.own(reviewer, self.items[number].item)) for number in numbers)
        return {number: event for number, event in held if event is not None}

    def record(self, decision: Decision, seen: int) -> Recorded:
        """Store an answer to what the page showed when the reviewer's last word was event `seen` (0: none).

        An answer that already stands is not written again, so one that is sent twice counts once.
        Raises StaleAnswerError where another one has come between.
        """
        self._refresh(decision.item)
        standing = self.own(decision.reviewer, decision.item)
        if standing is not None and _same(standing, decision):
            return Recorded(standing, written=False)
        if seen != (standing.id if standing else 0):
            raise StaleAnswerError
        stored = self.store.record(decision)
        self._take_in(stored)
        return Recorded(stored, written=True)

    def undoable(self, reviewer: str) -> Decision | None:
        """The reviewer's latest standing answer."""
        tops = (stack[-1] for (name, _), stack in self._stacks.items() if name == reviewer and stack)
        answers = (event for event in tops if event.action in ("decide", "skip"))
        return max(answers, key=lambda event: (event.at, event.id), default=None)

    def undo(self, reviewer: str) -> Decision | None:
        """Take back the reviewer's latest standing answer and return it; None where there is none."""
        last = self.undoable(reviewer)
        if last is not None:
            self._take_in(self.store.record(replace(last, action="undo", id=0, at="")))
        return last

    def item(self, key: object) -> Item:
        """The item of an id; UserError where this queue has none."""
        if not isinstance(key, str) or key not in self.place:
            raise UserError(f"item {str(key)[:40]!r} is not in this queue; reload the page")
        return self.items[self.place[key]]

    def _refresh(self, item: str) -> None:
        """Take in what others wrote on one item."""
        for name in self._names[self.place[item]]:
            self._stacks.pop((name, item), None)
        self._names[self.place[item]] = set()
        for event in self.store.events(item):
            self._take_in(event)

    def _take_in(self, event: Decision) -> None:
        stack = self._stacks[event.reviewer, event.item]
        if event.action != "undo":
            stack.append(event)
        elif stack:
            stack.pop()
        self._names[self.place[event.item]].add(event.reviewer)


def _capacities(items: Sequence[Item], overlap: int) -> list[int]:
    """How many people each item is for: two for the first and every `overlap`-th after it in each stratum."""
    seen: dict[str, int] = defaultdict(int)
    capacities = []
    for item in items:
        capacities.append(2 if overlap and seen[item.stratum] % overlap == 0 else 1)
        seen[item.stratum] += 1
    return capacities


def _same(standing: Decision, decision: Decision) -> bool:
    return all(
        getattr(standing, name) == getattr(decision, name)
        for name in ("action", "role", "themes", "considered", "note")
    )
