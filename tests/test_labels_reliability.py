"""Agreement of label sets: from files, folders and stores, per theme and week, before anybody adjudicated."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

import zhengfa
from labels.agreement import cohen_kappa
from labels.corpus import CorpusLine, CorpusReport, load_corpus, write_report
from labels.errors import UserError
from labels.label_sets import load_label_sets
from labels.reliability import ROLE, THEME_SET, Period, Reliability, reliability
from labels.scheme import Scheme
from labels.store import Store
from tests.review_data import FOUR, a_decision, an_item

FOLDER = Path(__file__).parent.parent / "labels" / "heldout"


def write(folder: Path, reports: Sequence[CorpusReport]) -> Path:
    folder.mkdir(parents=True)
    for report in reports:
        write_report(folder / f"{report.name}.jsonl", report.lines)
    return folder


def without(reports: Sequence[CorpusReport], theme: str, step: int) -> list[CorpusReport]:
    """The reports with `theme` taken off every `step`-th line."""

    def line(number: int, own: CorpusLine) -> CorpusLine:
        return replace(own, themes=tuple(one for one in own.themes if one != theme or number % step))

    return [replace(one, lines=tuple(line(at, own) for at, own in enumerate(one.lines))) for one in reports]


def row_of(period: Period, what: str) -> Reliability:
    return next(row for row in period.rows if row.what == what)


@pytest.fixture
def heldout(scheme: Scheme) -> list[CorpusReport]:
    return load_corpus(FOLDER, scheme=scheme)[:4]


def test_two_folders_are_two_coders(tmp_path: Path, heldout, scheme: Scheme):
    """Where one coder left security off some lines, its kappa is Cohen's; the others are perfect."""
    other = write(tmp_path / "b", without(heldout, "security", 3))
    sets = load_label_sets([write(tmp_path / "a", heldout), other], scheme)
    (period,) = reliability(sets, scheme)
    lines = [line for report in heldout for line in report.lines if line.role in ("heading", "body")]
    changed = [line for report in without(heldout, "security", 3) for line in report.lines]
    changed = [line for line in changed if line.role in ("heading", "body")]
    marks = [["security" in line.themes for line in own] for own in (lines, changed)]
    security = row_of(period, "security")
    assert sets.coders == ("a", "b")
    assert security.kappa.value == pytest.approx(cohen_kappa(*marks))
    assert security.kappa.low < security.kappa.value < security.kappa.high
    assert security.present == pytest.approx((sum(marks[0]) + sum(marks[1])) / (2 * len(lines)))
    assert security.units == len(lines)
    assert row_of(period, "mediation").alpha.value == 1
    assert security.alpha.value < row_of(period, THEME_SET).alpha.value < 1
    assert row_of(period, ROLE).units == sum(len(report.lines) for report in heldout)


def test_a_line_is_known_by_its_text_and_turn(tmp_path: Path, scheme: Scheme):
    """Files of one report match by text, also where a line stands twice or is missing in one of them."""
    twice, once = (CorpusLine(text, "body", None, (), FOUR) for text in ("调解。", "打击。"))
    themed = replace(twice, themes=("mediation",))
    a, b = tmp_path / "a.jsonl", tmp_path / "b.jsonl"
    write_report(a, [twice, once, themed])
    write_report(b, [twice, themed])
    sets = load_label_sets([a, b], scheme)
    assert [{coder: one.themes for coder, one in own.items()} for own in sets.units.values()] == [
        {"a": frozenset(), "b": frozenset()},
        {"a": frozenset({"mediation"}), "b": frozenset({"mediation"})},
    ]


