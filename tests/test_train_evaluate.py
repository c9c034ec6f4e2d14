"""Counting quality: small tables worked out by hand, and what becomes of missing lines and needless themes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from labels.checks import LABELS
from labels.corpus import load_corpus, write_report
from labels.scheme import Scheme
from model.folder import load_model
from model.source import source_from_text
from train.evaluate import Figure, Scored, figures, score_reports, theme_table
from train.gold import GoldLine, GoldReport, load_gold

PARTY, SECURITY, MEDIATION, LAW = range(4)


def scored(truth: list[list[int]], found: list[list[int]], **changes: object) -> Scored:
    """Two themes over lines that are all body, one report each."""
    count = len(truth)
    columns = {
        "ids": ("a", "b"),
        "report": np.arange(count),
        "role_right": np.ones(count, dtype=np.bool_),
        "body": np.ones(count, dtype=np.bool_),
        "truth": np.array(truth, dtype=np.bool_).reshape(-1, 2),
        "found": np.array(found, dtype=np.bool_).reshape(-1, 2),
        "section_report": np.empty(0, dtype=np.int64),
        "section_right": np.empty(0, dtype=np.bool_),
        "level_report": np.empty(0, dtype=np.int64),
        "level_right": np.empty(0, dtype=np.bool_),
        "share_error": np.empty(0),
    }
    return Scored(**(columns | changes))


def values(table: Scored) -> dict[str, float]:
    return {figure.name: figure.value for figure in figures(table)}


def test_a_table_by_hand():
    """a: 2 of 3 found are right, 2 of 2 are found; b: 1 of 1 is right, 1 of 2 is found; 2 of 4 lines are right."""
    table = scored([[1, 0], [1, 1], [0, 1], [0, 0]], [[1, 0], [1, 1], [1, 0], [0, 0]])
    assert theme_table(table) == [("a", 2 / 3, 1.0, 0.8, 2), ("b", 1.0, 0.5, 2 / 3, 2)]
    assert values(table) == {
        "roles": 1.0,
        "macro-F1": (0.8 + 2 / 3) / 2,
        "exact match": 0.75,
        "F1 a": 0.8,
        "F1 b": 2 / 3,
    }


def test_only_body_lines_count_for_themes():
    """Roles are counted over all lines, themes over those that are body."""
    body, right = np.array([True, False]), np.array([False, True])
    table = scored([[1, 0], [0, 1]], [[1, 0], [1, 0]], body=body, role_right=right)
    assert values(table) == {"roles": 0.5, "macro-F1": 1.0, "exact match": 1.0, "F1 a": 1.0, "F1 b": 1.0}
    assert [figure.count for figure in figures(table)] == [2, 1, 1, 1, 1]


def test_sections_and_levels_have_their_own_rows():
    """Judged sections and headings with a level are counted where there are some."""
    own = {"section_report": np.array([0, 0, 1]), "section_right": np.array([True, False, True])}
    levels = {"level_report": np.array([0, 1]), "level_right": np.array([True, False])}
    found = values(scored([[1, 0], [1, 0]], [[1, 0], [1, 0]], **own, **levels))
    assert (found["section primary"], found["heading level"]) == (pytest.approx(2 / 3), 0.5)


def test_shares_have_a_row_of_their_own():
    """How far they are off on average, over the reports whose passages were marked."""
    (figure,) = (
        one for one in figures(scored([], [], share_error=np.array([0.02, 0.05]))) if one.name == "share error"
    )
    assert (figure.value, figure.count) == (pytest.approx(0.035), 2)


def test_an_interval_is_over_reports():
    """Lines of one report are drawn together: with one report there is nothing to vary."""
    truth, found = [[1, 0], [1, 0], [0, 0], [0, 0]], [[1, 0], [0, 0], [0, 0], [0, 0]]
    for reports, varies in ((np.zeros(4, dtype=np.int64), False), (np.arange(4), True)):
        exact = {figure.name: figure for figure in figures(scored(truth, found, report=reports))}["exact match"]
        assert exact.value == 0.75
        assert (exact.low < exact.value < exact.high) is varies


def test_nothing_to_count():
    """Gold labels without a line give no figures."""
    assert figures(scored([], [])) == []
    assert figures(scored([[1, 0]], [[1, 0]], body=np.array([False]))) == [Figure("roles", 1.0, 1.0, 1.0, 1)]


def reading(roles: list[str], has: dict[int, set[int]], **changes: object) -> SimpleNamespace:
    """What a model might have read: a paragraph a line, `has` the themes of paragraphs by number."""
    themed = [number for number, role in enumerate(roles) if role in ("heading", "body")]
    rows = [[theme in has.get(number, ()) for theme in range(4)] for number in themed]
    columns = {
        "paragraphs": [SimpleNamespace(line=number) for number in range(1, len(roles) + 1)],
        "roles": roles,
        "levels": [1 if role == "heading" else None for role in roles],
        "scores": SimpleNamespace(
            frame=SimpleNamespace(themed=np.array(themed)), has=np.array(rows, dtype=np.bool_).reshape(-1, 4)
        ),
        "sections": [],
        "section_themes": [],
        "weights": np.array([[3.0, 1.0, 0.0, 0.0, 0.0]]),
    }
    return SimpleNamespace(**(columns | changes))


def gold(*lines: tuple[str, set[str]], primary: dict[int, str] | None = None) -> GoldReport:
    rows = (
        GoldLine(number, "", role, 1 if role == "heading" else None, frozenset(themes))
        for number, (role, themes) in enumerate(lines, 1)
    )
    return GoldReport(source_from_text("x", "x"), tuple(rows), primary or {})


@pytest.fixture
def compare(monkeypatch: pytest.MonkeyPatch, scheme: Scheme):
    """Score one gold report against a made reading."""
    monkeypatch.setattr("train.evaluate.reader_of", lambda _: None)

    def compared(read: SimpleNamespace, report: GoldReport) -> Scored:
        monkeypatch.setattr("train.evaluate.read_report", lambda *_: read)
        return score_reports(SimpleNamespace(scheme=scheme), [report])

    return compared


def test_a_line_is_compared_by_role_and_themes(compare):
    """A body line read as a heading keeps its themes; one read as boilerplate has none."""
    read = reading(["body", "heading", "boilerplate"], {0: {MEDIATION}, 1: {SECURITY}})
    line = ("body", {"mediation"})
    table = compare(read, gold(line, line, line))
    assert table.role_right.tolist() == [True, False, False]
    assert np.flatnonzero(table.found[0]).tolist() == [MEDIATION]
    assert np.flatnonzero(table.found[1]).tolist() == [SECURITY]
    assert not table.found[2].any()
    assert table.body.all()


def test_shares_are_compared_where_they_are_known(compare):
    """The mean difference over the themes and none; a report without marks has none."""
    report, read = gold(("body", {"mediation"})), reading(["body"], {0: {MEDIATION}})
    assert not len(compare(read, report).share_error)
    known = replace(report, shares=np.array([0.5, 0.25, 0.0, 0.0, 0.25]))
    assert compare(read, known).share_error.tolist() == [pytest.approx(0.5 / 5)]


def test_a_missing_line_is_wrong_everywhere(compare):
    """A line that was not read has the wrong role, lacks its themes and has all others."""
    table = compare(reading(["body"], {0: {MEDIATION}}), gold(("body", {"mediation"}), ("body", {"security"})))
    assert table.role_right.tolist() == [True, False]
    assert np.flatnonzero(table.found[1]).tolist() == [PARTY, MEDIATION, LAW]
    assert dict(zip(table.ids, [row[3] for row in theme_table(table)], strict=True)) == {
        "party_building": 0.0,
        "security": 0.0,
        "mediation": pytest.approx(2 / 3),
        "rule_of_law": 0.0,
    }


def test_themes_where_there_should_be_none_are_false_positives(compare):
    """A caption taken for body text counts against the themes it was given; without themes it counts for nothing."""
    read = reading(["body", "body", "body", "heading"], {0: {MEDIATION}, 1: {SECURITY}, 3: {LAW}})
    table = compare(read, gold(("body", {"mediation"}), ("caption", set()), ("byline", set()), ("heading", set())))
    assert table.body.tolist() == [True, True, False, False]
    assert theme_table(table)[SECURITY] == ("security", 0.0, 0.0, 0.0, 0)
    assert theme_table(table)[MEDIATION][1:4] == (1.0, 1.0, 1.0)


def test_sections_are_found_by_their_heading(compare):
    """A section's primary theme is right if the section of that heading line has it; line 0 is the lead."""
    sections = [SimpleNamespace(heading=None), SimpleNamespace(heading=1)]
    themes = [SimpleNamespace(primary=None), SimpleNamespace(primary="mediation")]
    read = reading(["body", "heading", "body"], {}, sections=sections, section_themes=themes)
    labels = gold(("body", set()), ("heading", set()), primary={0: "security", 2: "mediation", 3: "security"})
    assert compare(read, labels).section_right.tolist() == [False, True, False]


