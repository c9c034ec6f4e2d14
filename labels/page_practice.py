"""The practice page's conversation: a line, an answer, what the corpus says; at the end the agreement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import orjson

from labels.decision import Decision
from labels.errors import UserError
from labels.files import write_whole
from labels.page_desk import Desk, StaleAnswerError
from labels.page_talk import checked_name, decision_of, reply_to
from labels.page_view import Json, item_view
from labels.practice import Exercise, Result, result
from labels.scheme import Scheme
from labels.store import Store


@dataclass(frozen=True, slots=True)
class School:
    """What all who practise share. desk: the answers; results: the file of finished rounds, made from them."""

    desk: Desk
    rounds: Sequence[Sequence[Exercise]]
    scheme: Scheme
    results: Path

    def answers(self, reviewer: str, number: int) -> list[Decision | None]:
        """A reviewer's answers to the lines of a round, None where one is missing."""
        return [self.desk.own(reviewer, exercise.item.item) for exercise in self.rounds[number]]

    def current(self, reviewer: str) -> int:
        """The first round that the reviewer has not finished, the last one where there is none."""
        unfinished = (number for number in range(len(self.rounds)) if None in self.answers(reviewer, number))
        return next(unfinished, len(self.rounds) - 1)

    def result(self, reviewer: str, number: int) -> Result | None:
        """The result of a finished round."""
        answers = [answer for answer in self.answers(reviewer, number) if answer is not None]
        if len(answers) < len(self.rounds[number]):
            return None
        truth = [exercise.themes for exercise in self.rounds[number]]
        return result(truth, [answer.themes for answer in answers], self.scheme)

    def write_results(self, reviewers: Sequence[str]) -> None:
        """Write the file of results anew from the answers: a row a finished round."""
        rows = []
        for reviewer in reviewers:
            for number in range(self.current(reviewer) + 1):
                found = self.result(reviewer, number)
                if found is not None:
                    at = max(answer.at for answer in self.answers(reviewer, number) if answer is not None)
                    head = {"reviewer": reviewer, "round": number + 1, "at": at, "passed": found.passed}
                    rows.append(head | asdict(found))
        write_whole(self.results, b"".join(orjson.dumps(row) + b"\n" for row in rows))


def open_school(store_path: Path, rounds: Sequence[Sequence[Exercise]], scheme: Scheme) -> School:
    """The school whose answers are in the store at `store_path`, its results in the `.jsonl` beside it."""
    store = Store.open(store_path)
    items = [exercise.item for exercises in rounds for exercise in exercises]
    store.add_items(items)
    return School(Desk(store, items), rounds, scheme, store_path.with_suffix(".jsonl"))


class PracticeTalk:
    """One browser tab's practice; see `Talk` for messages. An answer, once given, stays."""

    def __init__(self, school: School, name: str = "") -> None:
        self._school = school
        self._fixed_name = name
        self._number: int | None = None

    def answer(self, message: Any) -> Json:
        """Reply to one message of the page."""
        return reply_to(message, self._answer)

    def leave(self) -> None:
        """Nothing is held for a tab."""

    def _answer(self, message: dict[str, Any]) -> Json:
        asked = message.get("do")
        self._reviewer = self._fixed_name or checked_name(message.get("name"))
        if asked == "decide":
            return self._decide(message)
        if asked == "open" and isinstance(message.get("pending"), dict):
            return self._decide(message["pending"])
        if self._number is None or asked in ("open", "again"):
            self._number = self._school.current(self._reviewer)
        return {"view": self._next()}

    def _decide(self, message: dict[str, Any]) -> Json:
        try:
            item = self._school.desk.item(message.get("item"))
            decision = decision_of(item, message | {"do": "decide"}, self._reviewer, self._school.scheme)
        except UserError as error:
            return {"view": self._next(), "settled": True, "error": str(error)}
        rounds = self._school.rounds
        number, at = next(
            (number, at)
            for number, exercises in enumerate(rounds)
            for at, exercise in enumerate(exercises)
            if exercise.item == item
        )
        self._number = number
        try:
            self._school.desk.record(decision, 0)
        except StaleAnswerError:
            return {"view": self._next(), "settled": True, "forget": item.item}
        if self._school.result(self._reviewer, number) is not None:
            self._school.write_results(self._school.desk.reviewers())
        themes = rounds[number][at].themes
        feedback = {"themes": themes, "given": decision.themes, "right": themes == decision.themes}
        return {"view": self._view(number, at) | {"feedback": feedback}, "settled": True, "forget": item.item}

    def _next(self) -> Json:
        number = self._school.current(self._reviewer) if self._number is None else self._number
        answers = self._school.answers(self._reviewer, number)
        return self._view(number, answers.index(None) if None in answers else None)

    def _view(self, number: int, at: int | None) -> Json:
        answers = self._school.answers(self._reviewer, number)
        done = sum(answer is not None for answer in answers)
        found = self._school.result(self._reviewer, number) if at is None else None
        return {
            "item": None if at is None else item_view(self._school.rounds[number][at].item, self._school.scheme),
            "mine": None,
            "place": {"at": 0 if at is None else at + 1, "of": len(answers)},
            "progress": {"total": len(answers), "done": done, "none": 0, "skipped": 0},
            "choices": {},
            "undoable": False,
            "result": None if found is None else asdict(found) | {"passed": found.passed},
        }
