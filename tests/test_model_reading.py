"""Reading a report: every paragraph has its place, its role, its section; any text is read, in linear time."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labels.corpus import CorpusReport
from labels.errors import UserError
from labels.roles import ROLES, THEMED_ROLES
from model.folder import Model, load_model
from model.reading import Reader, Reading, read_report, reader_of
from model.source import source_from_text

PIECES = st.sampled_from(
    [
        *"平安建设法治，。；！“”（）、一二三1a \u3000\t",
        "\n",
        "\r\n",
        "\r",
        "一、深化平安建设",
        "（二）化解矛盾纠纷",
        "全市人民调解组织调解矛盾纠纷120件。",
        "開展掃黑除惡專項鬥爭，",
        "現(xiàn)代化",
        "\u200b",
        "①㎡",
        "e\u0301",
        "\ufffd",
        "来源：某市长安网",
    ]
)
ANY_TEXT = st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=60)


@pytest.fixture(scope="module")
def model(small_model: Path) -> Model:
    return load_model(small_model)


@pytest.fixture(scope="module")
def reader(model: Model) -> Reader:
    return reader_of(model)


@pytest.fixture(scope="module")
def read(model: Model, reader: Reader):
    return lambda text: read_report(model, reader, source_from_text(text, "report"))


@pytest.fixture
def roles(monkeypatch: pytest.MonkeyPatch):
    """A function that fixes the roles of the next report, which are the role model's to find otherwise."""
    return lambda *roles: monkeypatch.setattr("model.hints.predict_roles", lambda *_: list(roles))


def check(reading: Reading) -> None:
    """What holds for every reading."""
    count = len(reading.paragraphs)
    assert len(reading.roles) == len(reading.levels) == len(reading.section_of) == len(reading.weights) == count
    assert set(reading.roles) <= set(ROLES)
    themed = [number for number, role in enumerate(reading.roles) if role in THEMED_ROLES]
    assert reading.scores.frame.themed.tolist() == themed
    assert np.isfinite(reading.scores.log_odds).all()
    assert ((reading.scores.probability >= 0) & (reading.scores.probability <= 1)).all()
    assert len(reading.passages.clean.bounds) == count + 1
    body = [role == "body" and size > 0 for role, size in zip(reading.roles, reading.passages.lengths, strict=True)]
    assert (reading.weights.sum(axis=1) > 0).tolist() == body
    assert len(reading.section_themes) == len(reading.sections)


def test_the_corpus_is_read(corpus: list[CorpusReport], read):
    """Every labelled report is read, its text as somebody would have it in a file."""
    for report in corpus:
        check(read("\n".join(line.text for line in report.lines)))


def test_real_reports_are_read(shared: Path, read):
    """So are the real ones."""
    for path in sorted((shared / "reports").glob("*.txt")):
        check(read(path.read_text("utf-8-sig")))


@settings(max_examples=200)
@given(ANY_TEXT)
def test_any_text_is_read_or_refused(read, text: str):
    """Any text is read, but for one that is blank or binary."""
    with suppress(UserError):
        check(read(text))


def test_weights_are_characters(read, roles):
    """The weights of a body paragraph are its characters and its line break, those of other paragraphs nothing."""
    roles("heading", "body", "caption")
    reading = read("一、平安建设\n全市开展扫黑除恶专项斗争。今天天气很好，适合在公园里散步和看书。\n图为现场")
    assert reading.weights.sum(axis=1).tolist() == [0, reading.passages.lengths[1] + 1, 0]


def test_a_heading_gives_its_theme_to_an_empty_section(model: Model, read, roles):
    """Where a section has no body text, its themes are those of its heading, the likeliest first."""
    roles("heading", "heading", "heading")
    reading = read("一、深入推进扫黑除恶专项斗争\n二、完善矛盾纠纷多元化解机制\n三、优化法治化营商环境")
    for section in reading.sections[1:]:
        themes = reading.section_themes[section.index]
        assert not any(themes.shares.values())
        row = reading.scores.frame.themed.tolist().index(section.heading)
        order = np.argsort(-reading.scores.probability[row], kind="stable")
        assert themes.themes == tuple(model.scheme.ids[theme] for theme in order if reading.scores.has[row, theme])
        assert themes.primary == next(iter(themes.themes), None)
    assert [themes.primary for themes in reading.section_themes] == [None, "security", "mediation", "rule_of_law"]


def test_a_report_without_themes(read):
    """Text about something else has no themes, all its shares are none, and nothing is primary."""
    reading = read("今天天气很好。\n我们在公园里看见了许多花。\n孩子们放风筝，老人们下棋。")
    check(reading)
    assert not reading.scores.has.any()
    for section, themes in zip(reading.sections, reading.section_themes, strict=True):
        has_body = "body" in reading.roles[section.first : section.last]
        assert (themes.themes, themes.primary) == ((), None)
        assert themes.shares["none"] == (1.0 if has_body else 0.0)


@pytest.mark.parametrize("text", ["平", "1", "。", "全市化解矛盾纠纷3件。", "一、平安建设"])
def test_one_paragraph(read, text: str):
    """One paragraph is a report, however short."""
    reading = read(text)
    check(reading)
    assert len(reading.paragraphs) == 1


@pytest.mark.parametrize(
    "line",
    ["平", "一、平安", "全市政法机关化解矛盾纠纷3件，打击犯罪。", "a1 ", "（一）\u200b"],
    ids=["one character", "headings", "sentences", "latin", "invisible"],
)
def test_ten_thousand_lines_take_linear_time(read, line: str):
    """Four times the lines take about four times as long, and ten thousand take seconds."""

    def seconds(count: int) -> float:
        started = time.process_time()
        check(read(f"{line}\n" * count))
        return time.process_time() - started

    seconds(100)
    quarter, whole = seconds(2_500), seconds(10_000)
    assert whole < 20
    assert whole < 10 * max(quarter, 0.1)
