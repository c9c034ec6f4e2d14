"""Counts of labelled reports: what is present, judged absent and not judged stay apart."""

from __future__ import annotations

import zhengfa
from labels.corpus import CorpusLine, CorpusReport, write_report
from labels.statistics import ThemeCount, statistics_by_slice, statistics_of

LINES = (
    CorpusLine("标题", "title", None, (), None, "a"),
    CorpusLine("一、调解", "heading", 1, ("mediation",), ("mediation", "security"), "a"),
    CorpusLine("排查纠纷，打击犯罪。", "body", None, ("mediation", "security"), ("mediation", "security"), "b"),
    CorpusLine("天气晴。", "body", None, (), ("mediation",), "b"),
    CorpusLine("无人看过的一段。", "body", None, (), None, ""),
)


def test_every_state_is_counted(scheme):
    """Present, judged absent, not judged; lines without a theme only where somebody judged."""
    counts = statistics_of([CorpusReport("a-1", LINES)], scheme)
    assert counts.themes == (
        ThemeCount("party_building", 0, 0, 4),
        ThemeCount("security", 1, 1, 2),
        ThemeCount("mediation", 2, 1, 1),
        ThemeCount("rule_of_law", 0, 0, 4),
    )
    assert (counts.reports, counts.lines, counts.none, counts.several) == (1, 5, 1, 1)
    assert counts.letters == (4, 8, 10)
    assert counts.by == {"a": 2, "b": 2, "": 1}
    assert counts.roles == {"title": 1, "byline": 0, "heading": 1, "body": 3, "caption": 0, "boilerplate": 0}


def test_slices_add_up(corpus, scheme):
    """The counts of the slices of the bundled corpus sum to those of the whole."""
    whole, slices = statistics_of(corpus, scheme), statistics_by_slice(corpus, scheme)
    assert sum(one.lines for one in slices) == whole.lines
    assert [sum(one.themes[at].present for one in slices) for at in range(4)] == [one.present for one in whole.themes]


def test_the_command_shows_every_count(tmp_path, capsys):
    """Slices, roles, themes and coders are all in the table; a report without body text breaks nothing."""
    write_report(tmp_path / "a-1.jsonl", LINES)
    write_report(tmp_path / "b-1.jsonl", LINES[:1])
    assert zhengfa.main(["labels", "stats", "--corpus", str(tmp_path)]) == 0
    rows = [line.split() for line in capsys.readouterr().out.splitlines()]
    assert ["a", "1", "5", "3", "1", "0", "1", "2", "0", "1", "1", "4", "/", "8", "/", "10"] in rows
    assert ["b", "1", "1", "0", "0", "0", "0", "0", "0", "0", "0", "0", "/", "0", "/", "0"] in rows
    assert ["矛盾化解与基层治理", "mediation", "2", "1", "1"] in rows
    assert ["–", "1"] in rows
