"""Annotating with decisions: people's answers stand, the model's beside them, and all else is as it was."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import orjson
import pytest

import zhengfa
from labels.errors import UserError
from labels.item import Item
from labels.standing import Answer
from labels.store import Store
from model.source import source_from_text
from predict.annotation import LineRow, ModelSaid, Report
from predict.decisions import DecidedTagger, Decisions, decisions_from
from predict.jsonl import encode
from predict.tagger import Tagger
from tests.review_data import FOUR, a_decision, an_item

SAMPLE = Path(__file__).parent.parent / "predict" / "sample.txt"
LONG = "全县人民调解组织排查化解矛盾纠纷一百二十件，人民调解员上门调处。"


@pytest.fixture(scope="module")
def plain(small_tagger: Tagger) -> Report:
    """What the model says of the sample."""
    return small_tagger.annotate(SAMPLE)


def item_of(line: LineRow) -> Item:
    return an_item(line.line, report=line.report, text=line.text)


def answered(line: LineRow, *themes: str, role: str = "", considered: tuple[str, ...] = FOUR) -> tuple[Item, Answer]:
    return item_of(line), Answer(role or line.role, themes, considered, "王", "2026-01-01")


def annotated(tagger: Tagger, *answers: tuple[Item, Answer]) -> Report:
    return DecidedTagger(tagger.model, decisions_from(answers)).annotate(SAMPLE)


def body_with(report: Report, theme: str) -> LineRow:
    """The longest body line with a theme and no other."""
    lines = [line for line in report.lines if line.role == "body" and [one.id for one in line.themes] == [theme]]
    return max(lines, key=lambda line: len(line.text))


def themes_of(line: LineRow) -> list[str]:
    return [theme.id for theme in line.themes]


def test_the_persons_answer_stands(small_tagger: Tagger, plain: Report):
    """A line has the person's themes with the model's probabilities, says what the model would have said, is sure."""
    line = body_with(plain, "mediation")
    report = annotated(small_tagger, answered(line, "party_building", "security"))
    decided = report.lines[plain.lines.index(line)]
    assert (themes_of(decided), decided.decided_by, decided.band) == (["party_building", "security"], "human", "sure")
    assert decided.model_said == ModelSaid("body", ("mediation",))
    assert decided.probabilities == line.probabilities
    for theme in decided.themes:
        parts = [*(word.weight for word in theme.evidence), *theme.context.values(), theme.rest]
        assert sum(parts) == pytest.approx(theme.score, abs=2e-3)


def test_shares_follow(small_tagger: Tagger, plain: Report):
    """A long line's characters go from the model's theme to the person's, in its section and in the report."""
    line = body_with(plain, "mediation")
    report = annotated(small_tagger, answered(line, "rule_of_law"))
    assert report.row.shares["mediation"].share < plain.row.shares["mediation"].share
    assert report.row.shares["rule_of_law"].share > plain.row.shares["rule_of_law"].share
    before, after = plain.sections[line.section].shares, report.sections[line.section].shares
    assert after["rule_of_law"] > before["rule_of_law"]


def test_all_else_is_as_it_was(small_tagger: Tagger, plain: Report):
    """The other lines are the very same, and where nobody decided the whole report is."""
    line = body_with(plain, "mediation")
    report = annotated(small_tagger, answered(line))
    assert [one for one in report.lines if one.decided_by == "model"] == [one for one in plain.lines if one != line]
    assert annotated(small_tagger) == plain


def test_agreeing_with_the_model_changes_no_theme(small_tagger: Tagger, plain: Report):
    """A person who says of every line what the model says gets its report, decided by people."""
    answers = [answered(line, *themes_of(line)) for line in plain.lines]
    report = annotated(small_tagger, *answers)
    assert {line.decided_by for line in report.lines} == {"human"}
    assert {
        (line.model_said.role, line.model_said.themes) == (line.role, tuple(themes_of(line)))
        for line in report.lines
        if line.model_said
    } == {True}
    undone = [
        replace(line, decided_by="model", model_said=None, band=old.band)
        for line, old in zip(report.lines, plain.lines, strict=True)
    ]
    assert undone == list(plain.lines)
    assert (report.row, report.sections) == (plain.row, plain.sections)


