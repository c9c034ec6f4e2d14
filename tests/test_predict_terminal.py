"""The summary on the terminal."""

from __future__ import annotations

import io
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labels.scheme import load_scheme
from labels.tables import cells
from predict.formats import Legend
from predict.terminal import Screen, cut, screen_of, summary, write
from tests.stand_in import stand_in_report

SCHEME = load_scheme()
TEXT = """云江市2023年政法工作总结
一、维护平安稳定
开展扫黑除恶专项斗争，人民调解成功率98%。
版权所有
"""
PLAIN = Screen(80, 0)


class Terminal(io.BytesIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def test_a_summary_has_title_shares_sections_and_lines():
    """What a reader wants first stands first; every line has its themes beside it."""
    rows = list(summary(stand_in_report(TEXT), SCHEME, PLAIN, whole=True))
    assert rows[0] == "云江市2023年政法工作总结"
    assert rows[1].startswith("云江市 · 2023年全年 · 政法 · ")
    assert any(row.startswith("■ 平安稳定") and "50%" in row for row in rows)
    assert any(row.startswith("▍一、维护平安稳定  平安稳定") for row in rows)
    assert any("开展扫黑除恶" in row and "平安稳定 " in row and "矛盾化解与基层治理 " in row for row in rows)
    assert any("[网页杂项] 版权所有" in row for row in rows)


@pytest.mark.parametrize("width", [40, 60, 100])
def test_no_row_is_wider_than_the_screen(width: int):
    """Chinese characters count two cells; where tags leave no room they stand under the text."""
    report = stand_in_report(
        TEXT * 3 + "平安建设" * 50 + "扫黑除恶、人民调解、党支部、普法。", "很长的名字" * 20 + ".txt"
    )
    assert max(map(cells, summary(report, SCHEME, Screen(width, 0), whole=True))) <= width


@given(st.text(max_size=60), st.integers(2, 30))
def test_cut_fits_and_steers_no_terminal(text: str, width: int):
    """A cut text fits its room and holds no control character, whatever the report holds."""
    shown = cut(text, width)
    assert cells(shown) <= width
    assert "\x1b" not in shown
    assert "\n" not in shown
    assert "\u202e" not in shown


def test_escape_sequences_in_a_report_are_harmless():
    """A report cannot colour or clear the terminal: the only escapes are the summary's own."""
    evil = stand_in_report("\x1b[2J扫黑除恶\x9b31m。\n一、\x1b]0;x\x07标题\n人民调解。")
    evil = replace(evil, row=replace(evil.row, warnings=("\x1b[2J",)))
    text = "\n".join(summary(evil, SCHEME, PLAIN, whole=True))
    assert "\x1b" not in text
    assert "\x9b" not in text


def test_many_reports_are_shown_by_their_shares_only():
    """Up to three reports come with their lines, more only with title and shares."""
    few, many = io.BytesIO(), io.BytesIO()
    write([stand_in_report(TEXT)] * 3, few, Legend(SCHEME))
    write(iter([stand_in_report(TEXT)] * 4), many, Legend(SCHEME))
    assert few.getvalue().decode().count("▍") == 3
    assert many.getvalue().decode().count("▍") == 0
    assert many.getvalue().decode().count("■ 平安稳定") == 4


def test_colours_only_on_a_terminal_that_wants_them(monkeypatch: pytest.MonkeyPatch):
    """No terminal, NO_COLOR or a dumb one: plain text; else 256 colours, or all of them where the terminal says so."""
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLORTERM", "truecolor")
    assert screen_of(io.BytesIO()).colours == 0
    assert screen_of(Terminal()).colours == 2**24
    monkeypatch.delenv("COLORTERM")
    assert screen_of(Terminal()).colours == 256
    monkeypatch.setenv("NO_COLOR", "1")
    assert screen_of(Terminal()).colours == 0
    monkeypatch.delenv("NO_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert screen_of(Terminal()).colours == 0


def test_the_bar_is_as_wide_as_it_should_be():
    """Rounded parts add up: the bar has the width of the screen but for its margin."""
    report = stand_in_report(TEXT + "党支部。\n普法。\n别的话。\n" * 3)
    bar = list(summary(report, SCHEME, Screen(80, 256), whole=False))[2]
    assert bar.count("█") == 78
    assert "\x1b[38;5;" in bar
