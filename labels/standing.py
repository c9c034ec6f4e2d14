"""What holds of an item after all its events: who says what, in which state it is, which answer is accepted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from labels.decision import Decision, State


@dataclass(frozen=True, slots=True)
class Standing:
    """The events of one item that were not taken back.

    latest: each reviewer's own last word (`decide` or `skip`), made without regard to any adjudication.
    adjudication: the last word of whoever ended a dispute; it outranks all others.
    """

    latest: dict[str, Decision]
    adjudication: Decision | None = None

    @property
    def decided(self) -> list[Decision]:
        """The reviewers' answers, the earliest first."""
        decided = [decision for decision in self.latest.values() if decision.action == "decide"]
        return sorted(decided, key=lambda decision: (decision.at, decision.id))


@dataclass(frozen=True, slots=True)
class Answer:
    """What is accepted for an item: by whom (several names joined with `, `) and when, in UTC."""

    role: str
    themes: tuple[str, ...]
    considered: tuple[str, ...]
    by: str
    at: str


def standing(events: Iterable[Decision]) -> Standing:
    """Fold the events of one item, oldest first; an undo takes back its reviewer's last standing event."""
    stacks: dict[str, list[Decision]] = {}
    for event in events:
        stack = stacks.setdefault(event.reviewer, [])
        if event.action != "undo":
            stack.append(event)
        elif stack:
            stack.pop()
    latest, adjudications = {}, []
    for reviewer, stack in stacks.items():
        own = [event for event in stack if event.action != "adjudicate"]
        if own:
            latest[reviewer] = own[-1]
        adjudications += [event for event in stack if event.action == "adjudicate"]
    return Standing(latest, max(adjudications, key=lambda event: (event.at, event.id), default=None))


def state_of(held: Standing) -> State:
    """The state of an item; it is in dispute where two answers differ in role or in a theme that both judged."""
    decided = [held.adjudication] if held.adjudication else held.decided
    if not decided:
        return State.SKIPPED if held.latest else State.NOT_REVIEWED
    if differ(decided):
        return State.DISPUTED
    return State.REVIEWED_THEMES if any(decision.themes for decision in decided) else State.REVIEWED_NONE


def answer_of(held: Standing) -> Answer | None:
    """The accepted answer; None where nobody gave one or where it is in dispute."""
    decided = [held.adjudication] if held.adjudication else held.decided
    if not decided or differ(decided):
        return None
    return Answer(
        role=decided[-1].role,
        themes=_union(decision.themes for decision in decided),
        considered=_union(decision.considered for decision in decided),
        by=", ".join(dict.fromkeys(decision.reviewer for decision in decided)),
        at=decided[-1].at,
    )


def differ(decided: Sequence[Decision]) -> bool:
    """Whether two answers differ in role or in a theme that both judged."""
    return any(_differ(one, other) for number, one in enumerate(decided) for other in decided[:number])


def _differ(one: Decision, other: Decision) -> bool:
    both = set(one.considered) & set(other.considered)
    return one.role != other.role or both & set(one.themes) != both & set(other.themes)


def _union(groups: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(theme for group in groups for theme in group))
