"""Rows: every line is where it says, and what it says of its themes adds up."""

from __future__ import annotations

import hashlib
import pickle
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.corpus import CorpusReport
from labels.errors import UserError
from labels.roles import THEMED_ROLES
from model.lines import BLANKS
from predict.annotation import LineRow, Report, ThemeScore
from predict.jsonl import encode
from predict.tagger import Tagger

ONLY_HEADINGS = "一、维护社会稳定\n（一）扫黑除恶\n（二）反恐维稳\n二、化解矛盾纠纷\n（一）人民调解"
PIECES = st.sampled_from(
    [
        *"平安，。；“”（）、一二三1a \u3000",
        "\n",
        "\r\n",
        "\r",
        "一、深化平安建设",
        "全市人民调解组织调解矛盾纠纷120件。",
        "開展掃黑除惡專項鬥爭，",
        "現(xiàn)代化",
        "\u200b",
        "①㎡㈠",
        "e\u0301",
    ]
)


@pytest.fixture(scope="module")
def annotated(small_tagger: Tagger, corpus: list[CorpusReport]) -> list[Report]:
    """Every labelled report, annotated as plain text."""
    texts = (("\n".join(line.text for line in report.lines), report.name) for report in corpus)
    return [small_tagger.annotate(text, name=name) for text, name in texts]


def themes(reports: list[Report]) -> Iterator[tuple[LineRow, ThemeScore]]:
    return ((line, theme) for report in reports for line in report.lines for theme in line.themes)


def check(report: Report) -> None:
    """What holds for every annotation of any text."""
    end = 0
    for line in report.lines:
        assert end <= line.start < line.end
        assert report.text[line.start : line.end] == line.text
        assert line.text_sha256 == hashlib.sha256(line.text.encode()).hexdigest()[:16]
        assert (line.role in THEMED_ROLES) == bool(line.probabilities)
        end = line.end
    assert [line.section for line in report.lines] == sorted(line.section for line in report.lines)
    for line, theme in themes([report]):
        check_theme(report, line, theme)
    for section in report.sections:
        inside = [line for line in report.lines if line.section == section.section]
        assert (section.start, section.end) == ((inside[0].start, inside[-1].end) if inside else (0, 0))
        assert all(line.heading_path == section.heading_path for line in inside)


def check_theme(report: Report, line: LineRow, theme: ThemeScore) -> None:
    assert theme.probability == line.probabilities[theme.id] >= theme.threshold
    parts = sum(word.weight for word in theme.evidence) + sum(theme.context.values()) + theme.rest
    assert parts == pytest.approx(theme.score, abs=1e-6)
    for word in theme.evidence:
        assert line.start <= word.start < word.end <= line.end
        assert report.text[word.start : word.end].strip()


def test_the_corpus(annotated: list[Report]):
    """On every labelled report lines are where they say, evidence lies in its line, and its parts sum to the score."""
    for report in annotated:
        check(report)
    assert sum(1 for _ in themes(annotated)) > 3000


def test_real_reports(shared: Path, small_tagger: Tagger):
    """So it is on the real ones."""
    for path in sorted((shared / "reports").glob("*.txt")):
        check(small_tagger.annotate(path))


@settings(max_examples=200)
@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=60))
def test_any_text(small_tagger: Tagger, text: str):
    """And on any text that has some ink."""
    try:
        report = small_tagger.annotate(text)
    except UserError:
        return
    check(report)


def test_evidence_names_the_words_it_points_at(small_tagger: Tagger, monkeypatch: pytest.MonkeyPatch):
    """A word found in damaged traditional text is named as it is read and points at how it stands."""
    monkeypatch.setattr("model.hints.predict_roles", lambda *_: ["body"])
    report = small_tagger.annotate("全市開展掃(sǎo)黑除惡專項鬥爭，打擊黑惡犯罪團夥３個，破獲刑事案件１２０起。")
    (line,) = report.lines
    found = {word.term: report.text[word.start : word.end] for theme in line.themes for word in theme.evidence}
    assert found["扫黑除恶"] == "掃(sǎo)黑除惡"


def test_themes_stand_in_the_order_of_the_scheme(annotated: list[Report], small_tagger: Tagger):
    """A line's themes are those whose probability reaches their threshold, in the scheme's order."""
    ids = small_tagger.model.scheme.ids
    several = [line for report in annotated for line in report.lines if len(line.themes) > 1]
    assert several
    for line in several:
        assert [theme.id for theme in line.themes] == [name for name in ids if name in {t.id for t in line.themes}]
        assert list(line.probabilities) == list(ids)


def test_margin_and_band(annotated: list[Report], small_tagger: Tagger):
    """A line is as sure as its least sure theme; a line without themes by its role is sure."""
    cuts = small_tagger.model.themes.decision
    for line in (line for report in annotated for line in report.lines):
        pairs = list(zip(line.probabilities.values(), cuts.threshold, strict=False))
        assert line.margin == pytest.approx(min((abs(p - cut) for p, cut in pairs), default=1.0), abs=1e-4)
        bands = zip(line.probabilities.values(), cuts.sure_below, cuts.sure_above, strict=False)
        assert line.band == ("sure" if all(p <= low or p >= high for p, low, high in bands) else "review")
    assert {line.band for report in annotated for line in report.lines} == {"sure", "review"}