def test_themes_that_were_not_judged_are_the_models(small_tagger: Tagger, plain: Report):
    """Who judged security alone leaves the rest to the model; such a line is as sure as it was."""
    line = body_with(plain, "mediation")
    report = annotated(small_tagger, answered(line, "security", considered=("security",)))
    decided = report.lines[plain.lines.index(line)]
    assert themes_of(decided) == ["security", "mediation"]
    assert decided.band == line.band


def test_a_role_is_corrected(small_tagger: Tagger, plain: Report):
    """Boilerplate has no themes and no share; a line that is a heading begins a section of its own."""
    line = body_with(plain, "mediation")
    number = plain.lines.index(line)
    dropped = annotated(small_tagger, answered(line, role="boilerplate"))
    assert (dropped.lines[number].role, themes_of(dropped.lines[number])) == ("boilerplate", [])
    assert dropped.row.shares["mediation"].share < plain.row.shares["mediation"].share
    heading = annotated(small_tagger, answered(line, "mediation", role="heading"))
    assert len(heading.sections) == len(plain.sections) + 1
    assert line.line in {section.heading_line for section in heading.sections}
    assert heading.lines[number].model_said == ModelSaid("body", ("mediation",))


def test_a_long_report_is_read_in_parts_as_without_decisions(small_tagger: Tagger):
    """A decided line says so, whichever part it is in; every line of another section is the very same."""
    sample = SAMPLE.read_text("utf-8").splitlines()
    text = "\n".join(f"{line}{number}。" for number in range(38) for line in sample if line.strip())
    plain = small_tagger.annotate(text, name="long")
    line = next(one for one in plain.lines[-30:] if one.role == "body" and "security" not in themes_of(one))
    tagger = DecidedTagger(small_tagger.model, decisions_from([answered(line, "security")]))
    report = tagger.annotate(text, name="long")
    decided = report.lines[line.line - 1]
    assert (decided.decided_by, themes_of(decided)) == ("human", ["security"])
    assert decided.model_said == ModelSaid(line.role, tuple(themes_of(line)))
    assert [one for one in report.lines if one.line != line.line] == [
        one for one in plain.lines if one.line != line.line
    ]
    assert encode(report).count(b'"model_said"') == 1
    before, after = (one.sections[line.section].shares["security"] for one in (plain, report))
    assert after > before
    assert DecidedTagger(small_tagger.model, decisions_from([])).annotate(text, name="long") == plain


def test_where_an_answer_holds():
    """For its place; for its text in the report; elsewhere only for long texts, and nowhere where answers differ."""
    short, long = an_item(1, report="a", text="一、主要做法"), an_item(2, report="a", text=LONG)
    yes, no = (Answer("body", themes, FOUR, "王", "2026") for themes in (("security",), ()))
    decisions = decisions_from([(short, yes), (long, yes)])
    assert decisions.find("a", 1, short.text_sha256) == yes
    assert decisions.find("a", 9, short.text_sha256) == yes
    assert decisions.find("b", 1, short.text_sha256) is None
    assert decisions.find("b", 9, long.text_sha256) == yes
    again = an_item(7, report="a", text=LONG)
    differing = decisions_from([(long, yes), (again, no)])
    assert [differing.find("a", line, long.text_sha256) for line in (2, 7, 8)] == [yes, no, None]
    assert differing.find("b", 2, long.text_sha256) is None


