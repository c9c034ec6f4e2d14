"""What holds after all events: undo, several reviewers, disputes and who ends them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.decision import ACTIONS, Decision, State
from labels.standing import Standing, answer_of, standing, state_of
from tests.review_data import FOUR, a_decision, an_item

ITEM = an_item()


def said(*entries: tuple[str, str, str]) -> list[Decision]:
    """Events in order: (reviewer, action, theme or nothing)."""
    return [
        a_decision(
            ITEM, *filter(None, [theme]), reviewer=reviewer, action=action, at=f"2026-01-01T{number:02}", id=number
        )
        for number, (reviewer, action, theme) in enumerate(entries, 1)
    ]


STATES = [
    ([], State.NOT_REVIEWED),
    ([("a", "decide", "")], State.REVIEWED_NONE),
    ([("a", "decide", "security")], State.REVIEWED_THEMES),
    ([("a", "skip", "")], State.SKIPPED),
    ([("a", "skip", ""), ("b", "decide", "")], State.REVIEWED_NONE),
    ([("a", "decide", "security"), ("b", "decide", "")], State.DISPUTED),
    ([("a", "decide", "security"), ("b", "decide", "security")], State.REVIEWED_THEMES),
    ([("a", "decide", "security"), ("a", "decide", "")], State.REVIEWED_NONE),
    ([("a", "decide", "security"), ("a", "undo", "")], State.NOT_REVIEWED),
    ([("a", "decide", "security"), ("a", "decide", ""), ("a", "undo", "")], State.REVIEWED_THEMES),
    ([("a", "decide", "security"), ("a", "undo", ""), ("a", "undo", "")], State.NOT_REVIEWED),
    ([("a", "decide", "security"), ("b", "undo", "")], State.REVIEWED_THEMES),
    ([("a", "decide", "security"), ("b", "decide", ""), ("c", "adjudicate", "")], State.REVIEWED_NONE),
    ([("a", "decide", "security"), ("b", "decide", ""), ("c", "adjudicate", ""), ("c", "undo", "")], State.DISPUTED),
    ([("a", "decide", ""), ("c", "adjudicate", "security"), ("b", "decide", "")], State.REVIEWED_THEMES),
]


@pytest.mark.parametrize(("entries", "state"), STATES)
def test_states(entries: list[tuple[str, str, str]], state: State):
    """Each course of events leads to one state."""
    assert state_of(standing(said(*entries))) == state


def test_an_adjudication_is_not_an_answer_of_its_reviewer():
    """Who ends a dispute keeps their own answer for agreement, and the verdict stands beside it."""
    held = standing(said(("a", "decide", "security"), ("b", "decide", ""), ("a", "adjudicate", "mediation")))
    assert {reviewer: decision.themes for reviewer, decision in held.latest.items()} == {"a": ("security",), "b": ()}
    answer = answer_of(held)
    assert answer is not None
    assert (answer.themes, answer.by, answer.at) == (("mediation",), "a", "2026-01-01T03")


def test_roles_are_disputed_too():
    """The same themes on another role are no agreement."""
    one, other = said(("a", "decide", ""), ("b", "decide", ""))
    assert state_of(standing([one, replace(other, role="heading")])) == State.DISPUTED


def test_answers_on_different_themes_add_up():
    """Who judged two themes and who judged the other two do not contradict each other; together they judged four."""
    one, other = said(("a", "decide", "security"), ("b", "decide", "mediation"))
    one, other = replace(one, considered=FOUR[:2]), replace(other, considered=FOUR[2:])
    answer = answer_of(standing([one, other]))
    assert answer is not None
    assert (answer.themes, answer.considered, answer.by) == (("security", "mediation"), FOUR, "a, b")
    assert answer_of(standing([one, replace(other, considered=FOUR)])) is None


@given(
    st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(ACTIONS), st.sampled_from(["", "security"])), max_size=12
    )
)
def test_undo_takes_back_exactly_one(entries: list[tuple[str, str, str]]):
    """After any course of events, one more event and its undo change nothing."""
    before: Standing = standing(said(*entries))
    assert standing(said(*entries, ("a", "decide", "security"), ("a", "undo", ""))) == before
    assert (answer_of(before) is None) == (state_of(before) in {State.NOT_REVIEWED, State.SKIPPED, State.DISPUTED})
