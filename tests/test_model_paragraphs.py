"""Paragraphs: one a line in ordinary text, and in any text every character with ink is in exactly one."""

from __future__ import annotations

import re
import time
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from model.lines import BLANKS
from model.paragraphs import Paragraph, joined, split_paragraphs

INDENT = "　　"
ALPHABET = st.sampled_from(
    [
        *"平安建设法治，。；、一二三（）1a ",
        "\n",
        "\n",
        "\r",
        "\r\n",
        INDENT,
        "    ",
        "\u200b",
        "\x85",
        "\u2028",
        "一、",
        "。二、",
    ]
)
ANY_TEXT = st.one_of(st.text(), st.lists(ALPHABET, max_size=200).map("".join))
LARGE = {
    "one line": "平" * 5_000_000,
    "one line of blanks": "平" + " " * 5_000_000 + "安",
    "one line of wide runs": f"平{INDENT}" * 1_600_000,
    "one line of markers": "。一、平。二、安" * 300_000,
    "one line of brackets": "（（一" * 1_600_000,
    "closing quotes": "。" + "”" * 5_000_000,
    "line breaks": "\r\n\n" * 1_600_000,
    "short lines": "平安\n" * 500_000,
    "wrapped lines": ("全县政法各单位把排查化解矛盾纠纷，摆在突出位置。村里的调解\n" * 150_000),
    "deep indentation": (" " * 2000 + "平安建设，法治建设。" * 3 + "\n") * 2000,
}


def texts(text: str) -> list[str]:
    return [joined(text, paragraph) for paragraph in split_paragraphs(text)]


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n"])
def test_a_paragraph_is_a_line(line_break):
    """In ordinary text every non-blank line is a paragraph; blank lines do not count."""
    text = f"标题{line_break}{line_break}{INDENT}第一段。 {line_break}　{line_break}第二段。"
    paragraphs = split_paragraphs(text)
    assert [(text[p.start : p.end], p.line, p.inferred) for p in paragraphs] == [
        ("标题", 1, False),
        ("第一段。", 2, False),
        ("第二段。", 3, False),
    ]


@pytest.mark.parametrize("char", ["\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x85", "\u2028", "\u2029"])
def test_nothing_else_breaks_a_line(char):
    """Page breaks, NEL and the line separators of Unicode break no line."""
    assert split_paragraphs(f"平安{char}建设") == [Paragraph(0, 5, 1)]


@pytest.mark.parametrize(
    "blank", [" ", "\t", "\u3000", "\xa0", "\u200b", "\ufeff", "\u2003", "\xad", "\ue5e5", "\x00", "\x1f"]
)
def test_blanks_at_the_ends_are_no_part(blank):
    """Blanks of any width and invisible characters are cut at both ends, kept inside; a line of them is blank."""
    text = f"{blank}\n{blank}平{blank}安{blank}\n{blank * 3}"
    assert split_paragraphs(text) == [Paragraph(3, 6, 1)]


@pytest.mark.parametrize("text", ["", "\n", " \r\n\u3000\r\u200b"])
def test_blank_text_has_no_paragraphs(text):
    """Text without ink has no paragraphs."""
    assert split_paragraphs(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("平安\n建设", "平安建设"),
        ("平安　\r\n　　建设", "平安建设"),
        ("smart\ncity", "smart city"),
        ("smart \r\r\n\t city", "smart city"),
        ("上报App\n系统", "上报App系统"),
        ("共2\n件", "共2件"),
        ("共12\n000件", "共12000件"),
        ("G20\nsummit", "G20 summit"),
        ("mp3\n4you", "mp34you"),
        ("a3\nb", "a3 b"),
        ("one line 平安", "one line 平安"),
    ],
)
def test_joined_is_one_line(text, wanted):
    """Inner line breaks go with the blanks around them; between Latin words one blank stays, in a figure none."""
    assert joined(f"前{text}后", Paragraph(1, 1 + len(text), 1)) == wanted


def lines_of(report) -> list[str]:
    return [line.text.strip(BLANKS) for line in report.lines]


def test_corpus_comes_back_line_by_line(corpus):
    """Not one paragraph of the labelled reports is joined or broken, nor of what is left without the long ones."""
    for labelled in corpus:
        for longest in (10_000, 80, 50, 30):
            lines = [line for line in lines_of(labelled) if len(line) <= longest]
            assert texts("\n".join(lines)) == lines, labelled.name


def test_real_reports_come_back_line_by_line(shared):
    """Every non-blank line of the real reports is a paragraph."""
    for path in sorted((shared / "reports").glob("*.txt")):
        text = path.read_bytes().decode()
        lines = [line.strip(BLANKS) for line in re.split("\r\n|\r|\n", text)]
        paragraphs = split_paragraphs(text)
        assert [text[p.start : p.end] for p in paragraphs] == [line for line in lines if line]
        assert [p.line for p in paragraphs] == list(range(1, len(paragraphs) + 1))


@given(
    st.lists(st.text(st.sampled_from("平安建设法治，。一二 　"), min_size=1, max_size=60), max_size=4),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_few_lines_are_their_own_paragraphs(lines, line_break):
    """Text without wrapping gives its non-blank lines, stripped."""
    assert texts(line_break.join(lines)) == [bare for line in lines if (bare := line.strip(BLANKS))]


@given(ANY_TEXT)
@example(("平安，建设。" + INDENT) * 60)
@example("（一）" * 100)
@example("）" + "一、。" * 100)
@example("\udc80\n" * 9)
def test_every_character_with_ink_is_in_one_paragraph(text):
    """Paragraphs are in order, do not overlap, begin and end with ink, and leave out nothing but blanks."""
    paragraphs = split_paragraphs(text)
    rest, before = [], 0
    for paragraph in paragraphs:
        assert before <= paragraph.start < paragraph.end
        piece = text[paragraph.start : paragraph.end]
        assert piece == piece.strip(BLANKS)
        rest.append(text[before : paragraph.start])
        before = paragraph.end
        one_line = joined(text, paragraph)
        assert "\n" not in one_line
        assert "\r" not in one_line
    assert not "".join([*rest, text[before:]]).strip(BLANKS)
    assert all(a.line <= b.line for a, b in pairwise(paragraphs))
    assert all(a.line < b.line or (a.inferred and b.inferred) for a, b in pairwise(paragraphs))


@pytest.mark.parametrize("name", LARGE)
def test_large_text_takes_linear_time(name):
    """Millions of characters of any shape take seconds."""
    text = LARGE[name]
    started = time.perf_counter()
    paragraphs = split_paragraphs(text)
    for paragraph in paragraphs[:100_000]:
        joined(text, paragraph)
    assert time.perf_counter() - started < 20


def test_ordinary_text_is_quick(corpus):
    """A paragraph of ordinary text takes some microseconds; the bound is wide for slow machines."""
    reports = ["\n".join(lines_of(labelled)) for labelled in corpus]
    count = sum(map(len, map(split_paragraphs, reports)))
    times = []
    for _ in range(3):
        started = time.perf_counter()
        for text in reports:
            split_paragraphs(text)
        times.append(time.perf_counter() - started)
    assert min(times) / count < 40e-6