def test_only_what_was_judged_counts(tmp_path: Path, scheme: Scheme):
    """A theme that one coder did not judge is missing there; a line that nobody judged is no unit."""
    line = CorpusLine("调解。", "body", None, ("mediation",), FOUR)
    write_report(tmp_path / "a.jsonl", [line, replace(line, text="又。")])
    unjudged = CorpusLine("又。", "body", None, (), None)
    write_report(tmp_path / "b.jsonl", [replace(line, considered=("mediation",)), unjudged])
    sets = load_label_sets([tmp_path / "a.jsonl", tmp_path / "b.jsonl"], scheme)
    (period,) = reliability(sets, scheme)
    assert [(row.what, row.units) for row in period.rows] == [
        ("party_building", 0),
        ("security", 0),
        ("mediation", 1),
        ("rule_of_law", 0),
        (THEME_SET, 0),
        (ROLE, 1),
    ]
    assert math.isnan(row_of(period, "security").alpha.value)


@pytest.fixture
def store(tmp_path: Path) -> Path:
    """Two reviewers who differ on one item of ten; a third settled it, and then one of them gave in."""
    items = [an_item(number) for number in range(10)]
    opened = Store.open(tmp_path / "review.db")
    opened.add_items(items)
    for number, item in enumerate(items):
        themes = ("mediation",) if number % 2 else ()
        opened.import_decisions([a_decision(item, *themes, at=f"2026-11-{10 + number}T08:00:00Z")])
        second = () if number == 5 else themes
        opened.import_decisions([a_decision(item, *second, reviewer="李", at=f"2026-11-{10 + number}T09:00:00Z")])
    opened.record(a_decision(items[5], "mediation", reviewer="陈", action="adjudicate"))
    opened.record(a_decision(items[5], "mediation", reviewer="李"))
    opened.record(a_decision(items[9], action="skip", reviewer="李"))
    opened.close()
    return tmp_path / "review.db"


def test_a_store_counts_before_adjudication(store: Path, scheme: Scheme):
    """Neither an adjudication nor a word given after it counts; a skip takes the unit out."""
    sets = load_label_sets([store], scheme)
    whole, *weeks = reliability(sets, scheme)
    assert sets.coders == ("王", "李")
    assert row_of(whole, "mediation").units == 9
    assert row_of(whole, "mediation").agreement.value == pytest.approx(8 / 9)
    assert [(week.week, row_of(week, "mediation").units) for week in weeks] == [("2026-W46", 6), ("2026-W47", 3)]
    assert date(2026, 11, 15).isocalendar().week == 46


def test_files_without_a_common_line_are_refused(tmp_path: Path, heldout, scheme: Scheme):
    """Reports of different folders with nothing in common, or one coder alone, have no agreement to speak of."""
    a, b = write(tmp_path / "a", heldout[:1]), write(tmp_path / "b", heldout[1:2])
    for paths in ([a, b], [a]):
        with pytest.raises(UserError, match="no line has labels of two coders"):
            load_label_sets(paths, scheme)
    with pytest.raises(UserError, match=r"none: cannot read it"):
        load_label_sets([tmp_path / "none"], scheme)


def test_the_command_writes_both_tables(tmp_path: Path, heldout, capsys):
    """The table to paste has a row a theme with intervals and a note; the CSV has the same figures, unrounded."""
    paths = [str(write(tmp_path / "a", heldout)), str(write(tmp_path / "b", without(heldout, "security", 3)))]
    out = tmp_path / "agreement.csv"
    assert zhengfa.main(["labels", "agreement", *paths, "--table", "--csv", str(out)]) == 0
    printed = capsys.readouterr().out
    rows = list(csv.DictReader(io.StringIO(out.read_bytes().decode("utf-8-sig"))))
    security = next(row for row in rows if row["what"] == "security")
    assert f"| 全部 all | 平安稳定 security | {security['n']} |" in printed
    assert f"{float(security['kappa']):.3f} [{float(security['kappa_low']):.3f}, " in printed
    assert "Note. 2 coders; " in printed
    assert zhengfa.main(["labels", "agreement", *paths]) == 0
    assert capsys.readouterr().out.startswith("标注者 / coders: a, b\n")
