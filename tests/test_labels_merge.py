"""Merging: decisions reach the corpus once, with who and when; disputes and edits by hand are respected."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from labels.corpus import CorpusLine, load_report, write_report
from labels.decision import Decision
from labels.errors import UserError
from labels.item import Item, Neighbour
from labels.merge import Kind, apply_merge, plan_merge
from labels.merge_table import merge_table
from labels.scheme import Scheme
from labels.store import Store
from tests.review_data import FOUR, a_decision, an_item

OLD = {"by": "language model", "at": "2020-01-01"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "review.db")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A corpus of one report of three lines."""
    (tmp_path / "corpus").mkdir()
    lines = [
        CorpusLine("排查矛盾纠纷。", "body", None, ("security",), FOUR, **OLD),
        CorpusLine("打击违法犯罪。", "body", None, (), None, **OLD),
        CorpusLine("一、法治建设", "heading", 2, ("rule_of_law",), FOUR, **OLD),
    ]
    write_report(tmp_path / "corpus" / "city-01.jsonl", lines)
    return tmp_path / "corpus"


def in_corpus(folder: Path, number: int) -> Item:
    """The item of a line of the corpus."""
    text = (folder / "city-01.jsonl").read_text().splitlines()[number - 1]
    return an_item(number, report="city-01", text=text.split('"')[3])


def decided(store: Store, *decisions: tuple[Item, Decision]) -> None:
    store.add_items([item for item, _ in decisions])
    for _, decision in decisions:
        store.record(decision)


def merged(store: Store, folder: Path, scheme: Scheme) -> list[Kind]:
    """Merge, and say what became of each answer."""
    plan = plan_merge(store, folder, scheme)
    apply_merge(plan)
    return [change.kind for file in plan.files for change in file.changes]


def test_decisions_reach_the_corpus(store: Store, folder: Path, scheme: Scheme):
    """A label is changed, an unjudged line gets one, a right one is confirmed: each with who and when."""
    items = [in_corpus(folder, number) for number in (1, 2, 3)]
    decided(
        store,
        (items[0], a_decision(items[0], "mediation")),
        (items[1], a_decision(items[1], "security", considered=("security", "mediation"))),
        (items[2], a_decision(items[2], "rule_of_law", role="heading")),
    )
    before = (folder / "city-01.jsonl").read_bytes()
    plan = plan_merge(store, folder, scheme)
    assert (folder / "city-01.jsonl").read_bytes() == before
    assert [change.kind for change in plan.files[0].changes] == [Kind.CHANGED, Kind.ADDED, Kind.CONFIRMED]
    assert apply_merge(plan) == 1
    lines = load_report(folder / "city-01.jsonl", scheme=scheme).lines
    assert [line.themes for line in lines] == [("mediation",), ("security",), ("rule_of_law",)]
    assert [line.considered for line in lines] == [FOUR, ("security", "mediation"), FOUR]
    assert [line.by for line in lines] == ["王"] * 3
    assert [line.at for line in lines] == [event.at for event in store.events()]
    assert lines[2].level == 2


def test_a_second_merge_changes_nothing(store: Store, folder: Path, scheme: Scheme):
    """Merged again, not a byte is other, and no file is written."""
    items = [in_corpus(folder, 1), an_item(4)]
    decided(store, *((item, a_decision(item, "mediation")) for item in items))
    merged(store, folder, scheme)
    before = {path: path.read_bytes() for path in folder.iterdir()}
    plan = plan_merge(store, folder, scheme)
    assert {change.kind for file in plan.files for change in file.changes} == {Kind.UNCHANGED}
    assert apply_merge(plan) == 0
    assert {path: path.read_bytes() for path in folder.iterdir()} == before


def test_what_is_not_accepted_stays_out(store: Store, folder: Path, scheme: Scheme):
    """A dispute is left out and listed, a skip and an undone answer do nothing; an adjudication settles it."""
    one, skipped, undone = (in_corpus(folder, number) for number in (1, 2, 3))
    decided(
        store,
        (one, a_decision(one, "mediation")),
        (one, a_decision(one, "security", reviewer="李")),
        (skipped, a_decision(skipped, action="skip", considered=())),
        (undone, a_decision(undone, role="heading")),
        (undone, a_decision(undone, action="undo", considered=())),
    )
    plan = plan_merge(store, folder, scheme)
    assert (plan.files, plan.disputed) == ((), (one,))
    assert any("in dispute" in line for line in merge_table(plan))
    store.record(a_decision(one, "mediation", action="adjudicate", reviewer="张"))
    assert merged(store, folder, scheme) == [Kind.CHANGED]
    assert load_report(folder / "city-01.jsonl", scheme=scheme).lines[0].by == "张"