def test_shares_sum_to_one(annotated: list[Report]):
    """The shares of a report, and of a section with body text, are parts of one whole."""
    for report in annotated:
        assert sum(share.share for share in report.row.shares.values()) == pytest.approx(1, abs=5e-4)
        for share in report.row.shares.values():
            assert 0 <= share.low <= share.share <= share.high <= 1
        for section in report.sections:
            assert sum(section.shares.values()) == pytest.approx(1, abs=5e-4) or not any(section.shares.values())


def test_terms_are_counted(small_tagger: Tagger):
    """A line says how many terms of each theme it holds, and of no theme that it holds none of."""
    report = small_tagger.annotate("全市扫黑除恶，扫黑除恶成效明显，人民调解成功率提高。")
    assert report.lines[0].terms["security"] >= 2
    assert "mediation" in report.lines[0].terms
    assert all(report.lines[0].terms.values())


def test_novelty(small_tagger: Tagger):
    """A line of familiar words is less novel than one of unheard-of words."""
    familiar = small_tagger.annotate("全市政法机关深入推进平安建设。").lines[0].novelty
    unheard = small_tagger.annotate("蜉蝣掠水蒹葭苍苍鹧鸪啼晚。").lines[0].novelty
    assert familiar < 0.3
    assert unheard > 0.7


def test_only_headings(small_tagger: Tagger, monkeypatch: pytest.MonkeyPatch):
    """A report of nothing but headings has sections, no shares, and lines with the headings above them."""
    monkeypatch.setattr("model.hints.predict_roles", lambda *_: ["heading"] * 5)
    report = small_tagger.annotate(ONLY_HEADINGS)
    check(report)
    assert [section.level for section in report.sections] == [0, 1, 2, 2, 1, 2]
    assert report.lines[2].heading_path == ("一、维护社会稳定", "（二）反恐维稳")
    assert not any(share.share for share in report.row.shares.values())
    assert report.row.primary is None


def test_quality_counts_the_damage(small_tagger: Tagger):
    """Readings taken out and characters lost are counted in the report's row."""
    report = small_tagger.annotate("現(xiàn)代化治理\ufffd，質(zhì)量提升。")
    assert report.row.quality["pinyin"] == 2
    assert report.row.quality["lost"] == 1


def encoded(reports: list[Report]) -> list[bytes]:
    return [encode(report) for report in reports]


def test_reports_beside_a_report_change_nothing(
    annotated: list[Report], small_tagger: Tagger, corpus: list[CorpusReport], monkeypatch: pytest.MonkeyPatch
):
    """A report's rows are the same bytes alone and read together with others, however many."""
    texts = ["\n".join(line.text for line in report.lines) for report in corpus]
    alone = encoded([replace(report, row=replace(report.row, report="text")) for report in annotated[:120]])
    for together in (1, 3000, 200_000):
        monkeypatch.setattr("predict.tagger.TOGETHER", together)
        rows = encoded(list(small_tagger.annotate_many(texts[:120])))
        named = [
            row.replace(b'"report":"%b"' % report.name.encode(), b'"report":"text"')
            for row, report in zip(alone, corpus, strict=False)
        ]
        assert [row.split(b"\n")[1:] for row in rows] == [row.split(b"\n")[1:] for row in named]


@settings(max_examples=60)
@given(st.lists(st.lists(PIECES, min_size=1, max_size=20).map("".join), min_size=2, max_size=6))
def test_any_texts_together(small_tagger: Tagger, texts: list[str]):
    """So it is with any texts."""
    inked = [text for text in texts if text.strip(BLANKS)]
    assert encoded(list(small_tagger.annotate_many(inked))) == encoded([small_tagger.annotate(text) for text in inked])


def test_a_long_report(small_tagger: Tagger, corpus: list[CorpusReport], monkeypatch: pytest.MonkeyPatch):
    """A report longer than a part has rows like any other, for all of its text."""
    text = "\n".join(line.text for report in corpus[:30] for line in report.lines)
    whole = small_tagger.annotate(text)
    monkeypatch.setattr("model.parts.LONGEST", 3000)
    report = small_tagger.annotate(text)
    check(report)
    assert [(line.line, line.start, line.end, line.text) for line in report.lines] == [
        (line.line, line.start, line.end, line.text) for line in whole.lines
    ]
    assert [section.section for section in report.sections] == list(range(len(report.sections)))
    assert {line.section for line in report.lines} <= {section.section for section in report.sections}
    assert sum(share.share for share in report.row.shares.values()) == pytest.approx(1, abs=5e-4)
    assert encode(report).count(b"\n") == 1 + len(report.sections) + len(report.lines)
    assert pickle.loads(pickle.dumps(report)) == report
    assert report.lines[-1] == list(report.lines)[-1]
    assert report.lines[3:9:2] == tuple(list(report.lines)[3:9:2])