def test_levels_are_compared_where_gold_has_one(compare):
    """A heading's level is right if the same line is a heading of that level; a missing one is wrong."""
    read = reading(["heading", "body"], {}, levels=[1, None])
    table = compare(read, gold(("heading", set()), ("heading", set()), ("heading", set())))
    assert table.level_right.tolist() == [True, False, False]


def test_real_reports(small_model: Path, shared: Path, scheme: Scheme):
    """Even a small model reads real reports far better than chance."""
    table = score_reports(load_model(small_model), load_gold(shared / "gold", shared / "reports", scheme))
    found = values(table)
    assert found["macro-F1"] > 0.6
    assert found["roles"] > 0.7
    assert len(theme_table(table)) == 4


def test_themes_that_nobody_judged_are_not_counted(small_model: Path, scheme: Scheme, tmp_path: Path):
    """Reports with roles alone give figures of roles and levels, none of themes."""
    for report in load_corpus(LABELS / "copies_heldout", scheme=scheme):
        bare = (replace(line, themes=(), considered=None) for line in report.lines)
        write_report(tmp_path / f"{report.name}.jsonl", bare)
    result = score_reports(load_model(small_model), load_gold(tmp_path, None, scheme))
    assert [figure.name for figure in figures(result)] == ["roles", "heading level"]
    assert theme_table(result) == []