def test_who_agrees_is_named(store: Store, folder: Path, scheme: Scheme):
    """Two reviewers of one mind both stand behind the line."""
    item = in_corpus(folder, 1)
    decided(store, (item, a_decision(item, "mediation")), (item, a_decision(item, "mediation", reviewer="李")))
    merged(store, folder, scheme)
    assert load_report(folder / "city-01.jsonl", scheme=scheme).lines[0].by == "王, 李"


def test_themes_that_were_not_judged_stay(store: Store, folder: Path, scheme: Scheme):
    """Who judged one theme changes that one; the others stay as they were judged, and so does who judged them."""
    item = in_corpus(folder, 1)
    decided(store, (item, a_decision(item, "mediation", considered=("mediation",))))
    merged(store, folder, scheme)
    line = load_report(folder / "city-01.jsonl", scheme=scheme).lines[0]
    assert (line.themes, line.considered, line.by) == (("security", "mediation"), FOUR, "language model, 王")


def test_a_role_is_corrected(store: Store, folder: Path, scheme: Scheme):
    """A heading that is body text loses its level, body text that is boilerplate its themes."""
    items = in_corpus(folder, 3), in_corpus(folder, 1)
    decided(
        store, (items[0], a_decision(items[0], "rule_of_law")), (items[1], a_decision(items[1], role="boilerplate"))
    )
    merged(store, folder, scheme)
    lines = load_report(folder / "city-01.jsonl", scheme=scheme).lines
    assert (lines[2].role, lines[2].level) == ("body", None)
    assert (lines[0].role, lines[0].themes, lines[0].considered) == ("boilerplate", (), FOUR)


def test_rationales_go_with_their_themes(store: Store, folder: Path, scheme: Scheme):
    """What was marked for a theme that stays is kept, what was marked for one that goes is not."""
    path = folder / "city-01.jsonl"
    first, *others = load_report(path, scheme=scheme).lines
    marked = {"security": ((0, 4),), "mediation": ((2, 6),)}
    write_report(path, [replace(first, themes=("security", "mediation"), rationales=marked), *others])
    item = in_corpus(folder, 1)
    decided(store, (item, a_decision(item, "mediation", "rule_of_law")))
    merged(store, folder, scheme)
    line = load_report(path, scheme=scheme).lines[0]
    assert (line.themes, line.rationales) == (("mediation", "rule_of_law"), {"mediation": ((2, 6),)})


@pytest.mark.parametrize("at", ["9999-01-01", "same"])
def test_an_edit_by_hand_is_as_good(store: Store, folder: Path, scheme: Scheme, at: str):
    """A line edited by hand, later or after the merge, is kept, which is said; a later decision is merged."""
    item, path = in_corpus(folder, 1), folder / "city-01.jsonl"
    decided(store, (item, a_decision(item, "mediation")))
    merged(store, folder, scheme)
    lines = list(load_report(path, scheme=scheme).lines)
    lines[0] = replace(lines[0], themes=("rule_of_law",), at=lines[0].at if at == "same" else at)
    write_report(path, lines)
    plan = plan_merge(store, folder, scheme)
    assert [change.kind for change in plan.files[0].changes] == [Kind.NEWER]
    assert apply_merge(plan) == 0
    assert any("the corpus is newer, left alone" in line for line in merge_table(plan))
    if at == "same":
        store.record(a_decision(item, "party_building"))
        assert merged(store, folder, scheme) == [Kind.CHANGED]


def window(number: int, report: str = "清河县/2020.txt") -> Item:
    """An item between its neighbours, under a heading at the report's beginning."""

    def beside(at: int) -> Neighbour:
        return Neighbour(at, "body", f"第{at}行写的是平安建设。")

    return an_item(
        number,
        report=report,
        text=f"第{number}行写的是平安建设。",
        heading_path=("一、平安建设",),
        heading_lines=(2,),
        before=tuple(map(beside, range(max(number - 3, 3), number))),
        after=tuple(map(beside, range(number + 1, number + 4))),
    )


