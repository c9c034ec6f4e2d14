"""The lead's page: figures from the store as it is now, and disputes, which the lead ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Final

from labels.decision import Decision, State
from labels.errors import UserError
from labels.item import Item
from labels.page_figures import agreement, prefill_bias, progress
from labels.page_ink import plain
from labels.page_stop import advice, estimate, succession
from labels.page_talk import checked_name, decision_of, reply_to
from labels.page_view import Json, item_view, own_view
from labels.scheme import Scheme
from labels.standing import Standing, state_of
from labels.store import Store

MODELS: Final = Path(__file__).parent.parent / "artifacts"


@dataclass(frozen=True, slots=True)
class Lead:
    """What the lead's page reads: the store, the items of the queue, the folder of trained models."""

    store: Store
    items: Sequence[Item]
    scheme: Scheme
    models: Path = MODELS

    def standings(self) -> dict[str, Standing]:
        """What holds of every item of the queue now."""
        found = self.store.standings()
        return {item.item: found.get(item.item, Standing({})) for item in self.items}

    def figures(self) -> Json:
        """Every figure of the page, as JSON."""
        standings = self.standings()
        rate, models = estimate(self.items, standings), succession(self.models)
        return {
            "progress": progress(self.items, standings),
            "agreement": agreement(self.items, standings, self.scheme),
            "bias": prefill_bias(self.items, standings),
            "stop": {
                "estimate": asdict(rate),
                "succession": None if models is None else asdict(models),
                "advice": advice(rate, models),
            },
        }

    def disputes(self) -> list[Item]:
        """The items in dispute, in the order of the queue."""
        standings = self.standings()
        return [item for item in self.items if state_of(standings[item.item]) is State.DISPUTED]


class LeadTalk:
    """One browser tab's conversation; see `Talk` for messages."""

    def __init__(self, lead: Lead, name: str = "") -> None:
        self._lead = lead
        self._fixed_name = name
        self._mine: list[Decision] = []  # this tab's adjudications, for undo

    def answer(self, message: Any) -> Json:
        """Reply to one message of the page."""
        return reply_to(message, self._answer)

    def leave(self) -> None:
        """Nothing is held for a tab."""

    def _answer(self, message: dict[str, Any]) -> Json:
        asked = message.get("do")
        reviewer = self._fixed_name or checked_name(message.get("name"))
        if asked == "adjudicate":
            return self._adjudicate(message, reviewer)
        if asked == "undo":
            return self._undo()
        if asked == "move":
            return {"view": self._view(message.get("at"), -1 if message.get("by") == -1 else 1)}
        return {"view": self._view(message.get("at")), "figures": self._lead.figures()}

    def _adjudicate(self, message: dict[str, Any], reviewer: str) -> Json:
        item = next((one for one in self._lead.items if one.item == message.get("item")), None)
        if item is None:
            raise UserError("that item is not in this queue; reload the page")
        if state_of(self._lead.store.standing(item.item)) is not State.DISPUTED:
            return {"view": self._view(item.item), "notice": "stale"}
        decision = decision_of(replace(item, blind=False), message, reviewer, self._lead.scheme)
        self._mine.append(self._lead.store.record(replace(decision, action="adjudicate")))
        return {"view": self._view(item.item), "notice": "adjudicated"}

    def _undo(self) -> Json:
        if not self._mine:
            return {"view": self._view(None), "notice": "nothing"}
        last = self._mine[-1]
        if self._lead.store.standing(last.item).adjudication == last:
            self._lead.store.record(replace(last, action="undo", id=0, at=""))
        self._mine.pop()
        return {"view": self._view(last.item), "notice": "undone"}

    def _view(self, at: object, by: int = 0) -> Json:
        """The dispute `at`, or the next one in the queue where that is ended, moved on `by` places."""
        disputes = self._lead.disputes()
        place = {item.item: number for number, item in enumerate(self._lead.items)}
        wanted = place.get(str(at), 0)
        here = next((number for number, item in enumerate(disputes) if place[item.item] >= wanted), 0)
        number = min(max(here + by, 0), max(len(disputes) - 1, 0))
        item = disputes[number] if disputes else None
        return {
            "item": None if item is None else item_view(replace(item, blind=False), self._lead.scheme),
            "answers": [] if item is None else self._answers(item),
            "place": {"at": number + 1 if disputes else 0, "of": len(disputes)},
            "undoable": bool(self._mine),
        }

    def _answers(self, item: Item) -> list[Json]:
        decided = self._lead.store.standing(item.item).decided
        return [(own_view(event) or {}) | {"name": event.reviewer, "note": plain(event.note)} for event in decided]