def test_only_accepted_answers(tmp_path: Path):
    """Disputes, skips and what was taken back leave the line to the model."""
    store = Store.open(tmp_path / "review.db")
    items = [an_item(number) for number in range(1, 6)]
    store.add_items(items)
    for item, decision in (
        (items[0], {"action": "skip", "considered": ()}),
        (items[1], {}),
        (items[2], {"themes": ("security",)}),
        (items[2], {"reviewer": "李"}),
        (items[3], {}),
        (items[3], {"action": "undo", "considered": ()}),
    ):
        store.record(a_decision(item, **decision))
    found = [Decisions.load(store.path).find(item.report, item.line, item.text_sha256) for item in items]
    assert [answer is not None for answer in found] == [False, True, False, False, False]


@pytest.fixture
def store(tmp_path: Path, plain: Report) -> Path:
    """A store in which one line of the sample is decided."""
    line = body_with(plain, "mediation")
    item = item_of(replace(line, report="sample.txt"))
    store = Store.open(tmp_path / "review.db")
    store.add_items([item])
    store.record(a_decision(item, "security"))
    store.close()
    return store.path


def test_the_command(tmp_path: Path, small_model: Path, store: Path):
    """`annotate --decisions` writes the person's answer and the model's; in two processes the same bytes."""
    common = ["annotate", str(SAMPLE), "--model", str(small_model), "--decisions", str(store)]
    for jobs in ("1", "2"):
        assert zhengfa.main([*common, "--jobs", jobs, "--out", str(tmp_path / f"{jobs}.jsonl")]) == 0
    assert (tmp_path / "1.jsonl").read_bytes() == (tmp_path / "2.jsonl").read_bytes()
    rows = [orjson.loads(row) for row in (tmp_path / "1.jsonl").read_bytes().splitlines()]
    (row,) = [row for row in rows if row.get("decided_by") == "human"]
    assert [theme["id"] for theme in row["themes"]] == ["security"]
    assert row["model_said"] == {"role": "body", "themes": ["mediation"]}
    assert sum("model_said" in row for row in rows) == 1


def test_mistakes(tmp_path: Path, small_model: Path, store: Path, capsys: pytest.CaptureFixture[str]):
    """A store that is not there is named; a store is never written over by the output."""
    common = ["annotate", str(SAMPLE), "--model", str(small_model), "--decisions"]
    assert zhengfa.main([*common, str(tmp_path / "none.db")]) == 2
    assert "none.db: no store of decisions here" in capsys.readouterr().err
    renamed = store.rename(tmp_path / "review.jsonl")
    assert zhengfa.main([*common, str(renamed), "--out", str(renamed)]) == 2
    assert "it is an input, too" in capsys.readouterr().err
    assert len(Store.open(renamed).events()) == 1


def test_a_source_without_text_lines(small_tagger: Tagger, plain: Report):
    """Decisions on another report leave an unrelated one to the model."""
    tagger = DecidedTagger(small_tagger.model, decisions_from([answered(plain.lines[0])]))
    source = source_from_text("全市平安建设扎实推进。\n人民调解化解矛盾。", "other")
    assert tagger.annotate_source(source) == small_tagger.annotate_source(source)
    with pytest.raises(UserError):
        tagger.annotate(Path("nowhere.txt"))


def test_shards_of_a_run_have_the_decisions_it_began_with(small_model: Path, store: Path, tmp_path: Path):
    """Decisions count in shards as in a file; a run that goes on with others is refused."""
    common = ["annotate", str(SAMPLE), "--model", str(small_model)]
    shards = [*common, "--out", str(tmp_path / "shards"), "--format", "jsonl"]
    assert zhengfa.main([*common, "--out", str(tmp_path / "one.jsonl"), "--decisions", str(store)]) == 0
    assert zhengfa.main([*shards, "--decisions", str(store)]) == 0
    assert (tmp_path / "shards/shard-000000.jsonl").read_bytes() == (tmp_path / "one.jsonl").read_bytes()
    assert zhengfa.main([*shards, "--decisions", str(store)]) == 0
    assert zhengfa.main(shards) == 2