def test_a_report_that_is_new(store: Store, folder: Path, scheme: Scheme):
    """Its file holds the reviewed lines in order, with heading and neighbours as lines that nobody judged."""
    decided(store, *((window(number), a_decision(window(number), "security")) for number in (20, 9)))
    assert merged(store, folder, scheme) == [Kind.ADDED] * 2
    lines = load_report(folder / "清河县-2020.jsonl", scheme=scheme).lines
    assert [line.line for line in lines] == [2, *range(6, 13), *range(17, 24)]
    assert [line.line for line in lines if line.considered is not None] == [9, 20]
    assert [(line.role, line.text) for line in lines[:2]] == [
        ("heading", "一、平安建设"),
        ("body", "第6行写的是平安建设。"),
    ]
    assert {line.by for line in lines if line.considered is None} == {"themes-1"}


def test_another_round_of_the_same_report(tmp_path: Path, store: Store, folder: Path, scheme: Scheme):
    """A later queue with a store of its own adds its lines at their places; lines edited by hand stay as they are."""
    path = folder / "清河县-2020.jsonl"
    decided(store, (window(20), a_decision(window(20), "security")))
    merged(store, folder, scheme)
    lines = load_report(path, scheme=scheme).lines
    by_hand = [replace(line, text="改过的一行。") if line.line == 18 else line for line in lines]
    write_report(path, by_hand)
    second = Store.open(tmp_path / "second.db")
    decided(
        second,
        *((window(number), a_decision(window(number), "mediation")) for number in (10, 18, 23)),
    )
    plan = plan_merge(second, folder, scheme)
    assert plan.files[0].left_out == (window(18),)
    assert any("its text is not in the corpus file, left out" in line for line in merge_table(plan))
    apply_merge(plan)
    lines = load_report(path, scheme=scheme).lines
    assert [line.line for line in lines] == [2, *range(7, 14), *range(15, 27)]
    assert [line.line for line in lines if line.considered is not None] == [10, 20, 23]
    assert [line.text for line in lines if line.line == 18] == ["改过的一行。"]


@pytest.mark.parametrize(
    ("one", "other"),
    [("a/b.txt", "a-b.txt"), ("a.txt", "a.docx"), ("a b.txt", "a_b.txt"), ("../a.txt", "a.txt"), (".a.txt", "a.txt")],
)
def test_two_reports_never_share_a_file(store: Store, folder: Path, scheme: Scheme, one: str, other: str):
    """Whatever their paths: two files appear, both inside the corpus, and both merge again without a change."""
    decided(store, *((item, a_decision(item)) for item in (window(5, one), window(6, other))))
    assert merged(store, folder, scheme) == [Kind.ADDED] * 2
    assert len(list(folder.glob("*.jsonl"))) == 3
    assert len(list(folder.parent.rglob("*.jsonl"))) == 3
    assert merged(store, folder, scheme) == [Kind.UNCHANGED] * 2


def test_a_name_that_a_corpus_report_has(store: Store, folder: Path, scheme: Scheme):
    """A report whose file would be another report's is left out and listed, not mixed into it."""
    item, before = window(5, "city/01.txt"), (folder / "city-01.jsonl").read_bytes()
    decided(store, (item, a_decision(item)))
    plan = plan_merge(store, folder, scheme)
    assert (plan.files[0].left_out, plan.files[0].changes, apply_merge(plan)) == ((item,), (), 0)
    assert (folder / "city-01.jsonl").read_bytes() == before


def test_long_names(store: Store, folder: Path, scheme: Scheme):
    """A path of any length has a file."""
    item = window(5, "很长的名字" * 80 + "/2020.txt")
    decided(store, (item, a_decision(item)))
    assert merged(store, folder, scheme) == [Kind.ADDED]


def test_what_cannot_be_merged(tmp_path: Path, store: Store, folder: Path, five_themes: Scheme, scheme: Scheme):
    """A theme that the scheme does not know, and a corpus that is no folder, are named."""
    item = in_corpus(folder, 1)
    facts: dict[str, Any] = {"considered": five_themes.ids}
    decided(store, (item, a_decision(item, "prisons", **facts)))
    with pytest.raises(UserError, match=r'review\.db, city-01, line 1: theme "prisons" is unknown'):
        plan_merge(store, folder, scheme)
    with pytest.raises(UserError, match=r"review\.db: it is no folder; give the folder of labelled reports"):
        plan_merge(store, tmp_path / "review.db", five_themes)
