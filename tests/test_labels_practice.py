"""Practice: which lines, how they are scored, what is kept."""

from __future__ import annotations

import json

import pytest

from labels.corpus import CorpusLine, CorpusReport
from labels.errors import UserError
from labels.page_practice import PracticeTalk, open_school
from labels.practice import LINES, result, rounds
from labels.store import Store


@pytest.fixture(scope="module")
def exercises(corpus, scheme):
    some = rounds(corpus, scheme)
    return [next(some), next(some)]


@pytest.fixture
def school(tmp_path, exercises, scheme):
    school = open_school(tmp_path / "practice.db", exercises, scheme)
    yield school
    school.desk.store.close()


def answer(talk, exercise, themes):
    message = {"do": "decide", "item": exercise.item.item, "role": "body", "themes": list(themes), "note": ""}
    return talk.answer(message | {"name": "新人"})


def test_rounds_are_fixed_and_share_no_line(corpus, exercises, scheme):
    """The same corpus gives the same lines in the same order, and no text comes twice."""
    again = rounds(list(reversed(corpus)), scheme)
    assert [next(again), next(again)] == exercises
    texts = [exercise.item.text for round_ in exercises for exercise in round_]
    assert len(set(texts)) == len(texts) == 2 * LINES


def test_a_round_has_lines_of_every_kind(exercises, scheme):
    """Every theme alone, several themes, none: each kind is there, and nothing of the answer in the item."""
    for round_ in exercises:
        kinds = [exercise.themes[0] if len(exercise.themes) == 1 else len(exercise.themes) for exercise in round_]
        assert all(kinds.count(theme) == 6 for theme in scheme.ids)
        assert kinds.count(0) == 8
        assert all(exercise.item.blind and not exercise.item.themes for exercise in round_)


def test_items_stand_in_their_place(scheme):
    """An exercise has the headings above it, by level, and two lines on either side."""
    judged = scheme.ids
    line = "社区网格员逐户排查矛盾纠纷，当场调解二十一起，都已办结。"
    lines = (
        CorpusLine("一、平安建设", "heading", 1, ("security",), judged),
        CorpusLine("（一）巡防", "heading", 2, ("security",), judged),
        CorpusLine("二、矛盾化解", "heading", 1, ("mediation",), judged),
        CorpusLine("短。", "body", None, (), judged),
        *(
            CorpusLine(f"{number}{theme}{line}", "body", None, (theme,), judged)
            for theme in judged
            for number in range(6)
        ),
        *(CorpusLine(f"{number}无{line}", "body", None, (), judged) for number in range(8)),
        *(CorpusLine(f"{number}多{line}", "body", None, judged[:2], judged) for number in range(8)),
    )
    first = next(rounds([CorpusReport("x", lines)], scheme))
    exercise = next(one for one in first if one.item.text == f"0{judged[0]}{line}")
    assert (exercise.item.heading_path, exercise.item.heading_lines) == (("二、矛盾化解",), (3,))
    assert [one.text for one in exercise.item.before] == ["二、矛盾化解", "短。"]
    assert [one.line for one in exercise.item.after] == [6, 7]


def test_a_small_corpus_is_named(scheme):
    """A corpus without enough lines says so."""
    with pytest.raises(UserError, match="the corpus is too small for practice: 40 lines"):
        next(rounds([], scheme))


@pytest.mark.parametrize(
    ("wrong", "passed"),
    [(0, True), (4, True), (12, False), (40, False)],
)
def test_pass_mark(exercises, scheme, wrong, passed):
    """All right gives an alpha of 1; one in ten wrong passes, one in three does not."""
    truth = [exercise.themes for exercise in exercises[0]]
    given = [() if themes else ("security",) for themes in truth[:wrong]] + truth[wrong:]
    found = result(truth, given, scheme)
    assert (found.passed, found.exact, found.lines) == (passed, 40 - wrong, 40)
    assert (found.alpha == 1) == (wrong == 0)


def test_missed_and_extra_are_counted_per_theme(scheme):
    """A theme that is missing and one too many are counted apart."""
    found = result([("security",), ("mediation",), ()], [("security", "mediation"), (), ()], scheme)
    assert (found.themes["mediation"].missed, found.themes["mediation"].extra) == (1, 1)
    assert found.themes["rule_of_law"].alpha is None


def test_feedback_follows_the_answer(school, exercises, scheme):
    """Before an answer nothing of the corpus's is sent; after it, what the corpus says."""
    talk = PracticeTalk(school)
    first = exercises[0][0]
    view = talk.answer({"do": "open", "name": "新人"})["view"]
    assert (view["item"]["item"], view["place"]) == (first.item.item, {"at": 1, "of": 40})
    assert "feedback" not in view
    wrong = tuple(theme for theme in scheme.ids if theme not in first.themes)
    feedback = answer(talk, first, wrong)["view"]["feedback"]
    assert feedback == {"themes": first.themes, "given": wrong, "right": False}


def test_an_answer_stays_once_feedback_was_seen(school, exercises):
    """A second, better answer to the same line is not taken."""
    talk = PracticeTalk(school)
    answer(talk, exercises[0][0], ())
    reply = answer(talk, exercises[0][0], exercises[0][0].themes or ("security",))
    assert "feedback" not in reply["view"]
    assert [event.themes for event in school.desk.store.events()] == [()]


def test_a_finished_round_is_kept(school, exercises, tmp_path):
    """The last answer writes the round's result into the file beside the store; the next round has other lines."""
    talk = PracticeTalk(school)
    for exercise in exercises[0]:
        assert not school.results.exists()
        answer(talk, exercise, exercise.themes)
    view = talk.answer({"do": "next", "name": "新人"})["view"]
    assert (view["item"], view["result"]["passed"], view["result"]["alpha"]) == (None, True, 1.0)
    (row,) = [json.loads(line) for line in (tmp_path / "practice.jsonl").read_text("utf-8").splitlines()]
    assert (row["reviewer"], row["round"], row["passed"], row["alpha"], row["exact"]) == ("新人", 1, True, 1.0, 40)
    again = talk.answer({"do": "again", "name": "新人"})["view"]
    assert again["item"]["item"] == exercises[1][0].item.item
    assert len(Store(school.desk.store.path).events()) == 40


@pytest.mark.parametrize("message", [{"do": "decide", "item": "x"}, {"do": "open", "pending": {"item": "x"}}])
def test_answers_to_no_line_of_the_round(school, message):
    """An answer to something else is refused and forgotten."""
    reply = PracticeTalk(school, "新人").answer(message)
    assert reply["settled"]
    assert "not in this queue" in reply["error"]
